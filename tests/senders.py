"""Clients with one interface that send messages through v1 or v2 of the API."""

from __future__ import annotations

import re

import boto3
from botocore.config import Config

ID = re.compile(r"0100[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000")
ONCE = Config(retries={"total_max_attempts": 1})


def addresses(to=("ada@example.org",), cc=(), bcc=()):
    destination = {"ToAddresses": list(to), "CcAddresses": list(cc), "BccAddresses": list(bcc)}
    return {member: values for member, values in destination.items() if values}


class V1:
    """Sends through v1."""

    service = "ses"
    codes = {
        "invalid": ("InvalidParameterValue", 400),
        "unverified": ("MessageRejected", 400),
        "no set": ("ConfigurationSetDoesNotExist", 400),
        "set paused": ("ConfigurationSetSendingPausedException", 400),
        "account paused": ("AccountSendingPausedException", 400),
        "no template": ("TemplateDoesNotExist", 400),
        "throttled": ("Throttling", 400),
        "default set": ("ConfigurationSetDoesNotExist", 400),
        "mail from": ("MailFromDomainNotVerifiedException", 400),
    }

    def __init__(self, config=ONCE):
        self.client = boto3.client(self.service, region_name="us-east-1", config=config)

    def simple(self, source="news@example.com", text="Hi", html=None, **options):
        body = {"Text": text, "Html": html}
        return self.client.send_email(
            Source=source,
            Destination=options.pop("destination", addresses()),
            Message={
                "Subject": {"Data": options.pop("subject", "Hello")},
                "Body": {part: {"Data": data} for part, data in body.items() if data is not None},
            },
            **self._params(options),
        )["MessageId"]

    def templated(self, source="news@example.com", template="t", data="{}", **options):
        return self.client.send_templated_email(
            Source=source,
            Destination=options.pop("destination", addresses()),
            Template=template,
            TemplateData=data,
            **self._params(options),
        )["MessageId"]

    def raw(self, data, source=None, envelope=None, **options):
        params = {"Source": source, "Destinations": envelope}
        return self.client.send_raw_email(
            RawMessage={"Data": data},
            **{name: value for name, value in params.items() if value},
            **self._params(options),
        )["MessageId"]

    names = {
        "tags": "Tags",
        "set": "ConfigurationSetName",
        "reply_to": "ReplyToAddresses",
        "path": "ReturnPath",
        "source_arn": "SourceArn",
        "path_arn": "ReturnPathArn",
    }

    def _params(self, options):
        return {self.names[name]: value for name, value in options.items()}


class V2(V1):
    """Sends through v2, with the same interface."""

    service = "sesv2"
    codes = {
        "invalid": ("BadRequestException", 400),
        "unverified": ("MessageRejected", 400),
        "no set": ("NotFoundException", 404),
        "set paused": ("SendingPausedException", 400),
        "account paused": ("SendingPausedException", 400),
        "no template": ("NotFoundException", 404),
        "throttled": ("TooManyRequestsException", 429),
        "default set": ("BadRequestException", 400),
        "mail from": ("MailFromDomainNotVerifiedException", 400),
    }
    names = {
        "tags": "EmailTags",
        "set": "ConfigurationSetName",
        "reply_to": "ReplyToAddresses",
        "path": "FeedbackForwardingEmailAddress",
        "source_arn": "FromEmailAddressIdentityArn",
        "path_arn": "FeedbackForwardingEmailAddressIdentityArn",
        "headers": "Headers",
        "attachments": "Attachments",
    }

    def simple(self, source="news@example.com", text="Hi", html=None, **options):
        body = {"Text": text, "Html": html}
        content = {
            "Subject": {"Data": options.pop("subject", "Hello")},
            "Body": {part: {"Data": data} for part, data in body.items() if data is not None},
        }
        for name in ("headers", "attachments"):
            if name in options:
                content[self.names[name]] = options.pop(name)
        return self._send(source, {"Simple": content}, options)

    def templated(self, source="news@example.com", template="t", data="{}", **options):
        content = {"TemplateName": template, "TemplateData": data}
        return self._send(source, {"Template": content}, options)

    def raw(self, data, source=None, envelope=None, **options):
        options["destination"] = addresses(envelope) if envelope else {}
        return self._send(source, {"Raw": {"Data": data}}, options)

    def _send(self, source, content, options):
        return self.client.send_email(
            **({"FromEmailAddress": source} if source else {}),
            Destination=options.pop("destination", addresses()),
            Content=content,
            **self._params(options),
        )["MessageId"]


class BulkV1:
    """Bulk sends through v1."""

    service = "ses"
    words = {
        "ok": "Success",
        "invalid": "InvalidParameterValue",
        "rejected": "MessageRejected",
        "throttled": "AccountThrottled",
        "quota": "AccountDailyQuotaExceeded",
    }
    codes = {
        "invalid": "InvalidParameterValue",
        "no template": "TemplateDoesNotExist",
        "no set": "ConfigurationSetDoesNotExist",
        "unverified": "MessageRejected",
    }

    def __init__(self, config=ONCE):
        self.client = boto3.client(self.service, region_name="us-east-1", config=config)

    def entry(self, to, data="{}", tags=None, **options):
        entry = {"Destination": {"ToAddresses": [to] if isinstance(to, str) else to}}
        if data is not None:
            entry["ReplacementTemplateData"] = data
        if tags is not None:
            entry["ReplacementTags"] = tags
        return {**entry, **options}

    def send(self, *entries, source="news@example.com", template="t", data="{}", **options):
        names = {"tags": "DefaultTags", "reply_to": "ReplyToAddresses", "path": "ReturnPath"}
        names |= {"set": "ConfigurationSetName"}
        return self.client.send_bulk_templated_email(
            Source=source,
            Template=template,
            DefaultTemplateData=data,
            Destinations=list(entries),
            **{names[name]: value for name, value in options.items()},
        )["Status"]


class BulkV2(BulkV1):
    """Bulk sends through v2, with the same interface."""

    service = "sesv2"
    words = {
        "ok": "SUCCESS",
        "invalid": "INVALID_PARAMETER",
        "rejected": "MESSAGE_REJECTED",
        "throttled": "ACCOUNT_THROTTLED",
        "quota": "ACCOUNT_DAILY_QUOTA_EXCEEDED",
    }
    codes = {
        "invalid": "BadRequestException",
        "no template": "NotFoundException",
        "no set": "NotFoundException",
        "unverified": "MessageRejected",
    }

    def entry(self, to, data="{}", tags=None, **options):
        entry = {"Destination": {"ToAddresses": [to] if isinstance(to, str) else to}}
        if data is not None:
            template = {"ReplacementTemplateData": data}
            entry["ReplacementEmailContent"] = {"ReplacementTemplate": template}
        if tags is not None:
            entry["ReplacementTags"] = tags
        return {**entry, **options}

    def send(self, *entries, source="news@example.com", template="t", data="{}", **options):
        names = {"tags": "DefaultEmailTags", "reply_to": "ReplyToAddresses"}
        names |= {"set": "ConfigurationSetName", "path": "FeedbackForwardingEmailAddress"}
        content = {"TemplateName": template, "TemplateData": data}
        content |= options.pop("content", {})
        return self.client.send_bulk_email(
            FromEmailAddress=source,
            DefaultContent={"Template": {k: v for k, v in content.items() if v is not None}},
            BulkEmailEntries=list(entries),
            **{names[name]: value for name, value in options.items()},
        )["BulkEmailEntryResults"]


def unverified(*identities, region="US-EAST-1"):
    return (
        "Email address is not verified. The following identities failed the check in region "
        f"{region}: {', '.join(identities)}"
    )
