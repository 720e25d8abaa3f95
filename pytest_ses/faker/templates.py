"""Templates, their data, and the entries of bulk sends, as API v2 takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_ses import handlebars
from pytest_ses.domain import templates
from pytest_ses.domain.mime import Parts
from pytest_ses.faker import addresses, names, times

if TYPE_CHECKING:
    from faker.providers import BaseProvider

# Every subject requires an attribute.
_SUBJECTS = (
    "Welcome, {{name}}",
    "Your order {{order.number}}",
    "{{company}}: {{#if urgent}}urgent{{else}}news{{/if}}",
)
_PARAGRAPHS = (
    "Hello {{name}},",
    "your order {{order.number}} of {{order.date}} is on its way.",
    "{{#if coupon}}Your coupon: {{coupon}}{{else}}There is no coupon this time.{{/if}}",
    "{{#each items}}{{@index}}. {{name}}: {{price}} {{/each}}",
    "{{#each tags as |tag|}}{{#unless @first}}, {{/unless}}{{tag}}{{/each}}",
    "{{#with address}}{{street}}, {{postcode}} {{city}}{{/with}}",
    "{{#unless subscribed}}You are not subscribed.{{/unless}}",
    '{{#*inline "signature"}}Yours, {{sender.name}}{{/inline}}{{> signature}}',
    "Unsubscribe: {{amazonSESUnsubscribeUrl}}",
)
# The attributes whose values come from the method of Faker with that name. Dates are not among them,
# because Faker's depend on the current time.
_METHODS = frozenset(
    """
    address city company country email first_name job last_name name phone_number postcode
    prefix state street_address street_name suffix
    """.split()  # noqa: SIM905  (one name per line would hide the list)
)
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_ ]+")


def template(fake: BaseProvider) -> dict[str, Any]:
    """Return the arguments of `create_email_template`."""
    paragraphs = fake.random_elements(_PARAGRAPHS, unique=True)
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    bodies = {"Text": "\n".join(paragraphs), "Html": f"<html><body>{html}</body></html>"}
    kinds = fake.random_element((("Text",), ("Html",), ("Text", "Html")))
    return {
        "TemplateName": names.resource(fake),
        "TemplateContent": {
            "Subject": fake.random_element(_SUBJECTS),
            **{kind: bodies[kind] for kind in kinds},
        },
    }


def parts_of(arguments: Mapping[str, Any]) -> Parts:
    """Return the parts of a template, given the arguments of `create_email_template`.

    Raises:
        ValueError: if these are other arguments.
    """
    content = arguments.get("TemplateContent") if isinstance(arguments, Mapping) else None
    if isinstance(content, Mapping):
        return Parts(content.get("Subject"), content.get("Text"), content.get("Html"))
    raise ValueError(
        f"template={arguments!r} has no TemplateContent; expected the arguments of v2's "
        "create_email_template, such as ses_template() returns"
    )


def template_data(fake: BaseProvider, arguments: Mapping[str, Any]) -> str:
    """Return data, as JSON, with which a template renders.

    Raises:
        ValueError: if the arguments are not those of a template, or if it cannot be rendered.
    """
    parts = parts_of(arguments)
    try:
        data = templates.example_data(parts, partial(_value, fake))
    except handlebars.TemplateError as error:
        name = arguments.get("TemplateName")
        raise ValueError(f"no data found under which template {name!r} renders: {error}") from None
    return json.dumps(data)


def bulk_entries(
    fake: BaseProvider, count: int, arguments: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Return the entries of a bulk send, each with data for the template if there is one."""
    if count < 0:
        raise ValueError(f"n={count!r} is invalid; expected the number of entries, 0 or more")
    return [_bulk_entry(fake, arguments) for _ in range(count)]


def _bulk_entry(fake: BaseProvider, arguments: Mapping[str, Any] | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"Destination": {"ToAddresses": [addresses.valid(fake)]}}
    if tags := names.tags(fake):
        entry["ReplacementTags"] = [{"Name": key, "Value": tag} for key, tag in tags.items()]
    if arguments is not None:
        data = template_data(fake, arguments)
        entry["ReplacementEmailContent"] = {
            "ReplacementTemplate": {"ReplacementTemplateData": data}
        }
    return entry


def _value(fake: BaseProvider, attribute: str) -> str:
    """Return a value for an attribute: `firstName` is a first name; others are words."""
    method = _WORD_BOUNDARY.sub("_", attribute).lower()
    if method == "date":
        return times.time(fake).date().isoformat()
    return str(fake.generator.format(method if method in _METHODS else "word"))
