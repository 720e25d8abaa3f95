"""Measurements of how long something takes."""

from __future__ import annotations

import time


def seconds(function, *args):
    """The CPU time of a call, the least of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        function(*args)
        times.append(time.process_time() - start)
    return min(times)


def is_linear(function, make, size):
    """Whether a call with an argument four times the size takes far less than sixteen times as long.

    `make` returns the argument for a size.
    """
    small, large = make(size), make(4 * size)
    return seconds(function, large) < 9 * max(seconds(function, small), 0.002)
