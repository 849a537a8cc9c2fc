"""Optimizers by name, each with one formula in all frameworks.

Keras's own differ: their weight decay bypasses the gradient, and Adam adds its
epsilon to a root that is not corrected yet.
"""

from __future__ import annotations

import keras
import tensorflow as tf

from d2l.common.errors import InputError


def sgd(model, lr, momentum=0.0, weight_decay=0.0):
    """Stochastic gradient descent; weight decay is added to the gradient (L2)."""
    return SGD(lr, momentum, weight_decay)


def adam(model, lr, betas=(0.9, 0.999), eps=1e-8):
    """Adam (Kingma and Ba, 2015), eps added to the corrected root."""
    return Adam(lr, betas, eps)


def drivable(returned):
    """The optimizer that `configure_optimizers` returned.

    Raises InputError, naming it, for what a training loop cannot drive.
    """
    if hasattr(returned, "apply_gradients"):
        return returned
    raise InputError(
        f"The trainer cannot drive a {type(returned).__name__}, which has no "
        "apply_gradients. (A schedule is an optimizer's learning_rate in Keras.)"
    )


def scaled(optim, loss):
    """The loss as large as the optimizer wants it, which divides gradients again.

    Keras's `LossScaleOptimizer` keeps the gradients of low precisions from becoming
    0 in this way.
    """
    return getattr(optim, "scale_loss", lambda loss: loss)(loss)


class Optimizer(keras.optimizers.Optimizer):
    """A Keras optimizer that can name the state it keeps for a parameter.

    State is read and written as tf.Variable, and Python floats meet nothing but
    those: Keras's operations would round them to float32.
    """

    #: The names of the tensors kept for each parameter, as in checkpoints.
    state_names: tuple[str, ...] = ()
    #: Whether the number of steps done is part of the formula.
    counts_steps = False

    def __init__(self, learning_rate, **kwargs):
        is_number = isinstance(learning_rate, int)
        super().__init__(float(learning_rate) if is_number else learning_rate, **kwargs)

    def build(self, variables):
        """Make the state for the parameters `variables`."""
        if not self.built:
            super().build(variables)
            self.state = {
                name: self.add_optimizer_variables(variables, name)
                for name in self.state_names
            }

    def state_of(self, variable):
        """The tf.Variables kept for a parameter, by their names."""
        return {name: kept.value for name, kept in self.kept_for(variable).items()}

    def kept_for(self, variable):
        """The same as Keras's variables, as they are."""
        index = self._get_variable_index(variable)
        return {name: kept[index] for name, kept in self.state.items()}


class SGD(Optimizer):
    """Stochastic gradient descent: v <- momentum v + g, p <- p - lr v.

    weight_decay: added to the gradient, times the parameter.
    not_decayed: the name of parameters that are left alone.
    """

    def __init__(self, learning_rate, momentum=0.0, weight_decay=0.0, not_decayed=None):
        super().__init__(learning_rate)
        # Keras applies an attribute of the name weight_decay in its own way.
        self.momentum, self.l2 = momentum, weight_decay
        self.not_decayed = not_decayed
        self.state_names = ("momentum_buffer",) if momentum else ()

    def update_step(self, gradient, variable, learning_rate):
        """Change one parameter, in place."""
        gradient = tf.convert_to_tensor(gradient)
        if self.l2 and _own_name(variable) != self.not_decayed:
            gradient += self.l2 * variable
        if self.momentum:
            velocity = self.state_of(variable)["momentum_buffer"]
            gradient = velocity.assign(self.momentum * velocity + gradient)
        variable.assign_sub(tf.cast(learning_rate, variable.dtype) * gradient)

    def get_config(self):
        """The constructor's arguments, for saving."""
        own = {"momentum": self.momentum, "weight_decay": self.l2}
        rate = float(self.learning_rate)
        return {"learning_rate": rate, **own, "not_decayed": self.not_decayed}


class Adam(Optimizer):
    """Adam: p <- p - lr m' / (sqrt(v') + eps) with m', v' corrected for their start."""

    state_names = ("exp_avg", "exp_avg_sq")
    counts_steps = True

    def __init__(self, learning_rate, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(learning_rate)
        self.beta_1, self.beta_2 = betas
        self.eps = eps

    def update_step(self, gradient, variable, learning_rate):
        """Change one parameter, in place."""
        gradient = tf.convert_to_tensor(gradient)
        mean, square = self.state_of(variable).values()
        mean = mean.assign(self.beta_1 * mean + (1 - self.beta_1) * gradient)
        square = square.assign(
            self.beta_2 * square + (1 - self.beta_2) * gradient * gradient
        )
        # In float64 always: 1 - 0.999 has four digits left in float32.
        step = tf.cast(self.iterations, tf.float64) + 1
        rate = tf.cast(learning_rate, tf.float64) / (1 - self.beta_1**step)
        root = tf.sqrt(1 - self.beta_2**step)
        rate, root = (tf.cast(x, variable.dtype) for x in (rate, root))
        variable.assign_sub(rate * (mean / (tf.sqrt(square) / root + self.eps)))

    def get_config(self):
        """The constructor's arguments, for saving."""
        betas = (self.beta_1, self.beta_2)
        rate = float(self.learning_rate)
        return {"learning_rate": rate, "betas": betas, "eps": self.eps}


def _own_name(variable):
    """The last part of a variable's name: "bias" of "dense/bias:0"."""
    return variable.name.split("/")[-1].split(":")[0]
