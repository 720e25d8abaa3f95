"""Which constraints of the service model does SES check itself, later and in words of its own?"""

from __future__ import annotations

# (operation, path of the member) by service; the operation checks these.
CHECKED_BY_THE_OPERATION: dict[str, frozenset[tuple[str, str]]] = {
    "ses": frozenset(
        {
            ("CreateConfigurationSetEventDestination", "eventDestination.matchingEventTypes"),
            ("PutConfigurationSetDeliveryOptions", "deliveryOptions.tlsPolicy"),
            ("SetIdentityMailFromDomain", "behaviorOnMXFailure"),
            ("UpdateConfigurationSetEventDestination", "eventDestination.matchingEventTypes"),
        }
    ),
    "sesv2": frozenset(
        {
            ("PutConfigurationSetDeliveryOptions", "tlsPolicy"),
            ("PutConfigurationSetSuppressionOptions", "suppressedReasons"),
            ("PutConfigurationSetTrackingOptions", "httpsPolicy"),
            ("UntagResource", "tagKeys"),
            ("PutEmailIdentityMailFromAttributes", "behaviorOnMxFailure"),
        }
    ),
}
