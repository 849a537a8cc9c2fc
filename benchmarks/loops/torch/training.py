"""The plain loop in PyTorch."""

import torch
from torch.nn import functional as F

OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


def make_loop(network, optimizer, lr, clip):
    """A function that trains on batches and returns the loss of the last one."""
    optimizer = OPTIMIZERS[optimizer](network.parameters(), lr=lr)

    def loop(batches):
        network.train()
        for X, y in batches:
            loss = F.cross_entropy(network(X).flatten(0, -2), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimizer.step()
        return float(loss.detach())

    return loop
