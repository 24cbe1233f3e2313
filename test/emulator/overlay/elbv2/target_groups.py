"""Target groups are made once for the same settings, and not deleted under a rule that forwards to them."""

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from overlay.elbv2 import usage

SETTINGS = ("Protocol", "Port", "VpcId", "TargetType", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol")


def _create(params):
    # "CreateTargetGroup": "This operation is idempotent (...). If you attempt to create multiple target groups with the
    # same settings, each call succeeds." With other settings the name is a duplicate.
    name = alb._p(params, "Name")
    existing = next((group for group in alb._tgs.values() if group["TargetGroupName"] == name), None)
    if existing and all(alb._p(params, key, str(existing[key])) == str(existing[key]) for key in SETTINGS):
        return alb._xml(200, "CreateTargetGroup", f"<TargetGroups>{_to_xml(existing)}</TargetGroups>")
    return _stock["CreateTargetGroup"](params)


def _delete(params):
    # "DeleteTargetGroup": "You can delete a target group if it is not referenced by any actions."
    arn = alb._p(params, "TargetGroupArn")
    if usage.users_of(arn):
        return alb._error("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")
    return _stock["DeleteTargetGroup"](params)


def _to_xml(group):
    # "TargetGroup": LoadBalancerArns; "You can use each target group with only one load balancer."
    return _tg_xml({**group, "LoadBalancerArns": sorted(filter(None, usage.users_of(group["TargetGroupArn"])))})


def _create_resource(create):
    # "AWS::ElasticLoadBalancingV2::TargetGroup": Targets; MiniStack drops them.
    def with_targets(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        alb._targets[arn] = [{"Id": t["Id"], **_port_of(t)} for t in props.get("Targets") or []]
        return arn, attributes

    return with_targets


def _port_of(target):
    return {"Port": int(target["Port"])} if target.get("Port") else {}


_stock = dict(alb._ACTION_MAP)
alb._ACTION_MAP.update(CreateTargetGroup=_create, DeleteTargetGroup=_delete)
_tg_xml = alb._tg_xml
alb._tg_xml = _to_xml
_handlers = provisioners._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]
_handlers["create"] = _create_resource(_handlers["create"])
