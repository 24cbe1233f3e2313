"""The containers of tasks, through the Docker API of Podman."""

import os
import threading
from dataclasses import dataclass, field
from functools import cache

import docker
import docker.errors
from ministack.core import container_reaper
from ministack.services import ecs, ecs_metadata

from overlay.ecs import logs

# "ContainerDefinition": stopTimeout is 30 seconds unless it is given.
STOP_TIMEOUT_SECONDS = 30
API_TIMEOUT_SECONDS = 120
# Two for each container, which is waited for and whose output is followed.
MOST_CONNECTIONS = 512
# MiniStack empties itself by these; those that it looks for now and then also bear its boot.
LABELS = {"ministack": "ecs", container_reaper.INSTANCE_LABEL: container_reaper.instance_id()}


class CannotStart(Exception):
    """With the reason that AWS gives in stoppedReason ("Stopped tasks error messages")."""


@dataclass
class Started:
    container: object
    stop_timeout: int
    shipping: threading.Thread | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def id(self):
        return self.container.id[:12]

    @property
    def address(self):
        networks = self.container.attrs["NetworkSettings"]["Networks"].values()
        return next(network["IPAddress"] for network in networks)


@cache
def client():
    options = {"timeout": API_TIMEOUT_SECONDS, "max_pool_size": MOST_CONNECTIONS}
    return docker.DockerClient(base_url=os.environ["DOCKER_HOST"], **options)


def check_image(image):
    try:
        client().images.get(image)
    except docker.errors.ImageNotFound:
        raise CannotStart(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
            f"failed to resolve ref {image}: not found"
        ) from None


def in_order(definition):
    """Those that others depend on come first ("ContainerDependency")."""
    left, ordered = list(definition["containerDefinitions"]), []
    while left:
        done = {container["name"] for container in ordered}
        ready = (c for c in left if all(d["containerName"] in done for d in c.get("dependsOn", [])))
        ordered.append(next(ready, left[0]))
        left.remove(ordered[-1])
    return ordered


def start(task, definition, container_definition):
    name, task_id = container_definition["name"], task["taskArn"].rsplit("/", 1)[-1]
    override = ecs._container_override_for(task["overrides"]["containerOverrides"], name)
    first = next(iter(task["_running"].values()), None)
    options = {
        "command": override.get("command") or container_definition.get("command"),
        "entrypoint": container_definition.get("entryPoint"),
        "environment": _environment(task, definition, container_definition, override),
        "labels": {**LABELS, "com.amazonaws.ecs.task-arn": task["taskArn"]},
        "mem_limit": f"{override.get('memory') or container_definition.get('memory') or task['memory']}m",
        "name": f"ecs-{task_id}-{name}",
        # The containers of a task share its network interface.
        "network_mode": f"container:{first.container.id}" if first else None,
        "read_only": container_definition.get("readonlyRootFilesystem", False),
        "user": container_definition.get("user"),
        "working_dir": container_definition.get("workingDirectory"),
    }
    given = {key: value for key, value in options.items() if value is not None}
    try:
        container = client().containers.create(container_definition["image"], **given)
        container.start()
        container.reload()
    except docker.errors.APIError as error:
        raise CannotStart(f"CannotStartContainerError: {error.explanation}") from None
    ecs_metadata.set_docker_id(task["_metadata"][-1], container.id)
    stop_timeout = int(container_definition.get("stopTimeout") or STOP_TIMEOUT_SECONDS)
    return Started(container, stop_timeout, logs.ship(task, container_definition, container))


def await_dependencies(task, container_definition):
    for dependency in container_definition.get("dependsOn", []):
        if dependency["condition"] in ("COMPLETE", "SUCCESS"):
            task["_running"][dependency["containerName"]].ended.wait()


def _environment(task, definition, container_definition, override):
    try:
        secrets = ecs._resolve_container_secrets(container_definition)
    except ecs._SecretResolutionError as error:
        reason = f"ResourceInitializationError: unable to pull secrets or registry auth: {error}"
        raise CannotStart(reason) from None
    return {
        **_given_by_aws(task, definition, container_definition),
        **_named(container_definition),
        **secrets,
        **_named(override),
    }


def _given_by_aws(task, definition, container_definition):
    """AWS_ENDPOINT_URL stands for AWS's own host names; there are credentials for a task role only."""
    metadata = {}
    host = os.environ["MINISTACK_HOST"]
    arguments = (task["taskArn"], task["clusterArn"], definition, container_definition, task["launchType"], metadata)
    task["_metadata"].append(ecs._register_metadata(*arguments, host_mode=False, ministack_net_ip=host))
    account, region = task["_scope"]
    role = task["overrides"].get("taskRoleArn") or definition.get("taskRoleArn")
    return {
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "ECS_CONTAINER_METADATA_URI_V4": metadata["ECS_CONTAINER_METADATA_URI_V4"],
        **({"AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "test"} if role else {}),
    }


def _named(holder):
    return {variable["name"]: variable["value"] for variable in holder.get("environment", [])}


def wait(started):
    """Until it ends; its exit code, and a reason where AWS tells one."""
    try:
        exit_code = started.container.wait()["StatusCode"]
        started.container.reload()
        if started.shipping:
            started.shipping.join(logs.LAST_LINES_SECONDS)
        killed_for_memory = started.container.attrs["State"].get("OOMKilled")
        return exit_code, "OutOfMemoryError: Container killed due to memory usage" if killed_for_memory else None
    except docker.errors.APIError:
        return None, "The container was removed from outside."


def stop(started):
    try:
        started.container.stop(timeout=started.stop_timeout)
    except docker.errors.APIError:
        pass


def remove(started):
    try:
        started.container.remove(force=True, v=True)
    except docker.errors.APIError:
        pass


def forget_metadata(task):
    for token in task["_metadata"]:
        ecs_metadata.unregister_token(token)
