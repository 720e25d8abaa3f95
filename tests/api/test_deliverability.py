"""The Deliverability dashboard, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, without_metadata
from senders import V2, addresses, unverified

from pytest_ses.domain.configuration.dedicated_ips import DedicatedIp, Listing

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
SIMPLE = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}}
RAW = {
    "Raw": {"Data": b"From: news@example.com\r\nTo: ada@example.org\r\nSubject: Raw\r\n\r\nHi\r\n"}
}
NO_SUBSCRIPTION = "The domain example.org has no subscription to the Deliverability dashboard."


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client of an account whose dashboard is subscribed to example.com."""
    ses_backend.verify("example.com")
    sesv2_client.put_deliverability_dashboard_option(
        DashboardEnabled=True, SubscribedDomains=[{"Domain": "example.com"}]
    )
    return sesv2_client


@pytest.fixture(name="period")
def _period(ses_backend):
    """The start and end date of a report: today and tomorrow."""
    now = ses_backend.clock.now()
    return {"StartDate": now, "EndDate": now + timedelta(days=1)}


@pytest.fixture(name="campaign")
def _campaign(ses_backend, client):
    """Two messages, of which one is opened and one is reported as spam."""
    sender = V2()
    first, second = (
        sender.simple(destination=addresses([to]), html="<p>Hi</p>")
        for to in ("ada@gmail.com", "bob@yahoo.com")
    )
    ses_backend.open(first)
    ses_backend.complain(second)


@pytest.fixture(name="create_report")
def _create_report(client):
    """A function that starts a placement test of a message and returns the ID of its report."""

    def create_report(content=SIMPLE, source="news@example.com", **params):
        response = client.create_deliverability_test_report(
            FromEmailAddress=source, Content=content, **params
        )
        return response["ReportId"]

    return create_report


class TestDashboard:
    def test_disabled(self, sesv2_client):
        """The dashboard is disabled by default."""
        assert {
            "DashboardEnabled": False,
            "AccountStatus": "DISABLED",
            "ActiveSubscribedDomains": [],
            "PendingExpirationSubscribedDomains": [],
        } == without_metadata(sesv2_client.get_deliverability_dashboard_options())

    def test_enabled(self, ses_backend, sesv2_client):
        """A subscribed domain shows its start date and its tracked providers."""
        ses_backend.verify("example.com")
        option = {"Global": True, "TrackedIsps": ["Gmail"]}
        subscribed = {"Domain": "example.com", "InboxPlacementTrackingOption": option}
        assert {} == without_metadata(
            sesv2_client.put_deliverability_dashboard_option(
                DashboardEnabled=True, SubscribedDomains=[subscribed]
            )
        )
        options = without_metadata(sesv2_client.get_deliverability_dashboard_options())
        [domain] = options["ActiveSubscribedDomains"]
        start_date = domain.pop("SubscriptionStartDate")
        assert timedelta(0) <= ses_backend.clock.now() - start_date < timedelta(minutes=1)
        assert (subscribed, True, "ACTIVE") == (
            domain,
            options["DashboardEnabled"],
            options["AccountStatus"],
        )
        assert "SubscriptionExpiryDate" not in options

    def test_disabling(self, client):
        """A disabled dashboard and its domains expire on the first day of a month."""
        assert {} == without_metadata(
            client.put_deliverability_dashboard_option(DashboardEnabled=False)
        )
        options = client.get_deliverability_dashboard_options()
        assert ("PENDING_EXPIRATION", False, 1) == (
            options["AccountStatus"],
            options["DashboardEnabled"],
            options["SubscriptionExpiryDate"].day,
        )
        [domain] = options["PendingExpirationSubscribedDomains"]
        assert ("example.com", []) == (domain["Domain"], options["ActiveSubscribedDomains"])

    @pytest.mark.parametrize(
        ("domain", "expected"),
        [
            (
                {"Domain": "example.org"},
                (*NOT_FOUND, "The domain example.org is not a verified identity."),
            ),
            ({}, (*BAD_REQUEST, "Domain is required for each subscribed domain.")),
        ],
    )
    def test_rejected(self, client, domain, expected):
        """A subscribed domain needs a name and must be a verified identity."""
        assert expected == error_of(
            client.put_deliverability_dashboard_option,
            DashboardEnabled=True,
            SubscribedDomains=[domain],
        )


class TestReports:
    def test_statistics(self, client, campaign, period):
        """A report shows where messages arrived, overall, per day and per mailbox provider."""
        report = without_metadata(
            client.get_domain_statistics_report(Domain="example.com", **period)
        )
        overall = report["OverallVolume"]
        assert {
            "InboxRawCount": 1,
            "SpamRawCount": 1,
            "ProjectedInbox": 1,
            "ProjectedSpam": 1,
        } == overall["VolumeStatistics"]
        assert 50.0 == overall["ReadRatePercent"]
        assert [
            {
                "IspName": "Gmail",
                "InboxRawCount": 1,
                "SpamRawCount": 0,
                "InboxPercentage": 100.0,
                "SpamPercentage": 0.0,
            },
            {
                "IspName": "Yahoo",
                "InboxRawCount": 0,
                "SpamRawCount": 1,
                "InboxPercentage": 0.0,
                "SpamPercentage": 100.0,
            },
        ] == overall["DomainIspPlacements"]
        counts = [day["VolumeStatistics"]["InboxRawCount"] for day in report["DailyVolumes"]]
        assert [1, 0] == counts
        assert 0 == report["DailyVolumes"][0]["StartDate"].hour

    def test_campaign(self, ses_backend, client, campaign, period):
        """A campaign shows its subject and sender, and when and where its messages arrived."""
        [listed] = client.list_domain_deliverability_campaigns(
            SubscribedDomain="example.com", **period
        )["DomainDeliverabilityCampaigns"]
        campaign_id = {"CampaignId": listed["CampaignId"]}
        shown = client.get_domain_deliverability_campaign(**campaign_id)[
            "DomainDeliverabilityCampaign"
        ]
        assert listed == shown
        first, last = shown.pop("FirstSeenDateTime"), shown.pop("LastSeenDateTime")
        assert timedelta(0) <= last - first < timedelta(minutes=1)
        assert {
            **campaign_id,
            "Subject": "Hello",
            "FromAddress": "news@example.com",
            "SendingIps": ["54.240.48.102"],
            "InboxCount": 1,
            "SpamCount": 1,
            "ReadRate": 50.0,
            "ProjectedVolume": 2,
            "Esps": ["Gmail", "Yahoo"],
        } == shown

    def test_campaign_that_never_arrived(self, ses_backend, client, period):
        """A campaign whose messages all bounced has no first-seen time."""
        V2().simple(destination=addresses(["bounce@simulator.amazonses.com"]))
        [listed] = client.list_domain_deliverability_campaigns(
            SubscribedDomain="example.com", **period
        )["DomainDeliverabilityCampaigns"]
        assert "FirstSeenDateTime" not in listed

    def test_pages(self, client, period):
        """Campaigns are listed in pages."""
        for subject in ("One", "Two", "Three"):
            V2().simple(subject=subject)
        params = {"SubscribedDomain": "example.com", **period}
        first = client.list_domain_deliverability_campaigns(PageSize=2, **params)
        rest = client.list_domain_deliverability_campaigns(NextToken=first["NextToken"], **params)
        pages = [page["DomainDeliverabilityCampaigns"] for page in (first, rest)]
        assert [2, 1] == [len(page) for page in pages]
        assert {"One", "Two", "Three"} == {
            campaign["Subject"] for page in pages for campaign in page
        }

    def test_no_subscription(self, client, period):
        """Reports on a domain without a subscription are rejected."""
        assert (*NOT_FOUND, NO_SUBSCRIPTION) == error_of(
            client.get_domain_statistics_report, Domain="example.org", **period
        )
        assert (*NOT_FOUND, NO_SUBSCRIPTION) == error_of(
            client.list_domain_deliverability_campaigns, SubscribedDomain="example.org", **period
        )

    def test_invalid_period(self, client, period):
        """A period longer than 30 days, or one that ends before it starts, is rejected."""
        for days, text in (
            (31, "EndDate must be no more than 30 days after StartDate."),
            (-1, "EndDate must not be before StartDate."),
        ):
            end = period["StartDate"] + timedelta(days=days)
            assert (*BAD_REQUEST, text) == error_of(
                client.get_domain_statistics_report,
                Domain="example.com",
                StartDate=period["StartDate"],
                EndDate=end,
            )
            assert (*BAD_REQUEST, text) == error_of(
                client.list_domain_deliverability_campaigns,
                SubscribedDomain="example.com",
                StartDate=period["StartDate"],
                EndDate=end,
            )

    def test_unknown_campaign(self, client):
        """Reading a campaign that does not exist fails."""
        assert (*NOT_FOUND, "Campaign nonsense does not exist.") == error_of(
            client.get_domain_deliverability_campaign, CampaignId="nonsense"
        )

    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({"PageSize": 1001}, "The page size must be between 1 and 1000"),
            ({"NextToken": "nonsense"}, "Invalid NextToken <nonsense>."),
        ],
    )
    def test_invalid_paging(self, client, period, params, expected):
        """An invalid page size or token is rejected."""
        assert (*BAD_REQUEST, expected) == error_of(
            client.list_domain_deliverability_campaigns,
            SubscribedDomain="example.com",
            **period,
            **params,
        )


class TestBlacklists:
    def test_report(self, ses_backend, sesv2_client):
        """A report shows the blacklists that the test has put an address on."""
        now = ses_backend.clock.now().replace(microsecond=0)
        listings = [Listing("Strict", now, "Spam"), Listing("Stern", now)]
        ips = ses_backend.account().dedicated_ips
        ips.put("192.0.2.5", DedicatedIp("192.0.2.5", listings=listings))
        ips.put("192.0.2.6", DedicatedIp("192.0.2.6"))
        response = sesv2_client.get_blacklist_reports(BlacklistItemNames=["192.0.2.5", "192.0.2.6"])
        assert {
            "192.0.2.5": [
                {"RblName": "Strict", "ListingTime": now, "Description": "Spam"},
                {"RblName": "Stern", "ListingTime": now},
            ],
            "192.0.2.6": [],
        } == response["BlacklistReport"]

    def test_missing(self, sesv2_client):
        """Reports on an address that the account does not have are rejected."""
        assert (*NOT_FOUND, "The requested IP address <192.0.2.9> does not exist.") == error_of(
            sesv2_client.get_blacklist_reports, BlacklistItemNames=["192.0.2.9"]
        )


class TestPlacementTests:
    def test_in_progress(self, ses_backend, client, create_report):
        """A test in progress shows its message, which is not in the outbox."""
        tags = [{"Key": "team", "Value": "post"}]
        report_id = create_report(ReportName="June", Tags=tags)
        response = without_metadata(client.get_deliverability_test_report(ReportId=report_id))
        report = response["DeliverabilityTestReport"]
        age = ses_backend.clock.now() - report.pop("CreateDate")
        assert timedelta(0) <= age < timedelta(minutes=1)
        assert {
            "ReportId": report_id,
            "ReportName": "June",
            "Subject": "Hello",
            "FromEmailAddress": "news@example.com",
            "DeliverabilityTestStatus": "IN_PROGRESS",
        } == report
        assert ({}, [], tags) == (
            response["OverallPlacement"],
            response["IspPlacements"],
            response["Tags"],
        )
        assert "Subject: Hello" in response["Message"]
        assert [] == list(ses_backend.outbox)
        arn = f"arn:aws:ses:us-east-1:123456789012:deliverability-test-report/{report_id}"
        assert tags == client.list_tags_for_resource(ResourceArn=arn)["Tags"]

    def placement(self, backend, client, report_id):
        """The percentages of inbox, spam, missing, SPF and DKIM, one day later."""
        backend.clock.advance(hours=25)
        response = client.get_deliverability_test_report(ReportId=report_id)
        assert "COMPLETED" == response["DeliverabilityTestReport"]["DeliverabilityTestStatus"]
        overall = response["OverallPlacement"]
        names = [placement["IspName"] for placement in response["IspPlacements"]]
        assert ["Gmail", "Yahoo", "Hotmail", "AOL", "iCloud"] == names
        assert {str(overall)} == {
            str(placement["PlacementStatistics"]) for placement in response["IspPlacements"]
        }
        parts = ("Inbox", "Spam", "Missing", "Spf", "Dkim")
        return [overall[f"{name}Percentage"] for name in parts]

    @pytest.mark.parametrize("content", [SIMPLE, RAW], ids=["simple", "raw"])
    def test_signed(self, ses_backend, client, create_report, content):
        """A message with a DKIM signature arrives in the inbox."""
        assert [100, 0, 0, 0, 100] == self.placement(ses_backend, client, create_report(content))

    @pytest.mark.parametrize(
        ("records", "expected"), [((), [0, 100, 0, 0, 0]), (["SPF"], [100, 0, 0, 100, 0])]
    )
    def test_not_signed(self, ses_backend, client, create_report, records, expected):
        """An unsigned message arrives in the inbox only if its domain has an SPF record."""
        client.put_email_identity_dkim_attributes(EmailIdentity="example.com", SigningEnabled=False)
        ses_backend.account().dns_records["example.com"] = set(records)
        assert expected == self.placement(ses_backend, client, create_report())

    def test_mail_from(self, ses_backend, client, create_report):
        """A message with a custom MAIL FROM domain passes SPF."""
        client.put_email_identity_mail_from_attributes(
            EmailIdentity="example.com", MailFromDomain="bounces.example.com"
        )
        ses_backend.verify("example.com")
        assert [100, 0, 0, 100, 100] == self.placement(ses_backend, client, create_report())

    def test_sender_without_identity(self, ses_backend, client, create_report):
        """A sender that is verified only by `*` is not authenticated and goes to spam."""
        ses_backend.verify("*")
        report_id = create_report(source="ada@example.net")
        assert [0, 100, 0, 0, 0] == self.placement(ses_backend, client, report_id)

    def test_virus(self, ses_backend, client, create_report):
        """A message with a virus is missing from every mailbox provider."""
        virus = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"
        content = {"Raw": {"Data": RAW["Raw"]["Data"] + virus}}
        assert [0, 0, 100, 0, 100] == self.placement(ses_backend, client, create_report(content))

    def test_list(self, client, create_report):
        """Tests are listed in pages, the latest first."""
        ids = [create_report(), create_report()]
        first = client.list_deliverability_test_reports(PageSize=1)
        rest = client.list_deliverability_test_reports(NextToken=first["NextToken"])
        assert ids[::-1] == [
            report["ReportId"]
            for page in (first, rest)
            for report in page["DeliverabilityTestReports"]
        ]
        assert "NextToken" not in rest
        assert 2 == len(
            client.list_deliverability_test_reports(PageSize=0)["DeliverabilityTestReports"]
        )

    @pytest.mark.parametrize("size", [-1, 1001])
    def test_invalid_page_size(self, client, size):
        """A page size that is not between 0 and 1,000 is rejected."""
        assert (*BAD_REQUEST, "The page size must be between 0 and 1000") == error_of(
            client.list_deliverability_test_reports, PageSize=size
        )

    def test_invalid_token(self, client):
        """An invalid token is rejected."""
        assert (*BAD_REQUEST, "Invalid NextToken <nonsense>.") == error_of(
            client.list_deliverability_test_reports, NextToken="nonsense"
        )

    def test_missing(self, client):
        """Reading a report that does not exist fails."""
        assert (*NOT_FOUND, "Report nonsense does not exist.") == error_of(
            client.get_deliverability_test_report, ReportId="nonsense"
        )

    def test_disabled(self, sesv2_client):
        """A test is rejected if the dashboard is not enabled."""
        assert (*BAD_REQUEST, "The Deliverability dashboard is not enabled.") == error_of(
            sesv2_client.create_deliverability_test_report,
            FromEmailAddress="news@example.com",
            Content=SIMPLE,
        )

    def test_unsendable_message(self, client, create_report):
        """A message that SES would not send cannot be tested."""
        assert ("MessageRejected", 400, unverified("ada@example.net")) == error_of(
            create_report, source="ada@example.net"
        )
        text = "Give exactly one kind of content; given: none."
        assert (*BAD_REQUEST, text) == error_of(create_report, {})
