"""Consistency of the state that operations of both APIs write and read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore_models import has
from families import FAMILIES
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from senders import addresses

from pytest_ses import SESBackend
from pytest_ses.wire import Fault

NAMES = st.sampled_from(["a", "b", "c"])
ADDRESSES = st.sampled_from(["ada@example.org", "bob@example.org", "cleo@example.org"])
REASONS = st.sampled_from(["BOUNCE", "COMPLAINT"])
APIS = st.sampled_from(["ses", "sesv2"])
PAGES = st.integers(1, 4)


class Machine(RuleBasedStateMachine):
    """A machine that calls operations at random and compares the results with collections."""

    def __init__(self):
        super().__init__()
        self.backend = SESBackend(verified=["example.com"])
        self.sets: set[str] = set()
        self.paused: set[str] = set()
        self.templates: dict[str, str] = {}
        self.destinations: set[tuple[str, str]] = set()
        self.suppressed: dict[str, str] = {}
        self.list: dict[str, bool] | None = None
        self.resources: dict[str, set[str]] = {family.name: set() for family in FAMILIES}
        self.policies: set[str] = set()
        self.stopped: set[str] = set()
        self.exports: dict[str, str] = {}
        self.sent = 0

    def call(self, service, operation, **params):
        """The result of a call, or the code of its error."""
        try:
            return self.backend._call(service, operation, params)
        except Fault as fault:
            return fault.code

    def pages(self, service, operation, member, size, **params):
        """Everything that a list operation returns, page by page."""
        size_member = "PageSize" if service == "sesv2" else "MaxItems"
        items, token = [], None
        while True:
            page_params = {**params, size_member: size, **({"NextToken": token} if token else {})}
            response = self.backend._call(service, operation, page_params)
            items += response[member]
            assert len(response[member]) <= size
            token = response.get("NextToken")
            if not token:
                return items

    # Configuration sets and their event destinations.
    @rule(name=NAMES, service=APIS)
    def create_set(self, name, service):
        params = (
            {"ConfigurationSet": {"Name": name}}
            if service == "ses"
            else {"ConfigurationSetName": name}
        )
        response = self.call(service, "CreateConfigurationSet", **params)
        taken = {"ses": "ConfigurationSetAlreadyExists", "sesv2": "AlreadyExistsException"}
        assert (taken[service] if name in self.sets else {}) == response
        self.sets.add(name)

    @rule(name=NAMES, service=APIS)
    def delete_set(self, name, service):
        response = self.call(service, "DeleteConfigurationSet", ConfigurationSetName=name)
        missing = {"ses": "ConfigurationSetDoesNotExist", "sesv2": "NotFoundException"}
        assert ({} if name in self.sets else missing[service]) == response
        self.sets.discard(name)
        self.paused.discard(name)
        self.destinations = {pair for pair in self.destinations if pair[0] != name}

    @rule(name=NAMES, enabled=st.booleans())
    def pause_set(self, name, enabled):
        params = {"ConfigurationSetName": name, "SendingEnabled": enabled}
        response = self.call("sesv2", "PutConfigurationSetSendingOptions", **params)
        assert ({} if name in self.sets else "NotFoundException") == response
        if name in self.sets:
            (self.paused.discard if enabled else self.paused.add)(name)

    @rule(name=NAMES, destination=NAMES)
    def create_destination(self, name, destination):
        definition = {
            "Enabled": True,
            "MatchingEventTypes": ["SEND"],
            "PinpointDestination": {
                "ApplicationArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/x"
            },
        }
        response = self.call(
            "sesv2",
            "CreateConfigurationSetEventDestination",
            ConfigurationSetName=name,
            EventDestinationName=destination,
            EventDestination=definition,
        )
        if name not in self.sets:
            assert "NotFoundException" == response
        elif (name, destination) in self.destinations:
            assert "AlreadyExistsException" == response
        else:
            self.destinations.add((name, destination))

    @rule(name=NAMES)
    def read_set(self, name):
        response = self.call(
            "ses",
            "DescribeConfigurationSet",
            ConfigurationSetName=name,
            ConfigurationSetAttributeNames=["eventDestinations", "reputationOptions"],
        )
        if name not in self.sets:
            assert "ConfigurationSetDoesNotExist" == response
            return
        names = {destination["Name"] for destination in response["EventDestinations"]}
        assert {
            destination
            for configuration_set, destination in self.destinations
            if configuration_set == name
        } == names
        assert (name not in self.paused) == response["ReputationOptions"]["SendingEnabled"]

    # Templates.
    @rule(name=NAMES, text=st.sampled_from(["one", "two"]))
    def create_template(self, name, text):
        template = {"TemplateName": name, "SubjectPart": "s", "TextPart": text}
        response = self.call("ses", "CreateTemplate", Template=template)
        assert ("AlreadyExists" if name in self.templates else {}) == response
        self.templates.setdefault(name, text)

    @rule(name=NAMES)
    def update_template(self, name):
        content = {"Subject": "s", "Text": "three"}
        response = self.call(
            "sesv2", "UpdateEmailTemplate", TemplateName=name, TemplateContent=content
        )
        assert ({} if name in self.templates else "NotFoundException") == response
        if name in self.templates:
            self.templates[name] = "three"

    @rule(name=NAMES)
    def delete_template(self, name):
        assert {} == self.call("ses", "DeleteTemplate", TemplateName=name)
        self.templates.pop(name, None)

    # The suppression list and a contact list.
    @rule(address=ADDRESSES, reason=REASONS)
    def suppress(self, address, reason):
        params = {"EmailAddress": address, "Reason": reason}
        assert {} == self.call("sesv2", "PutSuppressedDestination", **params)
        self.suppressed[address] = reason

    @rule(address=ADDRESSES)
    def unsuppress(self, address):
        response = self.call("sesv2", "DeleteSuppressedDestination", EmailAddress=address)
        assert ({} if address in self.suppressed else "NotFoundException") == response
        self.suppressed.pop(address, None)

    @rule()
    def create_list(self):
        response = self.call("sesv2", "CreateContactList", ContactListName="readers")
        assert ({} if self.list is None else "BadRequestException") == response
        self.list = {} if self.list is None else self.list

    @rule()
    def delete_list(self):
        response = self.call("sesv2", "DeleteContactList", ContactListName="readers")
        assert ("NotFoundException" if self.list is None else {}) == response
        self.list = None

    @rule(address=ADDRESSES, unsubscribed=st.booleans())
    def add_contact(self, address, unsubscribed):
        params = {
            "ContactListName": "readers",
            "EmailAddress": address,
            "UnsubscribeAll": unsubscribed,
        }
        response = self.call("sesv2", "CreateContact", **params)
        if self.list is None:
            assert "NotFoundException" == response
        elif address in self.list:
            assert "AlreadyExistsException" == response
        else:
            self.list[address] = unsubscribed

    # Resources that are only created, listed and deleted by name.
    @rule(family=st.sampled_from(FAMILIES), name=NAMES)
    def create_resource(self, family, name):
        response = self.call(family.service, family.create, **family.create_params(name))
        names = self.resources[family.name]
        assert isinstance(response, dict) == (name not in names)
        names.add(name)

    @rule(family=st.sampled_from(FAMILIES), name=NAMES)
    def delete_resource(self, family, name):
        response = self.call(family.service, family.delete, **{family.key: family.full_name(name)})
        names = self.resources[family.name]
        assert isinstance(response, dict) == (name in names or family.deletes_missing)
        names.discard(name)
        if family.name == "tenants":
            self.stopped.discard(name)

    @rule(family=st.sampled_from(FAMILIES))
    def list_resources(self, family):
        response = self.backend._call(family.service, family.list, {})
        names = {family.name_of(item) for item in response[family.member]}
        assert {family.full_name(name) for name in self.resources[family.name]} <= names
        assert len(names) <= len(self.resources[family.name]) + len(family.preexisting)

    # Policies of an identity.
    @rule(name=NAMES, operation=st.sampled_from(["PutIdentityPolicy", "CreateEmailIdentityPolicy"]))
    def put_policy(self, name, operation):
        params = {"PolicyName": name, "Policy": "{}"}
        if operation == "PutIdentityPolicy":
            assert {} == self.call("ses", operation, Identity="example.com", **params)
        else:
            response = self.call("sesv2", operation, EmailIdentity="example.com", **params)
            assert ("AlreadyExistsException" if name in self.policies else {}) == response
        self.policies.add(name)

    @rule(name=NAMES)
    def delete_policy(self, name):
        assert {} == self.call(
            "ses", "DeleteIdentityPolicy", Identity="example.com", PolicyName=name
        )
        self.policies.discard(name)

    @rule()
    def read_policies(self):
        v1 = self.backend._call("ses", "ListIdentityPolicies", {"Identity": "example.com"})
        v2 = self.backend._call(
            "sesv2", "GetEmailIdentityPolicies", {"EmailIdentity": "example.com"}
        )
        assert sorted(self.policies) == v1["PolicyNames"] == sorted(v2["Policies"])

    # The reputation of tenants, and their messages.
    def tenant_arn(self, name):
        response = self.backend._call("sesv2", "GetTenant", {"TenantName": name})
        return response["Tenant"]["TenantArn"]

    @precondition(lambda _: has("sesv2", "CreateTenant"))
    @rule(name=NAMES, stop=st.booleans())
    def set_reputation(self, name, stop):
        self.call("sesv2", "CreateTenant", TenantName=name)
        self.resources["tenants"].add(name)
        params = {
            "ReputationEntityType": "RESOURCE",
            "ReputationEntityReference": self.tenant_arn(name),
            "SendingStatus": "DISABLED" if stop else "ENABLED",
        }
        operation = "UpdateReputationEntityCustomerManagedStatus"
        assert {} == self.call("sesv2", operation, **params)
        (self.stopped.add if stop else self.stopped.discard)(name)

    @precondition(lambda _: has("sesv2", "ListReputationEntities"))
    @rule(size=PAGES)
    def read_reputation(self, size):
        entities = self.pages("sesv2", "ListReputationEntities", "ReputationEntities", size)
        disabled = {
            entity["ReputationEntityReference"]
            for entity in entities
            if entity["SendingStatusAggregate"] == "DISABLED"
        }
        assert len(self.resources["tenants"]) == len(entities)
        assert {self.tenant_arn(name) for name in self.stopped} == disabled

    # Jobs, whose states change as the clock advances.
    @rule()
    def create_export(self):
        now = self.backend.clock.now()
        span = {"StartDate": now - timedelta(days=1), "EndDate": now + timedelta(days=1)}
        response = self.call(
            "sesv2",
            "CreateExportJob",
            ExportDataSource={"MessageInsightsDataSource": span},
            ExportDestination={"DataFormat": "JSON"},
        )
        if isinstance(response, dict):
            self.exports[response["JobId"]] = "CREATED"
        else:
            assert "LimitExceededException" == response

    @rule(seconds=st.integers(0, 4))
    def cancel_export(self, seconds):
        self.create_export()
        job_id = list(self.exports)[-1]
        self.backend.clock.advance(seconds=seconds)
        response = self.call("sesv2", "CancelExportJob", JobId=job_id)
        if isinstance(response, dict):
            self.exports[job_id] = "CANCELLED"

    @rule(seconds=st.integers(1, 4))
    def pass_time(self, seconds):
        self.backend.clock.advance(seconds=seconds)

    @rule(size=PAGES)
    def read_exports(self, size):
        statuses = {
            job["JobId"]: job["JobStatus"]
            for job in self.pages("sesv2", "ListExportJobs", "ExportJobs", size)
        }
        assert set(self.exports) == set(statuses)
        for job_id, status in statuses.items():
            cancelled = self.exports[job_id] == "CANCELLED"
            assert cancelled == (status == "CANCELLED")
            params = {"JobId": job_id}
            assert status == self.backend._call("sesv2", "GetExportJob", params)["JobStatus"]

    # Sending.
    @rule(address=ADDRESSES)
    def send_plainly(self, address):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        assert isinstance(self.send(address, content), dict)
        self.expect_events(address, from_list=False)

    @rule(address=ADDRESSES, name=NAMES)
    def send_template(self, address, name):
        content = {"Template": {"TemplateName": name, "TemplateData": "{}"}}
        response = self.send(address, content)
        assert (name in self.templates) == isinstance(response, dict)
        if name in self.templates:
            assert self.templates[name] == self.backend.outbox.last.text
            self.expect_events(address, from_list=False)

    @rule(address=ADDRESSES, name=NAMES)
    def send_with_set(self, address, name):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        response = self.send(address, content, ConfigurationSetName=name)
        if name not in self.sets:
            assert "NotFoundException" == response
        elif name in self.paused:
            assert "SendingPausedException" == response
        else:
            self.expect_events(address, from_list=False)

    @precondition(lambda _: has("sesv2", "CreateTenant"))
    @rule(address=ADDRESSES, name=NAMES)
    def send_for_tenant(self, address, name):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        if name in self.resources["tenants"]:
            self.call(
                "sesv2",
                "CreateTenantResourceAssociation",
                TenantName=name,
                ResourceArn="arn:aws:ses:us-east-1:123456789012:identity/example.com",
            )
        response = self.send(address, content, TenantName=name)
        sendable = name in self.resources["tenants"] and name not in self.stopped
        assert sendable == isinstance(response, dict)
        if sendable:
            self.expect_events(address, from_list=False)

    @rule(address=ADDRESSES)
    def send_to_list(self, address):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        options = {"ContactListName": "readers"}
        response = self.send(address, content, ListManagementOptions=options)
        assert (self.list is None) == (response == "NotFoundException")
        if self.list is not None:
            self.expect_events(address, from_list=True)

    def send(self, address, content, **params):
        response = self.call(
            "sesv2",
            "SendEmail",
            FromEmailAddress="news@example.com",
            Destination=addresses([address]),
            Content=content,
            **params,
        )
        self.sent += isinstance(response, dict)
        return response

    def expect_events(self, address, *, from_list):
        outcome = self.backend.outbox.last.events[1].type
        if from_list and self.list.setdefault(address, False):
            assert "Bounce" == outcome
        else:
            expected = {"BOUNCE": "Bounce", "COMPLAINT": "Complaint"}
            assert expected.get(self.suppressed.get(address), "Delivery") == outcome

    @rule(kind=st.sampled_from(["bounce", "complain"]))
    def bounce_or_complain(self, kind):
        if self.sent:
            message = self.backend.outbox.last
            getattr(self.backend, kind)(message)
            reason = {"bounce": "BOUNCE", "complain": "COMPLAINT"}[kind]
            self.suppressed[message.recipients[0]] = reason

    @rule(size=PAGES)
    def read_lists(self, size):
        tables = [
            ("ListConfigurationSets", "ConfigurationSets", lambda entry: entry, self.sets),
            (
                "ListEmailTemplates",
                "TemplatesMetadata",
                lambda entry: entry["TemplateName"],
                self.templates,
            ),
            (
                "ListSuppressedDestinations",
                "SuppressedDestinationSummaries",
                lambda entry: entry["EmailAddress"],
                self.suppressed,
            ),
        ]
        for operation, member, name_of, expected in tables:
            names = [name_of(entry) for entry in self.pages("sesv2", operation, member, size)]
            assert (len(expected), set(expected)) == (len(names), set(names))
        v1_sets = self.pages("ses", "ListConfigurationSets", "ConfigurationSets", size)
        assert self.sets == {entry["Name"] for entry in v1_sets}
        if self.list is not None:
            params = {"ContactListName": "readers"}
            contacts = self.pages("sesv2", "ListContacts", "Contacts", size, **params)
            assert self.list == {
                contact["EmailAddress"]: contact["UnsubscribeAll"] for contact in contacts
            }

    @invariant()
    def outbox_and_quota(self):
        assert self.sent == len(self.backend.outbox)
        quota = self.backend._call("ses", "GetSendQuota")
        assert self.sent == quota["SentLast24Hours"]


TestMachine = pytest.mark.slow(Machine.TestCase)
TestMachine.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    suppress_health_check=list(HealthCheck),
)
