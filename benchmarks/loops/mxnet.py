"""The plain loop in MXNet: a hybridised Gluon net and its native SGD."""

from mxnet import autograd, gluon


def make_epoch(model, batches, lr):
    """A function that trains `model.net` on all batches and waits for the end."""
    net = model.net
    net.hybridize(static_alloc=True, static_shape=True)
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    loss_function.hybridize()
    net(batches[0][0])
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})

    def epoch():
        for X, y in batches:
            with autograd.record():
                loss = loss_function(net(X), y).mean()
            loss.backward()
            trainer.step(1)
        return float(loss)

    return epoch
