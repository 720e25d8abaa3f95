"""What does a service model say about a service and its operations?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

from pytest_ses.wire import typecheck, validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from botocore.model import OperationModel, StructureShape

Unchecked = frozenset[tuple[str, str]]
"""Operations with the paths of members which the caller checks himself."""
Optional = frozenset[tuple[str, str]]
"""Structures with members which the model requires and the service leaves out."""
Ordered = frozenset[tuple[str, tuple[str, ...]]]
"""Strings with their values in the order in which the service names them."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation of a service.

    Attributes:
        name: as in the model.
        model: botocore's own view of it.
        input: the shape of its parameters, None if it takes none.
        output: the shape of its result, None if it gives none.
        errors: HTTP status of each error it declares, by the code of the wire.
        namespace: the XML namespace of the service, empty if it has none.
        violations: the whole text on the constraints that parameters of the right types break
            ("1 validation error detected: …"), None if they break none.
    """

    name: str
    model: OperationModel
    input: StructureShape | None
    output: StructureShape | None
    errors: Mapping[str, int]
    namespace: str
    violations: Callable[[Mapping[str, Any]], str | None]

    def check_types(self, params: Mapping[str, Any]) -> None:
        """Refuse parameters, given in Python, of another type than the model's.

        Raises:
            TypeError: names the path, the value and the type; for an unknown member, the closest
                right name.
        """
        typecheck.check_params(self.name, self.input, params)


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service.

    Attributes:
        name: botocore's name of it.
        protocol: `query` or `rest-json`.
        api_version: the date that names the version of its API.
        namespace: the XML namespace of its answers, empty if it has none.
        operations: the names of its operations.
        model: botocore's own view of it.
        unchecked: see `service`.
    """

    name: str
    protocol: str
    api_version: str
    namespace: str
    operations: frozenset[str]
    model: ServiceModel
    unchecked: Unchecked = frozenset()
    _compiled: dict[str, Operation] = field(default_factory=dict, repr=False)

    def operation(self, name: str) -> Operation:
        """Give an operation, compiled when it is first asked for.

        Raises:
            KeyError: the service has none of that name.
        """
        if name not in self._compiled:
            self._compiled[name] = _operation(self, name)
        return self._compiled[name]


@cache
def loader() -> Loader:
    """Give the loader of botocore's models which the whole process shares."""
    return Loader()


@cache
def service(
    name: str,
    unchecked: Unchecked = frozenset(),
    optional: Optional = frozenset(),
    ordered: Ordered = frozenset(),
) -> Service:
    """Give a service of botocore's.

    Args:
        name: botocore's name of it.
        unchecked: pairs of an operation and a path, as in a violation's text but without indexes
            (`topics.member.topicName`) and keys (`filter.value`). The constraints whose
            violations would be reported at that path are the caller's to check; those of
            members below it are still checked here.
        optional: pairs of a structure and a member, both as in the model, which is not required
            whatever the model says.
        ordered: pairs of a string, as in the model, and its values, in the order in which the text
            of a violation names them; values that only the model has follow.

    Raises:
        ValueError: `unchecked`, `optional` or `ordered` names an operation, a member or a string
            that the service has not.
    """
    description = _relaxed(loader().load_service_model(name, "service-2"), optional)
    model = ServiceModel(_reordered(description, ordered), name)
    return from_model(model, unchecked=unchecked)


def _reordered(description: Mapping[str, Any], ordered: Ordered) -> Mapping[str, Any]:
    shapes = dict(description["shapes"])
    for name, values in sorted(ordered):
        modelled = shapes.get(name, {}).get("enum")
        if modelled is None:
            raise ValueError(f"no string {name} has values of its own")
        known = [value for value in values if value in modelled]
        rest = [value for value in modelled if value not in values]
        shapes[name] = {**shapes[name], "enum": known + rest}
    return {**description, "shapes": shapes}


def _relaxed(description: Mapping[str, Any], optional: Optional) -> Mapping[str, Any]:
    shapes = dict(description["shapes"])
    for name, member in sorted(optional):
        if member not in shapes.get(name, {}).get("members", {}):
            raise ValueError(f"no structure {name} has a member {member}")
        required = [other for other in shapes[name].get("required", ()) if other != member]
        shapes[name] = {**shapes[name], "required": required}
    return {**description, "shapes": shapes}


def from_model(model: ServiceModel, *, unchecked: Unchecked = frozenset()) -> Service:
    """Give the service of a model; see `service`."""
    operations = frozenset(model.operation_names)
    unknown = sorted({operation for operation, _ in unchecked} - operations)
    if unknown:
        raise ValueError(f"{model.service_name} has no operation {', '.join(unknown)}")
    return Service(
        name=model.service_name,
        protocol=model.metadata["protocol"],
        api_version=model.metadata["apiVersion"],
        namespace=model.metadata.get("xmlNamespace", ""),
        operations=operations,
        model=model,
        unchecked=unchecked,
    )


def _operation(service: Service, name: str) -> Operation:
    if name not in service.operations:
        raise KeyError(name)
    model = service.model.operation_model(name)
    unchecked = {path for operation, path in service.unchecked if operation == name}
    return Operation(
        name=name,
        model=model,
        input=model.input_shape,
        output=model.output_shape,
        errors=_errors(model.error_shapes),
        namespace=service.namespace,
        violations=validation.compile_violations(name, model.input_shape, unchecked),
    )


def _errors(shapes: Iterable[Any]) -> dict[str, int]:
    return {
        shape.error_code or shape.name: shape.metadata["error"]["httpStatusCode"]
        for shape in shapes
    }


@cache
def python_name(name: str) -> str:
    """Return the name of an operation or member as boto3 writes it in Python: `send_email`."""
    return str(xform_name(name))
