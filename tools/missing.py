"""What sections lack of what their kinds ask for, in sentences.

The tests ask it of every section, and `make section` of the one it has begun. Nothing
of a framework is imported for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from d2l.common.contents import FUNCTIONS, MODEL, TEXT, Section
from d2l.common.frameworks import FRAMEWORKS
from d2l.common.python_files import load_file
from d2l.trials import Trial

#: A page says something if its first paragraph has so many words.
FEWEST_WORDS = 20


def missing(root: Path, section: Section) -> list[str]:
    """What a section lacks, or has against its kind; root: the repository's folder."""
    parts = (_of_declaration, _of_modules, _of_test, _of_trials)
    found = [sentence for part in parts for sentence in part(root, section)]
    return [*missing_of_page(root, section.key, section.title), *found]


def missing_of_page(root: Path, key: str, title: str) -> Iterator[str]:
    """What a page lacks: its title, or a beginning that says what it is about."""
    path = f"chapters/{key}.md"
    if not (root / path).is_file():
        yield f"{path} is missing."
        return
    heading, _, rest = (root / path).read_text("utf-8").partition("\n")
    if heading != f"# {title}" or not rest.startswith("\n"):
        yield f'{path} must begin with "# {title}" and an empty line.'
        return
    before_code = rest.partition("```")[0].strip()
    if len(before_code.partition("\n\n")[0].split()) <= FEWEST_WORDS:
        yield f"{path} has no text yet: say in a paragraph what the section is about."


def declaration_of(section: Section) -> str:
    """The path of a section's declaration."""
    return f"d2l/interface/{section.key}.py"


def parity_test_of(section: Section) -> str:
    """The path of a section's parity test."""
    chapter, _, name = section.key.partition("/")
    return f"parity_tests/{chapter}/test_{name}.py"


def trials_of(section: Section) -> str:
    """The path of the file that holds a section's trials."""
    return f"d2l/trials/{section.key.partition('/')[0]}.py"


def _of_declaration(root: Path, section: Section) -> Iterator[str]:
    path = declaration_of(section)
    is_there = (root / path).is_file()
    if section.kind == TEXT and is_there:
        yield _surplus(path, section)
    elif section.kind != TEXT and not _declared(root / path):
        yield (
            f"{path} declares no name yet: write classes and functions without bodies, "
            "values with their types."
        )


def _of_modules(root: Path, section: Section) -> Iterator[str]:
    declared = _declared(root / declaration_of(section))
    for tree in (*FRAMEWORKS, "common"):
        path = f"d2l/{tree}/{section.key}.py"
        is_there = (root / path).is_file()
        if tree not in section.trees:
            if is_there:
                yield _surplus(path, section)
        elif not is_there:
            yield f"{path} is missing: the kind of {section.key} is {section.kind!r}."
        else:
            names = set(_names(ast.parse((root / path).read_text("utf-8")).body))
            lacks = [name for name in declared if name not in names]
            if lacks:
                yield (
                    f"{path} has no {', '.join(lacks)}, which "
                    f"{declaration_of(section)} declares."
                )


def _of_test(root: Path, section: Section) -> Iterator[str]:
    path = parity_test_of(section)
    is_there = (root / path).is_file()
    if section.kind == TEXT:
        if is_there:
            yield _surplus(path, section)
    elif not is_there:
        yield f"{path} is missing: the kind of {section.key} is {section.kind!r}."
    # Where there are trials, pytest adds their tests to the file's own.
    elif not (_trials(root, section) or _has_tests(root / path)):
        yield f"{path} tests nothing yet: check what is declared against an oracle."


def _of_trials(root: Path, section: Section) -> Iterator[str]:
    path, trials = trials_of(section), _trials(root, section)
    if section.kind == MODEL and not trials:
        yield f"{path} has no trial of {section.key}, whose kind is {MODEL!r}."
    for trial in trials:
        if section.kind in (FUNCTIONS, TEXT):
            yield (
                f"{path} has the trial {trial.name}, so the kind of {section.key} is "
                f"{MODEL!r}, not {section.kind!r}."
            )
        model = getattr(trial, "model", None)
        if model is not None and ":" not in model and not _is_declared(root, model):
            yield f"{path}: {trial.name} trains {model}, which no section declares."
        if model is not None and not trial.data:
            yield f"{path}: {trial.name} has no data: choose some, or NoData."


def _surplus(path: str, section: Section) -> str:
    return f"{path} must not be there: the kind of {section.key} is {section.kind!r}."


def _trials(root: Path, section: Section) -> list[Trial]:
    path = root / trials_of(section)
    trials = load_file(str(path)).TRIALS if path.is_file() else []
    return [trial for trial in trials if trial.section == section.key]


def _has_tests(path: Path) -> bool:
    return any(
        name.lower().startswith("test")
        for name in _names(
            node
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
        )
    )


def _declared(path: Path) -> list[str]:
    """The names that a module of declarations declares."""
    if not path.is_file():
        return []
    body = ast.parse(path.read_text("utf-8")).body
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AnnAssign)
    return list(_names(node for node in body if isinstance(node, kinds)))


def _is_declared(root: Path, name: str) -> bool:
    return any(
        name in _declared(path) for path in (root / "d2l" / "interface").glob("*/*.py")
    )


def _names(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that statements of a module define or import."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (t.id for t in targets if isinstance(t, ast.Name))
        else:  # such as a condition
            yield from _names(getattr(node, "body", []))
