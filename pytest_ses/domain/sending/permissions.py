"""Who may send, and to whom?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.identities import IdentityState
from pytest_ses.domain.mail import outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.domain.mail.requests import SendRequest


class PermissionState(IdentityState, Protocol):
    """The identities of an account, and whether it is in the sandbox."""

    sandbox: bool


def unverified_senders(
    account: PermissionState, mail: SendRequest, identity: Identity | None
) -> list[str]:
    """The senders of a message that no verified identity covers.

    `identity` is the one that covers `mail.source`, if any.
    """
    if account.accepts_every_sender:
        return []
    senders = dict.fromkeys((mail.source, *mail.senders, mail.return_path or mail.source))
    return [text for text in senders if not _may_send(account, text, mail, identity)]


def _may_send(
    account: PermissionState, text: str, mail: SendRequest, identity: Identity | None
) -> bool:
    address = addresses.parse(text)
    if text != mail.source:
        identity = identities.sender_identity(account.identities, address)
    if identity is None:
        return _is_delegated(account, address, mail.source_arn)
    identities.check_mail_from(identity)
    return True


def _is_delegated(account: PermissionState, address: Address, arn: str | None) -> bool:
    """Whether another account's identity, named by its ARN, covers the address.

    Its owner's policy is not asked: that account's state may not be known here.
    """
    if not arn or f":{account.account_id}:" in arn:
        return False
    return arn.rpartition(":identity/")[2].lower() in (address.bare.lower(), address.domain)


def unverified_recipients(account: PermissionState, recipients: Sequence[str]) -> list[str]:
    """The recipients that the sandbox keeps a mail from."""
    if not account.sandbox:
        return []
    return [text for text in recipients if not _may_receive(account, text)]


def _may_receive(account: PermissionState, text: str) -> bool:
    address = addresses.parse(text)
    return (
        address.domain == outcomes.SIMULATOR
        or identities.sender_identity(account.identities, address) is not None
    )


def raise_unverified(account: PermissionState, failed: Sequence[str]) -> None:
    """Refuse a mail with addresses that failed the check."""
    if failed:
        names = ", ".join(dict.fromkeys(failed))
        raise errors.NotVerified(region=account.region.upper(), identities=names)
