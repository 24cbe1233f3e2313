"""The awslogs driver: what a container prints becomes the events of a log stream of its own."""

import threading
import time

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs, ecs

LAST_LINES_SECONDS = 2


def ship(task, container_definition, container):
    # "Send Amazon ECS logs to CloudWatch": the stream is prefix/container/task-id, and a group that is missing is made
    # only where awslogs-create-group says so.
    config = ecs._awslogs_config(container_definition, task["taskArn"].rsplit("/", 1)[-1], container.id)
    if not config or not ecs._ensure_awslogs_stream(config):
        return None
    thread = threading.Thread(target=_follow, args=(task, config, container), daemon=True)
    thread.start()
    return thread


def _follow(task, config, container):
    unfinished = b""
    for chunk in container.logs(stream=True, follow=True):
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        _put(task, config, lines)
    _put(task, config, [unfinished])


def _put(task, config, lines):
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line.decode(errors="replace")} for line in lines if line]
    if not events:
        return
    with request_scope(*task["_scope"]):
        names = {"logGroupName": config["group"], "logStreamName": config["stream"]}
        cloudwatch_logs._put_log_events({**names, "logEvents": events})
