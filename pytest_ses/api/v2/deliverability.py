"""The operations of API v2 on the Deliverability dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import contents, paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import errors, resource_tags
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
    """Enable the dashboard for some domains, or disable it at the end of the month."""
    subscriptions = [_subscription(domain) for domain in subscribed_domains or ()]
    dashboard.change(account, enabled=dashboard_enabled, subscriptions=subscriptions)


def get_deliverability_dashboard_options(account: Account) -> dict[str, Any]:
    """Return whether the dashboard is enabled, and its subscribed domains."""
    subscriptions = dashboard.current_subscriptions(account).values()
    status = dashboard.status(account)
    expires_at = (
        account.deliverability.expires_at if status == dashboard.PENDING_EXPIRATION else None
    )
    return {
        "DashboardEnabled": account.deliverability.enabled,
        **without_none(SubscriptionExpiryDate=expires_at),
        "AccountStatus": status,
        "ActiveSubscribedDomains": [
            _domain(subscription)
            for subscription in subscriptions
            if subscription.expires_at is None
        ],
        "PendingExpirationSubscribedDomains": [
            _domain(subscription)
            for subscription in subscriptions
            if subscription.expires_at is not None
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
    """Start an inbox placement test of a message; the test takes a day."""
    parsed_tags = resource_tags.parse(tags)
    request = _request(from_email_address, content)
    test = placement_tests.create(account, request, name=report_name, tags=parsed_tags)
    return {"ReportId": test.report_id, "DeliverabilityTestStatus": test.status(account.now())}


def get_deliverability_test_report(account: Account, *, report_id: str) -> dict[str, Any]:
    """Return the result of an inbox placement test; it is empty until the test is complete.

    Computed from the messages sent and their events.
    """
    test = account.placement_tests.find(report_id)
    is_complete = test.status(account.now()) == placement_tests.COMPLETED
    statistics = _placement_statistics(test.prediction) if is_complete else {}
    return {
        "DeliverabilityTestReport": _report(account, test),
        "OverallPlacement": statistics,
        "IspPlacements": [
            {"IspName": name, "PlacementStatistics": statistics}
            for name in isps.NAMES
            if is_complete
        ],
        "Message": test.message.raw.decode("utf-8", "replace"),
        "Tags": resource_tags.to_list(test.tags),
    }


def list_deliverability_test_reports(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """List the inbox placement tests, newest first."""
    page, token = paging.V2_TEST_REPORTS.page(
        account, account.placement_tests, page_size, next_token
    )
    reports = [_report(account, test) for test in page]
    return {"DeliverabilityTestReports": reports, **paging.next_token(token)}


def get_blacklist_reports(account: Account, *, blacklist_item_names: list[str]) -> dict[str, Any]:
    """Return the blacklists that list the given dedicated IP addresses.

    Computed from the listings of the account's own IP addresses.
    """
    dedicated_ips = [account.dedicated_ips.find(name) for name in blacklist_item_names]
    return {
        "BlacklistReport": {
            dedicated_ip.address: [
                {
                    "RblName": listing.name,
                    "ListingTime": listing.since,
                    **without_none(Description=listing.description),
                }
                for listing in dedicated_ip.listings
            ]
            for dedicated_ip in dedicated_ips
        }
    }


def get_domain_statistics_report(
    account: Account, *, domain: str, start_date: datetime, end_date: datetime
) -> dict[str, Any]:
    """Return the inbox placement of a domain's messages, by day and in total.

    Computed from the messages sent and their events.
    """
    days = reports.daily(account, domain, start_date, end_date)
    total = reports.total(days.values())
    return {
        "OverallVolume": {**_volume(total), "ReadRatePercent": total.read_percent},
        "DailyVolumes": [
            {"StartDate": day, **_volume(placement)} for day, placement in days.items()
        ],
    }


def get_domain_deliverability_campaign(account: Account, *, campaign_id: str) -> dict[str, Any]:
    """Return the inbox placement of a campaign: the messages with the same sender and subject.

    Computed from the messages sent and their events.
    """
    campaign = reports.find(account, campaign_id)
    return {"DomainDeliverabilityCampaign": _campaign(campaign)}


def list_domain_deliverability_campaigns(
    account: Account,
    *,
    start_date: datetime,
    end_date: datetime,
    subscribed_domain: str,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List a domain's campaigns with messages in the given period.

    Computed from the messages sent and their events.
    """
    size = paging.V2_CAMPAIGNS.size(page_size)
    campaigns = reports.campaigns(account, subscribed_domain, start_date, end_date)
    page, token = paging.V2_CAMPAIGNS.page(
        account, campaigns, size, next_token, scope=subscribed_domain
    )
    summaries = [_campaign(campaign) for campaign in page]
    return {"DomainDeliverabilityCampaigns": summaries, **paging.next_token(token)}


def _subscription(members: Mapping[str, Any]) -> DomainSubscription:
    if not members.get("Domain"):
        raise errors.InvalidParameterValue("Domain is required for each subscribed domain.")
    option = members.get("InboxPlacementTrackingOption", {})
    return DomainSubscription(
        members["Domain"], bool(option.get("Global")), option.get("TrackedIsps", ())
    )


def _domain(subscription: Subscription) -> dict[str, Any]:
    settings = subscription.settings
    return {
        "Domain": settings.domain,
        "SubscriptionStartDate": subscription.started_at,
        "InboxPlacementTrackingOption": {
            "Global": settings.every_isp,
            "TrackedIsps": list(settings.isps),
        },
    }


def _request(source: str, content: Mapping[str, Any]) -> SendRequest:
    shared: dict[str, Any] = {"service": "sesv2", "operation": "CreateDeliverabilityTestReport"}
    kind, members = contents.kind_and_members(dict(content))
    if kind != "Raw":
        return SendRequest(
            **shared, **contents.request_arguments(kind, members), source=source, tags={}
        )
    seeds = placement_tests.SEEDS
    request, _ = raw.read(
        members["Data"], source=source, envelope=seeds, tags=None, configuration_set=None, **shared
    )
    return request


def _report(account: Account, test: PlacementTest) -> dict[str, Any]:
    return {
        "ReportId": test.report_id,
        **without_none(ReportName=test.name, Subject=test.message.subject),
        "FromEmailAddress": test.message.source,
        "CreateDate": test.created_at,
        "DeliverabilityTestStatus": test.status(account.now()),
    }


def _placement_statistics(prediction: Prediction) -> dict[str, float]:
    return {
        **{name: 100.0 * (prediction.place == place) for name, place in _PLACES.items()},
        "SpfPercentage": 100.0 * prediction.spf,
        "DkimPercentage": 100.0 * prediction.dkim,
    }


def _volume(placement: Placement) -> dict[str, Any]:
    inbox, spam = placement.inbox.total(), placement.spam.total()
    return {
        "VolumeStatistics": {
            "InboxRawCount": inbox,
            "SpamRawCount": spam,
            "ProjectedInbox": inbox,
            "ProjectedSpam": spam,
        },
        "DomainIspPlacements": [_isp(name, placement) for name in placement.isps],
    }


def _isp(name: str, placement: Placement) -> dict[str, Any]:
    inbox, spam = placement.inbox[name], placement.spam[name]
    return {
        "IspName": name,
        "InboxRawCount": inbox,
        "SpamRawCount": spam,
        "InboxPercentage": reports.percent(inbox, inbox + spam),
        "SpamPercentage": reports.percent(spam, inbox + spam),
    }


def _campaign(campaign: Campaign) -> dict[str, Any]:
    placement, arrivals = campaign.placement, campaign.arrivals
    times_seen = (
        {"FirstSeenDateTime": arrivals[0], "LastSeenDateTime": arrivals[-1]} if arrivals else {}
    )
    return {
        "CampaignId": campaign.campaign_id,
        "Subject": campaign.subject,
        "FromAddress": campaign.sender,
        "SendingIps": campaign.sending_ips,
        **times_seen,
        "InboxCount": placement.inbox.total(),
        "SpamCount": placement.spam.total(),
        "ReadRate": placement.read_percent,
        "ProjectedVolume": campaign.volume,
        "Esps": placement.isps,
    }
