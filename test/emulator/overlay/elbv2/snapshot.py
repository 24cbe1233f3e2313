"""What the data plane needs to know: listeners with their rules in order, and target groups with their targets."""

import asyncio
import json

from ministack.core.responses import request_scope
from ministack.services import alb

from overlay.elbv2 import targets

LOOK_AGAIN_SECONDS = 0.05
ANSWER_WITHIN_SECONDS = 20


async def after(seen):
    """The state as JSON, as soon as it is another one than `seen`, its last known form; or after a while anyway."""
    for _ in range(int(ANSWER_WITHIN_SECONDS / LOOK_AGAIN_SECONDS)):
        state = json.dumps(_state())
        if str(hash(state)) != seen:
            break
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return {"form": str(hash(state)), **json.loads(state)}


def _state():
    listeners, groups = [], {}
    for (account, region, _), listener in alb._listeners.all_items():
        with request_scope(account, region):
            listeners.append(_listener(listener))
    for (account, region, arn), group in alb._tgs.all_items():
        with request_scope(account, region):
            groups[arn] = _group(arn, group)
    return {"listeners": listeners, "targetGroups": groups}


def _listener(listener):
    rules = [rule for rule in alb._rules.values() if rule["ListenerArn"] == listener["ListenerArn"]]
    load_balancer = alb._lbs[listener["LoadBalancerArn"]]
    attributes = {a["Key"]: a["Value"] for a in alb._lb_attrs.get(listener["LoadBalancerArn"], [])}
    return {
        "address": load_balancer["DNSName"],
        "port": listener["Port"],
        "protocol": listener["Protocol"],
        "idleTimeoutSeconds": float(attributes.get("idle_timeout.timeout_seconds", 60)),
        "rules": [
            {"conditions": r["Conditions"], "actions": r["Actions"], "transforms": r.get("Transforms", [])}
            for r in sorted(rules, key=alb._rule_sort_key)
        ],
    }


def _group(arn, group):
    attributes = {a["Key"]: a["Value"] for a in alb._tg_attrs.get(arn, [])}
    return {
        "type": group["TargetType"],
        "multiValueHeaders": str(attributes.get("lambda.multi_value_headers.enabled")).lower() == "true",
        "targets": [
            {"id": target["Id"], "port": target["Port"], "state": targets.health_of(arn, target)[0]}
            for target in targets.of(arn)
        ],
    }
