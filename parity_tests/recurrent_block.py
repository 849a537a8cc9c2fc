"""The checks of recurrent layers, whose outputs are nested."""

from __future__ import annotations

import numpy as np

from d2l.common.training.mask_stream import MaskStream
from d2l.parity.checks import TRUTH, require
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import measure_all
from d2l.parity.oracles import recurrent
from d2l.parity.session import MASK_SEED
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import prefixed
from parity_tests.block_parity import BlockParity
from parity_tests.function_parity import as_given

SIZES = {"num_inputs": 4, "num_hiddens": 3}


def sequences(random):
    """Inputs of five steps, a batch of two and SIZES' number of values."""
    return random.standard_normal((5, 2, SIZES["num_inputs"]))


def dropped(X, rate, number):
    """What is left of X; number: that of the dropout layer among all that draw."""
    keep = MaskStream(MASK_SEED).uniform(0, number, X.shape) > rate
    return keep * X / (1 - rate)


def stacked(steps, X, states=None, dropout=0.0):
    """Layers on top of each other: the last one's outputs, and the last states of each.

    steps: of each layer; states: that each begins with, zeros of H alone by default;
    dropout: rate between the layers.
    """
    found = []
    for i, step in enumerate(steps):
        state = states[i] if states else (recurrent.zeros(X, SIZES["num_hiddens"]),)
        X = dropped(X, dropout, number=i - 1) if i and dropout else X
        X, state = recurrent.run(step, X, state)
        found.append(state)
    return X, found


class RecurrentBlock(BlockParity):
    """Inherit, set `name` and define `outputs`."""

    arguments = SIZES

    def inputs(self, random):
        return [sequences(random)]

    def outputs(self, weights, *inputs):
        """All outputs in NumPy by name: `output.0`, `output.1` and so on."""
        raise NotImplementedError

    def oracle(self, weights, *inputs):
        """The outputs in a row, which is what gradients need."""
        found = self.outputs(weights, *inputs)
        return np.concatenate([array.reshape(-1) for array in found.values()])

    def compute_expected(self, weights, precision):
        """The outputs one by one, and the gradients."""
        found = super().compute_expected(weights, precision)
        del found["output"]
        inputs = as_given(self.arrays(), precision).values()
        return self.outputs(as_given(weights, precision), *inputs) | found

    def test_no_steps(self, any_run, pool):
        """No steps give no outputs, and the state that was given, or zeros."""
        steps, *state = self.inputs(np.random.default_rng(0))
        self.require_outputs(pool, any_run, [steps[:0], *state], compiled=True)


class OneLayer(RecurrentBlock):
    """Inherit, set `name` and define `step`.

    num_states: of a step; layer_axis: whether states have an axis for their layer, as
    those of concise versions have.
    """

    num_states = 1
    layer_axis = True

    def step(self, weights):
        """The step in NumPy, a function of inputs and states."""
        raise NotImplementedError

    def outputs(self, weights, X, *given):
        zeros = [recurrent.zeros(X, SIZES["num_hiddens"])] * self.num_states
        states = [H[0] for H in given] if self.layer_axis else given
        steps = self.step(weights)
        outputs, states = recurrent.run(steps, X, tuple(states or zeros))
        states = [H[None] for H in states] if self.layer_axis else states
        if self.num_states == 1:
            return {"output.0": outputs, "output.1": states[0]}
        nested = {f"output.1.{i}": H for i, H in enumerate(states)}
        return {"output.0": outputs} | nested


class FromState:
    """Goes before a class of tests: the same from a state that is given."""

    def inputs(self, random):
        shape = (2, SIZES["num_hiddens"])
        given = (1, *shape) if self.layer_axis else shape
        return [*super().inputs(random), random.standard_normal(given)]


class NoSteps:
    """Goes before a class of tests: the same without any step."""

    def inputs(self, random):
        steps, *state = super().inputs(random)
        return [steps[:0], *state]


def require_scratch_is_concise(pool, framework, names, gates):
    """That a layer from scratch computes what the concise one does, gradients too.

    names: of the two public classes; gates: the last letters of the names of the
    scratch version's matrices, in the order that the concise one stacks them.
    """
    scratch, concise = names
    inputs = {"inputs.0": sequences(np.random.default_rng(0))}

    def block(name, weights=None):
        arrays = inputs | prefixed("weights", weights or {})
        task = {"name": name, "arguments": SIZES, "shapes": weights is None}
        return pool.run(framework, TRUTH, "block", arrays, **task)

    shapes = block(concise)[0]["shapes"]
    weights = initial_weights({k: tuple(v) for k, v in shapes.items()}, 0)
    expected = block(concise, weights)[1]
    actual = block(scratch, _split(weights, gates, add_biases=True))[1]
    gradients = {
        name.removeprefix("parameter."): array
        for name, array in expected.items()
        if name.startswith("parameter.")
    }
    # Of the two biases, which are added, each has the gradient of the sum.
    own = _split(gradients, gates, add_biases=False)
    wanted = prefixed("parameter", own) | {
        # The concise layer's state has an axis for its only layer.
        name: array[0] if name.startswith("output.1") else array
        for name, array in expected.items()
        if name.startswith(("output", "input"))
    }
    labels = (framework, f"{framework} concise", "scratch = concise")
    found = {name: actual[name] for name in wanted}
    require(measure_all(labels, found, wanted, tolerance("gradients", TRUTH)))


def _split(arrays, gates, add_biases):
    """The concise layer's arrays, gate by gate, under the scratch version's names."""
    weight_ih, weight_hh, bias_ih, bias_hh = (
        np.split(arrays[f"rnn.{name}_l0"], len(gates))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    found = {}
    for i, gate in enumerate(gates):
        found[f"W_x{gate}"] = weight_ih[i].T
        found[f"W_h{gate}"] = weight_hh[i].T
        found[f"b_{gate}"] = bias_ih[i] + bias_hh[i] if add_biases else bias_ih[i]
    return found
