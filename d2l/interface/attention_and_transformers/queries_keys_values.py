"""Declarations: queries, keys and values."""


def show_heatmaps(
    matrices, xlabel, ylabel, titles=None, figsize=(2.5, 2.5), cmap="Reds"
):
    """Draw matrices, such as attention weights, with one scale of colours."""
