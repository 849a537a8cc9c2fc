"""Ways to put layers together."""

from d2l.parity.oracles.layers import dense, fixed_hidden_mlp, relu
from parity_tests.block_parity import BlockParity
from parity_tests.tasks import native


def layer(weights, path, X):
    """The dense layer at `path`."""
    return dense(X, weights[f"{path}.weight"], weights[f"{path}.bias"])


class TestMLP(BlockParity):
    name = "builders_guide/model_construction:MLP"

    def inputs(self, random):
        return [random.standard_normal((3, 20))]

    def oracle(self, weights, X):
        return layer(weights, "out", relu(layer(weights, "hidden", X)))


def my_sequential(session):
    """Two dense layers with a rectifier in between."""
    return session.namespace.MySequential(
        native.dense(session, 5, 7), native.relu(session), native.dense(session, 7, 3)
    )


class TestMySequential(BlockParity):
    name = "MySequential"
    builder = my_sequential

    def inputs(self, random):
        return [random.standard_normal((3, 5))]

    def oracle(self, weights, X):
        return layer(weights, "2", relu(layer(weights, "0", X)))


class TestFixedHiddenMLP(BlockParity):
    name = "FixedHiddenMLP"

    def inputs(self, random):
        return [random.standard_normal((3, 20))]

    def is_trained(self, name):
        return name != "rand_weight"

    def oracle(self, weights, X):
        names = ("rand_weight", "linear.weight", "linear.bias")
        return fixed_hidden_mlp(X, *(weights[name] for name in names))


class TestNestMLP(BlockParity):
    name = "NestMLP"

    def inputs(self, random):
        return [random.standard_normal((3, 20))]

    def oracle(self, weights, X):
        for path in ("net.0", "net.2"):
            X = relu(layer(weights, path, X))
        return layer(weights, "linear", X)
