"""Does everything that one operation writes stay true for all the others, in both APIs?"""

from __future__ import annotations

from datetime import timedelta

from families import FAMILIES
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from senders import addresses

from pytest_ses import SESBackend
from pytest_ses.wire import Fault

NAMES = st.sampled_from(["a", "b", "c"])
PEOPLE = st.sampled_from(["ada@example.org", "bob@example.org", "cleo@example.org"])
REASONS = st.sampled_from(["BOUNCE", "COMPLAINT"])
APIS = st.sampled_from(["ses", "sesv2"])
PAGES = st.integers(1, 4)


class Machine(RuleBasedStateMachine):
    """Asks at random, and holds the answers against a few plain collections."""

    def __init__(self):
        super().__init__()
        self.backend = SESBackend(verified=["example.com"])
        self.sets: set[str] = set()
        self.paused: set[str] = set()
        self.templates: dict[str, str] = {}
        self.destinations: set[tuple[str, str]] = set()
        self.suppressed: dict[str, str] = {}
        self.list: dict[str, bool] | None = None
        self.kept: dict[str, set[str]] = {family.name: set() for family in FAMILIES}
        self.policies: set[str] = set()
        self.stopped: set[str] = set()
        self.exports: dict[str, str] = {}
        self.sent = 0

    def ask(self, service, operation, **params):
        """The answer, or the code of the refusal."""
        try:
            return self.backend.call(service, operation, params)
        except Fault as fault:
            return fault.code

    def pages(self, service, operation, member, size, **params):
        """Everything that a list has, page by page."""
        size_member = "PageSize" if service == "sesv2" else "MaxItems"
        found, token = [], None
        while True:
            words = {**params, size_member: size, **({"NextToken": token} if token else {})}
            answer = self.backend.call(service, operation, words)
            found += answer[member]
            assert len(answer[member]) <= size
            token = answer.get("NextToken")
            if not token:
                return found

    # Configuration sets and their event destinations.
    @rule(name=NAMES, service=APIS)
    def create_set(self, name, service):
        words = (
            {"ConfigurationSet": {"Name": name}}
            if service == "ses"
            else {"ConfigurationSetName": name}
        )
        answer = self.ask(service, "CreateConfigurationSet", **words)
        taken = {"ses": "ConfigurationSetAlreadyExists", "sesv2": "AlreadyExistsException"}
        assert (taken[service] if name in self.sets else {}) == answer
        self.sets.add(name)

    @rule(name=NAMES, service=APIS)
    def delete_set(self, name, service):
        answer = self.ask(service, "DeleteConfigurationSet", ConfigurationSetName=name)
        missing = {"ses": "ConfigurationSetDoesNotExist", "sesv2": "NotFoundException"}
        assert ({} if name in self.sets else missing[service]) == answer
        self.sets.discard(name)
        self.paused.discard(name)
        self.destinations = {pair for pair in self.destinations if pair[0] != name}

    @rule(name=NAMES, enabled=st.booleans())
    def pause_set(self, name, enabled):
        words = {"ConfigurationSetName": name, "SendingEnabled": enabled}
        answer = self.ask("sesv2", "PutConfigurationSetSendingOptions", **words)
        assert ({} if name in self.sets else "NotFoundException") == answer
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
        answer = self.ask(
            "sesv2",
            "CreateConfigurationSetEventDestination",
            ConfigurationSetName=name,
            EventDestinationName=destination,
            EventDestination=definition,
        )
        if name not in self.sets:
            assert "NotFoundException" == answer
        elif (name, destination) in self.destinations:
            assert "AlreadyExistsException" == answer
        else:
            self.destinations.add((name, destination))

    @rule(name=NAMES)
    def read_set(self, name):
        answer = self.ask(
            "ses",
            "DescribeConfigurationSet",
            ConfigurationSetName=name,
            ConfigurationSetAttributeNames=["eventDestinations", "reputationOptions"],
        )
        if name not in self.sets:
            assert "ConfigurationSetDoesNotExist" == answer
            return
        held = {one["Name"] for one in answer["EventDestinations"]}
        assert {two for one, two in self.destinations if one == name} == held
        assert (name not in self.paused) == answer["ReputationOptions"]["SendingEnabled"]

    # Templates.
    @rule(name=NAMES, text=st.sampled_from(["one", "two"]))
    def create_template(self, name, text):
        words = {"TemplateName": name, "SubjectPart": "s", "TextPart": text}
        answer = self.ask("ses", "CreateTemplate", Template=words)
        assert ("AlreadyExists" if name in self.templates else {}) == answer
        self.templates.setdefault(name, text)

    @rule(name=NAMES)
    def update_template(self, name):
        content = {"Subject": "s", "Text": "three"}
        answer = self.ask(
            "sesv2", "UpdateEmailTemplate", TemplateName=name, TemplateContent=content
        )
        assert ({} if name in self.templates else "NotFoundException") == answer
        if name in self.templates:
            self.templates[name] = "three"

    @rule(name=NAMES)
    def delete_template(self, name):
        assert {} == self.ask("ses", "DeleteTemplate", TemplateName=name)
        self.templates.pop(name, None)

    # The suppression list and a contact list.
    @rule(person=PEOPLE, reason=REASONS)
    def suppress(self, person, reason):
        words = {"EmailAddress": person, "Reason": reason}
        assert {} == self.ask("sesv2", "PutSuppressedDestination", **words)
        self.suppressed[person] = reason

    @rule(person=PEOPLE)
    def unsuppress(self, person):
        answer = self.ask("sesv2", "DeleteSuppressedDestination", EmailAddress=person)
        assert ({} if person in self.suppressed else "NotFoundException") == answer
        self.suppressed.pop(person, None)

    @rule()
    def create_list(self):
        answer = self.ask("sesv2", "CreateContactList", ContactListName="readers")
        assert ({} if self.list is None else "BadRequestException") == answer
        self.list = {} if self.list is None else self.list

    @rule()
    def delete_list(self):
        answer = self.ask("sesv2", "DeleteContactList", ContactListName="readers")
        assert ("NotFoundException" if self.list is None else {}) == answer
        self.list = None

    @rule(person=PEOPLE, gone=st.booleans())
    def add_contact(self, person, gone):
        words = {"ContactListName": "readers", "EmailAddress": person, "UnsubscribeAll": gone}
        answer = self.ask("sesv2", "CreateContact", **words)
        if self.list is None:
            assert "NotFoundException" == answer
        elif person in self.list:
            assert "AlreadyExistsException" == answer
        else:
            self.list[person] = gone

    # Whatever is only made, listed and dropped, by a table.
    @rule(family=st.sampled_from(FAMILIES), name=NAMES)
    def make(self, family, name):
        answer = self.ask(family.service, family.make, **family.params(name))
        held = self.kept[family.name]
        assert isinstance(answer, dict) == (name not in held)
        held.add(name)

    @rule(family=st.sampled_from(FAMILIES), name=NAMES)
    def drop(self, family, name):
        answer = self.ask(family.service, family.drop, **{family.key: family.spelled(name)})
        held = self.kept[family.name]
        assert isinstance(answer, dict) == (name in held or family.forgiving)
        held.discard(name)
        if family.name == "tenants":
            self.stopped.discard(name)

    @rule(family=st.sampled_from(FAMILIES))
    def listed(self, family):
        answer = self.backend.call(family.service, family.list, {})
        found = {family.name_of(one) for one in answer[family.member]}
        assert {family.spelled(name) for name in self.kept[family.name]} <= found
        assert len(found) <= len(self.kept[family.name]) + len(family.own)

    # Policies of an identity.
    @rule(name=NAMES, make=st.sampled_from(["PutIdentityPolicy", "CreateEmailIdentityPolicy"]))
    def keep_policy(self, name, make):
        words = {"PolicyName": name, "Policy": "{}"}
        if make == "PutIdentityPolicy":
            assert {} == self.ask("ses", make, Identity="example.com", **words)
        else:
            answer = self.ask("sesv2", make, EmailIdentity="example.com", **words)
            assert ("AlreadyExistsException" if name in self.policies else {}) == answer
        self.policies.add(name)

    @rule(name=NAMES)
    def drop_policy(self, name):
        assert {} == self.ask(
            "ses", "DeleteIdentityPolicy", Identity="example.com", PolicyName=name
        )
        self.policies.discard(name)

    @rule()
    def read_policies(self):
        v1 = self.backend.call("ses", "ListIdentityPolicies", {"Identity": "example.com"})
        v2 = self.backend.call(
            "sesv2", "GetEmailIdentityPolicies", {"EmailIdentity": "example.com"}
        )
        assert sorted(self.policies) == v1["PolicyNames"] == sorted(v2["Policies"])

    # The reputation of tenants.
    def tenant_arn(self, name):
        found = self.backend.call("sesv2", "GetTenant", {"TenantName": name})
        return found["Tenant"]["TenantArn"]

    @rule(name=NAMES, stop=st.booleans())
    def set_reputation(self, name, stop):
        self.ask("sesv2", "CreateTenant", TenantName=name)
        self.kept["tenants"].add(name)
        words = {
            "ReputationEntityType": "RESOURCE",
            "ReputationEntityReference": self.tenant_arn(name),
            "SendingStatus": "DISABLED" if stop else "ENABLED",
        }
        operation = "UpdateReputationEntityCustomerManagedStatus"
        assert {} == self.ask("sesv2", operation, **words)
        (self.stopped.add if stop else self.stopped.discard)(name)

    @rule(size=PAGES)
    def read_reputation(self, size):
        listed = self.pages("sesv2", "ListReputationEntities", "ReputationEntities", size)
        stopped = {
            one["ReputationEntityReference"]
            for one in listed
            if one["SendingStatusAggregate"] == "DISABLED"
        }
        assert len(self.kept["tenants"]) == len(listed)
        assert {self.tenant_arn(name) for name in self.stopped} == stopped

    # Jobs, whose states move with the clock.
    @rule()
    def export(self):
        now = self.backend.clock.now()
        span = {"StartDate": now - timedelta(days=1), "EndDate": now + timedelta(days=1)}
        answer = self.ask(
            "sesv2",
            "CreateExportJob",
            ExportDataSource={"MessageInsightsDataSource": span},
            ExportDestination={"DataFormat": "JSON"},
        )
        if isinstance(answer, dict):
            self.exports[answer["JobId"]] = "CREATED"
        else:
            assert "LimitExceededException" == answer

    @rule(seconds=st.integers(0, 4))
    def cancel_export(self, seconds):
        self.export()
        job_id = list(self.exports)[-1]
        self.backend.clock.advance(seconds=seconds)
        answer = self.ask("sesv2", "CancelExportJob", JobId=job_id)
        if isinstance(answer, dict):
            self.exports[job_id] = "CANCELLED"

    @rule(seconds=st.integers(1, 4))
    def pass_time(self, seconds):
        self.backend.clock.advance(seconds=seconds)

    @rule(size=PAGES)
    def read_exports(self, size):
        found = {
            one["JobId"]: one["JobStatus"]
            for one in self.pages("sesv2", "ListExportJobs", "ExportJobs", size)
        }
        assert set(self.exports) == set(found)
        for job_id, status in found.items():
            cancelled = self.exports[job_id] == "CANCELLED"
            assert cancelled == (status == "CANCELLED")
            words = {"JobId": job_id}
            assert status == self.backend.call("sesv2", "GetExportJob", words)["JobStatus"]

    # Sending.
    @rule(person=PEOPLE)
    def send_plainly(self, person):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        assert isinstance(self.send(person, content), dict)
        self.expect_events(person, listed=False)

    @rule(person=PEOPLE, name=NAMES)
    def send_template(self, person, name):
        content = {"Template": {"TemplateName": name, "TemplateData": "{}"}}
        answer = self.send(person, content)
        assert (name in self.templates) == isinstance(answer, dict)
        if name in self.templates:
            assert self.templates[name] == self.backend.outbox.last.text
            self.expect_events(person, listed=False)

    @rule(person=PEOPLE, name=NAMES)
    def send_with_set(self, person, name):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        answer = self.send(person, content, ConfigurationSetName=name)
        if name not in self.sets:
            assert "NotFoundException" == answer
        elif name in self.paused:
            assert "SendingPausedException" == answer
        else:
            self.expect_events(person, listed=False)

    @rule(person=PEOPLE, name=NAMES)
    def send_for_tenant(self, person, name):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        if name in self.kept["tenants"]:
            self.ask(
                "sesv2",
                "CreateTenantResourceAssociation",
                TenantName=name,
                ResourceArn="arn:aws:ses:us-east-1:123456789012:identity/example.com",
            )
        answer = self.send(person, content, TenantName=name)
        sendable = name in self.kept["tenants"] and name not in self.stopped
        assert sendable == isinstance(answer, dict)
        if sendable:
            self.expect_events(person, listed=False)

    @rule(person=PEOPLE)
    def send_to_list(self, person):
        content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
        options = {"ContactListName": "readers"}
        answer = self.send(person, content, ListManagementOptions=options)
        assert (self.list is None) == (answer == "NotFoundException")
        if self.list is not None:
            self.expect_events(person, listed=True)

    def send(self, person, content, **words):
        answer = self.ask(
            "sesv2",
            "SendEmail",
            FromEmailAddress="news@example.com",
            Destination=addresses([person]),
            Content=content,
            **words,
        )
        self.sent += isinstance(answer, dict)
        return answer

    def expect_events(self, person, *, listed):
        outcome = self.backend.outbox.last.events[1].type
        if listed and self.list.setdefault(person, False):
            assert "Bounce" == outcome
        else:
            expected = {"BOUNCE": "Bounce", "COMPLAINT": "Complaint"}
            assert expected.get(self.suppressed.get(person), "Delivery") == outcome

    @rule(kind=st.sampled_from(["bounce", "complain"]))
    def later(self, kind):
        if self.sent:
            message = self.backend.outbox.last
            getattr(self.backend, kind)(message)
            reason = {"bounce": "BOUNCE", "complain": "COMPLAINT"}[kind]
            self.suppressed[message.recipients[0]] = reason

    @rule(size=PAGES)
    def lists(self, size):
        v2 = [
            ("ListConfigurationSets", "ConfigurationSets", lambda one: one, self.sets),
            (
                "ListEmailTemplates",
                "TemplatesMetadata",
                lambda one: one["TemplateName"],
                self.templates,
            ),
            (
                "ListSuppressedDestinations",
                "SuppressedDestinationSummaries",
                lambda one: one["EmailAddress"],
                self.suppressed,
            ),
        ]
        for operation, member, name_of, held in v2:
            found = [name_of(one) for one in self.pages("sesv2", operation, member, size)]
            assert (len(held), set(held)) == (len(found), set(found))
        names = self.pages("ses", "ListConfigurationSets", "ConfigurationSets", size)
        assert self.sets == {one["Name"] for one in names}
        if self.list is not None:
            words = {"ContactListName": "readers"}
            contacts = self.pages("sesv2", "ListContacts", "Contacts", size, **words)
            assert self.list == {one["EmailAddress"]: one["UnsubscribeAll"] for one in contacts}

    @invariant()
    def outbox_and_quota(self):
        assert self.sent == len(self.backend.outbox)
        quota = self.backend.call("ses", "GetSendQuota")
        assert self.sent == quota["SentLast24Hours"]


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
