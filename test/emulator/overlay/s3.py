"""Buckets that CloudFormation makes bear their tags."""

from ministack.services import s3
from ministack.services.cloudformation import provisioners


def _with_tags(create):
    # "AWS::S3::Bucket": Tags. The CDK's own handler empties a bucket at its end only where a tag says so.
    def create_bucket(logical_id, props, stack_name):
        name, attributes = create(logical_id, props, stack_name)
        s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags") or []}
        return name, attributes

    return create_bucket


_handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
_handlers["create"] = _with_tags(_handlers["create"])
