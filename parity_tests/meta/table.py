"""All breakages: where each is injected, which check must see it, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from d2l.parity.checks import TRUTH


@dataclass(frozen=True)
class Breakage:
    """One mistake in one framework.

    file, name: the function that makes it; check: one of `checks.py`, with its
    subject; tensor: what the failure's message must name.
    """

    framework: str
    name: str
    check: str
    subject: str
    tensor: str
    file: str = ""
    precision: str = TRUTH

    def __str__(self):
        return f"{self.framework}-{self.name}"


def _shared(framework, *rest, **more):
    return Breakage(framework, *rest, file="common", **more)


#: Trials that are not the book's.
OWN_TRIALS = Path(__file__).parents[1] / "own_trials" / "trials.py"
CONV_LAYER = "convolutional_neural_networks/test_conv_layer"
POOLING = "convolutional_neural_networks/test_pooling"
SOFTMAX = "linear_classification/test_softmax_regression_scratch"
CUSTOM_LAYER = "builders_guide/test_custom_layer"
VALUE_ITERATION = "reinforcement_learning/test_value_iter"
CONSTRUCTION = "builders_guide/test_model_construction"

BREAKAGES = [
    # Data.
    _shared("torch", "order_reversed", "data", "linear_regression", "train.0.0"),
    _shared("tensorflow", "validation_shuffled", "data", "mlp", "val.0.0"),
    _shared("jax", "last_batch_dropped", "data", "linear_regression", "train.31.0"),
    _shared("mxnet", "example_duplicated", "data", "weight_decay", "train.0.0"),
    _shared("torch", "one_order_for_all_epochs", "data", "mlp", "train.23.0"),
    _shared("jax", "labels_shifted", "data", "mlp", "train.0.1"),
    _shared("tensorflow", "pixels_not_scaled", "data", "mlp", "train.0.0"),
    _shared("mxnet", "folds_overlapping", "data", "kaggle_house", "train.0.0"),
    # Weights.
    Breakage("torch", "tensor_added", "weights", "lenet", "scale"),
    Breakage("torch", "padding_missing", "weights", "lenet", "net.7.weight"),
    Breakage("tensorflow", "bias_missing", "weights", "lenet", "net.11.bias"),
    Breakage(
        "torch",
        "parameters_swapped",
        "block",
        f"{CONSTRUCTION}:TestFixedHiddenMLP",
        "output",
    ),
    Breakage(
        "jax",
        "square_kernels_transposed",
        "block",
        f"{CONSTRUCTION}:TestFixedHiddenMLP",
        "output",
    ),
    Breakage(
        "mxnet", "weight_transposed", "block", f"{CUSTOM_LAYER}:TestMyLinear", "output"
    ),
    # Outputs.
    Breakage("torch", "bias_dropped", "forward", "lenet", "training.net.7"),
    Breakage(
        "torch",
        "bias_dropped",
        "oracle",
        "lenet",
        "evaluation.output",
        precision="float32",
    ),
    Breakage("torch", "output_in_float32", "forward", "lenet", "training.output"),
    Breakage("tensorflow", "flattened_pixel_by_pixel", "forward", "lenet", "net.7"),
    Breakage("jax", "flattened_pixel_by_pixel", "forward", "lenet", "net.7"),
    Breakage("tensorflow", "tanh_for_sigmoid", "forward", "lenet", "net.3"),
    Breakage("tensorflow", "float32_within", "forward", "mlp", "net.1"),
    Breakage("jax", "padding_on_one_side", "forward", "lenet", "net.0"),
    Breakage("mxnet", "maximum_for_average", "forward", "lenet", "net.3"),
    Breakage("mxnet", "output_not_a_number", "forward", "lenet", "training.output"),
    Breakage(
        "mxnet",
        "output_of_another_shape",
        "forward",
        "softmax_regression",
        "training.output",
    ),
    # Dropout.
    Breakage("tensorflow", "dropout_off", "forward", "dropout_mlp", "training.output"),
    Breakage(
        "mxnet",
        "dropout_in_evaluation",
        "forward",
        "dropout_mlp",
        "evaluation.output",
    ),
    Breakage(
        "jax", "dropout_not_scaled", "forward", "dropout_mlp_scratch", "training.output"
    ),
    _shared("jax", "masks_of_the_next_step", "curve", "dropout_mlp", "train_loss"),
    _shared(
        "tensorflow",
        "masks_of_the_next_layer",
        "oracle",
        "dropout_mlp",
        "training.output",
    ),
    # Batch normalisation, recurrence, attention.
    Breakage(
        "tensorflow",
        "running_variance_biased",
        "curve default",
        "bn_lenet",
        "net.1.running_var",
    ),
    Breakage(
        "mxnet",
        "momentum_of_statistics_swapped",
        "curve default",
        "bn_lenet",
        "net.1.running_mean",
    ),
    Breakage("jax", "gates_swapped", "forward", "lstm", "training.output"),
    Breakage("tensorflow", "reset_misplaced", "forward", "gru", "training.output"),
    Breakage(
        "jax", "mask_off_by_one", "forward", "attention_seq2seq", "training.output"
    ),
    Breakage("torch", "scale_missing", "forward", "transformer", "training.output"),
    Breakage(
        "torch", "positions_off_by_one", "forward", "transformer", "training.output"
    ),
    Breakage("jax", "heads_interleaved", "forward", "vit", "training.output"),
    # Caches.
    Breakage(
        "tensorflow", "cached_positions_off_by_one", "generation", "rope", "cached"
    ),
    Breakage("mxnet", "steps_not_cached", "generation", "learned", "cached"),
    # Losses and gradients.
    Breakage("torch", "squared_loss_halved", "gradients", "linear_regression", "loss"),
    Breakage("torch", "gradients_infinite", "gradients", "mlp_scratch", "parameter.W1"),
    Breakage("jax", "losses_summed", "gradients", "softmax_regression", "loss"),
    Breakage("jax", "gradient_of_inputs_scaled", "gradients", "lenet", "input.0"),
    Breakage("tensorflow", "gradient_stopped", "gradients", "mlp", "net.3.bias"),
    Breakage("mxnet", "gradients_doubled", "oracle", "lenet", "parameter.net.0.weight"),
    # Functions.
    Breakage("torch", "kernel_flipped", "output", f"{CONV_LAYER}:TestCorr2d", "output"),
    Breakage(
        "tensorflow",
        "average_of_too_few",
        "output",
        f"{POOLING}:TestAvgPool2d",
        "output",
    ),
    Breakage(
        "jax", "softmax_over_examples", "output", f"{SOFTMAX}:TestSoftmax", "output"
    ),
    Breakage(
        "mxnet",
        "cross_entropy_summed",
        "slopes",
        f"{SOFTMAX}:TestCrossEntropy",
        "y_hat",
    ),
    # Optimizers.
    Breakage("torch", "eps_ten_times_too_large", "update adam", "mlp", "net.1.weight"),
    Breakage(
        "tensorflow", "eps_before_correction", "update adam", "mlp", "net.1.weight"
    ),
    Breakage(
        "tensorflow",
        "second_moment_not_corrected",
        "optimizer",
        "adam",
        "net.weight",
        precision="float32",
    ),
    Breakage(
        "tensorflow",
        "learning_rate_rounded",
        "update momentum",
        "linear_regression",
        "net.weight",
    ),
    Breakage(
        "jax", "momentum_rounded", "curve momentum", "linear_regression", "train_loss"
    ),
    Breakage("mxnet", "momentum_rounded", "curve momentum", "lenet", "train_loss"),
    Breakage("jax", "decay_decoupled", "optimizer", "sgd with both", "net.weight"),
    Breakage("torch", "bias_decayed", "update default", "weight_decay", "net.bias"),
    Breakage("torch", "momentum_forgotten", "curve momentum", "mlp", "train_loss"),
    Breakage(
        "mxnet", "square_of_gradient_forgotten", "optimizer", "adam", "exp_avg_sq"
    ),
    Breakage("torch", "gradients_not_clipped", "clipped curve", "mlp", "train_loss"),
    Breakage("mxnet", "clipped_one_by_one", "clipped curve", "mlp", "train_loss"),
    Breakage("jax", "norm_too_large", "clipped curve", "mlp", "train_loss"),
    # Training.
    Breakage("tensorflow", "accuracy_off_by_one", "curve default", "mlp", "val_acc"),
    _shared("jax", "last_step_left_out", "curve default", "mlp", "train_loss"),
    _shared("mxnet", "one_step_too_many", "curve default", "mlp", "train_loss"),
    _shared(
        "torch",
        "optimizer_state_not_restored",
        "resumed",
        "momentum",
        "curve.train_loss",
    ),
    # What is written once.
    _shared(
        "torch",
        "discount_forgotten",
        "output",
        f"{VALUE_ITERATION}:TestRandomProcess",
        "values",
    ),
    _shared(
        "jax",
        "next_state_taken_for_the_last",
        "output",
        f"{VALUE_ITERATION}:TestRandomProcess",
        "evaluated",
    ),
    _shared(
        "tensorflow",
        "reward_of_the_best_action",
        "output",
        f"{VALUE_ITERATION}:TestRandomProcess",
        "policy",
    ),
    _shared(
        "mxnet",
        "values_of_the_neighbour",
        "output",
        f"{VALUE_ITERATION}:TestGridWorld",
        "values",
    ),
    # Trials of other kinds.
    Breakage(
        "torch", "generator_trained_to_be_caught", "curve default", "gan", "loss_D"
    ),
    Breakage("jax", "noise_of_its_own", "trace", "gan", "loss_D"),
    Breakage(
        "jax",
        "channels_of_sequences_not_moved",
        "data",
        f"{OWN_TRIALS}:TWO_LOSSES",
        "train.0.inputs.features",
    ),
    Breakage(
        "tensorflow",
        "second_loss_forgotten",
        "gradients",
        f"{OWN_TRIALS}:TWO_LOSSES",
        "parameter.restore.weight",
    ),
    Breakage(
        "mxnet",
        "edges_of_the_picture_left_out",
        "gradients",
        f"{OWN_TRIALS}:PICTURE",
        "loss",
    ),
    Breakage(
        "torch",
        "noise_of_its_own",
        "curve default",
        f"{OWN_TRIALS}:SAMPLER",
        "path",
    ),
]
