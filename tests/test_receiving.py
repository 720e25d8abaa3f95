"""Do the rules of an account do what they say to mail that comes in?"""

from __future__ import annotations

import io
import json
import threading
import zipfile
from base64 import b64decode
from email.message import EmailMessage

import boto3
import pytest
from moto import mock_aws

from pytest_ses.clock import Clock
from pytest_ses.domain import receipt_filters, receipt_rules
from pytest_ses.domain.account import Account
from pytest_ses.domain.receipt_actions import (
    S3,
    SNS,
    AddHeader,
    Bounce,
    Connect,
    Lambda,
    Stop,
    Workmail,
)
from pytest_ses.domain.receipt_filters import ReceiptFilter
from pytest_ses.domain.receipt_rules import ReceiptRule
from pytest_ses.publishers import Reach
from pytest_ses.receiving import (
    SNS_LIMIT,
    ReceiveResult,
    TooLargeError,
    greet_bucket,
    is_missing_bucket,
    is_missing_function,
    receive,
)
from pytest_ses.transports.aws import Neighbours, UnansweredError
from pytest_ses.webhooks import Webhook

REGION = "us-east-1"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mail"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
MAIL = b"From: ada@example.org\r\nTo: bob@example.com\r\nSubject: Hello\r\n\r\nHello\r\n"
BOUNCE = Bounce("550", "No.", "mailer@example.com", "5.1.1")
ADDED = AddHeader("X-Seen", "yes")


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(name="account")
def _account():
    account = Account("123456789012", REGION, clock=Clock(), outbox=[])
    account.verify("example.com")
    receipt_rules.create_set(account, "main")
    receipt_rules.activate(account, "main")
    return account


@pytest.fixture(name="reach")
def _reach():
    return Reach(Neighbours(), [])


@pytest.fixture(name="rules")
def _rules(account):
    """Put rules into the active set, each with its actions."""

    def rules(**actions):
        for name in reversed(actions):
            rule = ReceiptRule(name, enabled=True, scan_enabled=True, actions=tuple(actions[name]))
            receipt_rules.create(account, "main", rule)

    return rules


@pytest.fixture(name="come")
def _come(account, reach):
    """Let a mail come in."""
    return lambda mail=MAIL, **words: receive(account, mail, reach=reach, **words)


@pytest.fixture(name="aws")
def _aws():
    """Clients of moto's services, whose functions give back what they get."""
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield lambda service: boto3.client(service, region_name=REGION)


@pytest.fixture(name="bucket")
def _bucket(aws):
    """All that is in the bucket `inbox`, by key."""
    client = aws("s3")
    client.create_bucket(Bucket="inbox")

    def bucket():
        found = client.list_objects_v2(Bucket="inbox").get("Contents", ())
        return {
            one["Key"]: client.get_object(Bucket="inbox", Key=one["Key"])["Body"].read()
            for one in found
        }

    return bucket


@pytest.fixture(name="topic")
def _topic(aws):
    """What the topic `mail` is told, by way of a queue."""
    arn = aws("sns").create_topic(Name="mail")["TopicArn"]
    url = aws("sqs").create_queue(QueueName="mail")["QueueUrl"]
    words = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    queue = aws("sqs").get_queue_attributes(**words)["Attributes"]["QueueArn"]
    aws("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)

    def told():
        found = aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in found.get("Messages", ())]

    return told


@pytest.fixture(name="function")
def _function(aws):
    """Make the function `mail`, and let it say something."""
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("mail.py", "")
    aws("lambda").create_function(
        FunctionName="mail",
        Runtime="python3.12",
        Role=role,
        Handler="mail.handle",
        Code={"ZipFile": code.getvalue()},
    )

    def say(*texts):
        from moto.awslambda_simple.models import lambda_simple_backends

        backend = lambda_simple_backends["123456789012"][REGION]
        backend.lambda_simple_results_queue.extend(texts)

    return say


def took(received):
    """What was done: rule, type, and whether it failed."""
    return [(one.rule, one.type, type(one.error)) for one in received.actions]


NOTHING = type(None)


class TestDoor:
    def test_nothing_to_do(self, account, come):
        """A mail that no rule is about is not kept."""
        received = come()

        assert ReceiveResult(received.message_id, ("bob@example.com",)) == received
        assert {} == account.arrivals

    def test_kept(self, account, rules, come):
        """A mail that a rule is about is kept, for a bounce; a rule may do nothing."""
        rules(a=[])

        received = come()

        assert [received.message_id] == list(account.arrivals)
        assert () == received.actions

    def test_unverified(self, rules, come):
        """Recipients whose domains are not verified get nothing, and are told of."""
        rules(a=[Stop()])

        received = come(recipients=["bob@example.com", "x@example.net"])

        assert ("x@example.net",) == received.unverified
        assert [("bob@example.com",)] == [one.recipients for one in received.actions]

    def test_blocked(self, account, rules, come):
        """Nothing is done with a mail that an IP filter keeps out."""
        rules(a=[Stop()])
        wanted = ReceiptFilter("x", "Block", "192.0.2.0/24")
        receipt_filters.create(account, wanted)

        received = come(source_ip="192.0.2.1")

        assert (wanted, (), {}) == (received.blocked_by, received.actions, account.arrivals)
        assert come(source_ip="198.51.100.1").blocked_by is None

    @pytest.mark.parametrize("kind", [bytes, str, EmailMessage])
    def test_kinds_of_mail(self, account, rules, come, kind):
        """A mail may be bytes, a text, or one of the standard library."""
        rules(a=[Stop()])
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "ada@example.org", "bob@example.com", "Hello"
        mail.set_content("Hello")
        given = {bytes: mail.as_bytes(), str: mail.as_string(), EmailMessage: mail}

        received = come(given[kind])

        arrival = account.arrivals[received.message_id]
        assert ("ada@example.org", mail.as_bytes()) == (arrival.sender, arrival.raw)

    def test_verdicts(self, account, rules, come):
        """A test says what the checks say."""
        rules(a=[Stop(topic_arn=TOPIC)])

        (done,) = come(spam="FAIL", virus="GRAY", spf="GRAY", dkim="FAIL", dmarc="FAIL").actions

        receipt = done.told["receipt"]
        assert {
            "spam": "FAIL",
            "virus": "GRAY",
            "spf": "GRAY",
            "dkim": "FAIL",
            "dmarc": "FAIL",
        } == {
            name: receipt[f"{name}Verdict"]["status"]
            for name in ("spam", "virus", "spf", "dkim", "dmarc")
        }

    def test_lock(self, account, rules, come, bucket):
        """The lock is held while the account is asked or changed, and free for other services."""
        lock = threading.RLock()
        held = []

        class Watched:
            def __enter__(self):
                held.append("in")
                lock.acquire()

            def __exit__(self, *_):
                held.append("out")
                lock.release()

        rules(a=[S3("inbox"), BOUNCE])

        come(lock=Watched())

        assert ["in", "out", "in", "out"] == held
        assert 1 == len(bucket())


class TestS3:
    def test_object(self, rules, come, bucket, topic):
        """A mail is put into the bucket, with the headers of SES, and the topic is told."""
        rules(a=[S3("inbox", "in", topic_arn=TOPIC)])

        received = come()

        key = f"in/{received.message_id}"
        (done,) = received.actions
        assert (f"s3://inbox/{key}", None) == (done.outcome, done.error)
        assert [key] == list(bucket())
        assert bucket()[key].endswith(MAIL)
        assert bucket()[key].startswith(b"Return-Path: <ada@example.org>\r\nReceived: from ")
        (notification,) = topic()
        assert "Amazon SES Email Receipt Notification" == notification["Subject"]
        assert done.told == json.loads(notification["Message"])
        assert key == done.told["receipt"]["action"]["objectKey"]
        assert "content" not in done.told

    def test_no_bucket(self, rules, come, topic):
        """A bucket that is not there is an error of the action, and nobody is told."""
        rules(a=[S3("elsewhere", topic_arn=TOPIC), Stop()])

        received = come()

        first, second = received.actions
        assert "NoSuchBucket" in str(first.error)
        assert (None, None, None) == (first.outcome, first.told, second.error)
        assert [] == topic()

    def test_no_topic(self, rules, come, bucket):
        """A topic that is not there is an error too, but the object is where it was put."""
        rules(a=[S3("inbox", topic_arn=TOPIC)])

        received = come()

        (done,) = received.actions
        assert "NotFound" in str(done.error)
        assert f"s3://inbox/{received.message_id}" == done.outcome
        assert "Received" == done.told["notificationType"]

    def test_unanswered(self, rules, come):
        """Nothing goes to AWS."""
        rules(a=[S3("inbox")])

        assert [("a", "S3", UnansweredError)] == took(come())

    def test_set_up(self, account, reach, bucket):
        """A bucket can be greeted, and asked for."""
        assert not is_missing_bucket(account, "inbox", reach)
        assert is_missing_bucket(account, "elsewhere", reach)

        greet_bucket(account, "inbox", "key", b"Hello", reach)

        assert {"key": b"Hello"} == bucket()

    def test_nobody_knows(self, account, reach):
        """Where nothing answers, nothing is known to be missing."""
        assert not is_missing_bucket(account, "inbox", reach)
        assert not is_missing_function(FUNCTION, reach)


class TestSNS:
    @pytest.mark.parametrize("encoding", ["UTF-8", "Base64"])
    def test_content(self, rules, come, topic, encoding):
        """A topic gets the mail itself, in an encoding."""
        rules(a=[SNS(TOPIC, encoding)])

        (done,) = come().actions

        (notification,) = topic()
        told = json.loads(notification["Message"])
        content = told["content"]
        raw = b64decode(content) if encoding == "Base64" else content.encode()
        assert raw.endswith(MAIL)
        assert (told, None) == (done.told, done.error)

    def test_webhook(self, rules, come, reach):
        """A webhook of the test that listens to the topic hears of it."""
        heard = []
        webhook = Webhook.__new__(Webhook)
        webhook.topic_arn = TOPIC
        webhook.publish = lambda message, subject: heard.append((json.loads(message), subject))
        reach.webhooks.append(webhook)
        rules(a=[SNS(TOPIC)])

        (done,) = come().actions

        assert [(done.told, "Amazon SES Email Receipt Notification")] == heard
        assert done.error is None

    def test_unanswered(self, rules, come):
        """What would be told is there to be looked at, even if nobody hears it."""
        rules(a=[SNS(TOPIC)])

        (done,) = come().actions

        assert isinstance(done.error, UnansweredError)
        assert done.told["content"].endswith(MAIL.decode())

    def test_too_large(self, rules, come, topic):
        """A topic takes 150 kilobytes of mail."""
        rules(a=[SNS(TOPIC)])

        (done,) = come(MAIL + b"x" * SNS_LIMIT).actions

        assert isinstance(done.error, TooLargeError)
        assert "the SNS action takes 153600 at most" in str(done.error)
        assert done.told is None
        assert [] == topic()


class TestLambda:
    def test_unanswered(self, rules, come):
        """A function that nobody answers for is no error: what it would get is recorded."""
        rules(a=[Lambda(FUNCTION, "RequestResponse"), Stop()])

        first, second = come().actions

        assert (None, None) == (first.outcome, first.error)
        (record,) = first.event["Records"]
        assert "Hello" == record["ses"]["mail"]["commonHeaders"]["subject"]
        assert FUNCTION == record["ses"]["receipt"]["action"]["functionArn"]
        assert "Stop" == second.type

    def test_event(self, rules, come, function, topic):
        """A function that is invoked as an event decides nothing; the topic is told."""
        function('{"disposition": "STOP_RULE_SET"}')
        rules(a=[Lambda(FUNCTION, topic_arn=TOPIC), Stop()])

        received = come()

        assert [("a", "Lambda", NOTHING), ("a", "Stop", NOTHING)] == took(received)
        assert ("CONTINUE", 1) == (received.actions[0].outcome, len(topic()))

    @pytest.mark.parametrize(
        ("said", "outcome", "expected"),
        [
            ('{"disposition": "CONTINUE"}', "CONTINUE", ["Lambda", "AddHeader", "WorkMail"]),
            ('{"disposition": "STOP_RULE"}', "STOP_RULE", ["Lambda", "WorkMail"]),
            ('{"disposition": "stop_rule"}', "STOP_RULE", ["Lambda", "WorkMail"]),
            ('{"disposition": "STOP_RULE_SET"}', "STOP_RULE_SET", ["Lambda"]),
            ('{"disposition": "MAYBE"}', "CONTINUE", ["Lambda", "AddHeader", "WorkMail"]),
            ("{}", "CONTINUE", ["Lambda", "AddHeader", "WorkMail"]),
            ("[]", "CONTINUE", ["Lambda", "AddHeader", "WorkMail"]),
            ("what?", "CONTINUE", ["Lambda", "AddHeader", "WorkMail"]),
        ],
    )
    def test_disposition(self, rules, come, function, said, outcome, expected):
        """A function that is asked decides what happens next."""
        function(said)
        rules(a=[Lambda(FUNCTION, "RequestResponse"), ADDED], b=[Workmail("arn:x")])

        received = come()

        assert expected == [one.type for one in received.actions]
        assert outcome == received.actions[0].outcome

    def test_missing(self, rules, come):
        """A function that is not there is an error of the action, with what it would get."""
        rules(a=[Lambda(FUNCTION)])

        with mock_aws():
            (done,) = come().actions

        assert "ResourceNotFoundException" in str(done.error)
        assert done.event is not None

    def test_failing(self, monkeypatch, rules, come, function):
        """So is a function that fails, whatever it says."""
        from moto.awslambda_simple.models import LambdaSimpleBackend

        def invoke(self, function_name, qualifier, body, headers, response_headers):
            response_headers["x-amz-function-error"] = "Unhandled"
            return b'{"disposition": "STOP_RULE_SET"}'

        monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
        rules(a=[Lambda(FUNCTION, "RequestResponse"), Stop()])

        first, _ = come().actions

        assert 'the function failed: {"disposition": "STOP_RULE_SET"}' == str(first.error)

    def test_set_up(self, reach, function):
        """A function can be asked for."""
        assert not is_missing_function(FUNCTION, reach)
        assert is_missing_function(FUNCTION + "s", reach)


class TestOthers:
    def test_bounce(self, account, rules, come):
        """A bounce goes to the outbox, and the rules go on."""
        account.verify("mailer@example.com")
        rules(a=[BOUNCE, Stop()])

        first, _ = come().actions

        (message,) = account.outbox
        assert (message.message_id, ["ada@example.org"]) == (first.outcome, message.recipients)
        assert "SMTP Reply Code = 550, SMTP Status Code = 5.1.1" in message.text

    def test_bounce_refused(self, account, rules, come):
        """A bounce that SES does not send is an error of the action."""
        rules(a=[BOUNCE])

        (done,) = come(sender="").actions

        assert "has no sender to return it to" in str(done.error)
        assert [] == account.outbox

    def test_header(self, rules, come, bucket):
        """A header is in what later actions get, those of later rules too."""
        rules(a=[S3("inbox", "1"), ADDED, S3("inbox", "2")], b=[S3("inbox", "3")])

        come()

        found = {key[0]: b"\r\nX-Seen: yes\r\nFrom: " in raw for key, raw in bucket().items()}
        assert {"1": False, "2": True, "3": True} == found

    def test_stop(self, rules, come):
        """A stop ends the rule set."""
        rules(a=[ADDED, Stop()], b=[ADDED])

        assert [("a", "AddHeader", NOTHING), ("a", "Stop", NOTHING)] == took(come())

    def test_recorded(self, rules, come):
        """What has no fake is in the result, with its settings."""
        actions = [Workmail("arn:x"), Connect("arn:c", "arn:r")]
        rules(a=actions)

        received = come()

        assert [("a", "WorkMail", NOTHING), ("a", "Connect", NOTHING)] == took(received)
        assert actions == [one.action for one in received.actions]
