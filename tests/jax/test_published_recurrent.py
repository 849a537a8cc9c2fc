"""Code in the style of the published book's cells on recurrent networks."""

import jax
import numpy as np
import pytest
from flax import nnx
from jax import numpy as jnp

from d2l import jax as d2l

SMALL = {"num_train": 64, "num_val": 32, "source": "small"}


@pytest.fixture(scope="module")
def text():
    return d2l.TimeMachine(batch_size=32, num_steps=8, **SMALL)


@pytest.fixture(scope="module")
def sentences():
    return d2l.MTFraEng(batch_size=32, **SMALL)


def fit(model, data, max_epochs=1):
    d2l.Trainer(max_epochs=max_epochs, gradient_clip_val=1).fit(model, data)


def test_sequences_of_numbers():
    class Data(d2l.DataModule):
        def __init__(self, batch_size=16, T=100, num_train=60, tau=4):
            super().__init__()
            self.save_hyperparameters()
            self.time = d2l.arange(1, T + 1, dtype=d2l.float32)
            noise = jax.random.normal(d2l.get_key(), (T,)) * 0.2
            self.x = d2l.sin(0.01 * self.time) + noise

        def get_dataloader(self, train):
            features = [self.x[i : self.T - self.tau + i] for i in range(self.tau)]
            self.features = d2l.stack(features, 1)
            self.labels = d2l.reshape(self.x[self.tau :], (-1, 1))
            i = slice(0, self.num_train) if train else slice(self.num_train, None)
            return self.get_tensorloader([self.features, self.labels], train, i)

    data, model = Data(), d2l.LinearRegression(lr=0.01, num_inputs=4)
    fit(model, data, max_epochs=2)
    found = d2l.k_step_pred(model, data, 3)
    assert found.shape == (100 - 4 - 3 + 1, 3)
    assert np.allclose(found[:, 0], model(data.features)[:94, 0], rtol=1e-5)


def test_rnn_scratch():
    layer = d2l.RNNScratch(num_inputs=16, num_hiddens=32)
    outputs, state = layer(jnp.ones((100, 2, 16)))
    d2l.check_len(outputs, 100)
    d2l.check_shape(outputs[0], (2, 32))
    d2l.check_shape(state, (2, 32))
    model = d2l.RNNLMScratch(layer, vocab_size=16)
    d2l.check_shape(model(jnp.ones((2, 100), dtype=jnp.int32)), (2, 100, 16))


@pytest.mark.parametrize("name", ["RNN", "LSTMScratch"])
def test_language_models(text, name):
    layer = getattr(d2l, name)(num_inputs=len(text.vocab), num_hiddens=16)
    cls = d2l.RNNLMScratch if "Scratch" in name else d2l.RNNLM
    model = cls(layer, vocab_size=len(text.vocab), lr=1)
    fit(model, text)
    assert {"train_ppl", "val_ppl"} <= set(model.board.data)
    written = model.predict("it has", 5, text.vocab, d2l.try_gpu())
    assert written.startswith("it has")
    assert len(written) == 11


def test_layer_of_a_reader(text):
    class Layer(d2l.Module):
        """A loop in Python over Flax's own cell."""

        def __init__(self, num_inputs, num_hiddens, rngs=None):
            super().__init__()
            self.save_hyperparameters(ignore=["rngs"])
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            self.cell = nnx.SimpleCell(num_inputs, num_hiddens, rngs=rngs)

        def __call__(self, inputs, H=None):
            if H is None:
                H = jnp.zeros((inputs.shape[1], self.num_hiddens))
            outputs = []
            for X in inputs:
                H, Y = self.cell(H, X)
                outputs.append(Y)
            return jnp.stack(outputs), H

    class Embedded(d2l.RNNLM):
        """Reads learned vectors instead of one-hot ones."""

        def __init__(self, rnn, vocab_size, lr=0.01, rngs=None):
            super().__init__(rnn, vocab_size, lr, rngs=rngs)
            rngs = nnx.Rngs(d2l.get_key()) if rngs is None else rngs
            self.vectors = nnx.Embed(vocab_size, rnn.num_inputs, rngs=rngs)

        def embedding(self, X):
            return self.vectors(X.T)

    model = Embedded(Layer(num_inputs=12, num_hiddens=16), len(text.vocab), lr=1)
    before = model.vectors.embedding[...]
    fit(model, text)
    assert not jnp.array_equal(before, model.vectors.embedding[...])
    assert model.predict("it", 3, text.vocab).startswith("it")


def test_translation(sentences):
    sizes = {"embed_size": 16, "num_hiddens": 16, "num_layers": 2, "dropout": 0.2}
    encoder = d2l.Seq2SeqEncoder(len(sentences.src_vocab), **sizes)
    decoder = d2l.Seq2SeqDecoder(len(sentences.tgt_vocab), **sizes)
    outputs, state = encoder(jnp.zeros((4, 9), dtype=jnp.int32))
    d2l.check_shape(outputs, (9, 4, 16))
    d2l.check_shape(state, (2, 4, 16))
    pad = sentences.tgt_vocab["<pad>"]
    model = d2l.Seq2Seq(encoder, decoder, tgt_pad=pad, lr=0.005)
    fit(model, sentences)
    assert {"train_loss", "val_loss"} == set(model.board.data)
    engs, fras = ["go .", "i lost ."], ["va !", "j'ai perdu ."]
    batch = sentences.build(engs, fras)
    preds, _ = model.predict_step(batch, d2l.try_gpu(), sentences.num_steps)
    for fra, found in zip(fras, preds, strict=True):
        translation = sentences.tgt_vocab.to_tokens(found)
        assert len(translation) == sentences.num_steps
        assert 0 <= d2l.bleu(" ".join(translation), fra, k=2) <= 1


def test_an_encoder_must_say_what_it_does():
    with pytest.raises(NotImplementedError, match="Encoder"):
        d2l.Encoder()(jnp.zeros((1, 1)))
    with pytest.raises(NotImplementedError, match="init_state"):
        d2l.Decoder().init_state(None)
