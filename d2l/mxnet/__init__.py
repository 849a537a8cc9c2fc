"""The book in MXNet: `from d2l import mxnet as d2l`.

Names load when they are first used; `__init__.pyi` lists them.
"""

import lazy_loader

from d2l.common.frameworks import require

require("mxnet")
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

# MXNet imports on current versions of NumPy and Python only after this.
from . import compatibility  # noqa: E402, F401

# The function `tensor` and the module `tensor` compete for one attribute of this
# package. Importing the module now lets the function win, for good.
from .tensor import tensor  # noqa: E402, F401
