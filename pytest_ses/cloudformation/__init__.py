"""The resources of type `AWS::SES::…` in CloudFormation stacks, without moto."""

from __future__ import annotations

from pytest_ses.cloudformation.properties import InvalidPropertiesError
from pytest_ses.cloudformation.resources import (
    PREFIX,
    RESOURCES,
    Connection,
    Resource,
    ResourceType,
)

__all__ = [
    "PREFIX",
    "RESOURCES",
    "Connection",
    "InvalidPropertiesError",
    "Resource",
    "ResourceType",
]
