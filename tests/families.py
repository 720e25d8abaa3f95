"""Which resources are only made, listed and dropped by name?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Family:
    """Resources that are made, listed and dropped by name."""

    name: str
    make: str
    drop: str
    list: str
    member: str
    key: str
    service: str = "sesv2"
    more: dict = field(default_factory=dict)
    forgiving: bool = False
    spelling: str = "{}"
    shown: str | None = None
    own: tuple[str, ...] = ()

    def spelled(self, name):
        return self.spelling.format(name)

    def params(self, name):
        return {self.key: self.spelled(name), **self.more}

    def name_of(self, one):
        return one if isinstance(one, str) else one[self.shown or self.key]


VERIFICATION = {
    "FromEmailAddress": "news@example.com",
    "TemplateSubject": "s",
    "TemplateContent": "t",
    "SuccessRedirectionURL": "https://example.com/yes",
    "FailureRedirectionURL": "https://example.com/no",
}
FAMILIES = [
    Family(
        "identities",
        "CreateEmailIdentity",
        "DeleteEmailIdentity",
        "ListEmailIdentities",
        "EmailIdentities",
        "EmailIdentity",
        spelling="{}.example",
        shown="IdentityName",
        own=("example.com",),
    ),
    Family(
        "verification templates",
        "CreateCustomVerificationEmailTemplate",
        "DeleteCustomVerificationEmailTemplate",
        "ListCustomVerificationEmailTemplates",
        "CustomVerificationEmailTemplates",
        "TemplateName",
        more=VERIFICATION,
    ),
    Family("tenants", "CreateTenant", "DeleteTenant", "ListTenants", "Tenants", "TenantName"),
    Family(
        "pools",
        "CreateDedicatedIpPool",
        "DeleteDedicatedIpPool",
        "ListDedicatedIpPools",
        "DedicatedIpPools",
        "PoolName",
    ),
    Family(
        "endpoints",
        "CreateMultiRegionEndpoint",
        "DeleteMultiRegionEndpoint",
        "ListMultiRegionEndpoints",
        "MultiRegionEndpoints",
        "EndpointName",
        more={"Details": {"RoutesDetails": [{"Region": "eu-west-1"}]}},
    ),
    Family(
        "rule sets",
        "CreateReceiptRuleSet",
        "DeleteReceiptRuleSet",
        "ListReceiptRuleSets",
        "RuleSets",
        "RuleSetName",
        service="ses",
        forgiving=True,
        shown="Name",
    ),
]
