"""What does the Deliverability dashboard of API v2 show?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import contents, paging
from pytest_ses.api.responses import given
from pytest_ses.domain import errors, resource_tags as domain_tags
from pytest_ses.domain.deliverability import dashboard, placement_tests, reports
from pytest_ses.domain.deliverability.dashboard import DomainSubscription, Subscription
from pytest_ses.domain.events import isps
from pytest_ses.domain.mail import raw
from pytest_ses.domain.mail.requests import SendRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.deliverability.placement_tests import PlacementTest, Prediction
    from pytest_ses.domain.deliverability.reports import Campaign, Placement

_PLACES = {
    "InboxPercentage": placement_tests.INBOX,
    "SpamPercentage": placement_tests.SPAM,
    "MissingPercentage": placement_tests.MISSING,
}


def put_deliverability_dashboard_option(
    account: Account,
    *,
    dashboard_enabled: bool,
    subscribed_domains: list[dict[str, Any]] | None = None,
) -> None:
    """Switch the dashboard on for some domains, or off at the end of the month."""
    wanted = [_wanted(one) for one in subscribed_domains or ()]
    dashboard.change(account, enabled=dashboard_enabled, wanted=wanted)


def get_deliverability_dashboard_options(account: Account) -> dict[str, Any]:
    """Whether there is a dashboard, and for which domains."""
    watched = dashboard.watched(account).values()
    status = dashboard.status(account)
    ends = account.deliverability.expires_at if status == dashboard.PENDING_EXPIRATION else None
    return {
        "DashboardEnabled": account.deliverability.enabled,
        **given(SubscriptionExpiryDate=ends),
        "AccountStatus": status,
        "ActiveSubscribedDomains": [_domain(one) for one in watched if one.expires_at is None],
        "PendingExpirationSubscribedDomains": [
            _domain(one) for one in watched if one.expires_at is not None
        ],
    }


def create_deliverability_test_report(
    account: Account,
    *,
    from_email_address: str,
    content: dict[str, Any],
    report_name: str | None = None,
    tags: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Test where a mail would arrive; the test takes a day."""
    kept = domain_tags.checked(tags)
    mail = _mail(from_email_address, content)
    made = placement_tests.create(account, mail, name=report_name, tags=kept)
    return {"ReportId": made.report_id, "DeliverabilityTestStatus": made.status(account.now())}


def get_deliverability_test_report(account: Account, *, report_id: str) -> dict[str, Any]:
    """What came of a test: nothing until it is done.

    Computed from what was sent and what happened to it.
    """
    found = account.placement_tests.find(report_id)
    done = found.status(account.now()) == placement_tests.COMPLETED
    statistics = _predicted(found.prediction) if done else {}
    return {
        "DeliverabilityTestReport": _report(account, found),
        "OverallPlacement": statistics,
        "IspPlacements": [
            {"IspName": name, "PlacementStatistics": statistics} for name in isps.NAMES if done
        ],
        "Message": found.message.raw.decode("utf-8", "replace"),
        "Tags": domain_tags.listed(found.tags),
    }


def list_deliverability_test_reports(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """The tests, the latest first."""
    found, token = paging.V2_TEST_REPORTS.page(
        account, account.placement_tests, page_size, next_token
    )
    reports = [_report(account, one) for one in found]
    return {"DeliverabilityTestReports": reports, **paging.next_token(token)}


def get_blacklist_reports(account: Account, *, blacklist_item_names: list[str]) -> dict[str, Any]:
    """The blacklists that dedicated IP addresses are on.

    Computed from the listings of the account's own addresses.
    """
    found = [account.dedicated_ips.find(name) for name in blacklist_item_names]
    return {
        "BlacklistReport": {
            one.address: [
                {
                    "RblName": listing.name,
                    "ListingTime": listing.since,
                    **given(Description=listing.description),
                }
                for listing in one.listings
            ]
            for one in found
        }
    }


def get_domain_statistics_report(
    account: Account, *, domain: str, start_date: datetime, end_date: datetime
) -> dict[str, Any]:
    """Where the mail of a domain arrived, day by day and as a whole.

    Computed from what was sent and what happened to it.
    """
    days = reports.daily(account, domain, start_date, end_date)
    whole = reports.total(days.values())
    return {
        "OverallVolume": {**_volume(whole), "ReadRatePercent": whole.read_percent},
        "DailyVolumes": [{"StartDate": day, **_volume(found)} for day, found in days.items()],
    }


def get_domain_deliverability_campaign(account: Account, *, campaign_id: str) -> dict[str, Any]:
    """Where the mails of a campaign arrived: those from one address with one subject.

    Computed from what was sent and what happened to it.
    """
    found = reports.find(account, campaign_id)
    return {"DomainDeliverabilityCampaign": _campaign(found)}


def list_domain_deliverability_campaigns(
    account: Account,
    *,
    start_date: datetime,
    end_date: datetime,
    subscribed_domain: str,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """The campaigns of a domain that had mail sent within a time.

    Computed from what was sent and what happened to it.
    """
    size = paging.V2_CAMPAIGNS.size(page_size)
    campaigns = reports.campaigns(account, subscribed_domain, start_date, end_date)
    found, token = paging.V2_CAMPAIGNS.page(
        account, campaigns, size, next_token, scope=subscribed_domain
    )
    shown = [_campaign(one) for one in found]
    return {"DomainDeliverabilityCampaigns": shown, **paging.next_token(token)}


def _wanted(asked: Mapping[str, Any]) -> DomainSubscription:
    if not asked.get("Domain"):
        raise errors.InvalidParameterValue("Each subscribed domain needs a Domain.")
    option = asked.get("InboxPlacementTrackingOption", {})
    return DomainSubscription(
        asked["Domain"], bool(option.get("Global")), option.get("TrackedIsps", ())
    )


def _domain(found: Subscription) -> dict[str, Any]:
    wanted = found.wanted
    return {
        "Domain": wanted.domain,
        "SubscriptionStartDate": found.started_at,
        "InboxPlacementTrackingOption": {
            "Global": wanted.every_isp,
            "TrackedIsps": list(wanted.isps),
        },
    }


def _mail(source: str, content: Mapping[str, Any]) -> SendRequest:
    shared: dict[str, Any] = {"service": "sesv2", "operation": "CreateDeliverabilityTestReport"}
    kind, asked = contents.only(dict(content))
    if kind != "Raw":
        return SendRequest(**shared, **contents.said(kind, asked), source=source, tags={})
    seeds = placement_tests.SEEDS
    mail, _ = raw.read(
        asked["Data"], source=source, envelope=seeds, tags=None, configuration_set=None, **shared
    )
    return mail


def _report(account: Account, found: PlacementTest) -> dict[str, Any]:
    return {
        "ReportId": found.report_id,
        **given(ReportName=found.name, Subject=found.message.subject),
        "FromEmailAddress": found.message.source,
        "CreateDate": found.created_at,
        "DeliverabilityTestStatus": found.status(account.now()),
    }


def _predicted(prediction: Prediction) -> dict[str, float]:
    return {
        **{name: 100.0 * (prediction.place == place) for name, place in _PLACES.items()},
        "SpfPercentage": 100.0 * prediction.spf,
        "DkimPercentage": 100.0 * prediction.dkim,
    }


def _volume(found: Placement) -> dict[str, Any]:
    inbox, spam = found.inbox.total(), found.spam.total()
    return {
        "VolumeStatistics": {
            "InboxRawCount": inbox,
            "SpamRawCount": spam,
            "ProjectedInbox": inbox,
            "ProjectedSpam": spam,
        },
        "DomainIspPlacements": [_isp(name, found) for name in found.isps],
    }


def _isp(name: str, found: Placement) -> dict[str, Any]:
    inbox, spam = found.inbox[name], found.spam[name]
    return {
        "IspName": name,
        "InboxRawCount": inbox,
        "SpamRawCount": spam,
        "InboxPercentage": reports.percent(inbox, inbox + spam),
        "SpamPercentage": reports.percent(spam, inbox + spam),
    }


def _campaign(found: Campaign) -> dict[str, Any]:
    placement, arrivals = found.placement, found.arrivals
    seen = {"FirstSeenDateTime": arrivals[0], "LastSeenDateTime": arrivals[-1]} if arrivals else {}
    return {
        "CampaignId": found.campaign_id,
        "Subject": found.subject,
        "FromAddress": found.sender,
        "SendingIps": found.sending_ips,
        **seen,
        "InboxCount": placement.inbox.total(),
        "SpamCount": placement.spam.total(),
        "ReadRate": placement.read_percent,
        "ProjectedVolume": found.volume,
        "Esps": placement.isps,
    }
