"""The operation functions, compared with the service models of the installed botocore."""

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
from botocore_models import NEWER_MEMBERS, NEWER_OPERATIONS, has, members_not_in
from hypothesis import HealthCheck, given, settings, strategies as st
from strategies import params, wild_params

from pytest_ses import SESBackend, UnsupportedOperationError
from pytest_ses.api import operations, python_name
from pytest_ses.api.validation import CHECKED_BY_THE_OPERATION, OMITTED_MEMBERS, VALUE_ORDERS
from pytest_ses.wire import shapes
from pytest_ses.wire.http import Fault, Request

SERVICES = ["ses", "sesv2"]
MODELS = {name: shapes.service(name) for name in SERVICES}
PUBLIC = [
    (service, python_name(name), name)
    for service in SERVICES
    for name in sorted(MODELS[service].operations)
]
SUPPORTED = [row for row in PUBLIC if row[1] in operations(row[0])]

# The check that planned failures put before each entry of a bulk send.
NOT_MEMBERS = {"entry_error"}
# Members that a model requires, but that older or newer models do not.
NOT_ALWAYS_REQUIRED = {"default_template_data", "use_case_description"}

# Errors that any operation can return, whether or not its model lists them.
COMMON = {
    "ses": {"InvalidParameterValue", "ValidationError", "MalformedInput", "Throttling"},
    "sesv2": {"BadRequestException", "SerializationException", "TooManyRequestsException"},
}
# Errors that an operation returns although its model does not list them.
UNMODELLED = {
    "CreateConfigurationSet": {"InternalFailure"},
    "CreateImportJob": {"NotFoundException"},
    "UntagResource": {"ValidationException"},
}


def ids(rows):
    return [f"{service}:{operation}" for service, _, operation in rows]


@pytest.mark.parametrize("service", SERVICES)
def test_every_function_is_an_operation(service):
    """Each public function of the API modules has the boto3 name of an operation."""
    known = {name for owner, name, _ in PUBLIC if owner == service}
    assert set() == set(operations(service)) - known - NEWER_OPERATIONS[service]


@pytest.mark.parametrize(("service", "name", "operation"), SUPPORTED, ids=ids(SUPPORTED))
def test_signature(service, name, operation):
    """A function has a parameter for each member of its operation; optional ones have a default."""
    shape = MODELS[service].operation(operation).input
    members = set(shape.members) if shape else set()
    required = set(shape.required_members) if shape else set()
    _, *signature = inspect.signature(operations(service)[name]).parameters.values()
    names = {parameter.name for parameter in signature} - NOT_MEMBERS
    assert {python_name(member) for member in members} <= names
    assert names - {python_name(member) for member in members} <= set(
        map(python_name, NEWER_MEMBERS)
    )
    checked_by_the_operation = {
        path
        for of_operation, path in CHECKED_BY_THE_OPERATION[service]
        if of_operation == operation
    }
    required = {
        member
        for member in required
        if member[0].lower() + member[1:] not in checked_by_the_operation
    }
    without_default = {
        parameter.name for parameter in signature if parameter.default is parameter.empty
    }
    assert without_default <= {python_name(member) for member in required}
    assert {python_name(member) for member in required} <= without_default | NOT_ALWAYS_REQUIRED


def members_of(path):
    """The names of the members in the path of a violation."""
    return ".".join(label[0].upper() + label[1:] for label in path.split("."))


@pytest.mark.parametrize("service", SERVICES)
def test_tables(service):
    """The tables of deviations from the model name members, structures and enums that exist."""
    shapes_of_model = MODELS[service].model._service_description["shapes"]
    unchecked = {
        (operation, path)
        for operation, path in CHECKED_BY_THE_OPERATION[service]
        if not has(service, operation, members_of(path))
    }
    assert unchecked <= {("PutConfigurationSetTrackingOptions", "httpsPolicy")}
    for structure, member in OMITTED_MEMBERS[service]:
        assert member in shapes_of_model[structure]["members"]
    for enum, values in VALUE_ORDERS[service]:
        assert set(values) == set(shapes_of_model[enum]["enum"])


@pytest.mark.parametrize(("service", "name", "operation"), SUPPORTED, ids=ids(SUPPORTED))
def test_documented(service, name, operation):
    """Each function has a docstring."""
    assert inspect.getdoc(operations(service)[name])


def test_unsupported_operation(monkeypatch):
    """An operation that is not supported yet raises an error that links to the documentation."""
    # Every operation of the current models is supported; a later botocore may add one.
    monkeypatch.setattr("pytest_ses.dispatcher.operations", lambda _service: {})
    backend = SESBackend()
    with pytest.raises(UnsupportedOperationError, match=r"sesv2:GetAccount yet.*docs/operations"):
        backend._call("sesv2", "GetAccount")
    assert "UnsupportedOperationError" == backend.calls[-1].error.code


def send(backend, service, operation, parameters):
    """Send a request serialized by botocore; return the response, raw and parsed by botocore."""
    model = ServiceModel(shapes.loader().load_service_model(service, "service-2"), service)
    operation_model = model.operation_model(operation)
    serialized = create_serializer(model.metadata["protocol"], False).serialize_to_request(
        parameters, operation_model
    )
    body, query = serialized["body"], serialized.get("query_string") or {}
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    url = serialized["url_path"] + ("?" + urlencode(query, doseq=True) if query else "")
    headers = {name.lower(): str(value) for name, value in serialized["headers"].items()}
    body = body.encode() if isinstance(body, str) else body or b""
    response = backend._handle(Request(serialized["method"], url, headers, body))
    return response, create_parser(model.metadata["protocol"]).parse(
        {
            "status_code": response.status,
            "headers": HeadersDict(response.headers),
            "body": response.body,
        },
        operation_model.output_shape,
    )


@pytest.mark.parametrize(("service", "name", "operation"), SUPPORTED, ids=ids(SUPPORTED))
def test_only_modelled_responses(service, name, operation):
    """For any input, an operation returns a result or an error that SES can return."""
    model = MODELS[service].operation(operation)
    allowed = COMMON[service] | set(model.errors) | UNMODELLED.get(operation, set())
    backend = SESBackend(verified=["*"])

    @settings(max_examples=12, suppress_health_check=list(HealthCheck))
    @given(st.one_of(params(model), wild_params(model)))
    def check(parameters):
        # botocore rejects some parameters itself, for example an empty path label.
        with contextlib.suppress(ParamValidationError):
            response, parsed = send(backend, service, operation, parameters)
            assert_allowed(response, parsed)

    def assert_allowed(response, parsed):
        if response.status == 200:
            result = backend.calls[-1].response
            assert set() == set(members_not_in(model.output, result)) - NEWER_MEMBERS
        else:
            assert parsed["Error"]["Code"] in allowed
            assert response.status < 500 or parsed["Error"]["Code"] in UNMODELLED.get(operation, ())

    check()


def in_path(shape, member):
    """Whether a member is a part of the URL, without which the operation has no route."""
    return shape.members[member].serialization.get("location") == "uri"


REQUIRING = [
    (service, name, operation)
    for service, name, operation in SUPPORTED
    if (shape := MODELS[service].operation(operation).input) is not None
    and not all(in_path(shape, member) for member in shape.required_members)
    and operation not in {checked for checked, _ in CHECKED_BY_THE_OPERATION[service]}
]


@pytest.mark.parametrize(("service", "name", "operation"), REQUIRING, ids=ids(REQUIRING))
def test_required_members(service, name, operation):
    """An operation rejects a request without its required members, with SES's text."""
    shape = MODELS[service].operation(operation).input
    labels = {member: "x" for member in shape.required_members if in_path(shape, member)}
    with pytest.raises(Fault, match=r"validation errors? detected: .*must not be null"):
        SESBackend(verified=["*"])._call(service, operation, labels)
