"""The one HTTP door: every AWS service on one port, and the addresses of HTTP APIs."""

import asyncio
import os
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack

KEEP_ALIVE_SECONDS = 75


def main():
    config = Config()
    config.bind = [f"{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    asyncio.run(run(config))


async def run(config):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(ministack.app, config, shutdown_trigger=stop.wait)
