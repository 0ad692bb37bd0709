"""Plan, Kernel -> Report: what a plan says is done, in batches, and read again."""

from topo.applier.execution import apply
from topo.applier.report import Failed, Report
from topo.applier.running import RunningLab

__all__ = ["Failed", "Report", "RunningLab", "apply"]
