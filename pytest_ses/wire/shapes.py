"""Services and operations, as described by botocore's service models."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel

from pytest_ses.wire import typecheck, validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from botocore.model import OperationModel, StructureShape

Unchecked = frozenset[tuple[str, str]]
"""Pairs of an operation and the path of a member whose constraints are not checked."""
Optional = frozenset[tuple[str, str]]
"""Pairs of a structure and a required member that the service omits."""
Ordered = frozenset[tuple[str, tuple[str, ...]]]
"""Pairs of an enum and its values in the order in which the service lists them."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """An operation of a service.

    Attributes:
        name: the name in the model.
        model: botocore's model of the operation.
        input: the shape of its parameters, None if it has none.
        output: the shape of its result, None if it has none.
        errors: the HTTP status of each declared error, by the error code in responses.
        namespace: the XML namespace of the service, empty if it has none.
        violations: a function that returns the text for parameters that violate constraints
            ("1 validation error detected: …"), or None if they are valid. The parameters must have
            the right types.
    """

    name: str
    model: OperationModel
    input: StructureShape | None
    output: StructureShape | None
    errors: Mapping[str, int]
    namespace: str
    violations: Callable[[Mapping[str, Any]], str | None]

    def check_types(self, params: Mapping[str, Any]) -> None:
        """Check the types of parameters; a required parameter may be missing.

        Raises:
            TypeError: if a parameter is unknown or has the wrong type.
        """
        typecheck.check_params(self.name, self.input, params)


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A service.

    Attributes:
        name: botocore's name of the service.
        protocol: `query` or `rest-json`; an adapted service may have another.
        api_version: the version of the API, which is a date.
        namespace: the XML namespace of responses, empty if there is none.
        operations: the names of the operations.
        model: botocore's model of the service.
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
        """Return an operation; it is compiled on first use.

        Raises:
            KeyError: if the service has no operation with that name.
        """
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _operation(self, name)
        return compiled


@cache
def loader() -> Loader:
    """Return the loader of botocore's models, which the whole process shares."""
    return Loader()


@cache
def service(
    name: str,
    unchecked: Unchecked = frozenset(),
    optional: Optional = frozenset(),
    ordered: Ordered = frozenset(),
) -> Service:
    """Return a service by its model in botocore.

    An older botocore may not have all operations, structures and members that the arguments name;
    those that its model does not have are ignored.

    Args:
        name: botocore's name of the service.
        unchecked: pairs of an operation and a path, which is written as in the text of a
            violation but without indexes (`topics.member.topicName`) and keys (`filter.value`).
            Constraints that would be reported at that path are not checked, so that the caller can
            check them; those of members below the path still are.
        optional: pairs of a structure and a member, by their names in the model. The member is not
            required, even if the model says so.
        ordered: pairs of an enum, by its name in the model, and its values. The text of a violation
            lists them in this order, followed by values that only the model has.
    """
    description = _relaxed(loader().load_service_model(name, "service-2"), optional)
    model = ServiceModel(_reordered(description, ordered), name)
    return from_model(model, unchecked=unchecked)


@cache
def adapted(
    base: str, *, name: str, protocol: str, operation: str, original: str, members: frozenset[str]
) -> Service:
    """Return a service with one operation, which is an operation of another service, adapted.

    Args:
        base: botocore's name of the other service.
        name: the name of the new service.
        protocol: the protocol of the new service.
        operation: the name of the operation.
        original: the name of the operation in the other service.
        members: the parameters of the operation, all of which are required; the original may have
            more.
    """
    description = loader().load_service_model(base, "service-2")
    adapted_operation = {**description["operations"][original], "name": operation}
    input_name = adapted_operation["input"]["shape"]
    parameters = description["shapes"][input_name]
    parameters = {
        **parameters,
        "members": {name: parameters["members"][name] for name in sorted(members)},
        "required": sorted(members),
    }
    adapted_description = {
        "metadata": {**description["metadata"], "protocol": protocol},
        "operations": {operation: adapted_operation},
        "shapes": {**description["shapes"], input_name: parameters},
    }
    return from_model(ServiceModel(adapted_description, name))


def _reordered(description: Mapping[str, Any], ordered: Ordered) -> Mapping[str, Any]:
    shapes = description["shapes"]
    changed = {
        name: {**shapes[name], "enum": _in_order(shapes[name]["enum"], values)}
        for name, values in ordered
        if "enum" in shapes.get(name, {})
    }
    return {**description, "shapes": {**shapes, **changed}}


def _in_order(enum: Sequence[str], values: Sequence[str]) -> list[str]:
    listed = [value for value in values if value in enum]
    return listed + [value for value in enum if value not in values]


def _relaxed(description: Mapping[str, Any], optional: Optional) -> Mapping[str, Any]:
    shapes = dict(description["shapes"])
    for name, member in optional:
        if name in shapes:
            required = [other for other in shapes[name].get("required", ()) if other != member]
            shapes[name] = {**shapes[name], "required": required}
    return {**description, "shapes": shapes}


def from_model(model: ServiceModel, *, unchecked: Unchecked = frozenset()) -> Service:
    """Return the service of a model; see `service`."""
    return Service(
        name=model.service_name,
        protocol=model.metadata["protocol"],
        api_version=model.metadata["apiVersion"],
        namespace=model.metadata.get("xmlNamespace", ""),
        operations=frozenset(model.operation_names),
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
        violations=validation.compile_violations(model.input_shape, unchecked),
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
