"""Who may send, and to whom?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_ses.domain import addresses, errors, identities, outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.sending import Mail


def unverified_senders(account: Account, mail: Mail) -> list[str]:
    """The senders of a mail that no verified identity covers."""
    if account.accepts_every_sender:
        return []
    senders = (mail.source, *mail.senders, mail.return_path or mail.source)
    return [text for text in senders if not _may_send(account, text, mail.source_arn)]


def _may_send(account: Account, text: str, arn: str | None) -> bool:
    address = addresses.parse(text)
    identity = identities.sender_identity(account, address)
    if identity is None:
        return _is_delegated(account, address, arn)
    identities.check_mail_from(identity)
    return True


def _is_delegated(account: Account, address: Address, arn: str | None) -> bool:
    """Whether another account's identity, named by its ARN, covers the address.

    Its owner's policy is not asked: that account's state may not be known here.
    """
    if not arn or f":{account.account_id}:" in arn:
        return False
    return arn.rpartition(":identity/")[2].lower() in (address.bare.lower(), address.domain)


def barred(account: Account, recipients: Sequence[str]) -> list[str]:
    """The recipients that the sandbox keeps a mail from."""
    if not account.sandbox:
        return []
    return [text for text in recipients if not _may_receive(account, text)]


def _may_receive(account: Account, text: str) -> bool:
    address = addresses.parse(text)
    return (
        address.domain == outcomes.SIMULATOR
        or identities.sender_identity(account, address) is not None
    )


def refuse(account: Account, failed: Sequence[str]) -> None:
    """Refuse a mail with addresses that failed the check."""
    if failed:
        names = ", ".join(dict.fromkeys(failed))
        raise errors.NotVerified(region=account.region.upper(), identities=names)
