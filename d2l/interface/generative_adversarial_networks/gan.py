"""Declarations: gan."""


def update_D(X, Z, net_D, net_G, loss, trainer_D):
    """Take a step of the discriminator; returns its loss."""


def update_G(Z, net_D, net_G, loss, trainer_G):
    """Take a step of the generator; returns its loss."""
