"""Which opens and clicks are tracked, and the overrides of a request."""

from __future__ import annotations

import pytest
from asking import require_operation
from botocore_models import needs
from senders import addresses

pytestmark = needs(
    "sesv2", "CreateConfigurationSetEventDestination", "EventDestination.EventBridgeDestination"
)

HTML = '<a href="https://example.org/">x</a>'
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
STATES = {True: "ENABLED", False: "DISABLED"}


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client whose configuration set `tracked` tracks opens and clicks."""
    ses_backend.verify("example.com")
    sesv2_client.create_configuration_set(ConfigurationSetName="tracked")
    sesv2_client.create_configuration_set_event_destination(
        ConfigurationSetName="tracked",
        EventDestinationName="d",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["OPEN", "CLICK"],
            "EventBridgeDestination": {"EventBusArn": BUS},
        },
    )
    return sesv2_client


@pytest.fixture(name="overridable")
def _overridable(client):
    """Skip the test if the installed botocore has no overrides."""
    shape = client.meta.service_model.operation_model("SendEmail").input_shape
    if "ConfigurationOverrides" not in shape.members:
        pytest.skip("this botocore has no ConfigurationOverrides")


def tracked(message):
    """Whether opens and clicks of a message are tracked."""
    content = message.mime.get_body(["html"]).get_content()
    return "awstrack.me/I0/" in content, "awstrack.me/L0/" in content


def overrides(opens, clicks):
    values = {"OpenTrackingEnabled": opens, "ClickTrackingEnabled": clicks}
    tracking = {name: STATES[value] for name, value in values.items() if value is not None}
    return {"Tracking": tracking}


def send(client, raw=False, **params):
    simple = {"Subject": {"Data": "s"}, "Body": {"Html": {"Data": HTML}}}
    data = f"From: news@example.com\nContent-Type: text/html\n\n{HTML}".encode()
    client.send_email(
        FromEmailAddress="news@example.com",
        Destination=addresses(),
        Content={"Raw": {"Data": data}} if raw else {"Simple": simple},
        **params,
    )


@pytest.mark.usefixtures("overridable")
class TestOverrides:
    @pytest.mark.parametrize("raw", [True, False], ids=["raw", "simple"])
    @pytest.mark.parametrize(
        ("opens", "clicks", "expected"),
        [
            (None, None, (True, True)),
            (False, None, (False, True)),
            (None, False, (True, False)),
            (False, False, (False, False)),
            (True, True, (True, True)),
        ],
    )
    def test_tracked_set(self, client, ses_backend, opens, clicks, expected, raw):
        """A request can turn off the tracking of its configuration set."""
        options = {"ConfigurationOverrides": overrides(opens, clicks)}
        send(client, raw, ConfigurationSetName="tracked", **options)
        assert expected == tracked(ses_backend.outbox.one())

    @pytest.mark.parametrize(
        ("opens", "clicks", "expected"),
        [
            (True, None, (True, False)),
            (None, True, (False, True)),
            (False, None, (False, False)),
        ],
    )
    def test_no_set(self, client, ses_backend, opens, clicks, expected):
        """A request can turn on tracking without a configuration set."""
        send(client, ConfigurationOverrides=overrides(opens, clicks))
        assert expected == tracked(ses_backend.outbox.one())

    def test_redirect_domain(self, client, ses_backend):
        """Tracking that a request turns on uses the redirect domain of the configuration set."""
        client.create_configuration_set(
            ConfigurationSetName="own", TrackingOptions={"CustomRedirectDomain": "t.example.com"}
        )
        options = {"ConfigurationOverrides": overrides(None, True)}
        send(client, ConfigurationSetName="own", **options)
        assert b"//t.example.com/CL0/" in ses_backend.outbox.one().raw

    def test_next_request(self, client, ses_backend):
        """Overrides do not apply to later requests."""
        options = {"ConfigurationOverrides": overrides(False, False)}
        send(client, ConfigurationSetName="tracked", **options)
        send(client, ConfigurationSetName="tracked")
        expected = [(False, False), (True, True)]
        assert expected == [tracked(message) for message in ses_backend.outbox]

    @pytest.mark.parametrize("empty", [{}, {"Tracking": {}}])
    def test_empty(self, client, ses_backend, empty):
        """Empty overrides change nothing."""
        send(client, ConfigurationSetName="tracked", ConfigurationOverrides=empty)
        assert (True, True) == tracked(ses_backend.outbox.one())

    def test_bulk(self, client, ses_backend):
        """The overrides of a bulk send apply to all of its messages."""
        client.send_bulk_email(
            FromEmailAddress="news@example.com",
            DefaultContent={
                "Template": {
                    "TemplateContent": {"Subject": "s", "Html": HTML},
                    "TemplateData": "{}",
                }
            },
            BulkEmailEntries=[
                {"Destination": addresses([f"{name}@example.org"])} for name in ("ada", "bob")
            ],
            ConfigurationSetName="tracked",
            ConfigurationOverrides=overrides(False, None),
        )
        assert [(False, True)] * 2 == [tracked(message) for message in ses_backend.outbox]


class TestEngagementMetrics:
    """Tracking by the engagement metrics of the Virtual Deliverability Manager."""

    @pytest.mark.parametrize(
        ("enabled", "of_account", "of_set", "expected"),
        [
            (True, True, None, True),
            (True, False, None, False),
            (True, None, None, False),
            (True, True, False, False),
            (True, False, True, True),
            (False, True, True, False),
        ],
    )
    def test_settings(self, client, ses_backend, enabled, of_account, of_set, expected):
        """Engagement metrics track opens and clicks; a configuration set overrides the account."""
        require_operation(client, "PutAccountVdmAttributes")
        attributes = {"VdmEnabled": STATES[enabled]}
        if of_account is not None:
            attributes["DashboardAttributes"] = {"EngagementMetrics": STATES[of_account]}
        client.put_account_vdm_attributes(VdmAttributes=attributes)
        client.create_configuration_set(ConfigurationSetName="s")
        if of_set is not None:
            client.put_configuration_set_vdm_options(
                ConfigurationSetName="s",
                VdmOptions={"DashboardOptions": {"EngagementMetrics": STATES[of_set]}},
            )
        send(client, ConfigurationSetName="s")
        assert (expected, expected) == tracked(ses_backend.outbox.one())

    def test_no_set(self, client, ses_backend):
        """The settings of the account also apply without a configuration set."""
        require_operation(client, "PutAccountVdmAttributes")
        attributes = {"DashboardAttributes": {"EngagementMetrics": "ENABLED"}}
        client.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED", **attributes})
        send(client)
        assert (True, True) == tracked(ses_backend.outbox.one())
