"""Every operation of both APIs of SES, in the life of one account: `python every_operation.py`.

Each family makes what it is about, reads, changes and lists it; at the end all is deleted, and a
table shows what each call was answered.
"""

from __future__ import annotations

import sys
from typing import Any

import boto3
from moto import mock_aws
from tour import NOT_THERE_YET, REFUSED, REGION, Tour

from pytest_ses import DedicatedIp, SESBackend

ACCOUNT_ID = "123456789012"
SENDER, ADA, BOB = "news@example.com", "ada@gmail.com", "bob@yahoo.com"
POOL, IP, BUCKET = "own-pool", "192.0.2.5", "mailroom"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:feedback"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT_ID}:configuration-set/letters"
POLICY = '{"Version": "2012-10-17", "Statement": []}'
DATA = '{"name": "Ada", "month": "June"}'
RAW = f"From: {SENDER}\r\nTo: {BOB}\r\nSubject: Raw\r\n\r\nHello, Bob.\r\n".encode()
INCOMING = b"From: eve@example.org\r\nTo: desk@example.com\r\nSubject: Help\r\n\r\nPlease.\r\n"
LETTERS, RECEIPTS = ({"ConfigurationSetName": name} for name in ("letters", "receipts"))


def content(subject: str, text: str) -> dict[str, Any]:
    """What is in a mail, as both APIs have it."""
    return {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}


def to(*addresses: str) -> dict[str, list[str]]:
    """A destination, as both APIs have it."""
    return {"ToAddresses": [*addresses]}


def account(ses: Tour) -> None:
    """What holds for the whole account."""
    ses.v2("put_account_details", MailType="MARKETING", WebsiteURL="https://example.com")
    ses.v2("put_account_dedicated_ip_warmup_attributes", AutoWarmupEnabled=True)
    ses.v2("put_account_pricing_attributes", Plan="PRO")
    ses.v2("put_account_sending_attributes", SendingEnabled=False)
    ses.v2("put_account_suppression_attributes", SuppressedReasons=["BOUNCE", "COMPLAINT"])
    ses.v2("put_account_vdm_attributes", VdmAttributes={"VdmEnabled": "ENABLED"})
    ses.v1("update_account_sending_enabled", Enabled=True)
    ses.v1("get_account_sending_enabled")
    ses.v2("get_account")


def dedicated_ips(ses: Tour) -> None:
    """Addresses that nobody else sends from; AWS leases them, so here one is put."""
    ses.backend.account().dedicated_ips.put(IP, DedicatedIp(IP, warmup_percentage=20))
    ses.v2("create_dedicated_ip_pool", PoolName=POOL)
    ses.v2("put_dedicated_ip_in_pool", Ip=IP, DestinationPoolName=POOL)
    ses.v2("put_dedicated_ip_warmup_attributes", Ip=IP, WarmupPercentage=45)
    ses.v2("get_dedicated_ip", Ip=IP)
    ses.v2("put_dedicated_ip_pool_scaling_attributes", PoolName=POOL, ScalingMode="MANAGED")
    ses.v2("get_dedicated_ip_pool", "get_dedicated_ips", PoolName=POOL)
    ses.v2("list_dedicated_ip_pools")


def configuration_sets(ses: Tour) -> None:
    """How mail is sent: v1 makes one set, v2 the other, and each shows both."""
    clicks = {"TrackingOptions": {"CustomRedirectDomain": "click.example.com"}}
    archive = f"arn:aws:ses:{REGION}:{ACCOUNT_ID}:mailmanager-archive/a-{'1' * 24}"
    ses.v1("create_configuration_set", ConfigurationSet={"Name": "receipts"})
    ses.v1("create_configuration_set_tracking_options", **RECEIPTS, **clicks)
    ses.v1("update_configuration_set_tracking_options", **RECEIPTS, **clicks)
    ses.v1("delete_configuration_set_tracking_options", **RECEIPTS)
    tls = {"TlsPolicy": "Require"}
    ses.v1("put_configuration_set_delivery_options", **RECEIPTS, DeliveryOptions=tls)
    ses.v1("update_configuration_set_reputation_metrics_enabled", **RECEIPTS, Enabled=True)
    ses.v1("update_configuration_set_sending_enabled", **RECEIPTS, Enabled=True)
    ses.v2("create_configuration_set", **LETTERS, Tags=[{"Key": "team", "Value": "post"}])
    ses.v2("put_configuration_set_archiving_options", **LETTERS, ArchiveArn=archive)
    ses.v2("put_configuration_set_delivery_options", **LETTERS, SendingPoolName=POOL)
    ses.v2("put_configuration_set_reputation_options", **LETTERS, ReputationMetricsEnabled=True)
    ses.v2("put_configuration_set_sending_options", **LETTERS, SendingEnabled=True)
    ses.v2("put_configuration_set_suppression_options", **LETTERS, SuppressedReasons=["BOUNCE"])
    ses.v2("put_configuration_set_tracking_options", **LETTERS, **clicks["TrackingOptions"])
    vdm = {"DashboardOptions": {"EngagementMetrics": "ENABLED"}}
    ses.v2("put_configuration_set_vdm_options", **LETTERS, VdmOptions=vdm)
    signing = {"SigningScheme": {"DefaultScheme": {}}}
    ses.v2("update_configuration_set", **LETTERS, MessageSecurityOptions=signing)
    ses.v2("get_configuration_set", **LETTERS)
    ses.v1("list_configuration_sets")
    ses.v2("list_configuration_sets")


def event_destinations(ses: Tour) -> None:
    """Where it is told what happens to mail: here an SNS topic."""
    old = {"Name": "topic", "Enabled": True, "SNSDestination": {"TopicARN": TOPIC}}
    new = {"Enabled": True, "SnsDestination": {"TopicArn": TOPIC}}
    for verb, types in ("create", ["bounce"]), ("update", ["bounce", "complaint", "delivery"]):
        method = f"{verb}_configuration_set_event_destination"
        ses.v1(method, **RECEIPTS, EventDestination={**old, "MatchingEventTypes": types})
        told = {**new, "MatchingEventTypes": [one.upper() for one in types]}
        ses.v2(method, **LETTERS, EventDestinationName="news", EventDestination=told)
    shown = ["eventDestinations", "deliveryOptions"]
    ses.v1("describe_configuration_set", **RECEIPTS, ConfigurationSetAttributeNames=shown)
    ses.v2("get_configuration_set_event_destinations", **LETTERS)


def identities(ses: Tour) -> None:
    """Who may send: example.com was verified from the start, more are added."""
    ses.v1("verify_email_identity", EmailAddress="ada@example.org")
    ses.v1("verify_email_address", EmailAddress="bob@example.org")
    ses.backend.verify("ada@example.org", "bob@example.org")  # they follow the links
    ses.v1("verify_domain_identity", "verify_domain_dkim", Domain="example.net")
    ses.v2("create_email_identity", EmailIdentity="shop.example.com")
    ours, both = {"Identity": "example.com"}, ["example.com", "example.net"]
    bounces = {**ours, "NotificationType": "Bounce"}
    ses.v1("set_identity_dkim_enabled", **ours, DkimEnabled=True)
    ses.v1("set_identity_mail_from_domain", **ours, MailFromDomain="bounce.example.com")
    ses.v1("set_identity_notification_topic", **bounces, SnsTopic=TOPIC)
    ses.v1("set_identity_headers_in_notifications_enabled", **bounces, Enabled=True)
    ses.v1("set_identity_feedback_forwarding_enabled", **ours, ForwardingEnabled=True)
    ses.v1("get_identity_dkim_attributes", Identities=both)
    ses.v1("get_identity_mail_from_domain_attributes", Identities=["example.com"])
    ses.v1("get_identity_notification_attributes", Identities=["example.com"])
    ses.v1("get_identity_verification_attributes", Identities=both)
    shop, origin = {"EmailIdentity": "shop.example.com"}, {"SigningAttributesOrigin": "AWS_SES"}
    ses.v2("put_email_identity_configuration_set_attributes", **shop, **LETTERS)
    ses.v2("put_email_identity_dkim_attributes", **shop, SigningEnabled=True)
    ses.v2("put_email_identity_dkim_signing_attributes", **shop, **origin)
    ses.v2("put_email_identity_feedback_attributes", **shop, EmailForwardingEnabled=False)
    ses.v2("put_email_identity_mail_from_attributes", **shop, MailFromDomain="in.shop.example.com")
    ses.v2("get_email_identity", **shop)
    ses.v1("list_identities", "list_verified_email_addresses")
    ses.v2("list_email_identities")


def policies_and_certificates(ses: Tour) -> None:
    """Who else may send for an identity, and what its mail is signed with."""
    old, new = {"Identity": "example.com"}, {"EmailIdentity": "example.com"}
    ses.v1("put_identity_policy", **old, PolicyName="partner", Policy=POLICY)
    ses.v2("create_email_identity_policy", **new, PolicyName="agency", Policy=POLICY)
    ses.v2("update_email_identity_policy", **new, PolicyName="partner", Policy=POLICY)
    ses.v1("get_identity_policies", **old, PolicyNames=["agency"])
    ses.v2("get_email_identity_policies", **new)
    ses.v1("list_identity_policies", **old)
    ses.v1("delete_identity_policy", **old, PolicyName="agency")
    ses.v2("delete_email_identity_policy", **new, PolicyName="partner")
    arn = f"arn:aws:acm:{REGION}:{ACCOUNT_ID}:certificate/abc"
    signed = {**new, "FromAddress": SENDER}
    ses.v2("associate_email_identity_certificate", **signed, CertificateArn=arn)
    ses.v2("list_email_identity_certificates", **new)
    ses.v2("disassociate_email_identity_certificate", **signed)


def templates(ses: Tour) -> None:
    """What mail says: each API makes a template, and renders that of the other."""
    welcome = {"TemplateName": "welcome", "SubjectPart": "Welcome, {{name}}", "TextPart": "Hello!"}
    issue = {"Subject": "{{month}}", "Text": "Dear {{name}}, it is {{month}}."}
    html = {**issue, "Html": "<p>Dear {{name}}</p>"}
    ses.v1("create_template", Template=welcome)
    ses.v1("update_template", Template={**welcome, "TextPart": "Hello, {{name}}!"})
    ses.v2("create_email_template", TemplateName="issue", TemplateContent=issue)
    ses.v2("update_email_template", TemplateName="issue", TemplateContent=html)
    ses.v1("test_render_template", TemplateName="issue", TemplateData=DATA)
    ses.v2("test_render_email_template", TemplateName="welcome", TemplateData=DATA)
    ses.v1("get_template", TemplateName="issue")
    ses.v2("get_email_template", TemplateName="welcome")
    ses.v1("list_templates")
    ses.v2("list_email_templates")


def verification_templates(ses: Tour) -> None:
    """Mails that ask whether an address is its owner's, by both APIs."""
    words = {
        "FromEmailAddress": SENDER,
        "TemplateSubject": "Is it you?",
        "TemplateContent": "<p>Please confirm your address.</p>",
        "SuccessRedirectionURL": "https://example.com/yes",
        "FailureRedirectionURL": "https://example.com/no",
    }
    for api, name in (ses.v1, "old"), (ses.v2, "new"):
        template = {"TemplateName": name}
        for verb in "create", "update":
            api(f"{verb}_custom_verification_email_template", **template, **words)
        api("get_custom_verification_email_template", **template)
        api("list_custom_verification_email_templates")
        api("send_custom_verification_email", **template, EmailAddress=f"{name}@example.org")


def contacts(ses: Tour) -> None:
    """A contact list with one reader."""
    news = {"TopicName": "news", "DisplayName": "News", "DefaultSubscriptionStatus": "OPT_OUT"}
    wants = [{"TopicName": "news", "SubscriptionStatus": "OPT_IN"}]
    readers = {"ContactListName": "readers"}
    ses.v2("create_contact_list", **readers, Topics=[news])
    ses.v2("update_contact_list", **readers, Description="Our readers")
    ses.v2("get_contact_list", **readers)
    ses.v2("list_contact_lists")
    ses.v2("create_contact", **readers, EmailAddress=ADA)
    ses.v2("update_contact", **readers, EmailAddress=ADA, TopicPreferences=wants)
    ses.v2("get_contact", **readers, EmailAddress=ADA)
    ses.v2("list_contacts", **readers, Filter={"FilteredStatus": "OPT_IN"})


def tenants(ses: Tour) -> None:
    """A customer who sends by this account, what is theirs, and their reputation."""
    acme = {"TenantName": "acme"}
    arn = ses.v2("create_tenant", **acme).get("TenantArn", "none")
    ses.v2("create_tenant_resource_association", **acme, ResourceArn=SET)
    ses.v2("put_tenant_suppression_attributes", **acme, SuppressionScope="ACCOUNT")
    ses.v2("get_tenant", "list_tenant_resources", **acme)
    ses.v2("list_resource_tenants", ResourceArn=SET)
    ses.v2("list_tenants")
    entity = {"ReputationEntityReference": arn, "ReputationEntityType": "RESOURCE"}
    strict = f"arn:aws:ses:{REGION}:aws:reputation-policy/strict"
    change = "update_reputation_entity_customer_managed_status"
    ses.v2(change, **entity, SendingStatus="ENABLED")
    ses.v2("update_reputation_entity_policy", **entity, ReputationEntityPolicy=strict)
    ses.v2("get_reputation_entity", **entity)
    ses.v2("list_reputation_entities")


def tags(ses: Tour) -> None:
    """Tags of any resource."""
    ses.v2("tag_resource", ResourceArn=SET, Tags=[{"Key": "stage", "Value": "live"}])
    ses.v2("untag_resource", ResourceArn=SET, TagKeys=["team"])
    ses.v2("list_tags_for_resource", ResourceArn=SET)


def multi_region_endpoints(ses: Tour) -> None:
    """Endpoints that send from two regions."""
    routes = {"RoutesDetails": [{"Region": "eu-west-1"}]}
    ses.v2("create_multi_region_endpoint", EndpointName="global", Details=routes)
    ses.v2("get_multi_region_endpoint", EndpointName="global")
    ses.v2("list_multi_region_endpoints")
    ses.v2("delete_multi_region_endpoint", EndpointName="global")


def sending(ses: Tour) -> None:
    """Mail to a few readers, of whom one does not exist, and what became of it."""
    option = {"DashboardEnabled": True, "SubscribedDomains": [{"Domain": "example.com"}]}
    ses.v2("put_deliverability_dashboard_option", **option)
    ses.backend.recipient(BOB).bounces()
    june = {"Source": SENDER, "Destination": to(ADA)}
    ses.v1("send_email", **june, Message=content("Hello", "Hi, Ada."))
    ses.v1("send_templated_email", **june, Template="issue", TemplateData=DATA)
    ses.v1("send_raw_email", RawMessage={"Data": RAW})
    many = [{"Destination": to("cleo@hotmail.com")}, {"Destination": to(ADA)}]
    each = [{**one, "ReplacementTemplateData": "{}"} for one in many]
    issue = {"Template": "issue", "DefaultTemplateData": DATA, "Destinations": each}
    ses.v1("send_bulk_templated_email", Source=SENDER, **RECEIPTS, **issue)
    default = {"Template": {"TemplateName": "welcome", "TemplateData": DATA}}
    bulk = {"DefaultContent": default, "BulkEmailEntries": many}
    ses.v2("send_bulk_email", FromEmailAddress=SENDER, **LETTERS, **bulk)
    hello = {"FromEmailAddress": SENDER, "Content": {"Simple": content("July", "Hi, Ada.")}}
    sent = ses.v2("send_email", **hello, Destination=to(ADA), **LETTERS)
    ses.v1("get_send_quota", "get_send_statistics")
    ses.v2("get_message_insights", MessageId=sent.get("MessageId", "none"))
    ses.v2("get_email_address_insights", EmailAddress=ADA)
    query = {"Id": "sent", "Namespace": "VDM", "Metric": "SEND", **ses.days}
    ses.v2("batch_get_metric_data", Queries=[query])
    ses.v2("list_recommendations")


def deliverability(ses: Tour) -> None:
    """Where mail arrives: tests beforehand, and reports of what was sent."""
    ses.v2("get_deliverability_dashboard_options")
    test = {"ReportName": "July", "Content": {"Simple": content("July", "Is it spam?")}}
    made = ses.v2("create_deliverability_test_report", FromEmailAddress=SENDER, **test)
    ses.v2("get_domain_statistics_report", Domain="example.com", **ses.days)
    found = ses.v2(
        "list_domain_deliverability_campaigns", SubscribedDomain="example.com", **ses.days
    )
    campaign = next(iter(found.get("DomainDeliverabilityCampaigns", ())), {"CampaignId": "none"})
    ses.v2("get_domain_deliverability_campaign", CampaignId=campaign["CampaignId"])
    ses.v2("get_blacklist_reports", BlacklistItemNames=[IP])
    ses.backend.clock.advance(hours=25)
    ses.v2("get_deliverability_test_report", ReportId=made.get("ReportId", "none"))
    ses.v2("list_deliverability_test_reports")


def suppression_and_jobs(ses: Tour) -> None:
    """Who gets no more mail, one by one and by a file; and files about what was sent."""
    ses.v2("put_suppressed_destination", EmailAddress="eve@example.org", Reason="COMPLAINT")
    file = f"{ADA},COMPLAINT\nnobody@example.org,SPAM\n".encode()
    boto3.client("s3", region_name=REGION).put_object(Bucket=BUCKET, Key="bad.csv", Body=file)
    put = {"SuppressionListDestination": {"SuppressionListImportAction": "PUT"}}
    source = {"S3Url": f"s3://{BUCKET}/bad.csv", "DataFormat": "CSV"}
    imported = ses.v2("create_import_job", ImportDestination=put, ImportDataSource=source)
    mails = {"MessageInsightsDataSource": ses.days}
    exported, given_up = (
        ses.v2("create_export_job", ExportDataSource=mails, ExportDestination={"DataFormat": kind})
        for kind in ("JSON", "CSV")
    )
    ses.v2("cancel_export_job", JobId=given_up.get("JobId", "none"))
    ses.backend.clock.advance(minutes=1)
    ses.v2("get_import_job", JobId=imported.get("JobId", "none"))
    ses.v2("get_export_job", JobId=exported.get("JobId", "none"))
    ses.v2("list_import_jobs", "list_export_jobs", "list_suppressed_destinations")
    ses.v2("get_suppressed_destination", "delete_suppressed_destination", EmailAddress=ADA)


def receiving(ses: Tour) -> None:
    """Mail that comes in, by rules of which one keeps it in a bucket; it is bounced all the same."""
    main = {"RuleSetName": "main"}
    keep = {"Name": "keep", "Enabled": True, "Actions": [{"S3Action": {"BucketName": BUCKET}}]}
    seen = {"AddHeaderAction": {"HeaderName": "X-Seen", "HeaderValue": "yes"}}
    ses.v1(
        "create_receipt_filter",
        Filter={"Name": "spam", "IpFilter": {"Policy": "Block", "Cidr": "192.0.2.0/24"}},
    )
    ses.v1("list_receipt_filters")
    ses.v1("create_receipt_rule_set", **main)
    ses.v1("create_receipt_rule", **main, Rule=keep)
    ses.v1("clone_receipt_rule_set", RuleSetName="spare", OriginalRuleSetName="main")
    ses.v1("update_receipt_rule", **main, Rule={**keep, "Actions": [seen, *keep["Actions"]]})
    ses.v1("set_receipt_rule_position", "describe_receipt_rule", **main, RuleName="keep")
    ses.v1("reorder_receipt_rule_set", **main, RuleNames=["keep"])
    ses.v1("describe_receipt_rule_set", "set_active_receipt_rule_set", **main)
    ses.v1("describe_active_receipt_rule_set", "list_receipt_rule_sets")
    came = ses.backend.receive(INCOMING)
    back = {"BounceSender": "desk@example.com", "OriginalMessageId": came.message_id}
    nobody = {"Recipient": "desk@example.com", "BounceType": "DoesNotExist"}
    ses.v1("send_bounce", **back, BouncedRecipientInfoList=[nobody])


def cleaning_up(ses: Tour) -> None:
    """Each API deletes what the other one made: it is one account."""
    ses.v1("delete_receipt_filter", FilterName="spam")
    ses.v1("delete_receipt_rule", RuleSetName="main", RuleName="keep")
    ses.v1("delete_receipt_rule_set", RuleSetName="spare")
    ses.v2("delete_contact", ContactListName="readers", EmailAddress=ADA)
    ses.v2("delete_contact_list", ContactListName="readers")
    ses.v1("delete_template", TemplateName="issue")
    ses.v2("delete_email_template", TemplateName="welcome")
    ses.v1("delete_custom_verification_email_template", TemplateName="new")
    ses.v2("delete_custom_verification_email_template", TemplateName="old")
    ses.v2("delete_tenant_resource_association", TenantName="acme", ResourceArn=SET)
    ses.v2("delete_tenant", TenantName="acme")
    delete = "delete_configuration_set_event_destination"
    ses.v1(delete, **LETTERS, EventDestinationName="news")
    ses.v2(delete, **RECEIPTS, EventDestinationName="topic")
    ses.v1("delete_configuration_set", **LETTERS)
    ses.v2("delete_configuration_set", **RECEIPTS)
    ses.v2("delete_dedicated_ip_pool", PoolName=POOL)
    ses.v1("delete_identity", Identity="shop.example.com")
    ses.v1("delete_verified_email_address", EmailAddress="bob@example.org")
    ses.v2("delete_email_identity", EmailIdentity="example.net")


def travel() -> Tour:
    """Call everything, while moto stands in for the bucket and the topic."""
    with mock_aws(), SESBackend(verified=["example.com"], account_id=ACCOUNT_ID) as backend:
        boto3.client("s3", region_name=REGION).create_bucket(Bucket=BUCKET)
        boto3.client("sns", region_name=REGION).create_topic(Name="feedback")
        tour = Tour(backend)
        for family in FAMILIES:
            family(tour)
    return tour


def main() -> int:
    """Print the table; gives 1 if an operation of the installed models was refused or not used."""
    tour = travel()
    print(*tour.rows, sep="\n")
    refused, unused = tour.count(REFUSED), tour.unused()
    counts = f"{refused} refused, {tour.count(NOT_THERE_YET)} not there yet, {len(unused)} not used"
    print(f"\n{len(tour.rows)} calls: {counts}", *unused, sep="\n  ")
    return 1 if refused or unused else 0


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
