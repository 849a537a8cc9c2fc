"""The library's code by its name: on the page is the code that is tested."""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import index
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from d2l.book.site.code_pages import reference
from d2l.book.site.frameworks import framework_panel, frameworks_group
from d2l.common.frameworks import FRAMEWORKS
from d2l.parity.sources import Source, name_sources


class Library(SphinxDirective):
    """Show names as each framework defines them: `{library} LeNet init_cnn`.

    A name that is not public comes after its section's key and a colon.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """A group of panels, after a target that the names in the index lead to.

        Code that all frameworks share stands there once, without panels.
        """
        names = self.arguments[0].split()
        found = {name: self._sources(names, name) for name in FRAMEWORKS}
        shared = [s for s in next(iter(found.values())) if s.is_shared]
        if len(shared) == len(names):
            return [*self._index(names), *(n for s in shared for n in self._code(s))]
        group = frameworks_group()
        for framework, sources in found.items():
            panel = framework_panel(framework=framework)
            for source in sources:
                panel += self._code(source)
            group += panel
        return [*self._index(names), group]

    def _sources(self, names: list[str], framework: str) -> list[Source]:
        sources = [s for name in names for s in name_sources(name, [framework])]
        if len(sources) != len(names):
            raise self.error(f"{framework} has no {' or '.join(names)}.")
        return sources

    def _index(self, names: list[str]) -> list[nodes.Node]:
        number = self.env.new_serialno("library")
        target = nodes.target("", "", ids=[f"library-{number}"])
        entries = [
            ("single", f"{name.rpartition(':')[2]} (d2l)", target["ids"][0], "", None)
            for name in names
        ]
        return [index(entries=entries), target]

    def _code(self, source: Source) -> list[nodes.Node]:
        block = nodes.literal_block(source.text, source.text, language="python")
        self.set_source_info(block)
        return [block, reference(source)]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("library", Library)
