"""The hosts of AWS, from botocore's data about its partitions, and those of SES among them."""

from __future__ import annotations

import re
from functools import cache

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from pytest_ses.wire.shapes import loader

_SES = re.compile(r"(?:vpce-[a-z0-9-]+\.)?email(?:-fips)?\.([a-z]+(?:-[a-z]+)+-[0-9]+)\.")
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
    return bool(host) and not any(f".{host}".endswith(f".{domain}") for domain in _domains())


def is_ses(url: str) -> bool:
    """Whether a URL is SES's: of a region, a VPC endpoint or a multi-region endpoint."""
    is_named_so = ses_region(url) is not None or multi_region_endpoint(url) is not None
    return is_named_so and not is_outside_aws(url)


def ses_region(url: str) -> str | None:
    """Return the region in SES's host, or None for another host."""
    match = _SES.match(host_of(url))
    return match[1] if match else None


def multi_region_endpoint(url: str) -> str | None:
    """Return the ID of the multi-region endpoint in a host, or None for another host."""
    match = _MULTI_REGION_ENDPOINT.match(host_of(url))
    return match[1] if match else None


@cache
def _domains() -> frozenset[str]:
    partitions = loader().load_data("partitions")["partitions"]
    outputs = [partition["outputs"] for partition in partitions]
    names = ("dnsSuffix", "dualStackDnsSuffix")
    return frozenset(output[name].lower() for output in outputs for name in names if name in output)
