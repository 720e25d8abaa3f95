"""The speed of the fake, compared with moto and with the cost of botocore itself.

    python benchmarks/ratios.py            # print the table
    python benchmarks/ratios.py --check    # fail if a bound is exceeded

The floor is the same boto3 call with a canned response, returned at the point where the fake
intercepts the request; it is what botocore itself costs. All variants of a benchmark run interleaved,
and processor time is measured. A ratio is the median of the ratios of all rounds, so the speed and the
load of the machine have little influence. For runs of pytest, see `runs.py`.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from unittest.mock import patch

import boto3
import botocore
import moto
import pytest
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session
from runs import added_at_start, added_milliseconds, added_share
from sends import RECIPIENT, REGION, SENDER, bulk_send, client, ours, raw_send, simple_send
from servers import SENDERS, SERVERS, server

from pytest_ses import SESBackend
from pytest_ses.wire.http import Request


@dataclass(frozen=True)
class Row:
    """One row of the table: a measurement and its bound."""

    benchmark: str
    ours: str
    floor: str
    moto: str
    bound: str
    within_bound: bool


class CannedBody(BytesIO):
    """A response body as returned by urllib3."""

    def stream(self, *_, **__):
        yield self.read()


@contextmanager
def floor(status, headers, body):
    """Return the same response to every request, at the point where the fake intercepts it."""

    def send(_session, request):
        return AWSResponse(request.url, status, headers, CannedBody(body))

    with patch.object(URLLib3Session, "send", send):
        yield


def recorded(call):
    """The fake's response to a call, to be returned by the floor."""
    responses = []

    class Recorder(SESBackend):
        def _handle(self, request: Request):
            response = super()._handle(request)
            responses.append(response)
            return response

    with Recorder(verified=["*"]):
        call()
    return responses[-1].status, responses[-1].headers, responses[-1].body


def timed(variants, *, rounds, calls):
    """The processor time of one call of each variant in each round, in seconds; the variants take turns."""
    seconds = {name: [] for name in variants}
    for turn in range(rounds):
        for name in sorted(variants, reverse=turn % 2 == 0):
            context, prepare, call = variants[name]
            with context():
                prepare()
                call()
                gc.collect()
                gc.disable()
                start = time.process_time()
                for _ in range(calls):
                    call()
                seconds[name].append((time.process_time() - start) / calls)
                gc.enable()
    return seconds


def ratio(times, others):
    """The median ratio of two variants, whose blocks of one round follow each other."""
    return statistics.median(time / other for time, other in zip(times, others, strict=True))


def milliseconds(times):
    return f"{statistics.median(times) * 1e3:.2f} ms"


def send_row(service, rounds):
    call = simple_send(service)
    response = recorded(call)

    def verify():
        client("ses").verify_email_identity(EmailAddress=SENDER)

    # Shorter blocks would measure the first calls, for which the caches of the processor are cold.
    times = timed(
        {
            "ours": (ours, lambda: None, call),
            "floor": (lambda: floor(*response), lambda: None, call),
            "moto": (moto.mock_aws, verify, call),
        },
        rounds=3 * rounds,
        calls=100,
    )
    to_floor, to_moto = ratio(times["ours"], times["floor"]), ratio(times["moto"], times["ours"])
    return Row(
        f"`send_email`, {service}",
        milliseconds(times["ours"]),
        f"{to_floor:.2f} ×",
        f"{to_moto:.1f} × faster",
        "≤ 1.0 × the floor, faster than moto",
        within_bound=round(to_floor, 2) <= 1 and to_moto > 1,
    )


def bulk_row(service, rounds):
    prepare, call = bulk_send(service)
    response = recorded(lambda: (prepare(), call()))
    variants = {
        "ours": (ours, prepare, call),
        "floor": (lambda: floor(*response), lambda: None, call),
        "moto": (moto.mock_aws, prepare, call),
    }
    with moto.mock_aws():
        prepare()
        try:
            call()
        except Exception:  # noqa: BLE001  (moto does not support the operation, so there is nothing to compare)
            del variants["moto"]
    times = timed(variants, rounds=rounds, calls=15)
    to_floor = ratio(times["ours"], times["floor"])
    to_moto = ratio(times["moto"], times["ours"]) if "moto" in times else None
    return Row(
        f"bulk send to 50, {service}",
        milliseconds(times["ours"]),
        f"{to_floor:.2f} ×",
        f"{to_moto:.1f} × faster" if to_moto else "not in moto",
        "≤ 1.4 × the floor, ≥ 3 × faster than moto",
        within_bound=to_floor <= 1.4 and (to_moto is None or to_moto >= 3),
    )


def fixture_row(rounds):
    def enter(context):
        with context():
            pass

    times = timed(
        {
            "ours": (nullcontext, lambda: None, lambda: enter(ours)),
            "moto": (nullcontext, lambda: None, lambda: enter(moto.mock_aws)),
        },
        rounds=rounds,
        calls=20,
    )
    to_moto = ratio(times["moto"], times["ours"])
    return Row(
        "setup and teardown of the fixture",
        milliseconds(times["ours"]),
        "–",
        f"{to_moto:.1f} × faster",
        "≤ 0.1 ms, ≥ 15 × faster than `mock_aws`",
        within_bound=statistics.median(times["ours"]) <= 0.1e-3 and to_moto >= 15,
    )


def whole_test_row(rounds):
    def test(context):
        with context():
            ses = boto3.client("ses", region_name=REGION)
            ses.verify_email_identity(EmailAddress=SENDER)
            ses.send_email(
                Source=SENDER,
                Destination={"ToAddresses": [RECIPIENT]},
                Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}},
            )

    times = timed(
        {
            "ours": (nullcontext, lambda: None, lambda: test(ours)),
            "moto": (nullcontext, lambda: None, lambda: test(moto.mock_aws)),
        },
        rounds=rounds,
        calls=5,
    )
    to_moto = ratio(times["moto"], times["ours"])
    return Row(
        "a whole test: fixture, new client, one send",
        milliseconds(times["ours"]),
        "–",
        f"{to_moto:.1f} × faster",
        "≥ 10 × faster than moto",
        within_bound=to_moto >= 10,
    )


def endpoint_row(threads, rounds):
    """The sends a second over HTTP, compared with moto's server."""
    per_second = {name: [] for name in SERVERS}
    with server("ours") as ours_port, server("moto") as moto_port:
        for _ in range(rounds):
            for name, port in (("ours", ours_port), ("moto", moto_port)):
                arguments = map(str, (port, threads, 160 // threads))
                command = [sys.executable, "-c", SENDERS, *arguments]
                output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                per_second[name].append(float(output))
    ours_rate, moto_rate = (statistics.median(per_second[name]) for name in SERVERS)
    to_moto = ours_rate / moto_rate
    return Row(
        f"sends a second through `ses_endpoint`, {threads} client{'s' if threads > 1 else ''}",
        f"{ours_rate:,.0f}",
        "–",
        f"{to_moto:.1f} × faster",
        "≥ 3 × faster than moto's server",
        within_bound=to_moto >= 3,
    )


def autouse_row(rounds, tests=2000):
    """The time that `ses_autouse` adds to a test that sends nothing, without the first import."""
    test = (
        "import pytest, pytest_ses.backend, pytest_ses.reports\n"
        f"@pytest.mark.parametrize('number', range({tests}))\n"
        "def test_nothing(number): pass\n"
    )
    added = added_milliseconds(test, ["--ses-autouse"], [], rounds=rounds) / tests
    return Row(
        "a test with `ses_autouse` that sends nothing",
        f"{added:+.2f} ms",
        "–",
        "–",
        "≤ 0.3 ms added",
        within_bound=added <= 0.3,
    )


def report_row(rounds, tests=1000):
    """The time that `--ses-report` adds to a run whose tests each create a client and send a message."""
    test = f"""
import boto3, pytest

@pytest.mark.ses(verified=["{SENDER}"])
@pytest.mark.parametrize("number", range({tests}))
def test_send(ses_backend, number):
    boto3.client("sesv2", region_name="{REGION}").send_email(
        FromEmailAddress="{SENDER}",
        Destination={{"ToAddresses": ["{RECIPIENT}"]}},
        Content={{"Simple": {{"Subject": {{"Data": "Hello"}}, "Body": {{"Text": {{"Data": "Hi"}}}}}}}},
    )
    assert "Hello" == ses_backend.outbox.one().subject
"""
    added = added_share(test, ["--ses-report=report.html"], [], rounds=rounds)
    return Row(
        f"`--ses-report` in a run of {tests:,} tests",
        f"{added:+.1%}",
        "–",
        "–",
        "≤ 5 % added",
        within_bound=added <= 0.05,
    )


def idle_row(rounds):
    """The time that the plugin adds to a test run that never uses it."""
    test = "def test_idle(): pass\n"
    added = added_at_start(test, ["-p", "no:nothing"], ["-p", "no:ses"], rounds=max(2 * rounds, 20))
    return Row(
        "a run that never uses the plugin",
        f"{added:+.1f} ms",
        "–",
        "–",
        "≤ 5 ms added",
        within_bound=added <= 5,
    )


# For each kind of message: a function for its sends, and the messages of one of them.
KINDS = {
    "simple": (lambda service: (lambda: None, simple_send(service)), 1),
    "bulk": (bulk_send, 50),
    "raw": (lambda service: (lambda: None, raw_send(service)), 1),
}


def memory_per_message(kind, service, count):
    """The memory of a stored message and its logged call, in addition to the raw bytes."""
    create, messages = KINDS[kind]
    with ours() as backend:
        prepare, call = create(service)
        prepare()
        call()
        gc.collect()
        before = len(backend.outbox)
        tracemalloc.start()
        for _ in range(count // messages):
            call()
        gc.collect()
        traced = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        # Only now: reading a message composes its MIME text.
        return traced / (len(backend.outbox) - before) - len(backend.outbox.last.raw)


def memory_row(kind, count=4000):
    """The memory of a message sent with the API that uses more."""
    overhead = max(memory_per_message(kind, service, count) for service in ("ses", "sesv2"))
    return Row(
        f"memory of a stored message, in addition to its raw bytes: {kind}",
        f"{overhead / 1024:.2f} KB",
        "–",
        "–",
        "≤ 2 KB",
        within_bound=overhead <= 2 * 1024,
    )


def growth_row(count):
    """The time of a send after many others, compared with the first ones of another account."""
    params = {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [RECIPIENT]},
        "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}},
    }

    def send(backend, times):
        start = time.process_time()
        for _ in range(times):
            backend._call("sesv2", "SendEmail", params)
        return time.process_time() - start

    full, ratios = ours(), []
    send(full, count)
    for turn in range(30):
        new = ours()
        send(new, 50)
        gc.collect()
        gc.freeze()
        # They take turns, as in the other benchmarks.
        seconds = {backend: send(backend, 200) for backend in ((new, full), (full, new))[turn % 2]}
        ratios.append(seconds[full] / seconds[new])
        gc.unfreeze()
    ratio = statistics.median(ratios)
    return Row(
        f"the {count:,}th send, compared with the first ones",
        f"{ratio:.2f} ×",
        "–",
        "–",
        "the same (≤ 1.25 ×)",
        within_bound=ratio <= 1.25,
    )


def rows(quick):
    rounds = 5 if quick else 15
    yield send_row("ses", rounds)
    yield send_row("sesv2", rounds)
    yield bulk_row("ses", rounds)
    yield bulk_row("sesv2", rounds)
    yield fixture_row(rounds)
    yield whole_test_row(rounds)
    yield endpoint_row(1, rounds)
    yield endpoint_row(8, rounds)
    yield idle_row(rounds)
    yield autouse_row(max(rounds // 3, 3))
    yield report_row(rounds)
    for kind in KINDS:
        yield memory_row(kind)
    yield growth_row(20_000 if quick else 100_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--check", action="store_true", help="fail if a bound is exceeded")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, botocore {botocore.__version__}, "
        f"moto {moto.__version__}, pytest {pytest.__version__}, "
        f"{platform.system()} {platform.machine()}\n"
    )
    print("| benchmark | pytest-ses | against the floor | against moto | bound | |")
    print("|---|---|---|---|---|---|")
    exceeded = False
    for row in rows(options.quick):
        status = "met" if row.within_bound else "EXCEEDED"
        exceeded |= not row.within_bound
        cells = (row.benchmark, row.ours, row.floor, row.moto, row.bound, status)
        print("| " + " | ".join(cells) + " |", flush=True)
    sys.exit(int(exceeded and options.check))


if __name__ == "__main__":
    main()
