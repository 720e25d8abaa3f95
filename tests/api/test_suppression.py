"""The suppression list through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal

from pytest_ses.domain import suppression

ADA = "ada@example.com"
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
BAD_TOKEN = ("InvalidNextTokenException", 400, "Token is invalid.")


@pytest.fixture(name="put")
def _put(sesv2_client):
    """Put an address on the list."""
    return lambda address=ADA, reason="BOUNCE": sesv2_client.put_suppressed_destination(
        EmailAddress=address, Reason=reason
    )


@pytest.fixture(name="names")
def _names(sesv2_client):
    """The addresses of a page, and the token of the next."""

    def names(**params):
        page = sesv2_client.list_suppressed_destinations(**params)
        found = [one["EmailAddress"] for one in page["SuppressedDestinationSummaries"]]
        return found, page.get("NextToken")

    return names


@pytest.fixture(name="with_tenant")
def _with_tenant(sesv2_client):
    """Skip where the installed botocore knows no tenants of suppression lists."""
    members = sesv2_client.meta.service_model.operation_model("PutSuppressedDestination")
    if "TenantName" not in members.input_shape.members:
        pytest.skip("this botocore has no TenantName here")


def test_put_and_get(ses_backend, sesv2_client, put):
    """An address that is put on the list is shown with reason and time, and nothing else."""
    assert {} == answer(put(" Ada@Example.COM "))

    found = sesv2_client.get_suppressed_destination(EmailAddress="Ada@EXAMPLE.com")
    shown = answer(found)["SuppressedDestination"]
    assert timedelta(0) <= ses_backend.clock.now() - shown.pop("LastUpdateTime")
    assert {"EmailAddress": "Ada@example.com", "Reason": "BOUNCE"} == shown


def test_the_event_is_shown(ses_backend, sesv2_client):
    """Where an event put the address on the list, mail and event are shown."""
    suppression.add(
        ses_backend.account(), ADA, "COMPLAINT", message_id="0100-1", feedback_id="0100-2"
    )

    shown = sesv2_client.get_suppressed_destination(EmailAddress=ADA)["SuppressedDestination"]

    assert {"MessageId": "0100-1", "FeedbackId": "0100-2"} == shown["Attributes"]


def test_put_again(ses_backend, sesv2_client, put):
    """Putting an address on the list again changes reason and time."""
    put()
    ses_backend.clock.advance(hours=1)

    put(reason="COMPLAINT")

    [entry] = sesv2_client.list_suppressed_destinations()["SuppressedDestinationSummaries"]
    assert ses_backend.clock.now() - entry.pop("LastUpdateTime") < timedelta(minutes=1)
    assert {"EmailAddress": ADA, "Reason": "COMPLAINT"} == entry


@pytest.mark.ses(sandbox=True)
def test_the_sandbox_has_a_list_too(put, names):
    """An account in the sandbox keeps its list as any other."""
    put()

    assert ([ADA], None) == names()


def test_delete(sesv2_client, put, names):
    """An address that is deleted is off the list."""
    put()

    assert {} == answer(sesv2_client.delete_suppressed_destination(EmailAddress=ADA))

    assert ([], None) == names()


@pytest.mark.parametrize(
    "operation", ["get_suppressed_destination", "delete_suppressed_destination"]
)
def test_missing(sesv2_client, put, operation):
    """An address that is not on the list, spelled so, is missed."""
    put("Ada@example.com")

    assert (
        *NOT_FOUND,
        "Email address ada@example.com does not exist on your suppression list.",
    ) == refusal(getattr(sesv2_client, operation), EmailAddress="ada@Example.com")


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("put_suppressed_destination", {"Reason": "BOUNCE"}),
        ("get_suppressed_destination", {}),
        ("delete_suppressed_destination", {}),
    ],
)
def test_blank(sesv2_client, operation, more):
    """A blank address is refused."""
    assert (*BAD_REQUEST, "EmailAddress can't be blank.") == refusal(
        getattr(sesv2_client, operation), EmailAddress=" ", **more
    )


def test_unknown_reason(put):
    """A reason is one of two words."""
    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'reason' failed to satisfy constraint: "
            "Member must satisfy enum value set: [BOUNCE, COMPLAINT]"
        ),
    ) == refusal(put, reason="SPITE")


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("put_suppressed_destination", {"EmailAddress": ADA, "Reason": "BOUNCE"}),
        ("get_suppressed_destination", {"EmailAddress": ADA}),
        ("delete_suppressed_destination", {"EmailAddress": ADA}),
        ("list_suppressed_destinations", {}),
    ],
)
def test_tenants(sesv2_client, with_tenant, operation, params):
    """A tenant that is not there is missed."""
    assert (*NOT_FOUND, "The requested tenant <acme> does not exist.") == refusal(
        getattr(sesv2_client, operation), **params, TenantName="acme"
    )


class TestList:
    @pytest.fixture(autouse=True)
    def three(self, ses_backend, put):
        """Three addresses, put on the list an hour apart."""
        self.times = []
        for name, reason in (("a", "BOUNCE"), ("b", "COMPLAINT"), ("c", "BOUNCE")):
            put(name, reason)
            self.times.append(ses_backend.clock.now())
            ses_backend.clock.advance(hours=1)

    def test_empty(self, ses_backend, names):
        """A fresh account suppresses nobody."""
        ses_backend.reset()

        assert ([], None) == names()

    def test_order(self, put, names):
        """Who was put on the list last comes last."""
        put("a")

        assert (["b", "c", "a"], None) == names()

    @pytest.mark.parametrize(
        ("reasons", "expected"),
        [
            (["BOUNCE"], ["a", "c"]),
            (["COMPLAINT"], ["b"]),
            (["COMPLAINT", "BOUNCE"], ["a", "b", "c"]),
        ],
    )
    def test_reasons(self, names, reasons, expected):
        """The list is filtered by reasons."""
        assert (expected, None) == names(Reasons=reasons)

    def test_dates(self, names):
        """The list is filtered by the time of the last update."""
        first, second, _ = self.times

        assert (["b", "c"], None) == names(StartDate=first)
        assert (["a"], None) == names(EndDate=first)
        assert (["b"], None) == names(StartDate=first, EndDate=second)
        assert ([], None) == names(StartDate=second, EndDate=first)

    def test_pages(self, names):
        """A page has as many as asked for, a filtered one too."""
        first, token = names(PageSize=2)
        assert (["a", "b"], (["c"], None)) == (first, names(NextToken=token))

        first, token = names(PageSize=1, Reasons=["BOUNCE"])
        assert (["a"], (["c"], None)) == (first, names(Reasons=["BOUNCE"], NextToken=token))

    def test_tokens(self, names):
        """A token is good with its filter only; an empty one is none of SES's either."""
        _, token = names(PageSize=1, Reasons=["BOUNCE"])

        assert BAD_TOKEN == refusal(names, NextToken=token)
        assert BAD_TOKEN == refusal(names, NextToken=token, Reasons=["COMPLAINT"])
        assert BAD_TOKEN == refusal(names, NextToken="nonsense")
        assert BAD_TOKEN == refusal(names, NextToken="")

    @pytest.mark.parametrize("size", [-1, 0, 1001])
    def test_page_size(self, names, size):
        """A page has up to 1000 addresses."""
        text = f"Page size {size} is invalid, expected a number between 1 and 1000"
        assert (*BAD_REQUEST, text) == refusal(names, PageSize=size, NextToken="nonsense")

    def test_unknown_reason(self, names):
        """A filter knows the two reasons only."""
        assert (
            *BAD_REQUEST,
            (
                "1 validation error detected: Value at 'reasons' failed to satisfy constraint: "
                "Member must satisfy constraint: [Member must satisfy enum value set: "
                "[BOUNCE, COMPLAINT]]"
            ),
        ) == refusal(names, Reasons=["SPITE"])


def test_a_thousand_a_page(ses_backend, names):
    """A page that nobody sized has a thousand addresses."""
    for number in range(1001):
        suppression.add(ses_backend.account(), f"{number}@example.com", "BOUNCE")

    found, token = names()

    assert (1000, (["1000@example.com"], None)) == (len(found), names(NextToken=token))
