"""Attention weights to look at, the same in every framework."""

from d2l.common.plots.figures import show_heatmaps

__all__ = ["show_heatmaps"]
