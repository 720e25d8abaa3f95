"""Mailbox providers of recipients."""

from __future__ import annotations

# The names are those in SES's documentation; the domains are the well-known ones of each provider.
_DOMAINS = {
    "Gmail": ("gmail.com", "googlemail.com"),
    "Yahoo": ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "ymail.com", "rocketmail.com"),
    "Hotmail": ("hotmail.com", "live.com", "msn.com", "outlook.com"),
    "AOL": ("aol.com", "aim.com"),
    "iCloud": ("icloud.com", "mac.com", "me.com"),
}
NAMES = tuple(_DOMAINS)
_BY_DOMAIN = {domain: isp for isp, domains in _DOMAINS.items() for domain in domains}

# Any other provider; the name is our own.
OTHER = "Other"
# Gmail does not report complaints to senders.
WITHOUT_FEEDBACK = ("Gmail",)


def isp_of(address: str) -> str:
    """Return the mailbox provider of a bare address."""
    return _BY_DOMAIN.get(address.rpartition("@")[2].lower(), OTHER)
