"""Plotting, the same in every framework."""

from d2l.common.plots.figures import (
    Image,
    plot,
    plt,
    set_axes,
    set_figsize,
    use_svg_display,
)

__all__ = ["Image", "plot", "plt", "set_axes", "set_figsize", "use_svg_display"]
