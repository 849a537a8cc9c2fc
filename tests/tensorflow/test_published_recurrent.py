"""Code in the style of the published book's cells on recurrent networks."""

import numpy as np
import pytest
import tensorflow as tf

from d2l import tensorflow as d2l

SMALL = {"num_train": 64, "num_val": 32, "source": "small"}


def fit(model, data, max_epochs=1):
    with d2l.try_gpu():
        trainer = d2l.Trainer(max_epochs=max_epochs, gradient_clip_val=1)
        trainer.fit(model, data)


def test_sequences_of_numbers():
    class Data(d2l.DataModule):
        def __init__(self, batch_size=16, T=100, num_train=60, tau=4):
            super().__init__()
            self.save_hyperparameters()
            self.time = tf.range(1, T + 1, dtype=tf.float32)
            self.x = tf.sin(0.01 * self.time) + tf.random.normal([T]) * 0.2

        def get_dataloader(self, train):
            features = [self.x[i : self.T - self.tau + i] for i in range(self.tau)]
            self.features = tf.stack(features, 1)
            self.labels = tf.reshape(self.x[self.tau :], (-1, 1))
            i = slice(0, self.num_train) if train else slice(self.num_train, None)
            return self.get_tensorloader([self.features, self.labels], train, i)

    data, model = Data(), d2l.LinearRegression(lr=0.01)
    fit(model, data, max_epochs=2)
    onestep_preds = model(data.features).numpy()
    preds = d2l.k_step_pred(model, data, 3)
    assert preds.shape == (100 - 4 - 3 + 1, 3)
    np.testing.assert_allclose(preds[:, 0], onestep_preds[:94, 0], rtol=1e-5)


def test_text():
    data = d2l.TimeMachine(batch_size=2, num_steps=10, **SMALL)
    for X, Y in data.train_dataloader():
        assert X.shape == Y.shape == (2, 10)
        np.testing.assert_array_equal(X[:, 1:], Y[:, :-1])
        break
    corpus, vocab = data.build(data._download())
    assert vocab.to_tokens(corpus[:3]) == list(data._preprocess(data._download()))[:3]
    indices = vocab[data._tokenize("time")]
    assert "".join(vocab.to_tokens(tf.constant(indices))) == "time"


def test_rnn_scratch():
    rnn = d2l.RNNScratch(num_inputs=16, num_hiddens=32)
    X = tf.ones((100, 2, 16))
    outputs, state = rnn(X)
    d2l.check_len(outputs, 100)
    d2l.check_shape(outputs[0], (2, 32))
    d2l.check_shape(state, (2, 32))
    model = d2l.RNNLMScratch(rnn, vocab_size=16)
    outputs = model(tf.ones((2, 100), dtype=tf.int64))
    d2l.check_shape(outputs, (2, 100, 16))


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU", "LSTMScratch", "GRUScratch"])
def test_language_models(name):
    data = d2l.TimeMachine(batch_size=32, num_steps=8, **SMALL)
    with d2l.try_gpu():
        rnn = getattr(d2l, name)(num_inputs=len(data.vocab), num_hiddens=16)
        cls = d2l.RNNLMScratch if "Scratch" in name else d2l.RNNLM
        model = cls(rnn, vocab_size=len(data.vocab), lr=1)
    fit(model, data)
    assert {"train_ppl", "val_ppl"} <= set(model.board.data)
    text = model.predict("it has", 20, data.vocab, d2l.try_gpu())
    assert text.startswith("it has")
    assert model.predict("it has", 20, data.vocab) == text


def test_an_encoder_and_a_decoder_by_the_method_call():
    class Encoder(d2l.Encoder):
        def __init__(self):
            super().__init__()
            self.embedding = tf.keras.layers.Embedding(9, 4)
            self.rnn = d2l.GRU(4, 6, 2)

        def call(self, X, *args):
            embs = self.embedding(tf.transpose(X))
            return self.rnn(embs)

    class Decoder(d2l.Decoder):
        def __init__(self):
            super().__init__()
            self.embedding = tf.keras.layers.Embedding(9, 4)
            self.dense = tf.keras.layers.Dense(9)

        def init_state(self, enc_outputs, *args):
            return enc_outputs[0][-1]

        def call(self, X, state):
            contexts = tf.tile(tf.expand_dims(state, 1), [1, X.shape[1], 1])
            embs = tf.concat((self.embedding(X), contexts), -1)
            return self.dense(embs), state

    data = d2l.MTFraEng(batch_size=32, **SMALL)
    model = d2l.Seq2Seq(Encoder(), Decoder(), tgt_pad=data.tgt_pad, lr=0.01)
    X, y = tf.zeros((4, 7), tf.int32), tf.ones((4, 7), tf.int32)
    d2l.check_shape(model(X, y, tf.fill(4, 7)), (4, 7, 9))
    with pytest.raises(NotImplementedError, match="Encoder"):
        d2l.Encoder()(X)


def test_translation():
    data = d2l.MTFraEng(batch_size=32, **SMALL)
    src, tgt, src_valid_len, label = next(iter(data.train_dataloader()))
    assert src.shape == tgt.shape == label.shape == (32, 9)
    assert src_valid_len.shape == (32,)
    with d2l.try_gpu():
        sizes = {"embed_size": 8, "num_hiddens": 16, "num_layers": 2, "dropout": 0.2}
        encoder = d2l.Seq2SeqEncoder(len(data.src_vocab), **sizes)
        decoder = d2l.Seq2SeqDecoder(len(data.tgt_vocab), **sizes)
        model = d2l.Seq2Seq(encoder, decoder, tgt_pad=data.tgt_pad, lr=0.005)
    fit(model, data)
    engs, fras = ["i know .", "she sleeps ."], ["je sais .", "elle dort ."]
    preds, _ = model.predict_step(data.build(engs, fras), d2l.try_gpu(), data.num_steps)
    for fra, p in zip(fras, preds, strict=True):
        words = data.tgt_vocab.to_tokens(p)
        assert len(words) == 9
        assert 0 <= d2l.bleu(" ".join(words), fra, k=2) <= 1
