"""What a test asks of the emulator itself, below /_rig/: which calls were made, and which faults to play."""

import json

from overlay import calls, faults

PREFIX = "/_rig/"


async def answer(scope, receive, send):
    body = await _body(receive)
    handler = ROUTES.get((scope["method"], scope["path"]))
    if handler is None:
        return await _send(send, 404, {"error": f"Known are {', '.join(f'{m} {p}' for m, p in ROUTES)}."})
    try:
        await _send(send, 200, handler(json.loads(body) if body else {}))
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


ROUTES = {
    ("GET", "/_rig/calls"): _read_calls,
    ("DELETE", "/_rig/calls"): _forget_calls,
    ("GET", "/_rig/faults"): _read_faults,
    ("PUT", "/_rig/faults"): _change_faults,
    ("DELETE", "/_rig/faults"): _restore_faults,
}


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
