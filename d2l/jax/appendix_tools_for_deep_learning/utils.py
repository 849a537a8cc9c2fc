"""Helpers of the book's older style: functions instead of classes."""

from functools import partial

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from d2l.common.data.downloads import (
    DATA_HUB,
    DATA_URL,
    download,
    download_extract,
    extract,
)
from d2l.common.data.images import load_images
from d2l.common.plots.figures import show_images
from d2l.common.utils import (
    Accumulator,
    Animator,
    Timer,
    get_dataloader_workers,
    get_fashion_mnist_labels,
)

from ..convolutional_neural_networks.lenet import init_cnn
from ..loaders import ArrayDataLoader, ImageDataLoader
from ..structure import walk
from ..tensor import normal

__all__ = [
    "DATA_HUB",
    "DATA_URL",
    "Accumulator",
    "Animator",
    "Timer",
    "accuracy",
    "download",
    "download_extract",
    "evaluate_accuracy",
    "evaluate_accuracy_gpu",
    "evaluate_loss",
    "extract",
    "get_dataloader_workers",
    "get_fashion_mnist_labels",
    "grad_clipping",
    "linreg",
    "load_array",
    "load_data_fashion_mnist",
    "sgd",
    "show_images",
    "squared_loss",
    "synthetic_data",
    "train_ch6",
]


def load_array(data_arrays, batch_size, is_train=True):
    """A loader over equally long arrays, shuffled when `is_train`."""
    return ArrayDataLoader(*data_arrays, batch_size=batch_size, shuffle=is_train)


def load_data_fashion_mnist(batch_size, resize=None):
    """The loaders of Fashion-MNIST's training and test images.

    resize: the length of an image's side, or (height, width).
    """
    size = (28, 28) if resize is None else resize
    size = (size, size) if isinstance(size, int) else tuple(size)
    dtype = jnp.result_type(float)
    return tuple(
        ImageDataLoader(
            load_images("fashion_mnist", train, size, dtype=dtype), batch_size, train
        )
        for train in (True, False)
    )


def synthetic_data(w, b, num_examples):
    """Inputs X, (n, d), standard normal, and labels Xw + b + noise of 0.01, (n, 1)."""
    X = normal(0, 1, (num_examples, len(w)))
    y = jnp.matmul(X, w) + b
    return X, (y + normal(0, 0.01, y.shape)).reshape((-1, 1))


def linreg(X, w, b):
    """The linear model Xw + b."""
    return jnp.matmul(X, w) + b


def squared_loss(y_hat, y):
    """Half the squared error of each example."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, grads, lr, batch_size):
    """A step of gradient descent on losses that were summed over `batch_size`.

    returns: the new parameters, since arrays of JAX do not change.
    """
    leaves, tree = jax.tree.flatten(params)
    pairs = zip(leaves, jax.tree.leaves(grads), strict=True)
    return tree.unflatten([p - lr * g / batch_size for p, g in pairs])


def grad_clipping(grads, theta):
    """The gradients, scaled so that their joint norm is at most `theta`."""
    norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(grads)))
    scale = jnp.minimum(1.0, theta / norm)
    return jax.tree.map(lambda g: g * scale, grads)


def accuracy(y_hat, y):
    """The number of right predictions.

    y_hat: (n, classes), or n labels.
    """
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    return float((y_hat.astype(y.dtype) == y).sum())


def evaluate_accuracy(net, data_iter):
    """The share of right predictions of `net` on a data set."""
    return evaluate_accuracy_gpu(net, data_iter)


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The same on `device`; by default where the parameters of `net` are."""
    predict = net
    if isinstance(net, nnx.Module):
        net.eval()
        predict = partial(_compiled_forward, net)
    right_and_all = Accumulator(2)
    for X, y in data_iter:
        if device is not None:
            X, y = jax.device_put((X, y), device)
        right_and_all.add(accuracy(predict(X), y), y.size)
    return right_and_all[0] / right_and_all[1]


@nnx.jit
def _compiled_forward(net, X):
    return net(X)


def evaluate_loss(net, data_iter, loss):
    """The mean loss of `net` on a data set."""
    sum_and_count = Accumulator(2)
    for X, y in data_iter:
        out = net(X)
        each = loss(out, y.reshape(out.shape))
        sum_and_count.add(float(each.sum()), each.size)
    return sum_and_count[0] / sum_and_count[1]


@nnx.jit
def _train_step(net, optimizer, X, y):
    """Take a step; returns the mean loss and the number of right predictions."""

    def loss_and_output(net):
        y_hat = net(X)
        fn = optax.softmax_cross_entropy_with_integer_labels
        return fn(y_hat, y).mean(), y_hat

    gradient = nnx.value_and_grad(loss_and_output, has_aux=True)
    (l, y_hat), grads = gradient(net)  # noqa: E741
    optimizer.update(net, grads)
    return l, (y_hat.argmax(axis=1) == y).sum()


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device):
    """Train an image classifier by SGD, with a live plot; prints its accuracy."""
    for _, layer in walk(net):
        init_cnn(layer)
    nnx.update(net, jax.device_put(nnx.state(net), device))
    optimizer = nnx.Optimizer(net, optax.sgd(lr), wrt=nnx.Param)
    curves = ["train loss", "train acc", "test acc"]
    animator = Animator(xlabel="epoch", xlim=[1, num_epochs], legend=curves)
    timer, num_batches = Timer(), len(train_iter)
    timer.times.clear()
    for epoch in range(num_epochs):
        metric = Accumulator(3)  # summed loss, right predictions, examples
        net.train()
        for i, (X, y) in enumerate(train_iter):
            timer.start()
            X, y = jax.device_put((X, y), device)
            l, right = _train_step(net, optimizer, X, y)  # noqa: E741
            metric.add(float(l) * len(X), float(right), len(X))
            timer.stop()
            train_l, train_acc = metric[0] / metric[2], metric[1] / metric[2]
            if (i + 1) % max(num_batches // 5, 1) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches, (train_l, train_acc, None))
        test_acc = evaluate_accuracy_gpu(net, test_iter, device)
        animator.add(epoch + 1, (None, None, test_acc))
    print(f"loss {train_l:.3f}, train acc {train_acc:.3f}, test acc {test_acc:.3f}")
    print(f"{metric[2] * num_epochs / timer.sum():.1f} examples/sec on {device}")
