"""DKIM, MAIL FROM, feedback and notification settings of identities, in both APIs."""

import pytest
from asking import error_of, without_metadata
from botocore_models import needs

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
TOPIC = "arn:aws:sns:us-east-1:123456789012:bounces"
CUSTOM_KEY = {"DomainSigningSelector": "s1", "DomainSigningPrivateKey": "MIIE"}


def test_unknown_identities_are_omitted(ses_client):
    """Unknown identities are omitted, except from the DKIM attributes."""
    unknown = {"Identities": ["example.com"]}

    assert (
        {} == (ses_client.get_identity_verification_attributes(**unknown)["VerificationAttributes"])
    )
    assert (
        {}
        == (
            ses_client.get_identity_mail_from_domain_attributes(**unknown)[
                "MailFromDomainAttributes"
            ]
        )
    )
    assert (
        {} == (ses_client.get_identity_notification_attributes(**unknown)["NotificationAttributes"])
    )
    assert {"example.com": {"DkimEnabled": False, "DkimVerificationStatus": "NotStarted"}} == (
        ses_client.get_identity_dkim_attributes(**unknown)["DkimAttributes"]
    )


@pytest.mark.parametrize("attributes", ["verification", "dkim", "mail_from_domain", "notification"])
def test_attributes_of_more_than_100_identities(ses_client, attributes):
    """A request for the attributes of more than 100 identities is rejected."""
    method = getattr(ses_client, f"get_identity_{attributes}_attributes")

    method(Identities=["a.com"] * 100)

    assert (*INVALID, "At most 100 identities can be requested at a time.") == error_of(
        method, Identities=["a.com"] * 101
    )


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ses", "set_identity_dkim_enabled", {"Identity": "example.com", "DkimEnabled": False}),
        (
            "sesv2",
            "put_email_identity_dkim_attributes",
            {"EmailIdentity": "example.com", "SigningEnabled": False},
        ),
        ("sesv2", "put_email_identity_dkim_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_signing_is_disabled(clients, identity, service, operation, params):
    """DKIM signing is disabled, in v2 also by omitting the argument."""
    assert {} == without_metadata(getattr(clients[service], operation)(**params))

    assert not identity.dkim.signing_enabled


@pytest.mark.parametrize("name", ["example.org", "a@example.org"])
@pytest.mark.parametrize(
    ("service", "operation", "members", "code"),
    [
        ("ses", "set_identity_dkim_enabled", ("Identity", "DkimEnabled"), INVALID),
        (
            "sesv2",
            "put_email_identity_dkim_attributes",
            ("EmailIdentity", "SigningEnabled"),
            BAD_REQUEST,
        ),
    ],
)
def test_signing_of_an_unknown_domain(clients, service, operation, members, code, name):
    """DKIM signing cannot be enabled for a domain that is not an identity."""
    params = dict(zip(members, (name, True), strict=True))

    assert (*code, "Domain example.org is not verified for DKIM signing.") == error_of(
        getattr(clients[service], operation), **params
    )


def test_signing_of_a_pending_domain(ses_client):
    """DKIM signing can be disabled and enabled while the verification is pending."""
    ses_client.verify_domain_dkim(Domain="example.org")
    for enabled in (False, True):
        ses_client.set_identity_dkim_enabled(Identity="example.org", DkimEnabled=enabled)
        attributes = ses_client.get_identity_dkim_attributes(Identities=["example.org"])
        shown = attributes["DkimAttributes"]["example.org"]
        assert (enabled, "Pending") == (shown["DkimEnabled"], shown["DkimVerificationStatus"])


def test_an_address_shows_the_dkim_of_its_domain(identity, ses_client, sesv2_client):
    """An address has the DKIM tokens and status of its domain."""
    sesv2_client.create_email_identity(EmailIdentity="a@example.com")

    shown = sesv2_client.get_email_identity(EmailIdentity="a@example.com")["DkimAttributes"]
    attributes = ses_client.get_identity_dkim_attributes(Identities=["a@example.com"])

    assert (identity.dkim.tokens, "SUCCESS") == (shown["Tokens"], shown["Status"])
    assert {
        "DkimEnabled": True,
        "DkimVerificationStatus": "Success",
        "DkimTokens": identity.dkim.tokens,
    } == attributes["DkimAttributes"]["a@example.com"]


@needs("sesv2", "PutEmailIdentityDkimSigningAttributes", "SigningHostedZone")
def test_keys_are_replaced(identity, sesv2_client):
    """A domain can change to a custom key, and back to keys that SES manages."""
    put = sesv2_client.put_email_identity_dkim_signing_attributes

    custom = put(
        EmailIdentity="example.com",
        SigningAttributesOrigin="EXTERNAL",
        SigningAttributes=CUSTOM_KEY,
    )
    easy = put(EmailIdentity="example.com", SigningAttributesOrigin="AWS_SES")

    assert {"DkimStatus": "PENDING", "DkimTokens": ["s1"]} == without_metadata(custom)
    assert {
        "DkimStatus": "PENDING",
        "DkimTokens": identity.dkim.tokens,
        "SigningHostedZone": "dkim.amazonses.com",
    } == without_metadata(easy)
    assert identity.verified


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"EmailIdentity": "a@example.com", "SigningAttributesOrigin": "AWS_SES"},
            (*BAD_REQUEST, "The EmailIdentity value must be a valid domain."),
        ),
        (
            {"EmailIdentity": "example.org", "SigningAttributesOrigin": "AWS_SES"},
            (*NOT_FOUND, "Email identity example.org does not exist."),
        ),
        (
            {"EmailIdentity": "example.com", "SigningAttributesOrigin": "EXTERNAL"},
            (
                *BAD_REQUEST,
                "Signing with your own key requires a selector and a private key.",
            ),
        ),
    ],
)
def test_keys_are_rejected(identity, sesv2_client, params, expected):
    """Keys of an address or unknown domain, and incomplete keys, are rejected."""
    assert expected == error_of(sesv2_client.put_email_identity_dkim_signing_attributes, **params)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        (
            "ses",
            "set_identity_mail_from_domain",
            {"Identity": "example.com", "BehaviorOnMXFailure": "RejectMessage"},
        ),
        (
            "sesv2",
            "put_email_identity_mail_from_attributes",
            {"EmailIdentity": "example.com", "BehaviorOnMxFailure": "REJECT_MESSAGE"},
        ),
    ],
)
def test_mail_from_is_shown_in_both(clients, identity, service, operation, params):
    """A custom MAIL FROM domain set in one API is shown in both."""
    getattr(clients[service], operation)(MailFromDomain="mail.example.com", **params)

    v1 = clients["ses"].get_identity_mail_from_domain_attributes(Identities=["example.com"])
    v2 = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert {
        "MailFromDomain": "mail.example.com",
        "MailFromDomainStatus": "Pending",
        "BehaviorOnMXFailure": "RejectMessage",
    } == v1["MailFromDomainAttributes"]["example.com"]
    assert {
        "MailFromDomain": "mail.example.com",
        "MailFromDomainStatus": "PENDING",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    } == v2["MailFromAttributes"]


def test_no_mail_from(identity, ses_client):
    """An identity without a custom MAIL FROM domain shows only the behavior on MX failure."""
    attributes = ses_client.get_identity_mail_from_domain_attributes(Identities=["example.com"])

    assert {"example.com": {"BehaviorOnMXFailure": "UseDefaultValue"}} == (
        attributes["MailFromDomainAttributes"]
    )


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("ses", "set_identity_mail_from_domain", {"Identity": "example.com"}),
        ("sesv2", "put_email_identity_mail_from_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_mail_from_is_removed(clients, identity, service, operation, params):
    """A request without a MAIL FROM domain removes it."""
    method = getattr(clients[service], operation)
    method(MailFromDomain="mail.example.com", **params)

    method(**params)

    assert identity.mail_from_domain is None


@pytest.mark.parametrize(
    ("service", "operation", "member", "code"),
    [
        ("ses", "set_identity_mail_from_domain", "Identity", INVALID),
        ("sesv2", "put_email_identity_mail_from_attributes", "EmailIdentity", BAD_REQUEST),
    ],
)
def test_mail_from_is_rejected(clients, identity, service, operation, member, code):
    """A MAIL FROM domain must be a subdomain of an existing identity's domain."""
    method = getattr(clients[service], operation)

    assert (*code, "Identity <x.org> does not exist.") == error_of(
        method, MailFromDomain="mail.x.org", **{member: "x.org"}
    )
    assert (
        *code,
        (
            "Provided MAIL-FROM domain <mail.x.org> is not subdomain of the domain of the identity "
            "<example.com>."
        ),
    ) == error_of(method, MailFromDomain="mail.x.org", **{member: "example.com"})


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "ses",
            "set_identity_mail_from_domain",
            {"Identity": "example.com", "BehaviorOnMXFailure": "x"},
            (
                "ValidationError",
                400,
                (
                    "1 validation error detected: Value at 'behaviorOnMXFailure' failed to satisfy "
                    "constraint: Member must satisfy enum value set: [RejectMessage, UseDefaultValue]"
                ),
            ),
        ),
        (
            "sesv2",
            "put_email_identity_mail_from_attributes",
            {"EmailIdentity": "example.com", "BehaviorOnMxFailure": "x"},
            (
                *BAD_REQUEST,
                (
                    "1 validation error detected: Value at 'behaviorOnMxFailure' failed to satisfy "
                    "constraint: Member must satisfy enum value set: "
                    "[REJECT_MESSAGE, USE_DEFAULT_VALUE]"
                ),
            ),
        ),
    ],
)
def test_unknown_behavior(clients, service, operation, params, expected):
    """An unknown behavior on MX failure is rejected."""
    assert expected == error_of(getattr(clients[service], operation), **params)


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        (
            "ses",
            "set_identity_feedback_forwarding_enabled",
            {"Identity": "example.com", "ForwardingEnabled": False},
        ),
        (
            "sesv2",
            "put_email_identity_feedback_attributes",
            {"EmailIdentity": "example.com", "EmailForwardingEnabled": False},
        ),
        ("sesv2", "put_email_identity_feedback_attributes", {"EmailIdentity": "example.com"}),
    ],
)
def test_feedback_forwarding_is_disabled(clients, identity, service, operation, params):
    """Feedback forwarding is disabled, in v2 also by omitting the argument."""
    for notification_type in ("Bounce", "Complaint"):
        set_topic(clients, notification_type)

    getattr(clients[service], operation)(**params)

    shown = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert not shown["FeedbackForwardingStatus"]


@pytest.mark.parametrize(
    ("topics", "missing"),
    [
        ((), "Bounce and Complaint"),
        (("Bounce", "Delivery"), "Complaint"),
        (("Complaint",), "Bounce"),
    ],
)
def test_feedback_forwarding_without_topics(clients, identity, topics, missing):
    """In v1, disabling feedback forwarding needs topics for bounces and complaints.

    v2 has no such rule.
    """
    for notification_type in topics:
        set_topic(clients, notification_type)
    # This text is our own; SES's is unknown.
    text = (
        "Feedback forwarding cannot be disabled for identity example.com: "
        f"it has no SNS topic for {missing}."
    )
    forward = clients["ses"].set_identity_feedback_forwarding_enabled

    assert (*INVALID, text) == error_of(forward, Identity="example.com", ForwardingEnabled=False)
    assert identity.feedback_forwarding_enabled

    clients["sesv2"].put_email_identity_feedback_attributes(
        EmailIdentity="example.com", EmailForwardingEnabled=False
    )
    assert not identity.feedback_forwarding_enabled
    forward(Identity="example.com", ForwardingEnabled=True)
    assert identity.feedback_forwarding_enabled


def test_headers_without_a_topic(clients, identity):
    """Headers can be enabled only for a type with a topic; disabling them always succeeds."""
    put = clients["ses"].set_identity_headers_in_notifications_enabled
    params = {"Identity": "example.com", "NotificationType": "Complaint"}
    set_topic(clients, "Bounce")
    # This text is our own; SES's is unknown.
    text = (
        "Headers cannot be enabled for identity example.com: "
        "it has no SNS topic for Complaint notifications."
    )

    assert (*INVALID, text) == error_of(put, Enabled=True, **params)
    put(Enabled=False, **params)

    set_topic(clients, "Complaint")
    put(Enabled=True, **params)
    assert {"Complaint"} == identity.headers_in_notifications


def set_topic(clients, notification_type):
    """Set the topic of a notification type of example.com."""
    clients["ses"].set_identity_notification_topic(
        Identity="example.com", NotificationType=notification_type, SnsTopic=TOPIC
    )


def test_notification_attributes(identity, ses_client):
    """Topics and headers are shown by notification type; types without a topic are omitted."""
    ses_client.set_identity_notification_topic(
        Identity="example.com", NotificationType="Bounce", SnsTopic=TOPIC
    )
    ses_client.set_identity_headers_in_notifications_enabled(
        Identity="example.com", NotificationType="Bounce", Enabled=True
    )

    attributes = ses_client.get_identity_notification_attributes(Identities=["example.com"])

    assert {
        "BounceTopic": TOPIC,
        "ForwardingEnabled": True,
        "HeadersInBounceNotificationsEnabled": True,
        "HeadersInComplaintNotificationsEnabled": False,
        "HeadersInDeliveryNotificationsEnabled": False,
    } == attributes["NotificationAttributes"]["example.com"]


def test_topic_is_removed(identity, ses_client):
    """A request without a topic removes it."""
    ses_client.set_identity_notification_topic(
        Identity="example.com", NotificationType="Bounce", SnsTopic=TOPIC
    )

    ses_client.set_identity_notification_topic(Identity="example.com", NotificationType="Bounce")

    assert {} == identity.topics


@pytest.mark.parametrize("topic", ["", "bounces", f"{TOPIC}.fifo", f"{TOPIC}:x"])
def test_invalid_topic(identity, ses_client, topic):
    """A topic that is empty, not an ARN or a FIFO topic is rejected."""
    assert (*INVALID, f"SNS topic {topic} is invalid.") == error_of(
        ses_client.set_identity_notification_topic,
        Identity="example.com",
        NotificationType="Bounce",
        SnsTopic=topic,
    )


NOT_IDENTITY = "Identity x.org is invalid. Must be a verified email address or domain."
NOT_IDENTITY_FOR_HEADERS = (
    "Identity x.org is invalid. It must be a verified email address or domain."
)


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "ses",
            "set_identity_notification_topic",
            {"Identity": "x.org", "NotificationType": "Bounce", "SnsTopic": TOPIC},
            (*INVALID, NOT_IDENTITY),
        ),
        (
            "ses",
            "set_identity_feedback_forwarding_enabled",
            {"Identity": "x.org", "ForwardingEnabled": True},
            (*INVALID, NOT_IDENTITY),
        ),
        (
            "sesv2",
            "put_email_identity_feedback_attributes",
            {"EmailIdentity": "x.org", "EmailForwardingEnabled": True},
            (*BAD_REQUEST, NOT_IDENTITY),
        ),
        (
            "ses",
            "set_identity_headers_in_notifications_enabled",
            {"Identity": "x.org", "NotificationType": "Bounce", "Enabled": True},
            (*INVALID, NOT_IDENTITY_FOR_HEADERS),
        ),
        (
            "ses",
            "set_identity_headers_in_notifications_enabled",
            {"Identity": "x.org", "NotificationType": "x", "Enabled": True},
            (
                "ValidationError",
                400,
                (
                    "1 validation error detected: Value at 'notificationType' failed to satisfy "
                    "constraint: Member must satisfy enum value set: [Bounce, Complaint, Delivery]"
                ),
            ),
        ),
    ],
)
def test_notifications_are_rejected(clients, service, operation, params, expected):
    """An unknown identity or notification type is rejected."""
    assert expected == error_of(getattr(clients[service], operation), **params)
