"""Helpers of the book's older style: functions instead of classes."""

import contextlib

import keras
import tensorflow as tf

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

from ..loaders import ImageBatches, TensorBatches, make_loader
from ..tensor import matmul, normal

__all__ = [
    "DATA_HUB",
    "DATA_URL",
    "Accumulator",
    "Animator",
    "Timer",
    "TrainCallback",
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
    """A loader over equally long tensors, shuffled when `is_train`."""
    return make_loader(TensorBatches(data_arrays), batch_size, shuffle=is_train)


def load_data_fashion_mnist(batch_size, resize=None):
    """The loaders of Fashion-MNIST's training and test images.

    resize: the length of an image's side, or (height, width).
    """
    size = (28, 28) if resize is None else resize
    size = (size, size) if isinstance(size, int) else tuple(size)
    dtype = keras.config.floatx()
    return tuple(
        make_loader(
            ImageBatches(load_images("fashion_mnist", train, size, dtype=dtype)),
            batch_size,
            train,
        )
        for train in (True, False)
    )


def synthetic_data(w, b, num_examples):
    """Inputs X, (n, d), standard normal, and labels Xw + b + noise of 0.01, (n, 1)."""
    X = normal(0, 1, (num_examples, w.shape[0]))
    y = tf.reshape(matmul(X, w), (-1, 1)) + b
    return X, y + normal(0, 0.01, y.shape)


def linreg(X, w, b):
    """The linear model Xw + b."""
    return matmul(X, w) + b


def squared_loss(y_hat, y):
    """Half the squared error of each example."""
    return (y_hat - tf.reshape(y, y_hat.shape)) ** 2 / 2


def sgd(params, grads, lr, batch_size):
    """A step of gradient descent on losses that were summed over `batch_size`."""
    for param, grad in zip(params, grads, strict=True):
        param.assign_sub(lr * grad / batch_size)


def grad_clipping(grads, theta):
    """The gradients `grads`, scaled so that their joint norm is at most `theta`."""
    grads = [tf.convert_to_tensor(g) for g in grads]
    norm = tf.sqrt(sum(tf.reduce_sum(g**2) for g in grads))
    scale = tf.minimum(theta / norm, 1.0)
    return [g * scale for g in grads]


def accuracy(y_hat, y):
    """The number of right predictions.

    y_hat: (n, classes), or n labels.
    """
    if len(y_hat.shape) > 1 and y_hat.shape[1] > 1:
        y_hat = tf.argmax(y_hat, axis=1)
    return float(tf.math.count_nonzero(tf.cast(y_hat, y.dtype) == y))


def evaluate_accuracy(net, data_iter):
    """The share of right predictions of `net` on a data set."""
    return evaluate_accuracy_gpu(net, data_iter)


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The same on `device`; by default where TensorFlow puts it."""
    right_and_all = Accumulator(2)
    with device or contextlib.nullcontext():
        for X, y in data_iter:
            right_and_all.add(accuracy(net(X), y), y.shape.num_elements())
    return right_and_all[0] / right_and_all[1]


def evaluate_loss(net, data_iter, loss):
    """The mean loss of `net` on a data set."""
    sum_and_count = Accumulator(2)
    for X, y in data_iter:
        out = net(X)
        each = loss(out, tf.reshape(y, out.shape))
        sum_and_count.add(tf.reduce_sum(each), each.shape.num_elements())
    return sum_and_count[0] / sum_and_count[1]


class TrainCallback(keras.callbacks.Callback):
    """Draws the curves of `keras.Model.fit` and prints its accuracy and speed."""

    def __init__(self, net, train_iter, test_iter, num_epochs, device_name):
        super().__init__()
        self.timer = Timer()
        self.timer.times.clear()
        curves = ["train loss", "train acc", "test acc"]
        self.animator = Animator(xlabel="epoch", xlim=[1, num_epochs], legend=curves)
        self.net, self.train_iter, self.test_iter = net, train_iter, test_iter
        self.num_epochs, self.device_name = num_epochs, device_name

    def on_epoch_begin(self, epoch, logs=None):
        """Start the watch."""
        self.timer.start()

    def on_epoch_end(self, epoch, logs):
        """Draw the epoch's means and the accuracy on the test data."""
        self.timer.stop()
        results = self.net.evaluate(self.test_iter, verbose=0, return_dict=True)
        test_acc = results["accuracy"]
        self.animator.add(epoch + 1, (logs["loss"], logs["accuracy"], test_acc))
        if epoch == self.num_epochs - 1:
            batch_size = next(iter(self.train_iter))[0].shape[0]
            num_examples = batch_size * len(self.train_iter)
            print(
                f"loss {logs['loss']:.3f}, train acc {logs['accuracy']:.3f}, "
                f"test acc {test_acc:.3f}"
            )
            speed = num_examples / self.timer.avg()
            print(f"{speed:.1f} examples/sec on {self.device_name}")


def train_ch6(net_fn, train_iter, test_iter, num_epochs, lr, device):
    """Train an image classifier by SGD, with a live plot; prints its accuracy.

    net_fn: a function that makes the network, so that it is made on `device`.
    """
    with device:
        net = net_fn()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        optimizer = keras.optimizers.SGD(float(lr))
        net.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
        name = getattr(device, "_device_name", str(device))
        callback = TrainCallback(net, train_iter, test_iter, num_epochs, name)
        # The loaders have an order of their own.
        net.fit(
            train_iter,
            epochs=num_epochs,
            shuffle=False,
            verbose=0,
            callbacks=[callback],
        )
    return net
