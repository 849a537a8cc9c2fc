"""What MXNet's objects hold, for checkpoints: arrays.

MXNet's random generator cannot be read; the trainer seeds it anew before each epoch.
"""

from __future__ import annotations

import functools

import mxnet as mx
from mxnet import gluon, np, npx

from d2l.common.training.state_kinds import Held, Kinds

from . import parameters as entries
from .optimizer_states import exact_states, own_to_mxnet
from .precision import default_dtype

#: Attributes of MXNet's classes that are no state of a training.
NOT_SAVED = {
    # Names, which are other ones in each process, and what goes by them.
    gluon.Block: {"_prefix", "_name", "_scope", "_params"},
    gluon.ParameterDict: {"_prefix"},
    # Graphs are compiled anew; whether to is told anew.
    gluon.HybridBlock: {
        *("_cached_graph", "_cached_op", "_cached_op_args"),
        *("_in_format", "_out_format", "_active", "_flags"),
        *("_callback", "_monitor_all", "_backend", "_backend_opts"),
    },
    # Made together with the values. `kept_gradients` has the gradients that matter.
    gluon.Parameter: {
        *("name", "_var", "_trainer", "_grad"),
        *("_ctx_list", "_ctx_map", "_deferred_init"),
    },
}


class States(Kinds):
    """MXNet's arrays, of both kinds; names of parameters as keys."""

    def is_array(self, value):
        """Whether `value` is an array, of `np` or of `nd`."""
        return isinstance(value, mx.nd.NDArray)

    def read(self, value):
        """An array's numbers; its kind, type and device, and whether it is trained."""
        # Reading a running statistic does not wait for the graphs that change it.
        npx.waitall()
        note = {
            "kind": "np" if isinstance(value, np.ndarray) else value.stype,
            "device": [value.ctx.device_type, value.ctx.device_id],
            "has_gradient": value.grad is not None,
        }
        return value.asnumpy(), note

    def write(self, current, array, note):
        """Fill an array of the same shape and type, else make another."""
        is_dense = isinstance(current, np.ndarray) or current.stype == "default"
        if is_dense and (current.shape, current.dtype) == (array.shape, array.dtype):
            if note["has_gradient"] and current.grad is None:
                current.attach_grad()
            # An operator, as a convolution may have put it in a layout of its own.
            made = _array(array, current.ctx)
            made.copyto(current.as_nd_ndarray())
            return current
        if current.grad is not None:
            raise ValueError(
                f"it is {array.dtype} of shape {array.shape} in the checkpoint, "
                f"and {current.dtype} of shape {current.shape} here."
            )
        return self.make(array, note)

    def make(self, array, note):
        """An array on the device that it was on, if there is one."""
        kind, number = note["device"]
        is_there = kind == "gpu" and number < mx.context.num_gpus()
        device = mx.gpu(number) if is_there else mx.cpu()
        made = _array(array, device)
        if note["kind"] not in ("np", "default"):
            return made.tostype(note["kind"])
        made = made.as_np_ndarray() if note["kind"] == "np" else made
        if note["has_gradient"]:
            made.attach_grad()
        return made

    def attributes(self, value):
        """Without what MXNet makes anew."""
        left_out = set().union(*(NOT_SAVED.get(c, ()) for c in type(value).__mro__))
        for attribute in super().attributes(value):
            if attribute.name == "_grad_req" and isinstance(value, gluon.Parameter):
                # Makes the gradients, or drops them.
                attribute.set = functools.partial(setattr, value, "grad_req")
            if attribute.name not in left_out:
                yield attribute

    def name_of(self, value):
        """Gluon's trainer, and optimizers of readers, know parameters by name."""
        return value.name if isinstance(value, gluon.Parameter) else None

    def is_stateless(self, value):
        """Devices, graphs and the like."""
        return isinstance(
            value,
            (mx.Context, mx.sym.Symbol, mx.nd.CachedOp, gluon.utils.HookHandle),
        )


def _array(array, device):
    # Not mx.nd.array, which asks SciPy for a name that is to go.
    return np.array(array, dtype=array.dtype, ctx=device).as_nd_ndarray()


def kept_gradients(model):
    """Access to the gradients that a step finds, other than those it computes.

    An array's is applied again where a step has no use for the array; and a
    parameter's may be told to add up.
    """

    def kept():
        return {
            name: entries.gradient_of(entry)
            for name, entry in entries.trained_entries(model).items()
            if not entries.is_deferred(entry)
            and getattr(entry, "grad_req", "add") == "add"
        }

    def get():
        return {name: gradient.asnumpy() for name, gradient in kept().items()}

    def put(saved):
        for name, gradient in kept().items():
            if name in saved:
                gradient[:] = np.array(saved[name], dtype=gradient.dtype)

    return Held(get, put)


def generators():
    """None: see the module's docstring."""
    return {}


def stored_arrays(model, optim):
    """By `id`, the arrays that `training_state` has, bit for bit, and its names."""
    found = [
        (n, e) for n, e in entries.named_entries(model) if not entries.is_deferred(e)
    ]
    trained = (e for _, e in found if entries.is_trained(e))
    precision = next((entries.array_of(e).dtype for e in trained), None)
    arrays = {name: entries.array_of(entry) for name, entry in found}
    # Those of another type are kept in this one there.
    stored = {id(a): f"model.{n}" for n, a in arrays.items() if a.dtype == precision}
    states = exact_states(model, optim)
    return stored | {key: f"optimizer.{label}" for key, label in states.items()}


def why_not_portable(trainer):
    """What no other framework can go on with; empty if there is nothing."""
    return own_to_mxnet(trainer.optim)


def precision():
    """The default precision by name."""
    return default_dtype()
