"""The checks of a section that is written once, as a class to inherit from."""

from __future__ import annotations

from collections.abc import Callable

from d2l.parity.checks import TRUTH, require
from d2l.parity.measure import measure_all
from d2l.parity.tolerances import tolerance
from parity_tests.sections import section_of
from parity_tests.workers import file_and_name, run_task


class SharedParity:
    """Inherit, set `task`, and define `inputs` and `expected`.

    name: what evidence is kept under, a public name;
    task: a function of the test's own, which runs in a framework's process and calls
    what the framework hands on; settings: its keyword arguments.
    """

    name: str
    task: Callable
    settings: dict = {}

    def inputs(self):
        """Arrays by name."""
        return {}

    def expected(self):
        """What the oracle says, by name."""
        raise NotImplementedError

    def measure_output(self, pool, framework, precision=TRUTH):
        """What was computed there, against the oracle; NumPy has one precision."""
        # Of the class, where it is no method.
        path, function = file_and_name(type(self).task)
        own = {"path": path, "function": function, "arguments": self.settings}
        _, actual = pool.run(framework, precision, "run_file", self.inputs(), **own)
        names = (framework, "NumPy", "oracle: output")
        limit = tolerance("function", TRUTH)
        return measure_all(names, actual, self.expected(), limit)

    def test_output(self, framework, pool, request, evidence):
        """It is the oracle's."""
        found = self.measure_output(pool, framework)
        evidence.add(section_of(request.path), self.name, TRUTH, found)
        require(found)


def require_common(pool, framework, name, module):
    """The framework's public name is the very object of d2l.common."""
    task = {"name": name, "module": module}
    result, _ = run_task(pool, (framework, TRUTH), "texts", "is_common", **task)
    assert result["same"]
