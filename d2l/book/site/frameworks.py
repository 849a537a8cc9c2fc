"""Frameworks' tabs: their nodes and HTML, and how neighbours are grouped."""

from __future__ import annotations

from html import escape

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.writers.html5 import HTML5Translator

from d2l.book.site.cells import TAG
from d2l.common.frameworks import FRAMEWORKS


class frameworks_group(nodes.General, nodes.Element):
    """Panels of which the reader sees those of the frameworks chosen."""


class framework_panel(nodes.General, nodes.Element):
    """What one framework has to show; its attribute `framework` is its key."""


class For(Directive):
    """Text that is about one framework: `:::{for} jax`."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """A panel, which will be grouped with its neighbours."""
        framework = self.arguments[0]
        if framework not in FRAMEWORKS:
            raise self.error(f"There is no framework {framework!r}.")
        panel = framework_panel(framework=framework)
        self.state.nested_parse(self.content, self.content_offset, panel)
        return [panel]


class GroupNeighbours(SphinxTransform):
    """Puts panels and cells of frameworks that follow one another into one group."""

    default_priority = 700

    def apply(self, **_: object) -> None:
        """Group the children of every node that has some of a framework."""
        parents = {
            id(node.parent): node.parent
            for node in self.document.findall(nodes.Element)
            if framework_of(node) and not isinstance(node.parent, frameworks_group)
        }
        for parent in parents.values():
            parent.children, old = [], parent.children
            for group in _grouped(old):
                parent += group


def framework_of(node: nodes.Node) -> str | None:
    """The framework that a panel or a notebook's cell belongs to."""
    if isinstance(node, framework_panel):
        return str(node["framework"])
    if isinstance(node, nodes.container):
        for name in node["classes"]:
            if name.startswith(f"tag_{TAG}"):
                return str(name.removeprefix(f"tag_{TAG}"))
    return None


def _grouped(children: list[nodes.Node]) -> list[nodes.Node]:
    result: list[nodes.Node] = []
    group: frameworks_group | None = None
    for child in children:
        framework = framework_of(child)
        if framework is None:
            group = None
            result.append(child)
            continue
        names = [panel["framework"] for panel in group] if group else []
        if group is None or framework in names[:-1]:
            group = frameworks_group()
            result.append(group)
            names = []
        if framework not in names:
            group += framework_panel(framework=framework)
        inner = child.children if isinstance(child, framework_panel) else [child]
        group.children[-1].extend(inner)
    return result


def visit_group(self: HTML5Translator, node: frameworks_group) -> None:
    """Open a group: the row of tabs, then the panels."""
    groups = list(node.document.findall(frameworks_group)) if node.document else [node]
    number = groups.index(node) + 1
    names = [panel["framework"] for panel in node]
    for panel in node:
        panel["number"] = number
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{number}-{name}" '
        f'aria-controls="panel-{number}-{name}" data-framework="{name}">'
        f"{escape(FRAMEWORKS[name].title)}</button>"
        for name in names
    )
    targets = "".join(f'<span id="{name}"></span>' for name in node["ids"])
    self.body.append(
        f'{targets}<div class="frameworks">'
        f'<div class="frameworks-bar"><div role="tablist" '
        f'aria-label="Framework" class="frameworks-tabs">{tabs}</div>'
        '<button type="button" class="frameworks-compare" aria-pressed="false">'
        'Compare</button></div><div class="frameworks-panels">'
    )


def depart_group(self: HTML5Translator, node: frameworks_group) -> None:
    """Close a group."""
    self.body.append("</div></div>")


def visit_panel(self: HTML5Translator, node: framework_panel) -> None:
    """Open a panel, with the framework's name for where there are no tabs."""
    name, number = node["framework"], node["number"]
    self.body.append(
        f'<div class="framework-panel" role="tabpanel" data-framework="{name}" '
        f'id="panel-{number}-{name}" aria-labelledby="tab-{number}-{name}">'
        f'<p class="framework-name">{escape(FRAMEWORKS[name].title)}</p>'
    )


def depart_panel(self: HTML5Translator, node: framework_panel) -> None:
    """Close a panel."""
    self.body.append("</div>")


def setup(app: Sphinx) -> None:
    """Add the nodes, the directive and the grouping."""
    app.add_node(frameworks_group, html=(visit_group, depart_group))
    app.add_node(framework_panel, html=(visit_panel, depart_panel))
    app.add_directive("for", For)
    app.add_transform(GroupNeighbours)
