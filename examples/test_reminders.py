"""Tests of `reminders.py` against the stack that is deployed."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
import reminders
from moto import mock_aws

from pytest_ses import SESBackend

pytest.importorskip("cfnlint", reason="stacks need `pip install pytest-ses[cloudformation]`")

TEMPLATE = Path(__file__).with_name("stack.yaml")


@pytest.fixture(scope="module")
def deployed():
    """The backend with the stack, which takes a second to deploy, and the names of its resources."""
    with mock_aws(), SESBackend(region="eu-west-1", verified=["example.com"]) as backend:
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(
            StackName="billing",
            TemplateBody=TEMPLATE.read_text(),
            Parameters=[{"ParameterKey": "Stage", "ParameterValue": "test"}],
        )
        (stack,) = cloudformation.describe_stacks(StackName="billing")["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        yield backend, reminders.Stack(outputs["Template"], outputs["ConfigurationSet"])


@pytest.fixture
def billing(deployed):
    """The same, without the messages of other tests."""
    backend, stack = deployed
    backend.clear_outbox()
    return backend, stack


def test_reminder(billing):
    """The template of the stack can be rendered with the data of the code."""
    backend, stack = billing
    reminders.remind(stack, "ada@example.org", name="Ada", number=7, amount="5 EUR")
    message = backend.outbox.one(to="ada@example.org")
    assert message.subject == "Invoice 7 is due"
    assert message.text == "Dear Ada, please pay 5 EUR."


def test_complaint(billing):
    """A complaint reaches the topic of the stack."""
    backend, stack = billing
    reminders.remind(stack, "ada@example.org", name="Ada", number=7, amount="5 EUR")
    event = backend.complain(backend.outbox.last, "ada@example.org")
    assert event.record["eventType"] == "Complaint"
    assert not backend.undelivered
