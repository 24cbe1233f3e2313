"""The one HTTP door: AWS on one port, HTTP APIs and distributions at addresses of their own, and what tests ask of the
emulator itself."""

import asyncio
import os
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack

from overlay import admin, apigateway, calls, certificate, cloudfront, faults

KEEP_ALIVE_SECONDS = 75
CLOSE_GRACE_SECONDS = 0.2


def main():
    config = Config()
    aws = f"{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}"
    config.certfile, config.keyfile = certificate.files_for(cloudfront.ADDRESSES)
    config.bind = _at(cloudfront.ADDRESSES, cloudfront.TLS_PORT)
    config.insecure_bind = [
        aws,
        *_at(apigateway.ADDRESSES, apigateway.PORT),
        *_at(cloudfront.ADDRESSES, cloudfront.PORT),
    ]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.graceful_timeout = CLOSE_GRACE_SECONDS
    # Hypercorn breaks HTTP/2 connections off now and then, with all that is on its way over them.
    config.alpn_protocols = ["http/1.1"]
    asyncio.run(run(config))
    # Threads of deployments and invocations that nobody waits for any more would hold the process.
    os._exit(0)


def _at(addresses, port):
    return [f"{address}:{port}" for address in addresses]


async def run(config):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(door, config, shutdown_trigger=stop.wait)


async def door(scope, receive, send):
    if scope["type"] == "http" and scope["path"].startswith(admin.PREFIX):
        return await admin.answer(scope, receive, send)
    if scope["type"] == "http" and scope["server"][0] in apigateway.ADDRESSES:
        scope = {**scope, "headers": _headers_to_api(scope)}
    if scope["type"] == "http" and scope["server"][0] in cloudfront.ADDRESSES:
        scope = {**scope, "headers": cloudfront.headers_of(scope)}
    return await ministack.app(scope, receive, send)


def _headers_to_api(scope):
    host = apigateway.host_behind(scope["server"][0]).encode()
    return [(name, host if name == b"host" else value) for name, value in scope["headers"]]


_dispatch = ministack._dispatch_service_request


async def _counted(method, path, headers, body, query_params, request_id):
    action = calls.action_of(method, path, headers, body, query_params)
    calls.count(action, headers)
    refusal = faults.refusal_of(action)
    return refusal or await _dispatch(method, path, headers, body, query_params, request_id)


ministack._dispatch_service_request = _counted

_reset = ministack._reset_all_state


def _reset_with_tests():
    _reset()
    calls.counts.clear()
    faults.restore()


ministack._reset_all_state = _reset_with_tests
