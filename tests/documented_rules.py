"""The rules that AWS's documentation states, and a verdict on each of them.

botocore's service models contain the API reference of SES. A sentence of it counts as a rule if it
contains a word such as "must", "default" or "only". `documented_rules.csv` identifies each rule by its
service, the place where it is stated first, and a hash of the sentence, and has one of these verdicts:

* `test`: the tests in the last column fail if the rule is broken.
* `difference`: the page of known differences contains the phrase in the last column.
* `none`: no test can check the sentence; the last column has one of `REASONS`.

Usage: python tests/documented_rules.py [--all]

Without arguments, the command lists the rules that have no verdict, in the form of the table and
followed by the sentence. With `--all`, it lists every rule with its verdict.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import botocore
from botocore.loaders import Loader

BOTOCORE = "1.44.5"
"""The version of botocore that the table is complete for."""

SERVICES = ("ses", "sesv2")
VERDICTS = ("test", "difference", "none")
REASONS = (
    "advice to the caller",
    "describes a member or an operation",
    "done by the client or by the recipient's mail program",
    "done by AWS outside the API",
)

_TABLE = Path(__file__).with_suffix(".csv")
_STATES_A_RULE = re.compile(
    r"\b(must|can't|cannot|can not|can only|maximum|minimum|default|only|if |at least|at most|up to"
    r"|between|no more than|limit|required|optional|unless|has to|returns|valid values"
    r"|can (contain|include|be)|larger|exceed|unique|case)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rule:
    """A sentence of the documentation that states a rule."""

    service: str
    place: str
    sentence: str

    @property
    def key(self):
        digest = hashlib.sha256(self.sentence.encode()).hexdigest()
        return self.service, self.place, digest[:8]


@dataclass(frozen=True)
class Verdict:
    """What is known about a rule: the tests that check it, a known difference, or a reason."""

    kind: str
    by: str


def rules():
    """Each rule of the installed models once, at the first place that states it."""
    return [rule for service in SERVICES for rule in _rules(service)]


def table():
    """The verdicts by the keys of their rules."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    verdicts = {tuple(key): Verdict(kind, by) for *key, kind, by in rows}
    if len(verdicts) < len(rows):
        raise ValueError(f"{_TABLE.name} has several verdicts on the same rule")
    return verdicts


def _rules(service):
    seen = set()
    for place, text in _documentation(Loader().load_service_model(service, "service-2")):
        for sentence in _sentences(text):
            if sentence not in seen and _STATES_A_RULE.search(sentence):
                seen.add(sentence)
                yield Rule(service, place, sentence)


def _documentation(model):
    """The places of a model and their documentation: operations, their structures and members."""
    for name, operation in model["operations"].items():
        yield name, operation.get("documentation", "")
        for shape_name in _shape_names(model, operation):
            shape = model["shapes"][shape_name]
            yield f"{name}/{shape_name}", shape.get("documentation", "")
            for member, target in shape.get("members", {}).items():
                yield f"{name}/{shape_name}.{member}", target.get("documentation", "")


def _shape_names(model, operation):
    """The names of the shapes that an operation refers to, nearest first."""
    names = [operation[end]["shape"] for end in ("input", "output") if end in operation]
    for name in names:  # The list grows during the loop.
        shape = model["shapes"][name]
        parts = [shape[part] for part in ("member", "key", "value") if part in shape]
        for target in [*shape.get("members", {}).values(), *parts]:
            if target["shape"] not in names:
                names.append(target["shape"])
    return names


def _sentences(html):
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)


def main(arguments):
    """Print the rules without a verdict, or with `--all` every rule, and the number of each verdict."""
    verdicts = table()
    for rule in rules():
        verdict = verdicts.get(rule.key)
        if verdict is None or "--all" in arguments:
            row = (*rule.key, verdict.kind, verdict.by) if verdict else rule.key
            print(*row, rule.sentence, sep=",")  # noqa: T201
    counts = Counter(verdict.kind for verdict in verdicts.values())
    summary = ", ".join(f"{kind} {counts[kind]}" for kind in VERDICTS)
    print(f"{summary}; botocore {botocore.__version__}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
