"""Who keeps the mailbox of a recipient?"""

from __future__ import annotations

# The names are those of SES's documentation; which domains are meant is known of each of them.
_DOMAINS = {
    "Gmail": ("gmail.com", "googlemail.com"),
    "Yahoo": ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "ymail.com", "rocketmail.com"),
    "Hotmail": ("hotmail.com", "live.com", "msn.com", "outlook.com"),
    "AOL": ("aol.com", "aim.com"),
    "iCloud": ("icloud.com", "mac.com", "me.com"),
}
NAMES = tuple(_DOMAINS)
_BY_DOMAIN = {domain: isp for isp, domains in _DOMAINS.items() for domain in domains}

# Whoever is not among them, under a name of ours.
OTHER = "Other"
# Gmail tells no sender who complains.
WITHOUT_FEEDBACK = ("Gmail",)


def of(address: str) -> str:
    """The provider of a bare address."""
    return _BY_DOMAIN.get(address.rpartition("@")[2].lower(), OTHER)
