"""What AWS refuses of schedules ("CreateSchedule", "UpdateSchedule": Errors), and what it answers of them."""

import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.services import scheduler as stock

from overlay.scheduler import times

# Not documented; AWS answers it to whoever starts a schedule in the past.
OLDEST_START_SECONDS = 300
LONGEST_NAME = 64


def _checked(handle):
    def handle_if_valid(name, body):
        problem = _problem_of(name, body)
        return stock._error(400, "ValidationException", problem) if problem else handle(name, body)

    return handle_if_valid


def _problem_of(name, body):
    expression, zone = body.get("ScheduleExpression", ""), body.get("ScheduleExpressionTimezone") or "UTC"
    if len(name) > LONGEST_NAME:
        return f"Value '{name}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 64"
    if not times.is_expression(expression):
        return f"Invalid Schedule Expression {expression}."
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return f"Invalid time zone {zone}."
    start = stock._to_epoch(body.get("StartDate"))
    if start is not None and start < time.time() - OLDEST_START_SECONDS:
        return "The StartDate you specify cannot be earlier than 5 minutes ago."
    return None


def _get(name, query):
    # What the emulator notes of a schedule is not part of the answer.
    key = f"{query.get('groupName', 'default')}/{name}"
    schedule = stock._schedules.get(key)
    if not schedule:
        return _stock_get(name, query)
    return stock._json_resp(200, {k: v for k, v in schedule.items() if v is not None and not k.startswith("_")})


_stock_get = stock._get_schedule
stock._get_schedule = _get
stock._create_schedule = _checked(stock._create_schedule)
stock._update_schedule = _checked(stock._update_schedule)
