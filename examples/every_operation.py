"""Every operation of both SES APIs, called on one account: `python every_operation.py`.

Each function handles one family of operations: it creates resources, then changes, reads and lists
them. At the end everything is deleted, and a table shows the result of each call.
"""

from __future__ import annotations

import sys
from typing import Any

import boto3
from moto import mock_aws
from tour import REGION, REJECTED, UNSUPPORTED, Tour

from pytest_ses import DedicatedIp, SESBackend

ACCOUNT_ID = "123456789012"
SENDER, ADA, BOB = "news@example.com", "ada@gmail.com", "bob@yahoo.com"
POOL, IP, BUCKET = "newsletter-pool", "192.0.2.5", "received-messages"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:feedback"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT_ID}:configuration-set/newsletters"
POLICY = '{"Version": "2012-10-17", "Statement": []}'
DATA = '{"name": "Ada", "month": "June"}'
RAW = f"From: {SENDER}\r\nTo: {BOB}\r\nSubject: Raw\r\n\r\nHello, Bob.\r\n".encode()
INCOMING = b"From: eve@example.org\r\nTo: desk@example.com\r\nSubject: Help\r\n\r\nPlease.\r\n"
NEWSLETTERS, RECEIPTS = ({"ConfigurationSetName": name} for name in ("newsletters", "receipts"))


def content(subject: str, text: str) -> dict[str, Any]:
    """The content of a message, in the format of both APIs."""
    return {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}


def to(*addresses: str) -> dict[str, list[str]]:
    """A destination, in the format of both APIs."""
    return {"ToAddresses": [*addresses]}


def account(tour: Tour) -> None:
    """Call the operations on account settings."""
    tour.v2("put_account_details", MailType="MARKETING", WebsiteURL="https://example.com")
    tour.v2("put_account_dedicated_ip_warmup_attributes", AutoWarmupEnabled=True)
    tour.v2("put_account_pricing_attributes", Plan="PRO")
    tour.v2("put_account_sending_attributes", SendingEnabled=False)
    tour.v2("put_account_suppression_attributes", SuppressedReasons=["BOUNCE", "COMPLAINT"])
    tour.v2("put_account_vdm_attributes", VdmAttributes={"VdmEnabled": "ENABLED"})
    tour.v1("update_account_sending_enabled", Enabled=True)
    tour.v1("get_account_sending_enabled")
    tour.v2("get_account")


def dedicated_ips(tour: Tour) -> None:
    """Call the operations on dedicated IP addresses. AWS leases them, so one is added here."""
    tour.backend.account().dedicated_ips.put(IP, DedicatedIp(IP, warmup_percentage=20))
    tour.v2("create_dedicated_ip_pool", PoolName=POOL)
    tour.v2("put_dedicated_ip_in_pool", Ip=IP, DestinationPoolName=POOL)
    tour.v2("put_dedicated_ip_warmup_attributes", Ip=IP, WarmupPercentage=45)
    tour.v2("get_dedicated_ip", Ip=IP)
    tour.v2("put_dedicated_ip_pool_scaling_attributes", PoolName=POOL, ScalingMode="MANAGED")
    tour.v2("get_dedicated_ip_pool", "get_dedicated_ips", PoolName=POOL)
    tour.v2("list_dedicated_ip_pools")


def configuration_sets(tour: Tour) -> None:
    """Configure one set with v1 and another with v2; each API lists both."""
    clicks = {"TrackingOptions": {"CustomRedirectDomain": "click.example.com"}}
    archive = f"arn:aws:ses:{REGION}:{ACCOUNT_ID}:mailmanager-archive/a-{'1' * 24}"
    tour.v1("create_configuration_set", ConfigurationSet={"Name": "receipts"})
    tour.v1("create_configuration_set_tracking_options", **RECEIPTS, **clicks)
    tour.v1("update_configuration_set_tracking_options", **RECEIPTS, **clicks)
    tour.v1("delete_configuration_set_tracking_options", **RECEIPTS)
    tls = {"TlsPolicy": "Require"}
    tour.v1("put_configuration_set_delivery_options", **RECEIPTS, DeliveryOptions=tls)
    tour.v1("update_configuration_set_reputation_metrics_enabled", **RECEIPTS, Enabled=True)
    tour.v1("update_configuration_set_sending_enabled", **RECEIPTS, Enabled=True)
    tour.v2("create_configuration_set", **NEWSLETTERS, Tags=[{"Key": "team", "Value": "marketing"}])
    tour.v2("put_configuration_set_archiving_options", **NEWSLETTERS, ArchiveArn=archive)
    tour.v2("put_configuration_set_delivery_options", **NEWSLETTERS, SendingPoolName=POOL)
    tour.v2(
        "put_configuration_set_reputation_options", **NEWSLETTERS, ReputationMetricsEnabled=True
    )
    tour.v2("put_configuration_set_sending_options", **NEWSLETTERS, SendingEnabled=True)
    tour.v2(
        "put_configuration_set_suppression_options", **NEWSLETTERS, SuppressedReasons=["BOUNCE"]
    )
    tour.v2("put_configuration_set_tracking_options", **NEWSLETTERS, **clicks["TrackingOptions"])
    vdm = {"DashboardOptions": {"EngagementMetrics": "ENABLED"}}
    tour.v2("put_configuration_set_vdm_options", **NEWSLETTERS, VdmOptions=vdm)
    signing = {"SigningScheme": {"DefaultScheme": {}}}
    tour.v2("update_configuration_set", **NEWSLETTERS, MessageSecurityOptions=signing)
    tour.v2("get_configuration_set", **NEWSLETTERS)
    tour.v1("list_configuration_sets")
    tour.v2("list_configuration_sets")


def event_destinations(tour: Tour) -> None:
    """Create and update event destinations that publish to an SNS topic."""
    v1_destination = {"Name": "topic", "Enabled": True, "SNSDestination": {"TopicARN": TOPIC}}
    v2_destination = {"Enabled": True, "SnsDestination": {"TopicArn": TOPIC}}
    for verb, types in ("create", ["bounce"]), ("update", ["bounce", "complaint", "delivery"]):
        method = f"{verb}_configuration_set_event_destination"
        tour.v1(
            method, **RECEIPTS, EventDestination={**v1_destination, "MatchingEventTypes": types}
        )
        destination = {
            **v2_destination,
            "MatchingEventTypes": [event_type.upper() for event_type in types],
        }
        tour.v2(method, **NEWSLETTERS, EventDestinationName="news", EventDestination=destination)
    attributes = ["eventDestinations", "deliveryOptions"]
    tour.v1("describe_configuration_set", **RECEIPTS, ConfigurationSetAttributeNames=attributes)
    tour.v2("get_configuration_set_event_destinations", **NEWSLETTERS)


def identities(tour: Tour) -> None:
    """Add identities and change their settings; example.com is verified from the start."""
    tour.v1("verify_email_identity", EmailAddress="ada@example.org")
    tour.v1("verify_email_address", EmailAddress="bob@example.org")
    # As if the owners of the addresses followed the links in their verification emails.
    tour.backend.verify("ada@example.org", "bob@example.org")
    tour.v1("verify_domain_identity", "verify_domain_dkim", Domain="example.net")
    tour.v2("create_email_identity", EmailIdentity="shop.example.com")
    identity, domains = {"Identity": "example.com"}, ["example.com", "example.net"]
    bounces = {**identity, "NotificationType": "Bounce"}
    tour.v1("set_identity_dkim_enabled", **identity, DkimEnabled=True)
    tour.v1("set_identity_mail_from_domain", **identity, MailFromDomain="bounce.example.com")
    tour.v1("set_identity_notification_topic", **bounces, SnsTopic=TOPIC)
    tour.v1("set_identity_headers_in_notifications_enabled", **bounces, Enabled=True)
    tour.v1("set_identity_feedback_forwarding_enabled", **identity, ForwardingEnabled=True)
    tour.v1("get_identity_dkim_attributes", Identities=domains)
    tour.v1("get_identity_mail_from_domain_attributes", Identities=["example.com"])
    tour.v1("get_identity_notification_attributes", Identities=["example.com"])
    tour.v1("get_identity_verification_attributes", Identities=domains)
    shop, origin = {"EmailIdentity": "shop.example.com"}, {"SigningAttributesOrigin": "AWS_SES"}
    tour.v2("put_email_identity_configuration_set_attributes", **shop, **NEWSLETTERS)
    tour.v2("put_email_identity_dkim_attributes", **shop, SigningEnabled=True)
    tour.v2("put_email_identity_dkim_signing_attributes", **shop, **origin)
    tour.v2("put_email_identity_feedback_attributes", **shop, EmailForwardingEnabled=False)
    tour.v2("put_email_identity_mail_from_attributes", **shop, MailFromDomain="in.shop.example.com")
    tour.v2("get_email_identity", **shop)
    tour.v1("list_identities", "list_verified_email_addresses")
    tour.v2("list_email_identities")


def policies_and_certificates(tour: Tour) -> None:
    """Authorize other senders for an identity, and associate a signing certificate."""
    v1_identity, v2_identity = {"Identity": "example.com"}, {"EmailIdentity": "example.com"}
    tour.v1("put_identity_policy", **v1_identity, PolicyName="partner", Policy=POLICY)
    tour.v2("create_email_identity_policy", **v2_identity, PolicyName="agency", Policy=POLICY)
    tour.v2("update_email_identity_policy", **v2_identity, PolicyName="partner", Policy=POLICY)
    tour.v1("get_identity_policies", **v1_identity, PolicyNames=["agency"])
    tour.v2("get_email_identity_policies", **v2_identity)
    tour.v1("list_identity_policies", **v1_identity)
    tour.v1("delete_identity_policy", **v1_identity, PolicyName="agency")
    tour.v2("delete_email_identity_policy", **v2_identity, PolicyName="partner")
    arn = f"arn:aws:acm:{REGION}:{ACCOUNT_ID}:certificate/abc"
    sender = {**v2_identity, "FromAddress": SENDER}
    tour.v2("associate_email_identity_certificate", **sender, CertificateArn=arn)
    tour.v2("list_email_identity_certificates", **v2_identity)
    tour.v2("disassociate_email_identity_certificate", **sender)


def templates(tour: Tour) -> None:
    """Create a template with each API and render it with the other."""
    welcome = {"TemplateName": "welcome", "SubjectPart": "Welcome, {{name}}", "TextPart": "Hello!"}
    issue = {"Subject": "{{month}}", "Text": "Dear {{name}}, it is {{month}}."}
    html = {**issue, "Html": "<p>Dear {{name}}</p>"}
    tour.v1("create_template", Template=welcome)
    tour.v1("update_template", Template={**welcome, "TextPart": "Hello, {{name}}!"})
    tour.v2("create_email_template", TemplateName="issue", TemplateContent=issue)
    tour.v2("update_email_template", TemplateName="issue", TemplateContent=html)
    tour.v1("test_render_template", TemplateName="issue", TemplateData=DATA)
    tour.v2("test_render_email_template", TemplateName="welcome", TemplateData=DATA)
    tour.v1("get_template", TemplateName="issue")
    tour.v2("get_email_template", TemplateName="welcome")
    tour.v1("list_templates")
    tour.v2("list_email_templates")


def verification_templates(tour: Tour) -> None:
    """Create verification templates with both APIs, and send with them."""
    settings = {
        "FromEmailAddress": SENDER,
        "TemplateSubject": "Is it you?",
        "TemplateContent": "<p>Please confirm your address.</p>",
        "SuccessRedirectionURL": "https://example.com/yes",
        "FailureRedirectionURL": "https://example.com/no",
    }
    for api, name in (tour.v1, "old"), (tour.v2, "new"):
        template = {"TemplateName": name}
        for verb in "create", "update":
            api(f"{verb}_custom_verification_email_template", **template, **settings)
        api("get_custom_verification_email_template", **template)
        api("list_custom_verification_email_templates")
        api("send_custom_verification_email", **template, EmailAddress=f"{name}@example.org")


def contacts(tour: Tour) -> None:
    """Create a contact list with one contact."""
    news = {"TopicName": "news", "DisplayName": "News", "DefaultSubscriptionStatus": "OPT_OUT"}
    preferences = [{"TopicName": "news", "SubscriptionStatus": "OPT_IN"}]
    readers = {"ContactListName": "readers"}
    tour.v2("create_contact_list", **readers, Topics=[news])
    tour.v2("update_contact_list", **readers, Topics=[news], Description="Our readers")
    tour.v2("get_contact_list", **readers)
    tour.v2("list_contact_lists")
    tour.v2("create_contact", **readers, EmailAddress=ADA)
    tour.v2("update_contact", **readers, EmailAddress=ADA, TopicPreferences=preferences)
    tour.v2("get_contact", **readers, EmailAddress=ADA)
    tour.v2("list_contacts", **readers, Filter={"FilteredStatus": "OPT_IN"})


def tenants(tour: Tour) -> None:
    """Create a tenant, and manage its resources and reputation."""
    acme = {"TenantName": "acme"}
    arn = tour.v2("create_tenant", **acme).get("TenantArn", "none")
    tour.v2("create_tenant_resource_association", **acme, ResourceArn=SET)
    tour.v2("put_tenant_suppression_attributes", **acme, SuppressionScope="ACCOUNT")
    tour.v2("get_tenant", "list_tenant_resources", **acme)
    tour.v2("list_resource_tenants", ResourceArn=SET)
    tour.v2("list_tenants")
    entity = {"ReputationEntityReference": arn, "ReputationEntityType": "RESOURCE"}
    strict = f"arn:aws:ses:{REGION}:aws:reputation-policy/strict"
    change = "update_reputation_entity_customer_managed_status"
    tour.v2(change, **entity, SendingStatus="ENABLED")
    tour.v2("update_reputation_entity_policy", **entity, ReputationEntityPolicy=strict)
    tour.v2("get_reputation_entity", **entity)
    tour.v2("list_reputation_entities")


def tags(tour: Tour) -> None:
    """Tag and untag a resource."""
    tour.v2("tag_resource", ResourceArn=SET, Tags=[{"Key": "stage", "Value": "live"}])
    tour.v2("untag_resource", ResourceArn=SET, TagKeys=["team"])
    tour.v2("list_tags_for_resource", ResourceArn=SET)


def multi_region_endpoints(tour: Tour) -> None:
    """Create an endpoint that sends from two regions."""
    routes = {"RoutesDetails": [{"Region": "eu-west-1"}]}
    tour.v2("create_multi_region_endpoint", EndpointName="global", Details=routes)
    tour.v2("get_multi_region_endpoint", EndpointName="global")
    tour.v2("list_multi_region_endpoints")
    tour.v2("delete_multi_region_endpoint", EndpointName="global")


def sending(tour: Tour) -> None:
    """Send messages in every way, one of which bounces, and read the statistics."""
    option = {"DashboardEnabled": True, "SubscribedDomains": [{"Domain": "example.com"}]}
    tour.v2("put_deliverability_dashboard_option", **option)
    tour.backend.recipient(BOB).bounces()
    to_ada = {"Source": SENDER, "Destination": to(ADA)}
    tour.v1("send_email", **to_ada, Message=content("Hello", "Hi, Ada."))
    tour.v1("send_templated_email", **to_ada, Template="issue", TemplateData=DATA)
    tour.v1("send_raw_email", RawMessage={"Data": RAW})
    destinations = [{"Destination": to("cleo@hotmail.com")}, {"Destination": to(ADA)}]
    v1_destinations = [
        {**destination, "ReplacementTemplateData": "{}"} for destination in destinations
    ]
    issue = {"Template": "issue", "DefaultTemplateData": DATA, "Destinations": v1_destinations}
    tour.v1("send_bulk_templated_email", Source=SENDER, **RECEIPTS, **issue)
    default = {"Template": {"TemplateName": "welcome", "TemplateData": DATA}}
    bulk = {"DefaultContent": default, "BulkEmailEntries": destinations}
    tour.v2("send_bulk_email", FromEmailAddress=SENDER, **NEWSLETTERS, **bulk)
    hello = {"FromEmailAddress": SENDER, "Content": {"Simple": content("July", "Hi, Ada.")}}
    sent = tour.v2("send_email", **hello, Destination=to(ADA), **NEWSLETTERS)
    tour.v1("get_send_quota", "get_send_statistics")
    tour.v2("get_message_insights", MessageId=sent.get("MessageId", "none"))
    tour.v2("get_email_address_insights", EmailAddress=ADA)
    query = {"Id": "sent", "Namespace": "VDM", "Metric": "SEND", **tour.days}
    tour.v2("batch_get_metric_data", Queries=[query])
    tour.v2("list_recommendations")


def deliverability(tour: Tour) -> None:
    """Test inbox placement before sending, and read reports afterwards."""
    tour.v2("get_deliverability_dashboard_options")
    test = {"ReportName": "July", "Content": {"Simple": content("July", "Will this arrive?")}}
    created = tour.v2("create_deliverability_test_report", FromEmailAddress=SENDER, **test)
    tour.v2("get_domain_statistics_report", Domain="example.com", **tour.days)
    campaigns = tour.v2(
        "list_domain_deliverability_campaigns", SubscribedDomain="example.com", **tour.days
    )
    campaign = next(
        iter(campaigns.get("DomainDeliverabilityCampaigns", ())), {"CampaignId": "none"}
    )
    tour.v2("get_domain_deliverability_campaign", CampaignId=campaign["CampaignId"])
    tour.v2("get_blacklist_reports", BlacklistItemNames=[IP])
    tour.backend.clock.advance(hours=25)
    tour.v2("get_deliverability_test_report", ReportId=created.get("ReportId", "none"))
    tour.v2("list_deliverability_test_reports")


def suppression_and_jobs(tour: Tour) -> None:
    """Suppress addresses one by one and with an import job; export what was sent."""
    tour.v2("put_suppressed_destination", EmailAddress="eve@example.org", Reason="COMPLAINT")
    file = f"{ADA},COMPLAINT\nnobody@example.org,SPAM\n".encode()
    boto3.client("s3", region_name=REGION).put_object(Bucket=BUCKET, Key="bad.csv", Body=file)
    put = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
    source = {"S3Url": f"s3://{BUCKET}/bad.csv", "DataFormat": "CSV"}
    imported = tour.v2("create_import_job", ImportDestination=put, ImportDataSource=source)
    messages = {"MessageInsightsDataSource": tour.days}
    exported, cancelled = (
        tour.v2(
            "create_export_job",
            ExportDataSource=messages,
            ExportDestination={"DataFormat": data_format},
        )
        for data_format in ("JSON", "CSV")
    )
    tour.v2("cancel_export_job", JobId=cancelled.get("JobId", "none"))
    tour.backend.clock.advance(minutes=1)
    tour.v2("get_import_job", JobId=imported.get("JobId", "none"))
    tour.v2("get_export_job", JobId=exported.get("JobId", "none"))
    tour.v2("list_import_jobs", "list_export_jobs", "list_suppressed_destinations")
    tour.v2("get_suppressed_destination", "delete_suppressed_destination", EmailAddress=ADA)


def receiving(tour: Tour) -> None:
    """Receive a message with a rule that stores it in a bucket, and bounce it."""
    main = {"RuleSetName": "main"}
    keep = {"Name": "keep", "Enabled": True, "Actions": [{"S3Action": {"BucketName": BUCKET}}]}
    add_header = {"AddHeaderAction": {"HeaderName": "X-Received", "HeaderValue": "yes"}}
    tour.v1(
        "create_receipt_filter",
        Filter={"Name": "spam", "IpFilter": {"Policy": "Block", "Cidr": "192.0.2.0/24"}},
    )
    tour.v1("list_receipt_filters")
    tour.v1("create_receipt_rule_set", **main)
    tour.v1("create_receipt_rule", **main, Rule=keep)
    tour.v1("clone_receipt_rule_set", RuleSetName="spare", OriginalRuleSetName="main")
    tour.v1("update_receipt_rule", **main, Rule={**keep, "Actions": [add_header, *keep["Actions"]]})
    tour.v1("set_receipt_rule_position", "describe_receipt_rule", **main, RuleName="keep")
    tour.v1("reorder_receipt_rule_set", **main, RuleNames=["keep"])
    tour.v1("describe_receipt_rule_set", "set_active_receipt_rule_set", **main)
    tour.v1("describe_active_receipt_rule_set", "list_receipt_rule_sets")
    received = tour.backend.receive(INCOMING)
    bounce = {"BounceSender": "desk@example.com", "OriginalMessageId": received.message_id}
    recipient = {"Recipient": "desk@example.com", "BounceType": "DoesNotExist"}
    tour.v1("send_bounce", **bounce, BouncedRecipientInfoList=[recipient])


def cleaning_up(tour: Tour) -> None:
    """Delete with each API what the other one created."""
    tour.v1("delete_receipt_filter", FilterName="spam")
    tour.v1("delete_receipt_rule", RuleSetName="main", RuleName="keep")
    tour.v1("delete_receipt_rule_set", RuleSetName="spare")
    tour.v2("delete_contact", ContactListName="readers", EmailAddress=ADA)
    tour.v2("delete_contact_list", ContactListName="readers")
    tour.v1("delete_template", TemplateName="issue")
    tour.v2("delete_email_template", TemplateName="welcome")
    tour.v1("delete_custom_verification_email_template", TemplateName="new")
    tour.v2("delete_custom_verification_email_template", TemplateName="old")
    tour.v2("delete_tenant_resource_association", TenantName="acme", ResourceArn=SET)
    tour.v2("delete_tenant", TenantName="acme")
    delete = "delete_configuration_set_event_destination"
    tour.v1(delete, **NEWSLETTERS, EventDestinationName="news")
    tour.v2(delete, **RECEIPTS, EventDestinationName="topic")
    tour.v1("delete_configuration_set", **NEWSLETTERS)
    tour.v2("delete_configuration_set", **RECEIPTS)
    tour.v2("delete_dedicated_ip_pool", PoolName=POOL)
    tour.v1("delete_identity", Identity="shop.example.com")
    tour.v1("delete_verified_email_address", EmailAddress="bob@example.org")
    tour.v2("delete_email_identity", EmailIdentity="example.net")


def call_every_operation() -> Tour:
    """Call every operation, with a bucket and a topic of moto."""
    with mock_aws(), SESBackend(verified=["example.com"], account_id=ACCOUNT_ID) as backend:
        boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
        boto3.client("sns", region_name=REGION).create_topic(Name="feedback")
        tour = Tour(backend)
        for family in FAMILIES:
            family(tour)
    return tour


def main() -> int:
    """Print the table; return 1 if an operation was rejected or not called."""
    tour = call_every_operation()
    print(*tour.rows, sep="\n")
    rejected, unused = tour.count(REJECTED), tour.unused()
    counts = f"{rejected} rejected, {tour.count(UNSUPPORTED)} unsupported, {len(unused)} not called"
    print(f"\n{len(tour.rows)} calls: {counts}", *unused, sep="\n  ")
    return 1 if rejected or unused else 0


FAMILIES = [
    account,
    dedicated_ips,
    configuration_sets,
    event_destinations,
    identities,
    policies_and_certificates,
    templates,
    verification_templates,
    contacts,
    tenants,
    tags,
    multi_region_endpoints,
    sending,
    deliverability,
    suppression_and_jobs,
    receiving,
    cleaning_up,
]

if __name__ == "__main__":
    sys.exit(main())
