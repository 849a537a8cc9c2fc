"""Draws the diagrams of this chapter beside itself: `python diagrams.py`."""

from pathlib import Path

from matplotlib.patches import Arc, Circle

from d2l.book.diagrams import DARK, canvas, draw_arrow, draw_text, save

FOLDER = Path(__file__).parent
#: The rows of a backup, from the state down to the states that may follow.
TOP, MIDDLE, BOTTOM = 2.35, 1.4, 0.4


def backups(name="value_iter.svg"):
    """What a state's value is made of: under a policy, and at best."""
    figure, axes = canvas(7.6, 2.9)
    _backup(axes, 1.45, r"mean over $\pi(a \mid s)$", "values of a policy")
    _backup(axes, 5.2, r"maximum over $a$", "best values", arc=True)
    save(figure, FOLDER / name)


def _backup(axes, x, choice, title, arc=False):
    """A state, two actions, and two states that each may lead to."""
    draw_text(axes, x, 2.75, title, size=9.5)
    _state(axes, x, TOP, "$s$")
    for side in (-1, 1):
        action = x + 0.75 * side
        draw_arrow(axes, (x + 0.13 * side, TOP - 0.18), (action, MIDDLE + 0.07))
        axes.add_patch(Circle((action, MIDDLE), 0.07, fc=DARK, ec=DARK))
        axes.text(action + 0.12, MIDDLE + 0.08, "$a$", color=DARK, size=9)
        for turn in (-1, 1):
            to = action + 0.4 * turn
            draw_arrow(axes, (action + 0.04 * turn, MIDDLE - 0.06), (to, BOTTOM + 0.22))
            _state(axes, to, BOTTOM, "$s'$")
    if arc:
        axes.add_patch(Arc((x, TOP), 1.1, 1.1, theta1=235, theta2=305, ec=DARK, lw=1.2))
    draw_text(axes, x + 0.7, (TOP + MIDDLE) / 2 + 0.05, choice, size=8, ha="left")
    chance = r"mean over $P(s' \mid s, a)$"
    draw_text(axes, x + 1.1, (MIDDLE + BOTTOM) / 2 + 0.1, chance, size=8, ha="left")


def _state(axes, x, y, text):
    axes.add_patch(Circle((x, y), 0.22, fill=False, ec=DARK, lw=1.2))
    draw_text(axes, x, y, text)


if __name__ == "__main__":
    backups()
