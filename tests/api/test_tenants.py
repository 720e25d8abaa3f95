"""Tenants through API v2: what belongs to them, and what they may send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import answer, needs, refusal

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
EXISTS = ("AlreadyExistsException", 400)
MISSING = (*NOT_FOUND, "Tenant acme for AwsAccountId 123456789012 not found.")
ARN = "arn:aws:ses:us-east-1:123456789012:{}"
IDENTITY, SET, TEMPLATE = (
    ARN.format(name)
    for name in ("identity/example.com", "configuration-set/letters", "template/hello")
)
RANGE = "1 validation error detected: Value '{}' at 'pageSize' failed to satisfy constraint: {}"


@pytest.fixture(name="client")
def _client(ses_backend, sesv2_client):
    """A client of an account with one resource of each kind."""
    ses_backend.verify("example.com")
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    sesv2_client.create_email_template(TemplateName="hello", TemplateContent={"Subject": "Hi"})
    return sesv2_client


@pytest.fixture(name="acme")
def _acme(client):
    """The tenant `acme`, which has nothing."""
    return answer(client.create_tenant(TenantName="acme"))


@pytest.fixture(name="give")
def _give(client):
    """Give a tenant resources."""

    def give(*arns, tenant="acme"):
        for arn in arns:
            client.create_tenant_resource_association(TenantName=tenant, ResourceArn=arn)

    return give


@pytest.fixture(name="resources")
def _resources(client):
    """The resources on a page of the tenant `acme`, and the token of the next."""

    def resources(**params):
        page = client.list_tenant_resources(**{"TenantName": "acme", **params})
        return [one["ResourceArn"] for one in page["TenantResources"]], page.get("NextToken")

    return resources


@pytest.fixture(name="names")
def _names(client):
    """The tenants on a page, and the token of the next."""

    def names(**params):
        page = client.list_tenants(**params)
        return [one["TenantName"] for one in page["Tenants"]], page.get("NextToken")

    return names


@pytest.fixture(name="owners")
def _owners(client):
    """The tenants on a page of a resource, and the token of the next."""

    def owners(arn=IDENTITY, **params):
        page = client.list_resource_tenants(ResourceArn=arn, **params)
        return [one["TenantName"] for one in page["ResourceTenants"]], page.get("NextToken")

    return owners


@pytest.fixture(name="with_lists")
def _with_lists(sesv2_client):
    """Skip where the installed botocore knows no suppression lists of tenants."""
    needs(sesv2_client, "PutTenantSuppressionAttributes")


@pytest.fixture(name="with_filter")
def _with_filter(sesv2_client):
    """Skip where the installed botocore knows no filter of tenants."""
    if (
        "Filter"
        not in sesv2_client.meta.service_model.operation_model("ListTenants").input_shape.members
    ):
        pytest.skip("this botocore has no Filter here")


class TestCreate:
    def test_answer(self, client, ses_backend):
        """A new tenant may send, and its ARN ends in its name and id."""
        tags = [{"Key": "team", "Value": "post"}]
        made = answer(client.create_tenant(TenantName="acme", Tags=tags))

        age = ses_backend.clock.now() - made.pop("CreatedTimestamp")
        assert timedelta(0) <= age < timedelta(minutes=1)
        assert {
            "TenantName": "acme",
            "TenantId": made["TenantId"],
            "TenantArn": ARN.format(f"tenant/acme/{made['TenantId']}"),
            "Tags": tags,
            "SendingStatus": "ENABLED",
        } == made
        assert "tn-" == made["TenantId"][:3]

    def test_get(self, client, acme):
        """A tenant shows what it showed when it was made."""
        assert acme == client.get_tenant(TenantName="acme")["Tenant"]

    @pytest.mark.parametrize("name", ["a b", "a" * 65, "ä"])
    def test_bad_name(self, client, name):
        """A name is of a few characters, in words of our own."""
        text = (
            f"The tenant name <{name}> is invalid: up to 64 letters, digits, hyphens (-) and "
            "underscores (_) are allowed."
        )
        assert (*BAD_REQUEST, text) == refusal(client.create_tenant, TenantName=name)

    @pytest.mark.parametrize("operation", ["create_tenant", "get_tenant", "delete_tenant"])
    def test_blank_name(self, client, operation):
        """A blank name is refused."""
        assert (*BAD_REQUEST, "TenantName cannot be empty") == refusal(
            getattr(client, operation), TenantName=" "
        )

    def test_duplicate(self, client, acme):
        """A name is taken."""
        text = "Tenant with name acme already exists in account 123456789012"
        assert (*EXISTS, text) == refusal(client.create_tenant, TenantName="acme")

    def test_bad_tag(self, client, names):
        """A tenant with a bad tag is not made."""
        text = "The tag key <aws:x> has the prefix aws:, which is reserved."
        assert (*BAD_REQUEST, text) == refusal(
            client.create_tenant, TenantName="acme", Tags=[{"Key": "aws:x", "Value": ""}]
        )
        assert ([], None) == names()


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("get_tenant", {}),
        ("delete_tenant", {}),
        ("create_tenant_resource_association", {"ResourceArn": IDENTITY}),
        ("delete_tenant_resource_association", {"ResourceArn": IDENTITY}),
        ("list_tenant_resources", {}),
    ],
)
def test_missing(client, operation, params):
    """A tenant that is not there is missed."""
    assert MISSING == refusal(getattr(client, operation), TenantName="acme", **params)


def test_delete(client, acme, give, owners):
    """A tenant that is deleted leaves its resources behind, free."""
    give(IDENTITY, SET)

    assert {} == answer(client.delete_tenant(TenantName="acme"))

    assert MISSING == refusal(client.get_tenant, TenantName="acme")
    assert ([], None) == owners()
    client.delete_configuration_set(ConfigurationSetName="letters")


class TestTags:
    def test_change(self, client, acme):
        """Tags of a tenant are changed by its ARN."""
        arn = acme["TenantArn"]
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
        shown = client.get_tenant(TenantName="acme")["Tenant"]["Tags"]
        assert [{"Key": "a", "Value": "1"}] == shown
        assert shown == client.list_tags_for_resource(ResourceArn=arn)["Tags"]

    def test_missing(self, client, acme):
        """The ARN has to have the id of the tenant, too."""
        text = "No Tenant present with name: acmewith tenantId: tn-0"
        assert (*NOT_FOUND, text) == refusal(
            client.list_tags_for_resource, ResourceArn=ARN.format("tenant/acme/tn-0")
        )


class TestList:
    @pytest.fixture(autouse=True)
    def three(self, client):
        """Three tenants."""
        for name in ("umbrella", "Acme", "initech"):
            client.create_tenant(TenantName=name)

    def test_shown(self, client):
        """A tenant in the list shows no tags."""
        first = client.list_tenants()["Tenants"][0]
        whole = client.get_tenant(TenantName="Acme")["Tenant"]
        assert {name: value for name, value in whole.items() if name in first} == first
        assert "Tags" not in first

    def test_pages(self, names):
        """Tenants are listed by name, page by page."""
        found, token = names(PageSize=2)
        assert (["Acme", "initech"], (["umbrella"], None)) == (found, names(NextToken=token))

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"TENANT_NAME_CONTAINS": "aCM"}, ["Acme"]),
            ({"SENDING_STATUS": "ENABLED"}, ["Acme", "initech", "umbrella"]),
            ({"SENDING_STATUS": "DISABLED", "TENANT_NAME_CONTAINS": "a"}, []),
        ],
    )
    def test_filter(self, with_filter, names, wanted, expected):
        """A filter goes by a part of the name and by the sending status."""
        assert (expected, None) == names(Filter=wanted)

    @pytest.mark.parametrize(
        ("params", "text"),
        [
            (
                {"PageSize": 0},
                RANGE.format(0, "Member must have value greater than or equal to 1"),
            ),
            (
                {"PageSize": 101},
                RANGE.format(101, "Member must have value less than or equal to 100"),
            ),
            ({"NextToken": "nonsense"}, "Invalid Next Token"),
            ({"NextToken": ""}, "Invalid Next Token"),
        ],
    )
    def test_refused(self, client, names, params, text):
        """Page size and token are refused alike in all lists of tenants."""
        assert (*BAD_REQUEST, text) == refusal(names, **params)
        for call, words in (
            (client.list_tenant_resources, {"TenantName": "Acme"}),
            (client.list_resource_tenants, {"ResourceArn": IDENTITY}),
        ):
            assert (*BAD_REQUEST, text) == refusal(call, **words, **params)


class TestAssociate:
    @pytest.fixture(autouse=True)
    def there(self, acme):
        """The tenant `acme`."""

    def test_resources(self, client, give, resources):
        """The resources of a tenant are listed by ARN, with the words of their ARNs as types."""
        give(TEMPLATE, IDENTITY, SET)

        found = client.list_tenant_resources(TenantName="acme")["TenantResources"]
        assert [
            {"ResourceType": "configuration-set", "ResourceArn": SET},
            {"ResourceType": "identity", "ResourceArn": IDENTITY},
            {"ResourceType": "template", "ResourceArn": TEMPLATE},
        ] == found
        first, token = resources(PageSize=2)
        assert ([SET, IDENTITY], ([TEMPLATE], None)) == (first, resources(NextToken=token))

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({"RESOURCE_TYPE": "EMAIL_IDENTITY"}, [IDENTITY]),
            ({"RESOURCE_TYPE": "template"}, [TEMPLATE]),
            ({}, [IDENTITY, TEMPLATE]),
        ],
    )
    def test_filter(self, give, resources, wanted, expected):
        """A filter goes by the type, in the words of the model or those of the ARNs."""
        give(TEMPLATE, IDENTITY)
        assert (expected, None) == resources(Filter=wanted)

    def test_domain_in_capitals(self, give, resources):
        """An identity is kept by its own name."""
        give(ARN.format("identity/EXAMPLE.com"))
        assert ([IDENTITY], None) == resources()

    def test_tenants_of_a_resource(self, client, give, owners):
        """The tenants of a resource are listed in the order in which it was given to them."""
        client.create_tenant(TenantName="zeta")
        give(IDENTITY, tenant="zeta")
        give(IDENTITY)

        first, token = owners(PageSize=1)
        assert (["zeta"], (["acme"], None)) == (first, owners(NextToken=token))

    def test_metadata(self, client, give, acme, ses_backend):
        """A tenant of a resource shows since when."""
        ses_backend.clock.advance(hours=1)
        give(IDENTITY)

        [shown] = client.list_resource_tenants(ResourceArn=IDENTITY)["ResourceTenants"]
        since = shown.pop("AssociatedTimestamp") - acme["CreatedTimestamp"]
        assert {
            "TenantName": "acme",
            "TenantId": acme["TenantId"],
            "ResourceArn": IDENTITY,
        } == shown
        assert 1 == since // timedelta(hours=1)

    def test_dissociate(self, client, give, resources, owners):
        """A resource that is taken away is gone from both lists; once more changes nothing."""
        give(IDENTITY, SET)
        for _ in range(2):
            client.delete_tenant_resource_association(TenantName="acme", ResourceArn=IDENTITY)
        assert (([SET], None), ([], None)) == (resources(), owners())

    def test_dissociate_what_is_not_there(self, client):
        """A resource that does not exist counts as taken away."""
        arn = ARN.format("identity/example.net")
        assert {} == answer(
            client.delete_tenant_resource_association(TenantName="acme", ResourceArn=arn)
        )

    def test_duplicate(self, give):
        """A resource is given to a tenant once."""
        give(IDENTITY)
        text = f"Resources {IDENTITY} has already been associated with tenant acme"
        assert (*EXISTS, text) == refusal(give, IDENTITY)

    @pytest.mark.parametrize(
        ("arn", "expected"),
        [
            ("example.com", (*BAD_REQUEST, "Provided resource identifier is not an SES resource")),
            (
                "arn:aws:sns:us-east-1:123456789012:topic",
                (*BAD_REQUEST, "Provided resource identifier is not an SES resource"),
            ),
            (
                "arn:aws:ses:us-east-1:123456789012:identity",
                (*BAD_REQUEST, "Provided ARN is not in SES resource ARN format"),
            ),
            (
                ARN.format("contact-list/friends"),
                (*BAD_REQUEST, "Unsupported resource type: contact-list"),
            ),
            (
                "arn:aws:ses:eu-west-1:123456789012:identity/x.org",
                (
                    *BAD_REQUEST,
                    "Resource <arn:aws:ses:eu-west-1:123456789012:identity/x.org> "
                    "must be in the same region",
                ),
            ),
            (
                "arn:aws:ses:us-east-1:111122223333:identity/x.org",
                (
                    *BAD_REQUEST,
                    "Resource <arn:aws:ses:us-east-1:111122223333:identity/x.org> "
                    "must be in the same account",
                ),
            ),
            (ARN.format("identity/x.org"), (*NOT_FOUND, "Identity <x.org> does not exist")),
            (
                ARN.format("configuration-set/x"),
                (*NOT_FOUND, "Configuration set <x> does not exist:"),
            ),
            (ARN.format("template/x"), (*NOT_FOUND, "Email template <x> does not exist")),
        ],
    )
    def test_bad_arn(self, client, give, owners, arn, expected):
        """Only an identity, a configuration set or a template of this account will do."""
        assert expected == refusal(give, arn) == refusal(owners, arn)


class TestDeleteResource:
    DELETES = [
        ("ses", "delete_identity", {"Identity": "example.com"}, IDENTITY),
        ("sesv2", "delete_email_identity", {"EmailIdentity": "example.com"}, IDENTITY),
        ("ses", "delete_configuration_set", {"ConfigurationSetName": "letters"}, SET),
        ("sesv2", "delete_configuration_set", {"ConfigurationSetName": "letters"}, SET),
        ("ses", "delete_template", {"TemplateName": "hello"}, TEMPLATE),
        ("sesv2", "delete_email_template", {"TemplateName": "hello"}, TEMPLATE),
    ]
    CODES = {"ses": "InvalidParameterValue", "sesv2": "BadRequestException"}

    @pytest.mark.parametrize(("service", "operation", "params", "arn"), DELETES)
    def test_refused(self, clients, client, acme, give, service, operation, params, arn):
        """A resource of a tenant is not deleted before it is taken from it."""
        give(arn)
        text = (
            f"Cannot delete {arn} because it has tenant associations. "
            "Remove all tenant associations and try again."
        )
        delete = getattr(clients[service], operation)
        assert (self.CODES[service], 400, text) == refusal(delete, **params)

        client.delete_tenant_resource_association(TenantName="acme", ResourceArn=arn)
        assert {} == answer(delete(**params))


class TestSend:
    @pytest.fixture(autouse=True)
    def there(self, acme):
        """The tenant `acme`."""

    @pytest.fixture(name="send")
    def _send(self, client):
        """Send a mail of the tenant."""

        def send(source="news@example.com", template=False, **params):
            simple = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}
            templated = {"TemplateName": "hello", "TemplateData": "{}"}
            return client.send_email(
                FromEmailAddress=source,
                Destination={"ToAddresses": ["ada@example.org"]},
                Content={"Template": templated} if template else {"Simple": simple},
                TenantName="acme",
                **params,
            )["MessageId"]

        return send

    @pytest.fixture(name="send_bulk")
    def _send_bulk(self, client):
        """Send two mails of the tenant."""

        def send_bulk():
            entry = {"Destination": {"ToAddresses": ["ada@example.org"]}}
            return client.send_bulk_email(
                FromEmailAddress="news@example.com",
                DefaultContent={"Template": {"TemplateName": "hello", "TemplateData": "{}"}},
                BulkEmailEntries=[entry, entry],
                TenantName="acme",
            )["BulkEmailEntryResults"]

        return send_bulk

    def test_sent(self, ses_backend, give, send, send_bulk):
        """A mail whose resources are the tenant's goes out, and has the tenant."""
        give(IDENTITY, SET, TEMPLATE)
        send(template=True, ConfigurationSetName="letters")
        assert ["SUCCESS", "SUCCESS"] == [one["Status"] for one in send_bulk()]
        assert ["acme"] * 3 == [message.tenant for message in ses_backend.outbox]

    def test_not_associated(self, give, send, send_bulk):
        """Every resource of a mail has to be the tenant's."""
        text = f"Tenant not associated with resources [{IDENTITY}, {SET}, {TEMPLATE}]."
        assert ("AccessDeniedException", 403, text) == refusal(
            send, template=True, ConfigurationSetName="letters"
        )
        give(IDENTITY)
        text = f"Tenant not associated with resources [{TEMPLATE}]."
        assert ("AccessDeniedException", 403, text) == refusal(send_bulk)

    def test_default_configuration_set(self, client, give, send):
        """The default configuration set of the sender is a resource of its mails, too."""
        give(IDENTITY)
        client.put_email_identity_configuration_set_attributes(
            EmailIdentity="example.com", ConfigurationSetName="letters"
        )
        text = f"Tenant not associated with resources [{SET}]."
        assert ("AccessDeniedException", 403, text) == refusal(send)

    def test_unverified_sender(self, send):
        """A sender that is no identity is refused as ever."""
        text = (
            "Email address is not verified. The following identities failed the check in region "
            "US-EAST-1: a@example.net"
        )
        assert ("MessageRejected", 400, text) == refusal(send, source="a@example.net")

    def test_every_sender(self, ses_backend, send):
        """Where every sender is accepted, one that is no identity needs no association."""
        ses_backend.verify("*")
        assert send(source="a@example.net")

    def test_raw_header(self, client, ses_backend, give):
        """A raw mail names its tenant in a header, which does not go out."""
        give(IDENTITY)
        client.send_email(
            Content={
                "Raw": {
                    "Data": b"From: a@example.com\r\nTo: ada@example.org\r\n"
                    b"X-SES-TENANT: acme\r\n\r\nHi"
                }
            }
        )
        [message] = ses_backend.outbox
        assert ("acme", None) == (message.tenant, message.headers.get("X-SES-TENANT"))

    @pytest.mark.parametrize(
        ("tenant", "arns", "expected"),
        [
            (
                "acme",
                [],
                ("AccessDenied", 403, f"Tenant not associated with resources [{IDENTITY}]."),
            ),
            (
                "umbrella",
                [],
                (
                    "InvalidParameterValue",
                    400,
                    "Tenant umbrella for AwsAccountId 123456789012 not found.",
                ),
            ),
        ],
    )
    def test_raw_header_in_v1(self, ses_client, tenant, arns, expected):
        """A raw mail of v1 is refused like one of v2, with codes of our own."""
        data = f"From: a@example.com\r\nTo: ada@example.org\r\nX-SES-TENANT: {tenant}\r\n\r\nHi"
        assert expected == refusal(ses_client.send_raw_email, RawMessage={"Data": data.encode()})


class TestSuppression:
    @pytest.fixture(autouse=True)
    def there(self, with_lists, acme):
        """The tenant `acme`."""

    def test_attributes(self, client):
        """What is asked of suppression is shown; without a scope, that of the account."""
        for params, expected in (
            (
                {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "TENANT"},
                {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "TENANT"},
            ),
            ({}, {"SuppressionScope": "ACCOUNT"}),
        ):
            client.put_tenant_suppression_attributes(TenantName="acme", **params)
            found = client.get_tenant(TenantName="acme")["Tenant"]
            assert expected == found["SuppressionAttributes"]

    def test_attributes_at_creation(self, client):
        """They may come with the tenant."""
        wanted = {"SuppressedReasons": [], "SuppressionScope": "TENANT"}
        made = client.create_tenant(TenantName="umbrella", SuppressionAttributes=wanted)
        assert wanted == made["SuppressionAttributes"]

    def test_missing(self, client):
        """A tenant that is not there has none."""
        text = "Tenant umbrella for AwsAccountId 123456789012 not found."
        assert (*NOT_FOUND, text) == refusal(
            client.put_tenant_suppression_attributes, TenantName="umbrella"
        )

    def test_own_list(self, client):
        """The list of a tenant is apart from that of the account."""

        def addresses(**params):
            page = client.list_suppressed_destinations(**params)
            return [one["EmailAddress"] for one in page["SuppressedDestinationSummaries"]]

        words = {"EmailAddress": "ada@example.org", "TenantName": "acme"}
        client.put_suppressed_destination(Reason="BOUNCE", **words)
        assert ([], ["ada@example.org"]) == (addresses(), addresses(TenantName="acme"))
        found = client.get_suppressed_destination(**words)["SuppressedDestination"]
        assert ("BOUNCE", "acme") == (found["Reason"], found["TenantName"])
        client.delete_suppressed_destination(**words)
        assert [] == addresses(TenantName="acme")

    def test_tokens(self, client):
        """A token of a tenant's list is good for no other."""
        for name in ("a", "b"):
            client.put_suppressed_destination(
                EmailAddress=f"{name}@example.org", Reason="BOUNCE", TenantName="acme"
            )
        page = client.list_suppressed_destinations(TenantName="acme", PageSize=1)
        assert ("InvalidNextTokenException", 400, "Token is invalid.") == refusal(
            client.list_suppressed_destinations, NextToken=page["NextToken"]
        )


class TestSuppressionList:
    """Which list a mail of a tenant meets."""

    @pytest.fixture(autouse=True)
    def _associated(self, client, acme, give):
        give(IDENTITY)
        needs(client, "PutTenantSuppressionAttributes")

    def send(self, client):
        client.send_email(
            FromEmailAddress="news@example.com",
            Destination={"ToAddresses": ["ada@example.org"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            TenantName="acme",
        )

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ({"SuppressionScope": "TENANT"}, "OnTenantSuppressionList"),
            (
                {"SuppressionScope": "TENANT", "SuppressedReasons": ["BOUNCE"]},
                "OnTenantSuppressionList",
            ),
            ({"SuppressionScope": "TENANT", "SuppressedReasons": ["COMPLAINT"]}, None),
            ({"SuppressionScope": "ACCOUNT"}, "OnAccountSuppressionList"),
        ],
    )
    def test_hard_bounce(self, client, ses_backend, words, expected):
        """A bounce goes on the tenant's list, if that is the scope, and the next mail meets it."""
        client.put_tenant_suppression_attributes(TenantName="acme", **words)
        self.send(client)
        ses_backend.bounce(ses_backend.outbox.last)
        on_account = expected == "OnAccountSuppressionList"
        assert on_account == ("ada@example.org" in ses_backend.account().suppressed_destinations)
        self.send(client)
        event = ses_backend.outbox.last.events[1]
        assert expected == event.detail.get("bounceSubType")
        if expected == "OnTenantSuppressionList":
            text = event.detail["bouncedRecipients"][0]["diagnosticCode"]
            assert "on the suppression list for your tenant." in text

    def test_complaint(self, client, ses_backend):
        """So does a complaint."""
        client.put_tenant_suppression_attributes(TenantName="acme", SuppressionScope="TENANT")
        self.send(client)
        ses_backend.complain(ses_backend.outbox.last)
        self.send(client)
        detail = ses_backend.outbox.last.events[1].detail
        assert "OnTenantSuppressionList" == detail["complaintSubType"]
