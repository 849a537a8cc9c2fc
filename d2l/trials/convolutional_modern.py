"""Trials of the chapter on modern convolutional networks.

Narrow relatives of the published networks, so that a training takes minutes on a
processor; the models' defaults are the published widths.
"""

from d2l.trials.choices import OptimizerChoice
from d2l.trials.data import images
from d2l.trials.model_trial import ModelTrial, ScratchTwin

ADAM = OptimizerChoice("adam", {"lr": 0.002})
#: What deep networks with batch normalisation train with; the checks' own rate is
#: smaller, at which rounding that flips a ReLU does not grow from step to step.
SGD = OptimizerChoice("sgd", {"lr": 0.1})

#: Batch normalisation over a few examples amplifies what moves its statistics: from
#: weights that differ by the last digit of float32, PyTorch in float64 itself trains
#: some of these networks to running variances up to half apart within 100 steps, and
#: to other guesses on validation images; within 20 steps, to losses 2e-3 apart.
AMPLIFYING = {"optimizer": SGD, "float32_steps": 20}


def trial(name, title, section, model, arguments, size, large=None, **settings):
    """A classifier of images of `size` x `size` pixels.

    large: what it changes on the large data sets.
    The sizes are such that no ReLU of the first batch is within rounding of its
    kink: a gradient in float32 would jump there.
    """
    settings = {
        "optimizer": ADAM,
        "epochs": 8,
        "smooth": False,
        "textured": True,
        "optimizers": ("default",),
    } | settings
    return ModelTrial(
        name,
        title,
        f"convolutional_modern/{section}",
        model,
        arguments,
        data=images(batch_size=16, size=size, large_size=size, **(large or {})),
        metric="acc",
        **settings,
    )


#: Batch normalisation takes away again what these biases add.
LENET_BIASES = tuple(f"net.{i}.bias" for i in (0, 4, 9, 12))
#: The two names of each tensor of a batch normalisation.
NORM = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_var": "running_var",
}

TRIALS = [
    trial(
        "alexnet",
        "AlexNet",
        "alexnet",
        "AlexNet",
        {"lr": 0.01, "channels": (8, 16, 16, 16, 8), "num_hiddens": 32},
        size=75,
        epochs=15,
    ),
    trial(
        "vgg",
        "VGG",
        "vgg",
        "VGG",
        {"arch": ((1, 4), (1, 8), (2, 12)), "lr": 0.01, "num_hiddens": 32},
        size=24,
    ),
    trial(
        "nin",
        "Network in network",
        "nin",
        "NiN",
        {"lr": 0.01, "channels": (8, 12, 16)},
        size=71,
        epochs=15,
    ),
    trial(
        "googlenet",
        "GoogLeNet",
        "googlenet",
        "GoogleNet",
        {"lr": 0.01, "width": 0.0625},
        size=33,
    ),
    trial(
        "bn_lenet_scratch",
        "LeNet with batch normalisation, from scratch",
        "batch_norm",
        "BNLeNetScratch",
        {"lr": 0.1},
        size=28,
        large={"epochs": 10},
        optimizer=None,
        smooth=True,
        zero_gradients=LENET_BIASES,
        optimizers=("default", "momentum"),
    ),
    trial(
        "bn_lenet",
        "LeNet with batch normalisation",
        "batch_norm",
        "BNLeNet",
        {"lr": 0.1},
        size=28,
        large={"epochs": 10},
        optimizer=None,
        smooth=True,
        zero_gradients=LENET_BIASES,
        optimizers=("default", "momentum"),
        scratch=ScratchTwin(
            "bn_lenet_scratch",
            {
                f"net.{layer}.{part}": (f"net.{layer}.{part}", False)
                for layer in (0, 4, 9, 12, 15)
                for part in ("weight", "bias")
            }
            | {
                f"net.{layer}.{scratch}": (f"net.{layer}.{concise}", False)
                for layer in (1, 5, 10, 13)
                for scratch, concise in NORM.items()
            },
            # The book's moving variance is biased, the layers' is not.
            differing=("*.moving_var",),
        ),
    ),
    trial(
        "resnet18",
        "ResNet",
        "resnet",
        "ResNet",
        {"arch": ((2, 8), (2, 16)), "lr": 0.01, "stem_channels": 8},
        size=28,
        # All eighteen layers, with an eighth of the published channels.
        large={
            "arguments": {"arch": tuple((2, 8 * 2**i) for i in range(4))},
            # At the published rate: at 0.1 rounding grows fourfold in a step.
            "optimizer": None,
        },
        **AMPLIFYING,
        zero_gradients=("net.0.0.bias", "net.*.conv[12].bias"),
    ),
    trial(
        "resnext",
        "ResNeXt",
        "resnet",
        "AnyNet",
        {"arch": ((1, 8, 4, 1), (2, 16, 4, 0.5)), "stem_channels": 8, "lr": 0.005},
        size=16,
        **AMPLIFYING,
        zero_gradients=("net.0.0.bias", "net.*.conv?.bias"),
    ),
    trial(
        "densenet",
        "DenseNet",
        "densenet",
        "DenseNet",
        {"num_channels": 8, "growth_rate": 4, "arch": (2, 2), "lr": 0.005},
        size=32,
        **AMPLIFYING,
        # The stem's, the transitions', and those of all convolutional blocks:
        # whatever reads them normalises first. For the same reason the scale of the
        # stem's normalisation has no effect but by its small bias: what is left of
        # its gradient are differences of sums a hundred times as large.
        zero_gradients=("net.0.0.bias", "net.*.net.2.bias", "net.0.1.weight"),
    ),
    trial(
        "regnet",
        "RegNet",
        "cnn_design",
        "AnyNet",
        {"arch": ((2, 8, 4, 1), (3, 12, 4, 1)), "stem_channels": 12, "lr": 0.001},
        size=16,
        **AMPLIFYING,
        zero_gradients=("net.0.0.bias", "net.*.conv?.bias"),
    ),
    trial(
        "convnext",
        "ConvNeXt",
        "convnext",
        "ConvNeXt",
        {
            "lr": 0.01,
            "depths": (1, 2),
            "channels": (8, 16),
            "drop_path_rate": 0.2,
            "layer_scale": 0.1,
        },
        size=32,
        smooth=True,
        optimizers=("default", "adam"),
    ),
    trial(
        "mobilenet",
        "MobileNet",
        "efficient_convnets",
        "MiniMobileNet",
        {"lr": 0.01, "stem_channels": 12, "arch": ((16, 1), (16, 2))},
        size=16,
        **AMPLIFYING,
        optimizers=("default", "adam"),
    ),
]
