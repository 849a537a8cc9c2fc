"""What MXNet 1.9.1, its last release, needs in order to run on current Python.

Importing this module imports MXNet, with NumPy's semantics switched on.
"""

import functools
import importlib.util
import warnings

import numpy

# Aliases of Python's own types, which NumPy 1.24 took away and MXNet uses.
_ALIASES = {
    "bool": bool,
    "int": int,
    "float": float,
    "object": object,
    "complex": complex,
    "str": str,
}


def _restore_aliases():
    for name, kind in _ALIASES.items():
        # Not hasattr: for these names NumPy answers it with a warning.
        if name not in vars(numpy):
            setattr(numpy, name, kind)


def _restore_distutils():
    # Gone from Python 3.12; setuptools brings its own copy when it is imported.
    if importlib.util.find_spec("distutils") is None:
        importlib.import_module("setuptools")


def _drawing_in_the_precision_of(random_function):
    """Let a random function fill an array of any precision.

    MXNet draws in float32 whatever the precision of `out`, and then fails: no
    initialiser could fill a layer of float64.
    """

    @functools.wraps(random_function)
    def draw(*args, **kwargs):
        out = kwargs.get("out")
        if out is not None and len(args) < 4 and kwargs.get("dtype") is None:
            kwargs["dtype"] = numpy.dtype(out.dtype).name
        return random_function(*args, **kwargs)

    return draw


_restore_aliases()
_restore_distutils()
with warnings.catch_warnings():
    # About NumPy functions and version classes that MXNet mentions: nothing
    # that a reader could act on.
    warnings.simplefilter("ignore")
    import mxnet

mxnet.np.random.uniform = _drawing_in_the_precision_of(mxnet.np.random.uniform)
mxnet.np.random.normal = _drawing_in_the_precision_of(mxnet.np.random.normal)
# Shapes and arrays as in NumPy, for this thread: MXNet keeps it by thread.
mxnet.npx.set_np()
