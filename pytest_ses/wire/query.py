"""The Query protocol, in which requests are forms and responses are XML."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pytest_ses.wire import forms, markup, scalars, typecheck, urls
from pytest_ses.wire.http import Fault, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.wire.http import Request
    from pytest_ses.wire.shapes import Operation, Service

_FAULT_NAMESPACE: Final = "http://webservices.amazon.com/AWSFault/2005-15-09"


def parse(service: Service, request: Request) -> tuple[str, dict[str, Any]]:
    """Read a form from the query string and the body; see `Codec`."""
    pairs = _pairs(request)
    name = _operation_name(service, dict(pairs))
    params: dict[str, Any] = {}
    try:
        forms.fill(_fields(service.operation(name)), forms.tree(pairs), params)
    except ValueError as error:
        message = scalars.message_of(error)
        raise Fault("MalformedInput", message, operation=name, params=params) from error
    return name, params


def _pairs(request: Request) -> list[tuple[str, str]]:
    try:
        body = request.body.decode("utf-8")
        return urls.pairs(f"{urls.split(request.url)[1]}&{body}")
    except ValueError as error:
        raise Fault("MalformedInput") from error


def _operation_name(service: Service, form: Mapping[str, str]) -> str:
    name = form.get("Action")
    # A request without a version is of the only one.
    version = form.get("Version", service.api_version) or "NO_VERSION_SPECIFIED"
    if not name:
        raise Fault("MissingAction", namespace=_FAULT_NAMESPACE)
    if name not in service.operations or version != service.api_version:
        message = f"Could not find operation {name} for version {version}"
        raise Fault("InvalidAction", message, namespace=_FAULT_NAMESPACE)
    return name


@cache
def _fields(operation: Operation) -> forms.Fields:
    return forms.compile_fields(operation.input)


def render(operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
    """Write the result as XML; see `Codec`."""
    content = typecheck.write_result(
        operation.name, operation.output, result, write=_writer(operation)
    )
    metadata = markup.element("ResponseMetadata", markup.element("RequestId", request_id))
    root = f"{operation.name}Response"
    document = markup.document(root, operation.namespace, content + metadata)
    return Response(200, _headers(request_id), document)


@cache
def _writer(operation: Operation) -> Callable[[Mapping[str, Any]], str]:
    if operation.output is None:
        return markup.write_empty
    write = markup.compile_structure(operation.output)
    wrapper = str(operation.output.serialization["resultWrapper"])
    return lambda result: markup.element(wrapper, write(result))


def render_error(service: Service, fault: Fault, request_id: str) -> Response:
    """Write the fault as XML; see `Codec`."""
    fault_type = "Sender" if fault.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
    parts = {"Type": fault_type, "Code": fault.code}
    if fault.message is not None:
        parts["Message"] = fault.message
    details = "".join(markup.element(tag, markup.escape(text)) for tag, text in parts.items())
    content = markup.element("Error", details) + markup.element("RequestId", request_id)
    namespace = fault.namespace or service.namespace
    document = markup.document("ErrorResponse", namespace, content)
    return Response(fault.status, _headers(request_id), document, fault=fault)


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "Content-Type": "text/xml"}
