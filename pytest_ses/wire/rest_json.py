"""The REST-JSON protocol, with JSON in requests and responses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_ses.wire import bindings, documents, routes, scalars, typecheck, urls
from pytest_ses.wire.http import Fault, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.wire.http import Request
    from pytest_ses.wire.shapes import Operation, Service


def parse(service: Service, request: Request) -> tuple[str, dict[str, Any]]:
    """Read the path, query string, headers and body; see `Codec`."""
    path, query = _target(request)
    route = routes.find(service, request.method.upper(), path)
    if route is None:
        raise Fault("UnknownOperationException", status=404)
    name, labels = route
    params: dict[str, Any] = {}
    try:
        _fill(params, _bindings(service.operation(name)), request, labels, query)
    except ValueError as error:
        message = scalars.message_of(error)
        raise Fault("SerializationException", message, operation=name, params=params) from error
    return name, params


def _target(request: Request) -> tuple[str, str]:
    try:
        return urls.split(request.url)
    except ValueError as error:
        raise Fault("SerializationException") from error


@cache
def _bindings(operation: Operation) -> bindings.Bindings:
    return bindings.compile_bindings(operation.input)


def _fill(
    params: dict[str, Any],
    locations: bindings.Bindings,
    request: Request,
    labels: Mapping[str, str],
    query: str,
) -> None:
    if labels:
        texts = {name: [urls.unescape(label)] for name, label in labels.items()}
        bindings.fill(params, locations.uri, texts)
    if locations.querystring:
        bindings.fill(params, locations.querystring, _grouped(urls.pairs(query)))
    if locations.header:
        headers = {name: [value] for name, value in request.headers.items()}
        bindings.fill(params, locations.header, headers)
    document = documents.loads(request.body) if locations.body and request.body else None
    if document is not None:
        documents.fill(locations.body, document, params)


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups


def render(operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
    """Write the result as JSON; see `Codec`."""
    write, status = _writer(operation)
    body = typecheck.write_result(operation.name, operation.output, result, write=write)
    return Response(status, _headers(request_id), body)


@cache
def _writer(operation: Operation) -> tuple[Callable[[Mapping[str, Any]], bytes], int]:
    """Return the function that writes a result, and the status of the response."""
    write: Callable[[Any], str] = documents.write_empty
    if operation.output is not None:
        write = documents.compile_structure(operation.output)
    status = operation.model.http.get("responseCode", 200)
    return lambda result: documents.to_bytes(write(result)), status


def render_error(_service: Service, fault: Fault, request_id: str) -> Response:
    """Write the fault as JSON; see `Codec`."""
    headers = _headers(request_id) | {"x-amzn-ErrorType": fault.code}
    body = documents.dumps({"message": fault.message})
    return Response(fault.status, headers, body, fault=fault)


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "Content-Type": "application/json"}
