"""Planned failures and simulated events, as JSON describes them."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses import clock
from pytest_ses.endpoint.responses import Problem
from pytest_ses.faults import network
from pytest_ses.phrasing import one_of, with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.backend import SESBackend
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.faults.planned import PlannedFailure

    Body = Mapping[str, Any]

_NETWORK_FAULTS = {
    kind.__name__: kind
    for kind in (
        network.Timeout,
        network.Disconnect,
        network.ServerError,
        network.CorruptResponse,
        network.ResponseLost,
        network.Delay,
    )
}


def plan_failure(backend: SESBackend, body: Body) -> PlannedFailure:
    """Plan a failure; the members of the body are the arguments of the plan."""
    plans: dict[str, Callable[..., PlannedFailure]] = {
        "throttle": backend.throttle,
        "not_found": backend.not_found,
        "fail": backend.fail,
        "bulk_status": backend.bulk_status,
    }
    name, arguments = _taken(body, "plan")
    _check_name("plan", name, plans)
    if arguments.get("when") is not None:
        raise Problem(
            "when requires a function, so it can be planned only in Python; use the other members, such "
            "as to, sender and template, to select calls"
        )
    positional = _POSITIONAL[name]
    if positional == ("operations",):
        if "operation" in arguments:
            raise Problem("unknown member 'operation'; expected 'operations', a list of names")
        operations = arguments.pop("operations", [])
        if not isinstance(operations, list):
            raise Problem(f"operations={operations!r} is invalid; expected a list of names")
        return plans[name](*operations, **arguments)
    values = []
    for argument in positional:
        value, arguments = _taken(arguments, argument)
        values.append(_network_fault(value) if isinstance(value, dict) else value)
    return plans[name](*values, **arguments)


_POSITIONAL = {
    "throttle": ("operations",),
    "not_found": ("operations",),
    "fail": ("operation", "error"),
    "bulk_status": ("status",),
}


def _network_fault(value: Body) -> network.NetworkFault:
    """Return a network failure, such as that of `{"type": "Timeout", "kind": "read"}`."""
    name, arguments = _taken(value, "type")
    _check_name("type", name, _NETWORK_FAULTS)
    kind = _NETWORK_FAULTS[name]
    members = [field.name for field in dataclasses.fields(kind)]
    _check_members(arguments, members)
    missing = [
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.name not in arguments
    ]
    if missing:
        raise Problem(f"{name} requires {missing[0]!r}")
    fault: network.NetworkFault = kind(**arguments)
    return fault


class _Simulation(NamedTuple):
    """An event that can be simulated: what it needs besides the message.

    `plan` is the method that plans the event for a recipient; `renamed` maps members of the body to
    arguments, because `type` is the name of the event.
    """

    members: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    plan: str | None = None
    renamed: Mapping[str, str] = {}
    for_recipient: bool = True


_SIMULATIONS = {
    "deliver": _Simulation(plan="delivers"),
    "bounce": _Simulation(
        ("bounce_type", "subtype"), plan="bounces", renamed={"bounce_type": "type"}
    ),
    "complain": _Simulation(("feedback_type",), plan="complains"),
    "delay": _Simulation(("delay_type",), plan="delays", renamed={"delay_type": "type"}),
    "reject": _Simulation(for_recipient=False),
    "open": _Simulation(for_recipient=False),
    "click": _Simulation(("link",), required=("link",), for_recipient=False),
    "unsubscribe": _Simulation(("topic",), for_recipient=False),
}


def simulate_event(backend: SESBackend, body: Body) -> Event | None:
    """Simulate an event of a message, or plan it for a recipient and return None."""
    name, arguments = _taken(body, "type")
    _check_name("type", name, _SIMULATIONS)
    simulation = _SIMULATIONS[name]
    if "message_id" in arguments:
        message_id, arguments = _taken(arguments, "message_id")
        for member in simulation.required:
            _taken(arguments, member)
        if "after" in arguments:
            raise Problem(
                "after applies only to events that are planned for a recipient; with message_id, the "
                "event happens at once, so advance the clock first"
            )
        members = [*simulation.members, *(["recipient"] if simulation.for_recipient else [])]
        simulate: Callable[..., Any] = getattr(backend, name)
        event: Event = simulate(message_id, **_renamed(simulation, arguments, members))
        return event
    if simulation.plan is None:
        raise Problem(f"{name} requires 'message_id', because it cannot be planned for a recipient")
    if "recipient" not in arguments:
        raise Problem(
            f"{name} requires 'message_id', if it happens to a message that was sent, or 'recipient', "
            "if it is planned for messages to be sent"
        )
    recipient, arguments = _taken(arguments, "recipient")
    after = [] if name == "deliver" else ["after"]
    arguments = _renamed(simulation, arguments, [*simulation.members, *after])
    if "after" in arguments:
        arguments["after"] = _after(backend.clock, arguments["after"])
    getattr(backend.recipient(recipient), simulation.plan)(**arguments)
    return None


def _after(virtual_time: clock.Clock, units: Any) -> timedelta:
    shown = json.dumps(units)
    if not isinstance(units, dict):
        raise Problem(f'after={shown} is invalid; expected units such as {{"hours": 1}}')
    after = clock.duration(**units)
    if after < timedelta(0):
        raise Problem(f"after={shown} is invalid; expected a duration that is not negative")
    clock.check_reachable(virtual_time.now(), after)
    return after


def _renamed(simulation: _Simulation, arguments: Body, members: list[str]) -> dict[str, Any]:
    _check_members(arguments, members)
    return {simulation.renamed.get(name, name): value for name, value in arguments.items()}


def _taken(body: Body, name: str) -> tuple[Any, dict[str, Any]]:
    """Return a required member and the others."""
    if name not in body:
        raise Problem(f"the body requires {name!r}")
    return body[name], {other: value for other, value in body.items() if other != name}


def _check_members(body: Body, members: list[str]) -> None:
    for name in body:
        if name not in members:
            raise Problem(with_nearest(f"unknown member {name!r}", name, members))


def _check_name(member: str, name: Any, names: Mapping[str, object]) -> None:
    if not isinstance(name, str):
        raise Problem(f"{member}={name!r} is invalid; expected {one_of(list(names))}")
    if name not in names:
        raise Problem(with_nearest(f"unknown {member} {name!r}", name, names))
