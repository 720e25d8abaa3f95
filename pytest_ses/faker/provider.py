"""The provider: one method per kind of value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from faker.providers import BaseProvider

from pytest_ses.faker import addresses, destinations, events, messages, names, templates
from pytest_ses.faker.destinations import Place
from pytest_ses.settings import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_REGION,
    check_account_id,
    check_region,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_ses.domain.mail.events import EventType
    from pytest_ses.faker.addresses import SimulatorOutcome
    from pytest_ses.faker.events import NotificationType


class SESProvider(BaseProvider):
    """A Faker provider of values that SES accepts or sends.

    The fixture `ses_faker` already has it. Add it to any other `Faker`::

        fake = Faker()
        fake.add_provider(SESProvider)

    The backend accepts all values for requests, except those of `ses_invalid_address()`. All
    addresses use domains that are reserved for examples, or that of the mailbox simulator. The values
    depend only on Faker's seed, so their times are not relative to the current time.

    Args:
        generator: the generator of a `Faker`.
        region: the region in message IDs and ARNs.
        account_id: the account ID in records and ARNs: twelve digits.

    Raises:
        ValueError: if the region is unknown, or the ID does not have twelve digits.
    """

    __provider__ = "ses"

    def __init__(
        self,
        generator: Any,
        *,
        region: str = DEFAULT_REGION,
        account_id: str = DEFAULT_ACCOUNT_ID,
    ) -> None:
        super().__init__(generator)
        check_region(region)
        check_account_id(account_id)
        # Faker sets this on its own providers only.
        self.__use_weighting__ = any(
            provider.__use_weighting__ for provider in generator.get_providers()
        )
        self._place = Place(region, account_id)

    def ses_address(self) -> str:
        """Return an address that SES accepts: ordinary, or awkward but valid.

        Awkward ones have a display name, quotes, a label, symbols, an unusual domain, ….
        """
        return addresses.valid(self)

    def ses_invalid_address(self) -> str:
        """Return an invalid address, which SES rejects."""
        return addresses.invalid(self)

    def ses_simulator_address(self, outcome: SimulatorOutcome | None = None) -> str:
        """Return an address of the mailbox simulator, sometimes with a label.

        Args:
            outcome: what the simulator does with a message; defaults to a random outcome.

        Raises:
            ValueError: if the outcome is unknown; the error suggests the closest one.
        """
        return addresses.simulator(self, outcome)

    def ses_message_id(self) -> str:
        """Return the ID of a message, with the region and a time in it as in SES."""
        return events.message_id(self, self._place)

    def ses_configuration_set_name(self) -> str:
        """Return a name for a configuration set, sometimes as long as SES allows."""
        return names.resource(self)

    def ses_event_destination(self) -> dict[str, Any]:
        """Return v2's `EventDestination`, with a target of any kind.

        Where moto's SNS is active, its topic must exist there.
        """
        return destinations.event_destination(self, self._place)

    def ses_template(self) -> dict[str, Any]:
        """Return arguments for v2's `create_email_template`.

        Each template requires data; its subject has at least one attribute.
        """
        return templates.template(self)

    def ses_template_data(self, template: Mapping[str, Any]) -> str:
        """Return data, as JSON, with which a template renders and all its conditions are true.

        An attribute named after a method of Faker, such as `first_name` or `firstName`, has a value from
        that method; other attributes are words.

        Args:
            template: arguments of v2's `create_email_template`, of any template.

        Raises:
            ValueError: if these are not such arguments, or if no data fits the template.
        """
        return templates.template_data(self, template)

    def ses_bulk_entries(
        self, n: int, template: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return v2's `BulkEmailEntries`, each for one recipient.

        Args:
            n: the number of entries; SES accepts at most 50 in a call.
            template: arguments of v2's `create_email_template`; each entry has its own data for it.

        Raises:
            ValueError: if `n` is negative, or for the reasons of `ses_template_data`.
        """
        return templates.bulk_entries(self, n, template)

    def ses_mime(self, *, sender: str | None = None) -> bytes:
        """Return a raw message of any structure: alternatives, inline images, attachments, ….

        Args:
            sender: the From address; defaults to one at example.com.

        Raises:
            ValueError: if SES would reject the sender.
        """
        return messages.message(self, sender)

    def ses_contact(self, topics: Iterable[str] = ()) -> dict[str, Any]:
        """Return arguments for v2's `create_contact`, without the name of the list.

        Args:
            topics: the topics of the list; the contact has a preference for some of them.

        Raises:
            TypeError: if `topics` is a single string.
        """
        if isinstance(topics, str):
            raise TypeError(f"topics={topics!r} is a string; expected a list such as [{topics!r}]")
        preferences = [
            {"TopicName": topic, "SubscriptionStatus": self.random_element(("OPT_IN", "OPT_OUT"))}
            for topic in topics
            if self.generator.pybool()
        ]
        attributes = {"name": self.generator.name(), "city": self.generator.city()}
        return {
            "EmailAddress": addresses.plain(self),
            **({"TopicPreferences": preferences} if preferences else {}),
            "UnsubscribeAll": self.generator.pybool(10),
            "AttributesData": json.dumps(attributes),
        }

    def ses_event(self, type: EventType | None = None) -> dict[str, Any]:
        """Return the record of an event, as event destinations receive it.

        Args:
            type: the `eventType`, such as `"Send"` or `"Rendering Failure"`; defaults to a random one.

        Raises:
            ValueError: if the type is unknown; the error suggests the closest one.
        """
        return events.record(self, self._place, type)

    def ses_notification(self, type: NotificationType | None = None) -> dict[str, Any]:
        """Return a notification, as the SNS topic of an identity receives it.

        Args:
            type: the `notificationType`; defaults to a random one.

        Raises:
            ValueError: if the type is unknown; the error suggests the closest one.
        """
        return events.notification(self, self._place, type)

    def ses_sns_envelope(
        self, record: Mapping[str, Any], *, topic_arn: str | None = None
    ) -> dict[str, str]:
        """Return the SNS notification with a record, as an HTTP endpoint or a queue receives it.

        Its signature is random, so it is invalid; `ses_backend.webhook` posts signed notifications.

        Args:
            record: what `ses_event` or `ses_notification` returned.
            topic_arn: the ARN of the topic; defaults to a random one.

        Raises:
            ValueError: if the record has no time, or `topic_arn` is not the ARN of a topic.
        """
        arn = topic_arn or destinations.topic_arn(self, self._place)
        return events.sns_envelope(self, record, arn)
