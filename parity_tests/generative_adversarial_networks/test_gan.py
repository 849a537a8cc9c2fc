"""A generator and a discriminator: single steps, and a training of both."""

import numpy as np

from d2l.parity.checks import require, same_precision
from d2l.parity.initial_weights import initial_weights
from d2l.parity.measure import measure_all
from d2l.parity.oracles import adversarial as oracle
from d2l.parity.tolerances import tolerance
from d2l.trials.observed import prefixed, select
from parity_tests.distributions import require_normal
from parity_tests.function_parity import FunctionParity, as_given
from parity_tests.known_differences import expect
from parity_tests.sections import section_of
from parity_tests.workers import run_task

SHAPES = {
    "D": {
        "net.0.weight": (5, 2),
        "net.0.bias": (5,),
        "net.2.weight": (3, 5),
        "net.2.bias": (3,),
        "net.4.weight": (1, 3),
        "net.4.bias": (1,),
    },
    "G": {"net.0.weight": (2, 2), "net.0.bias": (2,)},
}


class TestBinaryCrossEntropy(FunctionParity):
    """Of logits so large that their exponentials overflow, and at 0, too."""

    name = "generative_adversarial_networks/gan:binary_cross_entropy"
    wrt = ("logits",)
    label = 1.0
    logits = ((0.0,), (-3.0,), (1e-4,), (20.5,), (-20.5,), (800.0,), (-800.0,))

    def inputs(self, random):
        logits = np.array(self.logits)
        return {"logits": logits, "labels": np.full_like(logits, self.label)}

    def oracle(self, logits, labels):
        return oracle.binary_cross_entropy(logits, self.label)

    def case(self):
        return f"binary_cross_entropy label={self.label:.0f}"


class TestBinaryCrossEntropyOfGenerated(TestBinaryCrossEntropy):
    label = 0.0


class TestWrongBinaryCrossEntropy(TestBinaryCrossEntropy):
    """Where log(1 + exp(x)) is nearly x, and an approximation by x too rough."""

    label = 0.0
    logits = ((20.1,), (20.5,))

    def case(self):
        return "binary_cross_entropy of logits far on the wrong side"


def nets():
    """Weights for both."""
    return {name: initial_weights(shapes, 0) for name, shapes in SHAPES.items()}


def given(arrays):
    """Both networks' weights and further arrays, as a task takes them."""
    found = nets()
    return prefixed("D", found["D"]) | prefixed("G", found["G"]) | arrays


def examples(*shape):
    """Real ones: normal, but elsewhere and of another width than the noise."""
    return 1 + 0.5 * np.random.default_rng(1).standard_normal((*shape, 2))


def judge(measurements, case, precision, request, evidence):
    """Keep as evidence; require."""
    evidence.add(section_of(request.path), case, precision, measurements)
    require(expect(measurements, case, precision))


def measure(names, actual, expected, kinds, precision, steps=1):
    """Each part by a tolerance of its kind."""
    actual, expected = same_precision(actual, expected)
    assert {k.partition(".")[0] for k in actual} == set(kinds)
    return [
        m
        for part, kind in kinds.items()
        for m in measure_all(
            (*names, f"GAN: {kind}"),
            select(actual, part),
            select(expected, part),
            tolerance(kind, precision, steps=steps),
        )
    ]


def expected_step(arrays, lr):
    """A step of each by gradient descent, by the gradients of the oracle."""
    D, G = select(arrays, "D"), select(arrays, "G")
    X, Z = arrays["X"], arrays["Z"]
    losses = {"loss.D": oracle.loss_D(D, G, X, Z)}
    slopes = oracle.gradients(oracle.loss_D, D, G, X, Z)
    D = {name: w - lr * slopes[name] for name, w in D.items()}
    found = {"after_D": prefixed("D", D) | prefixed("G", G)}
    losses["loss.G"] = oracle.loss_G(G, D, Z)
    slopes = oracle.gradients(oracle.loss_G, G, D, Z)
    G = {name: w - lr * slopes[name] for name, w in G.items()}
    found["after_G"] = prefixed("D", D) | prefixed("G", G)
    for label, weights in found.items():
        losses |= prefixed(f"parameter.{label}", weights)
    return losses


def test_step(any_run, pool, request, evidence):
    """Each step moves its own network, by the gradient of its loss, and no other."""
    framework, precision = any_run
    X, Z = examples(4), np.random.default_rng(2).standard_normal((4, 2))
    arrays, lr = given({"X": X, "Z": Z}), 0.5
    _, actual = run_task(pool, any_run, "adversarial", "step", arrays, lr=lr)
    assert {actual[f"loss.{net}"].shape for net in "DG"} == {()}
    assert {array.dtype for array in actual.values()} == {np.dtype(precision)}
    expected = expected_step(as_given(arrays, precision), lr)
    kinds = {"loss": "forward", "parameter": "update"}
    names = framework, "NumPy"
    found = measure(names, actual, expected, kinds, precision)
    judge(found, "GAN step", precision, request, evidence)


def test_first_weights(any_run, pool):
    """Weights are normal with a deviation of 0.02, biases 0."""
    samples = [
        run_task(pool, any_run, "adversarial", "start", seed=seed)[1]
        for seed in range(40)
    ]
    for name in samples[0]:
        values = np.array([sample[name] for sample in samples])
        if name.endswith("bias"):
            assert not values.any()
    kernels = [a for s in samples for k, a in s.items() if k.endswith("weight")]
    values = np.concatenate([kernel.reshape(-1) for kernel in kernels])
    require_normal(values, 0, 0.02)
