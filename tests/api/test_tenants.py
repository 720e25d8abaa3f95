"""Tenants, their resources, sending and suppression lists, through API v2."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import error_of, require_operation, without_metadata
from botocore_models import needs

pytestmark = needs("sesv2", "CreateTenant")

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
    """A client of an account with one resource of each type."""
    ses_backend.verify("example.com")
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    sesv2_client.create_email_template(TemplateName="hello", TemplateContent={"Subject": "Hi"})
    return sesv2_client


@pytest.fixture(name="acme")
def _acme(client):
    """The tenant `acme`, without resources."""
    return without_metadata(client.create_tenant(TenantName="acme"))


@pytest.fixture(name="associate")
def _associate(client):
    """A function that associates resources with a tenant, by default `acme`."""

    def associate(*arns, tenant="acme"):
        for arn in arns:
            client.create_tenant_resource_association(TenantName=tenant, ResourceArn=arn)

    return associate


@pytest.fixture(name="list_resources")
def _list_resources(client):
    """A function that returns the resources of `acme` on a page, and the next token."""

    def list_resources(**params):
        page = client.list_tenant_resources(**{"TenantName": "acme", **params})
        arns = [resource["ResourceArn"] for resource in page["TenantResources"]]
        return arns, page.get("NextToken")

    return list_resources


@pytest.fixture(name="list_tenants")
def _list_tenants(client):
    """A function that returns the tenants on a page, and the next token."""

    def list_tenants(**params):
        page = client.list_tenants(**params)
        return [tenant["TenantName"] for tenant in page["Tenants"]], page.get("NextToken")

    return list_tenants


@pytest.fixture(name="list_tenants_of")
def _list_tenants_of(client):
    """A function that returns the tenants of a resource on a page, and the next token."""

    def list_tenants_of(arn=IDENTITY, **params):
        page = client.list_resource_tenants(ResourceArn=arn, **params)
        return [tenant["TenantName"] for tenant in page["ResourceTenants"]], page.get("NextToken")

    return list_tenants_of


@pytest.fixture(name="with_lists")
def _with_lists(sesv2_client):
    """Skip the test if the installed botocore has no suppression lists of tenants."""
    require_operation(sesv2_client, "PutTenantSuppressionAttributes")


@pytest.fixture(name="with_filter")
def _with_filter(sesv2_client):
    """Skip the test if the installed botocore has no filter of tenants."""
    if (
        "Filter"
        not in sesv2_client.meta.service_model.operation_model("ListTenants").input_shape.members
    ):
        pytest.skip("this botocore has no Filter here")


class TestCreate:
    def test_create(self, client, ses_backend):
        """A new tenant can send, and its ARN ends with its name and id."""
        tags = [{"Key": "team", "Value": "post"}]
        tenant = without_metadata(client.create_tenant(TenantName="acme", Tags=tags))

        age = ses_backend.clock.now() - tenant.pop("CreatedTimestamp")
        assert timedelta(0) <= age < timedelta(minutes=1)
        assert {
            "TenantName": "acme",
            "TenantId": tenant["TenantId"],
            "TenantArn": ARN.format(f"tenant/acme/{tenant['TenantId']}"),
            "Tags": tags,
            "SendingStatus": "ENABLED",
        } == tenant
        assert "tn-" == tenant["TenantId"][:3]

    def test_get(self, client, acme):
        """A tenant is shown as in the response to its creation."""
        assert acme == client.get_tenant(TenantName="acme")["Tenant"]

    @pytest.mark.parametrize("name", ["a b", "a" * 65, "ä"])
    def test_invalid_name(self, client, name):
        """A name that is too long or malformed is rejected."""
        # This text is our own; SES's is unknown.
        text = (
            f"The tenant name <{name}> is invalid: up to 64 letters, digits, hyphens (-) and "
            "underscores (_) are allowed."
        )
        assert (*BAD_REQUEST, text) == error_of(client.create_tenant, TenantName=name)

    @pytest.mark.parametrize("operation", ["create_tenant", "get_tenant", "delete_tenant"])
    def test_blank_name(self, client, operation):
        """A blank name is rejected."""
        assert (*BAD_REQUEST, "TenantName cannot be empty") == error_of(
            getattr(client, operation), TenantName=" "
        )

    def test_duplicate(self, client, acme):
        """A duplicate name is rejected."""
        text = "Tenant with name acme already exists in account 123456789012"
        assert (*EXISTS, text) == error_of(client.create_tenant, TenantName="acme")

    def test_invalid_tag(self, client, list_tenants):
        """A tenant with an invalid tag is rejected and not created."""
        text = "The tag key <aws:x> starts with the reserved prefix aws:."
        assert (*BAD_REQUEST, text) == error_of(
            client.create_tenant, TenantName="acme", Tags=[{"Key": "aws:x", "Value": ""}]
        )
        assert ([], None) == list_tenants()


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
    """Every operation rejects a tenant that does not exist."""
    assert MISSING == error_of(getattr(client, operation), TenantName="acme", **params)


def test_delete(client, acme, associate, list_tenants_of):
    """Deleting a tenant keeps its resources and removes their associations."""
    associate(IDENTITY, SET)

    assert {} == without_metadata(client.delete_tenant(TenantName="acme"))

    assert MISSING == error_of(client.get_tenant, TenantName="acme")
    assert ([], None) == list_tenants_of()
    client.delete_configuration_set(ConfigurationSetName="letters")


class TestTags:
    def test_tag_by_arn(self, client, acme):
        """The tags of a tenant can be changed by its ARN."""
        arn = acme["TenantArn"]
        client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
        shown = client.get_tenant(TenantName="acme")["Tenant"]["Tags"]
        assert [{"Key": "a", "Value": "1"}] == shown
        assert shown == client.list_tags_for_resource(ResourceArn=arn)["Tags"]

    def test_missing(self, client, acme):
        """An ARN with another tenant ID is rejected."""
        text = "No Tenant present with name: acmewith tenantId: tn-0"
        assert (*NOT_FOUND, text) == error_of(
            client.list_tags_for_resource, ResourceArn=ARN.format("tenant/acme/tn-0")
        )


class TestList:
    @pytest.fixture(autouse=True)
    def _three_tenants(self, client):
        for name in ("umbrella", "Acme", "initech"):
            client.create_tenant(TenantName=name)

    def test_listed_tenant(self, client):
        """A listed tenant shows no tags."""
        listed = client.list_tenants()["Tenants"][0]
        tenant = client.get_tenant(TenantName="Acme")["Tenant"]
        assert {name: value for name, value in tenant.items() if name in listed} == listed
        assert "Tags" not in listed

    def test_pages(self, list_tenants):
        """Tenants are listed by name, in pages."""
        first_page, token = list_tenants(PageSize=2)
        assert (["Acme", "initech"], (["umbrella"], None)) == (
            first_page,
            list_tenants(NextToken=token),
        )

    @pytest.mark.parametrize(
        ("filter", "expected"),
        [
            ({"TENANT_NAME_CONTAINS": "aCM"}, ["Acme"]),
            ({"SENDING_STATUS": "ENABLED"}, ["Acme", "initech", "umbrella"]),
            ({"SENDING_STATUS": "DISABLED", "TENANT_NAME_CONTAINS": "a"}, []),
        ],
    )
    def test_filter(self, with_filter, list_tenants, filter, expected):
        """A filter matches a part of the name and the sending status."""
        assert (expected, None) == list_tenants(Filter=filter)

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
    def test_invalid_paging(self, client, list_tenants, params, text):
        """An invalid page size or token is rejected with the same text by all lists of tenants."""
        assert (*BAD_REQUEST, text) == error_of(list_tenants, **params)
        for call, required in (
            (client.list_tenant_resources, {"TenantName": "Acme"}),
            (client.list_resource_tenants, {"ResourceArn": IDENTITY}),
        ):
            assert (*BAD_REQUEST, text) == error_of(call, **required, **params)


class TestAssociate:
    @pytest.fixture(autouse=True)
    def _existing_tenant(self, acme):
        """Create the tenant `acme`."""

    def test_resources(self, client, associate, list_resources):
        """The resources of a tenant are listed by ARN, with the types that their ARNs contain."""
        associate(TEMPLATE, IDENTITY, SET)

        resources = client.list_tenant_resources(TenantName="acme")["TenantResources"]
        assert [
            {"ResourceType": "configuration-set", "ResourceArn": SET},
            {"ResourceType": "identity", "ResourceArn": IDENTITY},
            {"ResourceType": "template", "ResourceArn": TEMPLATE},
        ] == resources
        first, token = list_resources(PageSize=2)
        assert ([SET, IDENTITY], ([TEMPLATE], None)) == (first, list_resources(NextToken=token))

    @pytest.mark.parametrize(
        ("filter", "expected"),
        [
            ({"RESOURCE_TYPE": "EMAIL_IDENTITY"}, [IDENTITY]),
            ({"RESOURCE_TYPE": "template"}, [TEMPLATE]),
            ({}, [IDENTITY, TEMPLATE]),
        ],
    )
    def test_filter(self, associate, list_resources, filter, expected):
        """A filter matches the type, spelled as in the model or as in ARNs."""
        associate(TEMPLATE, IDENTITY)
        assert (expected, None) == list_resources(Filter=filter)

    def test_domain_in_upper_case(self, associate, list_resources):
        """An ARN with the domain in upper case is normalized."""
        associate(ARN.format("identity/EXAMPLE.com"))
        assert ([IDENTITY], None) == list_resources()

    def test_tenants_of_a_resource(self, client, associate, list_tenants_of):
        """The tenants of a resource are listed in the order of association."""
        client.create_tenant(TenantName="zeta")
        associate(IDENTITY, tenant="zeta")
        associate(IDENTITY)

        first, token = list_tenants_of(PageSize=1)
        assert (["zeta"], (["acme"], None)) == (first, list_tenants_of(NextToken=token))

    def test_association_time(self, client, associate, acme, ses_backend):
        """A tenant of a resource shows the time of association."""
        ses_backend.clock.advance(hours=1)
        associate(IDENTITY)

        [shown] = client.list_resource_tenants(ResourceArn=IDENTITY)["ResourceTenants"]
        delay = shown.pop("AssociatedTimestamp") - acme["CreatedTimestamp"]
        assert {
            "TenantName": "acme",
            "TenantId": acme["TenantId"],
            "ResourceArn": IDENTITY,
        } == shown
        assert 1 == delay // timedelta(hours=1)

    def test_disassociate(self, client, associate, list_resources, list_tenants_of):
        """Removing an association removes it from both lists; repeating it has no effect."""
        associate(IDENTITY, SET)
        for _ in range(2):
            client.delete_tenant_resource_association(TenantName="acme", ResourceArn=IDENTITY)
        assert (([SET], None), ([], None)) == (list_resources(), list_tenants_of())
        associate(IDENTITY)
        assert ([SET, IDENTITY], None) == list_resources()

    def test_disassociate_missing_resource(self, client):
        """Removing the association of a resource that does not exist succeeds."""
        arn = ARN.format("identity/example.net")
        assert {} == without_metadata(
            client.delete_tenant_resource_association(TenantName="acme", ResourceArn=arn)
        )

    def test_duplicate(self, associate):
        """A resource that is already associated is rejected."""
        associate(IDENTITY)
        text = f"Resources {IDENTITY} has already been associated with tenant acme"
        assert (*EXISTS, text) == error_of(associate, IDENTITY)

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
    def test_invalid_arn(self, client, associate, list_tenants_of, arn, expected):
        """An ARN that is not an identity, set or template of the account is rejected."""
        assert expected == error_of(associate, arn) == error_of(list_tenants_of, arn)


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
    def test_rejected(self, clients, client, acme, associate, service, operation, params, arn):
        """A resource that is associated with a tenant cannot be deleted."""
        associate(arn)
        text = (
            f"Cannot delete {arn} because it has tenant associations. "
            "Remove all tenant associations and try again."
        )
        delete = getattr(clients[service], operation)
        assert (self.CODES[service], 400, text) == error_of(delete, **params)

        client.delete_tenant_resource_association(TenantName="acme", ResourceArn=arn)
        assert {} == without_metadata(delete(**params))


class TestSend:
    @pytest.fixture(autouse=True)
    def _existing_tenant(self, acme):
        """Create the tenant `acme`."""

    @pytest.fixture(name="send")
    def _send(self, client):
        """A function that sends a message of the tenant."""

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
        """A function that sends two messages of the tenant in bulk."""

        def send_bulk():
            entry = {"Destination": {"ToAddresses": ["ada@example.org"]}}
            return client.send_bulk_email(
                FromEmailAddress="news@example.com",
                DefaultContent={"Template": {"TemplateName": "hello", "TemplateData": "{}"}},
                BulkEmailEntries=[entry, entry],
                TenantName="acme",
            )["BulkEmailEntryResults"]

        return send_bulk

    def test_sent(self, ses_backend, associate, send, send_bulk):
        """A message whose resources are all associated with the tenant is sent with the tenant."""
        associate(IDENTITY, SET, TEMPLATE)
        send(template=True, ConfigurationSetName="letters")
        assert ["SUCCESS", "SUCCESS"] == [result["Status"] for result in send_bulk()]
        assert ["acme"] * 3 == [message.tenant for message in ses_backend.outbox]

    def test_not_associated(self, associate, send, send_bulk):
        """A message is rejected if one of its resources is not associated with the tenant."""
        text = f"Tenant not associated with resources [{IDENTITY}, {SET}, {TEMPLATE}]."
        assert ("AccessDeniedException", 403, text) == error_of(
            send, template=True, ConfigurationSetName="letters"
        )
        associate(IDENTITY)
        text = f"Tenant not associated with resources [{TEMPLATE}]."
        assert ("AccessDeniedException", 403, text) == error_of(send_bulk)

    def test_default_configuration_set(self, client, associate, send):
        """The default configuration set of the sender must be associated with the tenant."""
        associate(IDENTITY)
        client.put_email_identity_configuration_set_attributes(
            EmailIdentity="example.com", ConfigurationSetName="letters"
        )
        text = f"Tenant not associated with resources [{SET}]."
        assert ("AccessDeniedException", 403, text) == error_of(send)

    def test_unverified_sender(self, send):
        """An unverified sender is rejected with the same text as without a tenant."""
        text = (
            "Email address is not verified. The following identities failed the check in region "
            "US-EAST-1: a@example.net"
        )
        assert ("MessageRejected", 400, text) == error_of(send, source="a@example.net")

    def test_every_sender(self, ses_backend, send):
        """If every sender is verified, a sender without an identity needs no association."""
        ses_backend.verify("*")
        assert send(source="a@example.net")

    def test_raw_header(self, client, ses_backend, associate):
        """A raw message can name its tenant in a header, which is removed."""
        associate(IDENTITY)
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
        """v1 rejects a raw message of a tenant for the same reasons as v2."""
        # These codes are our own; SES's are unknown.
        data = f"From: a@example.com\r\nTo: ada@example.org\r\nX-SES-TENANT: {tenant}\r\n\r\nHi"
        assert expected == error_of(ses_client.send_raw_email, RawMessage={"Data": data.encode()})


class TestSuppression:
    @pytest.fixture(autouse=True)
    def _existing_tenant(self, with_lists, acme):
        """Create the tenant `acme`."""

    def test_attributes(self, client):
        """The suppression attributes of a tenant are shown; the scope defaults to ACCOUNT."""
        for params, expected in (
            (
                {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "TENANT"},
                {"SuppressedReasons": ["BOUNCE"], "SuppressionScope": "TENANT"},
            ),
            ({}, {"SuppressionScope": "ACCOUNT"}),
        ):
            client.put_tenant_suppression_attributes(TenantName="acme", **params)
            tenant = client.get_tenant(TenantName="acme")["Tenant"]
            assert expected == tenant["SuppressionAttributes"]

    def test_attributes_at_creation(self, client):
        """The suppression attributes can be set on creation."""
        attributes = {"SuppressedReasons": [], "SuppressionScope": "TENANT"}
        tenant = client.create_tenant(TenantName="umbrella", SuppressionAttributes=attributes)
        assert attributes == tenant["SuppressionAttributes"]

    def test_missing(self, client):
        """Suppression attributes of a tenant that does not exist are rejected."""
        text = "Tenant umbrella for AwsAccountId 123456789012 not found."
        assert (*NOT_FOUND, text) == error_of(
            client.put_tenant_suppression_attributes, TenantName="umbrella"
        )

    def test_separate_list(self, client):
        """The suppression list of a tenant is separate from the account's."""

        def addresses(**params):
            page = client.list_suppressed_destinations(**params)
            return [summary["EmailAddress"] for summary in page["SuppressedDestinationSummaries"]]

        params = {"EmailAddress": "ada@example.org", "TenantName": "acme"}
        client.put_suppressed_destination(Reason="BOUNCE", **params)
        assert ([], ["ada@example.org"]) == (addresses(), addresses(TenantName="acme"))
        destination = client.get_suppressed_destination(**params)["SuppressedDestination"]
        assert ("BOUNCE", "acme") == (destination["Reason"], destination["TenantName"])
        client.delete_suppressed_destination(**params)
        assert [] == addresses(TenantName="acme")

    def test_tokens(self, client):
        """A token of a tenant's list is invalid for other lists."""
        for name in ("a", "b"):
            client.put_suppressed_destination(
                EmailAddress=f"{name}@example.org", Reason="BOUNCE", TenantName="acme"
            )
        page = client.list_suppressed_destinations(TenantName="acme", PageSize=1)
        assert ("InvalidNextTokenException", 400, "Token is invalid.") == error_of(
            client.list_suppressed_destinations, NextToken=page["NextToken"]
        )


class TestSuppressionList:
    """The suppression list that applies to the messages of a tenant."""

    @pytest.fixture(autouse=True)
    def _associated(self, client, acme, associate):
        associate(IDENTITY)
        require_operation(client, "PutTenantSuppressionAttributes")

    def send(self, client, **options):
        client.send_email(
            FromEmailAddress="news@example.com",
            Destination={"ToAddresses": ["ada@example.org"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            TenantName="acme",
            **options,
        )

    @pytest.mark.parametrize(
        ("attributes", "expected"),
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
    def test_hard_bounce(self, client, ses_backend, attributes, expected):
        """Depending on the scope, a hard bounce suppresses the address for tenant or account."""
        client.put_tenant_suppression_attributes(TenantName="acme", **attributes)
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

    @pytest.mark.parametrize(
        ("of_tenant", "of_set", "expected"),
        [
            ("TENANT", "ACCOUNT", "OnAccountSuppressionList"),
            ("ACCOUNT", "TENANT", "OnTenantSuppressionList"),
            (None, "TENANT", "OnTenantSuppressionList"),
            ("TENANT", None, "OnTenantSuppressionList"),
        ],
    )
    def test_scope_of_the_configuration_set(
        self, client, ses_backend, associate, of_tenant, of_set, expected
    ):
        """The scope of the configuration set overrides that of the tenant."""
        operation = client.meta.service_model.operation_model(
            "PutConfigurationSetSuppressionOptions"
        )
        if "SuppressionScope" not in operation.input_shape.members:
            pytest.skip("this botocore has no SuppressionScope of configuration sets")
        if of_tenant:
            client.put_tenant_suppression_attributes(TenantName="acme", SuppressionScope=of_tenant)
        client.create_configuration_set(ConfigurationSetName="scoped")
        if of_set:
            client.put_configuration_set_suppression_options(
                ConfigurationSetName="scoped", SuppressionScope=of_set
            )
        associate(ses_backend.account().arn("configuration-set", "scoped"))
        self.send(client, ConfigurationSetName="scoped")
        ses_backend.bounce(ses_backend.outbox.last)
        on_account = expected == "OnAccountSuppressionList"
        assert on_account == ("ada@example.org" in ses_backend.account().suppressed_destinations)
        self.send(client, ConfigurationSetName="scoped")
        assert expected == ses_backend.outbox.last.events[1].detail["bounceSubType"]

    def test_default_scope(self, client, ses_backend):
        """A tenant without suppression attributes uses the suppression list of the account."""
        self.send(client)
        ses_backend.bounce(ses_backend.outbox.last)
        assert "ada@example.org" in ses_backend.account().suppressed_destinations

    def test_complaint(self, client, ses_backend):
        """With the scope TENANT, a complaint suppresses the address for the tenant."""
        client.put_tenant_suppression_attributes(TenantName="acme", SuppressionScope="TENANT")
        self.send(client)
        ses_backend.complain(ses_backend.outbox.last)
        self.send(client)
        detail = ses_backend.outbox.last.events[1].detail
        assert "OnTenantSuppressionList" == detail["complaintSubType"]
