"""Helpers of the book's older style: functions instead of classes."""

import torch
from torch import nn

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

from ..loaders import ImageBatches, TensorBatches, default_dtype, make_loader

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
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = torch.matmul(X, w) + b
    return X, (y + torch.normal(0, 0.01, y.shape)).reshape((-1, 1))


def linreg(X, w, b):
    """The linear model Xw + b."""
    return torch.matmul(X, w) + b


def squared_loss(y_hat, y):
    """Half the squared error of each example."""
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(params, lr, batch_size):
    """A step of gradient descent on losses that were summed over `batch_size`."""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


def grad_clipping(net, theta):
    """Scale the gradients of `net` so that their joint norm is at most `theta`."""
    params = net.parameters() if isinstance(net, nn.Module) else net.params
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum(g**2) for g in grads))
    if norm > theta:
        for g in grads:
            g[:] *= theta / norm


def accuracy(y_hat, y):
    """The number of right predictions.

    y_hat: (n, classes), or n labels.
    """
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(dim=1)
    return float((y_hat.to(y.dtype) == y).sum())


def evaluate_accuracy(net, data_iter):
    """The share of right predictions of `net` on a data set."""
    return evaluate_accuracy_gpu(net, data_iter, device=torch.device("cpu"))


def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The same on `device`; by default where the parameters of `net` are."""
    if isinstance(net, nn.Module):
        net.eval()
        device = device or next(net.parameters()).device
    right_and_all = Accumulator(2)
    with torch.no_grad():
        for X, y in data_iter:
            X, y = X.to(device), y.to(device)
            right_and_all.add(accuracy(net(X), y), y.numel())
    return right_and_all[0] / right_and_all[1]


def evaluate_loss(net, data_iter, loss):
    """The mean loss of `net` on a data set."""
    sum_and_count = Accumulator(2)
    with torch.no_grad():
        for X, y in data_iter:
            out = net(X)
            each = loss(out, y.reshape(out.shape))
            sum_and_count.add(float(each.sum()), each.numel())
    return sum_and_count[0] / sum_and_count[1]


def _xavier(layer):
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)


def train_ch6(net, train_iter, test_iter, num_epochs, lr, device):
    """Train an image classifier by SGD, with a live plot; prints its accuracy."""
    net.apply(_xavier)
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss()
    curves = ["train loss", "train acc", "test acc"]
    animator = Animator(xlabel="epoch", xlim=[1, num_epochs], legend=curves)
    timer, num_batches = Timer(), len(train_iter)
    timer.times.clear()
    for epoch in range(num_epochs):
        metric = Accumulator(3)  # summed loss, right predictions, examples
        net.train()
        for i, (X, y) in enumerate(train_iter):
            timer.start()
            X, y = X.to(device), y.to(device)
            optimizer.zero_grad()
            y_hat = net(X)
            l = loss(y_hat, y)  # noqa: E741
            l.backward()
            optimizer.step()
            metric.add(float(l) * len(X), accuracy(y_hat, y), len(X))
            timer.stop()
            train_l, train_acc = metric[0] / metric[2], metric[1] / metric[2]
            if (i + 1) % max(num_batches // 5, 1) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches, (train_l, train_acc, None))
        test_acc = evaluate_accuracy_gpu(net, test_iter, device)
        animator.add(epoch + 1, (None, None, test_acc))
    print(f"loss {train_l:.3f}, train acc {train_acc:.3f}, test acc {test_acc:.3f}")
    print(f"{metric[2] * num_epochs / timer.sum():.1f} examples/sec on {device}")
