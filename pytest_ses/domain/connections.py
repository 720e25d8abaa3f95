"""The connections of an account to other AWS services, as functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from collections.abc import Callable


def _unreachable(*_: object) -> NoReturn:
    raise errors.ObjectsUnreachable


@dataclass(slots=True)
class Connections:
    """The functions through which an account reaches other AWS services.

    By default, every resource exists, and S3 is unreachable.

    Attributes:
        validate_topic: publishes a message to a topic, given its ARN; returns False if the topic is
            known not to exist.
        validate_bucket: writes an object, given the bucket name, key and content; returns False if
            the bucket is known not to exist.
        has_function: returns whether a Lambda function exists, given its ARN; True if nothing
            serves Lambda.
        read_object: returns the content of an S3 object, given its URL.
        write_object: writes an S3 object, given its URL and content; returns a URL to download it.
    """

    validate_topic: Callable[[str, str], bool] = lambda _arn, _message: True
    validate_bucket: Callable[[str, str, bytes], bool] = lambda _name, _key, _content: True
    has_function: Callable[[str], bool] = lambda _arn: True
    read_object: Callable[[str], bytes] = _unreachable
    write_object: Callable[[str, bytes], str] = _unreachable
