"""HTTP APIs answer at an address of their own, as they do at a host name of their own on AWS."""

import os

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

ADDRESSES = [f"{os.environ['EMULATOR_BLOCK']}.{host}" for host in range(16, 32)]
PORT = 80

_api_of = {}


def host_behind(address):
    """The host name that MiniStack knows the API at this address by."""
    return f"{_api_of.get(address, 'none')}.execute-api.{os.environ['MINISTACK_HOST']}"


def _address_for(api_id):
    for address in ADDRESSES:
        if apigateway.find_api_scope(_api_of.get(address, "")) is None:
            _api_of[address] = api_id
            return address
    raise ValueError(f"The emulator has addresses for {len(ADDRESSES)} HTTP APIs, and all are taken.")


def _create(create):
    # "AWS::ApiGatewayV2::Api": ApiEndpoint is the default endpoint, https://{api-id}.execute-api.{region}.amazonaws.com.
    # No resolver knows that name here, so an address stands for it.
    def with_address(logical_id, props, stack_name):
        api_id, attributes = create(logical_id, props, stack_name)
        endpoint = f"http://{_address_for(api_id)}"
        apigateway._apis[api_id]["apiEndpoint"] = endpoint
        return api_id, {**attributes, "ApiEndpoint": endpoint}

    return with_address


_handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
_handlers["create"] = _create(_handlers["create"])
