"""The template language of SES.

It is the dialect of handlebars.java, without escaping. An attribute that is missing or null is an
error.
https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html
"""

from .errors import MissingAttribute, RenderLimitExceeded, TemplateError, TemplateSyntaxError
from .examples import example_data
from .merge import merge
from .renderer import renderer
from .template import Template, compile  # noqa: A004 - compile, as in re.compile

__all__ = [
    "MissingAttribute",
    "RenderLimitExceeded",
    "Template",
    "TemplateError",
    "TemplateSyntaxError",
    "compile",
    "example_data",
    "merge",
    "renderer",
]
