"""Fires schedules within a second of their time."""

import json
import logging
import time
from datetime import datetime, timezone

from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import eventbridge, lambda_svc, sqs
from ministack.services import scheduler as stock

from overlay.scheduler import times

logger = logging.getLogger("scheduler")
SEND_MESSAGE = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"


def _tick():
    now = time.time()
    for (account, region, key), schedule in stock._schedules.all_items():
        # A record that was replaced, by an update, starts anew.
        schedule.setdefault("_since", now)
        with request_scope(account, region):
            _attend(key, schedule, now)


def _attend(key, schedule, now):
    end = stock._to_epoch(schedule.get("EndDate"))
    due = times.next_due(schedule, schedule.get("_last"))
    if end is not None and not times.is_one_time(schedule) and (due is None or due > end):
        return _complete(key, schedule)
    if schedule["State"] != "ENABLED" or due is None or due > now:
        return None
    schedule["_last"] = due
    _fire(schedule, due)
    return _complete(key, schedule) if times.is_one_time(schedule) else None


def _complete(key, schedule):
    # "ActionAfterCompletion": DELETE removes the schedule after its last invocation.
    if schedule.get("ActionAfterCompletion") == "DELETE":
        stock._schedules.pop(key, None)


def _fire(schedule, due):
    target = schedule["Target"]
    payload = _with_context(target.get("Input") or "{}", schedule, due)
    try:
        _deliver(target, payload, schedule)
    except Exception as error:
        logger.warning("%s: %s", schedule["Arn"], error)
        # "Configuring a dead-letter queue for EventBridge Scheduler"; no retries are played.
        if queue := (target.get("DeadLetterConfig") or {}).get("Arn"):
            eventbridge._dispatch_to_sqs(parse_arn(queue), payload)


def _with_context(text, schedule, due):
    # "Adding context attributes in EventBridge Scheduler"
    time_text = datetime.fromtimestamp(due, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    attributes = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": time_text,
        "execution-id": new_uuid(),
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _deliver(target, payload, schedule):
    # "Templated targets" and "Universal targets"
    if target["Arn"] == SEND_MESSAGE:
        message = json.loads(payload)
        queue = message["QueueUrl"].rsplit("/", 1)[-1]
        return _send(f"arn:aws:sqs:{get_region()}:{get_account_id()}:{queue}", message["MessageBody"], target)
    spec = parse_arn(target["Arn"])
    if spec.service == "sqs":
        return _send(target["Arn"], payload, target)
    if spec.service == "lambda":
        return _invoke(target["Arn"], payload)
    if spec.service == "events":
        return _put(target, payload, schedule)
    raise NotImplementedError(f"The emulator's schedules cannot reach {target['Arn']}.")


def _send(queue, body, target):
    if not sqs._queue_by_arn(queue):
        raise LookupError(f"There is no queue {queue}.")
    eventbridge._dispatch_to_sqs(parse_arn(queue), body, target.get("SqsParameters") or {})


def _invoke(arn, payload):
    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if not function:
        raise LookupError(f"There is no function {arn}.")
    record = lambda_svc._execution_record_for_config(function, config)
    lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def _put(target, payload, schedule):
    parameters = target["EventBridgeParameters"]
    entry = {
        "EventBusName": target["Arn"],
        "Source": parameters["Source"],
        "DetailType": parameters["DetailType"],
        "Detail": payload,
        "Resources": [schedule["Arn"]],
    }
    eventbridge._put_events({"Entries": [entry]})


stock._SCHEDULE_TICK_INTERVAL = 1
stock._tick_schedules = _tick
