"""The hosts of AWS, from botocore's data about its partitions, and those of SES among them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from pytest_ses.wire.shapes import loader

# The interfaces of SES.
API: Final = "API"
SMTP: Final = "SMTP"
INBOUND: Final = "inbound SMTP"

_REGION = r"([a-z]+(?:-[a-z]+)+-[0-9]+)"
_SES = re.compile(rf"(?:vpce-[a-z0-9-]+\.)?email(?:-fips)?\.{_REGION}\.")
_OTHER_INTERFACES = {
    SMTP: re.compile(rf"(?:vpce-[a-z0-9-]+\.)?email-smtp(?:-fips)?\.{_REGION}\."),
    INBOUND: re.compile(rf"inbound-smtp\.{_REGION}\."),
}
_MAIL_MANAGER = re.compile(rf"mail-manager(?:-fips)?\.{_REGION}\.")
_MULTI_REGION_ENDPOINT = re.compile(r"(.+)\.endpoints\.email\.")


def host_of(url: str) -> str:
    """Return the host that botocore would connect to: in lower case, without a final dot."""
    try:
        # urllib3 opens the connection, and other parsers disagree with it about unusual URLs.
        return (parse_url(url).host or "").lower().rstrip(".")
    except LocationParseError:
        return ""


def is_outside_aws(url: str) -> bool:
    """Whether a URL has a host, and the host is not in a domain of any AWS partition."""
    host = host_of(url)
    return bool(host) and not _is_in_aws(host)


def is_ses(url: str) -> bool:
    """Whether a URL is SES's: that of a region, a VPC endpoint or a multi-region endpoint."""
    # The first check is fast, and false for most requests to other services.
    return "email" in url.lower() and interface_of(host_of(url)) == API


def is_mail_manager(url: str) -> bool:
    """Whether a URL is Mail Manager's."""
    host = host_of(url)
    return _MAIL_MANAGER.match(host) is not None and _is_in_aws(host)


def interface_of(host: str) -> str | None:
    """Return the interface of SES that a host belongs to, or None for any other host."""
    host = host.lower().rstrip(".")
    if not _is_in_aws(host):
        return None
    if _SES.match(host) or _MULTI_REGION_ENDPOINT.match(host):
        return API
    return next((name for name, form in _OTHER_INTERFACES.items() if form.match(host)), None)


def ses_region(url: str) -> str | None:
    """Return the region in SES's host, or None for another host."""
    match = _SES.match(host_of(url))
    return match[1] if match else None


def smtp_region(host: str) -> str | None:
    """Return the region in a host of SES's SMTP interface, or None for another host."""
    host = host.lower().rstrip(".")
    match = _OTHER_INTERFACES[SMTP].match(host)
    return match[1] if match and _is_in_aws(host) else None


def multi_region_endpoint(url: str) -> str | None:
    """Return the ID of the multi-region endpoint in a host, or None for another host."""
    match = _MULTI_REGION_ENDPOINT.match(host_of(url))
    return match[1] if match else None


def _is_in_aws(host: str) -> bool:
    return any(f".{host}".endswith(f".{domain}") for domain in _domains())


@cache
def _domains() -> frozenset[str]:
    partitions = loader().load_data("partitions")["partitions"]
    outputs = [partition["outputs"] for partition in partitions]
    names = ("dnsSuffix", "dualStackDnsSuffix")
    return frozenset(output[name].lower() for output in outputs for name in names if name in output)
