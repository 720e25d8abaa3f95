"""The suppression list, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, without_metadata

from pytest_ses.domain.lists import suppression

ADA = "ada@example.com"
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
INVALID_TOKEN = ("InvalidNextTokenException", 400, "Token is invalid.")


@pytest.fixture(name="put")
def _put(sesv2_client):
    """A function that puts an address on the list."""
    return lambda address=ADA, reason="BOUNCE": sesv2_client.put_suppressed_destination(
        EmailAddress=address, Reason=reason
    )


@pytest.fixture(name="list_addresses")
def _list_addresses(sesv2_client):
    """A function that returns the addresses on a page, and the next token."""

    def list_addresses(**params):
        page = sesv2_client.list_suppressed_destinations(**params)
        summaries = page["SuppressedDestinationSummaries"]
        return [summary["EmailAddress"] for summary in summaries], page.get("NextToken")

    return list_addresses


@pytest.fixture(name="with_tenant")
def _with_tenant(sesv2_client):
    """Skip the test if the installed botocore has no `TenantName` for suppression lists."""
    operation = sesv2_client.meta.service_model.operation_model("PutSuppressedDestination")
    if "TenantName" not in operation.input_shape.members:
        pytest.skip("this botocore has no TenantName here")


def test_put_and_get(ses_backend, sesv2_client, put):
    """An address on the list is shown with its reason and time, and without attributes."""
    assert {} == without_metadata(put(" Ada@Example.COM "))

    response = sesv2_client.get_suppressed_destination(EmailAddress="Ada@EXAMPLE.com")
    destination = without_metadata(response)["SuppressedDestination"]
    assert timedelta(0) <= ses_backend.clock.now() - destination.pop("LastUpdateTime")
    assert {"EmailAddress": "Ada@example.com", "Reason": "BOUNCE"} == destination


def test_event_attributes(ses_backend, sesv2_client):
    """An address that an event put on the list shows the message ID and the feedback id."""
    suppression.add(
        ses_backend.account(), ADA, "COMPLAINT", message_id="0100-1", feedback_id="0100-2"
    )

    destination = sesv2_client.get_suppressed_destination(EmailAddress=ADA)["SuppressedDestination"]

    assert {"MessageId": "0100-1", "FeedbackId": "0100-2"} == destination["Attributes"]


def test_put_again(ses_backend, sesv2_client, put):
    """Putting an address on the list again replaces its reason and time."""
    put()
    ses_backend.clock.advance(hours=1)

    put(reason="COMPLAINT")

    [entry] = sesv2_client.list_suppressed_destinations()["SuppressedDestinationSummaries"]
    assert ses_backend.clock.now() - entry.pop("LastUpdateTime") < timedelta(minutes=1)
    assert {"EmailAddress": ADA, "Reason": "COMPLAINT"} == entry


@pytest.mark.ses(sandbox=True)
def test_sandbox(put, list_addresses):
    """An account in the sandbox has a suppression list."""
    put()

    assert ([ADA], None) == list_addresses()


def test_delete(sesv2_client, put, list_addresses):
    """A deleted address is no longer on the list."""
    put()

    assert {} == without_metadata(sesv2_client.delete_suppressed_destination(EmailAddress=ADA))

    assert ([], None) == list_addresses()


@pytest.mark.parametrize(
    "operation", ["get_suppressed_destination", "delete_suppressed_destination"]
)
def test_missing(sesv2_client, put, operation):
    """An address that is not on the list is rejected; its local part is case-sensitive."""
    put("Ada@example.com")

    assert (
        *NOT_FOUND,
        "Email address ada@example.com does not exist on your suppression list.",
    ) == error_of(getattr(sesv2_client, operation), EmailAddress="ada@Example.com")


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("put_suppressed_destination", {"Reason": "BOUNCE"}),
        ("get_suppressed_destination", {}),
        ("delete_suppressed_destination", {}),
    ],
)
def test_blank_address(sesv2_client, operation, params):
    """A blank address is rejected."""
    assert (*BAD_REQUEST, "EmailAddress can't be blank.") == error_of(
        getattr(sesv2_client, operation), EmailAddress=" ", **params
    )


def test_unknown_reason(put):
    """A reason other than BOUNCE and COMPLAINT is rejected."""
    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'reason' failed to satisfy constraint: "
            "Member must satisfy enum value set: [BOUNCE, COMPLAINT]"
        ),
    ) == error_of(put, reason="SPITE")


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("put_suppressed_destination", {"EmailAddress": ADA, "Reason": "BOUNCE"}),
        ("get_suppressed_destination", {"EmailAddress": ADA}),
        ("delete_suppressed_destination", {"EmailAddress": ADA}),
        ("list_suppressed_destinations", {}),
    ],
)
def test_missing_tenant(sesv2_client, with_tenant, operation, params):
    """Every operation rejects a tenant that does not exist."""
    assert (*NOT_FOUND, "The requested tenant <acme> does not exist.") == error_of(
        getattr(sesv2_client, operation), **params, TenantName="acme"
    )


class TestList:
    @pytest.fixture(autouse=True)
    def _three_addresses(self, ses_backend, put):
        """Put three addresses on the list, one hour apart."""
        self.times = []
        for name, reason in (("a", "BOUNCE"), ("b", "COMPLAINT"), ("c", "BOUNCE")):
            put(name, reason)
            self.times.append(ses_backend.clock.now())
            ses_backend.clock.advance(hours=1)

    def test_empty(self, ses_backend, list_addresses):
        """The list of a new account is empty."""
        ses_backend.reset()

        assert ([], None) == list_addresses()

    def test_order(self, put, list_addresses):
        """Addresses are listed by the time of their last update."""
        put("a")

        assert (["b", "c", "a"], None) == list_addresses()

    @pytest.mark.parametrize(
        ("reasons", "expected"),
        [
            (["BOUNCE"], ["a", "c"]),
            (["COMPLAINT"], ["b"]),
            (["COMPLAINT", "BOUNCE"], ["a", "b", "c"]),
        ],
    )
    def test_reasons(self, list_addresses, reasons, expected):
        """The list can be filtered by reasons."""
        assert (expected, None) == list_addresses(Reasons=reasons)

    def test_dates(self, list_addresses):
        """The list can be filtered by the time of the last update."""
        first, second, _ = self.times

        assert (["b", "c"], None) == list_addresses(StartDate=first)
        assert (["a"], None) == list_addresses(EndDate=first)
        assert (["b"], None) == list_addresses(StartDate=first, EndDate=second)
        assert ([], None) == list_addresses(StartDate=second, EndDate=first)

    def test_pages(self, list_addresses):
        """A page has the requested size, with or without a filter."""
        first, token = list_addresses(PageSize=2)
        assert (["a", "b"], (["c"], None)) == (first, list_addresses(NextToken=token))

        first, token = list_addresses(PageSize=1, Reasons=["BOUNCE"])
        assert (["a"], (["c"], None)) == (
            first,
            list_addresses(Reasons=["BOUNCE"], NextToken=token),
        )

    def test_tokens(self, list_addresses):
        """A token is valid only with its filter; an empty token is invalid."""
        _, token = list_addresses(PageSize=1, Reasons=["BOUNCE"])

        assert INVALID_TOKEN == error_of(list_addresses, NextToken=token)
        assert INVALID_TOKEN == error_of(list_addresses, NextToken=token, Reasons=["COMPLAINT"])
        assert INVALID_TOKEN == error_of(list_addresses, NextToken="nonsense")
        assert INVALID_TOKEN == error_of(list_addresses, NextToken="")

    @pytest.mark.parametrize("size", [-1, 0, 1001])
    def test_invalid_page_size(self, list_addresses, size):
        """A page size that is not between 1 and 1000 is rejected."""
        text = f"Page size {size} is invalid, expected a number between 1 and 1000"
        assert (*BAD_REQUEST, text) == error_of(list_addresses, PageSize=size, NextToken="nonsense")

    def test_unknown_reason(self, list_addresses):
        """A filter with a reason other than BOUNCE and COMPLAINT is rejected."""
        assert (
            *BAD_REQUEST,
            (
                "1 validation error detected: Value at 'reasons' failed to satisfy constraint: "
                "Member must satisfy constraint: [Member must satisfy enum value set: "
                "[BOUNCE, COMPLAINT]]"
            ),
        ) == error_of(list_addresses, Reasons=["SPITE"])


def test_default_page_size(ses_backend, list_addresses):
    """Without a page size, a page has 1000 addresses."""
    for number in range(1001):
        suppression.add(ses_backend.account(), f"{number}@example.com", "BOUNCE")

    first_page, token = list_addresses()

    assert (1000, (["1000@example.com"], None)) == (
        len(first_page),
        list_addresses(NextToken=token),
    )
