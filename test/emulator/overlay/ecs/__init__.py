"""ECS on Fargate: every task is containers of their own with an address of its own, and tells what becomes of it."""

from overlay.ecs import api  # noqa: F401
