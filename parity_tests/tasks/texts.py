"""Texts: batches of them, and what models write."""

from __future__ import annotations

import importlib

import numpy as np

from d2l.trials.observed import prefixed, select


def batches(session, arrays, name, arguments, train, epoch):
    """All batches of an epoch of a data module, by number and position."""
    loader = session.find(name)(**arguments).get_dataloader(train)
    for _ in range(epoch + 1):
        found = list(loader)
    return {"length": len(loader)}, {
        f"{i}.{j}": session.backend.canonical(part)
        for i, batch in enumerate(found)
        for j, part in enumerate(batch)
    }


def is_common(session, arrays, name, module):
    """Whether a public name is the very object of `d2l.common`."""
    common = importlib.import_module(f"d2l.common.{module}")
    return {"same": session.find(name) is getattr(common, name)}, {}


def build(session, arrays, arguments, src_sentences, tgt_sentences):
    """Sentences as a batch by MTFraEng's vocabularies."""
    data = session.namespace.MTFraEng(**arguments)
    found = data.build(src_sentences, tgt_sentences)
    return {}, {str(i): session.backend.canonical(part) for i, part in enumerate(found)}


def predictions(session, arrays, k):
    """What a linear model predicts of the noisy sine, several steps ahead."""
    d2l, backend = session.namespace, session.backend
    data = session.find("recurrent_neural_networks/sequence:Data")()
    inputs = [backend.to_tensor(np.zeros((1, data.tau)))]
    model = session.build("LinearRegression", {"lr": 0.01}, data, inputs)
    backend.materialise(model, inputs)
    backend.load_weights(model, select(arrays, "weights"))
    return {}, {"output": session.backend.canonical(d2l.k_step_pred(model, data, k))}


def continued(session, arrays, trial, prefix, settings):
    """The texts that a language model writes, one for each of the settings."""
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    model, vocab = prepared.model, prepared.data.vocab
    return {"texts": [model.predict(prefix, 20, vocab, **s) for s in settings]}, {}


def in_tokens(session, arrays, prefix, num_preds, vocab_size):
    """What a network of zeros writes in learnt tokens, and how many there are."""
    d2l, backend = session.namespace, session.backend
    settings = {"tokenization": "bpe", "vocab_size": vocab_size, "source": "small"}
    data = d2l.TimeMachine(8, 5, 16, 8, **settings)
    rnn = d2l.RNNScratch(data.vocab_size, 4)
    model = d2l.RNNLMScratch(rnn, data.vocab_size)
    inputs = [backend.to_tensor(data.X[:1])]
    backend.materialise(model, inputs)
    shapes = {slot.name: slot.canonical().shape for slot in backend.slots(model)}
    backend.load_weights(model, {k: np.zeros(v) for k, v in shapes.items()})
    text = model.predict(prefix, num_preds, data.vocab)
    return {"text": text, "vocab_size": data.vocab_size}, {}


def translated(session, arrays, trial, num_steps):
    """The tokens that a translator makes of the first batch."""
    prepared = session.prepare(trial, weights=select(arrays, "weights"))
    device = session.namespace.try_gpu()
    tokens, weights = prepared.model.predict_step(prepared.batch, device, num_steps)
    batch = {str(i): session.backend.canonical(x) for i, x in enumerate(prepared.batch)}
    found = {"tokens": session.backend.canonical(tokens)} | prefixed("batch", batch)
    return {"attention_weights": len(weights)}, found


def histogram(session, arrays, xlist, ylist):
    """The heights of the bars that `show_list_len_pair_hist` draws, and its words."""
    import matplotlib

    matplotlib.use("agg")
    d2l = session.namespace
    d2l.show_list_len_pair_hist(["a", "b"], "length", "count", xlist, ylist)
    axes = d2l.plt.gca()
    bars = [[bar.get_height() for bar in bars] for bars in axes.containers]
    words = [axes.get_xlabel(), axes.get_ylabel()]
    words += [text.get_text() for text in axes.get_legend().get_texts()]
    d2l.plt.close("all")
    return {"bars": bars, "words": words}, {}
