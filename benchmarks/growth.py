"""How the time of an operation grows with the number of messages, as a table and as a picture.

`python benchmarks/growth.py --picture docs/images/growth.svg` prints the table and draws the picture.
"""

from __future__ import annotations

import argparse
import gc
import math
import time
from pathlib import Path
from typing import NamedTuple

from pytest_ses import SESBackend

COUNTS = (100, 1_000, 10_000, 100_000)
SEND = {
    "FromEmailAddress": "news@example.com",
    "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}},
}
# An operation may take this many times as long as its result grows, because caches become cold.
TOLERANCE = 5.0


class Operation(NamedTuple):
    """An operation: what is measured, how often in a row, and whether its result grows."""

    name: str
    run: object
    repeat: int
    result_grows: bool


def send(backend, number):
    backend._call(
        "sesv2",
        "SendEmail",
        {**SEND, "Destination": {"ToAddresses": [f"reader-{number}@example.org"]}},
    )


def suppress(backend, number):
    params = {"EmailAddress": f"reader-{number}@example.net", "Reason": "BOUNCE"}
    backend._call("sesv2", "PutSuppressedDestination", params)


OPERATIONS = (
    Operation("send", lambda backend: send(backend, 0), 200, result_grows=False),
    Operation(
        "one page of a list",
        lambda backend: backend._call("sesv2", "ListSuppressedDestinations", {"PageSize": 100}),
        20,
        result_grows=False,
    ),
    Operation("outbox.one", lambda backend: backend.outbox.one(to="reader-1@example.org"), 1, True),
    Operation("outbox.filter", lambda backend: backend.outbox.filter(subject="Hello"), 1, True),
    Operation("events", lambda backend: backend.events, 1, True),
    Operation("reset", lambda backend: backend.reset(), 1, True),
)


def filled(count):
    """A backend with this many messages and suppressed addresses."""
    backend = SESBackend(verified=["*"])
    for number in range(count):
        send(backend, number)
    for number in range(count):
        suppress(backend, number)
    return backend


def seconds(operation, backend, rounds):
    """The shortest processor time of one run of an operation."""
    times = []
    if not operation.result_grows:
        operation.run(backend)  # a list is sorted when it is read for the first time after a change
    for _ in range(1 if operation.name == "reset" else rounds):
        gc.collect()
        gc.disable()
        start = time.process_time()
        for _ in range(operation.repeat):
            operation.run(backend)
        times.append((time.process_time() - start) / operation.repeat)
        gc.enable()
    return min(times)


def curves(counts=COUNTS, rounds=3):
    """The seconds of each operation for each number of messages."""
    times = {operation.name: [] for operation in OPERATIONS}
    for count in counts:
        backend = filled(count)
        gc.freeze()
        for operation in OPERATIONS:
            times[operation.name].append(seconds(operation, backend, rounds))
        gc.unfreeze()
    return times


def too_steep(times, counts=COUNTS):
    """The operations that grow faster than their results, with the factor of the last step."""
    steep = {}
    for operation in OPERATIONS:
        # The first, shortest times are mostly overhead.
        before, after = times[operation.name][-2:]
        growth = counts[-1] / counts[-2] if operation.result_grows else 1.0
        factor = after / before / growth
        if factor > TOLERANCE:
            steep[operation.name] = round(factor, 1)
    return steep


def table(times, counts=COUNTS):
    """The times as a table in Markdown."""
    lines = ["| messages | " + " | ".join(f"{count:,}" for count in counts) + " |"]
    lines.append("|---" * (len(counts) + 1) + "|")
    for name, values in times.items():
        lines.append(f"| {name} | " + " | ".join(duration(value) for value in values) + " |")
    return "\n".join(lines)


def duration(value):
    unit, factor = next(
        (unit, factor)
        for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6))
        if value * factor >= 1
    )
    return f"{value * factor:.3g} {unit}"


# The picture: both axes are logarithmic, so an operation that takes twice the time for twice the
# messages is a line of 45 degrees, and one whose time does not grow is horizontal.
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 70, 24, 170, 48
COLORS = ("#2563c9", "#b45309", "#15803d", "#9333ea", "#be123c", "#0e7490")


def picture(times, counts=COUNTS):
    """The times as a picture in SVG, readable on light and dark pages."""
    values = [value for row in times.values() for value in row]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(count):
        share = math.log10(count / counts[0]) / math.log10(counts[-1] / counts[0])
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(value):
        share = (math.log10(value) - low) / (high - low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        '<g font-family="system-ui, sans-serif" font-size="13" fill="#767d89">',
        "<title>Time of operations by the number of messages</title>",
    ]
    for power in range(low, high + 1):
        parts += [
            f'<path d="M{LEFT} {y(10**power)}H{right}" stroke="#767d8940"/>',
            f'<text x="{LEFT - 8}" y="{y(10**power) + 4}" text-anchor="end">{duration(10**power)}</text>',
        ]
    parts += [
        f'<text x="{x(count)}" y="{bottom + 20}" text-anchor="middle">{count:,}</text>'
        for count in counts
    ]
    middle = (LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">messages</text>')
    ends = sorted(times, key=lambda name: -times[name][-1])
    label_y = {}
    for name in ends:
        previous = max(label_y.values(), default=-math.inf)
        label_y[name] = max(y(times[name][-1]) + 4, previous + 16)
    for color, (name, row) in zip(COLORS, times.items(), strict=True):
        points = " ".join(
            f"{x(count)},{y(value)}" for count, value in zip(counts, row, strict=True)
        )
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<text x="{right + 10}" y="{label_y[name]}" fill="{color}">{name}</text>',
        ]
    return "\n".join([*parts, "</g></svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--picture", type=Path, help="write the curves to this file, as SVG")
    options = parser.parse_args()
    times = curves()
    print(table(times))
    if options.picture:
        options.picture.write_text(picture(times), encoding="utf-8")
    for name, factor in too_steep(times).items():
        print(f"{name} grows {factor} times as fast as its result")


if __name__ == "__main__":
    main()
