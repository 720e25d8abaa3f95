"""Where does SES not keep to the constraints of its own model?"""

from __future__ import annotations

# (operation, path of the member) by service; the operation checks these.
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

# (structure, member) by service: members that the model requires and SES leaves out while unset.
LEFT_OUT: dict[str, frozenset[tuple[str, str]]] = {
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

# String -> its values in the order in which SES names them, where it is not that of the model.
ORDERED: dict[str, frozenset[tuple[str, tuple[str, ...]]]] = {
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
