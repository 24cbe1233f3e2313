"""Resource types that MiniStack does not know are kept as records: they can be created, referred to and deleted."""

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services.cloudformation import provisioners

# "AWS resource and property types reference": each is created by CloudFormation; here nothing stands behind it.
RECORDS = [
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    "AWS::Events::EventBusPolicy",
    "AWS::Logs::QueryDefinition",
    "AWS::ResourceGroups::Group",
    "AWS::XRay::SamplingRule",
]


def _create(logical_id, props, stack_name):
    unique = new_uuid()[:8]
    name = f"{stack_name}-{logical_id}-{unique}"
    return name, {
        "Id": name,
        "Arn": f"arn:aws:emulator:{get_region()}:{get_account_id()}:{name}",
        "AllocationId": f"eipalloc-{unique}",
        "NatGatewayId": f"nat-{unique}",
    }


def _delete(physical_id, props):
    pass


for _type in RECORDS:
    provisioners._RESOURCE_HANDLERS.setdefault(_type, {"create": _create, "delete": _delete})


# "AWS::CloudWatch::Alarm": an alarm may watch an expression over several metrics, in `Metrics`. No metric is ever
# reported here, so such an alarm is kept as a record too.
_stock_alarm = dict(provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"])


def _create_alarm(logical_id, props, stack_name):
    create = _create if "Metrics" in props else _stock_alarm["create"]
    return create(logical_id, props, stack_name)


def _delete_alarm(physical_id, props):
    return _delete(physical_id, props) if "Metrics" in props else _stock_alarm["delete"](physical_id, props)


provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"] = {
    **_stock_alarm,
    "create": _create_alarm,
    "delete": _delete_alarm,
}
