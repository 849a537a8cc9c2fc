"""All checks of recipes by name, and which of them apply to a recipe."""

from __future__ import annotations

from collections.abc import Callable

from d2l import recipes
from d2l.parity import checks
from d2l.parity.checks import TRUTH
from d2l.parity.measure import Measurement
from d2l.parity.oracles import models
from d2l.parity.oracles.checks import check_oracle, check_oracle_curve
from d2l.recipes import Recipe

CHECKS: dict[str, Callable[..., list[Measurement]]] = checks.CHECKS | {
    "oracle": check_oracle,
    "oracle curve": check_oracle_curve,
}


def oracle_checks_of(recipe: Recipe) -> list[tuple[str, dict[str, str]]]:
    """Those against NumPy: as many as the recipe's model is short enough for."""
    model = models.find(recipe)
    found: list[tuple[str, dict[str, str]]] = []
    if model is not None:
        found.append(("oracle", {}))
        if model.gradients is not None:
            found += [
                ("oracle curve", {"optimizer": name}) for name in recipe.optimizers
            ]
    return found


def checks_of(
    recipe_name: str, framework: str, precision: str, reference: str
) -> list[tuple[str, dict[str, str]]]:
    """The names and further arguments of the checks that apply to a recipe.

    The reference in float64 is the truth itself: what is left to check there is
    that its versions from scratch and concise agree.
    """
    recipe = recipes.find(recipe_name)
    found: list[tuple[str, dict[str, str]]] = []
    if (framework, precision) != (reference, TRUTH):
        found += [(n, {}) for n in ("data", "weights", "forward", "gradients")]
        for check in ("update", "curve"):
            found += [(check, {"optimizer": name}) for name in recipe.optimizers]
    if recipe.scratch is not None:
        found.append(("scratch", {}))
    return found + oracle_checks_of(recipe)
