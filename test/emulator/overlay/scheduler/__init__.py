"""EventBridge Scheduler: time zones, phases, context attributes, and what it refuses."""

from overlay.scheduler import firing, requests  # noqa: F401
