"""The checks of a public function, as a class to inherit from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.parity.checks import TRUTH, require, rounded_to
from d2l.parity.measure import measure_all
from d2l.parity.oracles.differentiate import gradient, weighted_sum
from d2l.parity.session import MASK_SEED
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import prefixed, select
from parity_tests.known_differences import expect
from parity_tests.sections import section_of
from parity_tests.workers import file_and_name, run_task


def as_given(arrays, precision):
    """Inputs as a framework gets them, in float64 again: rounding them is no error."""
    return {name: exactly(rounded_to(precision, a)) for name, a in arrays.items()}


def exactly(array):
    """Floats in float64, anything else as it is."""
    is_float = np.issubdtype(array.dtype, np.floating)
    return array.astype(np.float64) if is_float else array


class FunctionParity:
    """Inherit, set `name`, and define `inputs` and `oracle`.

    name: of the public function, or `module:name` within a framework's tree;
    builder: instead of a public name, a function of the test's own that takes the
    session of a framework's process and returns the function to test, of which `name`
    then is a title;
    settings: its keyword arguments; wrt: the inputs to differentiate by;
    masks: it draws from the shared stream of masks, and the oracle takes the
    numbers drawn as its argument `uniform`;
    returns_number: it returns a Python number, which has no precision.
    """

    name: str
    builder: Callable | None = None
    settings: dict = {}
    wrt: tuple[str, ...] = ()
    masks = False
    returns_number = False

    @classmethod
    def applies(cls, test):
        """Whether a test has anything to say of this function."""
        return bool(cls.wrt) or test != "test_gradients"

    def inputs(self, random):
        """The positional arguments, by name, in order."""
        raise NotImplementedError

    def oracle(self, *arguments, **settings):
        """The function in NumPy."""
        raise NotImplementedError

    def arrays(self):
        """The inputs, the same in every run."""
        return self.inputs(np.random.default_rng(0))

    def case(self):
        """The name under which evidence and known differences list the function."""
        values = "".join(f" {k}={v}" for k, v in self.settings.items())
        return self.name.rpartition(":")[2] + values

    def call(self, pool, framework, precision):
        """Outputs and gradients in a framework."""
        arrays, where = self.arrays(), (framework, precision)
        task = {
            "arrays": arrays,
            "order": list(arrays),
            "wrt": list(self.wrt),
            "settings": self.settings,
            "masks": self.masks,
        }
        # Of the class, where it is no method.
        builder = type(self).builder
        if builder:
            task["build"] = file_and_name(builder)
            _, found = run_task(pool, where, "built", "call", **task)
        else:
            _, found = pool.run(*where, "call", name=self.name, **task)
        if self.returns_number:
            found["output"] = rounded_to(precision, found["output"])
        return found

    def expected(self, precision):
        """What the oracle says, for inputs rounded as the framework's are."""
        given = as_given(self.arrays(), precision)
        settings = dict(self.settings)
        if self.masks:
            first = next(iter(given.values()))
            settings["uniform"] = MaskStream(MASK_SEED).uniform(0, 0, first.shape)

        def function(*arguments):
            return self.oracle(*arguments, **settings)

        def total(*arguments):
            return weighted_sum(function(*arguments))

        names, values = list(given), list(given.values())
        gradients = {n: gradient(total, values, names.index(n)) for n in self.wrt}
        output = np.asarray(function(*values))
        return {"output": output} | prefixed("gradient", gradients)

    def measure(self, names, kind, precision, actual, expected):
        """Compare with what is rounded as the framework's results are."""
        expected = {k: rounded_to(precision, v) for k, v in expected.items()}
        return measure_all(names, actual, expected, tolerance(kind, precision))

    def measure_output(self, pool, framework, precision):
        """The output against the oracle's."""
        actual = {"output": self.call(pool, framework, precision)["output"]}
        expected = {"output": self.expected(precision)["output"]}
        names = (framework, "NumPy", "oracle: output")
        return self.measure(names, "function", precision, actual, expected)

    def measure_gradients(self, pool, framework, precision):
        """The gradients against the oracle's."""
        actual = select(self.call(pool, framework, precision), "gradient")
        expected = select(self.expected(precision), "gradient")
        names = (framework, "NumPy", "oracle: gradients")
        return self.measure(names, "gradients", precision, actual, expected)

    def measure_reference(self, pool, framework, precision, reference):
        """Output and gradients against the reference framework's."""
        actual = self.call(pool, framework, precision)
        expected = self.call(pool, reference, TRUTH)
        names = (framework, reference, "function")
        return self.measure(names, "gradients", precision, actual, expected)

    def judge(self, request, evidence, precision, measurements):
        """Keep as evidence; require."""
        evidence.add(section_of(request.path), self.case(), precision, measurements)
        require(expect(measurements, self.case(), precision))

    def test_output(self, any_run, pool, request, evidence):
        """The output is the oracle's."""
        found = self.measure_output(pool, *any_run)
        self.judge(request, evidence, any_run[1], found)

    def test_gradients(self, any_run, pool, request, evidence):
        """The gradients are the oracle's, found without automatic differentiation."""
        found = self.measure_gradients(pool, *any_run)
        self.judge(request, evidence, any_run[1], found)

    def test_reference(self, run, pool, checker, request, evidence):
        """Output and gradients are those of the reference framework."""
        found = self.measure_reference(pool, *run, checker.reference)
        self.judge(request, evidence, run[1], found)
