"""Which target groups the listeners and rules of which load balancers forward to."""

from ministack.services import alb

from overlay.elbv2.actions import target_groups_of


def used_by(load_balancer):
    """The target groups of a load balancer's rules, its listeners' default actions among them."""
    return {arn for rule in rules_of(load_balancer) for arn in forwarded_to(rule.get("Actions", []))}


def users_of(target_group):
    """The load balancers that forward to it."""
    return {load_balancer_of(r) for r in alb._rules.values() if target_group in forwarded_to(r.get("Actions", []))}


def forwarded_to(actions):
    return {group["TargetGroupArn"] for action in actions for group in target_groups_of(action)}


def rules_of(load_balancer):
    return [rule for rule in alb._rules.values() if load_balancer_of(rule) == load_balancer]


def load_balancer_of(rule):
    return alb._listeners.get(rule["ListenerArn"], {}).get("LoadBalancerArn")
