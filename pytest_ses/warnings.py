"""What does the plugin warn of? Classes to name in pytest's `filterwarnings`."""

from __future__ import annotations


class RenderingFailureWarning(UserWarning):
    """A templated mail was accepted but could not be rendered, so nothing would have arrived."""

    __module__ = "pytest_ses"


class UnmodelledErrorWarning(UserWarning):
    """A planned error has a code that the model of its operation does not know."""

    __module__ = "pytest_ses"


class UnusedFaultWarning(UserWarning):
    """A planned failure did not happen, or not as often as planned."""

    __module__ = "pytest_ses"
