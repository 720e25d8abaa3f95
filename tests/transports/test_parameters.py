"""The check of parameters that spares botocore's own check of valid ones."""

from __future__ import annotations

from datetime import datetime, timezone

import boto3
import pytest
import strategies
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ParamValidationError
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from hypothesis import given, strategies as st

from pytest_ses import SESBackend
from pytest_ses.transports import parameters
from pytest_ses.wire import service

REGION = "us-east-1"
SIMPLE = {
    "FromEmailAddress": "news@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hi Ada"}}}},
}
# Containers of each kind, members of each type, and minimums.
OPERATIONS = [
    ("ses", "SendEmail"),
    ("ses", "SendBulkTemplatedEmail"),
    ("ses", "ListTemplates"),
    ("sesv2", "SendEmail"),
    ("sesv2", "SendBulkEmail"),
    ("sesv2", "BatchGetMetricData"),
    ("sesv2", "CreateExportJob"),
    ("sesv2", "CreateDedicatedIpPool"),
    ("sesv2", "PutDedicatedIpWarmupAttributes"),
]
ODD_VALUES = [
    *(None, "", 0, -1, 1.5, True, b"", (), [], {}, [None], {"Unknown": "x"}, {1: "x"}),
    *(
        float("nan"),
        object(),
        datetime(2026, 1, 1, tzinfo=timezone.utc),
        "\ud800",
        type("Text", (str,), {})("x"),
    ),
]
# Types that no parameter of SES has, and limits on numbers.
MODEL = ServiceModel(
    {
        "metadata": {"protocol": "json", "apiVersion": "1"},
        "operations": {},
        "shapes": {
            "Text": {"type": "string"},
            "Short": {"type": "string", "min": 2},
            "Count": {"type": "integer", "min": 1},
            "Number": {"type": "double"},
            "Time": {"type": "timestamp"},
            "Bytes": {"type": "blob"},
            "Flag": {"type": "boolean"},
            "Texts": {"type": "list", "member": {"shape": "Text"}, "min": 1},
            "Map": {"type": "map", "key": {"shape": "Short"}, "value": {"shape": "Flag"}},
            "Union": {"type": "structure", "union": True, "members": {"A": {"shape": "Text"}}},
            "Document": {"type": "structure", "document": True, "members": {}},
            "Tree": {
                "type": "structure",
                "required": ["Name"],
                "members": {"Name": {"shape": "Text"}, "Children": {"shape": "Trees"}},
            },
            "Trees": {"type": "list", "member": {"shape": "Tree"}},
        },
    }
)


def is_certain(shape, value):
    """Whether the check of a shape of the model above finds a value certainly valid."""
    return parameters._compile(MODEL.shape_for(shape))(value)


@st.composite
def altered(draw, operation):
    """Parameters of an operation, of which one may have been replaced by an odd value."""
    params = draw(strategies.params(operation) | strategies.wild_params(operation))
    places, containers = [], [params]
    while containers:
        container = containers.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        places += [(container, key) for key in keys]
        containers += [container[key] for key in keys if isinstance(container[key], (dict, list))]
    if places and draw(st.booleans()):
        container, key = draw(st.sampled_from(places))
        container[key] = draw(st.sampled_from(ODD_VALUES))
    return params


@pytest.mark.parametrize(("service_name", "name"), OPERATIONS)
def test_botocore_agrees(service_name, name):
    """What is certainly valid is valid for botocore."""
    operation = service(service_name).operation(name)
    check = parameters._compile(operation.input)

    @given(altered(operation))
    def agrees(params):
        if check(params):
            assert not ParamValidator().validate(params, operation.input).has_errors()

    agrees()


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("Text", ""),
        ("Short", "ab"),
        ("Number", 1.5),
        ("Time", datetime(2026, 1, 1, tzinfo=timezone.utc)),
        ("Bytes", b"x"),
        ("Flag", False),
        ("Texts", ["x", ""]),
        ("Texts", ("x",)),
        ("Map", {"ab": True}),
        ("Tree", {"Name": "a", "Children": [{"Name": "b", "Children": []}]}),
    ],
)
def test_certainly_valid(shape, value):
    """Values of the usual types are certainly valid."""
    assert is_certain(shape, value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("Text", None),
        ("Text", type("Text", (str,), {})("x")),
        ("Short", "a"),
        ("Count", 0),
        ("Count", 1),
        ("Number", 1),
        ("Time", "2026-01-01"),
        ("Texts", []),
        ("Texts", [None]),
        ("Texts", {"x"}),
        ("Map", {"a": True}),
        ("Map", {"ab": None}),
        ("Map", []),
        ("Union", {"A": "x"}),
        ("Document", {}),
        ("Tree", {}),
        ("Tree", []),
        ("Tree", {"Name": "a", "Unknown": "x"}),
        ("Tree", {"Name": "a", "Children": [{}]}),
    ],
)
def test_left_to_botocore(shape, value):
    """Invalid values are not certainly valid, nor are valid ones of unusual types."""
    assert not is_certain(shape, value)


class TestClients:
    @pytest.fixture(autouse=True)
    def _backend(self):
        with SESBackend(verified=["*"]):
            yield

    @pytest.fixture
    def checked(self, monkeypatch):
        """The parameters that botocore has checked."""
        checked, validate = [], ParamValidator.validate

        def record(validator, params, shape):
            checked.append(params)
            return validate(validator, params, shape)

        monkeypatch.setattr(ParamValidator, "validate", record)
        return checked

    def test_second_call(self, checked):
        """Only the first call of a client is checked by botocore, because many clients make one call."""
        for client in (boto3.client("sesv2", REGION), boto3.client("sesv2", REGION)):
            for _ in range(3):
                client.send_email(**SIMPLE)

        assert checked == [SIMPLE, SIMPLE]

    def test_error_is_botocores(self):
        """An invalid parameter has the same error in each call, with its path."""
        client, texts = boto3.client("sesv2", REGION), []
        for _ in range(3):
            with pytest.raises(ParamValidationError) as caught:
                client.send_email(Content={"Simple": {"Subject": {"Data": 5}}}, Unknown="x")
            texts.append(str(caught.value))

        assert "Invalid type for parameter Content.Simple.Subject.Data, value: 5" in texts[0]
        assert [texts[0]] * 3 == texts

    def test_operation_without_parameters(self):
        """An operation whose model has no input can be called again."""
        client = boto3.client("ses", REGION)
        quotas = [client.get_send_quota()["Max24HourSend"] for _ in range(3)]
        assert [50_000.0] * 3 == quotas

    def test_unchecked(self, checked):
        """The parameters of a client that does not want them checked are not checked."""
        client = boto3.client("sesv2", REGION, config=Config(parameter_validation=False))
        for _ in range(3):
            client.send_email(**SIMPLE)

        assert checked == []

    def test_other_services(self, checked):
        """Parameters of another service are checked by botocore only."""
        client = boto3.client("sns", REGION)
        client.meta.events.register("before-send", lambda **_: _answer())
        for _ in range(3):
            client.list_topics()

        assert checked == [{}, {}, {}]


def _answer():
    """An empty response of SNS."""
    response = AWSResponse("https://sns.us-east-1.amazonaws.com/", 200, {}, None)
    response._content = b"<ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>"
    return response
