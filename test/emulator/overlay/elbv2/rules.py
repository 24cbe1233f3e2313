"""What AWS refuses of rules and listeners ("CreateListener", "CreateRule", "ModifyRule", "DeleteRule" and "SetRulePriorities": Errors)."""

from ministack.services import alb

from overlay import faults
from overlay.elbv2 import actions, usage

# "Quotas for your Application Load Balancers": condition values per rule.
MOST_CONDITION_VALUES = 5


def _create(params):
    listener, priority = alb._p(params, "ListenerArn"), alb._p(params, "Priority")
    if listener not in alb._listeners:
        return alb._error("ListenerNotFound", f"Listener '{listener}' not found.")
    if any(rule["Priority"] == priority for rule in alb._rules.values() if rule["ListenerArn"] == listener):
        return alb._error("PriorityInUse", f"Priority '{priority}' is currently in use")
    load_balancer = alb._listeners[listener]["LoadBalancerArn"]
    # "not counting default rules"
    rules = [rule for rule in usage.rules_of(load_balancer) if not rule.get("IsDefault")]
    if len(rules) >= faults.limit("rulesPerLoadBalancer"):
        return alb._error("TooManyRules", "The maximum number of rules has been reached on this load balancer")
    problem = _conditions_problem(params) or _actions_problem(load_balancer, params)
    return problem or _stock["CreateRule"](params)


def _create_listener(params):
    problem = _actions_problem(alb._p(params, "LoadBalancerArn"), params, "DefaultActions")
    return problem or _stock["CreateListener"](params)


def _modify(params):
    rule = alb._rules.get(alb._p(params, "RuleArn"))
    if not rule:
        return _not_found(params)
    load_balancer = usage.load_balancer_of(rule)
    problem = _conditions_problem(params) or _actions_problem(load_balancer, params, instead_of=rule)
    return problem or _stock["ModifyRule"](params)


def _delete(params):
    if alb._p(params, "RuleArn") not in alb._rules:
        return _not_found(params)
    return _stock["DeleteRule"](params)


def _not_found(params):
    return alb._error("RuleNotFound", f"Rule '{alb._p(params, 'RuleArn')}' not found")


def _conditions_problem(params):
    if sum(len(condition["Values"]) for condition in alb._parse_conditions(params)) > MOST_CONDITION_VALUES:
        return alb._error("ValidationError", f"A rule can only have '{MOST_CONDITION_VALUES}' condition values")
    return None


def _actions_problem(load_balancer, params, prefix="Actions", instead_of=None):
    groups = usage.forwarded_to(actions.parse(params, prefix))
    if missing := sorted(groups - set(alb._tgs.keys())):
        return alb._error("TargetGroupNotFound", f"Target groups '{missing}' not found")
    if shared := sorted(group for group in groups if usage.users_of(group) - {load_balancer}):
        message = f"The following target groups cannot be associated with more than one load balancer: {shared[0]}"
        return alb._error("TargetGroupAssociationLimit", message)
    others = [rule for rule in usage.rules_of(load_balancer) if rule is not instead_of]
    used = {group for rule in others for group in usage.forwarded_to(rule.get("Actions", []))}
    if groups - used and len(groups | used) > faults.limit("targetGroupsPerLoadBalancer"):
        message = "You have reached the maximum number of unique target groups that you can associate with a load balancer"
        return alb._error("TooManyUniqueTargetGroupsPerLoadBalancer", message)
    return None


def _set_priorities(params):
    wanted = {}
    while arn := alb._p(params, f"RulePriorities.member.{len(wanted) + 1}.RuleArn"):
        wanted[arn] = alb._p(params, f"RulePriorities.member.{len(wanted) + 1}.Priority")
    for arn, priority in wanted.items():
        if arn not in alb._rules:
            return alb._error("RuleNotFound", f"Rule '{arn}' not found")
        neighbours = [r for r in alb._rules.values() if r["ListenerArn"] == alb._rules[arn]["ListenerArn"]]
        if any(rule["Priority"] == priority and rule["RuleArn"] not in wanted for rule in neighbours):
            return alb._error("PriorityInUse", f"Priority '{priority}' is currently in use")
    return _stock["SetRulePriorities"](params)


_stock = dict(alb._ACTION_MAP)
alb._ACTION_MAP.update(
    CreateListener=_create_listener,
    CreateRule=_create,
    ModifyRule=_modify,
    DeleteRule=_delete,
    SetRulePriorities=_set_priorities,
)
