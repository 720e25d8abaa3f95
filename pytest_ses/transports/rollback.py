"""Rollback of moto's stacks with resources of SES.

If a resource fails, moto leaves what it has done so far. CloudFormation deletes the resources of a new
stack, restores those of an updated one, and keeps a stack that it cannot delete. All names of moto that
are used here are undocumented: moto has no other place that notices a failure.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_ses.cloudformation import PREFIX
from pytest_ses.transports.patching import Replacements, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    Function = Callable[..., Any]

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

# The name in `${Name}` and `${Name.Attribute}`, but not in `${!Literal}`.
_SUBSTITUTED = re.compile(r"\$\{([^!}.]+)")


def of_stacks(library: ModuleType) -> Replacements:
    """Roll back what fails.

    Args:
        library: `moto.cloudformation.models`.
    """
    # The name in the first versions of moto 5.
    stack = vars(library).get("Stack") or library.FakeStack
    return Replacements(
        [
            replaced(library.ResourceMap, "build_resource_diff", _in_order),
            replaced(library.ResourceMap, "update", _restoring_resources),
            replaced(stack, "update", _restoring_stack),
            replaced(library.CloudFormationBackend, "create_stack", _deleting_new_stacks),
            replaced(library.CloudFormationBackend, "delete_stack", _keeping_undeleted_stacks),
        ]
    )


def _deleting_new_stacks(original: Function) -> Function:
    def create_stack(backend: Any, *args: Any, **kwargs: Any) -> Any:
        existing = set(backend.stacks)
        try:
            return original(backend, *args, **kwargs)
        except Exception as error:
            # With nested stacks, several stacks are new.
            new = [stack for key, stack in backend.stacks.items() if key not in existing]
            if any(_has_ses(stack.template_dict) for stack in new):
                for stack in new:
                    _delete_resources(backend, stack, error)
            raise

    return create_stack


def _delete_resources(backend: Any, stack: Any, error: Exception) -> None:
    with suppress(Exception):
        stack.resource_map.delete()
    _forget_deleted(stack)
    for name, export in list(backend.exports.items()):
        if export.exporting_stack_id == stack.stack_id:
            del backend.exports[name]
    _note(stack, "ROLLBACK_COMPLETE", error)


def _forget_deleted(stack: Any) -> None:
    """Forget the resources that were deleted, because moto would create them when it reads them."""
    resources = stack.resource_map
    _keep_existing(resources, resources._resource_json_map)  # noqa: SLF001
    stack.output_map = type(stack.output_map)(resources, {}, stack.stack_id)


def _restoring_stack(original: Function) -> Function:
    def update(stack: Any, *args: Any, **kwargs: Any) -> None:
        template, template_dict = stack.template, stack.template_dict
        try:
            original(stack, *args, **kwargs)
        except Exception as error:
            if _has_ses(template_dict) or _has_ses(stack.template_dict):
                stack.template, stack.template_dict = template, template_dict
                _note(stack, "UPDATE_ROLLBACK_COMPLETE", error)
            raise

    return update


def _restoring_resources(original: Function) -> Function:
    def update(resources: Any, template: Any, parameters: Any = None) -> None:
        old_template = {"Resources": {}, **resources._template}  # noqa: SLF001
        if not _has_ses(template) and not _has_ses(old_template):
            original(resources, template, parameters)
            return
        old_parameters = dict(resources.input_parameters)
        removed = _take_removed(resources, template["Resources"])
        # The first versions of moto 5 do not pass the parameters to `build_resource_diff`.
        resources.ses_parameters = parameters
        try:
            original(resources, template, parameters)
        except Exception:
            resources._parsed_resources.update(removed)  # noqa: SLF001
            removed = {}
            _keep_existing(resources, template["Resources"])
            resources.ses_parameters = old_parameters
            with suppress(Exception):
                original(resources, old_template, old_parameters)
            resources.input_parameters = old_parameters
            raise
        finally:
            _clean_up(resources, removed, old_template["Resources"])

    return update


def _take_removed(resources: Any, new: Mapping[str, Any]) -> dict[str, Any]:
    """Remove from a stack the resources of SES that its new template does not have; return them.

    moto would delete them first, while others may still use them.
    """
    old, parsed = resources._resource_json_map, resources._parsed_resources  # noqa: SLF001
    names = [name for name in parsed if name in old and name not in new and _is_ses(old[name])]
    resources._resource_json_map = {name: old[name] for name in old if name not in names}  # noqa: SLF001
    return {name: parsed.pop(name) for name in names}


def _keep_existing(resources: Any, definitions: Mapping[str, Any]) -> None:
    """Make a stack consist of those resources of a template that exist."""
    parsed = resources._parsed_resources  # noqa: SLF001
    existing = {name: each for name, each in definitions.items() if name in parsed}
    resources._resource_json_map = existing  # noqa: SLF001


def _clean_up(resources: Any, removed: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """Delete replaced and removed resources, in reverse order.

    CloudFormation keeps those that it cannot delete.
    """
    existing = resources._parsed_resources.values()  # noqa: SLF001
    deletions = [each.delete_replaced for each in existing if hasattr(each, "delete_replaced")]
    for name, each in removed.items():
        if old[name].get("DeletionPolicy") != "Retain":
            deletions.append(partial(each.delete, "", ""))
    for delete in reversed(deletions):
        with suppress(Exception):
            delete()


def _keeping_undeleted_stacks(original: Function) -> Function:
    def delete_stack(backend: Any, name_or_stack_id: str) -> None:
        stacks = dict(backend.stacks)
        failure: Exception | None = None
        try:
            original(backend, name_or_stack_id)
        except Exception as error:
            failure = error
            raise
        finally:
            for key, stack in stacks.items():
                if key not in backend.stacks and _has_ses(stack.template_dict):
                    _forget_deleted(stack)
                    if failure is not None:
                        backend.stacks[key] = stack
                        _note(stack, "DELETE_FAILED", failure)

    return delete_stack


def _note(stack: Any, status: str, error: Exception) -> None:
    stack.status = status
    reason = getattr(error, "message", str(error))
    stack._add_stack_event(status, resource_status_reason=reason)  # noqa: SLF001


def _in_order(original: Function) -> Function:
    """Add resources after those that they refer to, and change them if these change.

    A resource that is replaced has another `Ref`. moto compares templates only.
    """

    def build_resource_diff(resources: Any, other_template: Any, *args: Any, **kwargs: Any) -> Any:
        actions = original(resources, other_template, *args, **kwargs)
        new = other_template["Resources"]
        if not _has_ses(other_template):
            return actions
        order = _dependency_order(new)
        parameters = vars(resources).get("ses_parameters") or {}
        changed = {*actions["Modify"], *_changed(resources.input_parameters, parameters)}
        for name in order:
            is_kept = name in resources.resources and _is_ses(new[name])
            if is_kept and not changed.isdisjoint(_references(new[name])):
                changed.add(name)
        actions["Add"] = [name for name in order if name in actions["Add"]]
        actions["Modify"] = [name for name in order if name in changed]
        return actions

    return build_resource_diff


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in new if old.get(name) != new[name])


def _dependency_order(resources: Mapping[str, Any]) -> list[str]:
    """Return the names of resources, each after those that it refers to."""
    order: dict[str, None] = {}

    def visit(names: Iterable[str], dependents: frozenset[str]) -> None:
        for name in names:
            if name in resources and name not in order and name not in dependents:
                visit(_references(resources[name]), dependents | {name})
                order[name] = None

    visit(resources, frozenset())
    return list(order)


def _references(value: Any) -> Iterator[str]:
    """Return the names to which a part of a template refers."""
    if isinstance(value, list):
        for member in value:
            yield from _references(member)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _NAMES_IN.get(name, _references)(member)


def _names(value: Any) -> Iterator[str]:
    yield from [value] if isinstance(value, str) else value


def _names_in_text(value: Any) -> Iterator[str]:
    for part in _names(value):
        yield from _SUBSTITUTED.findall(part) if isinstance(part, str) else _references(part)


# The functions that refer to resources and parameters.
_NAMES_IN: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "DependsOn": _names,
    "Fn::GetAtt": lambda value: _names(
        value[0] if isinstance(value, list) else value.split(".")[0]
    ),
    "Fn::Sub": _names_in_text,
    "Ref": _names,
}


def _has_ses(template: Mapping[str, Any]) -> bool:
    return any(map(_is_ses, template.get("Resources", {}).values()))


def _is_ses(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("Type")).startswith(PREFIX)
