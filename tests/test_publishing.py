"""Do events arrive where they are wanted, and what of those that do not?"""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from moto import mock_aws
from senders import addresses

from pytest_ses import SESBackend

REGION = "us-east-1"
EVERYTHING = [
    "SEND",
    "REJECT",
    "BOUNCE",
    "COMPLAINT",
    "DELIVERY",
    "OPEN",
    "CLICK",
    "RENDERING_FAILURE",
    "DELIVERY_DELAY",
    "SUBSCRIPTION",
]
SET = "arn:aws:ses:us-east-1:123456789012:configuration-set/letters"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
TOPIC = "arn:aws:sns:us-east-1:123456789012:events"


@pytest.fixture
def backend():
    with SESBackend(verified=["example.com"]) as backend:
        yield backend


@pytest.fixture
def ses(backend):
    client = boto3.client("sesv2", region_name=REGION)
    client.create_configuration_set(ConfigurationSetName="letters")
    return client


@pytest.fixture
def aws(ses):
    """Clients of moto's services."""
    with mock_aws():
        yield lambda service: boto3.client(service, region_name=REGION)


def tell(ses, *, types=EVERYTHING, enabled=True, name="d", **target):
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="letters",
        EventDestinationName=name,
        EventDestination={"Enabled": enabled, "MatchingEventTypes": list(types), **target},
    )


def send(ses, *to, **more):
    content = {
        "Simple": {
            "Subject": {"Data": "Hello"},
            "Body": {
                "Html": {"Data": '<a ses:tags="campaign:june;" href="https://x.example/">x</a>'}
            },
        }
    }
    words = {"ConfigurationSetName": "letters", "Content": content, **more}
    return ses.send_email(
        FromEmailAddress="news@example.com",
        Destination=addresses(to or ["ada@example.org"]),
        **words,
    )["MessageId"]


def queue_of(aws, name="q"):
    url = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
    words = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    return url, aws("sqs").get_queue_attributes(**words)["Attributes"]["QueueArn"]


def received(aws, url):
    """What a queue has, in order."""
    bodies = []
    while (
        messages := aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages")
    ):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            aws("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


@pytest.fixture
def topic(aws):
    """A topic of moto's and the queue that it tells."""
    arn = aws("sns").create_topic(Name="events")["TopicArn"]
    url, queue = queue_of(aws)
    aws("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return arn, url


class TestSNS:
    def test_to_sqs(self, backend, ses, aws, topic):
        """A topic is greeted, and then told every event as compact JSON with a line end."""
        arn, url = topic
        tell(ses, SnsDestination={"TopicArn": arn})
        message_id = send(ses, "bounce@simulator.amazonses.com")
        greeting, *events = received(aws, url)
        assert (
            "Successfully validated SNS topic for Amazon SES event publishing."
            == (greeting["Message"])
        )
        assert "Subject" not in greeting
        assert {"Amazon SES Email Event Notification"} == {one["Subject"] for one in events}
        assert all(
            one["Message"].endswith("}\n") and ": " not in one["Message"][:30] for one in events
        )
        records = [json.loads(one["Message"]) for one in events]
        assert ["Send", "Bounce"] == [record["eventType"] for record in records]
        assert {message_id} == {record["mail"]["messageId"] for record in records}
        assert [event.record for event in backend.events] == records
        assert [] == list(backend.undelivered)

    def test_what_is_told(self, backend, ses, aws, topic):
        """Only enabled destinations, and only the types they want."""
        arn, url = topic
        tell(ses, types=["DELIVERY", "CLICK"], SnsDestination={"TopicArn": arn})
        tell(ses, name="off", enabled=False, SnsDestination={"TopicArn": arn})
        received(aws, url)
        backend.click(send(ses), "https://x.example/")
        records = [json.loads(one["Message"]) for one in received(aws, url)]
        assert ["Delivery", "Click"] == [record["eventType"] for record in records]
        assert {"campaign": ["june"]} == records[1]["click"]["linkTags"]

    def test_topic_that_is_not_there(self, ses, aws):
        """A topic that moto does not know is refused, in both APIs."""
        arn = TOPIC.replace("events", "nowhere")
        with pytest.raises(
            ses.exceptions.BadRequestException, match=f"SNS topic <{arn}> not found."
        ):
            tell(ses, SnsDestination={"TopicArn": arn})
        v1 = aws("ses")
        destination = {
            "Name": "d",
            "MatchingEventTypes": ["send"],
            "SNSDestination": {"TopicARN": arn},
        }
        with pytest.raises(v1.exceptions.InvalidSNSDestinationException, match="not found"):
            v1.create_configuration_set_event_destination(
                ConfigurationSetName="letters", EventDestination=destination
            )
        assert (
            []
            == ses.get_configuration_set_event_destinations(ConfigurationSetName="letters")[
                "EventDestinations"
            ]
        )

    def test_another_region(self, ses):
        """A topic or stream of another region is refused with both regions in the text."""
        for target in (
            {"SnsDestination": {"TopicArn": TOPIC.replace("us-east-1", "eu-west-1")}},
            {
                "KinesisFirehoseDestination": {
                    "IamRoleArn": "arn:aws:iam::123456789012:role/r",
                    "DeliveryStreamArn": "arn:aws:firehose:eu-west-1:123456789012:deliverystream/s",
                }
            },
        ):
            with pytest.raises(
                ses.exceptions.BadRequestException,
                match=r"eu-west-1.*is not in the region us-east-1",
            ):
                tell(ses, **target)

    def test_another_account(self, backend, ses, aws):
        """A topic of another account is told in that account."""
        arn = TOPIC.replace("123456789012", "999988887777")
        from moto.sns.models import sns_backends

        sns_backends["999988887777"][REGION].create_topic("events")
        tell(ses, SnsDestination={"TopicArn": arn})
        send(ses)
        topic = sns_backends["999988887777"][REGION].topics[arn]
        assert 3 == len(topic.sent_notifications)
        assert [] == list(backend.undelivered)

    def test_deleted_topic(self, backend, ses, aws, topic):
        """Once a topic is gone sends go on, and what did not arrive is kept."""
        arn, _ = topic
        tell(ses, SnsDestination={"TopicArn": arn})
        aws("sns").delete_topic(TopicArn=arn)
        send(ses)
        assert ["Send", "Delivery"] == [one.event.type for one in backend.undelivered]
        one = backend.undelivered[0]
        assert "d" == one.destination
        assert "NotFound" in str(one.error)
        assert one.summary().startswith("Send of 0100")

    def test_reset(self, backend, ses):
        """A reset forgets what did not arrive."""
        tell(ses, SnsDestination={"TopicArn": TOPIC})
        send(ses)
        backend.reset()
        assert [] == list(backend.undelivered)


class TestIdentityTopics:
    def test_notifications(self, backend, ses, aws, topic):
        """An identity's topic is told what it asked for, in its own form."""
        arn, url = topic
        v1 = aws("ses")
        for kind in ("Bounce", "Complaint"):
            v1.set_identity_notification_topic(
                Identity="example.com", NotificationType=kind, SnsTopic=arn
            )
        v1.set_identity_headers_in_notifications_enabled(
            Identity="example.com", NotificationType="Bounce", Enabled=True
        )
        send(
            ses, "ada@example.org", "bounce@simulator.amazonses.com", ConfigurationSetName="letters"
        )
        backend.complain(backend.outbox.last, "ada@example.org")
        greeting, second, bounce, complaint = received(aws, url)
        assert {
            "notificationType": "AmazonSnsSubscriptionSucceeded",
            "message": f"You have successfully subscribed your Amazon SNS topic '{arn}' to receive "
            "'Bounce' notifications from Amazon SES for identity 'example.com'.",
        } == json.loads(greeting["Message"])
        assert greeting["Message"].endswith("}\n")
        assert "'Complaint'" in second["Message"]
        assert not bounce["Message"].endswith("\n")
        assert "Subject" not in bounce
        first, other = json.loads(bounce["Message"]), json.loads(complaint["Message"])
        assert ("Bounce", "Complaint") == (first["notificationType"], other["notificationType"])
        assert "headers" in first["mail"]
        assert "headers" not in other["mail"]
        assert "tags" not in first["mail"]


class TestFirehose:
    def test_to_s3(self, backend, ses, aws):
        """A stream gets a line of JSON for each event."""
        aws("s3").create_bucket(Bucket="mail-events")
        role = "arn:aws:iam::123456789012:role/r"
        stream = aws("firehose").create_delivery_stream(
            DeliveryStreamName="s",
            S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::mail-events"},
        )["DeliveryStreamARN"]
        tell(
            ses,
            KinesisFirehoseDestination={"IamRoleArn": role, "DeliveryStreamArn": stream},
        )
        send(ses)
        keys = [one["Key"] for one in aws("s3").list_objects_v2(Bucket="mail-events")["Contents"]]
        bodies = [
            aws("s3").get_object(Bucket="mail-events", Key=key)["Body"].read() for key in keys
        ]
        assert all(body.endswith(b"}\n") for body in bodies)
        assert {"Send", "Delivery"} == {json.loads(body)["eventType"] for body in bodies}


class TestEventBridge:
    def test_to_sqs(self, backend, ses, aws):
        """The default bus gets every event in the envelope of aws.ses."""
        url, queue = queue_of(aws)
        aws("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.ses"]}))
        aws("events").put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue}])
        tell(ses, EventBridgeDestination={"EventBusArn": BUS})
        send(ses)
        sent, delivered = received(aws, url)
        assert ("aws.ses", "Email Sent", [SET]) == (
            sent["source"],
            sent["detail-type"],
            sent["resources"],
        )
        assert "Email Delivered" == delivered["detail-type"]
        assert backend.events[1].record == delivered["detail"]
        assert sent["time"].endswith("Z")
        assert "." not in sent["time"]

    def test_target_that_moto_cannot_tell(self, backend, ses, aws):
        """A target that moto stumbles over keeps the event from arriving, not the mail."""
        aws("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.ses"]}))
        lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
        aws("events").put_targets(Rule="r", Targets=[{"Id": "l", "Arn": lambda_arn}])
        tell(ses, types=["SEND"], EventBridgeDestination={"EventBusArn": BUS})
        send(ses)
        assert ["Send"] == [one.event.type for one in backend.undelivered]
        assert 1 == len(backend.outbox)

    def test_refused_entry(self, backend, ses, monkeypatch):
        """An entry that EventBridge refuses did not arrive."""

        class Refusing:
            def put_events(self, **_):
                return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "No"}]}

        tell(ses, types=["SEND"], EventBridgeDestination={"EventBusArn": BUS})
        monkeypatch.setattr(
            "pytest_ses.transports.aws.Neighbours.client", lambda *_, **__: Refusing()
        )
        send(ses)
        assert "EventBridge refused the event" in str(backend.undelivered[0].error)


class TestCloudWatch:
    def metric(self, aws, backend, name, *dimensions):
        now = backend.clock.now()
        return sum(
            point["Sum"]
            for point in aws("cloudwatch").get_metric_statistics(
                Namespace="AWS/SES",
                MetricName=name,
                Dimensions=[{"Name": name, "Value": value} for name, value in dimensions],
                StartTime=now - timedelta(hours=1),
                EndTime=now + timedelta(hours=1),
                Period=60,
                Statistics=["Sum"],
            )["Datapoints"]
        )

    def test_statistics(self, backend, ses, aws):
        """Each event is a point of its metric, by tag, header and link tag or their defaults."""
        sources = [
            ("ses:configuration-set", "MESSAGE_TAG", "none"),
            ("campaign", "LINK_TAG", "nolink"),
            ("X-Kind", "EMAIL_HEADER", "nokind"),
        ]
        names = ("DimensionName", "DimensionValueSource", "DefaultDimensionValue")
        dimensions = [dict(zip(names, row, strict=True)) for row in sources]
        tell(ses, CloudWatchDestination={"DimensionConfigurations": dimensions})
        message_id = send(ses, "a@x.example", "b@x.example")
        backend.click(message_id, "https://x.example/")
        of_set = ("ses:configuration-set", "letters")
        no_link, no_kind = ("campaign", "nolink"), ("X-Kind", "nokind")
        assert 1 == self.metric(aws, backend, "Send", of_set, no_link, no_kind)
        assert 2 == self.metric(aws, backend, "Delivery", of_set, no_link, no_kind)
        assert 1 == self.metric(aws, backend, "Click", of_set, ("campaign", "june"), no_kind)

    def test_value_that_no_metric_has(self, backend, ses, aws):
        """A value with other signs than metrics have loses the point, as in SES."""
        names = ("DimensionName", "DimensionValueSource", "DefaultDimensionValue")
        dimension = dict(zip(names, ("Subject", "EMAIL_HEADER", "none"), strict=True))
        tell(ses, CloudWatchDestination={"DimensionConfigurations": [dimension]})
        content = {"Simple": {"Subject": {"Data": "What? Now!"}, "Body": {"Text": {"Data": "x"}}}}
        send(ses, Content=content)
        assert [] == aws("cloudwatch").list_metrics(Namespace="AWS/SES")["Metrics"]
        assert [] == list(backend.undelivered)


class TestPinpoint:
    def test_nothing(self, backend, ses):
        """Pinpoint has ended: its destinations are kept, and told nothing."""
        application = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc"
        tell(ses, types=["SEND"], PinpointDestination={"ApplicationArn": application})
        send(ses)
        assert [] == list(backend.undelivered)


class TestNothingAnswers:
    @pytest.mark.parametrize(
        "target",
        [
            {"SnsDestination": {"TopicArn": TOPIC}},
            {"EventBridgeDestination": {"EventBusArn": BUS}},
            {
                "CloudWatchDestination": {
                    "DimensionConfigurations": [
                        {
                            "DimensionName": "a",
                            "DimensionValueSource": "MESSAGE_TAG",
                            "DefaultDimensionValue": "b",
                        }
                    ]
                }
            },
            {"SnsDestination": {"TopicArn": "no-arn"}},
        ],
    )
    def test_kept(self, backend, ses, target):
        """Where nothing answers nothing leaves, and the event is kept with the reason."""
        tell(ses, types=["SEND"], **target)
        send(ses)
        (one,) = backend.undelivered
        assert "nothing answers for" in str(one.error) or "is no ARN" in str(one.error)

    def test_other_sends(self, backend, ses):
        """A send without a configuration set tells nobody."""
        tell(ses, SnsDestination={"TopicArn": TOPIC})
        ses.send_email(
            FromEmailAddress="news@example.com",
            Destination=addresses(),
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        )
        assert [] == list(backend.undelivered)

    def test_endpoint_of_the_user(self, backend, ses, monkeypatch):
        """An endpoint that the user has set for boto3 is asked, as it is for any client."""
        asked = []

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self):
                asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                body = (
                    b"<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult>"
                    b"</PublishResponse>"
                )
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", f"http://127.0.0.1:{server.server_port}")
            tell(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC})
            send(ses)
            server.shutdown()
            thread.join()
        assert ["GetTopicAttributes", "Publish", "Publish"] == [
            one.partition("Action=")[2].partition("&")[0] for one in asked
        ]
        assert [] == list(backend.undelivered)


class TestWebhooks:
    def hook(self, backend, target, **words):
        return backend.webhook(target, topic_arn=TOPIC, **words)

    def test_without_moto(self, backend, ses):
        """An endpoint of the test is told, signed, without anything else answering."""
        heard = []
        webhook = self.hook(backend, lambda body, _headers: heard.append(json.loads(body)))
        tell(ses, SnsDestination={"TopicArn": TOPIC})
        send(ses)
        assert ["SubscriptionConfirmation", *["Notification"] * 3] == [one["Type"] for one in heard]
        greeting, *events = [one.notification for one in webhook.deliveries]
        assert "Successfully validated" in greeting["Message"]
        assert ["Send", "Delivery"] == [json.loads(one["Message"])["eventType"] for one in events]
        assert [] == list(backend.undelivered)

    def test_beside_moto(self, backend, ses, aws, topic):
        """It is told beside the subscribers that moto has."""
        arn, url = topic
        webhook = self.hook(backend, lambda _body, _headers: 200)
        tell(ses, types=["SEND"], SnsDestination={"TopicArn": arn})
        send(ses)
        assert 2 == len(webhook.deliveries) == len(received(aws, url))

    def test_other_topics(self, backend, ses):
        """It hears only of its own topic."""
        webhook = self.hook(backend, lambda _body, _headers: 200)
        tell(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC + "-other"})
        send(ses)
        assert [] == webhook.deliveries

    def test_endpoint_that_raises(self, backend, ses):
        """An endpoint that raises breaks neither the send nor what comes later."""

        def target(body, headers):
            if json.loads(body)["Type"] == "Notification":
                raise KeyError("broken")

        webhook = self.hook(backend, target)
        tell(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC})
        send(ses)
        send(ses)
        assert 2 == len(backend.outbox)
        assert {KeyError} == {type(one.error) for one in webhook.deliveries}
        tried = len(webhook.deliveries)
        backend.clock.advance(minutes=2)
        assert tried * 4 == len(webhook.deliveries)

    @pytest.mark.parametrize("threaded", [False, True])
    def test_endpoint_that_sends(self, backend, ses, threaded):
        """An endpoint may send mail itself, from another thread as well, at whatever it hears."""

        def answer_mail():
            ses.send_email(
                FromEmailAddress="news@example.com",
                Destination=addresses(["admin@example.com"]),
                Content={"Simple": {"Subject": {"Data": "!"}, "Body": {"Text": {"Data": "!"}}}},
            )

        def target(body, headers):
            message = json.loads(body)["Message"]
            if "Bounce" in message or "validated" in message:
                if threaded:
                    thread = threading.Thread(target=answer_mail)
                    thread.start()
                    thread.join(10)
                    assert not thread.is_alive()
                else:
                    answer_mail()

        self.hook(backend, target)
        tell(ses, types=["BOUNCE"], SnsDestination={"TopicArn": TOPIC})
        send(ses, "bounce@simulator.amazonses.com")
        backend.bounce(backend.outbox.one(to="bounce@simulator.amazonses.com"))
        assert 3 == len(backend.outbox.filter(to="admin@example.com"))
        backend.recipient("late@example.org").complains(after=timedelta(hours=1))
        send(ses, "late@example.org")
        backend.clock.advance(hours=2)
        assert "Complaint" == backend.events[-1].type

    def test_closed_with_the_backend(self, backend):
        """It ends with its backend."""
        with SESBackend() as other:
            webhook = self.hook(other, lambda _body, _headers: 200)
        webhook.publish("x")
        assert webhook.deliveries[-1].error is not None


def test_a_second_backend_is_apart(backend, ses):
    """What one backend publishes another does not hear."""
    tell(ses, SnsDestination={"TopicArn": TOPIC})
    other = SESBackend(verified=["example.com"])
    send(ses)
    assert (2, []) == (len(backend.undelivered), list(other.undelivered))


class TestReceiving:
    def test_from_rule_to_bucket_and_topic(self, backend, ses, aws, topic):
        """A mail that comes in goes where the active rules say; bucket and topic were greeted."""
        arn, url = topic
        aws("s3").create_bucket(Bucket="inbox")
        v1 = aws("ses")
        v1.create_receipt_rule_set(RuleSetName="set")
        v1.set_active_receipt_rule_set(RuleSetName="set")
        actions = [
            {"S3Action": {"BucketName": "inbox", "ObjectKeyPrefix": "mail"}},
            {"SNSAction": {"TopicArn": arn}},
        ]
        words = {"Name": "rule", "Enabled": True, "ScanEnabled": True, "Actions": actions}
        v1.create_receipt_rule(RuleSetName="set", Rule=words)
        received_ = backend.receive(
            "From: ada@example.org\nTo: info@example.com\nSubject: Hi\n\nHello\n", spam="FAIL"
        )
        assert ["S3", "SNS"] == [one.type for one in received_.actions]
        assert {None} == {one.error for one in received_.actions}
        keys = [one["Key"] for one in aws("s3").list_objects_v2(Bucket="inbox")["Contents"]]
        assert {"mail/AMAZON_SES_SETUP_NOTIFICATION", f"mail/{received_.message_id}"} == set(keys)
        record = json.loads(received(aws, url)[-1]["Message"])
        assert ("Received", "FAIL") == (
            record["notificationType"],
            record["receipt"]["spamVerdict"]["status"],
        )

    @pytest.mark.parametrize(
        ("action", "said"),
        [
            ({"S3Action": {"BucketName": "nowhere"}}, "No such bucket: nowhere"),
            (
                {
                    "LambdaAction": {
                        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:f"
                    }
                },
                "Could not invoke Lambda function",
            ),
        ],
    )
    def test_what_is_not_there(self, ses, aws, action, said):
        """A bucket or function that moto does not know is refused."""
        v1 = aws("ses")
        v1.create_receipt_rule_set(RuleSetName="set")
        with pytest.raises(v1.exceptions.ClientError, match=said):
            v1.create_receipt_rule(RuleSetName="set", Rule={"Name": "r", "Actions": [action]})


class TestJobs:
    def test_import(self, backend, ses, aws):
        """An import job reads what moto's S3 holds."""
        aws("s3").create_bucket(Bucket="lists")
        aws("s3").put_object(Bucket="lists", Key="bad.csv", Body=b"ada@example.org,BOUNCE\n")
        job = ses.create_import_job(
            ImportDestination={
                "SuppressionListDestination": {"SuppressionListImportAction": "PUT"}
            },
            ImportDataSource={"S3Url": "s3://lists/bad.csv", "DataFormat": "CSV"},
        )["JobId"]
        backend.clock.advance(hours=1)
        assert "COMPLETED" == ses.get_import_job(JobId=job)["JobStatus"]
        assert "ada@example.org" in backend.account().suppressed_destinations
