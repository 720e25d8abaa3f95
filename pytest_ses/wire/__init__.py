"""The two AWS protocols of SES, driven only by botocore's service models."""

from typing import Final

from pytest_ses.wire import query, rest_json
from pytest_ses.wire.http import Codec, Fault, Request, Response
from pytest_ses.wire.shapes import Operation, Service, adapted, python_name, service

__all__ = [
    "CODECS",
    "Codec",
    "Fault",
    "Operation",
    "Request",
    "Response",
    "Service",
    "adapted",
    "python_name",
    "service",
]

CODECS: Final[dict[str, Codec]] = {"query": query, "rest-json": rest_json}
"""The codec of each protocol, by `Service.protocol`."""
