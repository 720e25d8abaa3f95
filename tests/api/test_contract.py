"""Do the functions keep to the service models of the installed botocore?"""

from __future__ import annotations

import contextlib
import inspect
from urllib.parse import urlencode

import pytest
from botocore.awsrequest import HeadersDict
from botocore.exceptions import ParamValidationError
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings, strategies as st
from strategies import params, wild_params

from pytest_ses import SESBackend, UnsupportedOperationError
from pytest_ses.api import operations, python_name
from pytest_ses.api.validation import CHECKED_BY_THE_OPERATION
from pytest_ses.wire import shapes
from pytest_ses.wire.http import Fault, Request

SERVICES = ["ses", "sesv2"]
MODELS = {name: shapes.service(name) for name in SERVICES}
PUBLIC = [
    (service, python_name(name), name)
    for service in SERVICES
    for name in sorted(MODELS[service].operations)
]
THERE = [row for row in PUBLIC if row[1] in operations(row[0])]

# Operations and members that a botocore newer than the lowest supported one has brought.
NEWER = {
    "sesv2": {
        "associate_email_identity_certificate",
        "disassociate_email_identity_certificate",
        "get_email_address_insights",
        "list_email_identity_certificates",
        "put_account_pricing_attributes",
        "put_tenant_suppression_attributes",
        "update_configuration_set",
    }
}
NEWER_MEMBERS = {
    "configuration_overrides",
    "filter",
    "message_security_options",
    "suppression_attributes",
    "suppression_scope",
    "suppression_validation_attributes",
    "tags",
    "tenant_name",
}

# What any operation may answer, modelled for it or not.
COMMON = {
    "ses": {"InvalidParameterValue", "ValidationError", "MalformedInput", "Throttling"},
    "sesv2": {"BadRequestException", "SerializationException", "TooManyRequestsException"},
}
# Answers outside the model that one operation gives.
OWN = {
    "CreateConfigurationSet": {"InternalFailure"},
    "CreateImportJob": {"NotFoundException"},
    "UntagResource": {"ValidationException"},
}


def ids(rows):
    return [f"{service}:{operation}" for service, _, operation in rows]


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_an_operation(service):
    """A public function of the API ring has the name of an operation, as boto3 writes it."""
    known = {name for of, name, _ in PUBLIC if of == service} | NEWER.get(service, set())
    assert set() == set(operations(service)) - known


@pytest.mark.parametrize(("service", "name", "operation"), THERE, ids=ids(THERE))
def test_signature(service, name, operation):
    """A function takes exactly the members of its operation; optional ones have a default."""
    shape = MODELS[service].operation(operation).input
    members = set(shape.members) if shape else set()
    required = set(shape.required_members) if shape else set()
    _, *given_ = inspect.signature(operations(service)[name]).parameters.values()
    taken = {parameter.name for parameter in given_}
    assert {python_name(member) for member in members} <= taken
    assert taken - {python_name(member) for member in members} <= NEWER_MEMBERS
    late = {path for of, path in CHECKED_BY_THE_OPERATION[service] if of == operation}
    required = {member for member in required if member[0].lower() + member[1:] not in late}
    assert {python_name(member) for member in required} == {
        parameter.name for parameter in given_ if parameter.default is parameter.empty
    }


@pytest.mark.parametrize(("service", "name", "operation"), THERE, ids=ids(THERE))
def test_documented(service, name, operation):
    """A function says in its first line what its operation does."""
    assert inspect.getdoc(operations(service)[name])


def test_not_there_yet(monkeypatch):
    """An operation that is not answered yet says so in Python, and where to read on."""
    # None is left in the models known so far; a later botocore may bring one.
    monkeypatch.setattr("pytest_ses.answering.operations", lambda _service: {})
    backend = SESBackend()
    with pytest.raises(UnsupportedOperationError, match=r"sesv2:GetAccount yet.*docs/operations"):
        backend.call("sesv2", "GetAccount")
    assert "UnsupportedOperationError" == backend.calls[-1].error.code


def ask(backend, service, operation, given_):
    """Send what botocore's serializer makes of the params; read the answer with its parser."""
    model = ServiceModel(shapes.loader().load_service_model(service, "service-2"), service)
    operation_model = model.operation_model(operation)
    serialized = create_serializer(model.metadata["protocol"], False).serialize_to_request(
        given_, operation_model
    )
    body, query = serialized["body"], serialized.get("query_string") or {}
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    url = serialized["url_path"] + ("?" + urlencode(query, doseq=True) if query else "")
    headers = {name.lower(): str(value) for name, value in serialized["headers"].items()}
    body = body.encode() if isinstance(body, str) else body or b""
    response = backend.handle(Request(serialized["method"], url, headers, body))
    return response, create_parser(model.metadata["protocol"]).parse(
        {
            "status_code": response.status,
            "headers": HeadersDict(response.headers),
            "body": response.body,
        },
        operation_model.output_shape,
    )


@pytest.mark.parametrize(("service", "name", "operation"), THERE, ids=ids(THERE))
def test_only_modelled_answers(service, name, operation):
    """Whatever is asked, right or wrong, the answer is a result or an error that SES could give."""
    model = MODELS[service].operation(operation)
    allowed = COMMON[service] | set(model.errors) | OWN.get(operation, set())
    backend = SESBackend(verified=["*"])

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(params(model), wild_params(model)))
    def check(given_):
        # botocore itself cannot put some of it on the wire (an empty label of a path, say).
        with contextlib.suppress(ParamValidationError):
            response, parsed = ask(backend, service, operation, given_)
            held(response, parsed)

    def held(response, parsed):
        if response.status != 200:
            assert parsed["Error"]["Code"] in allowed
            assert response.status < 500 or parsed["Error"]["Code"] in OWN.get(operation, ())

    check()


def in_path(shape, member):
    """Whether a member is a part of the URL, without which there is no such operation."""
    return shape.members[member].serialization.get("location") == "uri"


REQUIRING = [
    (service, name, operation)
    for service, name, operation in THERE
    if (shape := MODELS[service].operation(operation).input) is not None
    and not all(in_path(shape, one) for one in shape.required_members)
    and operation not in {checked for checked, _ in CHECKED_BY_THE_OPERATION[service]}
]


@pytest.mark.parametrize(("service", "name", "operation"), REQUIRING, ids=ids(REQUIRING))
def test_what_is_required(service, name, operation):
    """An operation refuses a request without what its model requires, in SES's words."""
    shape = MODELS[service].operation(operation).input
    labels = {one: "x" for one in shape.required_members if in_path(shape, one)}
    with pytest.raises(Fault, match=r"validation errors? detected: .*must not be null"):
        SESBackend(verified=["*"]).call(service, operation, labels)
