"""The public names of pytest-ses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_ses.backend import SESBackend
    from pytest_ses.calls import Call, Error
    from pytest_ses.clock import Clock
    from pytest_ses.dispatcher import UnsupportedOperationError
    from pytest_ses.domain.account import Account, Credentials
    from pytest_ses.domain.configuration.dedicated_ips import DedicatedIp
    from pytest_ses.domain.events.simulation import Recipient
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mail.outbox import Outbox
    from pytest_ses.domain.mime import Attachment
    from pytest_ses.endpoint.endpoints import SESEndpoint
    from pytest_ses.endpoint.smtp import SESSMTP
    from pytest_ses.faults.network import (
        CorruptResponse,
        Delay,
        Disconnect,
        ResponseLost,
        ServerError,
        Timeout,
    )
    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.services.publishers import UndeliveredEvent
    from pytest_ses.services.receiving import ActionResult, ReceiveResult
    from pytest_ses.transports.guard import SESNetworkError
    from pytest_ses.warnings import (
        ForkedProcessWarning,
        RenderingFailureWarning,
        UnmodelledErrorWarning,
        UnsupportedResourceWarning,
        UnusedFaultWarning,
        WebhookErrorWarning,
    )
    from pytest_ses.webhooks import Delivery, NotDeliveredError, Webhook

__version__ = "0.1.0"

__all__ = [
    "SESSMTP",
    "Account",
    "ActionResult",
    "Attachment",
    "Call",
    "Clock",
    "CorruptResponse",
    "Credentials",
    "DedicatedIp",
    "Delay",
    "Delivery",
    "Disconnect",
    "Error",
    "Event",
    "ForkedProcessWarning",
    "Message",
    "NotDeliveredError",
    "Outbox",
    "PlannedFailure",
    "ReceiveResult",
    "Recipient",
    "RenderingFailureWarning",
    "ResponseLost",
    "SESBackend",
    "SESEndpoint",
    "SESNetworkError",
    "ServerError",
    "Timeout",
    "UndeliveredEvent",
    "UnmodelledErrorWarning",
    "UnsupportedOperationError",
    "UnsupportedResourceWarning",
    "UnusedFaultWarning",
    "Webhook",
    "WebhookErrorWarning",
]

# The modules are imported on first access, because loading the plugin must not import boto3.
_MODULES = {
    "Account": "pytest_ses.domain.account",
    "Attachment": "pytest_ses.domain.mime",
    "Call": "pytest_ses.calls",
    "Clock": "pytest_ses.clock",
    "Credentials": "pytest_ses.domain.account",
    "DedicatedIp": "pytest_ses.domain.configuration.dedicated_ips",
    "Delay": "pytest_ses.faults.network",
    "Delivery": "pytest_ses.webhooks",
    "Disconnect": "pytest_ses.faults.network",
    "Error": "pytest_ses.calls",
    "Event": "pytest_ses.domain.mail.events",
    "ForkedProcessWarning": "pytest_ses.warnings",
    "CorruptResponse": "pytest_ses.faults.network",
    "Message": "pytest_ses.domain.mail.messages",
    "NotDeliveredError": "pytest_ses.webhooks",
    "UnsupportedOperationError": "pytest_ses.dispatcher",
    "Outbox": "pytest_ses.domain.mail.outbox",
    "ActionResult": "pytest_ses.services.receiving",
    "ReceiveResult": "pytest_ses.services.receiving",
    "Recipient": "pytest_ses.domain.events.simulation",
    "RenderingFailureWarning": "pytest_ses.warnings",
    "ResponseLost": "pytest_ses.faults.network",
    "PlannedFailure": "pytest_ses.faults.planned",
    "SESBackend": "pytest_ses.backend",
    "SESEndpoint": "pytest_ses.endpoint.endpoints",
    "SESSMTP": "pytest_ses.endpoint.smtp",
    "SESNetworkError": "pytest_ses.transports.guard",
    "ServerError": "pytest_ses.faults.network",
    "Timeout": "pytest_ses.faults.network",
    "UndeliveredEvent": "pytest_ses.services.publishers",
    "UnmodelledErrorWarning": "pytest_ses.warnings",
    "UnsupportedResourceWarning": "pytest_ses.warnings",
    "UnusedFaultWarning": "pytest_ses.warnings",
    "Webhook": "pytest_ses.webhooks",
    "WebhookErrorWarning": "pytest_ses.warnings",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
