"""Helpers of the book's older style: functions instead of classes."""

from mxnet import autograd, gluon, init, np

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
from ..losses import mean_cross_entropy
from ..parameters import gradient_of, trained_entries
from ..precision import default_dtype
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
    """A loader over equally long tensors, shuffled when `is_train`."""
    return make_loader(TensorBatches(data_arrays), batch_size, shuffle=is_train)


def load_data_fashion_mnist(batch_size, resize=None):
    """The loaders of Fashion-MNIST's training and test images.

    resize: the length of an image's side, or (height, width).
    """
    size = (28, 28) if resize is None else resize
    size = (size, size) if isinstance(size, int) else tuple(size)
    return tuple(
        make_loader(
            ImageBatches(
                load_images("fashion_mnist", train, size, dtype=default_dtype())
            ),
            batch_size,
            train,
        )
        for train in (True, False)
    )


def synthetic_data(w, b, num_examples):
    """Inputs X, (n, d), standard normal, and labels Xw + b + noise of 0.01, (n, 1)."""
    X = normal(0, 1, (num_examples, len(w)))
    y = np.dot(X, w) + b
    return X, (y + normal(0, 0.01, y.shape)).reshape((-1, 1))


def linreg(X, w, b):
    """The linear model Xw + b."""
    return np.dot(X, w) + b


def squared_loss(y_hat, y):
    """Half the squared error of each example."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """A step of gradient descent on losses that were summed over `batch_size`."""
    for param in params:
        param[:] = param - lr * param.grad / batch_size


def grad_clipping(net, theta):
    """Scale the gradients of `net` so that their joint norm is at most `theta`."""
    if isinstance(net, gluon.Block):
        grads = [gradient_of(entry) for entry in trained_entries(net).values()]
    else:
        grads = [param.grad for param in net.params]
    norm = np.sqrt(sum(np.square(g).sum() for g in grads))
    if norm > theta:
        for g in grads:
            g *= theta / norm


def accuracy(y_hat, y):
    """The number of right predictions.

    y_hat: (n, classes), or n labels.
    """
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    return float((y_hat.astype(y.dtype) == y).sum())


def evaluate_accuracy(net, data_iter):
    """The share of right predictions of `net` on a data set."""
    right_and_all = Accumulator(2)
    for X, y in data_iter:
        right_and_all.add(accuracy(net(X), y), y.size)
    return right_and_all[0] / right_and_all[1]


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The same on `device`; by default where the parameters of `net` are."""
    device = device or next(iter(net.collect_params().values())).list_ctx()[0]
    moved = ((X.as_in_ctx(device), y.as_in_ctx(device)) for X, y in data_iter)
    return evaluate_accuracy(net, moved)


def evaluate_loss(net, data_iter, loss):
    """The mean loss of `net` on a data set."""
    sum_and_count = Accumulator(2)
    for X, y in data_iter:
        out = net(X)
        each = loss(out, y.reshape(out.shape))
        sum_and_count.add(float(each.sum()), each.size)
    return sum_and_count[0] / sum_and_count[1]


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device):
    """Train an image classifier by SGD, with a live plot; prints its accuracy."""
    net.initialize(init.Xavier(), device, force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})
    curves = ["train loss", "train acc", "test acc"]
    animator = Animator(xlabel="epoch", xlim=[1, num_epochs], legend=curves)
    timer, num_batches = Timer(), len(train_iter)
    timer.times.clear()
    for epoch in range(num_epochs):
        metric = Accumulator(3)  # summed loss, right predictions, examples
        for i, (X, y) in enumerate(train_iter):
            timer.start()
            X, y = X.as_in_ctx(device), y.as_in_ctx(device)
            with autograd.record():
                y_hat = net(X)
                l = mean_cross_entropy(y_hat, y)  # noqa: E741
            l.backward()
            trainer.step(1)
            metric.add(float(l) * len(X), accuracy(y_hat, y), len(X))
            timer.stop()
            train_l, train_acc = metric[0] / metric[2], metric[1] / metric[2]
            if (i + 1) % max(num_batches // 5, 1) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches, (train_l, train_acc, None))
        test_acc = evaluate_accuracy_gpu(net, test_iter, device)
        animator.add(epoch + 1, (None, None, test_acc))
    print(f"loss {train_l:.3f}, train acc {train_acc:.3f}, test acc {test_acc:.3f}")
    print(f"{metric[2] * num_epochs / timer.sum():.1f} examples/sec on {device}")
