"""The files of a section that is begun: as little as can be, and nothing untrue."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from d2l.common.contents import BOUND, MODEL, TEXT, Section, parse_contents
from d2l.common.errors import D2LError
from tools.formatting import formatted
from tools.missing import declaration_of, parity_test_of, trials_of

CONTENTS = "d2l/common/contents.toml"


def skeleton(root: Path, section: Section) -> dict[str, str]:
    """Return what the files of a new section hold, by their paths from the root.

    Two of them are there already, and get an entry: the list of sections and, for a
    model, the trials of its chapter. Nothing is written.

    raises: D2LError for a key that is taken, a chapter or a kind that is none, and
    where a file is in the way.
    """
    changed = {CONTENTS: with_entry((root / CONTENTS).read_text("utf-8"), section)}
    new = _new_files(section)
    for path in new:
        if (root / path).exists():
            raise D2LError(f"{path} is there already.")
    packages = {Path(path).with_name("__init__.py") for path in new if "d2l/" in path}
    new |= {p.as_posix(): "" for p in sorted(packages) if not (root / p).exists()}
    if section.kind == MODEL:
        path = trials_of(section)
        is_there = (root / path).is_file()
        text = (root / path).read_text("utf-8") if is_there else _no_trials(section)
        changed[path] = with_trial(text, section)
    return changed | new


def _new_files(section: Section) -> dict[str, str]:
    files = {f"chapters/{section.key}.md": _page(section)}
    if section.kind != TEXT:
        name = section.key.partition("/")[2].replace("_", " ")
        files[declaration_of(section)] = f'"""Declarations: {name}."""\n'
        modules = [f"d2l/{tree}/{section.key}.py" for tree in section.trees]
        for path in (*modules, parity_test_of(section)):
            files[path] = f'"""{section.title}."""\n'
    return files


def with_entry(text: str, section: Section) -> str:
    """The list of sections with one more, the last of its chapter; all else stays."""
    chapter, _, name = section.key.partition("/")
    before = parse_contents(text)
    if chapter not in [c.key for c in before]:
        known = ", ".join(c.key for c in before)
        raise D2LError(f"There is no chapter {chapter!r}: {known}.")
    if section.key in [s.key for c in before for s in c.sections]:
        raise D2LError(f"There is a section {section.key} already.")
    pattern = rf'(^key = "{chapter}"$.*?^sections = \[)\n?(.*?)(\]$)'
    after = re.sub(
        pattern,
        lambda found: f"{found[1]}\n{found[2]}    {_entry(name, section)}\n{found[3]}",
        text,
        count=1,
        flags=re.M | re.S,
    )
    found = [s for c in parse_contents(after) for s in c.sections]
    others = [s for c in before for s in c.sections]
    if section not in found or [s for s in found if s != section] != others:
        raise D2LError(f"{CONTENTS} has another form than is known here.")
    return after


def _entry(name: str, section: Section) -> str:
    fields = {"key": name, "title": section.title, "kind": section.kind}
    if section.kind == BOUND or section.frameworks or section.reason:
        fields |= {"frameworks": list(section.frameworks), "reason": section.reason}
    # Of texts and lists of texts, what JSON writes is TOML.
    said = (f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in fields.items())
    return f"{{ {', '.join(said)} }},"


def _page(section: Section) -> str:
    """A title and, where there is code to be shown, cells that import the library."""
    cells = "" if section.kind == TEXT else "```{imports}\n```\n"
    return f"# {section.title}\n\n{cells}"


def _no_trials(section: Section) -> str:
    chapter = section.key.partition("/")[0].replace("_", " ")
    return f'"""Trials of the chapter on {chapter}."""\n\nTRIALS = [\n]\n'


def with_trial(text: str, section: Section) -> str:
    """A chapter's trials with one more, the last of them, of a model to be named."""
    lists = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
        if [ast.unparse(target) for target in node.targets] == ["TRIALS"]
    ]
    if not lists or lists[0].end_lineno is None:
        raise D2LError(f"{trials_of(section)} has no list TRIALS.")
    name = section.key.partition("/")[2]
    model = name.title().replace("_", "")
    own = [name, section.title, section.key, model]
    trial = f"ModelTrial({', '.join(map(repr, own))}, {{}}),"
    lines = text.splitlines()
    lines.insert(lists[0].end_lineno - 1, trial)
    first = ast.parse(text).body[0].end_lineno  # the docstring
    lines.insert(first or 0, "from d2l.trials.model_trial import ModelTrial")
    return formatted("\n".join(lines) + "\n", "py")
