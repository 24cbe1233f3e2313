"""When a schedule is due ("Schedule types on EventBridge Scheduler")."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from ministack.services import eventbridge
from ministack.services import scheduler as stock


def zone_of(schedule):
    return ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")


def is_one_time(schedule):
    return schedule["ScheduleExpression"].strip().startswith("at(")


def is_expression(expression):
    return (
        stock._at_time_epoch(expression) is not None
        or eventbridge._parse_rate_seconds(expression) is not None
        or eventbridge._parse_cron_fields(expression) is not None
    )


def next_due(schedule, last):
    """The first time at which it is due after `last`, in seconds of the epoch; `last` is None where it never was."""
    expression = schedule["ScheduleExpression"].strip()
    if is_one_time(schedule):
        return None if last is not None else _local(expression[3:-1], schedule)
    start = stock._to_epoch(schedule.get("StartDate"))
    if interval := eventbridge._parse_rate_seconds(expression):
        # "If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking the target
        # immediately."
        anchor = start if start is not None else schedule["_since"]
        return anchor if last is None or last < anchor else last + interval
    return _next_by_cron(expression, schedule, max(last or 0, start or 0, schedule["_since"]))


def _local(text, schedule):
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(schedule)).timestamp()


def _next_by_cron(expression, schedule, after):
    """By the clock of its time zone: the fields are matched as if that clock showed UTC, and the match is put back."""
    zone, fields = zone_of(schedule), eventbridge._parse_cron_fields(expression)
    on_the_clock = datetime.fromtimestamp(after, zone).replace(tzinfo=timezone.utc)
    found = eventbridge._cron_next_fire(fields, on_the_clock)
    return found and found.replace(tzinfo=zone).timestamp()
