"""Routing to experts, and keeping their load even."""

from d2l.parity.oracles.attention import experts, load_balancing_loss, top_k_gates
from parity_tests.block_parity import BlockParity
from parity_tests.function_parity import FunctionParity


class TestTopKGates(FunctionParity):
    name = "top_k_gates"
    settings = {"k": 2}
    wrt = ("logits",)

    def inputs(self, random):
        return {"logits": random.standard_normal((2, 3, 5))}

    def oracle(self, logits, k):
        return top_k_gates(logits, k)


class TestLoadBalancingLoss(TestTopKGates):
    name = "load_balancing_loss"

    def oracle(self, logits, k):
        return load_balancing_loss(logits, k)


class TestMoELayer(BlockParity):
    name = "MoELayer"
    arguments = {"num_hiddens": 4, "num_experts": 3}

    def inputs(self, random):
        return [random.standard_normal((2, 3, 4))]

    def oracle(self, weights, X):
        return experts(weights, X, 2)


class TestOneExpert(TestMoELayer):
    arguments = {"num_hiddens": 4, "num_experts": 3, "k": 1}

    def oracle(self, weights, X):
        return experts(weights, X, 1)
