"""Kinds of resources that are only created, listed and deleted by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from botocore_models import has


@dataclass(frozen=True)
class Family:
    """A kind of resource that is created, listed and deleted by name."""

    name: str
    create: str
    delete: str
    list: str
    member: str
    key: str
    service: str = "sesv2"
    params: dict = field(default_factory=dict)
    deletes_missing: bool = False
    name_format: str = "{}"
    name_member: str | None = None
    preexisting: tuple[str, ...] = ()

    def full_name(self, name):
        return self.name_format.format(name)

    def create_params(self, name):
        return {self.key: self.full_name(name), **self.params}

    def name_of(self, item):
        return item if isinstance(item, str) else item[self.name_member or self.key]


VERIFICATION = {
    "FromEmailAddress": "news@example.com",
    "TemplateSubject": "s",
    "TemplateContent": "t",
    "SuccessRedirectionURL": "https://example.com/yes",
    "FailureRedirectionURL": "https://example.com/no",
}
_FAMILIES = [
    Family(
        "identities",
        "CreateEmailIdentity",
        "DeleteEmailIdentity",
        "ListEmailIdentities",
        "EmailIdentities",
        "EmailIdentity",
        name_format="{}.example",
        name_member="IdentityName",
        preexisting=("example.com",),
    ),
    Family(
        "verification templates",
        "CreateCustomVerificationEmailTemplate",
        "DeleteCustomVerificationEmailTemplate",
        "ListCustomVerificationEmailTemplates",
        "CustomVerificationEmailTemplates",
        "TemplateName",
        params=VERIFICATION,
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
        params={"Details": {"RoutesDetails": [{"Region": "eu-west-1"}]}},
    ),
    Family(
        "rule sets",
        "CreateReceiptRuleSet",
        "DeleteReceiptRuleSet",
        "ListReceiptRuleSets",
        "RuleSets",
        "RuleSetName",
        service="ses",
        deletes_missing=True,
        name_member="Name",
    ),
]
FAMILIES = [family for family in _FAMILIES if has(family.service, family.create)]
