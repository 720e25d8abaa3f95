"""Stacks as the CDK, SAM and the Serverless Framework synthesize them."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from moto import mock_aws

REGION = "us-east-1"
STACKS = Path(__file__).parent / "stacks"

pytestmark = [pytest.mark.slow, pytest.mark.ses(auto_verify=True)]


@pytest.fixture
def deploy(ses_backend):
    """A function that deploys a template and returns its outputs."""

    def deploy(name, *, stack="mail", **parameters):
        client = boto3.client("cloudformation", region_name=REGION)
        client.create_stack(
            StackName=stack,
            TemplateBody=(STACKS / name).read_text(),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        client.get_waiter("stack_create_complete").wait(StackName=stack)
        (description,) = client.describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in description["Outputs"]}

    with mock_aws():
        yield deploy


# moto ignores the policies of topics.
@pytest.mark.filterwarnings("ignore:Tried to parse AWS..SNS..TopicPolicy")
def test_cdk(ses_backend, deploy):
    """A CDK stack with an identity, events for SNS and receipt rules works from end to end."""
    outputs = deploy("cdk.json")
    account = ses_backend.account()
    (name,) = account.configuration_sets
    assert outputs["ConfigurationSet"] == name
    token = account.identities["example.com"].dkim.tokens[0]
    assert f"{token}._domainkey.example.com" == outputs["DkimName"]
    assert outputs["DkimValue"].startswith(token)
    assert account.identities["example.com"].mail_from_domain == "mail.example.com"

    ses = boto3.client("sesv2", region_name=REGION)
    ses.send_email(
        FromEmailAddress="news@example.com",
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "News"}, "Body": {"Text": {"Data": "Hello"}}}},
    )
    assert name == ses_backend.outbox.one().configuration_set
    assert not ses_backend.undelivered

    v1 = boto3.client("ses", region_name=REGION)
    (rule_set,) = v1.list_receipt_rule_sets()["RuleSets"]
    v1.set_active_receipt_rule_set(RuleSetName=rule_set["Name"])
    arrival = ses_backend.receive(
        b"From: ada@example.org\r\nSubject: Hello\r\n\r\nHello\r\n",
        sender="ada@example.org",
        recipients=["in@example.com"],
    )
    assert ["S3", "Stop"] == [result.type for result in arrival.actions]


def test_sam(ses_backend, deploy):
    """A SAM stack with parameters and conditions has the resources of its stage."""
    outputs = deploy("sam.yaml", SendingEnabled="false")
    account = ses_backend.account()
    assert not account.configuration_sets["mailer-test"].sending_enabled
    assert outputs["Template"] == outputs["TemplateId"] == "welcome-test"
    assert outputs["ContactList"] in account.contact_lists
    assert not account.dedicated_ip_pools
    ses = boto3.client("sesv2", region_name=REGION)
    listed = ses.get_configuration_set_event_destinations(ConfigurationSetName="mailer-test")
    (metrics,) = listed["EventDestinations"]
    assert ["SEND", "RENDERING_FAILURE"] == metrics["MatchingEventTypes"]
    (dimension,) = metrics["CloudWatchDestination"]["DimensionConfigurations"]
    assert dimension["DimensionValueSource"] == "MESSAGE_TAG"


def test_serverless(ses_backend, deploy):
    """A stack of the Serverless Framework whose rule depends on its rule set by name alone works."""
    outputs = deploy("serverless.json")
    assert outputs["RuleName"] == "store"
    assert outputs["FilterId"] == "blocked-dev"
    v1 = boto3.client("ses", region_name=REGION)
    rule = v1.describe_receipt_rule(RuleSetName="inbound-dev", RuleName="store")["Rule"]
    (action,) = rule["Actions"]
    assert action["S3Action"]["BucketName"] == "inbound-dev"
    assert action["S3Action"]["TopicArn"].endswith(":inbound-dev")
    assert action["S3Action"]["KmsKeyArn"].startswith("arn:aws:kms:us-east-1:")
    assert rule["ScanEnabled"]
