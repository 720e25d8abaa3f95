"""What does the plugin warn of? Classes to name in pytest's `filterwarnings`."""

from __future__ import annotations


class RenderingFailureWarning(UserWarning):
    """A templated mail was accepted but could not be rendered, so nothing would have arrived."""

    __module__ = "pytest_ses"
