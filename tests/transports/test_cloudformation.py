"""Stacks in moto's CloudFormation with resources of SES: created, changed, deleted and rolled back."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress

import boto3
import pytest
from asking import error_of
from botocore.exceptions import ClientError
from botocore_models import needs
from moto import mock_aws

from pytest_ses import SESBackend, Timeout, UnsupportedResourceWarning

REGION = "us-east-1"
ARN = f"arn:aws:ses:{REGION}:123456789012"
needs_tenants = needs("sesv2", "CreateTenant")
needs_certificates = needs("sesv2", "AssociateEmailIdentityCertificate")
needs_endpoints = needs("sesv2", "CreateMultiRegionEndpoint")
TOPIC = {"Type": "AWS::SNS::Topic"}
TEMPLATE = {"TemplateName": "welcome", "SubjectPart": "Welcome", "TextPart": "Hello"}


def ses(kind, _depends_on=(), **properties):
    """A resource of SES, as a template has it."""
    resource = {"Type": f"AWS::SES::{kind}", "Properties": properties}
    return {**resource, "DependsOn": list(_depends_on)} if _depends_on else resource


def ref(name):
    return {"Ref": name}


class Stack:
    """A stack that a test deploys."""

    def __init__(self):
        self.client = boto3.client("cloudformation", region_name=REGION)

    def create(self, outputs=None, **resources):
        return self.deploy(self.client.create_stack, resources, outputs)

    def update(self, outputs=None, **resources):
        return self.deploy(self.client.update_stack, resources, outputs)

    def deploy(self, operation, resources, outputs=None, **more):
        body = {"Resources": resources, "Outputs": outputs or {}, **more.pop("sections", {})}
        operation(StackName="mail", TemplateBody=json.dumps(body), **more)
        return {
            each["OutputKey"]: each["OutputValue"] for each in self.described().get("Outputs", [])
        }

    def delete(self):
        self.client.delete_stack(StackName="mail")

    def described(self):
        return self.client.describe_stacks(StackName="mail")["Stacks"][0]

    def events(self):
        """The statuses of the stack with their reasons, the oldest first."""
        events = self.client.describe_stack_events(StackName="mail")["StackEvents"]
        return [(each["ResourceStatus"], each.get("ResourceStatusReason")) for each in events[::-1]]


@pytest.fixture
def stack(ses_backend):
    ses_backend.verify("verified.example.com")
    with mock_aws():
        yield Stack()


def refused(call, *args, **params):
    """The text of the error that a call of CloudFormation raises."""
    code, _status, message = error_of(call, *args, **params)
    assert code == "ValidationError"
    return message


CREATED = {
    "ConfigurationSet": (ses("ConfigurationSet", Name="news"), "news", "configuration_sets"),
    "ContactList": (ses("ContactList", ContactListName="readers"), "readers", "contact_lists"),
    "DedicatedIpPool": (ses("DedicatedIpPool", PoolName="pool"), "pool", "dedicated_ip_pools"),
    "EmailIdentity": (ses("EmailIdentity", EmailIdentity="a.example"), "a.example", "identities"),
    "Template": (ses("Template", Template=TEMPLATE), "welcome", "templates"),
    "CustomVerificationEmailTemplate": (
        ses(
            "CustomVerificationEmailTemplate",
            TemplateName="confirm",
            FromEmailAddress="news@verified.example.com",
            TemplateSubject="Confirm",
            TemplateContent="<p>Confirm</p>",
            SuccessRedirectionURL="https://example.com/yes",
            FailureRedirectionURL="https://example.com/no",
        ),
        "confirm",
        "verification_templates",
    ),
    "ReceiptFilter": (
        ses(
            "ReceiptFilter",
            Filter={"Name": "block", "IpFilter": {"Cidr": "192.0.2.1", "Policy": "Block"}},
        ),
        "block",
        "receipt_filters",
    ),
    "ReceiptRuleSet": (ses("ReceiptRuleSet", RuleSetName="rules"), "rules", "receipt_rule_sets"),
    "Tenant": pytest.param(
        (ses("Tenant", TenantName="shop"), "shop", "tenants"), marks=needs_tenants
    ),
    "MultiRegionEndpoint": pytest.param(
        (
            ses(
                "MultiRegionEndpoint",
                EndpointName="both",
                Details={"RouteDetails": [{"Region": "eu-west-1"}]},
            ),
            "both",
            "multi_region_endpoints",
        ),
        marks=needs_endpoints,
    ),
}


@pytest.mark.parametrize("case", CREATED.values(), ids=CREATED)
def test_resources(ses_backend, stack, case):
    """A stack creates its resource in the account, `Ref` returns its name, and deletion removes it."""
    resource, name, store = case
    outputs = stack.create(Resource=resource, outputs={"Ref": {"Value": ref("Resource")}})
    assert outputs == {"Ref": name}
    assert name in getattr(ses_backend.account(), store)
    (described,) = stack.client.describe_stack_resources(StackName="mail")["StackResources"]
    assert described["PhysicalResourceId"] == name
    assert described["ResourceType"] == resource["Type"]
    stack.delete()
    assert name not in getattr(ses_backend.account(), store)
    assert "mail" not in [each["StackName"] for each in stack.client.describe_stacks()["Stacks"]]


def test_settings_of_the_account(ses_backend, stack):
    """The attributes of the Virtual Deliverability Manager apply until the stack is deleted."""
    attributes = {"DashboardAttributes": {"EngagementMetrics": "ENABLED"}}
    sesv2 = boto3.client("sesv2", region_name=REGION)
    output = {"Id": {"Value": {"Fn::GetAtt": ["Vdm", "VdmAttributesResourceId"]}}}
    assert stack.create(Vdm=ses("VdmAttributes", **attributes), outputs=output)["Id"]
    assert (
        sesv2.get_account()["VdmAttributes"].items()
        >= {"VdmEnabled": "ENABLED", **attributes}.items()
    )
    stack.update(
        Vdm=ses("VdmAttributes", GuardianAttributes={"OptimizedSharedDelivery": "ENABLED"})
    )
    assert sesv2.get_account()["VdmAttributes"]["GuardianAttributes"]
    stack.delete()
    assert sesv2.get_account()["VdmAttributes"]["VdmEnabled"] == "DISABLED"


def test_generated_names(ses_backend, stack):
    """A resource without a name has one of at most 64 characters, with stack and logical ID."""
    long = "Configuration" * 6
    stack.create(**{"Short": ses("ConfigurationSet"), long: ses("ConfigurationSet")})
    short, shortened = ses_backend.account().configuration_sets
    assert short.startswith("mail-Short-")
    assert shortened.startswith("mail-Configuration")
    assert len(shortened) == 64


def test_generated_names_are_kept(ses_backend, stack):
    """A change in place keeps the generated name."""
    stack.create(List=ses("ContactList", Description="old"))
    (name,) = ses_backend.account().contact_lists
    stack.update(List=ses("ContactList", Description="new"))
    assert ses_backend.account().contact_lists[name].description == "new"


def test_region_of_the_stack(ses_backend, stack):
    """The resources of a stack are in its region."""
    client = boto3.client("cloudformation", region_name="eu-west-1")
    body = json.dumps({"Resources": {"News": ses("ConfigurationSet", Name="news")}})
    client.create_stack(StackName="mail", TemplateBody=body)
    assert "news" in ses_backend.account(region="eu-west-1").configuration_sets
    assert not ses_backend.account().configuration_sets


@pytest.mark.ses(account_id="555566667777")
def test_default_account(ses_backend, stack):
    """Stacks of moto's default account are in the default account of the backend."""
    tags = [{"Key": "stage", "Value": "test"}]
    stack.create(News=ses("ConfigurationSet", Name="news"))
    stack.update(News=ses("ConfigurationSet", Name="news", Tags=tags))
    assert ses_backend.account().configuration_sets["news"].tags == {"stage": "test"}


def test_accounts_of_roles(ses_backend, stack):
    """A stack that is deployed with keys of moto's STS is in the account of these keys."""
    sts = boto3.client("sts", region_name=REGION)
    role = "arn:aws:iam::555566667777:role/deployer"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    stack.client = boto3.client(
        "cloudformation",
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    stack.create(News=ses("ConfigurationSet", Name="news"))
    assert "news" in ses_backend.account(account_id="555566667777").configuration_sets


UPDATES = {
    "DeliveryOptions": (
        {"TlsPolicy": "REQUIRE"},
        {"TlsPolicy": "REQUIRE"},
        None,
    ),
    "SendingOptions": (
        {"SendingEnabled": "false"},
        {"SendingEnabled": False},
        {"SendingEnabled": True},
    ),
    "SuppressionOptions": (
        {"SuppressedReasons": ["BOUNCE"]},
        {"SuppressedReasons": ["BOUNCE"]},
        None,
    ),
    "VdmOptions": (
        {"DashboardOptions": {"EngagementMetrics": "ENABLED"}},
        {"DashboardOptions": {"EngagementMetrics": "ENABLED"}},
        None,
    ),
}


@pytest.mark.parametrize(("option", "case"), UPDATES.items(), ids=UPDATES)
def test_options_of_configuration_sets(stack, option, case):
    """An option is changed in place, and reset when the template no longer has it."""
    value, changed, reset = case
    sesv2 = boto3.client("sesv2", region_name=REGION)
    stack.create(News=ses("ConfigurationSet", Name="news"))
    stack.update(News=ses("ConfigurationSet", Name="news", **{option: value}))
    assert sesv2.get_configuration_set(ConfigurationSetName="news")[option] == changed
    stack.update(News=ses("ConfigurationSet", Name="news"))
    assert (sesv2.get_configuration_set(ConfigurationSetName="news").get(option) or None) == reset


def test_tags(ses_backend, stack):
    """Tags are added, changed and removed, and nothing else is changed."""

    def tagged(**tags):
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        return ses("ConfigurationSet", Name="news", Tags=pairs)

    stack.create(News=tagged(stage="test", team="mail"))
    ses_backend.calls.clear()
    stack.update(News=tagged(stage="live", owner="ada"))
    assert ses_backend.account().configuration_sets["news"].tags == {
        "stage": "live",
        "owner": "ada",
    }
    assert ["UntagResource", "TagResource"] == [call.operation for call in ses_backend.calls]
    stack.update(News=tagged(stage="live"))
    assert ses_backend.account().configuration_sets["news"].tags == {"stage": "live"}


def test_identities(ses_backend, stack):
    """The settings of an identity are set, changed and reset in place."""
    sesv2 = boto3.client("sesv2", region_name=REGION)
    sets = {name: ses("ConfigurationSet", Name=name.lower()) for name in ("News", "Alerts")}
    stack.create(
        **sets,
        Identity=ses(
            "EmailIdentity",
            EmailIdentity="a.example",
            ConfigurationSetAttributes={"ConfigurationSetName": ref("News")},
            DkimAttributes={"SigningEnabled": False},
            DkimSigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"},
            FeedbackAttributes={"EmailForwardingEnabled": False},
            MailFromAttributes={"MailFromDomain": "mail.a.example"},
        ),
    )
    identity = sesv2.get_email_identity(EmailIdentity="a.example")
    assert identity["ConfigurationSetName"] == "news"
    assert identity["DkimAttributes"]["NextSigningKeyLength"] == "RSA_1024_BIT"
    assert not identity["DkimAttributes"]["SigningEnabled"]
    assert not identity["FeedbackForwardingStatus"]
    assert identity["MailFromAttributes"]["MailFromDomain"] == "mail.a.example"
    stack.update(
        **sets,
        Identity=ses(
            "EmailIdentity",
            EmailIdentity="a.example",
            ConfigurationSetAttributes={"ConfigurationSetName": ref("Alerts")},
            DkimSigningAttributes={"NextSigningKeyLength": "RSA_2048_BIT"},
        ),
    )
    identity = sesv2.get_email_identity(EmailIdentity="a.example")
    assert identity["ConfigurationSetName"] == "alerts"
    assert identity["DkimAttributes"]["NextSigningKeyLength"] == "RSA_2048_BIT"
    assert identity["DkimAttributes"]["SigningEnabled"]
    assert identity["FeedbackForwardingStatus"]
    stack.update(**sets, Identity=ses("EmailIdentity", EmailIdentity="a.example"))
    assert "ConfigurationSetName" not in sesv2.get_email_identity(EmailIdentity="a.example")


def test_dkim_records(stack):
    """The attributes of a domain are its DNS records; an address has none."""
    attribute = {"Record": {"Value": {"Fn::GetAtt": ["Identity", "DkimDNSTokenValue3"]}}}
    domain = ses("EmailIdentity", EmailIdentity="a.example")
    record = stack.create(Identity=domain, outputs=attribute)["Record"]
    identity = boto3.client("sesv2", region_name=REGION).get_email_identity(
        EmailIdentity="a.example"
    )
    assert record.startswith(identity["DkimAttributes"]["Tokens"][2])
    assert ".dkim." in record
    stack.delete()
    address = ses("EmailIdentity", EmailIdentity="ada@a.example")
    copy = ses("ConfigurationSet", Name={"Fn::GetAtt": ["Identity", "DkimDNSTokenName1"]})
    message = refused(stack.create, Identity=address, Copy=copy)
    assert "resource Identity does not support attribute type DkimDNSTokenName1" in message


def test_event_destinations(stack):
    """An event destination is changed in place, and replaced if its configuration set changes."""
    sesv2 = boto3.client("sesv2", region_name=REGION)
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "events"}}

    def destination(configuration_set, *events):
        return ses(
            "ConfigurationSetEventDestination",
            ConfigurationSetName=ref(configuration_set),
            EventDestination={
                "Name": "events",
                "Enabled": True,
                "MatchingEventTypes": events,
                "SnsDestination": {"TopicARN": ref("Topic")},
            },
        )

    def destinations(name):
        listed = sesv2.get_configuration_set_event_destinations(ConfigurationSetName=name)
        return [each["MatchingEventTypes"] for each in listed["EventDestinations"]]

    sets = {name: ses("ConfigurationSet", Name=name.lower()) for name in ("News", "Alerts")}
    stack.create(**sets, Topic=topic, Events=destination("News", "send"))
    assert destinations("news") == [["SEND"]]
    stack.update(**sets, Topic=topic, Events=destination("News", "send", "deliveryDelay"))
    assert destinations("news") == [["SEND", "DELIVERY_DELAY"]]
    stack.update(**sets, Topic=topic, Events=destination("Alerts", "send"))
    assert destinations("news") == []
    assert destinations("alerts") == [["SEND"]]


def test_receipt_rules(stack):
    """A rule is changed and moved in place, and replaced if its rule set changes."""
    v1 = boto3.client("ses", region_name=REGION)

    def rule(name, **properties):
        stop = [{"StopAction": {"Scope": "RuleSet"}}]
        rule = {"Name": name, "Actions": stop, **properties.pop("Rule", {})}
        return ses("ReceiptRule", **{"RuleSetName": ref("Set"), "Rule": rule, **properties})

    def names(rule_set="set"):
        rules = v1.describe_receipt_rule_set(RuleSetName=rule_set)["Rules"]
        return [(each["Name"], each["Enabled"]) for each in rules]

    sets = {name: ses("ReceiptRuleSet", RuleSetName=name.lower()) for name in ("Set", "Other")}
    stack.create(**sets, First=rule("first"), Second=rule("second", After=ref("First")))
    assert names() == [("first", False), ("second", False)]
    stack.update(**sets, First=rule("first"), Second=rule("second", Rule={"Enabled": True}))
    assert names() == [("second", True), ("first", False)]
    stack.update(**sets, First=rule("first", Rule={"Enabled": True}), Second=rule("second"))
    assert names() == [("second", False), ("first", True)]
    stack.update(**sets, First=rule("first"), Second=rule("second", RuleSetName=ref("Other")))
    assert names() == [("first", False)]
    assert names("other") == [("second", False)]


def test_templates(ses_backend, stack):
    """A template is changed in place, and replaced if its name changes."""
    stack.create(Welcome=ses("Template", Template=TEMPLATE))
    stack.update(Welcome=ses("Template", Template={**TEMPLATE, "HtmlPart": "<p>Hello</p>"}))
    assert ses_backend.account().templates["welcome"].parts.html == "<p>Hello</p>"
    stack.update(Welcome=ses("Template", Template={**TEMPLATE, "TemplateName": "hello"}))
    assert list(ses_backend.account().templates) == ["hello"]


def test_verification_templates(ses_backend, stack):
    """A custom verification email template is changed in place."""
    resource, name, _ = CREATED["CustomVerificationEmailTemplate"]
    stack.create(Confirm=resource)
    properties = {**resource["Properties"], "TemplateSubject": "Please confirm"}
    stack.update(Confirm=ses("CustomVerificationEmailTemplate", **properties))
    assert ses_backend.account().verification_templates[name].subject == "Please confirm"


def test_pools(ses_backend, stack):
    """A standard pool becomes a managed one in place; the reverse requires a pool of another name."""

    def pool(mode, name="pool"):
        return ses("DedicatedIpPool", PoolName=name, **({"ScalingMode": mode} if mode else {}))

    stack.create(Pool=pool(None))
    stack.update(Pool=pool("MANAGED"))
    assert ses_backend.account().dedicated_ip_pools["pool"].scaling_mode == "MANAGED"
    assert "AlreadyExistsException" in refused(stack.update, Pool=pool("STANDARD"))
    stack.update(Pool=pool("STANDARD", "other"))
    assert list(ses_backend.account().dedicated_ip_pools) == ["other"]


@needs("sesv2", "PutTenantSuppressionAttributes")
def test_tenants(stack):
    """The policy, the associations and the suppression list of a tenant are changed in place."""
    sesv2 = boto3.client("sesv2", region_name=REGION)
    sets = {name: ses("ConfigurationSet", Name=name.lower()) for name in ("News", "Alerts")}

    def tenant(associated, **properties):
        arn = {
            "Fn::Sub": [
                f"{ARN}:configuration-set/${{Name}}",
                {"Name": ref(associated)},
            ]
        }
        properties["ResourceAssociations"] = [{"ResourceArn": arn}]
        return ses("Tenant", TenantName="shop", **properties)

    def associated():
        listed = sesv2.list_tenant_resources(TenantName="shop")["TenantResources"]
        return [each["ResourceArn"] for each in listed]

    def policy(arn):
        entity = sesv2.get_reputation_entity(
            ReputationEntityType="RESOURCE", ReputationEntityReference=arn
        )["ReputationEntity"]
        return entity["ReputationManagementPolicy"].rpartition("/")[2]

    strict = f"arn:aws:ses:{REGION}:aws:reputation-policy/strict"
    tags = [{"Key": "stage", "Value": "test"}]
    arn = stack.create(
        **sets,
        Shop=tenant("News", ReputationEntity={"Policy": {"ReputationEntityPolicy": strict}}),
        outputs={"Arn": {"Value": {"Fn::GetAtt": ["Shop", "Arn"]}}},
    )["Arn"]
    assert policy(arn) == "strict"
    assert associated() == [f"{ARN}:configuration-set/news"]
    suppression = {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "TENANT"}
    stack.update(**sets, Shop=tenant("Alerts", SuppressionAttributes=suppression, Tags=tags))
    assert policy(arn) == "standard"
    assert associated() == [f"{ARN}:configuration-set/alerts"]
    described = sesv2.get_tenant(TenantName="shop")["Tenant"]
    assert described["SuppressionAttributes"] == suppression
    policy_only = {"Policy": {"ReputationEntityPolicy": strict}}
    stack.update(
        **sets,
        Shop=tenant("Alerts", SuppressionAttributes=suppression, ReputationEntity=policy_only),
    )
    assert policy(arn) == "strict"
    assert associated() == [f"{ARN}:configuration-set/alerts"]
    assert described["Tags"] == tags


@needs_certificates
def test_certificates(stack):
    """A certificate is associated with an address; another one can only replace it at another."""
    sesv2 = boto3.client("sesv2", region_name=REGION)

    def certificate(name, address="news"):
        return ses(
            "EmailIdentityCertificate",
            EmailIdentity="verified.example.com",
            FromAddress=f"{address}@verified.example.com",
            CertificateArn=f"arn:aws:acm:{REGION}:123456789012:certificate/{name}",
        )

    def certificates():
        listed = sesv2.list_email_identity_certificates(EmailIdentity="verified.example.com")
        return [each["CertificateArn"].rpartition("/")[2] for each in listed["Certificates"]]

    stack.create(Certificate=certificate("one"))
    assert "already has a certificate" in refused(stack.update, Certificate=certificate("two"))
    assert certificates() == ["one"]
    stack.update(Certificate=certificate("two", address="alerts"))
    assert certificates() == ["two"]
    stack.delete()
    assert certificates() == []


def test_references_to_a_replaced_resource(ses_backend, stack):
    """Resources that refer to a replaced one are changed as well, and the old one is deleted last."""

    def resources(name):
        return {
            "Identity": ses(
                "EmailIdentity",
                EmailIdentity="a.example",
                ConfigurationSetAttributes={"ConfigurationSetName": {"Fn::Sub": "${News}"}},
            ),
            "News": ses("ConfigurationSet", Name=name),
        }

    stack.create(**resources("old"))
    stack.update(**resources("new"))
    assert ses_backend.account().identities["a.example"].configuration_set_name == "new"
    assert list(ses_backend.account().configuration_sets) == ["new"]


def test_changed_parameters(ses_backend, stack):
    """A parameter with another value changes the resources that refer to it."""
    resources = {
        "News": ses("ConfigurationSet", Name=ref("Name")),
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
    sections = {"Parameters": {"Name": {"Type": "String"}}}
    for name, operation in [("old", stack.client.create_stack), ("new", stack.client.update_stack)]:
        parameters = [{"ParameterKey": "Name", "ParameterValue": name}]
        stack.deploy(operation, resources, sections=sections, Parameters=parameters)
    assert list(ses_backend.account().configuration_sets) == ["new"]


def test_removed_resources(ses_backend, stack):
    """An update deletes the resources that the template no longer has, after the others have changed."""
    news = ses("ConfigurationSet", Name="news")
    attributes = {"ConfigurationSetName": ref("News")}
    identity = ses(
        "EmailIdentity", EmailIdentity="a.example", ConfigurationSetAttributes=attributes
    )
    kept = {**ses("ContactList", ContactListName="readers"), "DeletionPolicy": "Retain"}
    stack.create(News=news, Identity=identity, Readers=kept)
    stack.update(Identity=ses("EmailIdentity", EmailIdentity="a.example"))
    assert not ses_backend.account().configuration_sets
    assert "readers" in ses_backend.account().contact_lists
    stack.update(News=news, Identity=identity)
    assert "news" in ses_backend.account().configuration_sets


def test_resources_deleted_by_the_test(ses_backend, stack):
    """A resource that no longer exists does not prevent the deletion of the stack."""
    stack.create(News=ses("ConfigurationSet", Name="news"))
    boto3.client("sesv2", region_name=REGION).delete_configuration_set(ConfigurationSetName="news")
    stack.delete()
    assert stack.client.describe_stacks()["Stacks"] == []


class TestFailures:
    """Errors have SES's text, and nothing of the stack remains."""

    def test_creation(self, ses_backend, stack):
        """If a resource cannot be created, the others are deleted, and the stack has the reason."""
        message = refused(
            stack.create,
            News=ses("ConfigurationSet", Name="news"),
            Topic={"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "events"}},
            Welcome=ses("Template", Template={**TEMPLATE, "SubjectPart": "{{#if"}),
            outputs={"Set": {"Value": ref("News"), "Export": {"Name": "set"}}},
        )
        (call,) = [call for call in ses_backend.calls if call.error]
        assert (
            f"Welcome (AWS::SES::Template): SES returned {call.error.code}: {call.error.message}"
            == message
        )
        assert not ses_backend.account().configuration_sets
        assert not boto3.client("sns", region_name=REGION).list_topics()["Topics"]
        assert stack.client.list_exports()["Exports"] == []
        assert stack.described()["StackStatus"] == "ROLLBACK_COMPLETE"
        assert stack.events()[-1] == ("ROLLBACK_COMPLETE", message)
        # moto creates a resource whenever it reads one.
        assert not stack.client.describe_stack_resources(StackName="mail")["StackResources"]
        assert not ses_backend.account().configuration_sets
        stack.delete()
        stack.create(News=ses("ConfigurationSet", Name="news"))

    def test_second_step_of_a_resource(self, ses_backend, stack):
        """If a setting of a new resource fails, the resource is deleted."""
        attributes = {"MailFromDomain": "mail.other.example"}
        identity = ses("EmailIdentity", EmailIdentity="a.example", MailFromAttributes=attributes)
        assert "SES returned BadRequestException" in refused(stack.create, Identity=identity)
        assert "a.example" not in ses_backend.account().identities

    def test_existing_resource(self, ses_backend, stack):
        """A resource that existed before is not deleted by a stack that fails to create it."""
        sesv2 = boto3.client("sesv2", region_name=REGION)
        sesv2.create_configuration_set(ConfigurationSetName="news")
        message = refused(stack.create, News=ses("ConfigurationSet", Name="news"))
        assert "AlreadyExistsException" in message
        assert "news" in ses_backend.account().configuration_sets

    def test_update(self, ses_backend, stack):
        """If an update fails, every resource has its previous settings again."""
        news = ses("ConfigurationSet", Name="news", Tags=[{"Key": "stage", "Value": "test"}])
        before = {
            "News": news,
            "Welcome": ses("Template", Template=TEMPLATE),
            "Readers": ses("ContactList", ContactListName="readers"),
        }
        stack.create(**before)
        after = {
            "News": ses("ConfigurationSet", Name="renamed"),
            "Added": ses("DedicatedIpPool", PoolName="added"),
            "Welcome": ses("Template", Template={**TEMPLATE, "TextPart": "{{#if"}),
        }
        message = refused(stack.update, **after)
        assert message.startswith("Welcome (AWS::SES::Template): SES returned BadRequestException")
        account = ses_backend.account()
        assert list(account.configuration_sets) == ["news"]
        assert list(account.contact_lists) == ["readers"]
        assert not account.dedicated_ip_pools
        assert account.templates["welcome"].parts.text == "Hello"
        assert stack.described()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        assert stack.events()[-1] == ("UPDATE_ROLLBACK_COMPLETE", message)
        assert "renamed" not in json.dumps(
            stack.client.get_template(StackName="mail")["TemplateBody"]
        )
        stack.update(**{**before, "News": ses("ConfigurationSet", Name="renamed")})
        assert list(account.configuration_sets) == ["renamed"]

    def test_half_of_a_change(self, ses_backend, stack):
        """If the second step of a change fails, the first is undone."""
        stack.create(Identity=ses("EmailIdentity", EmailIdentity="a.example"))
        changed = ses(
            "EmailIdentity",
            EmailIdentity="a.example",
            FeedbackAttributes={"EmailForwardingEnabled": False},
            MailFromAttributes={"MailFromDomain": "mail.other.example"},
        )
        refused(stack.update, Identity=changed)
        assert ses_backend.account().identities["a.example"].feedback_forwarding_enabled

    def test_change_set(self, ses_backend, stack):
        """A change set that fails leaves nothing; one that works honours `DependsOn`."""

        def execute(name, **resources):
            stack.client.create_change_set(
                StackName="mail",
                ChangeSetName=name,
                ChangeSetType="CREATE",
                TemplateBody=json.dumps({"Resources": resources}),
            )
            stack.client.execute_change_set(StackName="mail", ChangeSetName=name)

        stop = {"Name": "stop", "Actions": [{"StopAction": {"Scope": "RuleSet"}}]}
        resources = {
            "Rule": ses("ReceiptRule", ["Set"], RuleSetName="set", Rule=stop),
            "Set": ses("ReceiptRuleSet", RuleSetName="set"),
        }
        refused(execute, "broken", **resources, List=ses("ContactList", Topcs=[]))
        assert not ses_backend.account().receipt_rule_sets
        execute("works", **resources)
        assert "set" in ses_backend.account().receipt_rule_sets

    def test_deletion(self, ses_backend, stack):
        """A stack that cannot be deleted remains, and can be deleted later."""
        v1 = boto3.client("ses", region_name=REGION)
        stack.create(Set=ses("ReceiptRuleSet", RuleSetName="set"))
        v1.set_active_receipt_rule_set(RuleSetName="set")
        message = refused(stack.delete)
        assert message.startswith("Set (AWS::SES::ReceiptRuleSet): SES returned CannotDelete: ")
        assert stack.described()["StackStatus"] == "DELETE_FAILED"
        v1.set_active_receipt_rule_set()
        stack.delete()
        assert not ses_backend.account().receipt_rule_sets

    def test_nested_stack(self, ses_backend, stack):
        """A nested stack is rolled back with the stack that contains it."""
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="stacks")
        body = json.dumps({"Resources": {"News": ses("ConfigurationSet", Name="news")}})
        boto3.client("s3", region_name=REGION).put_object(Bucket="stacks", Key="a.json", Body=body)
        url = "https://s3.amazonaws.com/stacks/a.json"
        nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
        list_ = ses("ContactList", _depends_on=["Nested"], ContactListName="in valid")
        refused(stack.create, Nested=nested, List=list_)
        assert not ses_backend.account().configuration_sets

    def test_invalid_properties(self, ses_backend, stack):
        """Properties that do not match the schema never reach SES."""
        message = refused(stack.create, Welcome=ses("Template", Template={"SubjctPart": "Hi"}))
        expected = "#/Template: extraneous key [SubjctPart] is not permitted"
        assert (
            f"Properties validation failed for resource Welcome with message:\n{expected}"
            == message
        )
        assert not ses_backend.calls

    def test_unknown_type(self, stack):
        """A misspelled type is an error."""
        message = refused(stack.create, Welcome=ses("Tempalte"))
        assert message == "Template format error: Unrecognized resource types: [AWS::SES::Tempalte]"

    def test_unknown_attribute_in_outputs(self, stack):
        """An output with an unknown attribute is an error."""
        outputs = {"Arn": {"Value": {"Fn::GetAtt": ["News", "Arn"]}}}
        message = refused(stack.create, News=ses("ConfigurationSet"), outputs=outputs)
        assert "resource ConfigurationSet does not support attribute type Arn" in message

    @pytest.mark.ses_throttle("CreateConfigurationSet", times=1)
    def test_planned_error(self, ses_backend, stack):
        """Planned errors apply to the calls of a stack."""
        message = refused(stack.create, News=ses("ConfigurationSet"))
        assert message.startswith("News (AWS::SES::ConfigurationSet): SES returned TooManyRequests")

    def test_planned_network_failure(self, ses_backend, stack):
        """A planned network failure is an error as well."""
        ses_backend.fail("CreateConfigurationSet", Timeout(), times=1)
        message = refused(stack.create, News=ses("ConfigurationSet"))
        assert message == "News (AWS::SES::ConfigurationSet): SES did not respond (read timeout)"

    def test_older_botocore(self, stack, monkeypatch):
        """If botocore lacks an operation or a member, the error says so."""
        from pytest_ses.cloudformation import resources

        monkeypatch.setitem(resources._TEMPLATE_PARTS, "SubjectPart", "Sbject")
        message = refused(stack.create, Welcome=ses("Template", Template=TEMPLATE))
        assert message.startswith("Welcome (AWS::SES::Template): ")
        assert message.endswith("if botocore does not know it yet, upgrade botocore")

    def test_stack_without_ses(self, ses_backend, stack):
        """Moto's own behaviour is unchanged for stacks without resources of SES."""
        broken = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "no topic"}}
        fine = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "topic"}}
        sns = boto3.client("sns", region_name=REGION)
        with pytest.raises(ClientError):
            stack.create(Fine=fine, Broken=broken)
        assert len(sns.list_topics()["Topics"]) == 1
        stack.client.create_stack(
            StackName="other", TemplateBody=json.dumps({"Resources": {"Topic": TOPIC}})
        )
        for changes in ({"Other": fine}, {"Broken": broken}):
            body = json.dumps({"Resources": {"Topic": TOPIC, **changes}})
            with suppress(ClientError):
                stack.client.update_stack(StackName="other", TemplateBody=body)
        status = stack.client.describe_stacks(StackName="other")["Stacks"][0]["StackStatus"]
        assert status == "UPDATE_COMPLETE"

    def test_exports_of_other_stacks(self, ses_backend, stack):
        """A rollback removes the exports of its own stack only."""
        output = {"Set": {"Value": "news", "Export": {"Name": "other"}}}
        body = json.dumps({"Resources": {"Topic": TOPIC}, "Outputs": output})
        stack.client.create_stack(StackName="other", TemplateBody=body)
        refused(stack.create, News=ses("ConfigurationSet", Name="in valid"))
        assert ["other"] == [each["Name"] for each in stack.client.list_exports()["Exports"]]


def test_mail_manager(ses_backend, stack):
    """Resources of Mail Manager are placeholders, with a warning; the rest of the stack is deployed."""
    archive = ses("MailManagerArchive", ArchiveName="archive")
    outputs = {
        "Id": {"Value": ref("Archive")},
        "Arn": {"Value": {"Fn::GetAtt": ["Archive", "ArchiveArn"]}},
    }
    news = ses("ConfigurationSet", Name="news")
    with pytest.warns(
        UnsupportedResourceWarning, match=r"Archive of type AWS::SES::MailManagerArchive"
    ):
        values = stack.create(Archive=archive, News=news, outputs=outputs)
    assert values["Arn"] == f"{values['Id']}.ArchiveArn"
    stack.update(Archive=ses("MailManagerArchive", ArchiveName="other"), News=news)
    stack.delete()
    assert not ses_backend.account().configuration_sets


@contextmanager
def _deployed():
    with mock_aws():
        stack = Stack()
        stack.create(News=ses("ConfigurationSet", Name="news"))
        yield


def test_after_the_backend():
    """Without a backend, moto's CloudFormation is unchanged, whichever of the two ended first."""
    from moto.cloudformation import models, parsing

    names = [
        (parsing, "resource_class_from_type"),
        (models.ResourceMap, "update"),
        (vars(models).get("Stack") or models.FakeStack, "update"),
        (models.CloudFormationBackend, "create_stack"),
    ]
    before = [getattr(owner, name) for owner, name in names]
    backend = SESBackend(region=REGION)
    with mock_aws():
        with backend:
            stack = Stack()
            stack.create(News=ses("ConfigurationSet", Name="news"))
            assert "news" in backend.account().configuration_sets
        assert before == [getattr(owner, name) for owner, name in names]
        assert "AWS::SES::ConfigurationSet" not in parsing.get_model_map()
        with pytest.warns(UserWarning, match="not supported by moto"):
            stack.update(Added=ses("ConfigurationSet"))


def test_nested_backends():
    """With several backends, a stack is deployed to the innermost one."""
    with SESBackend(region=REGION) as outer, SESBackend(region=REGION) as inner, _deployed():
        assert list(inner.account().configuration_sets) == ["news"]
        assert not outer.account().configuration_sets
