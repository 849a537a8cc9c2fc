"""How Sphinx makes the site of the book; `d2l book build` calls it."""

project = "Dive into Deep Learning in four frameworks"
author = "the d2l-suite authors"
html_title = "Dive into Deep Learning"
html_short_title = "d2l"

extensions = [
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx-mathjax-offline",
    "sphinxcontrib.bibtex",
    "d2l.book.site",
]
exclude_patterns = ["_outputs", "_build"]

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
# Outputs are kept in _outputs; `d2l book run` makes them.
nb_execution_mode = "off"
nb_custom_formats = {".md": "d2l.book.site.cells.as_notebook"}
nb_mime_priority_overrides = [("html", "image/svg+xml", 0), ("html", "text/html", 5)]

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

numfig = True
math_number_all = False
math_eqref_format = "({number})"

html_theme = "furo"
html_favicon = "favicon.svg"
html_static_path: list[str] = []
templates_path: list[str] = []
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = None
# Nothing is fetched from elsewhere, and a folder needs no server.
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_selector = "div.highlight pre"
