"""Receipt rule sets and their rules, through API v1."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import error_of, without_metadata
from botocore_models import needs

INVALID = ("InvalidParameterValue", 400)
NO_SET = ("RuleSetDoesNotExist", 400, "Rule set does not exist: gone")
NO_RULE = ("RuleDoesNotExist", 400, "Rule does not exist: gone")
PATTERN = "Member must satisfy regular expression pattern: ^[a-zA-Z0-9_.-]+$"
LENGTH = "Member must have length greater than or equal to 1"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mail"
ROLE = "arn:aws:iam::123456789012:role/mail"
CONNECT = "arn:aws:connect:us-east-1:123456789012:instance/12345678-1234-1234-1234-123456789012"
BOUNCE = {"SmtpReplyCode": "550", "Message": "No.", "Sender": "mailer@example.com"}
HEADER = {"AddHeaderAction": {"HeaderName": "X-Seen", "HeaderValue": "yes"}}
STOP = {"StopAction": {"Scope": "RuleSet"}}
EVERY_ACTION = [
    HEADER,
    {
        "S3Action": {
            "BucketName": "mail",
            "ObjectKeyPrefix": "in",
            "TopicArn": TOPIC,
            "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:alias/aws/ses",
            "IamRoleArn": ROLE,
        }
    },
    {"SNSAction": {"TopicArn": TOPIC, "Encoding": "Base64"}},
    {"LambdaAction": {"FunctionArn": FUNCTION, "InvocationType": "Event", "TopicArn": TOPIC}},
    {"BounceAction": {**BOUNCE, "StatusCode": "5.1.1", "TopicArn": TOPIC}},
    {
        "WorkmailAction": {
            "OrganizationArn": "arn:aws:workmail:us-east-1:123456789012:organization/m-1",
            "TopicArn": TOPIC,
        }
    },
    {"ConnectAction": {"InstanceARN": CONNECT, "IAMRoleARN": ROLE}},
    {"StopAction": {"Scope": "RuleSet", "TopicArn": TOPIC}},
]


def validation_error(*violations):
    """The error for violated model constraints, from pairs of member and constraint."""
    messages = [
        f"Value at '{member}' failed to satisfy constraint: {constraint}"
        for member, constraint in violations
    ]
    plural = "s" if len(messages) > 1 else ""
    text = f"{len(messages)} validation error{plural} detected: {'; '.join(messages)}"
    return ("ValidationError", 400, text)


@pytest.fixture(name="client")
def _client(ses_client):
    """A client of an account with the empty rule set `main`."""
    ses_client.create_receipt_rule_set(RuleSetName="main")
    return ses_client


@pytest.fixture(name="create")
def _create(client):
    """A function that creates a rule, by default in the set `main`."""

    def create(name="r", *actions, after=None, rule_set="main", **members):
        position = {} if after is None else {"After": after}
        rule = {"Name": name, "Actions": list(actions), **members}
        return without_metadata(
            client.create_receipt_rule(RuleSetName=rule_set, Rule=rule, **position)
        )

    return create


@pytest.fixture(name="describe_rule")
def _describe_rule(client):
    """A function that describes a rule of the set `main`."""
    return lambda name="r": client.describe_receipt_rule(RuleSetName="main", RuleName=name)["Rule"]


@pytest.fixture(name="rule_names")
def _rule_names(client):
    """A function that returns the names of the rules of a set, in order."""

    def rule_names(name="main"):
        rule_set = client.describe_receipt_rule_set(RuleSetName=name)
        return [rule["Name"] for rule in rule_set["Rules"]]

    return rule_names


class TestSets:
    def test_create_and_describe(self, ses_backend, client):
        """A new rule set is empty and shows its creation time."""
        rule_set = without_metadata(client.describe_receipt_rule_set(RuleSetName="main"))

        age = ses_backend.clock.now() - rule_set["Metadata"].pop("CreatedTimestamp")
        assert timedelta(0) <= age < timedelta(minutes=1)
        assert {"Metadata": {"Name": "main"}, "Rules": []} == rule_set

    def test_duplicate(self, client):
        """A duplicate name is rejected."""
        assert ("AlreadyExists", 400, "Rule set already exists: main") == error_of(
            client.create_receipt_rule_set, RuleSetName="main"
        )

    def test_list(self, client):
        """Rule sets are listed by name."""
        client.create_receipt_rule_set(RuleSetName="a.b")

        response = without_metadata(client.list_receipt_rule_sets())

        assert ["RuleSets"] == list(response)
        assert ["a.b", "main"] == [rule_set["Name"] for rule_set in response["RuleSets"]]

    def test_invalid_token(self, client):
        """An invalid token is rejected."""
        assert (*INVALID, "Invalid token: nope") == error_of(
            client.list_receipt_rule_sets, NextToken="nope"
        )

    def test_limit(self, client):
        """A forty-first rule set is rejected."""
        for number in range(39):
            client.create_receipt_rule_set(RuleSetName=f"s{number}")

        assert (
            "LimitExceeded",
            400,
            "The limit of 40 receipt rule sets is reached.",
        ) == error_of(client.create_receipt_rule_set, RuleSetName="more")

    def test_delete(self, client):
        """A deleted rule set is no longer listed; deleting it again has no effect."""
        for _ in range(2):
            assert {} == without_metadata(client.delete_receipt_rule_set(RuleSetName="main"))

        assert [] == client.list_receipt_rule_sets()["RuleSets"]

    def test_active(self, client, create):
        """Activating a rule set deactivates the previous one."""
        create()
        client.create_receipt_rule_set(RuleSetName="other")
        client.set_active_receipt_rule_set(RuleSetName="other")

        assert {} == without_metadata(client.set_active_receipt_rule_set(RuleSetName="main"))

        assert without_metadata(
            client.describe_receipt_rule_set(RuleSetName="main")
        ) == without_metadata(client.describe_active_receipt_rule_set())
        assert {} == without_metadata(client.delete_receipt_rule_set(RuleSetName="other"))

    def test_none_active(self, client):
        """Without an active rule set, nothing is described; omitting the name deactivates it."""
        assert {} == without_metadata(client.describe_active_receipt_rule_set())
        client.set_active_receipt_rule_set(RuleSetName="main")
        client.set_active_receipt_rule_set()

        assert {} == without_metadata(client.describe_active_receipt_rule_set())

    def test_delete_active(self, client):
        """The active rule set cannot be deleted."""
        client.set_active_receipt_rule_set(RuleSetName="main")

        assert ("CannotDelete", 400, "Cannot delete active rule set: main") == error_of(
            client.delete_receipt_rule_set, RuleSetName="main"
        )

    def test_clone(self, client, create, rule_names):
        """A clone has the rules of the original, is independent of it and is not active."""
        create("a", HEADER)
        create("b")
        client.set_active_receipt_rule_set(RuleSetName="main")

        assert {} == without_metadata(
            client.clone_receipt_rule_set(RuleSetName="copy", OriginalRuleSetName="main")
        )
        client.delete_receipt_rule(RuleSetName="main", RuleName="a")

        assert (["b", "a"], ["b"]) == (rule_names("copy"), rule_names())
        assert "main" == client.describe_active_receipt_rule_set()["Metadata"]["Name"]

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (("copy", "gone"), NO_SET),
            (("main", "gone"), ("AlreadyExists", 400, "Rule set already exists: main")),
            (
                ("c c", "d d"),
                validation_error(("originalRuleSetName", PATTERN), ("ruleSetName", PATTERN)),
            ),
            (("-c", "-d"), (*INVALID, "Not a valid ruleSetName: -c")),
            (("c", "-d"), (*INVALID, "Not a valid ruleSetName: -d")),
        ],
    )
    def test_clone_rejected(self, client, names, expected):
        """Malformed names, a duplicate name and a missing original are reported in this order."""
        new, original = names
        assert expected == error_of(
            client.clone_receipt_rule_set, RuleSetName=new, OriginalRuleSetName=original
        )

    @pytest.mark.parametrize(
        "operation",
        ["describe_receipt_rule_set", "set_active_receipt_rule_set"],
    )
    def test_missing(self, client, operation):
        """A missing rule set is rejected."""
        assert NO_SET == error_of(getattr(client, operation), RuleSetName="gone")

    @pytest.mark.parametrize(
        "operation",
        [
            "create_receipt_rule_set",
            "delete_receipt_rule_set",
            "describe_receipt_rule_set",
            "set_active_receipt_rule_set",
        ],
    )
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("a b", validation_error(("ruleSetName", PATTERN))),
            ("", validation_error(("ruleSetName", LENGTH), ("ruleSetName", PATTERN))),
            ("-a", (*INVALID, "Not a valid ruleSetName: -a")),
            ("a.", (*INVALID, "Not a valid ruleSetName: a.")),
            ("a" * 65, (*INVALID, f"Not a valid ruleSetName: {'a' * 65}")),
        ],
    )
    def test_invalid_name(self, client, operation, name, expected):
        """A name that is empty, too long or malformed is rejected."""
        assert expected == error_of(getattr(client, operation), RuleSetName=name)


class TestReorder:
    @pytest.fixture(autouse=True)
    def _three_rules(self, create):
        for name in "cba":
            create(name)

    def test_reorder(self, client, rule_names):
        """Rules get the requested order."""
        assert {} == without_metadata(
            client.reorder_receipt_rule_set(RuleSetName="main", RuleNames=["c", "a", "b"])
        )
        assert ["c", "a", "b"] == rule_names()

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["x", "x"], (*INVALID, "Multiple positions found for rule: x")),
            (["c", "gone"], (*INVALID, "Positions for rules not found: a, b")),
            ([], (*INVALID, "Positions for rules not found: a, b, c")),
            (["a", "b", "c", "gone", "too"], NO_RULE),
        ],
    )
    def test_rejected(self, client, rule_names, names, expected):
        """An order that does not contain each rule exactly once is rejected and changes nothing."""
        assert expected == error_of(
            client.reorder_receipt_rule_set, RuleSetName="main", RuleNames=names
        )
        assert ["a", "b", "c"] == rule_names()

    @pytest.mark.parametrize("name", ["", "a b", "a" * 101])
    def test_invalid_names(self, client, name):
        """Malformed names are reported before a missing rule set."""
        constraints = (
            "Member must satisfy constraint: [Member must have length less than or equal to 100, "
            f"{LENGTH}, {PATTERN}]"
        )
        assert validation_error(("ruleNames", constraints)) == error_of(
            client.reorder_receipt_rule_set, RuleSetName="gone", RuleNames=[name]
        )

    def test_missing_set(self, client):
        """A missing rule set is rejected."""
        assert NO_SET == error_of(
            client.reorder_receipt_rule_set, RuleSetName="gone", RuleNames=["a"]
        )


class TestRules:
    def test_defaults(self, create, describe_rule):
        """By default, a rule is disabled, with optional TLS and without a scan or recipients."""
        assert {} == create()

        assert {
            "Name": "r",
            "Enabled": False,
            "TlsPolicy": "Optional",
            "Actions": [],
            "ScanEnabled": False,
        } == describe_rule()

    @needs("ses", "CreateReceiptRule", "Rule.Actions.ConnectAction")
    def test_all_members(self, ses_backend, create, describe_rule):
        """A rule is shown as created, with its recipients sorted and in lower case."""
        ses_backend.verify("example.com")
        create(
            "r",
            *EVERY_ACTION,
            Enabled=True,
            TlsPolicy="Require",
            ScanEnabled=True,
            Recipients=["z@EXAMPLE.com", "example.com", ".example.com", "Z@example.com"],
        )

        assert {
            "Name": "r",
            "Enabled": True,
            "TlsPolicy": "Require",
            "Recipients": [".example.com", "example.com", "z@example.com"],
            "Actions": EVERY_ACTION,
            "ScanEnabled": True,
        } == describe_rule()

    def test_encoding(self, create, describe_rule):
        """The encoding of an SNS action defaults to UTF-8."""
        create("r", {"SNSAction": {"TopicArn": TOPIC}})

        [action] = describe_rule()["Actions"]
        assert {"SNSAction": {"TopicArn": TOPIC, "Encoding": "UTF-8"}} == action

    def test_create_position(self, create, rule_names):
        """A new rule is placed first, or after the given rule."""
        create("a")
        create("b")
        create("c", after="b")

        assert ["b", "c", "a"] == rule_names()

    def test_update(self, client, create, describe_rule, rule_names):
        """An update replaces the whole rule and keeps its position."""
        create("a", HEADER, Recipients=["example.com"])
        create("b")

        assert {} == without_metadata(
            client.update_receipt_rule(RuleSetName="main", Rule={"Name": "a", "Enabled": True})
        )

        assert ["b", "a"] == rule_names()
        assert {
            "Name": "a",
            "Enabled": True,
            "TlsPolicy": "Optional",
            "Actions": [],
            "ScanEnabled": False,
        } == describe_rule("a")

    def test_delete(self, client, create, rule_names):
        """A deleted rule is no longer in its set; deleting it again has no effect."""
        create()
        for _ in range(2):
            assert {} == without_metadata(
                client.delete_receipt_rule(RuleSetName="main", RuleName="r")
            )

        assert [] == rule_names()

    @pytest.mark.parametrize(
        ("name", "after", "expected"),
        [
            ("c", None, ["c", "a", "b"]),
            ("a", "c", ["b", "c", "a"]),
            ("b", "b", ["a", "b", "c"]),
        ],
    )
    def test_position(self, client, create, rule_names, name, after, expected):
        """A rule moves to the first position or after another; after itself, it is not moved."""
        for rule in "cba":
            create(rule)
        params = {"After": after} if after else {}

        assert {} == without_metadata(
            client.set_receipt_rule_position(RuleSetName="main", RuleName=name, **params)
        )

        assert expected == rule_names()

    def test_duplicate(self, create):
        """A duplicate name is reported before a missing `After`."""
        create()

        assert ("AlreadyExists", 400, "Rule already exists: r") == error_of(create, after="gone")

    def test_limit(self, ses_backend, client, create):
        """A rule beyond the limit of 200 is rejected."""
        rules = ses_backend.account().receipt_rule_sets["main"].rules
        create()
        rules.extend(rules[0]._replace(name=f"r{number}") for number in range(199))

        assert ("LimitExceeded", 400, "Too many rules") == error_of(create, "more")

    @pytest.mark.parametrize(
        ("operation", "params"),
        [
            ("create_receipt_rule", {"Rule": {"Name": "new"}, "After": "gone"}),
            ("update_receipt_rule", {"Rule": {"Name": "gone"}}),
            ("describe_receipt_rule", {"RuleName": "gone"}),
            ("set_receipt_rule_position", {"RuleName": "gone"}),
            ("set_receipt_rule_position", {"RuleName": "r", "After": "gone"}),
        ],
    )
    def test_missing(self, client, create, operation, params):
        """A missing rule set is reported before a missing rule."""
        create()
        call = getattr(client, operation)

        assert NO_RULE == error_of(call, RuleSetName="main", **params)
        assert NO_SET == error_of(call, RuleSetName="gone", **params)

    def test_delete_in_a_missing_set(self, client):
        """Deleting a rule of a missing rule set fails."""
        assert NO_SET == error_of(client.delete_receipt_rule, RuleSetName="gone", RuleName="r")

    @pytest.mark.parametrize(
        ("operation", "params", "member"),
        [
            ("create_receipt_rule", lambda name: {"Rule": {"Name": name}}, "rule.name"),
            ("update_receipt_rule", lambda name: {"Rule": {"Name": name}}, "rule.name"),
            ("describe_receipt_rule", lambda name: {"RuleName": name}, "ruleName"),
            ("delete_receipt_rule", lambda name: {"RuleName": name}, "ruleName"),
            ("set_receipt_rule_position", lambda name: {"RuleName": name}, "ruleName"),
        ],
    )
    def test_invalid_name(self, client, operation, params, member):
        """A malformed name is reported before a missing rule set."""

        def error_for(name):
            return error_of(getattr(client, operation), RuleSetName="gone", **params(name))

        assert validation_error((member, PATTERN)) == error_for("a b")
        assert validation_error((member, LENGTH), (member, PATTERN)) == error_for("")
        assert (*INVALID, "Not a valid ruleName: -a") == error_for("-a")
        assert (*INVALID, f"Not a valid ruleName: {'a' * 65}") == error_for("a" * 65)

    @pytest.mark.parametrize(
        ("operation", "params"),
        [
            ("create_receipt_rule", {"Rule": {"Name": "r"}}),
            ("update_receipt_rule", {"Rule": {"Name": "r"}}),
            ("describe_receipt_rule", {"RuleName": "r"}),
            ("delete_receipt_rule", {"RuleName": "r"}),
            ("set_receipt_rule_position", {"RuleName": "r"}),
            ("reorder_receipt_rule_set", {"RuleNames": ["r"]}),
        ],
    )
    def test_invalid_set_name(self, client, operation, params):
        """A malformed name of the rule set is rejected."""
        assert (*INVALID, "Not a valid ruleSetName: -a") == error_of(
            getattr(client, operation), RuleSetName="-a", **params
        )

    @pytest.mark.parametrize("after", ["", "a b"])
    def test_invalid_after(self, client, create, after):
        """A malformed `After` is rejected."""
        constraints = [LENGTH, PATTERN] if after == "" else [PATTERN]
        expected = validation_error(*(("after", constraint) for constraint in constraints))
        create()

        assert expected == error_of(create, "new", after=after)
        assert expected == error_of(
            client.set_receipt_rule_position, RuleSetName="main", RuleName="r", After=after
        )

    @pytest.mark.parametrize(
        "recipient",
        [
            "",
            "not valid",
            "example..com",
            "-example.com",
            "example-.com",
            "..example.com",
            "a@b@example.com",
            "Ada <a@example.com>",
            "a@-example.com",
        ],
    )
    def test_invalid_recipient(self, create, rule_names, recipient):
        """A recipient that is not an address, a domain or a domain after a dot is rejected."""
        assert (*INVALID, f"Invalid recipient: {recipient}") == error_of(
            create, Recipients=["a@example.com", recipient]
        )
        assert [] == rule_names()

    def test_too_many_recipients(self, create, rule_names):
        """A rule with more than 500 recipients is rejected before its recipients are checked."""
        recipients = [f"r{number}@example.com" for number in range(500)]
        create("r", Recipients=recipients)

        assert ("LimitExceeded", 400, "Too many recipients") == error_of(
            create, "more", Recipients=[*recipients, "not valid"]
        )
        assert ["r"] == rule_names()

    def test_unknown_values(self, create):
        """A value that the model does not have is rejected with the valid values in SES's order."""
        constraint = "Member must satisfy enum value set: [{}]"
        assert validation_error(
            ("rule.tlsPolicy", constraint.format("Optional, Require"))
        ) == error_of(create, TlsPolicy="Maybe")
        member = "rule.actions.1.member.{}"
        assert validation_error(
            (member.format("sNSAction.encoding"), constraint.format("Base64, UTF-8"))
        ) == error_of(create, "r", {"SNSAction": {"TopicArn": TOPIC, "Encoding": "Maybe"}})
        assert validation_error(
            (
                member.format("lambdaAction.invocationType"),
                constraint.format("RequestResponse, Event"),
            )
        ) == error_of(create, "r", {"LambdaAction": {"FunctionArn": "f", "InvocationType": "x"}})
        assert validation_error(
            (member.format("stopAction.scope"), constraint.format("RuleSet"))
        ) == error_of(create, "r", {"StopAction": {"Scope": "Rule"}})


class TestActions:
    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            (
                {**STOP, **HEADER},
                (*INVALID, "Exactly one action type must be specified for each ReceiptAction"),
            ),
            (
                {"AddHeaderAction": {"HeaderName": "X bad", "HeaderValue": ""}},
                (*INVALID, "Invalid header name: X bad"),
            ),
            *(
                (
                    {"AddHeaderAction": {"HeaderName": name, "HeaderValue": "a"}},
                    (*INVALID, f"Invalid header name: {name}"),
                )
                for name in ("", "X" * 51)
            ),
            (
                {"AddHeaderAction": {"HeaderName": "X", "HeaderValue": "a\nb"}},
                (*INVALID, "Invalid header value: a0x000ab"),
            ),
            (
                {"AddHeaderAction": {"HeaderName": "X", "HeaderValue": "a" * 2049}},
                (*INVALID, f"Invalid header value: {'a' * 2049}"),
            ),
            (
                {"SNSAction": {"TopicArn": "mail"}},
                ("InvalidSnsTopic", 400, "Invalid SNS topic: mail"),
            ),
            (
                {"StopAction": {"Scope": "RuleSet", "TopicArn": ""}},
                ("InvalidSnsTopic", 400, "Invalid SNS topic: "),
            ),
            (
                {"SNSAction": {"TopicArn": f"{TOPIC}.fifo"}},
                ("InvalidSnsTopic", 400, f"Invalid SNS topic: {TOPIC}.fifo"),
            ),
            (
                {"S3Action": {"BucketName": ""}},
                (*INVALID, "Bucket name must not be empty"),
            ),
            (
                # This text is our own; SES's is unknown.
                {"S3Action": {"BucketName": "mail", "KmsKeyArn": "alias/aws/ses"}},
                ("InvalidS3Configuration", 400, "Invalid KMS key: alias/aws/ses"),
            ),
            (
                {"LambdaAction": {"FunctionArn": ""}},
                (*INVALID, "Lambda function ARN must not be empty"),
            ),
            (
                {"LambdaAction": {"FunctionArn": "mail"}},
                ("InvalidLambdaFunction", 400, "Invalid Lambda function: mail"),
            ),
            (
                {"BounceAction": {**BOUNCE, "SmtpReplyCode": ""}},
                (*INVALID, "Invalid SMTP reply code: "),
            ),
            *(
                (
                    {"BounceAction": {**BOUNCE, "StatusCode": status_code}},
                    (*INVALID, f"Invalid SMTP status code: {status_code}"),
                )
                for status_code in ("", "5", "5.1", "5.1.1.1", "3.1.1", "5.1.1000", "5.1.x")
            ),
            (
                {"BounceAction": {**BOUNCE, "Message": ""}},
                (*INVALID, "Invalid SMTP response message: "),
            ),
            (
                {"BounceAction": BOUNCE},
                (*INVALID, "Identity is not verified: mailer@example.com"),
            ),
        ],
    )
    def test_rejected(self, create, rule_names, action, expected):
        """A rule with an invalid action is rejected."""
        assert expected == error_of(create, "r", action)
        assert [] == rule_names()

    def test_every_sender(self, ses_backend, create):
        """If every sender is verified, a bounce action accepts any sender."""
        ses_backend.verify("*")

        assert {} == create("r", {"BounceAction": BOUNCE})

    def test_empty_action(self, create, describe_rule):
        """An action without a type is not serialized and so is ignored."""
        create("r", {})

        assert [] == describe_rule()["Actions"]

    def test_limit(self, create):
        """A rule with more than ten actions is rejected."""
        create("r", *[HEADER] * 10)

        assert ("LimitExceeded", 400, "Too many actions") == error_of(create, "s", *[HEADER] * 11)

    def test_stop_is_last(self, create):
        """A rule with an action after a stop action is rejected."""
        text = "Stop action, if any, must be placed at the end of the actions list"
        assert (*INVALID, text) == error_of(create, "r", STOP, HEADER)


class TestSetupNotifications:
    @pytest.fixture(name="account")
    def _account(self, ses_backend):
        return ses_backend.account()

    @pytest.mark.parametrize(
        ("prefix", "key"),
        [
            ({}, "AMAZON_SES_SETUP_NOTIFICATION"),
            ({"ObjectKeyPrefix": "in"}, "in/AMAZON_SES_SETUP_NOTIFICATION"),
            ({"ObjectKeyPrefix": "in/"}, "in/AMAZON_SES_SETUP_NOTIFICATION"),
        ],
    )
    def test_bucket(self, account, create, prefix, key):
        """The bucket of a new rule receives a setup notification, under the key prefix."""
        notifications = []
        account.connections.validate_bucket = lambda *arguments: (
            notifications.append(arguments) or True
        )

        create("r", {"S3Action": {"BucketName": "mail", **prefix}})

        ((bucket, object_key, message),) = notifications
        assert ("mail", key) == (bucket, object_key)
        assert b"\r\nSubject: Amazon SES Setup Notification\r\n\r\nHello,\r\n" in message
        assert b"to deliver emails to this S3 bucket." in message

    def test_topic(self, account, create):
        """The topic of a new rule receives a setup notification, with content for SNS actions."""
        published = []
        account.connections.validate_topic = lambda arn, message: (
            published.append((arn, message)) or True
        )

        create(
            "r",
            {"SNSAction": {"TopicArn": TOPIC}},
            {"StopAction": {"Scope": "RuleSet", "TopicArn": TOPIC}},
        )

        assert [TOPIC, TOPIC] == [arn for arn, _ in published]
        first, second = (message for _, message in published)
        assert '"messageId":"AMAZON_SES_SETUP_NOTIFICATION"' in first
        assert '"messageId":"AMAZON_SES_SETUP_NOTIFICATION"' in second
        assert "to deliver emails to this SNS topic." in first
        assert '"content"' not in second

    @pytest.mark.parametrize(
        ("hook", "action", "expected"),
        [
            (
                "validate_bucket",
                {"S3Action": {"BucketName": "mail"}},
                ("InvalidS3Configuration", 400, "No such bucket: mail"),
            ),
            (
                "validate_topic",
                {"SNSAction": {"TopicArn": TOPIC}},
                ("InvalidSnsTopic", 400, f"Could not publish to SNS topic: {TOPIC}"),
            ),
            (
                "has_function",
                {"LambdaAction": {"FunctionArn": FUNCTION}},
                ("InvalidLambdaFunction", 400, f"Could not invoke Lambda function: {FUNCTION}"),
            ),
        ],
    )
    def test_missing(self, account, create, rule_names, hook, action, expected):
        """A rule with a bucket, topic or function that does not exist is rejected."""
        setattr(account.connections, hook, lambda *_: False)

        assert expected == error_of(create, "r", action)
        assert [] == rule_names()
