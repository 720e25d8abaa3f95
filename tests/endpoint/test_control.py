"""The control plane."""

from __future__ import annotations

import base64

import boto3
import pytest
from http_clients import OUTBOUND, SEND

from pytest_ses import SESBackend

MIME = (
    b"From: news@example.com\r\nTo: ada@example.org\r\nSubject: Files\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script>\r\n"
    b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; "
    b"filename*=utf-8''%C3%A5%22%0D%0AX.csv\r\n\r\na,b\r\n"
    b"--b\r\nContent-Type: a b/c\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n"
)


def send_files(client):
    """Send a raw message with HTML and two attachments; return its path in the control plane."""
    raw = {"Raw": {"Data": base64.b64encode(MIME).decode()}}
    answer = client("POST", OUTBOUND, {"Content": raw})
    return f"/_ses/messages/{answer.json['MessageId']}"


class TestMessages:
    def test_list(self, backend, client):
        """The messages have the attributes of `Message`, attachments and events."""
        tags = [{"Name": "campaign", "Value": "june"}]
        client("POST", OUTBOUND, {**SEND, "EmailTags": tags})
        sent = backend.outbox.last
        (message,) = client("GET", "/_ses/messages").json["messages"]
        events = message.pop("events")
        assert {
            "message_id": sent.message_id,
            "service": "sesv2",
            "operation": "SendEmail",
            "region": "us-east-1",
            "source": "news@example.com",
            "sender": "news@example.com",
            "to": ["ada@example.org"],
            "cc": [],
            "bcc": [],
            "recipients": ["ada@example.org"],
            "subject": "Hi",
            "text": "Hello",
            "html": None,
            "tags": sent.tags,
            "configuration_set": None,
            "template_name": None,
            "template_data": None,
            "sent_at": f"{sent.sent_at:%Y-%m-%dT%H:%M:%S}.{sent.sent_at.microsecond // 1000:03d}Z",
            "rendering_error": None,
            "attachments": [],
        } == message
        assert "june" == message["tags"]["campaign"]
        assert ["Send", "Delivery"] == [event["type"] for event in events]
        assert {"type", "at", "recipients"} == set(events[0])
        assert client("GET", "/_ses/messages").json == client("GET", "/_ses/messages/").json

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("to=ada@example.org", 1),
            ("to=bob@example.org", 0),
            ("recipient=ada@example.org&subject=Hi", 1),
            ("recipient=ada@example.org&recipient=bob@example.org", 0),
            ("subject=", 0),
            ("tags=campaign:june", 1),
            ("tags=campaign:june&tags=ses:feedback-id-a:spring", 1),
            ("tags=campaign:may", 0),
        ],
    )
    def test_selection(self, backend, client, query, count):
        """The query string has the arguments of `Outbox.filter`; a repeated address is a list."""
        tags = {"campaign": "june", "ses:feedback-id-a": "spring"}
        email_tags = [{"Name": name, "Value": value} for name, value in tags.items()]
        client("POST", OUTBOUND, {**SEND, "EmailTags": email_tags})
        assert count == len(client("GET", f"/_ses/messages?{query}").json["messages"])

    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ("subjct=Hi", "unknown argument 'subjct'; did you mean 'subject'?"),
            ("tags=june", "tags=june is invalid; expected NAME:VALUE, such as campaign:june"),
            ("subject=a&subject=b", "subject is in the query string 2 times; expected once"),
        ],
    )
    def test_invalid_selection(self, backend, client, query, error):
        """An unknown argument, or a repeated one that is not an address, is an error."""
        answer = client("GET", f"/_ses/messages?{query}")
        assert (400, error) == (answer.status, answer.error)

    def test_one(self, backend, client):
        """A message is available by its ID, also as it was delivered."""
        path = send_files(client)
        assert "Files" == client("GET", path).json["subject"]
        assert [3, 1] == [file["size"] for file in client("GET", path).json["attachments"]]
        raw = client("GET", f"{path}/raw")
        assert "message/rfc822" == raw.headers["Content-Type"]
        assert backend.outbox.last.raw == raw.body

    def test_html_is_inert(self, backend, client):
        """The HTML of a message is served with a policy under which nothing in it runs or is loaded."""
        html = client("GET", f"{send_files(client)}/html")
        assert b"<script>alert(1)</script>" in html.body
        policy = html.headers["Content-Security-Policy"].split("; ")
        assert {"sandbox", "default-src 'none'"} <= set(policy)
        assert "nosniff" == html.headers["X-Content-Type-Options"]

    def test_attachments(self, backend, client):
        """Attachments are downloaded, never shown, and their names and types cannot add headers."""
        path = send_files(client)
        first, second = (client("GET", f"{path}/attachments/{index}") for index in (0, 1))
        assert (b"a,b", "text/csv") == (first.body, first.headers["Content-Type"])
        assert first.headers["Content-Disposition"].startswith(
            "attachment; filename*=UTF-8''%C3%A5"
        )
        assert "sandbox" in first.headers["Content-Security-Policy"]
        assert b"x" == second.body
        assert " " not in second.headers["Content-Type"]
        assert "attachment; filename*=UTF-8''attachment-1" == second.headers["Content-Disposition"]

    @pytest.mark.parametrize(
        ("path", "error"),
        [
            ("/_ses/messages/0", "there is no message '0'; GET /_ses/messages lists them"),
            ("{}/attachments/2", "the message {id} has no attachment 2; it has 2"),
        ],
    )
    def test_not_found(self, backend, client, path, error):
        """A message or attachment that does not exist is an error."""
        own_path = send_files(client)
        answer = client("GET", path.format(own_path))
        assert 404 == answer.status
        assert error.format(id=repr(own_path.rpartition("/")[2])) == answer.error

    def test_no_html(self, backend, client):
        """The HTML of a message without HTML is an error."""
        message_id = client.send().json["MessageId"]
        answer = client("GET", f"/_ses/messages/{message_id}/html")
        assert (404, f"the message {message_id!r} has no HTML") == (answer.status, answer.error)

    def test_clear(self, backend, client):
        """DELETE empties the outbox; events and calls stay."""
        client.send()
        assert {"removed": 1} == client("DELETE", "/_ses/messages", {}).json
        assert [] == list(backend.outbox)
        assert (2, 1) == (len(backend.events), len(backend.calls))


class TestCallsAndEvents:
    def test_calls(self, backend, client):
        """Calls have parameters, response, error and the planned failure; bytes are in Base64."""
        send_files(client)
        backend.throttle(times=1)
        client.send()
        client("GET", "/v2/email/email-templates-x")
        sent, throttled, unknown = client("GET", "/_ses/calls").json["calls"]
        assert ("sesv2", "SendEmail", 1) == (sent["service"], sent["operation"], sent["attempt"])
        assert base64.b64encode(MIME).decode() == sent["params"]["Content"]["Raw"]["Data"]
        assert ["MessageId"] == list(sent["response"])
        assert (None, None) == (sent["error"], sent["fault"])
        assert ("TooManyRequestsException", 429) == (
            throttled["error"]["code"],
            throttled["error"]["status"],
        )
        assert ("throttle(times=1)", None) == (throttled["fault"], throttled["response"])
        assert None is unknown["operation"]

    def test_times(self, backend, client):
        """Times in parameters and responses are text."""
        client("POST", "/v2/email/contact-lists", {"ContactListName": "a"})
        client("GET", "/v2/email/contact-lists/a")
        call = client("GET", "/_ses/calls").json["calls"][-1]
        assert call["response"]["CreatedTimestamp"].endswith("Z")

    def test_events(self, backend, client):
        """Events have the record that event destinations receive."""
        message_id = client.send().json["MessageId"]
        events = client("GET", "/_ses/events").json["events"]
        assert ["Send", "Delivery"] == [event["type"] for event in events]
        assert {message_id} == {event["message_id"] for event in events}
        assert ["ada@example.org"] == events[1]["record"]["delivery"]["recipients"]


class TestSimulatedEvents:
    @pytest.mark.parametrize(
        ("arguments", "type_"),
        [
            ({"type": "deliver"}, "Delivery"),
            ({"type": "bounce", "recipient": "ada@example.org"}, "Bounce"),
            ({"type": "bounce", "bounce_type": "Transient", "subtype": "MailboxFull"}, "Bounce"),
            ({"type": "complain", "feedback_type": "not-spam"}, "Complaint"),
            ({"type": "delay", "delay_type": "MailboxFull"}, "DeliveryDelay"),
            ({"type": "reject"}, "Reject"),
            ({"type": "open"}, "Open"),
            ({"type": "click", "link": "https://example.com/"}, "Click"),
        ],
    )
    def test_of_message(self, backend, client, arguments, type_):
        """An event of a message is simulated by the method of that name."""
        html = {"Html": {"Data": '<a href="https://example.com/">Shop</a>'}}
        simple = {"Simple": {"Subject": {"Data": "Hi"}, "Body": html}}
        message_id = client("POST", OUTBOUND, {**SEND, "Content": simple}).json["MessageId"]
        answer = client("POST", "/_ses/events", {"message_id": message_id, **arguments})
        assert (201, type_) == (answer.status, answer.json["type"])
        assert backend.events[-1].type == type_
        record = str(answer.json["record"])
        details = [value for name, value in arguments.items() if name not in ("type", "recipient")]
        assert [] == [value for value in details if value not in record]

    @pytest.mark.parametrize(
        ("arguments", "types"),
        [
            ({"type": "bounce"}, ["Send", "Bounce"]),
            ({"type": "complain"}, ["Send", "Delivery", "Complaint"]),
            ({"type": "delay"}, ["Send", "DeliveryDelay"]),
            ({"type": "deliver"}, ["Send", "Delivery"]),
            ({"type": "bounce", "after": {"hours": 1}}, ["Send", "Delivery"]),
        ],
    )
    def test_planned_for_recipient(self, backend, client, arguments, types):
        """Without a message, the event is planned for messages to the recipient."""
        body = {"recipient": "ada@example.org", **arguments}
        answer = client("POST", "/_ses/events", body)
        assert (201, {"planned": True, **body}) == (answer.status, answer.json)
        client.send()
        assert types == [event.type for event in backend.events]

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({}, "the body requires 'type'"),
            ({"type": "bounces"}, "unknown type 'bounces'; did you mean 'bounce'?"),
            ({"type": 5}, "type=5 is invalid; expected one of deliver, bounce, complain, delay, "),
            (
                {"type": "bounce"},
                "bounce requires 'message_id', if it happens to a message that was sent, or "
                "'recipient', if it is planned",
            ),
            (
                {"type": "bounce", "message_id": "0", "after": {"hours": 1}},
                "after applies only to events that are planned for a recipient",
            ),
            ({"type": "open"}, "open requires 'message_id'"),
            ({"type": "open", "message_id": "0"}, "'0' is not in the outbox"),
            ({"type": "click", "message_id": "0"}, "the body requires 'link'"),
            ({"type": "open", "message_id": "0", "recipient": "a@example.org"}, "unknown member"),
            (
                {"type": "bounce", "message_id": "0", "recipent": "a@example.org"},
                "unknown member 'recipent'; did you mean 'recipient'?",
            ),
            ({"type": "bounce", "recipient": "ada"}, "'ada' is not a bare address"),
            (
                {"type": "bounce", "recipient": "ada@example.org", "after": 5},
                'after=5 is invalid; expected units such as {"hours": 1}',
            ),
            (
                {"type": "bounce", "recipient": "ada@example.org", "after": {"hour": 1}},
                "unknown unit 'hour'; did you mean 'hours'?",
            ),
            (
                {"type": "bounce", "recipient": "ada@example.org", "after": {"hours": "1"}},
                "hours='1' is invalid; expected a number",
            ),
            (
                {"type": "bounce", "recipient": "ada@example.org", "after": {"hours": -1}},
                'after={"hours": -1} is invalid; expected a duration that is not negative',
            ),
            (
                {"type": "bounce", "recipient": "ada@example.org", "after": {"days": 99999999}},
                "99999999 days, 0:00:00 is too large; the last year of the clock is 9999",
            ),
            (
                {"type": "bounce", "recipient": "ada@example.org", "bounce_type": "Permanant"},
                "unknown bounce type 'Permanant'; did you mean 'Permanent'?",
            ),
        ],
    )
    def test_invalid(self, backend, client, body, error):
        """The error names the member that is missing, unknown or invalid."""
        answer = client("POST", "/_ses/events", body)
        assert 400 == answer.status
        assert error in answer.error


class TestFailures:
    @pytest.mark.parametrize(
        ("body", "planned"),
        [
            (
                {"plan": "throttle", "operations": ["SendEmail"], "times": 2},
                "throttle('SendEmail', times=2)",
            ),
            ({"plan": "throttle", "daily_quota": True}, "throttle(daily_quota=True)"),
            (
                {"plan": "not_found", "operations": ["GetTemplate"], "resource": "template"},
                "not_found('GetTemplate', resource='template')",
            ),
            (
                {
                    "plan": "fail",
                    "operation": "SendEmail",
                    "error": "MessageRejected",
                    "to": "a@b.c",
                },
                "fail('SendEmail', 'MessageRejected', to='a@b.c')",
            ),
            (
                {
                    "plan": "fail",
                    "operation": "SendEmail",
                    "error": {"type": "Timeout", "kind": "connect"},
                },
                "fail('SendEmail', Timeout(kind='connect'))",
            ),
            (
                {
                    "plan": "fail",
                    "operation": "SendEmail",
                    "error": {"type": "Delay", "seconds": 2},
                },
                "fail('SendEmail', Delay(seconds=2))",
            ),
            (
                {"plan": "bulk_status", "status": "FAILED", "index": 1},
                "bulk_status('FAILED', index=1)",
            ),
        ],
    )
    def test_plan(self, backend, client, body, planned):
        """Each plan takes its own arguments, in JSON."""
        answer = client("POST", "/_ses/failures", body)
        assert [planned] == [failure.planned for failure in backend.rules]
        assert (201, 1, body["plan"], planned, body.get("times"), 0) == (
            answer.status,
            *(answer.json[name] for name in ("id", "plan", "planned", "times", "happened")),
        )

    @pytest.mark.filterwarnings("ignore::pytest_ses.UnmodelledErrorWarning")
    def test_warning(self, backend, client):
        """An error that SES does not have is planned, and the response has the warning."""
        plan = {"plan": "fail", "operation": "sesv2:SendEmail", "optional": True}
        own = client("POST", "/_ses/failures", {**plan, "error": "MyOwn"})
        assert 201 == own.status
        text = "the model of sesv2:SendEmail does not declare the error 'MyOwn'; expected one of"
        assert own.json["warning"].startswith(text)
        known = client("POST", "/_ses/failures", {**plan, "error": "MessageRejected"})
        assert (201, None) == (known.status, known.json["warning"])

    def test_list_and_withdraw(self, backend, client):
        """The list shows how often a failure happened; a withdrawn one is neither applied nor listed."""
        planned = {"plan": "throttle", "times": 2}
        first = client("POST", "/_ses/failures", planned).json["id"]
        second = client("POST", "/_ses/failures", {"plan": "throttle"}).json["id"]
        assert 429 == client.send().status
        failures = client("GET", "/_ses/failures").json["failures"]
        assert [(first, 1), (second, 0)] == [(each["id"], each["happened"]) for each in failures]
        assert first == client("DELETE", f"/_ses/failures/{first}", {}).json["id"]
        assert [second] == [each["id"] for each in client("GET", "/_ses/failures").json["failures"]]
        answer = client("DELETE", f"/_ses/failures/{first}", {})
        assert 404 == answer.status
        assert "there is no planned failure 1; GET /_ses/failures lists them" == answer.error
        backend.rules[1].remove()

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({"plan": "throtle"}, "unknown plan 'throtle'; did you mean 'throttle'?"),
            ({"plan": "throttle", "operations": "SendEmail"}, "operations='SendEmail' is invalid"),
            (
                {"plan": "throttle", "operation": "SendEmail"},
                "unknown member 'operation'; expected 'operations', a list of names",
            ),
            ({"plan": "throttle", "tims": 1}, "unknown argument 'tims'; did you mean 'times'?"),
            ({"plan": "throttle", "times": 0}, "times=0 is invalid"),
            ({"plan": "fail", "operation": "SendEmail"}, "the body requires 'error'"),
            (
                {"plan": "fail", "operation": "SendEmail", "error": {"type": "Timeot"}},
                "unknown type 'Timeot'; did you mean 'Timeout'?",
            ),
            (
                {"plan": "fail", "operation": "SendEmail", "error": {"type": "Timeout", "sort": 1}},
                "unknown member 'sort'; expected kind",
            ),
            (
                {"plan": "fail", "operation": "SendEmail", "error": {"type": "Delay"}},
                "Delay requires 'seconds'",
            ),
            (
                {"plan": "fail", "operation": ["SendEmail"], "error": "MessageRejected"},
                "operation=['SendEmail'] is invalid; expected a name such as 'SendEmail'",
            ),
            (
                {"plan": "throttle", "when": "lambda call: True"},
                "when requires a function, so it can be planned only in Python",
            ),
            ({"plan": "throttle", "daily_quota": 1}, "expected true or false"),
            ({"plan": "throttle", "optional": 5}, "expected true or false"),
            ({"plan": "throttle", "times": True}, "times=true is invalid; expected an integer"),
            ({"plan": "throttle", "to": 5}, "to=5 is invalid; expected an address or a list of"),
            (
                {"plan": "throttle", "template": 5},
                "template=5 is invalid; expected a name as a string",
            ),
            (
                {"plan": "fail", "operation": "SendEmail", "error": None},
                "error=null is invalid; expected a code such as 'MessageRejected' or a network failure "
                'such as {"type": "Timeout"}',
            ),
            (
                {"plan": "fail", "operation": "SendEmail", "error": "MessageReject"},
                'For a code of your own, add the member "status"',
            ),
            (
                # A warning, which is an error in this project.
                {"plan": "fail", "operation": "sesv2:SendEmail", "error": "CannotDelete"},
                "the model of sesv2:SendEmail does not declare the error 'CannotDelete'",
            ),
        ],
    )
    def test_invalid(self, backend, client, body, error):
        """The error is that of the plan."""
        answer = client("POST", "/_ses/failures", body)
        assert 400 == answer.status
        assert error in answer.error


class TestState:
    def test_identities(self, client, server):
        """Identities are verified in every region."""
        with SESBackend() as backend, server.session(backend):
            answer = client("POST", "/_ses/identities", {"identities": ["example.net"]})
            assert (200, {"identities": ["example.net"]}) == (answer.status, answer.json)
            assert backend.account("eu-west-1").identities["example.net"].verified

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({}, 'the body {} is invalid; expected {"identities": ["example.com"]}'),
            (
                {"identities": "a.example"},
                'the body {"identities": "a.example"} is invalid; expected',
            ),
            ({"identities": ["a.example"], "region": "eu-west-1"}, "is invalid; expected"),
            ({"identities": []}, 'the body {"identities": []} is invalid; expected'),
            ({"identities": [5]}, 'the body {"identities": [5]} is invalid; expected'),
            ({"identities": ["@b"]}, "identities: '@b' is invalid; expected an address"),
            (
                {"identities": ["a..b@example.com"]},
                "Invalid email address<a..b@example.com>.",
            ),
        ],
    )
    def test_invalid_identities(self, backend, client, body, error):
        """Something else than a list of identities is an error, and so is what SES rejects."""
        answer = client("POST", "/_ses/identities", body)
        assert 400 == answer.status
        assert error in answer.error

    def test_clock(self, backend, client):
        """The virtual clock moves forward."""
        before = backend.clock.now()
        answer = client("POST", "/_ses/clock", {"hours": 24, "minutes": 1})
        assert 86_460 <= (backend.clock.now() - before).total_seconds()
        assert answer.json["now"][:10] == f"{backend.clock.now():%Y-%m-%d}"

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({}, 'the body is invalid; expected units such as {"hours": 24}'),
            ({"hour": 1}, "unknown unit 'hour'; did you mean 'hours'?"),
            ({"hours": "1"}, "hours='1' is invalid; expected a number"),
            ({"hours": True}, "hours=true is invalid; expected a number"),
            ({"seconds": float("nan")}, "seconds=nan is invalid; expected a finite number"),
            ({"seconds": float("inf")}, "seconds=inf is invalid; expected a finite number"),
            (
                {"days": 99999999},
                "99999999 days, 0:00:00 is too large; the last year of the clock is",
            ),
            ({"hours": -1}, "the clock cannot be moved back by 1:00:00"),
            ({"weeks": 1e300}, "weeks=1e+300 is too large; the last year of the clock is 9999"),
        ],
    )
    def test_invalid_clock(self, backend, client, body, error):
        """The units are those of `Clock.advance`."""
        answer = client("POST", "/_ses/clock", body)
        assert 400 == answer.status
        assert error in answer.error

    def test_reset(self, backend, client):
        """Everything returns to the initial state, and planned failures end."""
        client.send()
        client("POST", "/_ses/failures", {"plan": "throttle", "optional": True})
        answer = client("POST", "/_ses/reset", b"", {"Content-Type": "application/json"})
        assert (200, {}) == (answer.status, answer.json)
        assert ([], []) == (list(backend.outbox), list(backend.calls))
        assert {"failures": []} == client("GET", "/_ses/failures").json


class TestRequests:
    @pytest.mark.parametrize(
        ("method", "path", "body", "text"),
        [
            (
                "DELETE",
                "/_ses/messages?to=ada@example.org",
                {},
                "the query string 'to=ada@example.org' has no effect on DELETE /_ses/messages",
            ),
            (
                "GET",
                "/_ses/calls?to=x",
                None,
                "the query string 'to=x' has no effect on GET /_ses/calls",
            ),
            (
                "POST",
                "/_ses/reset",
                {"hours": 1},
                'the body {"hours": 1} has no effect; expected {}',
            ),
        ],
    )
    def test_without_effect(self, backend, client, method, path, body, text):
        """What a request asks for in vain is an error, and nothing happens."""
        client("POST", OUTBOUND, SEND)
        answer = client(method, path, body)
        assert (400, text) == (answer.status, answer.json["error"])
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize(
        ("method", "path", "status", "error"),
        [
            ("GET", "/_ses/mesages", 404, "did you mean '/_ses/messages'?"),
            (
                "GET",
                "/_ses/%ff",
                404,
                "/_ses/%ff does not exist; expected one of /_ses, /_ses/messages, /_ses/messages/ID, "
                "/_ses/messages/ID/raw, /_ses/messages/ID/html, /_ses/messages/ID/attachments/0, "
                "/_ses/calls, /_ses/events, /_ses/identities, /_ses/failures, /_ses/failures/ID, "
                "/_ses/clock, /_ses/reset",
            ),
            ("POST", "/_ses/messages", 405, "is not supported; expected DELETE, GET"),
            ("OPTIONS", "/_ses/messages", 405, "is not supported; expected DELETE, GET"),
            ("GET", "/_ses/clock", 405, "is not supported; expected POST"),
        ],
    )
    def test_route(self, backend, client, method, path, status, error):
        """An unknown path or method is an error that names the right one."""
        answer = client(method, path)
        assert status == answer.status
        assert error in answer.error
        assert (status == 405) == ("Allow" in answer.headers)

    @pytest.mark.parametrize("method", ["POST", "DELETE"])
    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", ""]
    )
    def test_content_type(self, backend, client, method, content_type):
        """A change needs the content type of JSON, which no form of another website has."""
        client.send()
        path = "/_ses/messages" if method == "DELETE" else "/_ses/reset"
        answer = client(method, path, b"{}", {"Content-Type": content_type})
        assert 415 == answer.status
        assert "add the header Content-Type: application/json" in answer.error
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (b"{", "the body is not valid JSON: "),
            (b"\xff", "the body is not valid JSON: "),
            (b"[" * 100_000, "the body is not valid JSON: "),
            (b"[1]", "the body [1] is invalid; expected an object"),
        ],
    )
    def test_invalid_json(self, backend, client, body, error):
        """A body that is not a JSON object is an error."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = client("POST", "/_ses/clock", body, headers)
        assert 400 == answer.status
        assert answer.error.startswith(error)

    def test_backend_without_activation(self, server, client):
        """The endpoint serves a backend that handles no boto3 clients."""
        backend = SESBackend(verified=["*"])
        with server.session(backend) as endpoint:
            client.send()
            keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
            ses = boto3.client("sesv2", region_name="eu-west-1", endpoint_url=endpoint.url, **keys)
            ses.get_account()
        assert ["SendEmail", "GetAccount"] == [call.operation for call in backend.calls]
        assert "eu-west-1" == backend.calls[1].region
