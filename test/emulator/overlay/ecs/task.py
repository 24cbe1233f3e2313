"""The record of a task, and the events that tell of its changes."""

import json
import threading
from datetime import datetime, timezone

from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope
from ministack.services import ecs, eventbridge


def new_task(request, cluster, definition, placement):
    account, region = get_account_id(), get_region()
    task_id = new_uuid().replace("-", "")
    arn = f"arn:aws:ecs:{region}:{account}:task/{cluster}/{task_id}"
    launch_type, provider = placement
    overrides = request.get("overrides", {})
    task = {
        "taskArn": arn,
        "clusterArn": ecs._clusters[cluster]["clusterArn"],
        "taskDefinitionArn": definition["taskDefinitionArn"],
        "overrides": {"containerOverrides": [], "inferenceAcceleratorOverrides": [], **overrides},
        "lastStatus": "PROVISIONING",
        "desiredStatus": "RUNNING",
        "launchType": launch_type,
        "capacityProviderName": provider,
        "cpu": overrides.get("cpu") or definition.get("cpu", "256"),
        "memory": overrides.get("memory") or definition.get("memory", "512"),
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "availabilityZone": f"{region}a",
        "group": request.get("group") or f"family:{definition['family']}",
        "startedBy": request.get("startedBy"),
        "enableExecuteCommand": request.get("enableExecuteCommand", False),
        "createdAt": now(),
        "version": 1,
        "containers": _containers(definition, arn),
        "attachments": [_interface(request)],
        "ephemeralStorage": definition.get("ephemeralStorage", {"sizeInGiB": 20}),
        "healthStatus": "UNKNOWN",
        "tags": _tags(request, definition),
        "_scope": (account, region),
        "_lock": threading.RLock(),
        "_running": {},
        "_metadata": [],
    }
    ecs._tasks[arn] = task
    if task["tags"]:
        ecs._tags[arn] = list(task["tags"])
    return task


def _containers(definition, arn):
    containers = ecs._build_task_containers(definition, [])
    for container in containers:
        container.update(taskArn=arn, lastStatus="PENDING", runtimeId=None)
    return containers


def _tags(request, definition):
    # "RunTask": propagateTags copies the tags of the task definition; those of the request win.
    inherited = ecs._tags.get(definition["taskDefinitionArn"], [])
    tags = inherited if request.get("propagateTags") == "TASK_DEFINITION" else []
    own = {tag["key"] for tag in request.get("tags", [])}
    return [tag for tag in tags if tag["key"] not in own] + request.get("tags", [])


def _interface(request):
    subnet = ecs._requested_subnet(request)
    details = [{"name": "subnetId", "value": subnet}] if subnet else []
    return {"id": new_uuid(), "type": "ElasticNetworkInterface", "status": "PRECREATED", "details": details}


def attach_address(task, address):
    # "Fargate task networking": each task has an elastic network interface of its own, with a private address.
    interface = task["attachments"][0]
    name = f"ip-{address.replace('.', '-')}.ec2.internal"
    interface["status"] = "ATTACHED"
    interface["details"] += [
        {"name": "networkInterfaceId", "value": f"eni-{interface['id'].replace('-', '')[:17]}"},
        {"name": "privateDnsName", "value": name},
        {"name": "privateIPv4Address", "value": address},
    ]
    for container in task["containers"]:
        container["networkInterfaces"] = [{"attachmentId": interface["id"], "privateIpv4Address": address}]


def container_of(task, name):
    return next(container for container in task["containers"] if container["name"] == name)


def change(task, **changes):
    with task["_lock"]:
        task.update(changes, version=task["version"] + 1)
        emit(task)


def emit(task):
    """Tells the default bus of the task as it is now ("Amazon ECS task state change events")."""
    with task["_lock"], request_scope(*task["_scope"]):
        detail = {k: v for k, v in ecs._sanitize(task).items() if k != "tags"}
        entry = {
            "Source": "aws.ecs",
            "DetailType": "ECS Task State Change",
            "Resources": [task["taskArn"]],
            "Detail": json.dumps({**detail, "updatedAt": now()}),
        }
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
