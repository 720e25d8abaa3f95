"""Publishing of events to SNS, Firehose, EventBridge, CloudWatch and webhooks."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore_models import needs
from moto import mock_aws
from senders import addresses

from pytest_ses import SESBackend

REGION = "us-east-1"
NEEDS_EVENT_BRIDGE = needs(
    "sesv2", "CreateConfigurationSetEventDestination", "EventDestination.EventBridgeDestination"
)
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
    """A factory for clients of moto's services."""
    with mock_aws():
        yield lambda service: boto3.client(service, region_name=REGION)


def create_destination(ses, *, types=EVERYTHING, enabled=True, name="d", **target):
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="letters",
        EventDestinationName=name,
        EventDestination={"Enabled": enabled, "MatchingEventTypes": list(types), **target},
    )


def send(ses, *to, **options):
    content = {
        "Simple": {
            "Subject": {"Data": "Hello"},
            "Body": {
                "Html": {"Data": '<a ses:tags="campaign:june;" href="https://x.example/">x</a>'}
            },
        }
    }
    params = {"ConfigurationSetName": "letters", "Content": content, **options}
    return ses.send_email(
        FromEmailAddress="news@example.com",
        Destination=addresses(to or ["ada@example.org"]),
        **params,
    )["MessageId"]


def queue_of(aws, name="q"):
    url = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
    params = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    return url, aws("sqs").get_queue_attributes(**params)["Attributes"]["QueueArn"]


def received(aws, url):
    """The bodies of all messages in a queue, in order."""
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
    """The ARN of a moto topic, and the URL of the queue subscribed to it."""
    arn = aws("sns").create_topic(Name="events")["TopicArn"]
    url, queue = queue_of(aws)
    aws("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)
    return arn, url


class TestSNS:
    def test_to_sqs(self, backend, ses, aws, topic):
        """A topic receives the validation message, then every event as a line of compact JSON."""
        arn, url = topic
        create_destination(ses, SnsDestination={"TopicArn": arn})
        message_id = send(ses, "bounce@simulator.amazonses.com")
        validation, *notifications = received(aws, url)
        assert (
            "Successfully validated SNS topic for Amazon SES event publishing."
            == (validation["Message"])
        )
        assert "Subject" not in validation
        assert {"Amazon SES Email Event Notification"} == {
            notification["Subject"] for notification in notifications
        }
        assert all(
            notification["Message"].endswith("}\n") and ": " not in notification["Message"][:30]
            for notification in notifications
        )
        records = [json.loads(notification["Message"]) for notification in notifications]
        assert ["Send", "Bounce"] == [record["eventType"] for record in records]
        assert {message_id} == {record["mail"]["messageId"] for record in records}
        assert [event.record for event in backend.events] == records
        assert [] == list(backend.undelivered)

    def test_enabled_destinations_and_matching_types(self, backend, ses, aws, topic):
        """Only enabled destinations receive events, and only those of their types."""
        arn, url = topic
        create_destination(ses, types=["DELIVERY", "CLICK"], SnsDestination={"TopicArn": arn})
        create_destination(ses, name="off", enabled=False, SnsDestination={"TopicArn": arn})
        received(aws, url)
        backend.click(send(ses), "https://x.example/")
        records = [json.loads(notification["Message"]) for notification in received(aws, url)]
        assert ["Delivery", "Click"] == [record["eventType"] for record in records]
        assert {"campaign": ["june"]} == records[1]["click"]["linkTags"]

    def test_missing_topic(self, ses, aws):
        """A topic that does not exist is rejected in both APIs."""
        arn = TOPIC.replace("events", "nowhere")
        with pytest.raises(
            ses.exceptions.BadRequestException, match=f"SNS topic <{arn}> not found."
        ):
            create_destination(ses, SnsDestination={"TopicArn": arn})
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
        """A topic or stream in another region is rejected, and the message names both regions."""
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
                create_destination(ses, **target)

    def test_another_account(self, backend, ses, aws):
        """Events are published to a topic of another account in that account."""
        arn = TOPIC.replace("123456789012", "999988887777")
        from moto.sns.models import sns_backends

        sns_backends["999988887777"][REGION].create_topic("events")
        create_destination(ses, SnsDestination={"TopicArn": arn})
        send(ses)
        topic = sns_backends["999988887777"][REGION].topics[arn]
        assert 3 == len(topic.sent_notifications)
        assert [] == list(backend.undelivered)

    def test_deleted_topic(self, backend, ses, aws, topic):
        """After a topic is deleted, sends still succeed, and undelivered events are kept."""
        arn, _ = topic
        create_destination(ses, SnsDestination={"TopicArn": arn})
        aws("sns").delete_topic(TopicArn=arn)
        send(ses)
        assert ["Send", "Delivery"] == [
            undelivered.event.type for undelivered in backend.undelivered
        ]
        undelivered = backend.undelivered[0]
        assert "d" == undelivered.destination
        assert "NotFound" in str(undelivered.error)
        assert undelivered.summary().startswith("Send of 0100")

    def test_reset(self, backend, ses):
        """A reset clears the undelivered events."""
        create_destination(ses, SnsDestination={"TopicArn": TOPIC})
        send(ses)
        backend.reset()
        assert [] == list(backend.undelivered)


class TestIdentityTopics:
    def test_notifications(self, backend, ses, aws, topic):
        """An identity's topic receives the notifications it subscribed to, in their own format."""
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
        subscription, other_subscription, *notifications = received(aws, url)
        assert {
            "notificationType": "AmazonSnsSubscriptionSucceeded",
            "message": f"You have successfully subscribed your Amazon SNS topic '{arn}' to receive "
            "'Bounce' notifications from Amazon SES for identity 'example.com'.",
        } == json.loads(subscription["Message"])
        assert subscription["Message"].endswith("}\n")
        assert "'Complaint'" in other_subscription["Message"]
        assert not notifications[0]["Message"].endswith("\n")
        assert "Subject" not in notifications[0]
        bounce, complaint = [json.loads(entry["Message"]) for entry in notifications]
        assert ("Bounce", "Complaint") == (
            bounce["notificationType"],
            complaint["notificationType"],
        )
        assert "headers" in bounce["mail"]
        assert "headers" not in complaint["mail"]
        assert "tags" not in bounce["mail"]


class TestFirehose:
    def test_to_s3(self, backend, ses, aws):
        """A stream receives a line of JSON for each event."""
        aws("s3").create_bucket(Bucket="mail-events")
        role = "arn:aws:iam::123456789012:role/r"
        stream = aws("firehose").create_delivery_stream(
            DeliveryStreamName="s",
            S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::mail-events"},
        )["DeliveryStreamARN"]
        create_destination(
            ses,
            KinesisFirehoseDestination={"IamRoleArn": role, "DeliveryStreamArn": stream},
        )
        send(ses)
        keys = [
            entry["Key"] for entry in aws("s3").list_objects_v2(Bucket="mail-events")["Contents"]
        ]
        bodies = [
            aws("s3").get_object(Bucket="mail-events", Key=key)["Body"].read() for key in keys
        ]
        assert all(body.endswith(b"}\n") for body in bodies)
        assert {"Send", "Delivery"} == {json.loads(body)["eventType"] for body in bodies}


@NEEDS_EVENT_BRIDGE
class TestEventBridge:
    def test_to_sqs(self, backend, ses, aws):
        """The default bus receives every event in the envelope of the source `aws.ses`."""
        url, queue = queue_of(aws)
        aws("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.ses"]}))
        aws("events").put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue}])
        create_destination(ses, EventBridgeDestination={"EventBusArn": BUS})
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

    def test_target_that_moto_cannot_invoke(self, backend, ses, aws):
        """If moto fails to invoke a target, the event is undelivered, but the message is sent."""
        aws("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.ses"]}))
        lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
        aws("events").put_targets(Rule="r", Targets=[{"Id": "l", "Arn": lambda_arn}])
        create_destination(ses, types=["SEND"], EventBridgeDestination={"EventBusArn": BUS})
        send(ses)
        assert ["Send"] == [undelivered.event.type for undelivered in backend.undelivered]
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("jsonpath_ng.ext", 'jsonpath-ng: pip install "pytest-ses[events]"'),
            ("docker", "No module named 'docker'"),
        ],
    )
    def test_missing_package(self, backend, ses, monkeypatch, name, text):
        """If moto lacks a package, the event is undelivered; the error names the extra, if any."""

        class IncompleteClient:
            def put_events(self, **_):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

        create_destination(ses, types=["SEND"], EventBridgeDestination={"EventBusArn": BUS})
        monkeypatch.setattr(
            "pytest_ses.services.clients.ServiceClients.client", lambda *_, **__: IncompleteClient()
        )
        send(ses)
        assert text in str(backend.undelivered[0].error)

    def test_rejected_entry(self, backend, ses, monkeypatch):
        """An entry that EventBridge rejects is undelivered."""

        class RejectingClient:
            def put_events(self, **_):
                return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "No"}]}

        create_destination(ses, types=["SEND"], EventBridgeDestination={"EventBusArn": BUS})
        monkeypatch.setattr(
            "pytest_ses.services.clients.ServiceClients.client", lambda *_, **__: RejectingClient()
        )
        send(ses)
        assert "EventBridge rejected the event" in str(backend.undelivered[0].error)


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
        """Each event is a data point with dimensions from tags, headers, link tags or defaults."""
        rows = [
            ("ses:configuration-set", "MESSAGE_TAG", "none"),
            ("campaign", "LINK_TAG", "nolink"),
            ("X-Kind", "EMAIL_HEADER", "nokind"),
        ]
        names = ("DimensionName", "DimensionValueSource", "DefaultDimensionValue")
        dimensions = [dict(zip(names, row, strict=True)) for row in rows]
        create_destination(ses, CloudWatchDestination={"DimensionConfigurations": dimensions})
        message_id = send(ses, "a@x.example", "b@x.example")
        backend.click(message_id, "https://x.example/")
        configuration_set = ("ses:configuration-set", "letters")
        no_link, no_kind = ("campaign", "nolink"), ("X-Kind", "nokind")
        assert 1 == self.metric(aws, backend, "Send", configuration_set, no_link, no_kind)
        assert 2 == self.metric(aws, backend, "Delivery", configuration_set, no_link, no_kind)
        assert 1 == self.metric(
            aws, backend, "Click", configuration_set, ("campaign", "june"), no_kind
        )

    def test_invalid_dimension_value(self, backend, ses, aws):
        """As in SES, a data point with characters not allowed in dimension values is dropped."""
        names = ("DimensionName", "DimensionValueSource", "DefaultDimensionValue")
        dimension = dict(zip(names, ("Subject", "EMAIL_HEADER", "none"), strict=True))
        create_destination(ses, CloudWatchDestination={"DimensionConfigurations": [dimension]})
        content = {"Simple": {"Subject": {"Data": "What? Now!"}, "Body": {"Text": {"Data": "x"}}}}
        send(ses, Content=content)
        assert [] == aws("cloudwatch").list_metrics(Namespace="AWS/SES")["Metrics"]
        assert [] == list(backend.undelivered)


class TestPinpoint:
    def test_nothing_is_published(self, backend, ses):
        """Pinpoint is discontinued: its destinations are kept, but nothing is published to them."""
        application = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/abc"
        create_destination(ses, types=["SEND"], PinpointDestination={"ApplicationArn": application})
        send(ses)
        assert [] == list(backend.undelivered)


class TestWithoutServices:
    @pytest.mark.parametrize(
        "target",
        [
            {"SnsDestination": {"TopicArn": TOPIC}},
            pytest.param(
                {"EventBridgeDestination": {"EventBusArn": BUS}}, marks=NEEDS_EVENT_BRIDGE
            ),
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
        ],
    )
    def test_kept(self, backend, ses, target):
        """Without a fake of the service, nothing is sent, and the event is kept with the reason."""
        create_destination(ses, types=["SEND"], **target)
        send(ses)
        (undelivered,) = backend.undelivered
        assert "is not available" in str(undelivered.error)

    def test_send_without_configuration_set(self, backend, ses):
        """A send without a configuration set publishes no events."""
        create_destination(ses, SnsDestination={"TopicArn": TOPIC})
        ses.send_email(
            FromEmailAddress="news@example.com",
            Destination=addresses(),
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        )
        assert [] == list(backend.undelivered)

    def test_endpoint_of_the_user(self, backend, ses, monkeypatch):
        """An endpoint that the user configured for boto3 receives the published events."""
        requests = []

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self):
                requests.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
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
            create_destination(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC})
            send(ses)
            server.shutdown()
            thread.join()
        assert ["GetTopicAttributes", "Publish", "Publish"] == [
            request.partition("Action=")[2].partition("&")[0] for request in requests
        ]
        assert [] == list(backend.undelivered)


class TestWebhooks:
    def webhook(self, backend, target, **options):
        return backend.webhook(target, topic_arn=TOPIC, **options)

    def test_without_moto(self, backend, ses):
        """A webhook of the test receives signed notifications without any fake of SNS."""
        documents = []
        webhook = self.webhook(backend, lambda body, _headers: documents.append(json.loads(body)))
        create_destination(ses, SnsDestination={"TopicArn": TOPIC})
        send(ses)
        assert ["SubscriptionConfirmation", *["Notification"] * 3] == [
            document["Type"] for document in documents
        ]
        validation, *notifications = [delivery.notification for delivery in webhook.deliveries]
        assert "Successfully validated" in validation["Message"]
        assert ["Send", "Delivery"] == [
            json.loads(notification["Message"])["eventType"] for notification in notifications
        ]
        assert [] == list(backend.undelivered)

    def test_together_with_moto(self, backend, ses, aws, topic):
        """A webhook receives notifications in addition to the subscribers of the moto topic."""
        arn, url = topic
        webhook = self.webhook(backend, lambda _body, _headers: 200)
        create_destination(ses, types=["SEND"], SnsDestination={"TopicArn": arn})
        send(ses)
        assert 2 == len(webhook.deliveries) == len(received(aws, url))

    def test_other_topics(self, backend, ses):
        """A webhook receives notifications of its own topic only."""
        webhook = self.webhook(backend, lambda _body, _headers: 200)
        create_destination(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC + "-other"})
        send(ses)
        assert [] == webhook.deliveries

    @pytest.mark.filterwarnings("ignore::pytest_ses.WebhookErrorWarning")
    def test_endpoint_that_raises(self, backend, ses):
        """An endpoint that raises breaks neither the current send nor later ones."""

        def target(body, headers):
            if json.loads(body)["Type"] == "Notification":
                raise KeyError("broken")

        webhook = self.webhook(backend, target)
        create_destination(ses, types=["SEND"], SnsDestination={"TopicArn": TOPIC})
        send(ses)
        send(ses)
        assert 2 == len(backend.outbox)
        assert {KeyError} == {type(delivery.error) for delivery in webhook.deliveries}
        attempts = len(webhook.deliveries)
        backend.clock.advance(minutes=2)
        assert attempts * 4 == len(webhook.deliveries)

    @pytest.mark.parametrize("threaded", [False, True])
    def test_endpoint_that_sends(self, backend, ses, threaded):
        """An endpoint can send messages from any thread while it handles a notification."""

        def send_reply():
            ses.send_email(
                FromEmailAddress="news@example.com",
                Destination=addresses(["admin@example.com"]),
                Content={"Simple": {"Subject": {"Data": "!"}, "Body": {"Text": {"Data": "!"}}}},
            )

        def target(body, headers):
            message = json.loads(body)["Message"]
            if "Bounce" in message or "validated" in message:
                if threaded:
                    thread = threading.Thread(target=send_reply)
                    thread.start()
                    thread.join(10)
                    assert not thread.is_alive()
                else:
                    send_reply()

        self.webhook(backend, target)
        create_destination(ses, types=["BOUNCE"], SnsDestination={"TopicArn": TOPIC})
        send(ses, "bounce@simulator.amazonses.com")
        backend.bounce(backend.outbox.one(to="bounce@simulator.amazonses.com"))
        assert 3 == len(backend.outbox.filter(to="admin@example.com"))
        backend.recipient("late@example.org").complains(after=timedelta(hours=1))
        send(ses, "late@example.org")
        backend.clock.advance(hours=2)
        assert "Complaint" == backend.events[-1].type

    def test_closed_with_the_backend(self, backend):
        """A webhook is closed together with its backend."""
        with SESBackend() as other:
            webhook = self.webhook(other, lambda _body, _headers: 200)
        webhook.publish("x")
        assert webhook.deliveries[-1].error is not None


def test_second_backend(backend, ses):
    """Events published by one backend do not reach another one."""
    create_destination(ses, SnsDestination={"TopicArn": TOPIC})
    other = SESBackend(verified=["example.com"])
    send(ses)
    assert (2, []) == (len(backend.undelivered), list(other.undelivered))


class TestReceiving:
    def test_from_rule_to_bucket_and_topic(self, backend, ses, aws, topic):
        """A received message goes to the bucket and the topic of the active rules."""
        arn, url = topic
        aws("s3").create_bucket(Bucket="inbox")
        v1 = aws("ses")
        v1.create_receipt_rule_set(RuleSetName="set")
        v1.set_active_receipt_rule_set(RuleSetName="set")
        actions = [
            {"S3Action": {"BucketName": "inbox", "ObjectKeyPrefix": "mail"}},
            {"SNSAction": {"TopicArn": arn}},
        ]
        rule = {"Name": "rule", "Enabled": True, "ScanEnabled": True, "Actions": actions}
        v1.create_receipt_rule(RuleSetName="set", Rule=rule)
        result = backend.receive(
            "From: ada@example.org\nTo: info@example.com\nSubject: Hi\n\nHello\n", spam="FAIL"
        )
        assert ["S3", "SNS"] == [action.type for action in result.actions]
        assert {None} == {action.error for action in result.actions}
        contents = aws("s3").list_objects_v2(Bucket="inbox")["Contents"]
        keys = [entry["Key"] for entry in contents]
        assert {"mail/AMAZON_SES_SETUP_NOTIFICATION", f"mail/{result.message_id}"} == set(keys)
        record = json.loads(received(aws, url)[-1]["Message"])
        assert ("Received", "FAIL") == (
            record["notificationType"],
            record["receipt"]["spamVerdict"]["status"],
        )

    @pytest.mark.parametrize(
        ("action", "message"),
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
    def test_missing_targets(self, ses, aws, action, message):
        """A bucket or function that does not exist is rejected."""
        v1 = aws("ses")
        v1.create_receipt_rule_set(RuleSetName="set")
        with pytest.raises(v1.exceptions.ClientError, match=message):
            v1.create_receipt_rule(RuleSetName="set", Rule={"Name": "r", "Actions": [action]})


class TestJobs:
    def test_import(self, backend, ses, aws):
        """An import job reads its file from moto's S3."""
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
