"""Helpers that call SES through boto3 and read its responses."""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError


def without_metadata(response):
    """The response of an operation, without botocore's metadata."""
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def error_of(call, *args, **params):
    """The code, HTTP status and message of the error that a call raises."""
    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    response = caught.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error.get("Message")


def assert_error(api, kind, message, call, *args, **params):
    """Assert code, status and message of an error; `api.codes` maps `kind` to code and status."""
    assert (*api.codes[kind], message) == error_of(call, *args, **params)


def require_operation(client, operation):
    """Skip the test if the installed botocore does not have the operation."""
    if not hasattr(client, xform_name(operation)):
        pytest.skip(f"this botocore has no {operation}")


def read(client, name="letters"):
    """The configuration set as returned by v2."""
    return without_metadata(client.get_configuration_set(ConfigurationSetName=name))


def describe(client, *attributes, name="letters"):
    """The requested attributes of a configuration set as returned by v1."""
    response = client.describe_configuration_set(
        ConfigurationSetName=name, ConfigurationSetAttributeNames=attributes
    )
    return without_metadata(response)
