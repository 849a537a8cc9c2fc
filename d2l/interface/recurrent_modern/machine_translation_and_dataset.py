"""Declarations: machine translation and dataset."""


class MTFraEng:
    """Sentences and their translations."""

    def __init__(self, batch_size, num_steps=9, num_train=512, num_val=128):
        """num_steps: the length that sentences are brought to."""

    def build(self, src_sentences, tgt_sentences):
        """Sentences as a batch."""

    def get_dataloader(self, train):
        """Batches (src, tgt, src_valid_len, label)."""


def show_list_len_pair_hist(legend, xlabel, ylabel, xlist, ylist):
    """Histograms of the lengths of two lists of sequences."""
