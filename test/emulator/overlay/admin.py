"""What is asked of the emulator itself, below /_rig/: by tests, which calls were made, and to play faults; by the load
balancers' data plane, what to serve."""

import json
from inspect import isawaitable
from urllib.parse import parse_qs

from overlay import calls, faults
from overlay.elbv2 import snapshot

PREFIX = "/_rig/"


async def answer(scope, receive, send):
    body = await _body(receive)
    handler = ROUTES.get((scope["method"], scope["path"]))
    if handler is None:
        return await _send(send, 404, {"error": f"Known are {', '.join(f'{m} {p}' for m, p in ROUTES)}."})
    try:
        given = json.loads(body) if body else _query(scope)
        content = handler(given)
        await _send(send, 200, await content if isawaitable(content) else content)
    except (faults.UnknownFault, ValueError, KeyError) as error:
        await _send(send, 400, {"error": str(error)})


def _read_calls(_):
    return dict(calls.counts)


def _forget_calls(_):
    calls.counts.clear()
    return {}


def _read_faults(_):
    return faults.settings()


def _change_faults(wanted):
    faults.change(wanted)
    return faults.settings()


def _restore_faults(_):
    faults.restore()
    return faults.settings()


def _load_balancing(query):
    return snapshot.after(query.get("after"))


ROUTES = {
    ("GET", "/_rig/load-balancing"): _load_balancing,
    ("GET", "/_rig/calls"): _read_calls,
    ("DELETE", "/_rig/calls"): _forget_calls,
    ("GET", "/_rig/faults"): _read_faults,
    ("PUT", "/_rig/faults"): _change_faults,
    ("DELETE", "/_rig/faults"): _restore_faults,
}


def _query(scope):
    return {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}


async def _body(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _send(send, status, content):
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})
