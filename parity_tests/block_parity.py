"""The checks of a public block, as a class to inherit from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from d2l.common.axes import IMAGES
from d2l.parity.checks import TRUTH, require, rounded_to
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import measure_all
from d2l.parity.oracles.differentiate import gradient, sum_of_squares
from d2l.parity.rounding import rounding_scales
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import prefixed
from parity_tests.function_parity import as_given
from parity_tests.known_differences import expect
from parity_tests.sections import section_of
from parity_tests.workers import file_and_name, run_task

#: The axes of a block that makes images of an image.
IMAGE_TO_IMAGE = {"0": IMAGES, "output": IMAGES}

#: What oracles have said, by class, precision and shapes of the weights.
_EXPECTED: dict = {}


class BlockParity:
    """Inherit, set `name`, define `inputs` and, where NumPy is short, `oracle`.

    name: of the public class, or `module:name` within a framework's tree;
    arguments: for its constructor; builder: instead of these, a function of the test's
    own that takes the session of a framework's process and builds the block, of which
    `name` then is a title; zero_gradients: patterns of parameters whose gradient is
    zero but for rounding; axes: of inputs by number, of outputs by `output`, as in
    d2l/common/axes.py.
    """

    name: str
    arguments: dict = {}
    builder: Callable | None = None
    axes: dict[str, str] = {}
    zero_gradients: tuple[str, ...] = ()

    def inputs(self, random):
        """The inputs, a list of arrays."""
        raise NotImplementedError

    #: The block in NumPy: a method of its canonical weights and its inputs.
    oracle = None

    @classmethod
    def applies(cls, test):
        """Whether there is anything to check this block against in a test."""
        return cls.oracle is not None or test != "test_oracle"

    def arrays(self):
        """The inputs by name, the same in every run."""
        given = self.inputs(np.random.default_rng(0))
        return {f"inputs.{i}": array for i, array in enumerate(given)}

    def build(self, pool, framework, precision, arrays, shapes=False):
        """Build the block in a framework and run it, or ask for its shapes."""
        where = framework, precision
        task = {"arrays": arrays, "shapes": shapes, "axes": self.axes}
        # Of the class, where it is no method.
        builder = type(self).builder
        if builder:
            build = file_and_name(builder)
            return run_task(pool, where, "built", "block", build=build, **task)
        settings = {"name": self.name, "arguments": self.arguments}
        return pool.run(*where, "block", **settings, **task)

    def weights(self, pool, framework, precision):
        """What the block starts from, whatever the framework."""
        result, _ = self.build(pool, framework, precision, self.arrays(), shapes=True)
        return initial_weights({k: tuple(v) for k, v in result["shapes"].items()}, 0)

    def found(self, pool, framework, precision):
        """Output, outputs of parts and gradients in a framework."""
        weights = self.weights(pool, framework, precision)
        arrays = self.arrays() | prefixed("weights", weights)
        return self.build(pool, framework, precision, arrays)[1]

    def expected(self, weights, precision):
        """Output and gradients by the oracle; computed once for all frameworks."""
        shapes = tuple((name, array.shape) for name, array in weights.items())
        key = (type(self), precision, shapes)
        if key not in _EXPECTED:
            _EXPECTED[key] = self.compute_expected(weights, precision)
        return _EXPECTED[key]

    def compute_expected(self, weights, precision):
        """Output and gradients by the oracle."""
        weights = as_given(weights, precision)
        inputs = as_given(self.arrays(), precision)
        values = [*weights.values(), *inputs.values()]

        def function(*values):
            own = dict(zip(weights, values, strict=False))
            return self.oracle(own, *values[len(weights) :])

        def total(*values):
            return sum_of_squares(function(*values))

        labels = [f"parameter.{name}" for name in weights if self.is_trained(name)]
        positions = [i for i, name in enumerate(weights) if self.is_trained(name)]
        # Lengths and tokens are inputs too, and have no gradient.
        floats = [i for i, a in enumerate(inputs.values()) if a.dtype == np.float64]
        labels += [f"input.{i}" for i in floats]
        positions += [len(weights) + i for i in floats]
        found = {
            label: gradient(total, values, position)
            for label, position in zip(labels, positions, strict=True)
        }
        return {"output": np.asarray(function(*values))} | found

    def is_trained(self, name):
        """Whether a tensor has a gradient."""
        return True

    def measure(self, names, precision, actual, expected):
        """Compare with what is rounded as the framework's results are."""
        expected = {k: rounded_to(precision, v) for k, v in expected.items()}
        limit = tolerance("gradients", precision)
        scales = rounding_scales(self, expected)
        return measure_all(names, actual, expected, limit, scales)

    def measure_oracle(self, pool, framework, precision):
        """Output and gradients against the oracle's."""
        weights = self.weights(pool, framework, precision)
        actual = self.found(pool, framework, precision)
        expected = self.expected(weights, precision)
        actual = {k: v for k, v in actual.items() if not k.startswith("part.")}
        names = (framework, "NumPy", "oracle: block")
        return self.measure(names, precision, actual, expected)

    def measure_reference(self, pool, framework, precision, reference):
        """Output, outputs of parts and gradients against the reference framework's."""
        actual = self.found(pool, framework, precision)
        expected = self.found(pool, reference, TRUTH)
        names = (framework, reference, "block")
        return self.measure(names, precision, actual, expected)

    def outputs(self, weights, *inputs):
        """All outputs in NumPy by name; here there is one."""
        return {"output": self.oracle(weights, *inputs)}

    def require_outputs(self, pool, run, inputs, compiled=False):
        """That other inputs, of which one is empty, give what they should.

        compiled: also as in training. Gradients are not asked for: in MXNet 1.9.1
        backward passes of empty arrays fail, or leave what happened to be in memory.
        """
        framework, precision = run
        weights = self.weights(pool, framework, precision)
        given = {f"inputs.{i}": array for i, array in enumerate(inputs)}
        arrays = given | prefixed("weights", weights)
        task = {"name": self.name, "arguments": self.arguments, "compiled": compiled}
        _, found = run_task(pool, run, "blocks", "outputs", arrays, **task)
        values = as_given(given, precision).values()
        outputs = self.outputs(as_given(weights, precision), *values)
        expected = {
            name.replace("output", way, 1): rounded_to(precision, array)
            for name, array in outputs.items()
            for way in ("output", "compiled")[: 1 + compiled]
        }
        names = (framework, "NumPy", "oracle: empty")
        limit = tolerance("function", precision)
        require(measure_all(names, found, expected, limit))

    def judge(self, request, evidence, precision, measurements):
        """Keep as evidence; require."""
        evidence.add(section_of(request.path), self.name, precision, measurements)
        require(expect(measurements, self.name, precision))

    def test_oracle(self, any_run, pool, request, evidence):
        """Output and gradients are the oracle's."""
        found = self.measure_oracle(pool, *any_run)
        self.judge(request, evidence, any_run[1], found)

    def test_reference(self, run, pool, checker, request, evidence):
        """Output, outputs of parts and gradients are the reference framework's."""
        found = self.measure_reference(pool, *run, checker.reference)
        self.judge(request, evidence, run[1], found)
