"""What becomes of a task: provisioned, pending, running, stopped ("Amazon ECS task lifecycle")."""

import logging
import threading

from ministack.core.responses import request_scope
from ministack.services import ecs

from overlay.ecs import containers
from overlay.ecs.task import attach_address, change, container_of, emit, now

logger = logging.getLogger("ecs")
KILLED = 137


def start(task, definition):
    emit(task)
    threading.Thread(target=_live, args=(task, definition), daemon=True).start()


def stop(task, code, reason):
    """Wishes the task stopped; the first reason is the one that stands."""
    with task["_lock"]:
        if task["desiredStatus"] == "STOPPED":
            return
        change(task, desiredStatus="STOPPED", stopCode=code, stoppedReason=reason, stoppingAt=now())
    for container in list(task["_running"].values()):
        threading.Thread(target=containers.stop, args=(container,), daemon=True).start()


def abandon(task):
    """The task is gone with all of its account, and nobody is told."""
    with task["_lock"]:
        task.update(desiredStatus="STOPPED", lastStatus="STOPPED", _abandoned=True)


def _live(task, definition):
    try:
        _launch(task, definition)
    except containers.CannotStart as failure:
        stop(task, "TaskFailedToStart", str(failure))
    except Exception as error:
        logger.exception("%s", task["taskArn"])
        stop(task, "TaskFailedToStart", f"ResourceInitializationError: {error}")
    for started in list(task["_running"].values()):
        started.ended.wait()
    _end(task)


def _launch(task, definition):
    change(task, lastStatus="PENDING", pullStartedAt=now())
    for image in {container["image"] for container in definition["containerDefinitions"]}:
        containers.check_image(image)
    task["pullStoppedAt"] = now()
    for container_definition in containers.in_order(definition):
        containers.await_dependencies(task, container_definition)
        with task["_lock"]:
            if task["desiredStatus"] == "STOPPED":
                return
            _start_container(task, definition, container_definition)
    with task["_lock"]:
        if task["desiredStatus"] != "STOPPED":
            change(task, lastStatus="RUNNING", startedAt=now(), connectivity="CONNECTED", connectivityAt=now())


def _start_container(task, definition, container_definition):
    name = container_definition["name"]
    with request_scope(*task["_scope"]):
        started = containers.start(task, definition, container_definition)
    if not task["_running"]:
        attach_address(task, started.address)
    task["_running"][name] = started
    container_of(task, name).update(runtimeId=started.id, lastStatus="RUNNING")
    threading.Thread(target=_watch, args=(task, container_definition, started), daemon=True).start()


def _watch(task, container_definition, started):
    exit_code, reason = containers.wait(started)
    record = container_of(task, container_definition["name"])
    with task["_lock"]:
        record.update(lastStatus="STOPPED", exitCode=exit_code, **({"reason": reason} if reason else {}))
    if container_definition.get("essential", True):
        stop(task, "EssentialContainerExited", "Essential container in task exited")
    elif not task.get("_abandoned"):
        change(task)
    started.ended.set()


def _end(task):
    if task.get("_abandoned"):
        return
    change(task, lastStatus="DEPROVISIONING", executionStoppedAt=now())
    for started in task["_running"].values():
        containers.remove(started)
    containers.forget_metadata(task)
    for container in task["containers"]:
        container["lastStatus"] = "STOPPED"
    task["attachments"][0]["status"] = "DELETED"
    change(task, lastStatus="STOPPED", stoppedAt=now(), connectivity="DISCONNECTED")
    with request_scope(*task["_scope"]):
        ecs._recount_cluster(ecs._cluster_name_from_arn(task["clusterArn"]))

