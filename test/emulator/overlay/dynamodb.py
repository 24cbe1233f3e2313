"""Tables that CloudFormation makes expire their items."""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners


def _with_expiry(create):
    # "AWS::DynamoDB::GlobalTable" and "AWS::DynamoDB::Table": TimeToLiveSpecification "specifies the Time to Live
    # settings for the table"; MiniStack drops it.
    def create_table(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        if expiry := props.get("TimeToLiveSpecification"):
            enabled = str(expiry.get("Enabled", True)).lower() == "true"
            specification = {"AttributeName": expiry.get("AttributeName"), "Enabled": enabled}
            dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": specification})
        return name, attributes

    return create_table


for _type in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
    _handlers = provisioners._RESOURCE_HANDLERS[_type]
    _handlers["create"] = _with_expiry(_handlers["create"])
