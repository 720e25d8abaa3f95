"""The region that clients of this process find in their environment."""

from __future__ import annotations

import os
from configparser import ConfigParser, Error
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REGION = "AWS_DEFAULT_REGION"


def set_default_region(region: str) -> Callable[[], None]:
    """Set the default region of new clients if nothing else sets one; return a function to undo it."""
    if os.environ.get(_REGION) or _region_of_profile():
        return lambda: None
    previous = os.environ.get(_REGION)
    os.environ[_REGION] = region

    def undo() -> None:
        if previous is None:
            os.environ.pop(_REGION, None)
        else:
            os.environ[_REGION] = previous

    return undo


def _region_of_profile() -> str | None:
    """Return the region in AWS's configuration file, which boto3 reads as well.

    It is not read with botocore, which is slow to import.
    """
    profile = os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE") or "default"
    path = Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser()
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return None
    section = profile if profile == "default" else f"profile {profile}"
    return parser.get(section, "region", fallback=None)
