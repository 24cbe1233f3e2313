"""Lambda answers as soon as the function has."""

from ministack.core import lambda_runtime

# MiniStack waits 50 ms for a first line of log, and functions that log nothing pay that on every call.
FIRST_LINE_SECONDS = 0.004
LAST_LINE_SECONDS = 0.003
AT_MOST_SECONDS = 0.25

_drain = lambda_runtime.Worker._drain_stderr_bounded


def _drain_soon(worker, first_line_wait=FIRST_LINE_SECONDS, idle_confirm=LAST_LINE_SECONDS, hard_cap=AT_MOST_SECONDS):
    return _drain(worker, first_line_wait, idle_confirm, hard_cap)


lambda_runtime.Worker._drain_stderr_bounded = _drain_soon
