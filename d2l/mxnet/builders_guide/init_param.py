"""An initialiser of one's own."""

from mxnet import gluon, init, np


class MyInit(init.Initializer):
    """Weights uniform in [-10, 10], those below 5 in size set to zero.

    Used as `net.initialize(MyInit(), force_reinit=True)`. Called with a tensor it
    fills that tensor; `net.apply(MyInit())` fills the weights of every layer that
    has some.
    """

    def __call__(self, target, arr=None):
        if isinstance(target, gluon.Block):
            weight = getattr(target, "weight", None)
            if weight is not None:
                weight.initialize(self, weight.list_ctx(), force_reinit=True)
        elif arr is None:
            self._init_weight("weight", target)
        else:
            super().__call__(target, arr)

    def _init_weight(self, name, arr):
        np.random.uniform(-10, 10, arr.shape, out=arr)
        arr *= np.abs(arr) >= 5
