"""The errors of templates and of their rendering."""

from __future__ import annotations


class TemplateError(Exception):
    """Base class of the errors in a template or in its rendering."""


class TemplateSyntaxError(TemplateError):
    """The source is not a valid template, or uses a partial that it does not define.

    `line` and `column` count from 1; `message` is the text without them.
    """

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class MissingAttribute(TemplateError):
    """The data lacks an attribute of the template; `name` is its path as written in the template.

    The text is SES's, from the sample of a Rendering Failure event in the guide:
    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"Attribute '{name}' is not present in the rendering data.")
        self.name = name


class RenderLimitExceeded(TemplateError):
    """Rendering stopped: partials or values are nested too deeply, or the output is too large."""


def syntax_error(source: str, offset: int, message: str) -> TemplateSyntaxError:
    line_start = source.rfind("\n", 0, offset) + 1
    return TemplateSyntaxError(
        message, line=source.count("\n", 0, offset) + 1, column=offset - line_start + 1
    )
