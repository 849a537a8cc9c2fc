"""Generative adversarial networks (Goodfellow et al., 2014)."""

import torch
from torch import nn
from torch.nn import functional as F

from d2l.common.data.point_clouds import show_point_clouds
from d2l.common.plots.progress_board import ProgressBoard

from ..optimizers import adam
from ..randomness import normal


class Generator(nn.Module):
    """Noise to points of the plane, by one linear layer."""

    def __init__(self, latent_dim=2):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latent_dim, 2))
        self.apply(_start_small)

    def forward(self, Z):
        """Return (batch, 2).

        Z: (batch, latent_dim).
        """
        return self.net(Z)


class Discriminator(nn.Module):
    """Points of the plane to the logit of being real."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 5),
            nn.Tanh(),
            nn.Linear(5, 3),
            nn.Tanh(),
            nn.Linear(3, 1),
        )
        self.apply(_start_small)

    def forward(self, X):
        """Return (batch, 1).

        X: (batch, 2).
        """
        return self.net(X)


def _start_small(layer):
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=0.02)
        nn.init.zeros_(layer.bias)


def binary_cross_entropy(logits, labels):
    """The mean over a batch.

    labels: 0 or 1, in the shape of the logits.
    """
    return F.binary_cross_entropy_with_logits(logits, labels)


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take a step of the discriminator; returns its loss before it, a scalar.

    X: (batch, ...), real examples
    Z: (batch, latent_dim), noise for as many generated ones
    loss: a function of logits and labels, where 1 stands for real
    trainer_D: the optimizer of net_D
    """
    # The generator stands still, and gets no gradient.
    fake_X = net_G(Z).detach()
    real_Y, fake_Y = net_D(X), net_D(fake_X)
    real_loss = loss(real_Y, torch.ones_like(real_Y))
    fake_loss = loss(fake_Y, torch.zeros_like(fake_Y))
    loss_D = (real_loss + fake_loss) / 2
    trainer_D.zero_grad()
    loss_D.backward()
    trainer_D.step()
    return loss_D.detach()


def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take a step of the generator; returns its loss before it, a scalar.

    Z: (batch, latent_dim), noise
    loss: a function of logits and labels, where 1 stands for real
    trainer_G: the optimizer of net_G
    """
    fake_Y = net_D(net_G(Z))
    # Labelled as real: the non-saturating loss (section 3 of the paper).
    loss_G = loss(fake_Y, torch.ones_like(fake_Y))
    trainer_G.zero_grad()
    loss_G.backward()
    trainer_G.step()
    return loss_G.detach()


def train(net_D, net_G, data_iter, num_epochs, lr_D, lr_G, latent_dim, data):
    """Train both networks in turns; returns the board with their losses.

    data_iter: batches (X,) of real examples
    lr_D, lr_G: the learning rates of Adam
    data: (examples, 2), shown in the end beside generated ones
    """
    trainer_D, trainer_G = adam(net_D, lr_D), adam(net_G, lr_G)
    board = ProgressBoard(xlabel="epoch")
    num_batches = len(data_iter)
    for epoch in range(num_epochs):
        for i, (X,) in enumerate(data_iter):
            Z = normal((X.shape[0], latent_dim), X.device)
            loss_D = update_D(X, Z, net_D, net_G, binary_cross_entropy, trainer_D)
            loss_G = update_G(Z, net_D, net_G, binary_cross_entropy, trainer_G)
            for label, value in {"loss_D": loss_D, "loss_G": loss_G}.items():
                x = epoch + i / num_batches
                board.draw(x, value, label, every_n=num_batches // 5)
    board.flush()
    Z = normal((100, latent_dim), data.device)
    show_point_clouds(board, real=data[:100], generated=net_G(Z))
    return board
