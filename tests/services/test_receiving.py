"""Execution of the actions of receipt rules for received messages."""

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
from pytest_ses.domain.account import Account
from pytest_ses.domain.receiving import arrivals, receipt_filters, receipt_rules
from pytest_ses.domain.receiving.arrivals import ALL_PASS, Envelope, ScanVerdicts
from pytest_ses.domain.receiving.receipt_actions import (
    AddHeaderAction,
    BounceAction,
    ConnectAction,
    LambdaAction,
    S3Action,
    SnsAction,
    StopAction,
    WorkmailAction,
)
from pytest_ses.domain.receiving.receipt_filters import ReceiptFilter
from pytest_ses.domain.receiving.receipt_rules import ReceiptRule
from pytest_ses.services.clients import ServiceClients, UnavailableServiceError
from pytest_ses.services.publishers import Services
from pytest_ses.services.receiving import (
    SNS_LIMIT,
    ReceiveResult,
    TooLargeError,
    is_missing_bucket,
    is_missing_function,
    receive,
    write_setup_notification,
)
from pytest_ses.webhooks import Webhook

REGION = "us-east-1"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:mail"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
MESSAGE = b"From: ada@example.org\r\nTo: bob@example.com\r\nSubject: Hello\r\n\r\nHello\r\n"
BOUNCE = BounceAction("550", "No.", "mailer@example.com", "5.1.1")
ADDED = AddHeaderAction("X-Seen", "yes")


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(name="account")
def _account():
    account = Account("123456789012", REGION, clock=Clock())
    account.verify("example.com")
    receipt_rules.create_set(account, "main")
    receipt_rules.activate(account, "main")
    return account


@pytest.fixture(name="services")
def _services():
    return Services(ServiceClients(), [])


@pytest.fixture(name="rules")
def _rules(account):
    """A function that adds rules with the given actions to the active rule set."""

    def create_rules(**actions):
        for name in reversed(actions):
            rule = ReceiptRule(name, enabled=True, scan_enabled=True, actions=tuple(actions[name]))
            receipt_rules.create(account, "main", rule)

    return create_rules


@pytest.fixture(name="receive_message")
def _receive_message(account, services):
    """A function that receives a message."""

    def receive_message(raw=MESSAGE, *, verdicts=ALL_PASS, lock=None, **envelope):
        return receive(account, raw, Envelope(**envelope), verdicts, services=services, lock=lock)

    return receive_message


@pytest.fixture(name="aws")
def _aws():
    """A factory for clients of moto's services, with functions that return their event."""
    with mock_aws(config={"lambda": {"use_docker": False}}):
        yield lambda service: boto3.client(service, region_name=REGION)


@pytest.fixture(name="bucket")
def _bucket(aws):
    """A function that returns the contents of the bucket `inbox` by key."""
    client = aws("s3")
    client.create_bucket(Bucket="inbox")

    def read_objects():
        entries = client.list_objects_v2(Bucket="inbox").get("Contents", ())
        return {
            entry["Key"]: client.get_object(Bucket="inbox", Key=entry["Key"])["Body"].read()
            for entry in entries
        }

    return read_objects


@pytest.fixture(name="topic")
def _topic(aws):
    """A function that returns the messages published to the topic `mail`."""
    arn = aws("sns").create_topic(Name="mail")["TopicArn"]
    url = aws("sqs").create_queue(QueueName="mail")["QueueUrl"]
    params = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    queue = aws("sqs").get_queue_attributes(**params)["Attributes"]["QueueArn"]
    aws("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)

    def receive_messages():
        response = aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in response.get("Messages", ())]

    return receive_messages


@pytest.fixture(name="function")
def _function(aws, monkeypatch):
    """Create the function `mail`; return a function that sets its result."""
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

    def set_result(text):
        from moto.awslambda_simple.models import LambdaSimpleBackend

        monkeypatch.setattr(LambdaSimpleBackend, "invoke", lambda *_, **__: text.encode())

    return set_result


def outcomes(received):
    """The rule, type and error class of each action."""
    return [(action.rule, action.type, type(action.error)) for action in received.actions]


NO_ERROR = type(None)


class TestReceive:
    def test_no_matching_rule(self, account, receive_message):
        """A message that no rule matches is not kept."""
        received = receive_message()

        assert ReceiveResult(received.message_id, ("bob@example.com",)) == received
        assert {} == account.arrivals

    def test_kept(self, account, rules, receive_message):
        """A message that a rule matches is kept for a bounce, even if the rule has no actions."""
        rules(a=[])

        received = receive_message()

        assert [received.message_id] == list(account.arrivals)
        assert () == received.actions

    def test_unverified(self, rules, receive_message):
        """Recipients in unverified domains are skipped and listed in the result."""
        rules(a=[StopAction()])

        received = receive_message(recipients=["bob@example.com", "x@example.net"])

        assert ("x@example.net",) == received.unverified
        assert [("bob@example.com",)] == [action.recipients for action in received.actions]

    def test_blocked(self, account, rules, receive_message):
        """No action runs for a message that an IP filter blocks."""
        rules(a=[StopAction()])
        receipt_filter = ReceiptFilter("x", "Block", "192.0.2.0/24")
        receipt_filters.create(account, receipt_filter)

        received = receive_message(source_ip="192.0.2.1")

        assert (receipt_filter, (), {}) == (received.blocked_by, received.actions, account.arrivals)
        assert receive_message(source_ip="198.51.100.1").blocked_by is None

    @pytest.mark.parametrize("type_", [bytes, str, EmailMessage])
    def test_types_of_message(self, account, rules, receive_message, type_):
        """A message can be bytes, a string, or an `EmailMessage` of the standard library."""
        rules(a=[StopAction()])
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            "ada@example.org",
            "bob@example.com",
            "Hello",
        )
        message.set_content("Hello")
        messages = {bytes: message.as_bytes(), str: message.as_string(), EmailMessage: message}

        received = receive_message(messages[type_])

        arrival = account.arrivals[received.message_id]
        assert ("ada@example.org", message.as_bytes()) == (arrival.sender, arrival.raw)

    def test_unknown_type_of_message(self, account, services):
        """A message of another type is an error that lists the types."""
        with pytest.raises(TypeError, match="mime=5 is invalid; expected bytes, a string or an"):
            receive(account, 5, services=services)

    def test_headers_are_parsed_once(self, monkeypatch, rules, receive_message):
        """The headers of a message are parsed once, however many actions describe it."""
        parsed = []
        fields = arrivals.mime.fields
        monkeypatch.setattr(arrivals.mime, "fields", lambda raw: parsed.append(raw) or fields(raw))
        rules(
            a=[AddHeaderAction("X-A", "a"), SnsAction(TOPIC)],
            b=[AddHeaderAction("X-B", "b"), SnsAction(TOPIC), SnsAction(TOPIC)],
        )

        assert 5 == len(receive_message().actions)
        assert [MESSAGE] == parsed

    def test_verdicts(self, account, rules, receive_message):
        """The verdicts given by the test are in the notification."""
        rules(a=[StopAction(topic_arn=TOPIC)])

        verdicts = ScanVerdicts(spam="FAIL", virus="GRAY", spf="GRAY", dkim="FAIL", dmarc="FAIL")

        (action,) = receive_message(verdicts=verdicts).actions

        receipt = action.told["receipt"]
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

    def test_lock(self, account, rules, receive_message, bucket):
        """The lock is held while the account is used, and released while services are called."""
        lock = threading.RLock()
        transitions = []

        class RecordingLock:
            def __enter__(self):
                transitions.append("in")
                lock.acquire()

            def __exit__(self, *_):
                transitions.append("out")
                lock.release()

        rules(a=[S3Action("inbox"), BOUNCE])

        receive_message(lock=RecordingLock())

        assert ["in", "out", "in", "out"] == transitions
        assert 1 == len(bucket())


class TestS3:
    def test_object(self, rules, receive_message, bucket, topic):
        """The message is stored with the headers of SES, and the topic is notified."""
        rules(a=[S3Action("inbox", "in", topic_arn=TOPIC)])

        received = receive_message()

        key = f"in/{received.message_id}"
        (action,) = received.actions
        assert (f"s3://inbox/{key}", None) == (action.outcome, action.error)
        assert [key] == list(bucket())
        assert bucket()[key].endswith(MESSAGE)
        assert bucket()[key].startswith(b"Return-Path: <ada@example.org>\r\nReceived: from ")
        (notification,) = topic()
        assert "Amazon SES Email Receipt Notification" == notification["Subject"]
        assert action.told == json.loads(notification["Message"])
        assert key == action.told["receipt"]["action"]["objectKey"]
        assert "content" not in action.told

    def test_no_bucket(self, rules, receive_message, topic):
        """If the bucket does not exist, the action has an error, and the topic is not notified."""
        rules(a=[S3Action("elsewhere", topic_arn=TOPIC), StopAction()])

        received = receive_message()

        first, second = received.actions
        assert "NoSuchBucket" in str(first.error)
        assert (None, None, None) == (first.outcome, first.told, second.error)
        assert [] == topic()

    def test_no_topic(self, rules, receive_message, bucket):
        """If the topic does not exist, the action has an error, but the object is stored."""
        rules(a=[S3Action("inbox", topic_arn=TOPIC)])

        received = receive_message()

        (action,) = received.actions
        assert "NotFound" in str(action.error)
        assert f"s3://inbox/{received.message_id}" == action.outcome
        assert "Received" == action.told["notificationType"]

    def test_no_service(self, rules, receive_message):
        """Without a fake of S3, the action has an error, and nothing is sent to AWS."""
        rules(a=[S3Action("inbox")])

        assert [("a", "S3", UnavailableServiceError)] == outcomes(receive_message())

    def test_set_up(self, account, services, bucket):
        """A missing bucket is reported, and a setup message can be stored in an existing one."""
        assert not is_missing_bucket(account, "inbox", services)
        assert is_missing_bucket(account, "elsewhere", services)

        write_setup_notification(account, "inbox", "key", b"Hello", services)

        assert {"key": b"Hello"} == bucket()

    def test_missing_without_services(self, account, services):
        """Without fakes of S3 and Lambda, nothing is reported as missing."""
        assert not is_missing_bucket(account, "inbox", services)
        assert not is_missing_function(FUNCTION, services)


class TestSNS:
    @pytest.mark.parametrize("encoding", ["UTF-8", "Base64"])
    def test_content(self, rules, receive_message, topic, encoding):
        """The topic receives the message itself, in the encoding of the action."""
        rules(a=[SnsAction(TOPIC, encoding)])

        (action,) = receive_message().actions

        (notification,) = topic()
        document = json.loads(notification["Message"])
        content = document["content"]
        raw = b64decode(content) if encoding == "Base64" else content.encode()
        assert raw.endswith(MESSAGE)
        assert (document, None) == (action.told, action.error)

    def test_webhook(self, rules, receive_message, services):
        """A webhook for the topic receives the notification."""
        published = []
        webhook = Webhook.__new__(Webhook)
        webhook.topic_arn = TOPIC
        webhook.publish = lambda message, subject: published.append((json.loads(message), subject))
        services.webhooks.append(webhook)
        rules(a=[SnsAction(TOPIC)])

        (action,) = receive_message().actions

        assert [(action.told, "Amazon SES Email Receipt Notification")] == published
        assert action.error is None

    def test_no_service(self, rules, receive_message):
        """Without a fake of SNS, the action has an error, and still holds the notification."""
        rules(a=[SnsAction(TOPIC)])

        (action,) = receive_message().actions

        assert isinstance(action.error, UnavailableServiceError)
        assert action.told["content"].endswith(MESSAGE.decode())

    def test_too_large(self, rules, receive_message, topic):
        """The SNS action accepts at most 150 kilobytes."""
        rules(a=[SnsAction(TOPIC)])

        (action,) = receive_message(MESSAGE + b"x" * SNS_LIMIT).actions

        assert isinstance(action.error, TooLargeError)
        assert "the SNS action accepts at most 153600" in str(action.error)
        assert action.told is None
        assert [] == topic()


class TestLambda:
    def test_no_service(self, rules, receive_message):
        """Without a fake of Lambda, the event is recorded, and the action has no error."""
        rules(a=[LambdaAction(FUNCTION, "RequestResponse"), StopAction()])

        first, second = receive_message().actions

        assert (None, None) == (first.outcome, first.error)
        (record,) = first.event["Records"]
        assert "Hello" == record["ses"]["mail"]["commonHeaders"]["subject"]
        assert FUNCTION == record["ses"]["receipt"]["action"]["functionArn"]
        assert "Stop" == second.type

    def test_event(self, rules, receive_message, function, topic):
        """The result of a function invoked as an event is ignored, and the topic is notified."""
        function('{"disposition": "STOP_RULE_SET"}')
        rules(a=[LambdaAction(FUNCTION, topic_arn=TOPIC), StopAction()])

        received = receive_message()

        assert [("a", "Lambda", NO_ERROR), ("a", "Stop", NO_ERROR)] == outcomes(received)
        assert ("CONTINUE", 1) == (received.actions[0].outcome, len(topic()))

    @pytest.mark.parametrize(
        ("result", "outcome", "expected"),
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
    def test_disposition(self, rules, receive_message, function, result, outcome, expected):
        """The disposition that a function returns decides which actions follow."""
        function(result)
        rules(a=[LambdaAction(FUNCTION, "RequestResponse"), ADDED], b=[WorkmailAction("arn:x")])

        received = receive_message()

        assert expected == [action.type for action in received.actions]
        assert outcome == received.actions[0].outcome

    def test_missing(self, rules, receive_message):
        """If the function does not exist, the action has an error and holds the event."""
        rules(a=[LambdaAction(FUNCTION)])

        with mock_aws():
            (action,) = receive_message().actions

        assert "ResourceNotFoundException" in str(action.error)
        assert action.event is not None

    def test_failing(self, monkeypatch, rules, receive_message, function):
        """If the function fails, the action has an error, whatever the function returned."""
        from moto.awslambda_simple.models import LambdaSimpleBackend

        def invoke(self, function_name, qualifier, body, headers, response_headers):
            response_headers["x-amz-function-error"] = "Unhandled"
            return b'{"disposition": "STOP_RULE_SET"}'

        monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
        rules(a=[LambdaAction(FUNCTION, "RequestResponse"), StopAction()])

        first, _ = receive_message().actions

        assert 'the function failed: {"disposition": "STOP_RULE_SET"}' == str(first.error)

    def test_set_up(self, services, function):
        """A missing function is reported."""
        assert not is_missing_function(FUNCTION, services)
        assert is_missing_function(FUNCTION + "s", services)


class TestOthers:
    def test_bounce(self, account, rules, receive_message):
        """A bounce is added to the outbox, and the next action runs."""
        account.verify("mailer@example.com")
        rules(a=[BOUNCE, StopAction()])

        first, _ = receive_message().actions

        (message,) = account.outbox
        assert (message.message_id, ["ada@example.org"]) == (first.outcome, message.recipients)
        assert "SMTP Reply Code = 550, SMTP Status Code = 5.1.1" in message.text

    def test_rejected_bounce(self, account, rules, receive_message):
        """If SES cannot send the bounce, the action has an error."""
        rules(a=[BOUNCE])

        (action,) = receive_message(sender="").actions

        assert "has no sender to return it to" in str(action.error)
        assert [] == account.outbox

    def test_header(self, rules, receive_message, bucket):
        """Later actions receive the added header, even in later rules."""
        rules(a=[S3Action("inbox", "1"), ADDED, S3Action("inbox", "2")], b=[S3Action("inbox", "3")])

        receive_message()

        has_header = {key[0]: b"\r\nX-Seen: yes\r\nFrom: " in raw for key, raw in bucket().items()}
        assert {"1": False, "2": True, "3": True} == has_header

    def test_stop(self, rules, receive_message):
        """A stop action ends the rule set."""
        rules(a=[ADDED, StopAction()], b=[ADDED])

        assert [("a", "AddHeader", NO_ERROR), ("a", "Stop", NO_ERROR)] == outcomes(
            receive_message()
        )

    def test_recorded(self, rules, receive_message):
        """Actions without a fake are recorded in the result with their settings."""
        actions = [WorkmailAction("arn:x"), ConnectAction("arn:c", "arn:r")]
        rules(a=actions)

        received = receive_message()

        assert [("a", "WorkMail", NO_ERROR), ("a", "Connect", NO_ERROR)] == outcomes(received)
        assert actions == [result.action for result in received.actions]
