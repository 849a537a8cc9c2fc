"""Two networks of points that are trained against each other."""

from __future__ import annotations

import numpy as np

from d2l.trials.observed import prefixed, select
from parity_tests.tasks import native

SECTION = "generative_adversarial_networks/gan"
NETS = {"D": "Discriminator", "G": "Generator"}


def _nets(session, arrays):
    """The discriminator and the generator, filled."""
    nets = {name: session.find(f"{SECTION}:{cls}")() for name, cls in NETS.items()}
    for name, net in nets.items():
        session.backend.load_weights(net, select(arrays, name))
    return nets


def _weights(session, nets):
    found = {}
    for name, net in nets.items():
        found |= prefixed(name, session.backend.weights(net))
    return found


def start(session, arrays, seed):
    """The weights that both begin with, without those of a test."""
    session.backend.seed(seed)
    nets = {name: session.find(f"{SECTION}:{cls}")() for name, cls in NETS.items()}
    return {}, _weights(session, nets)


def step(session, arrays, lr):
    """A step of each, by gradient descent; the losses, and all weights after each."""
    d2l, backend = session.namespace, session.backend
    nets, loss = _nets(session, arrays), session.find(f"{SECTION}:binary_cross_entropy")
    trainers = {name: native.sgd(session, net, lr) for name, net in nets.items()}
    X, Z = (backend.to_tensor(arrays[name]) for name in ("X", "Z"))
    found = {}
    loss_D = d2l.update_D(X, Z, nets["D"], nets["G"], loss, trainers["D"])
    found |= prefixed("parameter.after_D", _weights(session, nets))
    loss_G = d2l.update_G(Z, nets["D"], nets["G"], loss, trainers["G"])
    found |= prefixed("parameter.after_G", _weights(session, nets))
    losses = {"loss.D": loss_D, "loss.G": loss_G}
    return {}, found | {k: np.array(backend.to_numpy(v)) for k, v in losses.items()}
