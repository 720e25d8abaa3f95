"""A faster check of parameters that are valid, as almost all are.

botocore checks the parameters of a call and keeps the path of each for its errors. For a bulk send, this takes
a quarter of the time of the call. From the second call of an operation on, a function made from its model
finds out whether the parameters are certainly valid. If it cannot tell, botocore checks them, so all errors
are botocore's own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from botocore.validate import ParamValidationDecorator

from pytest_ses.transports.patching import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_ses.transports.patching import Replacement

    Check = Callable[[Any], bool]
    """Whether a value is certainly valid."""

_SERVICES = frozenset({"ses", "sesv2"})
# Instances of their subclasses are left to botocore.
_TYPES: Final[Mapping[str, type]] = {
    "string": str,
    "blob": bytes,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
    "timestamp": datetime,
}


def faster_checks() -> Replacement:
    """Check the parameters of SES's operations with functions made from their models."""
    checks: WeakKeyDictionary[Any, Check | None] = WeakKeyDictionary()

    def check_of(operation: Any) -> Check:
        if operation not in checks:
            # Most tests create a client of their own and call an operation once.
            checks[operation] = None
            return _unknown
        check = checks[operation]
        if check is None:
            check = checks[operation] = _of_operation(operation)
        return check

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def serialize_to_request(validator: Any, parameters: Any, operation: Any) -> Any:
            if check_of(operation)(parameters):
                return validator._serializer.serialize_to_request(parameters, operation)  # noqa: SLF001  (not public)
            return original(validator, parameters, operation)

        return serialize_to_request

    return replaced(ParamValidationDecorator, "serialize_to_request", wrap)


def _of_operation(operation: Any) -> Check:
    is_ses = operation.service_model.service_name in _SERVICES
    return _compile(operation.input_shape) if is_ses and operation.input_shape else _unknown


def _unknown(_value: Any) -> bool:
    return False


def _compile(shape: Any) -> Check:
    compile_container = _CONTAINERS.get(shape.type_name)
    if compile_container is not None:
        return compile_container(shape)
    type_, minimum = _TYPES[shape.type_name], shape.metadata.get("min")
    if minimum is None:
        return lambda value: type(value) is type_
    if type_ is not str:
        return _unknown
    return lambda value: type(value) is str and len(value) >= minimum


class _Members(dict[str, "Check"]):
    """The checks of the members of a structure, made on first use: most calls use few of them."""

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        super().__init__()
        self._shapes = shapes

    def __missing__(self, name: str) -> Check:
        if name not in self._shapes:
            return _unknown
        check = self[name] = _compile(self._shapes[name])
        return check


def _structure(shape: Any) -> Check:
    if shape.is_tagged_union or shape.is_document_type:
        return _unknown
    members, required = _Members(shape.members), frozenset(shape.required_members)

    def check(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, member in value.items():
            if not members[name](member):
                return False
        return not required or required <= value.keys()

    return check


def _list(shape: Any) -> Check:
    check_element, minimum = _compile(shape.member), shape.metadata.get("min", 0)

    def check(value: Any) -> bool:
        return (
            type(value) in {list, tuple}
            and len(value) >= minimum
            and all(map(check_element, value))
        )

    return check


def _map(shape: Any) -> Check:
    check_key, check_value = _compile(shape.key), _compile(shape.value)

    def check(value: Any) -> bool:
        return (
            type(value) is dict
            and all(map(check_key, value))
            and all(map(check_value, value.values()))
        )

    return check


_CONTAINERS: Final[Mapping[str, Callable[[Any], Check]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
}
