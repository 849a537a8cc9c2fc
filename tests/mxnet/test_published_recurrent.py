"""Code in the style of the published book's cells on recurrent networks."""

import numpy as onp
import pytest

from d2l import mxnet as d2l

# Only after d2l.mxnet, which makes MXNet importable on current NumPy.
from mxnet import init, np  # isort: skip
from mxnet.gluon import nn, rnn  # isort: skip

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
            self.time = np.arange(1, T + 1, dtype=np.float32)
            self.x = np.sin(0.01 * self.time) + np.random.randn(T) * 0.2

        def get_dataloader(self, train):
            features = [self.x[i : self.T - self.tau + i] for i in range(self.tau)]
            self.features = np.stack(features, 1)
            self.labels = self.x[self.tau :].reshape((-1, 1))
            i = slice(0, self.num_train) if train else slice(self.num_train, None)
            return self.get_tensorloader([self.features, self.labels], train, i)

    data, model = Data(), d2l.LinearRegression(lr=0.01)
    fit(model, data, max_epochs=2)
    one_step = d2l.numpy(model(data.features))
    found = d2l.numpy(d2l.k_step_pred(model, data, 3))
    assert found.shape == (100 - 4 - 3 + 1, 3)
    onp.testing.assert_allclose(found[:, 0], one_step[:94, 0], rtol=1e-5)


def test_text(text):
    for X, Y in text.train_dataloader():
        assert X.shape == Y.shape == (32, 8)
        assert np.array_equal(X[:, 1:], Y[:, :-1])
        break
    corpus, vocab = text.build(text._download())
    assert vocab.to_tokens(corpus[:3]) == list(text._preprocess(text._download()))[:3]
    indices = vocab[text._tokenize("time")]
    assert "".join(vocab.to_tokens(np.array(indices, dtype="int32"))) == "time"


def test_rnn_scratch():
    layer = d2l.RNNScratch(num_inputs=16, num_hiddens=32)
    outputs, state = layer(d2l.ones((100, 2, 16)))
    d2l.check_len(outputs, 100)
    d2l.check_shape(outputs[0], (2, 32))
    d2l.check_shape(state, (2, 32))
    model = d2l.RNNLMScratch(layer, vocab_size=16)
    outputs = model(d2l.ones((2, 100), dtype=np.int64))
    d2l.check_shape(outputs, (2, 100, 16))


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "LSTMScratch", "GRUScratch"])
def test_language_models(text, name):
    layer = getattr(d2l, name)(num_inputs=len(text.vocab), num_hiddens=16)
    cls = d2l.RNNLMScratch if "Scratch" in name else d2l.RNNLM
    model = cls(layer, vocab_size=len(text.vocab), lr=1)
    fit(model, text)
    assert {"train_ppl", "val_ppl"} <= set(model.board.data)
    written = model.predict("it has", 20, text.vocab, d2l.try_gpu())
    assert written.startswith("it has")
    assert model.predict("it has", 20, text.vocab) == written


@pytest.mark.parametrize("kind", [rnn.RNN, rnn.LSTM, rnn.GRU])
def test_layers_of_gluons_own(text, kind):
    class Mine(d2l.RNN):
        def __init__(self, num_hiddens):
            d2l.Module.__init__(self)
            self.save_hyperparameters()
            # Sizes of inputs and initial values come later.
            self.rnn = kind(num_hiddens, num_layers=2)

    model = d2l.RNNLM(Mine(16), vocab_size=len(text.vocab), lr=1)
    fit(model, text)
    assert model.predict("it has", 20, text.vocab).startswith("it has")


def test_a_whole_language_model_of_a_reader(text):
    class Layer(d2l.Module):
        def __init__(self, num_hiddens):
            super().__init__()
            self.save_hyperparameters()
            self.rnn = rnn.GRU(num_hiddens)

        def forward(self, inputs, H=None):
            if H is None:
                (H,) = self.rnn.begin_state(inputs.shape[1], ctx=inputs.ctx)
            outputs, (H,) = self.rnn(inputs, (H,))
            return outputs, H

    class Model(d2l.RNNLMScratch):
        def init_params(self):
            self.linear = nn.Dense(self.vocab_size, flatten=False)
            self.initialize()

        def output_layer(self, hiddens):
            return d2l.swapaxes(self.linear(hiddens), 0, 1)

    model = Model(Layer(16), vocab_size=len(text.vocab), lr=1)
    fit(model, text)
    assert model.predict("it has", 20, text.vocab).startswith("it has")


def test_an_encoder_and_a_decoder_of_a_reader(sentences):
    class Encoder(d2l.Encoder):
        def __init__(self, vocab_size):
            super().__init__()
            self.embedding = nn.Embedding(vocab_size, 4)
            self.rnn = d2l.GRU(4, 6, 2, 0.1)
            self.initialize(init.Xavier())

        def forward(self, X, *args):
            return self.rnn(self.embedding(d2l.transpose(X)))

    class Decoder(d2l.Decoder):
        def __init__(self, vocab_size):
            super().__init__()
            self.embedding = nn.Embedding(vocab_size, 4)
            self.rnn = d2l.GRU(4 + 6, 6, 2, 0.1)
            self.dense = nn.Dense(vocab_size, flatten=False)
            self.initialize(init.Xavier())

        def init_state(self, enc_outputs, *args):
            return enc_outputs

        def forward(self, X, state):
            embs = self.embedding(d2l.transpose(X))
            enc_output, hidden_state = state
            context = np.tile(enc_output[-1], (embs.shape[0], 1, 1))
            embs = np.concatenate((embs, context), -1)
            outputs, hidden_state = self.rnn(embs, hidden_state)
            outputs = d2l.swapaxes(self.dense(outputs), 0, 1)
            return outputs, [enc_output, hidden_state]

    sizes = [len(sentences.src_vocab), len(sentences.tgt_vocab)]
    parts = Encoder(sizes[0]), Decoder(sizes[1])
    model = d2l.Seq2Seq(*parts, tgt_pad=sentences.tgt_pad, lr=0.01)
    fit(model, sentences)
    X = d2l.zeros((4, 7), dtype=np.int32)
    d2l.check_shape(model(X, X, np.full((4,), 7)), (4, 7, sizes[1]))
    with pytest.raises(NotImplementedError, match="Encoder"):
        d2l.Encoder()(X)


def test_translation(sentences):
    src, tgt, src_valid_len, label = next(iter(sentences.train_dataloader()))
    assert src.shape == tgt.shape == label.shape == (32, 9)
    assert src_valid_len.shape == (32,)
    sizes = {"embed_size": 8, "num_hiddens": 16, "num_layers": 2, "dropout": 0.2}
    encoder = d2l.Seq2SeqEncoder(len(sentences.src_vocab), **sizes)
    decoder = d2l.Seq2SeqDecoder(len(sentences.tgt_vocab), **sizes)
    model = d2l.Seq2Seq(encoder, decoder, tgt_pad=sentences.tgt_pad, lr=0.005)
    fit(model, sentences, max_epochs=2)
    engs, fras = ["i know .", "she sleeps ."], ["je sais .", "elle dort ."]
    batch = sentences.build(engs, fras)
    preds, _ = model.predict_step(batch, d2l.try_gpu(), sentences.num_steps)
    for fra, p in zip(fras, preds, strict=True):
        words = sentences.tgt_vocab.to_tokens(p)
        assert len(words) == 9
        assert 0 <= d2l.bleu(" ".join(words), fra, k=2) <= 1
