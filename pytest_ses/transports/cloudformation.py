"""moto's CloudFormation, whose resources of SES are those of the backend.

moto looks up a class by the type of a resource. For the types of SES, an object with the methods of
moto's `CloudFormationModel` takes its place; a subclass would stay in moto's list of models. The function
that is patched is not documented: moto has no other way to add types and to remove them again.
"""

from __future__ import annotations

import sys
import warnings
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from pytest_ses.cloudformation import (
    PREFIX,
    RESOURCES,
    Connection,
    InvalidPropertiesError,
    Resource,
    ResourceType,
)
from pytest_ses.transports import moto, rollback
from pytest_ses.transports.patching import Replacements, replaced
from pytest_ses.warnings import UnsupportedResourceWarning
from pytest_ses.wire.http import Fault, NoReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from pytest_ses.transports.exchange import Exchange

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_MAIL_MANAGER = PREFIX + "MailManager"


def intercept(library: ModuleType, exchange: Exchange) -> Replacements:
    """Create, change and delete resources of SES in the backend.

    Args:
        library: `moto.cloudformation.models`.
        exchange: the exchange with the backend.
    """
    parsing = sys.modules["moto.cloudformation.parsing"]

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def resource_class_from_type(resource_type: str) -> Any:
            if not resource_type.startswith(PREFIX):
                return original(resource_type)
            return _model(parsing, exchange, resource_type)

        return resource_class_from_type

    return Replacements(
        [replaced(parsing, "resource_class_from_type", wrap), *rollback.of_stacks(library)]
    )


def _model(parsing: Any, exchange: Exchange, resource_type: str) -> Any:
    if resource_type in RESOURCES:
        return _Model(parsing, exchange, RESOURCES[resource_type])
    if resource_type.startswith(_MAIL_MANAGER):
        return _UnsupportedModel()
    raise _error(parsing, f"Template format error: Unrecognized resource types: [{resource_type}]")


class _Model:
    """A type of resources, with the methods that moto calls."""

    def __init__(self, parsing: Any, exchange: Exchange, kind: ResourceType) -> None:
        self._parsing = parsing
        self._exchange = exchange
        self._kind = kind

    def has_cfn_attr(self, attr: str) -> bool:
        return attr in self._kind.attributes

    def create_from_cloudformation_json(
        self,
        resource_name: str,
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> _StackResource:
        # moto's default account stands for that of the backend.
        own_account_id = None if account_id == moto.default_account_id() else account_id
        ses = Connection(
            self._exchange.call, region_name, own_account_id or self._exchange.account_id
        )
        with _errors(self._parsing, kwargs["LogicalId"], cloudformation_json["Type"]):
            properties = cloudformation_json["Properties"]
            resource = Resource.create(self._kind, ses, properties, generated_name=resource_name)
        return _StackResource(self._parsing, resource)

    def update_from_cloudformation_json(
        self,
        original_resource: _StackResource,
        new_resource_name: str,
        cloudformation_json: Mapping[str, Any],
        **_: Any,
    ) -> _StackResource:
        return original_resource.updated(cloudformation_json["Properties"], new_resource_name)


class _StackResource:
    """A resource of a stack, with the attributes that moto reads and sets."""

    logical_resource_id = ""
    # The type, whose name depends on the version of moto.
    cf_resource_type = type = ""

    def __init__(self, parsing: Any, resource: Resource, replaced: Iterable[Resource] = ()) -> None:
        self._parsing = parsing
        self._resource = resource
        # The resources that it has replaced, which exist until the end of the update of the stack.
        self._replaced = [each for each in replaced if each is not resource]

    @property
    def physical_resource_id(self) -> str:
        return self._resource.ref

    def is_created(self) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        try:
            with self._errors():
                return self._resource.attribute(attribute_name)
        except KeyError:
            raise self._parsing.UnformattedGetAttTemplateException from None

    def updated(self, properties: object, generated_name: str) -> _StackResource:
        with self._errors():
            resource = self._resource.update(
                properties, generated_name=generated_name, replaced=self._replaced
            )
        return _StackResource(self._parsing, resource, [*self._replaced, self._resource])

    def delete_replaced(self) -> None:
        """Delete the resources that this one has replaced."""
        while self._replaced:
            with self._errors():
                self._replaced.pop().delete()

    def delete(self, _account_id: str, _region: str) -> None:
        with self._errors():
            self._resource.delete()

    def _errors(self) -> Any:
        resource_type = self.cf_resource_type or self.type
        return _errors(self._parsing, self.logical_resource_id, resource_type)


@contextmanager
def _errors(parsing: Any, logical_id: str, resource_type: str) -> Iterator[None]:
    """Raise the errors of a resource as errors that moto returns to the client."""
    resource = f"{logical_id} ({resource_type})"
    try:
        yield
    except InvalidPropertiesError as error:
        message = f"Properties validation failed for resource {logical_id} with message:\n{error}"
        raise _error(parsing, message) from error
    except Fault as fault:
        text = f"{fault.code}: {fault.message}" if fault.message else fault.code
        raise _error(parsing, f"{resource}: SES returned {text}") from fault
    except NoReply as no_reply:
        message = f"{resource}: SES did not respond ({no_reply.reason})"
        raise _error(parsing, message) from no_reply
    except (TypeError, ValueError) as error:
        # The properties match the schema, so the installed botocore is older than the schema.
        message = f"{resource}: {error}; if botocore does not know it yet, upgrade botocore"
        raise _error(parsing, message) from error


def _error(parsing: Any, message: str) -> Exception:
    error: Exception = parsing.ValidationError(message=message)
    # The first versions of moto 5 put the text into XML without escaping it.
    xml = {name: text for name, text in vars(error).items() if name == "description"}
    vars(error).update({name: text.replace(message, escape(message)) for name, text in xml.items()})
    return error


class _UnsupportedModel:
    """A type of resources that the fake does not simulate: each resource is a placeholder."""

    def has_cfn_attr(self, attr: str) -> bool:  # noqa: ARG002  (moto's signature)
        return True

    def create_from_cloudformation_json(
        self, resource_name: str, cloudformation_json: Mapping[str, Any], *_: Any, **kwargs: Any
    ) -> _Placeholder:
        warnings.warn(
            f"the resource {kwargs['LogicalId']} of type {cloudformation_json['Type']} is ignored, because "
            "pytest-ses does not simulate Mail Manager",
            UnsupportedResourceWarning,
            stacklevel=2,
        )
        return _Placeholder(resource_name)

    def update_from_cloudformation_json(
        self, original_resource: _Placeholder, **_: Any
    ) -> _Placeholder:
        return original_resource


class _Placeholder:
    """A resource that does not exist, for references to it."""

    def __init__(self, physical_resource_id: str) -> None:
        self.physical_resource_id = physical_resource_id

    def is_created(self) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return f"{self.physical_resource_id}.{attribute_name}"

    def delete(self, _account_id: str, _region: str) -> None:
        """Delete nothing."""
