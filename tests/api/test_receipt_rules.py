"""Receipt rule sets and their rules through API v1."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import answer, refusal

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


def broken(*violations):
    """The refusal of names that SES's own model does not allow: (place, words) each."""
    found = [
        f"Value at '{place}' failed to satisfy constraint: {words}" for place, words in violations
    ]
    plural = "s" if len(found) > 1 else ""
    text = f"{len(found)} validation error{plural} detected: {'; '.join(found)}"
    return ("ValidationError", 400, text)


@pytest.fixture(name="client")
def _client(ses_client):
    """A client of an account with the empty rule set `main`."""
    ses_client.create_receipt_rule_set(RuleSetName="main")
    return ses_client


@pytest.fixture(name="create")
def _create(client):
    """Create a rule of the set `main`."""

    def create(name="r", *actions, after=None, rule_set="main", **more):
        words = {} if after is None else {"After": after}
        rule = {"Name": name, "Actions": list(actions), **more}
        return answer(client.create_receipt_rule(RuleSetName=rule_set, Rule=rule, **words))

    return create


@pytest.fixture(name="shown")
def _shown(client):
    """All that a rule of the set `main` says."""
    return lambda name="r": client.describe_receipt_rule(RuleSetName="main", RuleName=name)["Rule"]


@pytest.fixture(name="order")
def _order(client):
    """The names of the rules of a set, in order."""

    def order(name="main"):
        found = client.describe_receipt_rule_set(RuleSetName=name)
        return [rule["Name"] for rule in found["Rules"]]

    return order


class TestSets:
    def test_create_and_describe(self, ses_backend, client):
        """A new rule set is empty, and knows when it was made."""
        found = answer(client.describe_receipt_rule_set(RuleSetName="main"))

        age = ses_backend.clock.now() - found["Metadata"].pop("CreatedTimestamp")
        assert timedelta(0) <= age < timedelta(minutes=1)
        assert {"Metadata": {"Name": "main"}, "Rules": []} == found

    def test_duplicate(self, client):
        """A name is taken once."""
        assert ("AlreadyExists", 400, "Rule set already exists: main") == refusal(
            client.create_receipt_rule_set, RuleSetName="main"
        )

    def test_list(self, client):
        """Rule sets are listed by name."""
        client.create_receipt_rule_set(RuleSetName="a.b")

        found = answer(client.list_receipt_rule_sets())

        assert ["RuleSets"] == list(found)
        assert ["a.b", "main"] == [one["Name"] for one in found["RuleSets"]]

    def test_bad_token(self, client):
        """A token that SES did not give out is refused."""
        assert (*INVALID, "Invalid token: nope") == refusal(
            client.list_receipt_rule_sets, NextToken="nope"
        )

    def test_full(self, client):
        """An account has forty rule sets at most."""
        for number in range(39):
            client.create_receipt_rule_set(RuleSetName=f"s{number}")

        assert (
            "LimitExceeded",
            400,
            "The limit of 40 receipt rule sets is reached.",
        ) == refusal(client.create_receipt_rule_set, RuleSetName="more")

    def test_delete(self, client):
        """A rule set that is deleted is gone, and can be deleted again."""
        for _ in range(2):
            assert {} == answer(client.delete_receipt_rule_set(RuleSetName="main"))

        assert [] == client.list_receipt_rule_sets()["RuleSets"]

    def test_active(self, client, create):
        """One rule set is active, until another one or none is."""
        create()
        client.create_receipt_rule_set(RuleSetName="other")
        client.set_active_receipt_rule_set(RuleSetName="other")

        assert {} == answer(client.set_active_receipt_rule_set(RuleSetName="main"))

        assert answer(client.describe_receipt_rule_set(RuleSetName="main")) == answer(
            client.describe_active_receipt_rule_set()
        )
        assert {} == answer(client.delete_receipt_rule_set(RuleSetName="other"))

    def test_none_active(self, client):
        """Without an active rule set nothing is described; no name deactivates."""
        assert {} == answer(client.describe_active_receipt_rule_set())
        client.set_active_receipt_rule_set(RuleSetName="main")
        client.set_active_receipt_rule_set()

        assert {} == answer(client.describe_active_receipt_rule_set())

    def test_active_stays(self, client):
        """The active rule set cannot be deleted."""
        client.set_active_receipt_rule_set(RuleSetName="main")

        assert ("CannotDelete", 400, "Cannot delete active rule set: main") == refusal(
            client.delete_receipt_rule_set, RuleSetName="main"
        )

    def test_clone(self, client, create, order):
        """A clone has the rules of the original, goes its own way, and is not active."""
        create("a", HEADER)
        create("b")
        client.set_active_receipt_rule_set(RuleSetName="main")

        assert {} == answer(
            client.clone_receipt_rule_set(RuleSetName="copy", OriginalRuleSetName="main")
        )
        client.delete_receipt_rule(RuleSetName="main", RuleName="a")

        assert (["b", "a"], ["b"]) == (order("copy"), order())
        assert "main" == client.describe_active_receipt_rule_set()["Metadata"]["Name"]

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (("copy", "gone"), NO_SET),
            (("main", "gone"), ("AlreadyExists", 400, "Rule set already exists: main")),
            (
                ("c c", "d d"),
                broken(("originalRuleSetName", PATTERN), ("ruleSetName", PATTERN)),
            ),
            (("-c", "-d"), (*INVALID, "Not a valid ruleSetName: -c")),
            (("c", "-d"), (*INVALID, "Not a valid ruleSetName: -d")),
        ],
    )
    def test_clone_refused(self, client, names, expected):
        """The name that is there is told before the original that is not."""
        new, original = names
        assert expected == refusal(
            client.clone_receipt_rule_set, RuleSetName=new, OriginalRuleSetName=original
        )

    @pytest.mark.parametrize(
        "operation",
        ["describe_receipt_rule_set", "set_active_receipt_rule_set"],
    )
    def test_missing(self, client, operation):
        """A rule set that is not there is missed."""
        assert NO_SET == refusal(getattr(client, operation), RuleSetName="gone")

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
            ("a b", broken(("ruleSetName", PATTERN))),
            ("", broken(("ruleSetName", LENGTH), ("ruleSetName", PATTERN))),
            ("-a", (*INVALID, "Not a valid ruleSetName: -a")),
            ("a.", (*INVALID, "Not a valid ruleSetName: a.")),
            ("a" * 65, (*INVALID, f"Not a valid ruleSetName: {'a' * 65}")),
        ],
    )
    def test_bad_name(self, client, operation, name, expected):
        """A name has up to 64 plain characters, with a letter or digit at both ends."""
        assert expected == refusal(getattr(client, operation), RuleSetName=name)


class TestReorder:
    @pytest.fixture(autouse=True)
    def three(self, create):
        """Three rules."""
        for name in "cba":
            create(name)

    def test_reorder(self, client, order):
        """Rules get the order that is asked for."""
        assert {} == answer(
            client.reorder_receipt_rule_set(RuleSetName="main", RuleNames=["c", "a", "b"])
        )
        assert ["c", "a", "b"] == order()

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["x", "x"], (*INVALID, "Multiple positions found for rule: x")),
            (["c", "gone"], (*INVALID, "Positions for rules not found: a, b")),
            ([], (*INVALID, "Positions for rules not found: a, b, c")),
            (["a", "b", "c", "gone", "too"], NO_RULE),
        ],
    )
    def test_refused(self, client, order, names, expected):
        """Every rule has exactly one place; a refusal changes nothing."""
        assert expected == refusal(
            client.reorder_receipt_rule_set, RuleSetName="main", RuleNames=names
        )
        assert ["a", "b", "c"] == order()

    @pytest.mark.parametrize("name", ["", "a b", "a" * 101])
    def test_bad_names(self, client, name):
        """Names are looked at before the rule set, with a length of their own."""
        words = (
            "Member must satisfy constraint: [Member must have length less than or equal to 100, "
            f"{LENGTH}, {PATTERN}]"
        )
        assert broken(("ruleNames", words)) == refusal(
            client.reorder_receipt_rule_set, RuleSetName="gone", RuleNames=[name]
        )

    def test_missing_set(self, client):
        """A rule set that is not there is missed."""
        assert NO_SET == refusal(
            client.reorder_receipt_rule_set, RuleSetName="gone", RuleNames=["a"]
        )


class TestRules:
    def test_defaults(self, create, shown):
        """A rule that says nothing is off, wants no TLS and no scan, and shows no recipients."""
        assert {} == create()

        assert {
            "Name": "r",
            "Enabled": False,
            "TlsPolicy": "Optional",
            "Actions": [],
            "ScanEnabled": False,
        } == shown()

    def test_everything(self, ses_backend, create, shown):
        """A rule shows all that it was given, with recipients in order and in lower case."""
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
        } == shown()

    def test_encoding(self, create, shown):
        """An SNS action that names no encoding shows the default."""
        create("r", {"SNSAction": {"TopicArn": TOPIC}})

        assert [{"SNSAction": {"TopicArn": TOPIC, "Encoding": "UTF-8"}}] == shown()["Actions"]

    def test_order(self, create, order):
        """A rule goes to the beginning, or behind the one that is named."""
        create("a")
        create("b")
        create("c", after="b")

        assert ["b", "c", "a"] == order()

    def test_update(self, client, create, shown, order):
        """An update replaces all that a rule says, and keeps its place."""
        create("a", HEADER, Recipients=["example.com"])
        create("b")

        assert {} == answer(
            client.update_receipt_rule(RuleSetName="main", Rule={"Name": "a", "Enabled": True})
        )

        assert ["b", "a"] == order()
        assert {
            "Name": "a",
            "Enabled": True,
            "TlsPolicy": "Optional",
            "Actions": [],
            "ScanEnabled": False,
        } == shown("a")

    def test_delete(self, client, create, order):
        """A rule that is deleted is gone, and can be deleted again."""
        create()
        for _ in range(2):
            assert {} == answer(client.delete_receipt_rule(RuleSetName="main", RuleName="r"))

        assert [] == order()

    @pytest.mark.parametrize(
        ("name", "after", "expected"),
        [
            ("c", None, ["c", "a", "b"]),
            ("a", "c", ["b", "c", "a"]),
            ("b", "b", ["a", "b", "c"]),
        ],
    )
    def test_position(self, client, create, order, name, after, expected):
        """A rule moves to the beginning or behind another one; behind itself it stays."""
        for one in "cba":
            create(one)
        words = {"After": after} if after else {}

        assert {} == answer(
            client.set_receipt_rule_position(RuleSetName="main", RuleName=name, **words)
        )

        assert expected == order()

    def test_duplicate(self, create):
        """A name is taken once in a set; that is told before a missing `After`."""
        create()

        assert ("AlreadyExists", 400, "Rule already exists: r") == refusal(create, after="gone")

    def test_full(self, ses_backend, client, create):
        """A set has two hundred rules at most."""
        rules = ses_backend.account().receipt_rule_sets["main"].rules
        create()
        rules.extend(rules[0]._replace(name=f"r{number}") for number in range(199))

        assert ("LimitExceeded", 400, "Too many rules") == refusal(create, "more")

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
        """A rule that is not there is missed, and its set before it."""
        create()
        ask = getattr(client, operation)

        assert NO_RULE == refusal(ask, RuleSetName="main", **params)
        assert NO_SET == refusal(ask, RuleSetName="gone", **params)

    def test_delete_in_a_missing_set(self, client):
        """The set of a rule has to be there, even to delete what is not."""
        assert NO_SET == refusal(client.delete_receipt_rule, RuleSetName="gone", RuleName="r")

    @pytest.mark.parametrize(
        ("operation", "where", "place"),
        [
            ("create_receipt_rule", lambda name: {"Rule": {"Name": name}}, "rule.name"),
            ("update_receipt_rule", lambda name: {"Rule": {"Name": name}}, "rule.name"),
            ("describe_receipt_rule", lambda name: {"RuleName": name}, "ruleName"),
            ("delete_receipt_rule", lambda name: {"RuleName": name}, "ruleName"),
            ("set_receipt_rule_position", lambda name: {"RuleName": name}, "ruleName"),
        ],
    )
    def test_bad_name(self, client, operation, where, place):
        """Names are looked at before the rule set: characters, then length and ends."""

        def refused(name):
            return refusal(getattr(client, operation), RuleSetName="gone", **where(name))

        assert broken((place, PATTERN)) == refused("a b")
        assert broken((place, LENGTH), (place, PATTERN)) == refused("")
        assert (*INVALID, "Not a valid ruleName: -a") == refused("-a")
        assert (*INVALID, f"Not a valid ruleName: {'a' * 65}") == refused("a" * 65)

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
    def test_bad_set_name(self, client, operation, params):
        """The name of the set is looked at too."""
        assert (*INVALID, "Not a valid ruleSetName: -a") == refusal(
            getattr(client, operation), RuleSetName="-a", **params
        )

    @pytest.mark.parametrize("after", ["", "a b"])
    def test_bad_after(self, client, create, after):
        """So is the rule that another one is put behind."""
        words = [LENGTH, PATTERN] if after == "" else [PATTERN]
        expected = broken(*(("after", word) for word in words))
        create()

        assert expected == refusal(create, "new", after=after)
        assert expected == refusal(
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
    def test_bad_recipient(self, create, order, recipient):
        """A recipient is an address, a domain, or a domain after a dot."""
        assert (*INVALID, f"Invalid recipient: {recipient}") == refusal(
            create, Recipients=["a@example.com", recipient]
        )
        assert [] == order()

    def test_unknown_words(self, create):
        """What the model does not know is told in SES's order of words."""
        words = "Member must satisfy enum value set: [{}]"
        assert broken(("rule.tlsPolicy", words.format("Optional, Require"))) == refusal(
            create, TlsPolicy="Maybe"
        )
        place = "rule.actions.1.member.{}"
        assert broken(
            (place.format("sNSAction.encoding"), words.format("Base64, UTF-8"))
        ) == refusal(create, "r", {"SNSAction": {"TopicArn": TOPIC, "Encoding": "Maybe"}})
        assert broken(
            (
                place.format("lambdaAction.invocationType"),
                words.format("RequestResponse, Event"),
            )
        ) == refusal(create, "r", {"LambdaAction": {"FunctionArn": "f", "InvocationType": "x"}})


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
                {"S3Action": {"BucketName": ""}},
                (*INVALID, "Bucket name must not be empty"),
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
    def test_refused(self, create, order, action, expected):
        """What one action says wrong refuses the rule."""
        assert expected == refusal(create, "r", action)
        assert [] == order()

    def test_every_sender(self, ses_backend, create):
        """Where every sender is accepted, a bounce may come from any."""
        ses_backend.verify("*")

        assert {} == create("r", {"BounceAction": BOUNCE})

    def test_nothing(self, create, shown):
        """An action without a type is nothing on the wire."""
        create("r", {})

        assert [] == shown()["Actions"]

    def test_too_many(self, create):
        """A rule has ten actions at most."""
        create("r", *[HEADER] * 10)

        assert ("LimitExceeded", 400, "Too many actions") == refusal(create, "s", *[HEADER] * 11)

    def test_stop_is_last(self, create):
        """Nothing follows a stop."""
        text = "Stop action, if any, must be placed at the end of the actions list"
        assert (*INVALID, text) == refusal(create, "r", STOP, HEADER)


class TestGreetings:
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
        """A bucket gets the mail of the set-up, in the folder of the prefix."""
        greeted = []
        account.greet_bucket = lambda *words: greeted.append(words) or True

        create("r", {"S3Action": {"BucketName": "mail", **prefix}})

        ((bucket, where, mail),) = greeted
        assert ("mail", key) == (bucket, where)
        assert b"\r\nSubject: Amazon SES Setup Notification\r\n\r\nHello,\r\n" in mail
        assert b"to deliver emails to this S3 bucket." in mail

    def test_topic(self, account, create):
        """A topic gets a notification of the set-up, with a mail if mail is what it is to get."""
        told = []
        account.greet_topic = lambda arn, message: told.append((arn, message)) or True

        create(
            "r",
            {"SNSAction": {"TopicArn": TOPIC}},
            {"StopAction": {"Scope": "RuleSet", "TopicArn": TOPIC}},
        )

        assert [TOPIC, TOPIC] == [arn for arn, _ in told]
        first, second = (message for _, message in told)
        assert '"messageId":"AMAZON_SES_SETUP_NOTIFICATION"' in first
        assert '"messageId":"AMAZON_SES_SETUP_NOTIFICATION"' in second
        assert "to deliver emails to this SNS topic." in first
        assert '"content"' not in second

    @pytest.mark.parametrize(
        ("hook", "action", "expected"),
        [
            (
                "greet_bucket",
                {"S3Action": {"BucketName": "mail"}},
                ("InvalidS3Configuration", 400, "No such bucket: mail"),
            ),
            (
                "greet_topic",
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
    def test_missing(self, account, create, order, hook, action, expected):
        """A place that is known not to be there refuses the rule."""
        setattr(account, hook, lambda *_: False)

        assert expected == refusal(create, "r", action)
        assert [] == order()
