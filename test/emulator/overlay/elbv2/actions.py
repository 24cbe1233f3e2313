"""Forward actions to several target groups by weight ("ForwardActionConfig"), which MiniStack drops."""

from ministack.services import alb
from ministack.services.cloudformation import provisioners


def target_groups_of(action):
    """[{"TargetGroupArn", "Weight"}], also of an action that names its one target group the short way."""
    if config := action.get("ForwardConfig"):
        return config["TargetGroups"]
    return [{"TargetGroupArn": action["TargetGroupArn"], "Weight": 1}] if action.get("TargetGroupArn") else []


def parse(params, prefix="Actions"):
    actions = _parse(params, prefix)
    for number, action in enumerate(actions, 1):
        groups = _groups(params, f"{prefix}.member.{number}.ForwardConfig.TargetGroups")
        _remember(action, groups or target_groups_of(action))
    return actions


def _groups(params, prefix):
    groups = []
    while arn := alb._p(params, f"{prefix}.member.{len(groups) + 1}.TargetGroupArn"):
        weight = alb._p(params, f"{prefix}.member.{len(groups) + 1}.Weight", "1")
        groups.append({"TargetGroupArn": arn, "Weight": int(weight)})
    return groups


def _remember(action, groups):
    if action["Type"] != "forward":
        return
    action["ForwardConfig"] = {"TargetGroups": groups}
    if len(groups) == 1:
        action["TargetGroupArn"] = groups[0]["TargetGroupArn"]


def _to_xml(action):
    xml = _action_xml(action)
    if "ForwardConfig" not in action:
        return xml
    members = "".join(
        f"<member><TargetGroupArn>{group['TargetGroupArn']}</TargetGroupArn><Weight>{group['Weight']}</Weight></member>"
        for group in target_groups_of(action)
    )
    config = f"<ForwardConfig><TargetGroups>{members}</TargetGroups></ForwardConfig>"
    return f"{xml.removesuffix('</member>')}{config}</member>"


def _from_template(props, lb_arn, prop="DefaultActions"):
    actions = _listener_actions(props, lb_arn, prop)
    for action, declared in zip(actions, props.get(prop) or []):
        groups = (declared.get("ForwardConfig") or {}).get("TargetGroups") or target_groups_of(action)
        parsed = [{"TargetGroupArn": g["TargetGroupArn"], "Weight": int(g.get("Weight", 1))} for g in groups]
        _remember(action, parsed)
    return actions


_parse, _action_xml = alb._parse_actions, alb._action_xml
alb._parse_actions, alb._action_xml = parse, _to_xml
_listener_actions = provisioners._elbv2_listener_actions
provisioners._elbv2_listener_actions = _from_template
