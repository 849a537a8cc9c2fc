"""Trials of the chapter on generative adversarial networks."""

import numpy as np

from d2l.trials.choices import ArrayChoice, FromData, FromTraining, Part
from d2l.trials.loop_trial import LoopTrial

SECTION = "generative_adversarial_networks/gan"


def gaussian():
    """Points of the plane, normal noise stretched, turned and moved: (512, 2)."""
    noise = np.random.default_rng(0).standard_normal((512, 2))
    return (noise @ np.array([[1.0, 2.0], [-0.1, 0.5]]) + np.array([1.0, 2.0]),)


TRIALS = [
    LoopTrial(
        "gan",
        "A generator of points against a discriminator",
        SECTION,
        f"{SECTION}:train",
        {
            "net_D": Part(f"{SECTION}:Discriminator", example=(1, 2)),
            "net_G": Part(f"{SECTION}:Generator", example=(1, 2)),
            "data_iter": FromTraining("batches"),
            "num_epochs": FromTraining("epochs"),
            "lr_D": 0.05,
            "lr_G": 0.02,
            "latent_dim": 2,
            "data": FromData("examples.0"),
        },
        data={"gaussian": ArrayChoice(make=gaussian, batch_size=16)},
        epochs=20,
        step_curves=("loss_D", "loss_G"),
    ),
]
