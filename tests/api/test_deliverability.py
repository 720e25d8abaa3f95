"""The Deliverability dashboard through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal
from senders import V2, addresses, unverified

from pytest_ses.domain.dedicated_ips import DedicatedIp, Listing

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
SIMPLE = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}}
RAW = {
    "Raw": {"Data": b"From: news@example.com\r\nTo: ada@example.org\r\nSubject: Raw\r\n\r\nHi\r\n"}
}
NO_SUBSCRIPTION = "The domain example.org has no subscription to the Deliverability dashboard."


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client of an account whose dashboard watches example.com."""
    ses_backend.verify("example.com")
    sesv2_client.put_deliverability_dashboard_option(
        DashboardEnabled=True, SubscribedDomains=[{"Domain": "example.com"}]
    )
    return sesv2_client


@pytest.fixture(name="span")
def _span(ses_backend):
    """Today and tomorrow."""
    now = ses_backend.clock.now()
    return {"StartDate": now, "EndDate": now + timedelta(days=1)}


@pytest.fixture(name="campaign")
def _campaign(ses_backend, client):
    """Two mails, of which one was read and one called spam."""
    sender = V2()
    first, second = (
        sender.simple(destination=addresses([to]), html="<p>Hi</p>")
        for to in ("ada@gmail.com", "bob@yahoo.com")
    )
    ses_backend.open(first)
    ses_backend.complain(second)


@pytest.fixture(name="begin")
def _begin(client):
    """Begin a test of a mail, and give the id of its report."""

    def begin(content=SIMPLE, source="news@example.com", **words):
        made = client.create_deliverability_test_report(
            FromEmailAddress=source, Content=content, **words
        )
        return made["ReportId"]

    return begin


class TestDashboard:
    def test_disabled(self, sesv2_client):
        """At first there is no dashboard."""
        assert {
            "DashboardEnabled": False,
            "AccountStatus": "DISABLED",
            "ActiveSubscribedDomains": [],
            "PendingExpirationSubscribedDomains": [],
        } == answer(sesv2_client.get_deliverability_dashboard_options())

    def test_enabled(self, ses_backend, sesv2_client):
        """A domain that is watched shows since when, and whose inboxes."""
        ses_backend.verify("example.com")
        option = {"Global": True, "TrackedIsps": ["Gmail"]}
        asked = {"Domain": "example.com", "InboxPlacementTrackingOption": option}
        assert {} == answer(
            sesv2_client.put_deliverability_dashboard_option(
                DashboardEnabled=True, SubscribedDomains=[asked]
            )
        )
        found = answer(sesv2_client.get_deliverability_dashboard_options())
        [domain] = found["ActiveSubscribedDomains"]
        began = domain.pop("SubscriptionStartDate")
        assert timedelta(0) <= ses_backend.clock.now() - began < timedelta(minutes=1)
        assert (asked, True, "ACTIVE") == (
            domain,
            found["DashboardEnabled"],
            found["AccountStatus"],
        )

    def test_switched_off(self, client):
        """A dashboard that is switched off expires, and its domains with it."""
        assert {} == answer(client.put_deliverability_dashboard_option(DashboardEnabled=False))
        found = client.get_deliverability_dashboard_options()
        assert ("PENDING_EXPIRATION", False, 1) == (
            found["AccountStatus"],
            found["DashboardEnabled"],
            found["SubscriptionExpiryDate"].day,
        )
        [domain] = found["PendingExpirationSubscribedDomains"]
        assert ("example.com", []) == (domain["Domain"], found["ActiveSubscribedDomains"])

    @pytest.mark.parametrize(
        ("domain", "expected"),
        [
            (
                {"Domain": "example.org"},
                (*NOT_FOUND, "The domain example.org is not a verified identity."),
            ),
            ({}, (*BAD_REQUEST, "Each subscribed domain needs a Domain.")),
        ],
    )
    def test_refused(self, client, domain, expected):
        """A domain that is watched is a verified one."""
        assert expected == refusal(
            client.put_deliverability_dashboard_option,
            DashboardEnabled=True,
            SubscribedDomains=[domain],
        )


class TestReports:
    def test_statistics(self, client, campaign, span):
        """A report shows where mail arrived, as a whole and day by day, with every provider."""
        found = answer(client.get_domain_statistics_report(Domain="example.com", **span))
        whole = found["OverallVolume"]
        assert {
            "InboxRawCount": 1,
            "SpamRawCount": 1,
            "ProjectedInbox": 1,
            "ProjectedSpam": 1,
        } == whole["VolumeStatistics"]
        assert 50.0 == whole["ReadRatePercent"]
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
        ] == whole["DomainIspPlacements"]
        counts = [day["VolumeStatistics"]["InboxRawCount"] for day in found["DailyVolumes"]]
        assert [1, 0] == counts
        assert 0 == found["DailyVolumes"][0]["StartDate"].hour

    def test_campaign(self, ses_backend, client, campaign, span):
        """A campaign shows what its mails say, when they arrived and where."""
        [listed] = client.list_domain_deliverability_campaigns(
            SubscribedDomain="example.com", **span
        )["DomainDeliverabilityCampaigns"]
        words = {"CampaignId": listed["CampaignId"]}
        found = client.get_domain_deliverability_campaign(**words)["DomainDeliverabilityCampaign"]
        assert listed == found
        first, last = found.pop("FirstSeenDateTime"), found.pop("LastSeenDateTime")
        assert timedelta(0) <= last - first < timedelta(minutes=1)
        assert {
            **words,
            "Subject": "Hello",
            "FromAddress": "news@example.com",
            "SendingIps": ["54.240.48.102"],
            "InboxCount": 1,
            "SpamCount": 1,
            "ReadRate": 50.0,
            "ProjectedVolume": 2,
            "Esps": ["Gmail", "Yahoo"],
        } == found

    def test_campaign_that_never_arrived(self, ses_backend, client, span):
        """A campaign that came back was never seen."""
        V2().simple(destination=addresses(["bounce@simulator.amazonses.com"]))
        [listed] = client.list_domain_deliverability_campaigns(
            SubscribedDomain="example.com", **span
        )["DomainDeliverabilityCampaigns"]
        assert "FirstSeenDateTime" not in listed

    def test_pages(self, client, span):
        """Campaigns are listed page by page."""
        for subject in ("One", "Two", "Three"):
            V2().simple(subject=subject)
        words = {"SubscribedDomain": "example.com", **span}
        first = client.list_domain_deliverability_campaigns(PageSize=2, **words)
        rest = client.list_domain_deliverability_campaigns(NextToken=first["NextToken"], **words)
        pages = [page["DomainDeliverabilityCampaigns"] for page in (first, rest)]
        assert [2, 1] == [len(page) for page in pages]
        assert {"One", "Two", "Three"} == {one["Subject"] for page in pages for one in page}

    def test_subscription(self, client, span):
        """There are reports of domains that are watched."""
        assert (*NOT_FOUND, NO_SUBSCRIPTION) == refusal(
            client.get_domain_statistics_report, Domain="example.org", **span
        )
        assert (*NOT_FOUND, NO_SUBSCRIPTION) == refusal(
            client.list_domain_deliverability_campaigns, SubscribedDomain="example.org", **span
        )

    def test_time(self, client, span):
        """A report is of thirty days at most, and not backwards."""
        for days, text in (
            (31, "EndDate must be no more than 30 days after StartDate."),
            (-1, "EndDate must not be before StartDate."),
        ):
            end = span["StartDate"] + timedelta(days=days)
            assert (*BAD_REQUEST, text) == refusal(
                client.get_domain_statistics_report,
                Domain="example.com",
                StartDate=span["StartDate"],
                EndDate=end,
            )

    def test_unknown_campaign(self, client):
        """A campaign that was never sent is missed."""
        assert (*NOT_FOUND, "Campaign nonsense does not exist.") == refusal(
            client.get_domain_deliverability_campaign, CampaignId="nonsense"
        )

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ({"PageSize": 1001}, "The page size must be between 1 and 1000"),
            ({"NextToken": "nonsense"}, "Invalid NextToken <nonsense>."),
        ],
    )
    def test_bad_pages(self, client, span, words, expected):
        """Pages have up to a thousand campaigns, and tokens are those that SES gave."""
        assert (*BAD_REQUEST, expected) == refusal(
            client.list_domain_deliverability_campaigns,
            SubscribedDomain="example.com",
            **span,
            **words,
        )


class TestBlacklists:
    def test_report(self, ses_backend, sesv2_client):
        """An address shows the blacklists that a test has put it on."""
        now = ses_backend.clock.now().replace(microsecond=0)
        listed = [Listing("Strict", now, "Spam"), Listing("Stern", now)]
        ips = ses_backend.account().dedicated_ips
        ips.put("192.0.2.5", DedicatedIp("192.0.2.5", listings=listed))
        ips.put("192.0.2.6", DedicatedIp("192.0.2.6"))
        found = sesv2_client.get_blacklist_reports(BlacklistItemNames=["192.0.2.5", "192.0.2.6"])
        assert {
            "192.0.2.5": [
                {"RblName": "Strict", "ListingTime": now, "Description": "Spam"},
                {"RblName": "Stern", "ListingTime": now},
            ],
            "192.0.2.6": [],
        } == found["BlacklistReport"]

    def test_missing(self, sesv2_client):
        """An address that the account does not lease is missed."""
        assert (*NOT_FOUND, "The requested IP address <192.0.2.9> does not exist.") == refusal(
            sesv2_client.get_blacklist_reports, BlacklistItemNames=["192.0.2.9"]
        )


class TestPlacementTests:
    def test_in_progress(self, ses_backend, client, begin):
        """A test that is not done shows its mail; nothing is in the outbox."""
        tags = [{"Key": "team", "Value": "post"}]
        report_id = begin(ReportName="June", Tags=tags)
        found = answer(client.get_deliverability_test_report(ReportId=report_id))
        report = found["DeliverabilityTestReport"]
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
            found["OverallPlacement"],
            found["IspPlacements"],
            found["Tags"],
        )
        assert "Subject: Hello" in found["Message"]
        assert [] == list(ses_backend.outbox)
        arn = f"arn:aws:ses:us-east-1:123456789012:deliverability-test-report/{report_id}"
        assert tags == client.list_tags_for_resource(ResourceArn=arn)["Tags"]

    def placement(self, backend, client, report_id):
        """Inbox, spam, missing, SPF and DKIM, a day later."""
        backend.clock.advance(hours=25)
        found = client.get_deliverability_test_report(ReportId=report_id)
        assert "COMPLETED" == found["DeliverabilityTestReport"]["DeliverabilityTestStatus"]
        whole = found["OverallPlacement"]
        names = [one["IspName"] for one in found["IspPlacements"]]
        assert ["Gmail", "Yahoo", "Hotmail", "AOL", "iCloud"] == names
        assert {str(whole)} == {str(one["PlacementStatistics"]) for one in found["IspPlacements"]}
        parts = ("Inbox", "Spam", "Missing", "Spf", "Dkim")
        return [whole[f"{name}Percentage"] for name in parts]

    @pytest.mark.parametrize("content", [SIMPLE, RAW], ids=["simple", "raw"])
    def test_signed(self, ses_backend, client, begin, content):
        """A mail that is signed arrives in the inbox."""
        assert [100, 0, 0, 0, 100] == self.placement(ses_backend, client, begin(content))

    @pytest.mark.parametrize(
        ("records", "expected"), [((), [0, 100, 0, 0, 0]), (["SPF"], [100, 0, 0, 100, 0])]
    )
    def test_not_signed(self, ses_backend, client, begin, records, expected):
        """A mail that is not signed does so with an SPF record of its own only."""
        client.put_email_identity_dkim_attributes(EmailIdentity="example.com", SigningEnabled=False)
        ses_backend.account().dns_records["example.com"] = set(records)
        assert expected == self.placement(ses_backend, client, begin())

    def test_mail_from(self, ses_backend, client, begin):
        """A custom MAIL FROM domain has an SPF record."""
        client.put_email_identity_mail_from_attributes(
            EmailIdentity="example.com", MailFromDomain="bounces.example.com"
        )
        ses_backend.verify("example.com")
        assert [100, 0, 0, 100, 100] == self.placement(ses_backend, client, begin())

    def test_sender_of_no_identity(self, ses_backend, client, begin):
        """Where every sender is accepted one without an identity is not authenticated."""
        ses_backend.verify("*")
        report_id = begin(source="ada@example.net")
        assert [0, 100, 0, 0, 0] == self.placement(ses_backend, client, report_id)

    def test_virus(self, ses_backend, client, begin):
        """A mail with a virus arrives nowhere."""
        virus = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"
        content = {"Raw": {"Data": RAW["Raw"]["Data"] + virus}}
        assert [0, 0, 100, 0, 100] == self.placement(ses_backend, client, begin(content))

    def test_list(self, client, begin):
        """The latest test is listed first, page by page."""
        ids = [begin(), begin()]
        first = client.list_deliverability_test_reports(PageSize=1)
        rest = client.list_deliverability_test_reports(NextToken=first["NextToken"])
        assert ids[::-1] == [
            one["ReportId"] for page in (first, rest) for one in page["DeliverabilityTestReports"]
        ]
        assert "NextToken" not in rest
        assert 2 == len(
            client.list_deliverability_test_reports(PageSize=0)["DeliverabilityTestReports"]
        )

    def test_bad_token(self, client):
        """A token is one that SES gave."""
        assert (*BAD_REQUEST, "Invalid NextToken <nonsense>.") == refusal(
            client.list_deliverability_test_reports, NextToken="nonsense"
        )

    def test_missing(self, client):
        """A report that is not there is missed."""
        assert (*NOT_FOUND, "Report nonsense does not exist.") == refusal(
            client.get_deliverability_test_report, ReportId="nonsense"
        )

    def test_disabled(self, sesv2_client):
        """There are no tests without the dashboard."""
        assert (*BAD_REQUEST, "The Deliverability dashboard is not enabled.") == refusal(
            sesv2_client.create_deliverability_test_report,
            FromEmailAddress="news@example.com",
            Content=SIMPLE,
        )

    def test_mail_that_would_be_refused(self, client, begin):
        """A mail that SES would not send is not tested."""
        assert ("MessageRejected", 400, unverified("ada@example.net")) == refusal(
            begin, source="ada@example.net"
        )
        text = "Give exactly one kind of content; given: none."
        assert (*BAD_REQUEST, text) == refusal(begin, {})
