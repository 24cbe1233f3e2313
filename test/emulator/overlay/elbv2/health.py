"""Looks at targets as load balancers do ("Health checks for Application Load Balancer target groups")."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from ministack.core.responses import request_scope
from ministack.services import alb

from overlay.elbv2 import targets, usage

TICK_SECONDS = 0.1
# AWS does not say how often it looks at a target that has just been registered.
FIRST_CHECKS_SECONDS = 0.25
MOST_AT_ONCE = 64

_checkers = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="health")


def watch():
    threading.Thread(target=_watch, daemon=True, name="health").start()


def _watch():
    while True:
        time.sleep(TICK_SECONDS)
        for (account, region, arn), group in alb._tgs.all_items():
            with request_scope(account, region):
                _look_at(arn, group)


def _look_at(arn, group):
    now = time.monotonic()
    alb._targets[arn] = [t for t in targets.of(arn) if t["_state"] != "draining" or now < t["_until"]]
    if not usage.users_of(arn):
        return
    for target in alb._targets[arn]:
        if target["_state"] == "draining":
            continue
        # "Health checks for Lambda functions": they are disabled unless one enables them.
        if group["TargetType"] == "lambda" or not group["HealthCheckEnabled"]:
            target.update(_state="unavailable", _reason="Target.HealthCheckDisabled")
        elif now >= target.get("_due", 0):
            pace = FIRST_CHECKS_SECONDS if target["_state"] == "initial" else group["HealthCheckIntervalSeconds"]
            target["_due"] = now + pace
            _checkers.submit(_check, group, target)


def _check(group, target):
    problem = _problem(group, target)
    if target["_state"] == "draining":
        return
    if problem:
        target.update(_failed=target["_failed"] + 1, _passed=0)
        if target["_failed"] >= group["UnhealthyThresholdCount"]:
            target.update(_state="unhealthy", _reason=problem)
    else:
        target.update(_passed=target["_passed"] + 1, _failed=0)
        # A target that was just registered needs to pass one check only.
        if target["_state"] == "initial" or target["_passed"] >= group["HealthyThresholdCount"]:
            target.update(_state="healthy", _reason="")


def _problem(group, target):
    port = target["Port"] if group["HealthCheckPort"] == "traffic-port" else int(group["HealthCheckPort"])
    connection = http.client.HTTPConnection(target["Id"], port, timeout=group["HealthCheckTimeoutSeconds"])
    try:
        headers = {"Connection": "close", "User-Agent": "ELB-HealthChecker/2.0"}
        connection.request("GET", group["HealthCheckPath"], headers=headers)
        status = connection.getresponse().status
        return None if _is_expected(status, group["Matcher"]["HttpCode"]) else "Target.ResponseCodeMismatch"
    except TimeoutError:
        return "Target.Timeout"
    except (OSError, http.client.HTTPException):
        return "Target.FailedHealthChecks"
    finally:
        connection.close()


def _is_expected(status, matcher):
    """Matcher: "200", "200,202" or "200-299"."""
    bounds = (part.split("-") for part in matcher.split(","))
    return any(int(bound[0]) <= status <= int(bound[-1]) for bound in bounds)
