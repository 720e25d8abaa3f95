"""Multi-region endpoints."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


# An endpoint is ready immediately; in SES this takes minutes, and a test would have to wait.
CREATING, READY, DELETING = "CREATING", "READY", "DELETING"

_ID_LETTERS = string.ascii_lowercase + string.digits


@dataclass(slots=True)
class MultiRegionEndpoint:
    """A multi-region endpoint; `regions` are its primary and its secondary region."""

    name: str
    id: str
    regions: tuple[str, str]
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict)


class EndpointState(Scope, Protocol):
    """The multi-region endpoints of an account."""

    multi_region_endpoints: Collection[MultiRegionEndpoint]


def store() -> Collection[MultiRegionEndpoint]:
    """Return an empty store of multi-region endpoints."""
    return Collection(
        "multi-region endpoints",
        missing=errors.EndpointDoesNotExist,
        duplicate=errors.EndpointAlreadyExists,
        order="name",
    )


def create(
    account: EndpointState,
    name: str,
    secondary: Sequence[str],
    *,
    tags: Mapping[str, str] | None = None,
) -> MultiRegionEndpoint:
    """Create an endpoint with the account's region as the primary region, and a secondary region.

    Raises:
        InvalidEndpointRoutes: if `secondary` is not exactly one region other than this one.
        EndpointAlreadyExists: if the name is taken.
    """
    if len(secondary) != 1 or secondary[0] in ("", account.region):
        raise errors.InvalidEndpointRoutes(
            region=account.region, regions=", ".join(secondary) or "none"
        )
    endpoint = MultiRegionEndpoint(
        name=name,
        id=f"{account.new_token(_ID_LETTERS, 9)}.{account.new_token(_ID_LETTERS, 3)}",
        regions=(account.region, secondary[0]),
        created_at=account.now(),
        tags=dict(tags or {}),
    )
    return account.multi_region_endpoints.add(name, endpoint)


def has(multi_region_endpoints: Collection[MultiRegionEndpoint], endpoint_id: str) -> bool:
    """Whether an endpoint has the ID."""
    return any(endpoint.id == endpoint_id for endpoint in list(multi_region_endpoints.values()))


def check_exists(multi_region_endpoints: Collection[MultiRegionEndpoint], endpoint_id: str) -> None:
    """Check that the endpoint of a send request exists.

    Raises:
        EndpointDoesNotExist: if no endpoint has the ID.
    """
    if not has(multi_region_endpoints, endpoint_id):
        raise errors.EndpointDoesNotExist(name=endpoint_id)
