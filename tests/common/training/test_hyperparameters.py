"""Arguments are saved, under inheritance and in classes that intercept setattr."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st

from d2l.common.training.hyperparameters import HyperParameters, add_to_class


class Base(HyperParameters):
    def __init__(self, lr=0.1, momentum=0.0):
        self.save_hyperparameters()


class SavesLast(Base):
    def __init__(self, lr=0.5, size=8):
        super().__init__()
        self.save_hyperparameters()


class SavesFirst(Base):
    def __init__(self, lr=0.5, size=8):
        self.save_hyperparameters()
        super().__init__()


class PassesOn(Base):
    def __init__(self, lr=0.5):
        self.save_hyperparameters()
        super().__init__(lr * 2)


class Everything(HyperParameters):
    def __init__(self, a, b=2, *args, c=3, _hidden=4, **kwargs):
        local = a + b
        self.save_hyperparameters()
        later = local  # noqa: F841


def saving_class(ignore):
    class Saving(HyperParameters):
        def __init__(self, a=1, b=2, c=3):
            self.save_hyperparameters(ignore)

    return Saving


def test_all_kinds_of_arguments_are_saved():
    made = Everything(1, 5, 6, 7, c=8, extra=9)
    expected = {"a": 1, "b": 5, "args": (6, 7), "c": 8, "kwargs": {"extra": 9}}
    assert made.hparams == expected | {"local": 6}
    assert vars(made) == dict(made.hparams) | {"hparams": made.hparams}


def test_defaults_are_saved():
    assert Base().hparams == {"lr": 0.1, "momentum": 0.0}


@given(st.sets(st.sampled_from("abc")), st.sampled_from([list, tuple, set]))
def test_ignored_names_are_not_saved(ignored, container):
    made = saving_class(container(ignored))()
    assert set(made.hparams) == set("abc") - ignored
    assert not any(hasattr(made, name) for name in ignored)


def test_ignore_accepts_none_and_a_single_name():
    assert set(saving_class(None)().hparams) == set("abc")
    assert set(saving_class("b")().hparams) == set("ac")


@pytest.mark.parametrize("cls", [SavesLast, SavesFirst])
def test_subclass_wins_over_defaults_of_its_base(cls):
    made = cls()
    assert made.hparams == {"lr": 0.5, "momentum": 0.0, "size": 8}
    assert (made.lr, made.momentum, made.size) == (0.5, 0.0, 8)


def test_value_passed_on_to_the_base_is_what_the_base_saves():
    assert PassesOn().lr == 1.0
    assert PassesOn().hparams == {"lr": 1.0, "momentum": 0.0}


def test_keyword_only_default_of_base_does_not_displace():
    class KeywordBase(HyperParameters):
        def __init__(self, *, rate=1):
            self.save_hyperparameters()

    class Sub(KeywordBase):
        def __init__(self, rate=2):
            self.save_hyperparameters()
            super().__init__()

    assert Sub().hparams == {"rate": 2}


def test_initialising_again_saves_again():
    made = Base(lr=3)
    made.__init__()
    assert made.hparams == {"lr": 0.1, "momentum": 0.0}


def test_saving_from_a_method_added_later():
    class Late(HyperParameters):
        pass

    @add_to_class(Late)
    def configure(self, depth=2):
        self.save_hyperparameters()

    made = Late()
    made.configure(depth=3)
    assert made.hparams == {"depth": 3}


def test_attribute_of_the_object_itself_is_not_saved_under_another_name():
    class Odd(HyperParameters):
        def __init__(this, a):
            this.save_hyperparameters()

    assert Odd(1).hparams == {"a": 1}


def test_interception_of_setattr_sees_arguments_but_not_the_dictionary():
    class Tracking(HyperParameters):
        def __setattr__(self, name, value):
            object.__setattr__(self, name, ("tracked", value))

    class Model(Tracking):
        def __init__(self, sizes):
            self.save_hyperparameters()

    made = Model([1, 2])
    assert made.sizes == ("tracked", [1, 2])
    assert made.hparams == {"sizes": [1, 2]}


def test_saved_arguments_with_arrays_can_be_hashed_and_compared():
    one, two = Base(lr=np.ones(3)), Base(lr=np.ones(3))
    assert one.hparams == one.hparams
    assert one.hparams != two.hparams
    assert hash(one.hparams) == hash(two.hparams)


def test_saved_arguments_can_be_copied_and_pickled():
    made = SavesLast(lr=7)
    for twin in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert twin.hparams == made.hparams
        assert twin.hparams is not made.hparams


def test_add_to_class_returns_what_it_adds():
    class Owner:
        value = 1

    existing = Owner()

    @add_to_class(Owner)
    def double(self):
        return 2 * self.value

    @add_to_class(Owner)
    class Part:
        pass

    assert existing.double() == 2
    assert double(existing) == 2
    assert Owner.Part is Part


def test_torch_module():
    torch = pytest.importorskip("torch")

    class Model(torch.nn.Module, HyperParameters):
        def __init__(self, layer, lr=0.1):
            super().__init__()
            self.save_hyperparameters()

    layer = torch.nn.Linear(2, 1)
    model = Model(layer)
    assert model.hparams == {"layer": layer, "lr": 0.1}
    assert list(dict(model.named_parameters())) == ["layer.weight", "layer.bias"]


def test_flax_module_compiles_with_an_array_among_its_arguments():
    nnx = pytest.importorskip("flax.nnx")

    class Model(nnx.Module, HyperParameters):
        def __init__(self, size=3, scale=None, *, rngs):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            self.layer = nnx.Linear(2, size, rngs=rngs)

    model = Model(scale=np.ones(3), rngs=nnx.Rngs(0))
    output = nnx.jit(lambda model, x: model.layer(x))(model, np.ones((1, 2)))
    assert output.shape == (1, 3)
    assert nnx.clone(model).hparams == model.hparams


def test_keras_model_tracks_a_layer_once():
    keras = pytest.importorskip("keras")

    class Model(keras.Model, HyperParameters):
        def __init__(self, layer, sizes=(1, 2)):
            super().__init__()
            self.save_hyperparameters()

    layer = keras.layers.Dense(1)
    layer.build((None, 2))
    model = Model(layer)
    assert model.layers == [layer]
    assert model.hparams == {"layer": layer, "sizes": (1, 2)}
    assert type(model.hparams["sizes"]) is tuple
