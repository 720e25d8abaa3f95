"""The verification of senders and, in the sandbox, of recipients."""

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
    account: PermissionState, request: SendRequest, identity: Identity | None
) -> list[str]:
    """The senders of a message that no verified identity covers.

    `identity` is the one that covers `request.source`, if any.
    """
    if account.accepts_every_sender:
        return []
    senders = dict.fromkeys(
        (request.source, *request.senders, request.return_path or request.source)
    )
    return [sender for sender in senders if not _may_send(account, sender, request, identity)]


def _may_send(
    account: PermissionState, sender: str, request: SendRequest, identity: Identity | None
) -> bool:
    address = addresses.parse(sender)
    if sender != request.source:
        identity = identities.sender_identity(account.identities, address)
    if identity is None:
        arns = _arns_of(sender, request)
        return any(_is_delegated(account, address, arn) for arn in arns)
    identities.check_mail_from(identity)
    return True


def _arns_of(sender: str, request: SendRequest) -> list[str | None]:
    """Return the ARNs that a request gives for one of its senders."""
    source_arn, header_arn, return_path_arn = request.arns
    arns = [source_arn] if sender == request.source else []
    if sender in request.senders:
        arns.append(header_arn or source_arn)
    if sender == request.return_path:
        arns.append(return_path_arn or source_arn)
    return arns


def _is_delegated(account: PermissionState, address: Address, arn: str | None) -> bool:
    """Whether an identity of another account, given by its ARN, covers the address.

    Its policies are not checked, because the other account may not exist here.
    """
    if not arn or f":{account.account_id}:" in arn:
        return False
    return arn.rpartition(":identity/")[2].lower() in (address.bare.lower(), address.domain)


def unverified_recipients(account: PermissionState, recipients: Sequence[str]) -> list[str]:
    """The recipients that the sandbox does not allow."""
    if not account.sandbox:
        return []
    return [recipient for recipient in recipients if not _may_receive(account, recipient)]


def _may_receive(account: PermissionState, recipient: str) -> bool:
    address = addresses.parse(recipient)
    return (
        address.domain == outcomes.SIMULATOR
        or identities.sender_identity(account.identities, address) is not None
    )


def raise_unverified(account: PermissionState, unverified: Sequence[str]) -> None:
    """Raise `NotVerified` if there are unverified addresses."""
    if unverified:
        names = ", ".join(dict.fromkeys(unverified))
        raise errors.NotVerified(region=account.region.upper(), identities=names)
