"""Data modules of images."""

from __future__ import annotations

import numpy as np

from d2l.common.axes import IMAGES


def batches(session, arrays, train, epoch, batch_size):
    """All batches of an epoch of the digits, and how many a loader says there are."""
    data = session.namespace.Digits(batch_size=batch_size, resize=(8, 8))
    loader = data.get_dataloader(train)
    for _ in range(epoch + 1):
        found = list(loader)
    return {"length": len(loader)}, {
        f"{i}.{name}": session.backend.canonical(part, axes)
        for i, batch in enumerate(found)
        for name, part, axes in zip("Xy", batch, (IMAGES, None), strict=True)
    }


def labels(session, arrays):
    """Names of classes, and what `visualize` shows of a batch."""
    import matplotlib

    matplotlib.use("agg")
    d2l, backend = session.namespace, session.backend
    data = d2l.Digits(batch_size=16, resize=(8, 8))
    data.visualize(next(iter(data.val_dataloader())))
    shown = [axes for axes in d2l.plt.gcf().axes if axes.images]
    result = {
        "digits": data.text_labels(backend.to_tensor(np.array([3, 0, 9]))),
        "clothes": d2l.get_fashion_mnist_labels(backend.to_tensor(np.array([1, 9]))),
        "titles": [axes.get_title() for axes in shown],
        "shapes": [list(axes.images[0].get_array().shape) for axes in shown],
    }
    d2l.plt.close("all")
    return result, {}
