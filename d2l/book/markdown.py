"""MyST Markdown as the plain Markdown that every notebook viewer shows."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import cache

from d2l.book.pages import CHAPTERS, page_file
from d2l.common.errors import InputError
from d2l.parity.sources import name_sources

_DIRECTIVE = re.compile(r"^(`{3,}|:{3,})\{([\w:-]+)\} *(.*)$")
_OPTION = re.compile(r"^:([\w-]+): *(.*)$")
_TARGET = re.compile(r"^\([\w-]+\)=$")
_LABELLED = re.compile(r"^\$\$ *\(([\w:-]+)\)$")
_ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
_PAGE_LINK = re.compile(r"\]\(([\w./-]+)\.md(#[\w-]+)?\)")
#: Directives that stand for nothing a notebook could show.
_DROPPED = {"parity", "curves", "index", "bibliography"}
#: Boxes with a title, which become quotations.
_BOXES = {"note", "tip", "important", "warning", "exercise", "admonition"}


class Plain:
    """Converts the text of one page for one framework."""

    def __init__(self, key: str, framework: str):
        self.key = key
        self.framework = framework
        text = page_file(key).read_text("utf-8")
        labels = [m[1] for line in text.splitlines() if (m := _LABELLED.match(line))]
        self.equations = {label: i for i, label in enumerate(labels, 1)}

    def convert(self, text: str) -> str:
        """The text without directives, roles and labels."""
        lines = iter(text.splitlines())
        result: list[str] = []
        for line in lines:
            found = _DIRECTIVE.match(line)
            if found:
                fence, name, argument = found.groups()
                result += self._directive(name, argument, list(_body(lines, fence)))
            elif line.startswith("```"):
                result += [line, *_body(lines, "```"), "```"]
            else:
                result += self._line(line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(result)).strip()

    def _line(self, line: str) -> list[str]:
        if _TARGET.match(line):
            return []
        labelled = _LABELLED.match(line)
        if labelled:
            return [f"\\tag{{{self.equations[labelled[1]]}}}", "$$"]
        line = _ROLE.sub(self._role, line)
        return [_PAGE_LINK.sub(r"](\1.ipynb)", line)]

    def _role(self, found: re.Match[str]) -> str:
        name, text = found.groups()
        if name == "eq":
            return f"({self.equations[text]})"
        if name in ("cite:t", "cite:p"):
            try:
                cited = ", ".join(citation(k.strip(), name) for k in text.split(","))
            except KeyError as unknown:
                message = f"{self.key} cites {unknown}, which references.bib lacks."
                raise InputError(message) from None
            return cited if name == "cite:t" else f"({cited})"
        if name == "index":
            return text.partition("<")[0].strip()
        raise InputError(f"{self.key}: no notebook can show the role {{{name}}}.")

    def _directive(self, name: str, argument: str, lines: list[str]) -> list[str]:
        options = {}
        while lines and (option := _OPTION.match(lines[0])):
            options[option[1]] = option[2]
            lines = lines[1:]
        if name in _DROPPED:
            return []
        if name == "for":
            return self._text(lines) if argument == self.framework else []
        if name == "library":
            return self._library(argument)
        if name == "figure":
            return _figure(CHAPTERS / self.key, argument, self._text(lines))
        if name in _BOXES:
            title = argument or name.capitalize()
            return [f"> **{title}**", ">", *(f"> {x}" for x in self._text(lines))]
        raise InputError(f"{self.key}: no notebook can show the directive {{{name}}}.")

    def _text(self, lines: list[str]) -> list[str]:
        return self.convert("\n".join(lines)).splitlines()

    def _library(self, names: str) -> list[str]:
        """The library's code as a listing: it is imported, not defined here again."""
        shown = []
        for name in names.split():
            for source in name_sources(name, [self.framework]):
                where = f"`{name.rpartition(':')[2]}` in `{source.path}`:"
                shown += [where, "", "```python", source.text, "```", ""]
        return shown


def _body(lines: Iterator[str], fence: str) -> Iterator[str]:
    for line in lines:
        if line.rstrip() == fence:
            return
        yield line


def _figure(page: object, path: str, caption: list[str]) -> list[str]:
    file = (CHAPTERS / str(page)).parent / path
    content = base64.b64encode(file.read_bytes()).decode()
    words = " ".join(caption)
    image = f'<img alt="" src="data:image/svg+xml;base64,{content}">'
    return [image, "", f"*{words}*"] if words else [image]


@cache
def _bibliography() -> dict[str, tuple[str, str]]:
    """The authors and the year of each entry."""
    from pybtex.database import parse_file

    entries = parse_file(str(CHAPTERS / "references.bib")).entries
    return {
        key: (_authors(entry.persons["author"]), entry.fields["year"])
        for key, entry in entries.items()
    }


def _authors(persons: list[object]) -> str:
    names = [" ".join(person.last_names) for person in persons]  # type: ignore[attr-defined]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names)


def citation(key: str, role: str) -> str:
    """An entry of the bibliography as text refers to it."""
    authors, year = _bibliography()[key]
    return f"{authors} ({year})" if role == "cite:t" else f"{authors}, {year}"
