"""The constraints of the service models that SES itself does not enforce."""

from __future__ import annotations

# By service, as (operation, path of the member): constraints that the operation checks itself.
CHECKED_BY_THE_OPERATION: dict[str, frozenset[tuple[str, str]]] = {
    "ses": frozenset(
        {
            ("CreateConfigurationSetEventDestination", "eventDestination.matchingEventTypes"),
            ("ListCustomVerificationEmailTemplates", "maxResults"),
            ("PutConfigurationSetDeliveryOptions", "deliveryOptions.tlsPolicy"),
            ("SetIdentityMailFromDomain", "behaviorOnMXFailure"),
            ("UpdateConfigurationSetEventDestination", "eventDestination.matchingEventTypes"),
        }
    ),
    "sesv2": frozenset(
        {
            ("CreateDedicatedIpPool", "scalingMode"),
            ("PutConfigurationSetDeliveryOptions", "tlsPolicy"),
            ("PutConfigurationSetSuppressionOptions", "suppressedReasons"),
            ("PutConfigurationSetTrackingOptions", "httpsPolicy"),
            ("PutDedicatedIpPoolScalingAttributes", "scalingMode"),
            ("UntagResource", "tagKeys"),
            ("PutEmailIdentityMailFromAttributes", "behaviorOnMxFailure"),
        }
    ),
}

# By service, as (structure, member): required members that SES omits until they are set.
OMITTED_MEMBERS: dict[str, frozenset[tuple[str, str]]] = {
    "ses": frozenset(
        {
            ("IdentityMailFromDomainAttributes", "MailFromDomain"),
            ("IdentityMailFromDomainAttributes", "MailFromDomainStatus"),
            ("IdentityNotificationAttributes", "BounceTopic"),
            ("IdentityNotificationAttributes", "ComplaintTopic"),
            ("IdentityNotificationAttributes", "DeliveryTopic"),
        }
    ),
    "sesv2": frozenset(
        {
            ("MailFromAttributes", "MailFromDomain"),
            ("MailFromAttributes", "MailFromDomainStatus"),
        }
    ),
}

# By service, as (shape, values): values that SES's errors list in a different order.
VALUE_ORDERS: dict[str, frozenset[tuple[str, tuple[str, ...]]]] = {
    "ses": frozenset(
        {
            ("InvocationType", ("RequestResponse", "Event")),
            ("ReceiptFilterPolicy", ("Allow", "Block")),
            ("SNSActionEncoding", ("Base64", "UTF-8")),
            ("TlsPolicy", ("Optional", "Require")),
        }
    ),
    "sesv2": frozenset({("SubscriptionStatus", ("OPT_OUT", "OPT_IN"))}),
}
