"""Targets come in as `initial`, serve while they are healthy, and leave by draining ("Target group health")."""

import time

from ministack.services import alb

from overlay.elbv2 import usage

DEREGISTRATION_DELAY = "deregistration_delay.timeout_seconds"
DEFAULT_DELAY_SECONDS = 300
REGISTERING = {"_state": "initial", "_reason": "Elb.RegistrationInProgress", "_passed": 0, "_failed": 0}


def of(group):
    """The registered targets of a target group; CloudFormation registers some without a state."""
    targets = alb._targets.setdefault(group, [])
    for target in targets:
        target.setdefault("Port", alb._tgs[group]["Port"])
        if "_state" not in target:
            target.update(REGISTERING)
    return targets


def health_of(group, target):
    if target["_state"] == "draining":
        return "draining", "Target.DeregistrationInProgress"
    if not usage.users_of(group):
        return "unused", "Target.NotInUse"
    return target["_state"], target["_reason"]


def _register(params):
    group = alb._p(params, "TargetGroupArn")
    if group not in alb._tgs:
        return _not_found(group)
    registered = of(group)
    for wanted in alb._parse_targets_param(params):
        wanted.setdefault("Port", alb._tgs[group]["Port"])
        known = next((t for t in registered if (t["Id"], t["Port"]) == (wanted["Id"], wanted["Port"])), None)
        if known is None:
            registered.append({**wanted, **REGISTERING})
        elif known["_state"] == "draining":
            known.update(REGISTERING)
    return alb._empty("RegisterTargets")


def _deregister(params):
    # "Edit target group attributes: Deregistration delay": the target is draining until the delay is over.
    group = alb._p(params, "TargetGroupArn")
    if group not in alb._tgs:
        return _not_found(group)
    delay = _delay_seconds(group) if usage.users_of(group) else 0
    for target in _named(params, group):
        if target["_state"] != "draining":
            target.update(_state="draining", _until=time.monotonic() + delay)
    return alb._empty("DeregisterTargets")


def _delay_seconds(group):
    attributes = {attribute["Key"]: attribute["Value"] for attribute in alb._tg_attrs.get(group, [])}
    return float(attributes.get(DEREGISTRATION_DELAY, DEFAULT_DELAY_SECONDS))


def _named(params, group):
    """Those that the request names; a target without a port stands for every port of its address."""
    wanted = [(target["Id"], target.get("Port")) for target in alb._parse_targets_param(params)]
    return [t for t in of(group) if (t["Id"], t["Port"]) in wanted or (t["Id"], None) in wanted]


def _describe_health(params):
    group = alb._p(params, "TargetGroupArn")
    if group not in alb._tgs:
        return _not_found(group)
    asked = alb._parse_targets_param(params)
    found = _named(params, group) if asked else of(group)
    rows = [(target["Id"], target["Port"], *health_of(group, target)) for target in found]
    known = {target["Id"] for target in found}
    rows += [
        (target["Id"], target.get("Port", alb._tgs[group]["Port"]), "unused", "Target.NotRegistered")
        for target in asked
        if target["Id"] not in known
    ]
    descriptions = "".join(_health_xml(*row) for row in rows)
    inner = f"<TargetHealthDescriptions>{descriptions}</TargetHealthDescriptions>"
    return alb._xml(200, "DescribeTargetHealth", inner)


def _health_xml(target, port, state, reason):
    reason = f"<Reason>{reason}</Reason>" if reason else ""
    return (
        f"<member><Target><Id>{target}</Id><Port>{port}</Port></Target><HealthCheckPort>{port}</HealthCheckPort>"
        f"<TargetHealth><State>{state}</State>{reason}</TargetHealth></member>"
    )


def _not_found(group):
    return alb._error("TargetGroupNotFound", f"Target group '{group}' not found")


alb._ACTION_MAP.update(
    RegisterTargets=_register, DeregisterTargets=_deregister, DescribeTargetHealth=_describe_health
)
