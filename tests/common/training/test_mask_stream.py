"""The shared stream: the same numbers everywhere, others in every place."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.training import mask_stream
from d2l.common.training.mask_stream import MaskStream

SEEDS = st.integers(0, 2**128 - 1)
WORDS = st.integers(0, 2**64 - 1)
PLACES = st.tuples(SEEDS, WORDS, WORDS)
# Of seed 0, step 1, layer 2, in multiples of 1/2**24.
PINNED = [[4961164, 14258942], [9505433, 6386265]]
SHAPES = st.lists(st.integers(0, 5), max_size=4).map(tuple)


def numbers(place, shape=(16,)):
    seed, step, layer = place
    return MaskStream(seed).uniform(step, layer, shape)


@given(PLACES, SHAPES)
def test_shape_type_range_and_grid(place, shape):
    drawn = numbers(place, shape)
    assert drawn.shape == shape
    assert drawn.dtype == np.float64
    assert ((drawn >= 0) & (drawn < 1)).all()
    np.testing.assert_array_equal(drawn * 2**24, np.floor(drawn * 2**24))
    np.testing.assert_array_equal(drawn.astype(np.float32), drawn)


@given(PLACES)
def test_same_place_same_numbers(place):
    np.testing.assert_array_equal(numbers(place), numbers(place))


@given(PLACES, PLACES)
def test_different_places_differ(one, other):
    if one != other:
        assert (numbers(one) != numbers(other)).any()


@given(PLACES, st.integers(1, 15))
def test_smaller_shape_is_the_beginning_of_a_larger(place, size):
    np.testing.assert_array_equal(numbers(place, (size,)), numbers(place)[:size])


def test_numbers_stay_what_they_are():
    drawn = MaskStream(0).uniform(1, 2, (2, 2)) * 2**24
    np.testing.assert_array_equal(drawn, PINNED)


def test_neighbours_are_uniform_and_uncorrelated():
    stream, n = MaskStream(7), 20_000
    rows = np.stack([stream.uniform(i, j, (n,)) for i in range(4) for j in range(3)])
    # Five standard errors each.
    np.testing.assert_allclose(rows.mean(axis=1), 0.5, atol=5 / np.sqrt(12 * n))
    np.testing.assert_allclose(rows.var(axis=1), 1 / 12, rtol=5 / np.sqrt(n))
    np.testing.assert_allclose(np.corrcoef(rows), np.eye(12), atol=5 / np.sqrt(n))


@given(PLACES, st.integers(0, 15))
def test_smaller_shape_is_the_beginning_of_normal_numbers_too(place, size):
    seed, step, layer = place
    drawn = MaskStream(seed).normal(step, layer, (4, 4))
    assert drawn.dtype == np.float64
    assert np.isfinite(drawn).all()
    beginning = MaskStream(seed).normal(step, layer, (size,))
    np.testing.assert_array_equal(beginning, drawn.reshape(-1)[:size])


def test_normal_numbers_are_normal_and_uncorrelated():
    stream, n = MaskStream(7), 20_000
    rows = np.stack([stream.normal(i, j, (n,)) for i in range(4) for j in range(3)])
    # Five standard errors each; the fourth moment of a normal number is 3.
    np.testing.assert_allclose(rows.mean(axis=1), 0, atol=5 / np.sqrt(n))
    np.testing.assert_allclose(rows.var(axis=1), 1, atol=5 * np.sqrt(2 / n))
    np.testing.assert_allclose((rows**4).mean(axis=1), 3, atol=5 * np.sqrt(96 / n))
    np.testing.assert_allclose(np.corrcoef(rows), np.eye(12), atol=5 / np.sqrt(n))


def test_normal_numbers_of_extreme_uniform_ones(monkeypatch):
    largest = 1 - 2.0**-24
    pairs = np.array([[0.0, 0.0], [largest, 0.0], [largest, 0.5]])
    monkeypatch.setattr(MaskStream, "uniform", lambda *place: pairs)
    farthest = np.sqrt(48 * np.log(2))
    found = MaskStream(0).normal(0, 0, (3,))
    np.testing.assert_allclose(found, [0, farthest, -farthest])


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_a_draw_takes_one_layer(distribution):
    stream = MaskStream(1)
    numbers = getattr(stream, distribution)
    stream.begin(5)
    np.testing.assert_array_equal(stream.draw(distribution, [2]), numbers(5, 0, (2,)))
    turn, draw = stream.next_draw(distribution)
    assert turn == 0
    np.testing.assert_array_equal(draw(6, turn, (2,)), numbers(6, 1, (2,)))
    assert stream.next_layer() == 2


def test_numpy_integers_are_steps_too():
    stream = MaskStream(1)
    np.testing.assert_array_equal(
        stream.uniform(np.int64(3), np.array(4), (2,)), stream.uniform(3, 4, (2,))
    )


def test_layers_are_counted_anew_in_every_step():
    stream = MaskStream(1)
    marker = object()
    for step in (0, marker):
        stream.begin(step)
        assert stream.step is step
        assert [stream.next_layer() for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
def test_turns_of_a_loop_draw_as_if_they_were_written_out(distribution):
    with mask_stream.shared(1) as stream:
        stream.begin(5)
        stream.next_layer()
        with mask_stream.traced_once(num_turns=3) as loop, loop.body("turn"):
            draws = [stream.next_draw(distribution) for _ in range(2)]
        after, draw_after = stream.next_draw(distribution)
    assert [turn for turn, _ in draws] == ["turn", "turn"]
    assert after == 0
    found = [draw(5, turn, (4,)) for turn in range(3) for _, draw in draws]
    found.append(draw_after(5, after, (4,)))
    numbers = getattr(stream, distribution)
    for layer, drawn in enumerate(found, start=1):
        np.testing.assert_array_equal(drawn, numbers(5, layer, (4,)))


def test_shared_sets_and_restores():
    assert mask_stream.active is None
    with mask_stream.shared(1) as outer:
        assert mask_stream.active is outer
        with mask_stream.shared(2) as inner:
            assert mask_stream.active is inner
            assert (outer.seed, inner.seed) == (1, 2)
        assert mask_stream.active is outer
    assert mask_stream.active is None


def test_error_ends_sharing():
    with pytest.raises(ZeroDivisionError), mask_stream.shared(1):
        raise ZeroDivisionError
    assert mask_stream.active is None
