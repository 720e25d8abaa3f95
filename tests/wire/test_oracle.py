"""Does botocore agree with every request, result and error of every operation?"""

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
def test_a_request_of_botocore_is_read_as_it_was_meant(operation, sent):
    """Parameters that botocore writes come back as they were, and break no constraint."""
    owner, codec = codec_of(operation)

    @PROFILE
    @given(strategies.params(operation))
    def check(params):
        assert (operation.name, params) == codec.parse(owner, sent(operation, params))
        assert operation.violations(params) is None
        operation.check_types(params)

    check()


@every_operation
def test_a_request_that_breaks_constraints_is_read_all_the_same(operation, sent):
    """Constraints and missing members are no matter of the codec; their violations are a text."""
    owner, codec = codec_of(operation)

    @PROFILE
    @given(strategies.wild_params(operation))
    def check(params):
        assert (operation.name, params) == codec.parse(owner, sent(operation, params))
        assert isinstance(operation.violations(params), (str, type(None)))
        operation.check_types(params)

    check()


@every_operation
def test_a_result_is_read_by_botocore_as_it_was_meant(operation, received):
    """A result that the model allows comes back as it was, with the request id."""
    _, codec = codec_of(operation)

    @PROFILE
    @given(strategies.results(operation))
    def check(result):
        answer = received(operation, codec.render(operation, result, "id-1"))
        metadata = answer.pop("ResponseMetadata")
        assert result == answer
        assert (200, "id-1") == (metadata["HTTPStatusCode"], metadata["RequestId"])

    check()


@every_operation
def test_every_declared_error_reaches_botocore(operation, received):
    """Code, text, status and request id of an error are what botocore reads."""
    owner, codec = codec_of(operation)
    for code, status in operation.errors.items():
        fault = Fault(code, "<a@b> & 'é'", status)
        answer = received(operation, codec.render_error(owner, fault, "id-1"))
        assert code == answer["Error"]["Code"]
        assert "<a@b> & 'é'" == answer["Error"]["Message"]
        assert status == answer["ResponseMetadata"]["HTTPStatusCode"]
        assert "id-1" == answer["ResponseMetadata"]["RequestId"]


@PROFILE
@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    name=st.sampled_from(["ses", "sesv2"]),
)
def test_any_text_of_an_error_survives(text, name, received):
    """The text of an error is read as it was written, whatever characters it holds."""
    owner = service(name)
    operation = owner.operation("SendEmail")
    answer = CODECS[owner.protocol].render_error(owner, Fault("Code", text), "id-1")
    expected = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert (expected if name == "ses" else text) == received(operation, answer)["Error"]["Message"]
