"""The backend and the sends that the benchmarks measure."""

from __future__ import annotations

import json
from email.message import EmailMessage

import boto3

from pytest_ses import SESBackend

REGION = "us-east-1"
KEYS = {"aws_access_key_id": "AKIAFLOOR", "aws_secret_access_key": "floor"}
SENDER, RECIPIENT = "news@example.com", "ada@example.org"


def ours():
    return SESBackend(verified=["*"])


def client(service):
    return boto3.client(service, region_name=REGION, **KEYS)


def simple_send(service):
    """A function that sends one small message."""
    to, subject, text = (
        {"ToAddresses": [RECIPIENT]},
        {"Data": "Hello"},
        {"Text": {"Data": "Hi Ada"}},
    )
    ses = client(service)
    if service == "ses":
        return lambda: ses.send_email(
            Source=SENDER, Destination=to, Message={"Subject": subject, "Body": text}
        )
    return lambda: ses.send_email(
        FromEmailAddress=SENDER,
        Destination=to,
        Content={"Simple": {"Subject": subject, "Body": text}},
    )


def bulk_send(service):
    """Functions that create a template and send it to fifty destinations."""
    ses, v1 = client(service), client("ses")
    parts = {
        "SubjectPart": "Hi {{name}}",
        "TextPart": "Dear {{name}}, your plan is {{plan}}.",
        "HtmlPart": "<p>Dear {{name}}, your plan is <b>{{plan}}</b>.</p>",
    }
    people = [(f"p{n}@example.org", json.dumps({"name": f"P{n}"})) for n in range(50)]

    def prepare():
        v1.verify_domain_identity(Domain="example.com")
        v1.verify_email_identity(EmailAddress=SENDER)
        try:
            v1.create_template(Template={"TemplateName": "t", **parts})
        except v1.exceptions.AlreadyExistsException:
            pass

    if service == "ses":
        entries = [
            {"Destination": {"ToAddresses": [to]}, "ReplacementTemplateData": data}
            for to, data in people
        ]
        return prepare, lambda: ses.send_bulk_templated_email(
            Source=SENDER, Template="t", DefaultTemplateData='{"plan": "Pro"}', Destinations=entries
        )
    entries = [
        {
            "Destination": {"ToAddresses": [to]},
            "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": data}},
        }
        for to, data in people
    ]
    content = {"Template": {"TemplateName": "t", "TemplateData": '{"plan": "Pro"}'}}
    return prepare, lambda: ses.send_bulk_email(
        FromEmailAddress=SENDER, DefaultContent=content, BulkEmailEntries=entries
    )


def raw_send(service):
    """A function that sends one small message as MIME text."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, RECIPIENT, "Hello"
    message.set_content("Hi Ada")
    message.add_alternative("<p>Hi Ada</p>", subtype="html")
    data, ses = message.as_bytes(), client(service)
    if service == "ses":
        return lambda: ses.send_raw_email(RawMessage={"Data": data})
    return lambda: ses.send_email(Content={"Raw": {"Data": data}})
