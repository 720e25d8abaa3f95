"""How do tests ask SES through boto3, and read what it answers?"""

from __future__ import annotations

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError


def answer(response):
    """What an operation answers, without botocore's part."""
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def refusal(call, *args, **params):
    """Code, status and text of the error that a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    response = caught.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error.get("Message")


def refused(api, kind, message, call, *args, **params):
    """Hold code, status and text of a refusal; `api.codes` has code and status by kind."""
    assert (*api.codes[kind], message) == refusal(call, *args, **params)


def needs(client, operation):
    """Skip a test where the installed botocore does not have the operation yet."""
    if not hasattr(client, xform_name(operation)):
        pytest.skip(f"this botocore has no {operation}")


def read(client, name="letters"):
    """All that v2 shows of a configuration set."""
    return answer(client.get_configuration_set(ConfigurationSetName=name))


def describe(client, *attributes, name="letters"):
    """What v1 shows of a configuration set."""
    found = client.describe_configuration_set(
        ConfigurationSetName=name, ConfigurationSetAttributeNames=attributes
    )
    return answer(found)
