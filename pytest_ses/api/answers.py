"""How is an answer put together?"""

from __future__ import annotations

from typing import Any

from pytest_ses.api import model


def given(**members: Any) -> dict[str, Any]:
    """The members that have a value; SES leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}


def known(service: str, shape: str, members: dict[str, Any]) -> dict[str, Any]:
    """The members of a structure that the installed model has; an older one knows fewer."""
    of_model = model(service).model.shape_for(shape).members
    return {name: value for name, value in members.items() if name in of_model}
