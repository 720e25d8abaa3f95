"""The warnings of the plugin, to be named in pytest's `filterwarnings`."""

from __future__ import annotations


class ForkedProcessWarning(UserWarning):
    """A process that was forked from the test sends SES requests that the test does not see."""

    __module__ = "pytest_ses"


class RenderingFailureWarning(UserWarning):
    """SES accepted a templated message but could not render it, so it would not be delivered."""

    __module__ = "pytest_ses"


class UnmodelledErrorWarning(UserWarning):
    """The code of a planned error is not declared in the model of the operation."""

    __module__ = "pytest_ses"


class UnsupportedResourceWarning(UserWarning):
    """A CloudFormation stack has a resource that is not simulated, and was deployed without it."""

    __module__ = "pytest_ses"


class UnusedFaultWarning(UserWarning):
    """A planned failure did not happen, or not often enough."""

    __module__ = "pytest_ses"


class WebhookErrorWarning(UserWarning):
    """The endpoint of a webhook raised an exception, which SNS would only see as a failure."""

    __module__ = "pytest_ses"
