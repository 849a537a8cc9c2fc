"""Sections are begun: what is written, what is missing then, and what is refused."""

import shutil
import tomllib

import pytest

from d2l.book.pages import parse_page
from d2l.common.contents import KINDS, Section, parse_contents
from d2l.common.frameworks import FRAMEWORKS
from tools import section as command
from tools.missing import missing
from tools.skeleton import CONTENTS

CHAPTER = "multilayer_perceptrons"
KEY, TITLE = f"{CHAPTER}/maxout", "Maxout Networks"
TRIALS = f"d2l/trials/{CHAPTER}.py"
PARAGRAPH = "A unit that takes the largest of several linear functions. " * 3


@pytest.fixture(name="root")
def _root(tmp_path):
    """The files that a new section changes, in a folder of their own."""
    for path in (CONTENTS, TRIALS):
        (tmp_path / path).parent.mkdir(parents=True)
        shutil.copy(command.ROOT / path, tmp_path / path)
    return tmp_path


def begin(root, kind, *more, key=KEY, title=TITLE):
    command.main([key, kind, title, *more], root)


def tree(root):
    """All files and what they hold."""
    paths = (path for path in root.rglob("*") if path.is_file())
    return {p.relative_to(root).as_posix(): p.read_text() for p in paths}


def entry(root):
    """The new section, as the list of sections has it."""
    chapters = parse_contents((root / CONTENTS).read_text())
    (chapter,) = (c for c in chapters if c.key == CHAPTER)
    return chapter.sections[-1]


def test_a_model(root, capsys):
    before = tree(root)
    begin(root, "model")
    after = tree(root)
    modules = [f"d2l/{framework}/{KEY}.py" for framework in FRAMEWORKS]
    own = [f"chapters/{KEY}.md", f"d2l/interface/{KEY}.py", *modules]
    own.append(f"parity_tests/{CHAPTER}/test_maxout.py")
    packages = {
        f"d2l/{name}/{CHAPTER}/__init__.py" for name in (*FRAMEWORKS, "interface")
    }
    assert after.keys() - before.keys() == {*own, *packages}
    assert entry(root) == Section(KEY, TITLE, "model")
    lines = after[CONTENTS].splitlines()
    line = f'    {{ key = "maxout", title = "{TITLE}", kind = "model" }},'
    lines.remove(line)
    assert lines == before[CONTENTS].splitlines()
    assert after[own[0]] == f"# {TITLE}\n\n```{{imports}}\n```\n"
    assert len(parse_page(KEY, after[own[0]]).cells()) == len(FRAMEWORKS)
    assert len({after[path] for path in modules}) == 1
    said = capsys.readouterr().out
    assert all(f"  {path}\n" in said for path in own)
    assert f"  chapters/{KEY}.md has no text yet: " in said


def fill(root, path, text):
    with (root / path).open("a") as file:
        file.write(text)


def test_what_is_missing_of_a_model(root):
    """Each part fails by itself, with a sentence, until it is there."""
    begin(root, "model")
    section = entry(root)
    declaration = f"d2l/interface/{KEY}.py"
    begun = missing(root, section)
    assert [sentence.split(":")[0] for sentence in begun] == [
        f"chapters/{KEY}.md has no text yet",
        f"{declaration} declares no name yet",
        TRIALS,
        TRIALS,
    ]
    assert begun[-2].endswith(": maxout trains Maxout, which no section declares.")
    assert begun[-1].endswith(": maxout has no data: choose some, or NoData.")
    fill(root, declaration, "\n\nclass Maxout:\n    pass\n")
    page = root / "chapters" / f"{KEY}.md"
    page.write_text(page.read_text().replace(TITLE, f"{TITLE}\n\n{PARAGRAPH}", 1))
    modules = [f"d2l/{framework}/{KEY}.py" for framework in FRAMEWORKS]
    expected = [f"{m} has no Maxout, which {declaration} declares." for m in modules]
    assert missing(root, section) == [*expected, begun[-1]]
    for path in modules:
        fill(root, path, "\n\nclass Maxout:\n    pass\n")
    assert missing(root, section) == begun[-1:]


@pytest.mark.parametrize(
    ("kind", "more", "trees"),
    [
        ("functions", (), FRAMEWORKS),
        ("shared", (), ["common"]),
        ("bound", ("jax,torch", "No other compiles."), ["jax", "torch"]),
        ("text", (), []),
    ],
)
def test_other_kinds(root, kind, more, trees):
    begin(root, kind, *more)
    found = tree(root)
    assert found[TRIALS] == (command.ROOT / TRIALS).read_text()
    modules = [path for path in found if path.endswith("/maxout.py")]
    has_code = kind != "text"
    declaration = [f"d2l/interface/{KEY}.py"] * has_code
    assert set(modules) == {*(f"d2l/{t}/{KEY}.py" for t in trees), *declaration}
    assert (f"parity_tests/{CHAPTER}/test_maxout.py" in found) == has_code
    lacks = [sentence.split(":")[0] for sentence in missing(root, entry(root))]
    # What has code lacks names and a test, too.
    assert len(lacks) == (3 if has_code else 1)
    assert f"chapters/{KEY}.md has no text yet" in lacks


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_must_not_have(root, kind):
    """A module where there should be none; a test without a module; a trial."""
    more = ("jax", "No other compiles.") if kind == "bound" else ()
    begin(root, kind, *more)
    section = entry(root)
    for name in (*FRAMEWORKS, "common"):
        path = root / "d2l" / name / f"{KEY}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    found = [s for s in missing(root, section) if "must not be there" in s]
    surplus = {*FRAMEWORKS, "common"} - set(section.trees)
    assert {s.split("/")[1] for s in found} == surplus
    for name in section.trees:
        (root / "d2l" / name / f"{KEY}.py").unlink()
    found = [s for s in missing(root, section) if ".py is missing: the kind" in s]
    assert {s.split("/")[1] for s in found} == set(section.trees)


@pytest.mark.parametrize("kind", ["functions", "text"])
def test_a_trial_makes_a_model(root, kind):
    begin(root, "model")
    section = Section(KEY, TITLE, kind)
    assert any("has the trial maxout" in s for s in missing(root, section))


def test_a_model_needs_a_trial_and_functions_a_test(root):
    begin(root, "functions")
    path = f"parity_tests/{CHAPTER}/test_maxout.py"
    sentences = missing(root, Section(KEY, TITLE, "model"))
    assert f"{TRIALS} has no trial of {KEY}, whose kind is 'model'." in sentences
    begun = f"{path} tests nothing yet: check what is declared against an oracle."
    assert begun in missing(root, entry(root))
    fill(root, path, "\n\ndef test_maxout(any_run):\n    pass\n")
    assert not any(path in sentence for sentence in missing(root, entry(root)))
    (root / path).unlink()
    assert any(f"{path} is missing" in s for s in missing(root, entry(root)))


def test_an_empty_chapter_gets_its_first_section(root):
    begin(root, "text", key="introduction/history")
    found = tomllib.loads((root / CONTENTS).read_text())["chapters"][0]
    assert [s["key"] for s in found["sections"]] == ["history"]


def test_a_chapter_gets_its_first_trial(root):
    """The file is made, and is what it was but for the trial."""
    begin(root, "model", key="builders_guide/parts")
    text = (root / "d2l/trials/builders_guide.py").read_text()
    assert text.startswith('"""Trials of the chapter on builders guide."""\n\nfrom d2l')
    assert '    ModelTrial("parts", "Maxout Networks", "builders_guide/parts",' in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([f"{CHAPTER}/mlp", "model", "A"], "There is a section mu"),
        (["no_chapter/maxout", "model", "A"], "There is no chapter 'no_chapter': "),
        ([KEY, "odd", "A"], f"{KEY}: there is no kind 'odd', but model, functions"),
        ([KEY, "bound", "A"], f"{KEY}: it is bound to some frameworks, not to none"),
        ([f"{CHAPTER}/Max-out", "text", "A"], f"{CHAPTER}/Max-out: a key has small"),
        ([KEY, "model", ""], "A section needs a KEY such as convolutional_modern/res"),
        (["maxout", "model", "A"], "A section needs a KEY such as convolutional_mo"),
        ([KEY, "model", 'A "B"'], "A TITLE has no quotes, backslashes or breaks: "),
        ([], "A section needs a KEY"),
    ],
)
def test_what_is_refused(root, capsys, arguments, said):
    before = tree(root)
    with pytest.raises(SystemExit) as refused:
        command.main(arguments, root)
    assert refused.value.code == 2
    sentence = capsys.readouterr().err
    assert sentence.startswith(said)
    assert sentence.count("\n") == 1
    assert tree(root) == before


def test_what_is_in_the_way_stays(root, capsys):
    path = root / "d2l" / "jax" / f"{KEY}.py"
    path.parent.mkdir(parents=True)
    path.write_text("mine = 1\n")
    before = tree(root)
    with pytest.raises(SystemExit):
        begin(root, "model")
    assert capsys.readouterr().err == f"d2l/jax/{KEY}.py is there already.\n"
    assert tree(root) == before
