"""Pairs of sentences in two languages."""

from d2l.common.text.mt_fra_eng import MTFraEngBase
from d2l.common.text.translation import show_list_len_pair_hist

from ..linear_regression.oo_design import DataModule
from ..loaders import as_tensor

__all__ = ["MTFraEng", "show_list_len_pair_hist"]


class MTFraEng(MTFraEngBase, DataModule):
    """Batches (src, tgt, src_valid_len, label) of sentences and their translations."""

    as_tensor = staticmethod(as_tensor)
