"""Which text does an SES template give with this data?

The template language of SES: the dialect of handlebars.java, nothing escaped, and an attribute
that is missing or null an error.
https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html
"""

from .errors import MissingAttribute, RenderLimitExceeded, TemplateError, TemplateSyntaxError
from .merge import merge
from .template import Template, compile  # noqa: A004 - compile, as in re.compile

__all__ = [
    "MissingAttribute",
    "RenderLimitExceeded",
    "Template",
    "TemplateError",
    "TemplateSyntaxError",
    "compile",
    "merge",
]
