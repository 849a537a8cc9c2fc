"""The plain loop in MXNet: a hybridised Gluon net and its native optimizer."""

from mxnet import autograd, gluon, np

#: By name, with settings. Adam's epsilon is added to a root that is not corrected
#: yet, 0.03 of what it will be.
OPTIMIZERS = {"sgd": {}, "adam": {"epsilon": 3e-10}}


def make_loop(network, optimizer, lr, clip):
    """A function that trains on batches and returns the loss of the last one."""
    network.hybridize(static_alloc=True, static_shape=True)
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    loss_function.hybridize()
    params = network.collect_params()
    settings = {"learning_rate": lr} | OPTIMIZERS[optimizer]
    trainer = gluon.Trainer(params, optimizer, settings)

    def loop(batches):
        for X, y in batches:
            with autograd.record():
                loss = loss_function(network(X), y).mean()
            loss.backward()
            if clip:
                clip_gradients([p.grad() for p in params.values()], clip)
            trainer.step(1)
        return float(loss)

    return loop


def clip_gradients(grads, clip):
    """Scale the gradients to a joint norm of at most `clip`, without waiting."""
    # gluon.utils.clip_global_norm takes no arrays of mxnet.np.
    norm = np.sqrt(sum((g * g).sum() for g in grads))
    scale = np.minimum(clip / norm, 1.0)
    for g in grads:
        g *= scale
