"""Model traits that no current model of SES uses."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from botocore.model import ServiceModel

from pytest_ses.wire import Fault, Request, query, rest_json
from pytest_ses.wire.shapes import from_model

TEXT = {"shape": "Text"}
SCALARS = {
    "Text": {"type": "string"},
    "Short": {"type": "string", "max": 2},
    "Ratio": {"type": "double", "min": 0, "max": 1},
    "Flag": {"type": "boolean"},
    "Blob": {"type": "blob", "max": 2},
    "Texts": {"type": "list", "member": TEXT},
    "TextLists": {"type": "list", "member": {"shape": "Texts"}},
    "Items": {
        "type": "list",
        "member": {"shape": "Text", "locationName": "Item"},
        "flattened": True,
    },
    "Rows": {"type": "list", "member": TEXT, "flattened": True},
    "Pairs": {
        "type": "map",
        "key": {"shape": "Text", "locationName": "K"},
        "value": {"shape": "Text", "locationName": "V"},
    },
    "FlatPairs": {"type": "map", "key": TEXT, "value": TEXT, "flattened": True},
    "ShortLists": {"type": "list", "member": {"shape": "Shorts"}},
    "Shorts": {"type": "list", "member": {"shape": "Short"}, "max": 1},
    "Choice": {"type": "structure", "union": True, "members": {"A": TEXT, "B": TEXT}},
}


def model(protocol, members, **http):
    """A service with one operation, `Do`, whose input and output have the same members."""
    return from_model(
        ServiceModel(
            {
                "metadata": {
                    "protocol": protocol,
                    "apiVersion": "1",
                    "xmlNamespace": "urn:x",
                    "endpointPrefix": "x",
                    "serviceId": "x",
                },
                "operations": {
                    "Do": {
                        "name": "Do",
                        "http": {"method": "POST", "requestUri": "/", **http},
                        "input": {"shape": "Input"},
                        "output": {"shape": "Input", "resultWrapper": "DoResult"},
                    }
                },
                "shapes": {**SCALARS, "Input": {"type": "structure", "members": members}},
            },
            "x",
        )
    )


FORM = {
    "Renamed": {"shape": "Text", "locationName": "Other"},
    "Ratio": {"shape": "Ratio"},
    "Blob": {"shape": "Blob"},
    "Flat": {"shape": "Items"},
    "Rows": {"shape": "Rows"},
    "Pairs": {"shape": "Pairs"},
    "FlatPairs": {"shape": "FlatPairs"},
    "Lists": {"shape": "TextLists"},
}
VALUES = {
    "Renamed": "r",
    "Ratio": 0.5,
    "Blob": b"hi",
    "Flat": ["a", "b"],
    "Rows": ["c"],
    "Pairs": {"k": "v", "l": ""},
    "FlatPairs": {"k": "v"},
    "Lists": [["a"], ["b", "c"]],
}


def test_forms_respect_names_and_flattened_containers(sent):
    """A form written by botocore is parsed with locationName, flattened lists and maps."""
    service = model("query", FORM)
    assert query.parse(service, sent(service.operation("Do"), VALUES)) == ("Do", VALUES)


def test_xml_respects_names_and_flattened_containers(received):
    """XML is parsed by botocore with locationName, flattened lists and maps."""
    operation = model("query", FORM).operation("Do")
    parsed = received(operation, query.render(operation, VALUES, "id-1"))
    assert {name: parsed[name] for name in VALUES} == VALUES


@pytest.mark.parametrize("text", ["x", "1e999", "NaN", "Infinity", "\u0661", "1_0"])
def test_a_number_of_a_form_is_finite(text):
    """A value that is not a finite number in ASCII is malformed."""
    body = urlencode({"Action": "Do", "Version": "1", "Ratio": text}).encode()
    with pytest.raises(Fault) as caught:
        query.parse(model("query", FORM), Request("POST", "/", {}, body))
    assert (caught.value.code, caught.value.message) == ("MalformedInput", None)


@pytest.mark.parametrize(
    "field",
    ["Pairs.entry.1.K=k", "Pairs.entry.1.V=v", "Pairs.entry.1=k", "Pairs=k", "FlatPairs.x.key=k"],
)
def test_an_entry_of_a_form_has_a_number_a_key_and_a_value(field):
    """An incomplete entry of a map is malformed."""
    body = f"Action=Do&Version=1&{field}".encode()
    with pytest.raises(Fault) as caught:
        query.parse(model("query", FORM), Request("POST", "/", {}, body))
    assert caught.value.code == "MalformedInput"


def test_a_key_of_a_result_is_a_string():
    """A map with a key that is not a string is rejected."""
    with pytest.raises(TypeError, match="Pairs=1 is invalid; expected a str as the key of a dict"):
        query.render(model("query", FORM).operation("Do"), {"Pairs": {1: "a"}}, "id-1")


LOCATED = {
    "Path": {"shape": "Text", "location": "uri", "locationName": "Path"},
    "End": {"shape": "Text", "location": "uri", "locationName": "End"},
    "Flag": {"shape": "Flag", "location": "querystring", "locationName": "flag"},
    "Header": {"shape": "Text", "location": "header", "locationName": "X-Header"},
}


def located(url, **headers):
    """The parameters of a request whose path has a greedy label."""
    service = model("rest-json", LOCATED, requestUri="/do/{Path+}/at/{End}")
    return rest_json.parse(service, Request("POST", url, headers, b""))[1]


def test_greedy_labels_flags_and_headers_are_parsed(sent):
    """Greedy labels, booleans in a URL and headers are parsed as botocore writes them."""
    service = model("rest-json", LOCATED, requestUri="/do/{Path+}/at/{End}")
    params = {"Path": "a/b c/d", "End": "e/f", "Flag": True, "Header": "h"}
    assert rest_json.parse(service, sent(service.operation("Do"), params)) == ("Do", params)
    assert located("/do/a/at/b?flag=FALSE") == {"Path": "a", "End": "b", "Flag": False}


def test_an_invalid_flag_in_a_url_is_rejected():
    """A boolean in a query string must be `true` or `false`."""
    with pytest.raises(Fault, match="'maybe' can not be converted to Boolean"):
        located("/do/a/at/b?flag=maybe")


def test_a_literal_takes_precedence_over_a_label():
    """Of two matching paths, the one with a literal is selected."""
    base = model("rest-json", {"X": {"shape": "Text", "location": "uri", "locationName": "X"}})
    description = dict(base.model._service_description)
    operations = {
        name: {
            "name": name,
            "http": {"method": "GET", "requestUri": uri},
            "input": {"shape": "Input"},
        }
        for name, uri in {"A": "/{X}/z", "B": "/b/{X}", "C": "/b/z"}.items()
    }
    service = from_model(ServiceModel({**description, "operations": operations}, "x"))

    def parsed(url):
        return rest_json.parse(service, Request("GET", url, {}, b""))

    assert ("A", {"X": "a"}) == parsed("/a/z")
    assert ("B", {"X": "y"}) == parsed("/b/y")
    assert ("C", {}) == parsed("/b/z")


def test_the_status_of_a_response_is_that_of_the_model():
    """The status of a response is that of the model."""
    service = model("rest-json", {}, responseCode=202)
    assert rest_json.render(service.operation("Do"), {}, "id-1").status == 202


def test_an_operation_without_output_returns_an_empty_document():
    """Without output, the response is an empty document, whatever the result."""
    base = model("rest-json", {})
    operations = {"Do": {"name": "Do", "http": {"method": "POST", "requestUri": "/"}}}
    description = {**base.model._service_description, "operations": operations}
    operation = from_model(ServiceModel(description, "x")).operation("Do")
    assert rest_json.render(operation, {}, "id-1").body == b"{}"
    assert rest_json.render(operation, {"a": 1}, "id-1").body == b"{}"


BODY = {
    "Renamed": {"shape": "Text", "locationName": "other"},
    "Ratio": {"shape": "Ratio"},
    "Blob": {"shape": "Blob"},
    "Choice": {"shape": "Choice"},
    "Lists": {"shape": "ShortLists"},
}


def posted(document):
    """The parameters of a JSON document."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return rest_json.parse(model("rest-json", BODY), Request("POST", "/", {}, body))[1]


def test_documents_respect_names(sent, received):
    """Documents are written and parsed like botocore's, with locationName, numbers and blobs."""
    service = model("rest-json", BODY)
    values = {"Renamed": "r", "Ratio": 0.5, "Blob": b"hi", "Choice": {"A": "a"}, "Lists": [["a"]]}
    operation = service.operation("Do")
    assert rest_json.parse(service, sent(operation, values)) == ("Do", values)
    parsed = received(operation, rest_json.render(operation, values, "id-1"))
    assert {name: parsed[name] for name in values} == values


@pytest.mark.parametrize("union", [{}, {"A": None}, {"A": "a", "B": "b"}])
def test_a_union_has_one_member(union):
    """A union without exactly one member is rejected without a text; null is no member."""
    with pytest.raises(Fault) as caught:
        posted({"Choice": union})
    assert ("SerializationException", None) == (caught.value.code, caught.value.message)
    assert {"Choice": {"A": "a"}} == posted({"Choice": {"A": "a", "B": None}})


@pytest.mark.parametrize("number", [b"1e999", b"9" * 400])
def test_a_number_of_a_document_is_finite(number):
    """A number that exceeds a float is rejected."""
    with pytest.raises(Fault, match="SerializationException"):
        posted(b'{"Ratio": %s}' % number)
    assert posted({"Ratio": 1}) == {"Ratio": 1.0}


def test_blobs_numbers_and_lists_of_lists_have_constraints():
    """Constraints apply to the bytes of a blob, to floats and to each level of nested lists."""
    text = (
        model("rest-json", BODY)
        .operation("Do")
        .violations({"Blob": b"abc", "Ratio": 1.5, "Lists": [["a"], ["a", "abc"]]})
    )
    value = "Value at '{}' failed to satisfy constraint: Member must {}"
    parts = [
        value.format("ratio", "have value less than or equal to 1"),
        value.format("blob", "have length less than or equal to 2"),
        value.format("lists.2.member", "have length less than or equal to 1"),
        value.format(
            "lists.2.member",
            "satisfy constraint: [Member must have length less than or equal to 2]",
        ),
    ]
    assert text == "4 validation errors detected: " + "; ".join(parts)
