"""The CDK's BucketDeployment ("aws-cdk-lib.aws_s3_deployment"). Its own function wants an AWS CLI below /opt, which a
machine that it shares with others has not; this does to buckets what that one does."""

import io
import mimetypes
import zipfile
from fnmatch import fnmatchcase

from ministack.core.responses import new_uuid
from ministack.services import s3
from ministack.services.cloudformation import provisioners


def _deploy(props):
    files = {name: content for name, content in _files(props) if _is_meant(name, props)}
    # "System-defined object metadata", as the construct's properties such as cacheControl become it.
    metadata = props.get("SystemMetadata") or {}
    prefix = _prefix(props)
    for name, content in files.items():
        # "aws s3 sync": "--no-guess-mime-type: Do not try to guess the mime type for uploaded files."
        kind = mimetypes.guess_type(name)[0] or "binary/octet-stream"
        _put(props["DestinationBucketName"], prefix + name, content, {"content-type": kind, **metadata})
    if str(props.get("Prune", "true")).lower() == "true":
        _prune(props, {prefix + name for name in files})


def _files(props):
    for bucket, key in zip(props["SourceBucketNames"], props["SourceObjectKeys"], strict=True):
        status, _, archive = s3._get_object(bucket, key, {}, {})
        if status != 200:
            raise ValueError(f"There is no s3://{bucket}/{key} to deploy.")
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for entry in opened.infolist():
                if not entry.is_dir():
                    yield entry.filename, opened.read(entry)


def _is_meant(name, props):
    # "Use of Exclude and Include Filters": "filters that appear later in the command take precedence", and includes do.
    is_excluded = any(fnmatchcase(name, pattern) for pattern in props.get("Exclude") or [])
    return not is_excluded or any(fnmatchcase(name, pattern) for pattern in props.get("Include") or [])


def _prune(props, kept):
    bucket, prefix = props["DestinationBucketName"], _prefix(props)
    for key in list(s3._buckets[bucket]["objects"]):
        if key.startswith(prefix) and key not in kept and _is_meant(key.removeprefix(prefix), props):
            s3._delete_object(bucket, key, {})


def _put(bucket, key, content, headers):
    status, _, body = s3._put_object(bucket, key, content, headers)
    if status != 200:
        raise ValueError(f"s3://{bucket}/{key} cannot be written: {body}")


def _prefix(props):
    prefix = props.get("DestinationBucketKeyPrefix", "").strip("/")
    return prefix and f"{prefix}/"


def _create(logical_id, props, stack_name):
    _deploy(props)
    return f"aws.cdk.s3deployment.{new_uuid()}", _attributes(props)


def _update(physical_id, old_props, new_props, stack_name, logical_id=None):
    _deploy(new_props)
    return physical_id, _attributes(new_props)


def _attributes(props):
    return {"DestinationBucketArn": props.get("DestinationBucketArn"), "SourceObjectKeys": props["SourceObjectKeys"]}


def _delete(physical_id, props):
    # "retainOnDelete": by default the files stay when the deployment goes.
    pass


provisioners._RESOURCE_HANDLERS["Custom::CDKBucketDeployment"] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
}
