"""MyST becomes plain Markdown for notebooks."""

import pytest

from d2l.book.markdown import Plain
from d2l.common.errors import InputError

KEY = "convolutional_neural_networks/lenet"


@pytest.fixture(name="plain")
def _plain():
    return Plain(KEY, "jax")


def test_framework_text(plain):
    """Text for this framework stays, and that for others goes."""
    text = "a\n\n:::{for} torch\nb\n:::\n:::{for} jax\nc\n:::\n\nd"
    assert plain.convert(text).split() == ["a", "c", "d"]


def test_library(plain):
    """A name's code is shown, with the file it is in."""
    text = plain.convert("```{library} LeNet\n```")
    assert "class LeNet(Classifier):" in text
    assert "`d2l/jax/convolutional_neural_networks/lenet.py`" in text


def test_library_of_a_section(plain):
    """A name of a module that is not public, with its decorators and no neighbours."""
    section = "generative_adversarial_networks/gan"
    text = plain.convert(f"```{{library}} {section}:Generator update_G\n```")
    assert "`Generator` in `d2l/jax/generative_adversarial_networks/gan.py`" in text
    assert "class Generator(nnx.Module):" in text
    assert "class Discriminator" not in text
    assert '@partial(nnx.jit, static_argnames="loss")\ndef update_G' in text


def test_equations(plain):
    """A labelled formula has a number, and references have the same."""
    assert r"\tag{1}" in plain.convert("$$\nx\n$$ (eq-lenet-height)")
    assert plain.convert("by {eq}`eq-lenet-height`.") == "by (1)."


def test_links_citations_terms(plain):
    """Links lead to notebooks; citations and index terms become words."""
    assert plain.convert("[a](../b/c.md#d)") == "[a](../b/c.ipynb)"
    assert plain.convert("{cite:p}`LeCun.1998`") == "(LeCun et al., 1998)"
    assert plain.convert("{cite:t}`LeCun.1998`") == "LeCun et al. (1998)"
    assert plain.convert("a {index}`kernel`") == "a kernel"


def test_boxes_and_plain_code(plain):
    """A box is a quotation; code that is not run is left alone."""
    assert plain.convert(":::{note}\na\n:::") == "> **Note**\n>\n> a"
    code = "```python\n# {eq}`x`\n:::\n```"
    assert plain.convert(code) == code


@pytest.mark.parametrize("text", ["```{mystery}\n```", "{mystery}`x`"])
def test_unknown(plain, text):
    """What a notebook cannot show is an error that names the page."""
    with pytest.raises(InputError, match=KEY):
        plain.convert(text)


def test_unknown_citation(plain):
    """A citation without an entry is an error that names the page."""
    with pytest.raises(InputError, match=r"lenet cites 'Nobody\.1900'"):
        plain.convert("{cite:p}`Nobody.1900`")
