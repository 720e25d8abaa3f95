"""The operations of both SES APIs and of the SMTP interface, and the functions that implement them.

Every public function of `api.v1`, `api.v2` and `api.smtp` is an operation.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from inspect import getmembers, isfunction
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from pytest_ses.api.validation import CHECKED_BY_THE_OPERATION, OMITTED_MEMBERS, VALUE_ORDERS
from pytest_ses.wire import adapted, python_name, service as service_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.wire import Service

__all__ = ["PACKAGES", "model", "operations", "python_name"]

PACKAGES = {
    "ses": "pytest_ses.api.v1",
    "sesv2": "pytest_ses.api.v2",
    "smtp": "pytest_ses.api.smtp",
}


@cache
def model(service: str) -> Service:
    """Return the service model of an API, without the constraints that SES does not enforce."""
    if service == "smtp":
        return _smtp()
    return service_of(
        service,
        unchecked=CHECKED_BY_THE_OPERATION[service],
        optional=OMITTED_MEMBERS[service],
        ordered=VALUE_ORDERS[service],
    )


def _smtp() -> Service:
    """Return a model of the SMTP interface, which SES documents as another form of SendRawEmail.

    IAM policies allow or deny it by the name of that operation.
    """
    return adapted(
        "ses",
        name="smtp",
        protocol="smtp",
        operation="SendSmtpEmail",
        original="SendRawEmail",
        members=frozenset({"Source", "Destinations", "RawMessage"}),
    )


@cache
def operations(service: str) -> Mapping[str, Callable[..., Mapping[str, Any] | None]]:
    """Return the operations of an API, by the name of the boto3 method."""
    package = import_module(PACKAGES[service])
    modules = [
        import_module(info.name) for info in iter_modules(package.__path__, package.__name__ + ".")
    ]
    return {
        name: function
        for module in modules
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
