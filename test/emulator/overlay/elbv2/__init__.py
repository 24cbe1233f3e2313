"""ELBv2: what MiniStack does not keep of actions, what AWS refuses, and targets whose health is looked at for real."""

from overlay.elbv2 import actions, load_balancers, rules, target_groups, targets  # noqa: F401
from overlay.elbv2 import health

health.watch()
