"""Requests, results and errors of every operation, compared with botocore."""

from __future__ import annotations

import pytest
import strategies
from hypothesis import given, settings, strategies as st

from pytest_ses.wire import CODECS, Fault, service

PROFILE = settings.get_profile("wire")
every_operation = pytest.mark.parametrize(
    "operation",
    [
        pytest.param(service(name).operation(operation), id=f"{name}:{operation}")
        for name in ("ses", "sesv2")
        for operation in sorted(service(name).operations)
    ],
)


def codec_of(operation):
    """The service of an operation and its codec."""
    owner = service(operation.model.service_model.service_name)
    return owner, CODECS[owner.protocol]


@every_operation
def test_request_round_trip(operation, sent):
    """Parameters serialized by botocore are parsed unchanged and violate no constraint."""
    owner, codec = codec_of(operation)

    @PROFILE
    @given(strategies.params(operation))
    def check(params):
        assert (operation.name, params) == codec.parse(owner, sent(operation, params))
        assert operation.violations(params) is None
        operation.check_types(params)

    check()


@every_operation
def test_request_that_violates_constraints(operation, sent):
    """Parameters that violate constraints are parsed unchanged; the violations are one text."""
    owner, codec = codec_of(operation)

    @PROFILE
    @given(strategies.wild_params(operation))
    def check(params):
        assert (operation.name, params) == codec.parse(owner, sent(operation, params))
        assert isinstance(operation.violations(params), (str, type(None)))
        operation.check_types(params)

    check()


@every_operation
def test_result_round_trip(operation, received):
    """A result that the model allows is parsed unchanged by botocore, with the request id."""
    _, codec = codec_of(operation)

    @PROFILE
    @given(strategies.results(operation))
    def check(result):
        parsed = received(operation, codec.render(operation, result, "id-1"))
        metadata = parsed.pop("ResponseMetadata")
        assert result == parsed
        assert (200, "id-1") == (metadata["HTTPStatusCode"], metadata["RequestId"])

    check()


@every_operation
def test_error_round_trip(operation, received):
    """Code, message, status and request ID of an error are parsed by botocore."""
    owner, codec = codec_of(operation)
    for code, status in operation.errors.items():
        fault = Fault(code, "<a@b> & 'é'", status)
        parsed = received(operation, codec.render_error(owner, fault, "id-1"))
        assert code == parsed["Error"]["Code"]
        assert "<a@b> & 'é'" == parsed["Error"]["Message"]
        assert status == parsed["ResponseMetadata"]["HTTPStatusCode"]
        assert "id-1" == parsed["ResponseMetadata"]["RequestId"]


@PROFILE
@given(
    message=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    name=st.sampled_from(["ses", "sesv2"]),
)
def test_any_error_message(message, name, received):
    """The message of an error is parsed as written, whatever characters it contains."""
    owner = service(name)
    operation = owner.operation("SendEmail")
    response = CODECS[owner.protocol].render_error(owner, Fault("Code", message), "id-1")
    expected = message.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert (expected if name == "ses" else message) == received(operation, response)["Error"][
        "Message"
    ]
