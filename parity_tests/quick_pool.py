"""Backend processes for twenty steps, of which JAX's compile as little as they can."""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache

import pytest

from d2l.parity.pool import Pool

#: To optimise twenty steps takes longer than to take them. Float32 keeps the first
#: level, which sums several elements at a time: one by one, sums round so much more
#: that gradients of deep networks are past their tolerance.
LEVELS = {
    "float64": "--xla_backend_optimization_level=0",
    "float32": "--xla_backend_optimization_level=1",
}
#: Kernels by way of MLIR take longer to make than by LLVM alone; and there is one
#: thread to make them.
FLAGS = (
    "--xla_cpu_use_fusion_emitters=false",
    "--xla_cpu_parallel_codegen_split_count=1",
)
#: XLA ends a process that gives it a flag which it does not know, or no longer.
PROBE = "import jax; jax.devices()"


@lru_cache
def quick_flags(python: str, precision: str) -> str:
    """Those of the flags that the JAX of an interpreter knows."""
    flags = (LEVELS[precision], *FLAGS)
    if _is_known(" ".join(flags), python):
        return " ".join(flags)
    return " ".join(flag for flag in flags if _is_known(flag, python))


def _is_known(flags: str, python: str) -> bool:
    command = ["env", f"XLA_FLAGS={flags}", "JAX_PLATFORMS=cpu", python, "-c", PROBE]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class QuickPool(Pool):
    """Processes of which JAX's compile with little optimisation, and quickly.

    What is computed is the same but for rounding, which is judged in both precisions.
    The deep tier, and what is for a GPU, are compiled as users have it.
    """

    def start(self, framework, precision):
        """Start a backend, or return the one that runs."""
        with pytest.MonkeyPatch.context() as environment:
            if framework == "jax" and self.device != "gpu":
                python = self.pythons.get(framework, sys.executable)
                environment.setenv("XLA_FLAGS", quick_flags(python, precision))
            return super().start(framework, precision)
