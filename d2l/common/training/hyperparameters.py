"""Saving the arguments of a constructor as attributes, and classes in parts."""

import inspect
from collections.abc import Callable, Iterable
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")


def add_to_class(Class: type) -> Callable[[T], T]:
    """Decorate a function so that it becomes a method of a class made earlier.

    Lets a notebook define a class in one cell and its methods in later ones;
    objects that already exist get the method too. A class can be added as well.

    returns: the decorator, which hands back what it decorated.
    """

    def add(member: T) -> T:
        setattr(Class, member.__name__, member)  # type: ignore[attr-defined]
        return member

    return add


class SavedArguments(dict[str, Any]):
    """Arguments by name, with the place in the class hierarchy that saved them.

    Hashable, and compared without failing on arrays, because Flax NNX keeps
    whatever is not an array in a static part that it hashes for every compiled
    call. To JAX a subclass of dict is one leaf, so that arrays in it stay out
    of the model's state.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Distance from the object's own class: 0 is the most derived.
        self.distances: dict[str, int] = {}

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        try:
            return super().__eq__(other) is True
        except (ValueError, TypeError):  # Arrays have no single truth value.
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def keep(self, name: str, value: Any, distance: int) -> None:
        """Store `value`, saved by the class `distance` steps up the hierarchy."""
        self[name] = value
        self.distances[name] = distance


class HyperParameters:
    """Base of all classes that remember the arguments they were made with."""

    hparams: dict[str, Any]

    if TYPE_CHECKING:
        # A type checker cannot see the attributes that are made from arguments.
        def __getattr__(self, name: str) -> Any: ...

    def save_hyperparameters(self, ignore: Iterable[str] | None = None) -> None:
        """Save the calling method's arguments as attributes and in `self.hparams`.

        Call it first in `__init__`: every local variable that exists by then is
        saved. `*args` is saved as a tuple and `**kwargs` as a dictionary, under
        their own names. A base class and a subclass may both save, in either
        order: their arguments come together, and what the base saves merely
        because it is its default does not displace what the subclass saved.

        ignore: names to leave out; `self` and names that start with an
            underscore are always left out.
        """
        frame = inspect.currentframe()
        if frame is None or frame.f_back is None:
            raise RuntimeError("save_hyperparameters needs Python's stack frames")
        ignored = {ignore} if isinstance(ignore, str) else set(ignore or ())
        distance, defaults = _find_caller(type(self), frame.f_back.f_code)
        saved = _saved_arguments(self)
        for name, value in _local_variables(frame.f_back, self).items():
            is_default = name in defaults and defaults[name] is value
            is_displacing = saved.distances.get(name, distance) < distance
            if name in ignored or (is_default and is_displacing):
                continue
            saved.keep(name, value, distance)
            setattr(self, name, value)


def _local_variables(frame: FrameType, owner: object) -> dict[str, Any]:
    """Local variables of `frame`, without `owner` itself and private names."""
    # Python lists variables of an enclosing function among the local ones.
    borrowed = frame.f_code.co_freevars
    return {
        name: value
        for name, value in frame.f_locals.items()
        if value is not owner and name not in borrowed and not name.startswith("_")
    }


def _saved_arguments(owner: HyperParameters) -> SavedArguments:
    """Return the object's `hparams`, made when it has none yet."""
    saved = vars(owner).get("hparams")
    if not isinstance(saved, SavedArguments):
        saved = SavedArguments(saved or {})
        # Past Keras, which would wrap the dictionary and track the layers in
        # it a second time, and past Flax, which would look for arrays in it.
        object.__setattr__(owner, "hparams", saved)
    return saved


def _find_caller(cls: type, code: CodeType) -> tuple[int, dict[str, Any]]:
    """Find the method whose body is `code` among the methods of `cls`.

    returns: how many steps up the hierarchy it is defined (0 where unknown),
        and its default values by argument name.
    """
    for distance, ancestor in enumerate(cls.__mro__):
        method = inspect.unwrap(vars(ancestor).get(code.co_name, object))
        if isinstance(method, FunctionType) and method.__code__ is code:
            return distance, _default_values(method)
    return 0, {}


def _default_values(method: FunctionType) -> dict[str, Any]:
    positional = method.__defaults__ or ()
    names = method.__code__.co_varnames[: method.__code__.co_argcount]
    defaults = dict(zip(names[len(names) - len(positional) :], positional, strict=True))
    return defaults | (method.__kwdefaults__ or {})
