"""What a test can make scarce or let fail: capacity, quotas, and the next calls of an action."""

import json
import threading
from xml.sax.saxutils import escape

from ministack.core.responses import new_uuid

# "Quotas for your Application Load Balancers"; "Amazon ECS service quotas" give the numbers of a new account.
DEFAULTS = {
    "runningTasks": None,
    "vcpus": None,
    "targetGroupsPerLoadBalancer": 100,
    "rulesPerLoadBalancer": 100,
    "throttle": [],
}
# What each service answers when it throttles: status, code. Others answer with THROTTLED.
THROTTLED_BY = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "elasticloadbalancing": (400, "Throttling"),
    "lambda": (429, "TooManyRequestsException"),
    "s3": (503, "SlowDown"),
    "scheduler": (429, "ThrottlingException"),
    "sqs": (403, "RequestThrottled"),
}
THROTTLED = (400, "ThrottlingException")
SPEAKS_XML = ("elasticloadbalancing", "s3", "sns", "iam", "sts", "cloudformation")

_lock = threading.Lock()
_settings = dict(DEFAULTS)


class UnknownFault(Exception):
    pass


def settings():
    return dict(_settings)


def limit(name):
    return _settings[name]


def change(wanted):
    unknown = set(wanted) - set(DEFAULTS)
    if unknown:
        raise UnknownFault(f"There is no fault {', '.join(sorted(unknown))}; there are {', '.join(DEFAULTS)}.")
    with _lock:
        _settings.update(wanted)


def restore():
    with _lock:
        _settings.update(DEFAULTS)


def refusal_of(action):
    """The answer to a call that is to fail, or None; each entry of `throttle` counts its own calls down."""
    with _lock:
        entry = next((e for e in _settings["throttle"] if e["action"] == action and e.get("times", 1) > 0), None)
        if entry is None:
            return None
        entry["times"] = entry.get("times", 1) - 1
    service = action.split(":")[0]
    status, code = THROTTLED_BY.get(service, THROTTLED)
    return _error(service, entry.get("status", status), entry.get("code", code))


def _error(service, status, code):
    if service in SPEAKS_XML:
        error = f"<Error><Code>{escape(code)}</Code><Message>Rate exceeded</Message></Error>"
        body = error if service == "s3" else f"<ErrorResponse>{error}<RequestId>{new_uuid()}</RequestId></ErrorResponse>"
        return status, {"Content-Type": "text/xml"}, body.encode()
    body = json.dumps({"__type": code, "message": "Rate exceeded"}).encode()
    return status, {"Content-Type": "application/json", "x-amzn-errortype": code}, body
