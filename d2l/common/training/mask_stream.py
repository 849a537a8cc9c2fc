"""One stream of random numbers for dropout and for noise in all frameworks.

Frameworks make different random numbers from the same seed, so a model with
dropout has as many training curves as there are frameworks. In parity mode all
of them take their numbers from here and have one curve. A model that is fed with
noise, such as a generator, counts as a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

#: Numbers are multiples of 1/2**24, which float32 holds exactly: whether a
#: number is below the dropout rate does not depend on the precision.
BITS = 24

#: What numbers can be like: a method of the stream of that name makes them.
Distribution = Literal["uniform", "normal"]


class MaskStream:
    """Random numbers that depend on nothing but seed, step and layer.

    A model's layers take their numbers in turn: `begin` opens a step, and each
    layer asks `next_layer` for its place in it.

    step: the current step, whatever `begin` was given. In a compiled framework
        that is a traced tensor, which becomes a number when the step runs.
    """

    def __init__(self, seed: int):
        """Make a stream.

        seed: 0 <= seed < 2**128.
        """
        self.seed = seed
        self.step: Any = 0
        self._num_layers = 0
        self._loop: Loop | None = None

    def begin(self, step: Any) -> None:
        """Begin a step: the next layer is layer 0 of `step`."""
        self.step = step
        self._num_layers = 0

    def next_layer(self) -> int:
        """Return the number of the layer that asks: 0, 1, 2 ... within a step."""
        layer = self._num_layers
        self._num_layers += 1
        return layer

    def draw(self, distribution: Distribution, shape: Sequence[int]) -> np.ndarray:
        """Return the numbers of the next layer in the current step, a plain number."""
        return getattr(self, distribution)(self.step, self.next_layer(), tuple(shape))

    def next_draw(
        self, distribution: Distribution
    ) -> tuple[Any, Callable[..., np.ndarray]]:
        """Take the next layer's place, for a framework whose steps are compiled.

        Returns the turn of the loop that is being traced, 0 outside of one, and a
        function of step, turn and shape that returns the layer's numbers. It may be
        called once the step runs, with the values that step and turn have then.
        """
        layer, loop = self.next_layer(), self._loop
        numbers = getattr(self, distribution)
        if loop is None:
            return 0, lambda step, turn, shape: numbers(step, layer, shape)
        loop.num_layers += 1

        def draw(step: int, turn: int, shape: Sequence[int]) -> np.ndarray:
            # By now all layers of the loop have been counted.
            return numbers(step, layer + int(turn) * loop.num_layers, shape)

        return loop.turn, draw

    def uniform(self, step: int, layer: int, shape: Sequence[int]) -> np.ndarray:
        """Return float64 numbers, uniform in [0, 1), for one layer in one step.

        They are multiples of 1/2**24. A smaller shape gives the first numbers
        of a larger one.

        step, layer: 0 <= each < 2**64.
        """
        # Philox counts in its lowest word; the other words keep the streams of
        # different steps and layers apart.
        counter = np.array([0, 0, int(step), int(layer)], dtype=np.uint64)
        bits = np.random.Philox(key=self.seed, counter=counter)
        integers = bits.random_raw(int(np.prod(shape, dtype=np.int64)))
        # The generator's own bits, not a distribution made of them, which a
        # later NumPy may make in another way.
        return (integers >> np.uint64(64 - BITS)).reshape(shape) / 2.0**BITS

    def normal(self, step: int, layer: int, shape: Sequence[int]) -> np.ndarray:
        """Return float64 numbers, standard normal, for one layer in one step.

        By the method of Box and Muller (1958) from two uniform numbers each. A
        smaller shape gives the first numbers of a larger one.
        """
        pairs = self.uniform(step, layer, (*shape, 2))
        radius, angle = pairs[..., 0], 2 * np.pi * pairs[..., 1]
        # 1 - u is never 0, whose logarithm is infinite; u may be.
        return np.sqrt(-2 * np.log(1 - radius)) * np.cos(angle)


class Loop:
    """A compiled loop, whose body is traced once and runs many times.

    turn: of the loop, a tensor of the framework's.
    num_layers: how many layers of the body draw numbers.
    """

    def __init__(self) -> None:
        self.turn: Any = 0
        self.num_layers = 0

    @contextmanager
    def body(self, turn: Any) -> Iterator[None]:
        """Trace the body within the block."""
        if active is None:
            yield
            return
        self.turn, self.num_layers = turn, 0
        before, active._loop = active._loop, self
        try:
            yield
        finally:
            active._loop = before


@contextmanager
def traced_once(num_turns: int) -> Iterator[Loop]:
    """Trace a loop within the block; layers draw as if its turns were written out."""
    loop = Loop()
    yield loop
    if active is not None:
        # The first turn's layers have their numbers; those of the others come
        # before what follows the loop.
        active._num_layers += (num_turns - 1) * loop.num_layers


#: The stream in use; None outside of parity mode.
active: MaskStream | None = None


@contextmanager
def shared(seed: int) -> Iterator[MaskStream]:
    """Switch parity mode on: layers draw from a new stream within the block.

    Read the stream as `mask_stream.active`; importing the name `active` itself
    would keep its value of that moment.
    """
    global active
    before = active
    active = MaskStream(seed)
    try:
        yield active
    finally:
        active = before
