"""Which AWS calls came through the HTTP door, by IAM action; what the emulator does by itself is not among them."""

from collections import Counter

from ministack.core.iam_actions import extract_iam_action
from ministack.core.router import detect_service

# Sent by the load balancers' data plane, which is a part of the emulator.
INTERNAL_HEADER = "x-emulator-internal"

counts = Counter()


def action_of(method, path, headers, body, params):
    """"ecs:RunTask", or "ecs:POST /path" where no action is known for a request."""
    service = detect_service(method, path, headers, params)
    action = extract_iam_action(service, method, path, headers, body, params)
    return action or f"{service}:{method} {path}"


def count(action, headers):
    if INTERNAL_HEADER not in headers:
        counts[action] += 1
