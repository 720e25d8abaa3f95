"""Requests to the API through the endpoint: accounts, regions, and clients in other processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from urllib.parse import urlencode

import boto3
import pytest
import requests
from http_clients import OUTBOUND

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SCOPE = (
    "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/{}/ses/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


def form(action, **parameters):
    """The body of a call to v1."""
    return urlencode({"Action": action, **parameters}).encode()


class TestOrigins:
    def test_signature(self, backend, client):
        """Account and region are those of the signature."""
        own = SCOPE.format("eu-west-1")
        other = backend.account(account_id="111122223333").credentials.aws_access_key_id
        for authorization in (own, own.replace("AKIAEXAMPLE", other)):
            client.send(Authorization=authorization)
        assert [("123456789012", "eu-west-1"), ("111122223333", "eu-west-1")] == [
            (call.account_id, call.region) for call in backend.calls
        ]

    def test_unsigned(self, backend, client):
        """An unsigned request is for the account of the test; v1 with or without a version."""
        client.send()
        for version in ({}, {"Version": "2010-12-01"}):
            body = form("GetSendQuota", **version)
            assert b"<SentLast24Hours>1.0<" in client("POST", "/", body, FORM).body
        assert b"Max24HourSend" in client("GET", "/?Action=GetSendQuota").body
        services = [(call.service, call.region) for call in backend.calls]
        assert [("sesv2", "us-east-1"), *[("ses", "us-east-1")] * 3] == services

    @pytest.mark.parametrize("body", [b"", form("SendPigeon"), form("GetSendQuota", Version="1")])
    def test_invalid_form(self, backend, client, body):
        """A form that SES rejects receives SES's error."""
        answer = client("POST", "/", body, FORM)
        assert b"<ErrorResponse" in answer.body

    def test_hosts_of_ses(self, backend, client):
        """A client that only redirects the connection sends SES's host, which has the region."""
        host = "email.eu-central-1.amazonaws.com"
        client("POST", "/", form("GetSendQuota"), {**FORM, "Host": host})
        client.send(Host=host)
        # As its proxy, the endpoint receives whole URLs.
        client("POST", f"http://{host}/", form("GetSendQuota"), {**FORM, "Host": host})
        assert ["eu-central-1"] * 3 == [call.region for call in backend.calls]

    def test_path_of_endpoint(self, backend, client):
        """The URL of the endpoint may have a path."""
        answer = client("GET", "/dev/ses/v2/email/account")
        assert 200 == answer.status
        authorization = {"Authorization": SCOPE.format("us-east-1")}
        answer = client("POST", "/dev/ses", form("GetSendQuota"), {**FORM, **authorization})
        assert 200 == answer.status

    @pytest.mark.parametrize(("method", "path"), [("GET", "/bucket/key"), ("POST", "/")])
    def test_other_service(self, backend, client, method, path):
        """A request for another service is an error that says what the endpoint serves."""
        headers = {"Authorization": SCOPE.format("us-east-1").replace("/ses/", "/sqs/")}
        answer = client(method, path, form("ListQueues"), headers)
        assert 404 == answer.status
        assert f"{method} {path} is not a request for SES; this endpoint serves" in answer.error
        assert [] == list(backend.calls)

    def test_mail_manager(self, backend, client):
        """Mail Manager is signed as SES, and is not supported."""
        headers = {
            "Host": "email.us-east-1.amazonaws.com",
            "X-Amz-Target": "MailManagerSvc.ListRelays",
            "Authorization": SCOPE.format("us-east-1"),
        }
        answer = client("POST", "/", {}, headers)
        assert 501 == answer.status
        assert "pytest-ses does not support SES Mail Manager" in answer.error

    @pytest.mark.parametrize("path", ["/", "/?"])
    def test_front_page(self, backend, client, path):
        """A browser that opens the address is redirected to the messages."""
        answer = client("GET", path)
        assert (302, "/_ses") == (answer.status, answer.headers["Location"])


JAVASCRIPT = """
const v1 = require("@aws-sdk/client-ses");
const v2 = require("@aws-sdk/client-sesv2");
const nodemailer = require("nodemailer");

const [ses, sesv2] = [new v1.SESClient(), new v2.SESv2Client()];
const transport = nodemailer.createTransport({
  SES: { sesClient: sesv2, SendEmailCommand: v2.SendEmailCommand },
});
const to = "ada@example.org";
const subject = { Data: "v1" };
const text = { Text: { Data: "Hi" } };

async function main() {
  await ses.send(new v1.SendEmailCommand({
    Source: "news@example.com",
    Destination: { ToAddresses: [to] },
    Message: { Subject: subject, Body: text },
  }));
  await transport.sendMail({ from: "news@example.com", to, subject: "Nodemailer", text: "Hi" });
  await sesv2.send(new v2.SendEmailCommand({
    FromEmailAddress: "eve@example.net",
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: subject, Body: text } },
  }));
}

main().catch((error) => console.log(error.name, error.message));
"""


class TestClients:
    @pytest.fixture(autouse=True)
    def _verified(self, ses_backend):
        ses_backend.verify("example.com")

    def test_subprocess(self, ses_endpoint, tmp_path):
        """A subprocess inherits the environment; both APIs reach the account of the test."""
        script = (
            "import boto3\n"
            "boto3.client('ses').send_email(Source='news@example.com', "
            "Destination={'ToAddresses': ['ada@example.org']}, "
            "Message={'Subject': {'Data': 'v1'}, 'Body': {'Text': {'Data': 'Hi'}}})\n"
            "print(boto3.client('sesv2').get_account()['SendQuota']['SentLast24Hours'])\n"
        )
        output = subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True, text=True
        ).stdout
        assert "1.0\n" == output
        assert "v1" == ses_endpoint.backend.outbox.last.subject

    def test_client_of_this_process(self, ses_endpoint, monkeypatch):
        """boto3 in this process reaches the backend without HTTP, whatever the environment says."""
        assert ses_endpoint.url == os.environ["AWS_ENDPOINT_URL_SESV2"]
        monkeypatch.setattr("pytest_ses.endpoint.application.respond", None)
        boto3.client("sesv2").get_account()
        assert ["GetAccount"] == [call.operation for call in ses_endpoint.backend.calls]

    def test_requests(self, ses_endpoint):
        """`requests` reaches the control plane over HTTP."""
        assert [] == requests.get(f"{ses_endpoint}/_ses/messages", timeout=10).json()["messages"]

    @pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
    def test_curl(self, ses_endpoint):
        """A request that curl signs is for the region of its signature."""
        url = f"{ses_endpoint}/v2/email/account"
        keys = "AKIAEXAMPLE:secret"
        command = ["curl", "-sf", "--aws-sigv4", "aws:amz:eu-west-1:ses", "--user", keys, url]
        subprocess.run(command, check=True, capture_output=True)
        assert "eu-west-1" == ses_endpoint.backend.calls[-1].region

    @pytest.mark.skipif(shutil.which("aws") is None, reason="the AWS CLI is not installed")
    def test_aws_cli(self, ses_endpoint):
        """The AWS CLI finds the endpoint in the environment."""
        if subprocess.run(["aws", "--version"], check=False, capture_output=True).returncode != 0:
            pytest.skip("the AWS CLI of another Python is not available to this one")
        command = ["aws", "sesv2", "send-email", "--from-email-address", "news@example.com"]
        command += ["--destination", "ToAddresses=ada@example.org"]
        command += ["--content", "Simple={Subject={Data=CLI},Body={Text={Data=Hi}}}"]
        subprocess.run(command, check=True, capture_output=True)
        assert "CLI" == ses_endpoint.backend.outbox.last.subject

    def test_javascript(self, ses_endpoint):
        """The SDK for JavaScript and Nodemailer find the endpoint in the environment."""
        node = shutil.which("node")
        packages = "['client-ses', 'client-sesv2'].map((name) => require(`@aws-sdk/${name}`))"
        check = [node, "-e", f"{packages}; require('nodemailer')"]
        if not node or subprocess.run(check, check=False, capture_output=True).returncode != 0:
            pytest.skip(
                "Node or its packages are not installed (npm install nodemailer @aws-sdk/client-ses "
                "@aws-sdk/client-sesv2; NODE_PATH)"
            )
        output = subprocess.run(
            [node, "-e", JAVASCRIPT], check=True, capture_output=True, text=True, timeout=30
        ).stdout
        assert ["v1", "Nodemailer"] == [sent.subject for sent in ses_endpoint.backend.outbox]
        assert output.startswith("MessageRejected Email address is not verified.")

    def test_proxy(self, ses_endpoint, monkeypatch):
        """Requests to the endpoint do not go through a proxy of the environment."""
        assert "NO_PROXY" not in ses_endpoint.environment or os.environ.get("HTTP_PROXY")
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("NO_PROXY", "example.org")
        environment = ses_endpoint.environment
        assert {"example.org,127.0.0.1"} == {environment["NO_PROXY"], environment["no_proxy"]}


def test_repr(server, backend):
    """The endpoint shows its URL and its backend."""
    with server.session(backend) as endpoint:
        assert f"<SESEndpoint {endpoint.url} of {backend!r}>" == repr(endpoint)
        assert OUTBOUND not in repr(endpoint)
