"""RunTask and StopTask, as far as callers see them."""

import json
import threading

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import ecs

from overlay import faults
from overlay.ecs import lifecycle
from overlay.ecs.task import new_task

# "RunTask" in the Amazon ECS API Reference: count, clientToken, overrides.
MOST_TASKS = 10
LONGEST_TOKEN = 64
LONGEST_OVERRIDES = 8192
# "Troubleshoot unavailable capacity for Fargate tasks" and "Viewing Amazon ECS service event messages": RunTask
# succeeds, and says so in `failures`.
NO_CAPACITY = "Capacity is unavailable at this time. Please try again later or in a different availability zone"
NO_VCPUS = "You’ve reached the limit on the number of vCPUs you can run concurrently"
UNITS_PER_VCPU = 1024

_lock = threading.Lock()
_answered = {}


def _run_task(request):
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    if cluster is None or cluster not in ecs._clusters:
        return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", "")))
    if not definition or definition.get("status") == "INACTIVE":
        return error_response_json("ClientException", "TaskDefinition not found.", 400)
    launch_type, strategy, error = ecs._launch_choice(request, ecs._clusters[cluster])
    problem = error or _problem_of(request, definition)
    if problem:
        return problem
    placement = ecs._task_capacity(launch_type, strategy)
    with _lock:
        return _answer_again(request, cluster) or _place(request, cluster, definition, placement)


def _problem_of(request, definition):
    overrides = request.get("overrides", {})
    known = {container["name"] for container in definition["containerDefinitions"]}
    strangers = [o.get("name") for o in overrides.get("containerOverrides", []) if o.get("name") not in known]
    if strangers:
        return _invalid(f"Override for container named {strangers[0]} is not a container in the TaskDefinition.")
    if len(json.dumps(overrides, separators=(",", ":"))) > LONGEST_OVERRIDES:
        return _invalid(f"Overrides length must be less than or equal to {LONGEST_OVERRIDES}")
    if not 1 <= request.get("count", 1) <= MOST_TASKS:
        return _invalid("Count must be between 1 and 10.")
    if len(request.get("clientToken", "")) > LONGEST_TOKEN:
        return _invalid(f"Client token length must be less than or equal to {LONGEST_TOKEN}")
    if definition.get("networkMode") == "awsvpc" and not request.get("networkConfiguration"):
        return _invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    return None


def _invalid(message):
    return error_response_json("InvalidParameterException", message, 400)


def _answer_again(request, cluster):
    # "Ensuring idempotency" in the Amazon ECS API Reference: a token that was used before answers with the same
    # tasks, as they are by now, and is in conflict with other parameters.
    token = request.get("clientToken")
    earlier = token and _answered.get((get_account_id(), get_region(), cluster, token))
    if not earlier:
        return None
    if earlier["request"] != request:
        message = "The client token was used before with different parameters."
        return error_response_json("ConflictException", message, 400)
    return _answer([ecs._tasks[arn] for arn in earlier["arns"] if arn in ecs._tasks])


def _place(request, cluster, definition, placement):
    refusal = _refusal(request, definition)
    if refusal:
        return json_response({"tasks": [], "failures": [{"reason": refusal}]})
    tasks = [new_task(request, cluster, definition, placement) for _ in range(request.get("count", 1))]
    if token := request.get("clientToken"):
        arns = [task["taskArn"] for task in tasks]
        _answered[get_account_id(), get_region(), cluster, token] = {"request": request, "arns": arns}
    answer = _answer(tasks)
    for task in tasks:
        lifecycle.start(task, definition)
    ecs._recount_cluster(cluster)
    return answer


def _refusal(request, definition):
    count = request.get("count", 1)
    live = [task for task in ecs._tasks.values() if task["lastStatus"] != "STOPPED"]
    most, vcpus = faults.limit("runningTasks"), faults.limit("vcpus")
    if vcpus is not None:
        wanted = sum(int(task["cpu"]) for task in live) + count * int(definition.get("cpu") or 256)
        if wanted > vcpus * UNITS_PER_VCPU:
            return NO_VCPUS
    if most is not None and len(live) + count > most:
        return NO_CAPACITY
    return None


def _answer(tasks):
    return json_response({"tasks": [ecs._sanitize(task) for task in tasks], "failures": []})


def _stop_task(request):
    # "StopTask": the containers get SIGTERM, and SIGKILL after their stopTimeout; the call does not wait for that.
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    if cluster is None:
        return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
    task = ecs._resolve_task(request.get("task", ""), cluster)
    if not task:
        return _invalid("The referenced task was not found.")
    lifecycle.stop(task, "UserInitiated", request.get("reason", "Task stopped by user"))
    return json_response({"task": ecs._sanitize(task)})


def _reset():
    with _lock:
        _answered.clear()
        for _, task in ecs._tasks.all_items():
            lifecycle.abandon(task)
    _stock_reset()


_stock_reset = ecs.reset
ecs.reset = _reset
ecs._ACTION_MAP.update(RunTask=_run_task, StopTask=_stop_task)
# Reads look at the containers of MiniStack's own tasks; ours are watched.
ecs._maybe_mark_stopped = lambda task, docker_client=None: None
