"""Hints about the mistakes that make SES reject calls, and how to fix them."""

from __future__ import annotations

import re
from itertools import chain
from operator import attrgetter
from string import Formatter
from typing import TYPE_CHECKING, Any, Protocol

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.identities.identities import SUCCESS
from pytest_ses.domain.receiving import receipt_actions
from pytest_ses.phrasing import counted, nearest, with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_ses.calls import Call
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.errors import SESError
    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.webhooks import Webhook

    # Yields the hints on an error, given the details in its text.
    HintsOnError = Callable[["BackendState", Call, Mapping[str, str]], Iterable[str]]

_MAX_NAMES = 5

# The member with the results of the entries, for each bulk operation.
_BULK_RESULTS = {"SendBulkTemplatedEmail": "Status", "SendBulkEmail": "BulkEmailEntryResults"}


class BackendState(Protocol):
    """The part of a backend that hints are about."""

    @property
    def accounts(self) -> Sequence[Account]:
        """The accounts that the test has used so far."""
        ...

    @property
    def calls(self) -> Sequence[Call]:
        """Every request."""
        ...

    @property
    def webhooks(self) -> Sequence[Webhook]:
        """The webhooks of the test."""
        ...


def of_test(backend: BackendState) -> list[str]:
    """Return the hints for a failed test: on its rejected calls, identities, plans and webhooks."""
    on_calls = chain.from_iterable(of_call(backend, call) for call in backend.calls)
    on_state = chain.from_iterable(
        hints(backend) for hints in (_on_identities, _on_recipients, _on_webhooks)
    )
    return list(dict.fromkeys([*on_calls, *on_state]))


def of_call(backend: BackendState, call: Call) -> list[str]:
    """Return the hints on the errors of a call; there are none if its failure was planned."""
    if call.fault:
        return []
    return [
        hint
        for text in _error_texts(call)
        for error_class, hints in _HINTS.items()
        if (match := _pattern(error_class).fullmatch(text))
        for hint in hints(backend, call, match.groupdict())
    ]


def nothing_sent(calls: Iterable[Call]) -> str:
    """Return why an outbox is empty: nothing was sent, or SES rejected it."""
    rejected = [call for call in calls if _sends(call) and _error_texts(call)]
    if not rejected:
        return "nothing was sent"
    last = rejected[-1]
    which = ", the last of them" if len(rejected) > 1 else ""
    return (
        f"nothing was sent; SES rejected {counted(rejected, 'call')}{which}: "
        f"{last.service}:{last.operation} in {last.region}: {_error_texts(last)[-1]}"
    )


def _sends(call: Call) -> bool:
    return (call.operation or "").startswith("Send")


def _error_texts(call: Call) -> list[str]:
    """The text of the error of a call or, for a bulk send, those of its entries."""
    if call.error:
        return [call.error.message or call.error.code]
    results = (call.response or {}).get(_BULK_RESULTS.get(call.operation or "", ""), ())
    return [result["Error"] for result in results if result.get("Error")]


def _pattern(error_class: type[SESError]) -> re.Pattern[str]:
    """Return a pattern that matches the text of an error, with a group for each detail in it."""
    parts = [
        re.escape(literal) + (f"(?P<{name}>.*)" if name else "")
        for literal, name, _, _ in Formatter().parse(error_class.text or "")
    ]
    return re.compile("".join(parts), re.DOTALL)


def _unverified(backend: BackendState, call: Call, details: Mapping[str, str]) -> Iterator[str]:
    account = _account_of(backend, call)
    for name in map(addresses.bare, addresses.parse_list(details["name"])):
        covering = [
            identity for identity in _unverified_identities(account) if _would_cover(identity, name)
        ]
        places = [_place(other) for other in backend.accounts if other.is_verified(name)]
        pending = [
            f"{identity.name} ({identity.verification_status.lower()}) in {_place(other)}"
            for other in backend.accounts
            for identity in _unverified_identities(other)
            if _would_cover(identity, name)
        ]
        if covering:
            yield _incomplete(covering)
        elif places:
            yield f"{name!r} is verified in {_listed(places)}, but the call was for {_place(call)}."
        elif pending:
            yield f"Not verified yet: {_listed(pending)}; the call was for {_place(call)}."
        else:
            yield _how_to_verify(account, name)


def _unverified_mail_from(
    backend: BackendState, call: Call, _details: Mapping[str, str]
) -> Iterator[str]:
    for identity in _account_of(backend, call).identities.values():
        if identity.mail_from_domain and identity.mail_from_status != SUCCESS:
            yield (
                f"The MAIL FROM domain {identity.mail_from_domain!r} is verified together with its "
                f"identity: once it is set, call ses_backend.verify({identity.name!r}), or set "
                "ses_auto_verify = true."
            )


def _how_to_verify(account: Account, name: str) -> str:
    verified = [identity.name for identity in account.identities.values() if identity.verified]
    domain = name.rpartition("@")[2]
    # A domain with another ending, such as example.net, is less similar.
    similar = nearest(name, verified, cutoff=0.85) or nearest(domain, verified, cutoff=0.85)
    meant = f" Did you mean {similar!r}?" if similar else ""
    sandbox = " In the sandbox, recipients must be verified, too." if account.sandbox else ""
    return (
        f"{name!r} is not verified; verified in {_place(account)}: {_listed(verified) or 'none'}.{meant} Verify "
        f'the address or its domain with ses_backend.verify("{domain}") or '
        f'@pytest.mark.ses(verified=["{domain}"]); "*" accepts every sender.{sandbox}'
    )


def _incomplete(identities: Sequence[Identity]) -> str:
    states = [
        f"{identity.name} ({identity.verification_status.lower()})" for identity in identities
    ]
    return (
        f"Not verified yet: {_listed(states)}. To complete the verification, as the owner would, call "
        f"ses_backend.verify({identities[0].name!r}). To verify every identity as soon as it is requested, set "
        "ses_auto_verify = true or use @pytest.mark.ses(auto_verify=True)."
    )


def _missing(noun: str, store: str, *, settings: str = "") -> HintsOnError:
    """Return a function that yields the hint on a resource that does not exist.

    `settings` says which settings of the account create the resource with the name `{name}`.
    """
    names_in: Callable[[Account], Iterable[str]] = attrgetter(store)

    def hints(backend: BackendState, call: Call, details: Mapping[str, str]) -> Iterator[str]:
        name, place = details["name"], _place(call)
        names = list(names_in(_account_of(backend, call)))
        places = [_place(account) for account in backend.accounts if name in names_in(account)]
        similar = nearest(name, names)
        if place in places:
            yield f"The {noun} {name!r} exists now; it was created after the call."
        elif places:
            yield f"The {noun} {name!r} exists in {_listed(places)}, but the call was for {place}."
        elif similar:
            yield f"Did you mean the {noun} {similar!r}? It exists in {place}."
        else:
            yield (
                f"There is {'no' if not names else 'no such'} {noun} in {place}. Each test starts with an "
                f"empty account; create the {noun} in the test or in a fixture"
                f"{settings.format(name=name)}."
            )

    return hints


# The hints on SES's errors. An error is recognized by its text, which is the same in both APIs.
_HINTS: Mapping[type[SESError], HintsOnError] = {
    errors.NotVerified: lambda backend, call, details: _unverified(
        backend, call, {"name": details["identities"]}
    ),
    errors.FromEmailAddressNotVerified: _unverified,
    errors.MailFromDomainNotVerified: _unverified_mail_from,
    errors.ConfigurationSetDoesNotExist: _missing(
        "configuration set",
        "configuration_sets",
        settings=", or name it in the option ses_configuration_sets or in "
        '@pytest.mark.ses(configuration_sets=["{name}"])',
    ),
    errors.ContactListDoesNotExist: _missing("contact list", "contact_lists"),
    errors.CustomVerificationEmailTemplateDoesNotExist: _missing(
        "custom verification email template", "verification_templates"
    ),
    errors.DedicatedIpPoolDoesNotExist: _missing("dedicated IP pool", "dedicated_ip_pools"),
    errors.IdentityDoesNotExist: _missing("identity", "identities"),
    errors.RuleSetDoesNotExist: _missing("receipt rule set", "receipt_rule_sets"),
    errors.TemplateDoesNotExist: _missing("template", "templates"),
    errors.TenantDoesNotExist: _missing("tenant", "tenants"),
}


def _on_identities(backend: BackendState) -> Iterator[str]:
    identities = list(chain.from_iterable(map(_unverified_identities, backend.accounts)))
    if identities:
        yield _incomplete(identities)


def _on_recipients(backend: BackendState) -> Iterator[str]:
    """Yield the hints on planned outcomes, if messages were sent, but only to other recipients."""
    for account in backend.accounts[:1]:  # the accounts of a backend share one event log
        messages = account.event_log.messages
        recipients = list(dict.fromkeys(chain.from_iterable(sent.recipients for sent in messages)))
        planned = account.event_log.planned_outcomes if recipients else ()
        sent_to = set(map(str.lower, recipients))
        for address in [address for address in planned if address not in sent_to]:
            similar = nearest(address, recipients)
            fix = f"did you mean {similar!r}?" if similar else f"expected {_listed(recipients)}"
            yield f"An outcome is planned for {address!r}, but nothing was sent to it; {fix}"


def _on_webhooks(backend: BackendState) -> Iterator[str]:
    topics = sorted(set(filter(None, chain.from_iterable(map(_topics, backend.accounts)))))
    for webhook in backend.webhooks:
        if webhook.topic_arn not in topics and not webhook.deliveries:
            yield with_nearest(
                f"Nothing publishes to {webhook.topic_arn!r}, the topic of a webhook; no event "
                "destination, identity or receipt rule has this topic",
                webhook.topic_arn,
                topics,
            )


def _topics(account: Account) -> Iterator[Any]:
    """Yield the topics that the account publishes to; None for other event destinations."""
    for configuration_set in account.configuration_sets.values():
        for destination in configuration_set.event_destinations.values():
            yield getattr(destination.target, "topic_arn", None)
    for identity in account.identities.values():
        yield from identity.topics.values()
    for rule_set in account.receipt_rule_sets.values():
        for rule in rule_set.rules:
            yield from map(receipt_actions.topic_of, rule.actions)


def _unverified_identities(account: Account) -> list[Identity]:
    return [identity for identity in account.identities.values() if not identity.verified]


def _would_cover(identity: Identity, name: str) -> bool:
    """Whether an identity would cover an address or a domain if it were verified."""
    if not identity.is_domain:
        return addresses.normalized(name) == identity.name
    return f".{name.rpartition('@')[2].lower()}".endswith(f".{identity.name}")


def _account_of(backend: BackendState, call: Call) -> Account:
    """The account that rejected a call."""
    place = _place(call)
    return next(account for account in backend.accounts if _place(account) == place)


def _place(resource: Account | Call) -> str:
    return f"{resource.region} (account {resource.account_id})"


def _listed(names: Sequence[str]) -> str:
    hidden = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {hidden} more" if hidden > 0 else "")
