"""Breakages of the PyTorch tree."""

from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional as F

from d2l.common.python_files import load_file
from d2l.torch import optimizers, weights
from d2l.torch.attention_and_transformers import (
    attention_scoring_functions,
    self_attention_and_positional_encoding,
)
from d2l.torch.convolutional_neural_networks import conv_layer
from d2l.torch.convolutional_neural_networks.lenet import LeNet
from d2l.torch.generative_adversarial_networks import gan
from d2l.torch.linear_regression.linear_regression_concise import LinearRegression
from d2l.torch.linear_regression.oo_design import Trainer
from d2l.torch.linear_regression.weight_decay import WeightDecay
from d2l.torch.multilayer_perceptrons import mlp_implementation
from parity_tests.meta.sabotage import replace
from parity_tests.own_trials.trials import MODELS


def bias_dropped():
    """Dense layers forget to add their bias."""
    replace(nn.Linear, "forward", lambda self, X: F.linear(X, self.weight))


def squared_loss_halved():
    """The loss is half of what it is elsewhere."""
    loss = LinearRegression.loss
    replace(LinearRegression, "loss", lambda self, *args: loss(self, *args) / 2)


def output_in_float32():
    """The output has the wrong type, and 7 right digits."""
    forward = LeNet.forward
    replace(LeNet, "forward", lambda self, X: forward(self, X).float())


def gradients_infinite():
    """The gradient behind the rectifier is infinite in one place."""
    relu = mlp_implementation.relu

    def poisoned(X):
        if X.requires_grad:
            X.register_hook(_with_infinity)
        return relu(X)

    replace(mlp_implementation, "relu", poisoned)


def _with_infinity(gradient):
    gradient = gradient.clone()
    gradient[0, 0] = torch.inf
    return gradient


def bias_decayed():
    """Weight decay takes hold of the bias too."""

    def configure(self):
        return torch.optim.SGD(self.parameters(), lr=self.lr, weight_decay=self.wd)

    replace(WeightDecay, "configure_optimizers", configure)


def gradients_not_clipped():
    """Clipping does nothing."""
    replace(Trainer, "clip_gradients", lambda self, clip, model: None)


def eps_ten_times_too_large():
    """Adam's eps is 1e-7, as it is in Keras."""
    adam = optimizers.adam
    replace(optimizers, "adam", lambda model, lr: adam(model, lr, eps=1e-7))


def momentum_forgotten():
    """The momentum of the last step is lost."""
    step = torch.optim.SGD.step

    def forgetful(self, *args):
        self.state.clear()
        return step(self, *args)

    replace(torch.optim.SGD, "step", forgetful)


def tensor_added():
    """The model has a parameter that no other has."""
    init = LeNet.__init__

    def with_scale(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.scale = nn.Parameter(torch.ones(1))

    replace(LeNet, "__init__", with_scale)


def padding_missing():
    """The first convolution shrinks the image, and all that follows."""
    init = LeNet.__init__

    def unpadded(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.net[0].padding = (0, 0)

    replace(LeNet, "__init__", unpadded)


def kernel_flipped():
    """The cross-correlation is a convolution in the mathematical sense."""
    corr2d = conv_layer.corr2d
    replace(conv_layer, "corr2d", lambda X, K: corr2d(X, K.flip(0, 1)))


def parameters_swapped():
    """Two tensors of one shape go by each other's names."""
    slots = weights.slots
    names = {"rand_weight": "linear.weight", "linear.weight": "rand_weight"}

    def swapped(model):
        for slot in slots(model):
            name = names.get(slot.name, slot.name)
            yield type(slot)(name, slot.read, slot.write, slot.layout, slot.trainable)

    replace(weights, "slots", swapped)


def scale_missing():
    """Products of queries and keys are not divided by the root of their size."""
    without = SimpleNamespace(sqrt=lambda size: 1.0)
    replace(attention_scoring_functions, "math", without)


def positions_off_by_one():
    """The first token stands at position 1."""
    rows = self_attention_and_positional_encoding._rows

    def late(P, offset, steps):
        return rows(P, offset + 1, steps)

    replace(self_attention_and_positional_encoding, "_rows", late)


def generator_trained_to_be_caught():
    """The generator's step raises the loss that it should lower."""
    update = gan.update_G

    def updated(Z, net_D, net_G, loss, trainer_G):
        def opposite(logits, labels):
            return -loss(logits, labels)

        return -update(Z, net_D, net_G, opposite, trainer_G)

    replace(gan, "update_G", updated)


def noise_of_its_own():
    """A loop draws what no other framework draws."""
    replace(load_file(MODELS.format(framework="torch")), "normal", torch.randn)
