"""boto3 clients that reach the backend, and what is restored afterwards."""

from __future__ import annotations

import gzip
import os
import re
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import boto3
import botocore.httpsession
import botocore.session
import botocore.signers
import pytest
from botocore.awsrequest import AWSRequest
from botocore.compat import HAS_CRT
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError
from moto import mock_aws

from pytest_ses import SESBackend, origins
from pytest_ses.transports import recognition
from pytest_ses.wire import Request

SERVICES = ["ses", "sesv2"]
IDENTITY = {"ses": "verify_email_identity", "sesv2": "create_email_identity"}
PARAMETER = {"ses": "EmailAddress", "sesv2": "EmailIdentity"}

SUPPORTED_BY_MOTO = {"ses": "list_identities", "sesv2": "list_contact_lists"}

# The other services that sign as SES; an older botocore has only one of them.
OTHER_SERVICES = [
    ("mailmanager", "list_archives", "Mail Manager"),
    ("pinpoint-email", "get_account", "Pinpoint Email"),
]
AVAILABLE = botocore.session.get_session().get_available_services()

KEYS = {"aws_access_key_id": "AKIAOWN", "aws_secret_access_key": "own"}


def register(client, address="ada@example.com"):
    """Call an operation of either API that changes the state of its account."""
    service = client.meta.service_model.service_name
    getattr(client, IDENTITY[service])(**{PARAMETER[service]: address})


@pytest.fixture
def bare_environment(monkeypatch, tmp_path):
    """An environment without AWS credentials, region or profile."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.mark.parametrize("service", SERVICES)
class TestClients:
    def test_created_before(self, service):
        """A client created before the backend reaches it."""
        client = boto3.client(service, region_name="us-east-1", **KEYS)
        with SESBackend() as backend:
            register(client)
        assert ["ada@example.com"] == list(backend.account().identities)

    def test_created_without_credentials(self, service, bare_environment):
        """A client without credentials signs with those of the backend."""
        client = boto3.client(service, region_name="us-east-1")
        with pytest.raises(NoCredentialsError):
            register(client)
        with SESBackend(account_id="111122223333") as backend:
            register(client)
        assert "111122223333" == backend.calls[-1].account_id

    def test_expired_credentials(self, service):
        """Expired credentials are not refreshed over the network."""
        from botocore.credentials import DeferredRefreshableCredentials

        session = botocore.session.Session()
        session._credentials = DeferredRefreshableCredentials(
            lambda: pytest.fail("tried to fetch credentials"), "test"
        )
        client = session.create_client(service, region_name="us-east-1")
        with SESBackend() as backend:
            register(client)
        assert 1 == len(backend.calls)

    def test_with_endpoint(self, service):
        """A client with an endpoint URL reaches the backend, whatever the path of the URL."""
        client = boto3.client(
            service, region_name="eu-west-1", endpoint_url="http://localhost:4566/aws", **KEYS
        )
        with SESBackend() as backend:
            register(client)
        assert ["ada@example.com"] == list(backend.account("eu-west-1").identities)

    def test_in_another_thread(self, service):
        """A client in another thread reaches the backend."""
        with SESBackend() as backend:
            thread = threading.Thread(
                target=lambda: register(boto3.Session().client(service, region_name="us-east-1"))
            )
            thread.start()
            thread.join()
        assert ["ada@example.com"] == list(backend.account().identities)

    def test_default_session(self, service):
        """The default session works in and outside the backend, and keeps no fake credentials."""
        before = boto3.DEFAULT_SESSION
        with SESBackend() as backend:
            register(boto3.client(service, region_name="us-east-1"))
            assert backend.calls
        assert before in (None, boto3.DEFAULT_SESSION)
        assert boto3.DEFAULT_SESSION._session._credentials is None


@pytest.mark.parametrize("service", SERVICES)
class TestAccounts:
    def test_separated_by_credentials(self, service):
        """The credentials of an account select that account."""
        with SESBackend() as backend:
            keys = backend.account(account_id="999988887777").credentials
            register(
                boto3.client(
                    service,
                    region_name="us-east-1",
                    aws_access_key_id=keys.aws_access_key_id,
                    aws_secret_access_key=keys.aws_secret_access_key,
                )
            )
        assert [] == list(backend.account().identities)
        assert ["ada@example.com"] == list(backend.account(account_id="999988887777").identities)

    def test_client_of_an_earlier_test(self, service):
        """A client created in one test reaches the account of the next test."""
        with SESBackend():
            client = boto3.client(service, region_name="us-east-1")
            register(client)
        with SESBackend(account_id="111122223333") as backend:
            register(client)
        assert "111122223333" == backend.calls[-1].account_id

    def test_separated_by_region(self, service):
        """Each region has its own state."""
        with SESBackend() as backend:
            register(boto3.client(service, region_name="eu-west-1"))
        assert [] == list(backend.account("us-east-1").identities)
        assert ["ada@example.com"] == list(backend.account("eu-west-1").identities)

    def test_keys_of_motos_sts(self, service):
        """Credentials of a role assumed through moto's STS select the account of the role."""
        with mock_aws(), SESBackend() as backend:
            role = boto3.client("sts", region_name="us-east-1").assume_role(
                RoleArn="arn:aws:iam::555566667777:role/mailer", RoleSessionName="test"
            )
            keys = role["Credentials"]
            register(
                boto3.client(
                    service,
                    region_name="us-east-1",
                    aws_access_key_id=keys["AccessKeyId"],
                    aws_secret_access_key=keys["SecretAccessKey"],
                    aws_session_token=keys["SessionToken"],
                )
            )
        assert "555566667777" == backend.calls[-1].account_id


@pytest.mark.parametrize("service", SERVICES)
class TestMoto:
    def test_moto_first(self, service):
        """In an active mock_aws, SES is handled by the backend and other services by moto."""
        with mock_aws(), SESBackend() as backend:
            register(boto3.client(service, region_name="us-east-1"))
            boto3.client("sns", region_name="us-east-1").create_topic(Name="topic")
        assert 1 == len(backend.calls)

    def test_moto_second(self, service):
        """A mock_aws that starts later does not take over SES."""
        with SESBackend() as backend, mock_aws():
            register(boto3.client(service, region_name="us-east-1"))
            boto3.client("sns", region_name="us-east-1").create_topic(Name="topic")
        assert 1 == len(backend.calls)

    def test_moto_with_settings(self, service):
        """A mock_aws with its own settings does not take over SES."""
        config = {"core": {"passthrough": {"services": ["s3"]}}}
        with SESBackend() as backend, mock_aws(config=config):
            register(boto3.client(service, region_name="us-east-1"))
            assert ["s3"] == config["core"]["passthrough"]["services"][:1]
        assert 1 == len(backend.calls)

    def test_moto_afterwards(self, service):
        """After the backend, moto handles SES again."""
        with mock_aws():
            client = boto3.client(service, region_name="us-east-1")
            with SESBackend() as backend:
                register(client)
            getattr(client, SUPPORTED_BY_MOTO[service])()
        assert 1 == len(backend.calls)


def handled_by_moto_4(monkeypatch, pattern):
    """Make moto look like moto 4 with a mock of the service that has a URL pattern."""
    stubber = SimpleNamespace(enabled=True, methods={"POST": [(re.compile(pattern), None)]})
    monkeypatch.delitem(sys.modules, "moto.core.config")
    monkeypatch.setattr("moto.core.models.botocore_stubber", stubber)
    return stubber


@pytest.mark.parametrize("service", SERVICES)
class TestMoto4:
    """moto 4 and older, which cannot pass SES requests through."""

    @pytest.mark.parametrize(
        "pattern",
        [
            r"https?://email\.(.+)\.amazonaws\.com/?$",
            r"https?://email\.(.+)\.com/v2/email/identities$",
        ],
    )
    def test_handles_ses(self, monkeypatch, service, pattern):
        """If it handles SES, the first call raises an error that names its version."""
        handled_by_moto_4(monkeypatch, pattern)
        with SESBackend() as backend:
            client = boto3.client(service, region_name="us-east-1")
            text = rf"moto {re.escape(version('moto'))} handles the SES requests .*moto>=5\.0"
            with pytest.raises(RuntimeError, match=text):
                register(client)
        assert [] == backend.calls

    def test_handles_others(self, monkeypatch, service):
        """If it handles another service only, pytest-ses handles SES."""
        handled_by_moto_4(monkeypatch, r"https?://s3\.(.+)\.amazonaws\.com")
        with SESBackend() as backend:
            register(boto3.client(service, region_name="us-east-1"))
        assert 1 == len(backend.calls)

    def test_is_inactive(self, monkeypatch, service):
        """If it handles nothing at the moment, pytest-ses handles SES."""
        handled_by_moto_4(monkeypatch, ".*").enabled = False
        with SESBackend() as backend:
            register(boto3.client(service, region_name="us-east-1"))
        assert 1 == len(backend.calls)


def test_dkim_path_of_older_models():
    """The path that older models have for an operation of v2 is not taken for Pinpoint Email's."""
    url = "https://email.us-east-1.amazonaws.com/v1/email/identities/example.com/dkim/signing"
    signature = (
        "AWS4-HMAC-SHA256 Credential=AKIAOWN/20261121/us-east-1/ses/aws4_request, Signature=0"
    )
    headers = {"authorization": signature}
    assert recognition.is_for_ses(url, headers)
    assert "sesv2" == origins.resolve_api(Request("PUT", url, headers, b"{}"))[0]
    with pytest.raises(NotImplementedError, match="pinpoint-email"):
        recognition.is_for_ses(url.removesuffix("/signing"), headers)


@pytest.mark.parametrize(
    ("service", "operation", "name"),
    [row for row in OTHER_SERVICES if row[0] in AVAILABLE],
)
class TestOtherServices:
    """Mail Manager and Pinpoint Email, which sign as SES but are not handled by the backend."""

    @pytest.fixture(name="sent")
    def _sent(self, monkeypatch):
        """The URLs of the requests that would have been sent."""
        urls = []

        def send(session, request):
            urls.append(request.url)
            raise ConnectionError

        monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
        return urls

    def test_refused(self, sent, service, operation, name):
        """A request that would go to AWS fails and names the service."""
        with SESBackend() as backend:
            client = boto3.client(service, region_name="us-east-1")
            with pytest.raises(NotImplementedError, match=f"does not support .*{name}"):
                getattr(client, operation)()
        assert ([], []) == (sent, list(backend.calls))

    def test_own_endpoint(self, sent, service, operation, name):
        """A request to an endpoint URL outside AWS is sent there."""
        config = Config(retries={"total_max_attempts": 1})
        with SESBackend() as backend:
            client = boto3.client(
                service, region_name="us-east-1", endpoint_url="http://localhost:1", config=config
            )
            with pytest.raises(ConnectionError):
                getattr(client, operation)()
        assert (1, []) == (len(sent), list(backend.calls))


def test_services_that_sign_as_ses():
    """No other service signs as SES."""
    data = Path(botocore.__file__).parent / "data"
    names = {
        model.parent.parent.name
        for model in data.glob("*/*/service-2.json.gz")
        if re.search(rb'"signingName"\s*:\s*"ses"', gzip.decompress(model.read_bytes()))
    }
    others = {service for service, *_ in OTHER_SERVICES} & set(AVAILABLE)
    assert {"ses", "sesv2", *others} == names


def send_through_endpoint(endpoint_id, **options):
    """Send a message through a multi-region endpoint; botocore signs it with SigV4a."""
    content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    boto3.client("sesv2", **options).send_email(
        FromEmailAddress="a@example.com",
        Destination={"ToAddresses": ["ada@example.org"]},
        Content=content,
        EndpointId=endpoint_id,
    )


@pytest.mark.skipif(not HAS_CRT, reason="awscrt is disabled in this environment")
class TestAsymmetricSignatures:
    """SigV4a, whose signatures name no region."""

    V4A = Config(signature_version="v4a")

    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"use_fips_endpoint": True},
            {"use_dualstack_endpoint": True},
            {"sigv4a_signing_region_set": "us-west-2,eu-central-1"},
        ],
    )
    def test_region_of_the_host(self, service, options):
        """Without an endpoint URL, the host determines the region."""
        config = self.V4A.merge(Config(**options))
        with SESBackend() as backend:
            register(boto3.client(service, region_name="eu-west-1", config=config))
        assert "eu-west-1" == backend.calls[-1].region

    @pytest.mark.parametrize("service", SERVICES)
    @pytest.mark.parametrize(
        ("region_set", "expected"),
        [
            (None, "eu-west-1"),
            ("us-west-2", "us-west-2"),
            ("us-*,eu-central-1,us-west-2", "eu-central-1"),
            ("us-*", "us-east-2"),
        ],
    )
    def test_region_of_an_endpoint_url(self, service, region_set, expected):
        """With an endpoint URL, the region is that of the client or of its region set."""
        config = self.V4A.merge(Config(sigv4a_signing_region_set=region_set))
        with SESBackend(region="us-east-2") as backend:
            url = "http://localhost:4566"
            register(
                boto3.client(service, region_name="eu-west-1", config=config, endpoint_url=url)
            )
        assert expected == backend.calls[-1].region

    @pytest.mark.parametrize("service", SERVICES)
    def test_account(self, service):
        """The key determines the account, as in other signatures."""
        with SESBackend() as backend:
            keys = backend.account(account_id="999988887777").credentials
            register(
                boto3.client(
                    service,
                    region_name="eu-west-1",
                    config=self.V4A,
                    aws_access_key_id=keys.aws_access_key_id,
                    aws_secret_access_key=keys.aws_secret_access_key,
                )
            )
        assert ("999988887777", "eu-west-1") == (
            backend.calls[-1].account_id,
            backend.calls[-1].region,
        )

    @pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-southeast-2"])
    def test_multi_region_endpoint(self, region):
        """A message sent through a multi-region endpoint is sent in its primary region."""
        with SESBackend(verified=["example.com"]) as backend:
            backend.account("us-east-1")
            endpoint = boto3.client("sesv2", region_name="eu-west-1").create_multi_region_endpoint(
                EndpointName="global", Details={"RoutesDetails": [{"Region": "us-east-1"}]}
            )
            send_through_endpoint(endpoint["EndpointId"], region_name=region)
        assert ["eu-west-1"] == [message.region for message in backend.outbox]
        assert {"eu-west-1"} == {call.region for call in backend.calls}

    def test_missing_multi_region_endpoint(self):
        """An endpoint of another account does not exist."""
        with SESBackend(verified=["example.com"]) as backend:
            keys = backend.account(account_id="999988887777").credentials
            endpoint = boto3.client("sesv2", region_name="us-east-1").create_multi_region_endpoint(
                EndpointName="global", Details={"RoutesDetails": [{"Region": "eu-west-1"}]}
            )
            with pytest.raises(ClientError, match="NotFoundException"):
                send_through_endpoint(
                    endpoint["EndpointId"],
                    region_name="us-east-1",
                    aws_access_key_id=keys.aws_access_key_id,
                    aws_secret_access_key=keys.aws_secret_access_key,
                )
        assert "us-east-1" == backend.calls[-1].region


@pytest.mark.parametrize("service", SERVICES)
class TestWithoutSignature:
    """Clients that do not sign their requests."""

    UNSIGNED = Config(signature_version=botocore.UNSIGNED)

    @pytest.mark.parametrize(
        "url",
        [
            "https://email.eu-west-1.amazonaws.com",
            "https://EMAIL.eu-west-1.amazonaws.com.",
            "https://email-fips.eu-west-1.amazonaws.com",
            "https://email.eu-west-1.api.aws",
            "https://vpce-0a1b2c3d-4e5f.email.eu-west-1.vpce.amazonaws.com",
            "https://vpce-0a1b2c3d-4e5f-eu-west-1a.email.eu-west-1.vpce.amazonaws.com",
        ],
    )
    def test_host_of_ses(self, service, url):
        """A request to any host of SES reaches the backend; the host determines the region."""
        client = boto3.client(
            service, region_name="us-east-1", endpoint_url=url, config=self.UNSIGNED
        )
        with SESBackend() as backend:
            register(client)
        assert "eu-west-1" == backend.calls[-1].region

    @pytest.mark.parametrize(
        "region", ["cn-north-1", "eusc-de-east-1", "us-iso-east-1", "us-gov-west-1"]
    )
    def test_partition(self, service, region):
        """A request to SES's host in any partition reaches the backend."""
        client = boto3.client(service, region_name=region, config=self.UNSIGNED)
        with SESBackend() as backend:
            register(client)
        assert region == backend.calls[-1].region

    @pytest.mark.parametrize("url", ["http://localhost:4566", "http://localhost:4566/aws"])
    def test_endpoint_url(self, service, url):
        """A request to an endpoint URL reaches the default region of the backend."""
        client = boto3.client(
            service, region_name="eu-west-1", endpoint_url=url, config=self.UNSIGNED
        )
        with SESBackend(region="us-east-2") as backend:
            register(client)
        assert "us-east-2" == backend.calls[-1].region


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("s3", "get_object", {"Bucket": "b", "Key": "v2/email/x"}),
        ("sqs", "list_queues", {}),
        ("elasticbeanstalk", "check_dns_availability", {"CNAMEPrefix": "prefix"}),
    ],
)
@pytest.mark.parametrize("url", [None, "http://localhost:4566"])
def test_unsigned_requests_of_other_services(monkeypatch, service, operation, params, url):
    """Unsigned requests of other services do not reach the backend."""
    if service == "s3" and url:
        params = {**params, "Key": "k"}

    def send(session, request):
        raise ConnectionError

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
    config = Config(signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.client(service, region_name="us-east-1", endpoint_url=url, config=config)
    with SESBackend() as backend, pytest.raises(ConnectionError):
        getattr(client, operation)(**params)
    assert [] == list(backend.calls)


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [("ses", "list_identities", b"ListIdentitiesResult"), ("sesv2", "get_account", b"SendQuota")],
)
@pytest.mark.parametrize("url", [None, "http://localhost:4566"])
def test_presigned_url(service, operation, expected, url):
    """A presigned URL reaches the account and region that it was signed for."""
    with SESBackend() as backend:
        keys = backend.account(account_id="999988887777").credentials
        client = boto3.client(
            service,
            region_name="eu-west-1",
            endpoint_url=url,
            aws_access_key_id=keys.aws_access_key_id,
            aws_secret_access_key=keys.aws_secret_access_key,
        )
        request = AWSRequest("GET", client.generate_presigned_url(operation)).prepare()
        response = botocore.httpsession.URLLib3Session().send(request)
    assert 200 == response.status_code
    assert expected in response.content
    assert ("999988887777", "eu-west-1") == (
        backend.calls[-1].account_id,
        backend.calls[-1].region,
    )


def test_presigned_url_of_another_service(monkeypatch):
    """A presigned URL of another service does not reach the backend."""
    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", lambda _, request: request.url)
    with SESBackend() as backend:
        url = boto3.client("sts", region_name="us-east-1").generate_presigned_url(
            "get_caller_identity"
        )
        request = AWSRequest("GET", url).prepare()
        assert url == botocore.httpsession.URLLib3Session().send(request)
    assert [] == list(backend.calls)


class TestBotocore:
    def test_exceptions_retries_and_metadata(self):
        """Errors are botocore's own exceptions, with request ID and status."""
        with SESBackend():
            client = boto3.client("sesv2", region_name="us-east-1")
            with pytest.raises(client.exceptions.NotFoundException) as caught:
                client.get_configuration_set(ConfigurationSetName="absent")
        metadata = caught.value.response["ResponseMetadata"]
        assert 404 == metadata["HTTPStatusCode"]
        assert metadata["RequestId"]
        assert 0 == metadata["RetryAttempts"]

    def test_body_as_a_stream(self):
        """An event handler reads the same body from the stream of a response as from its content."""
        bodies = []

        def read(response, **_):
            http, _ = response
            bodies.append((http.content, b"".join(http.raw.stream())))

        with SESBackend():
            client = boto3.client("sesv2", region_name="us-east-1")
            client.meta.events.register("needs-retry.sesv2.GetAccount", read)
            client.get_account()
        ((content, streamed),) = bodies
        assert b"SendQuota" in content
        assert content == streamed

    def test_retries_are_attempts(self):
        """A throttled call is retried by botocore; each attempt is logged with its number."""
        config = Config(retries={"total_max_attempts": 2, "mode": "standard"})
        with SESBackend(verified=["*"], daily_quota=0) as backend:
            client = boto3.client("ses", region_name="us-east-1", config=config)
            with pytest.raises(ClientError, match="Daily message quota exceeded"):
                client.send_email(
                    Source="a@example.com",
                    Destination={"ToAddresses": ["b@example.com"]},
                    Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
                )
        assert [1, 2] == [call.attempt for call in backend.calls]

    def test_waiter(self):
        """The waiter of SES ends once an identity is verified."""
        with SESBackend(verified=["example.com"]) as backend:
            client = boto3.client("ses", region_name="us-east-1")
            client.get_waiter("identity_exists").wait(Identities=["example.com"])
        assert ["GetIdentityVerificationAttributes"] == [call.operation for call in backend.calls]

    def test_paginator(self):
        """The paginators of SES go through all pages."""
        with SESBackend():
            client = boto3.client("ses", region_name="us-east-1")
            for number in range(5):
                register(client, f"a{number}@example.com")
            pages = client.get_paginator("list_identities").paginate(
                PaginationConfig={"PageSize": 2}
            )
            identities = [name for page in pages for name in page["Identities"]]
        assert {f"a{number}@example.com" for number in range(5)} == set(identities)
        assert 5 == len(identities)


class TestRestoring:
    def test_everything_after_an_error(self, monkeypatch):
        """After an error, the environment, patches and moto's settings are restored."""
        import moto.core.config

        monkeypatch.setenv("AWS_PROFILE", "mine")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
        monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)

        def state():
            return (
                dict(os.environ),
                botocore.httpsession.URLLib3Session.send,
                botocore.signers.RequestSigner.get_auth_instance,
                list(moto.core.config.default_user_config["core"]["passthrough"]["services"]),
            )

        before = state()

        def interrupted():
            with SESBackend(region="eu-west-1"):
                assert state() != before
                assert "eu-west-1" == os.environ["AWS_DEFAULT_REGION"]
                assert "AWS_PROFILE" not in os.environ
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert before == state()

    def test_credentials_of_the_default_session(self, monkeypatch):
        """The default session gets its own credentials back."""
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(**KEYS))
        with SESBackend():
            assert "AKIAOWN" != boto3.DEFAULT_SESSION.get_credentials().access_key
        assert "AKIAOWN" == boto3.DEFAULT_SESSION.get_credentials().access_key

    def test_nested_backends(self):
        """The innermost backend handles calls, then the outer one again."""
        client = boto3.client("ses", region_name="us-east-1", **KEYS)
        with SESBackend() as outer:
            with SESBackend() as inner:
                register(client)
            register(client)
            register(client)
        assert (2, 1) == (len(outer.calls), len(inner.calls))

    def test_crossed_backends(self):
        """Two backends that do not end in reverse order leave nothing behind."""
        send = botocore.httpsession.URLLib3Session.send
        first, second = SESBackend(), SESBackend()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        client = boto3.client("ses", region_name="us-east-1", **KEYS)
        register(client)
        second.__exit__(None, None, None)
        assert (0, 1) == (len(first.calls), len(second.calls))
        assert send is botocore.httpsession.URLLib3Session.send
