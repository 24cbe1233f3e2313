"""Load balancers have an address of their own, where the data plane listens on their ports."""

import os

from ministack.services import alb
from ministack.services.cloudformation import provisioners

ADDRESSES = [f"{os.environ['EMULATOR_BLOCK']}.{host}" for host in range(32, 255)]


def _give_address(arn):
    # "Create an Application Load Balancer": DNSName is a name that resolves to the load balancer's addresses. No resolver
    # knows such a name here, so an address stands for it.
    taken = {lb["DNSName"] for lb in alb._lbs.values()}
    alb._lbs[arn]["DNSName"] = next(address for address in ADDRESSES if address not in taken)
    return alb._lbs[arn]


def _create(params):
    before = set(alb._lbs.keys())
    status, headers, body = _stock["CreateLoadBalancer"](params)
    if status != 200:
        return status, headers, body
    (arn,) = set(alb._lbs.keys()) - before
    members = alb._lb_xml(_give_address(arn))
    return alb._xml(200, "CreateLoadBalancer", f"<LoadBalancers>{members}</LoadBalancers>")


def _delete(params):
    # "DeleteLoadBalancer": "Deleting a load balancer also deletes its listeners."
    provisioners._elbv2_load_balancer_delete(alb._p(params, "LoadBalancerArn"), {})
    return alb._empty("DeleteLoadBalancer")


def _create_resource(create):
    def with_address(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        return arn, {**attributes, "DNSName": _give_address(arn)["DNSName"]}

    return with_address


_stock = dict(alb._ACTION_MAP)
alb._ACTION_MAP.update(CreateLoadBalancer=_create, DeleteLoadBalancer=_delete)
_handlers = provisioners._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::LoadBalancer"]
_handlers["create"] = _create_resource(_handlers["create"])
