"""Templates in files: SES's own JSON, CloudFormation stacks, and plain text and HTML.

https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-api.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-template.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses import handlebars
from pytest_ses.domain import errors, resource_tags, templates
from pytest_ses.domain.mime import Parts
from pytest_ses.phrasing import one_of, with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from os import PathLike

    from pytest_ses.domain.account import Account

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

RESOURCE_TYPE = "AWS::SES::Template"
# The members with the parts of a template, in the order of `Parts`.
_V1_PARTS = ("SubjectPart", "TextPart", "HtmlPart")
_V2_PARTS = ("Subject", "Text", "Html")
_PLAIN_ENDINGS = (".subject.txt", ".txt", ".html")
_EXPECTED = (
    "expected the input of create-template or create-email-template (--cli-input-json), or a stack "
    f"with resources of type {RESOURCE_TYPE}"
)


class _Text(str):
    """A text of a file, with the line at which it starts.

    With `is_verbatim`, each line of the text is a line of the file.
    """

    __slots__ = ("is_verbatim", "line")

    line: int
    is_verbatim: bool


class _FoundTemplate(NamedTuple):
    """A template, where it was found, and its parts as they are in the file."""

    path: Path
    line: int
    name: str
    parts: Parts
    part_paths: Sequence[Path]
    tags: Sequence[Mapping[str, str]] = ()

    def error(self, message: object) -> ValueError:
        return _error(self.path, self.line, message)


def load(account: Account, *paths: str | PathLike[str]) -> list[str]:
    """Create the templates in files and folders; if one is wrong, create none.

    Raises:
        TypeError: if there are no paths.
        ValueError: if a file is wrong; the text names the file and the line.
    """
    if not paths:
        raise TypeError("load_templates() requires at least one path of a folder or a file")
    found = list(_read([Path(path) for path in paths]))
    if not found:
        folders = ", ".join(map(str, paths))
        raise ValueError(
            f"there are no templates in {folders}; expected files that end in {one_of(_endings())}"
        )
    created: list[str] = []
    try:
        for template in found:
            _create(account, template)
            created.append(str(template.name))
    except ValueError:
        for name in created:
            account.templates.remove(name)
        raise
    return created


def _create(account: Account, template: _FoundTemplate) -> None:
    for path, kind, part in zip(template.part_paths, Parts._fields, template.parts, strict=True):
        _check_syntax(path, kind, part)
    parts = Parts(*(None if part is None else str(part) for part in template.parts))
    try:
        tags = resource_tags.parse(list(template.tags))
        templates.create(account, str(template.name), parts, tags=tags)
    except errors.SESError as error:
        raise template.error(error.message) from None


def _check_syntax(path: Path, kind: str, part: str | None) -> None:
    try:
        templates.renderer(Parts(**{kind: part}))
    except handlebars.TemplateSyntaxError as error:
        if getattr(part, "is_verbatim", False):
            raise _error(path, _line(part) + error.line - 1, error.message) from None
        raise _error(path, _line(part), f"in the {kind} part: {error}") from None


def _read(paths: Sequence[Path]) -> Iterator[_FoundTemplate]:
    plain: dict[Path, dict[str, Path]] = {}
    for path in _files(paths):
        if path.suffix in _READERS:
            yield from _templates_in(path, _READERS[path.suffix](path))
        else:
            ending = next(ending for ending in _PLAIN_ENDINGS if path.name.endswith(ending))
            plain.setdefault(path.with_name(path.name.removesuffix(ending)), {})[ending] = path
    for base, files in plain.items():
        yield _plain_template(base, files)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    endings = _endings()
    for path in paths:
        if path.is_dir():
            yield from (file for file in sorted(path.rglob("*")) if file.name.endswith(endings))
        elif not path.exists():
            raise ValueError(f"{path} does not exist (in {Path.cwd()})")
        elif not path.name.endswith(endings):
            raise ValueError(f"{path} has no known ending; expected {one_of(endings)}")
        else:
            yield path


def _endings() -> tuple[str, ...]:
    return (*_PLAIN_ENDINGS, *_READERS)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise _error(path, line, "the text is not in UTF-8") from None


def _plain_template(base: Path, files: Mapping[str, Path]) -> _FoundTemplate:
    """Return the template of up to three files with the same start of their names."""
    first = next(iter(files.values()))
    if _PLAIN_ENDINGS[0] not in files:
        subject = base.with_name(base.name + _PLAIN_ENDINGS[0])
        if subject.exists():
            problem = (
                f"{subject.name} was not passed; pass the folder, or all files of the template"
            )
        else:
            problem = f"{subject.name} with the subject is missing in the same folder"
        raise _error(first, 1, problem)
    parts = Parts(*(_verbatim(files[end]) if end in files else None for end in _PLAIN_ENDINGS))
    # Editors end a file with a newline.
    subject_text = _located(str(parts.subject).rstrip("\r\n"), 1, is_verbatim=True)
    paths = [files.get(ending, first) for ending in _PLAIN_ENDINGS]
    return _FoundTemplate(first, 1, base.name, parts._replace(subject=subject_text), paths)


def _verbatim(path: Path) -> _Text:
    return _located(_content(path), 1, is_verbatim=True)


def _templates_in(path: Path, document: Any) -> Iterator[_FoundTemplate]:
    members = document if isinstance(document, dict) else {}
    if "Resources" in members:
        yield from _templates_of_stack(path, _object(path, members, "Resources"))
    elif "Template" in members:
        _check_names(path, members, ("Template",))
        yield _template(path, _object(path, members, "Template"), _V1_PARTS)
    elif "TemplateContent" in members:
        _check_names(path, members, ("TemplateName", "TemplateContent", "Tags"))
        name = {"TemplateName": members.get("TemplateName")}
        content = {**name, **_object(path, members, "TemplateContent")}
        yield _template(path, content, _V2_PARTS, _tags(path, members))
    else:
        raise _error(path, 1, f"the file has no templates; {_EXPECTED}")


def _templates_of_stack(path: Path, resources: Mapping[str, Any]) -> Iterator[_FoundTemplate]:
    of_type = [
        name for name in resources if _object(path, resources, name).get("Type") == RESOURCE_TYPE
    ]
    if not of_type:
        raise _error(path, 1, f"the stack has no resource of type {RESOURCE_TYPE}")
    for name in of_type:
        properties = _object(path, resources[name], "Properties")
        template = _object(path, properties, "Template")
        yield _template(path, template, _V1_PARTS, _tags(path, properties))


def _template(
    path: Path,
    members: Mapping[str, Any],
    part_names: Sequence[str],
    tags: Sequence[Mapping[str, str]] = (),
) -> _FoundTemplate:
    line = _line(next(iter(members), None))
    _check_names(path, members, ("TemplateName", *part_names))
    for name, value in members.items():
        if value is not None and not isinstance(value, str):
            raise _error(path, _line(name, line), _not_text(name, value))
    template_name = members.get("TemplateName")
    if template_name is None:
        raise _error(path, line, "TemplateName is missing")
    parts = Parts(*(members.get(name) for name in part_names))
    return _FoundTemplate(path, _line(template_name), template_name, parts, [path] * 3, tags)


def _check_names(path: Path, members: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in members:
        if name not in known:
            message = with_nearest(f"unknown member {name!r}", str(name), known)
            raise _error(path, _line(name), message)


def _tags(path: Path, members: Mapping[str, Any]) -> list[dict[str, str]]:
    tags = members.get("Tags") or []
    for tag in tags:
        texts = tag.values() if isinstance(tag, dict) and set(tag) == {"Key", "Value"} else [None]
        if not all(isinstance(text, str) for text in texts):
            line = _line(next(name for name in members if name == "Tags"))
            raise _error(path, line, f"the tag {tag!r} is invalid; expected a Key and a Value")
    return [{str(name): str(text) for name, text in tag.items()} for tag in tags]


def _object(path: Path, members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    if not isinstance(value, dict):
        line = _line(next((key for key in members if key == name), None))
        raise _error(path, line, f"{name} is {value!r}; expected an object")
    return value


def _not_text(name: str, value: Any) -> str:
    if isinstance(value, dict):
        function = next(iter(value), "an object")
        return (
            f"{name} uses {function}, which only CloudFormation can resolve; write the text itself, "
            "or deploy the stack"
        )
    return f"{name} is {value!r}; expected a string"


def _read_json(path: Path) -> Any:
    text = _content(path)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise _error(path, error.lineno, error.msg) from None
    # The parser of YAML knows lines. JSON is YAML, except for tabs, which no JSON string contains.
    return _load(path, text.replace("\t", " "))


def _read_yaml(path: Path) -> Any:
    return _load(path, _content(path))


def _load(path: Path, text: str) -> Any:
    import yaml  # noqa: PLC0415  (slow to import)

    loader: Any = type("Loader", (yaml.SafeLoader,), {})
    for kind in ("str", "timestamp"):
        loader.add_constructor(f"tag:yaml.org,2002:{kind}", _text_of)
    # The functions of CloudFormation, such as `!Sub`.
    loader.add_multi_constructor("!", lambda _loader, name, _node: {f"!{name}": None})
    try:
        return yaml.load(text, loader)  # noqa: S506  (a subclass of SafeLoader)
    except yaml.reader.ReaderError as error:
        raise _error(path, text.count("\n", 0, error.position) + 1, error.reason) from None
    except yaml.MarkedYAMLError as error:
        raise _error(path, error.problem_mark.line + 1, error.problem) from None


def _text_of(loader: Any, node: Any) -> _Text:
    is_verbatim = node.style == "|"
    line = node.start_mark.line + (2 if is_verbatim else 1)
    # In JSON, a character outside of the basic plane can be written as two surrogates.
    text = (
        loader.construct_scalar(node).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    return _located(text, line, is_verbatim=is_verbatim)


_READERS: Mapping[str, Callable[[Path], Any]] = {
    ".json": _read_json,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".template": _read_yaml,
}


def _located(text: str, line: int, *, is_verbatim: bool = False) -> _Text:
    located = _Text(text)
    located.line, located.is_verbatim = line, is_verbatim
    return located


def _line(text: object, default: int = 1) -> int:
    return text.line if isinstance(text, _Text) else default


def _error(path: Path, line: int, message: object) -> ValueError:
    return ValueError(f"{path}, line {line}: {message}")
