"""What can go wrong with a template, and how is it said?"""

from __future__ import annotations


class TemplateError(Exception):
    """Whatever is wrong with a template or with rendering it."""


class TemplateSyntaxError(TemplateError):
    """The source is not a template, or names a partial that it does not define.

    `line` and `column` count from 1; `message` is the text without them.
    """

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class MissingAttribute(TemplateError):
    """The data lacks what the template asks for; `name` is the path as the template wrote it.

    The text is SES's own, as the guide's sample of a Rendering Failure event shows it:
    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"Attribute '{name}' is not present in the rendering data.")
        self.name = name


class RenderLimitExceeded(TemplateError):
    """Rendering would nest too deep or grow too large, so it was given up."""


def syntax_error(source: str, at: int, message: str) -> TemplateSyntaxError:
    line_start = source.rfind("\n", 0, at) + 1
    return TemplateSyntaxError(
        message, line=source.count("\n", 0, at) + 1, column=at - line_start + 1
    )
