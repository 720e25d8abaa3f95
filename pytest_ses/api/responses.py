"""Functions that select the members of a response."""

from __future__ import annotations

from typing import Any

from pytest_ses.api import model


def without_none(**members: Any) -> dict[str, Any]:
    """Return the members that are not None; SES omits the others from a response."""
    return {name: value for name, value in members.items() if value is not None}


def known_members(service: str, shape: str, members: dict[str, Any]) -> dict[str, Any]:
    """Return the members that the installed botocore's model has; older models have fewer."""
    structure: Any = model(service).model.shape_for(shape)
    return {name: value for name, value in members.items() if name in structure.members}
