"""The site in a real browser, as readers use it."""

import re

import pytest

from d2l.common.frameworks import FRAMEWORKS

LENET = "convolutional_neural_networks/lenet.html"
PHONE = {"width": 380, "height": 740}
DESK = {"width": 1400, "height": 900}


def shown(page):
    """The frameworks whose panels are to be seen, in the first group."""
    panels = page.locator(".frameworks").first.locator(".framework-panel")
    return [
        panel.get_attribute("data-framework")
        for panel in panels.all()
        if panel.is_visible()
    ]


def tab(page, name, group=0):
    """A tab of a group."""
    return page.locator(".frameworks").nth(group).get_by_role("tab", name=name)


def test_choice_is_kept(reader):
    """A tab chosen holds for all groups, for other pages, and on another day."""
    page = reader.open(LENET)
    assert shown(page) == ["torch"]
    tab(page, "JAX").click()
    assert shown(page) == ["jax"]
    for group in page.locator(".frameworks").all():
        assert group.locator(".framework-panel:visible").count() == 1
        assert group.get_by_role("tab", name="JAX").get_attribute("aria-selected")
    page.locator(".prev-page").click()
    page.wait_for_url(re.compile("pooling"))
    assert "fw=jax" in page.url
    kept = page.context.storage_state()
    page.context.close()
    assert shown(reader.open(LENET, storage_state=kept)) == ["jax"]


def test_address(reader):
    """The address chooses, and is kept as well."""
    page = reader.open(f"{LENET}?fw=mxnet")
    assert shown(page) == ["mxnet"]
    page.goto(f"{reader.address}/{LENET}")
    assert shown(page) == ["mxnet"]
    assert shown(reader.open(f"{LENET}?fw=fortran")) == ["torch"]


def test_compare(reader):
    """Two to four side by side; with two, what only one has is marked."""
    page = reader.open(LENET, viewport=DESK)
    page.locator(".frameworks-compare").first.click()
    assert shown(page) == ["torch", "jax"]
    assert page.locator(".difference").count() > 0
    left, right = (
        page.locator(f".framework-panel[data-framework={name}]").first.bounding_box()
        for name in ("torch", "jax")
    )
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    tab(page, "TensorFlow").click()
    tab(page, "MXNet").click()
    assert shown(page) == list(FRAMEWORKS)
    assert page.locator(".difference").count() == 0
    assert "fw=torch%2Ctensorflow%2Cjax%2Cmxnet" in page.url
    page.locator(".frameworks-compare").first.click()
    assert shown(page) == ["torch"]


def test_differences_are_those_lines(reader):
    """A marked line is one that the other framework does not have."""
    page = reader.open(f"{LENET}?fw=torch,mxnet", viewport=DESK)
    block = page.locator(".framework-panel[data-framework=torch] pre").nth(0)
    height = block.evaluate("pre => parseFloat(getComputedStyle(pre).lineHeight)")
    tops = block.locator(".difference").evaluate_all(
        "marks => marks.map(mark => parseFloat(mark.style.top))"
    )
    padding = block.evaluate("pre => parseFloat(getComputedStyle(pre).paddingTop)")
    lines = block.inner_text().splitlines()
    marked = [lines[round((top - padding) / height)] for top in tops]
    other = page.locator(".framework-panel[data-framework=mxnet] pre").nth(0)
    assert marked
    assert not set(marked) & set(other.inner_text().splitlines())


def test_keyboard(reader):
    """Arrows, Home and End move among the tabs; the rest is reached by Tab."""
    page = reader.open(LENET)
    tab(page, "PyTorch").focus()
    for key, framework in (
        ("ArrowRight", "tensorflow"),
        ("End", "mxnet"),
        ("ArrowRight", "torch"),
        ("ArrowLeft", "mxnet"),
        ("Home", "torch"),
    ):
        page.keyboard.press(key)
        assert shown(page) == [framework]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "frameworks-compare"
    page.keyboard.press("Enter")
    assert shown(page) == ["torch", "jax"]


def test_nothing_jumps(reader):
    """What was pressed stays where it is, however long the panels above it are."""
    page = reader.open(LENET, viewport=DESK)
    last = page.locator(".frameworks").count() - 1
    chosen = tab(page, "JAX", last)
    chosen.scroll_into_view_if_needed()
    before = chosen.bounding_box()["y"]
    chosen.click()
    assert shown(page) == ["jax"]
    assert chosen.bounding_box()["y"] == pytest.approx(before, abs=1)


@pytest.mark.parametrize("path", ["index.html", LENET, "differences.html"])
@pytest.mark.parametrize("frameworks", ["jax", "torch,tensorflow,jax,mxnet"])
def test_phone(reader, path, frameworks):
    """On a narrow screen the page itself does not scroll sideways."""
    page = reader.open(f"{path}?fw={frameworks}", viewport=PHONE)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_schemes(reader, scheme):
    """The page follows the system: bright letters on dark, or dark ones on bright."""
    page = reader.open(LENET, color_scheme=scheme)
    colours = page.evaluate(
        "() => { const s = getComputedStyle(document.body); "
        "return [s.backgroundColor, s.color]; }"
    )
    paper, ink = (sum(int(n) for n in re.findall(r"\d+", c)[:3]) / 3 for c in colours)
    assert (paper < ink) == (scheme == "dark")
    # Plots are drawn for white paper.
    turned = page.locator(".cell_output img").first.evaluate(
        "image => getComputedStyle(image).filter"
    )
    assert ("invert" in turned) == (scheme == "dark")


def test_mathematics_and_search(reader):
    """Formulas are drawn and the search finds, from the site's own files."""
    page = reader.open(LENET)
    page.wait_for_selector("mjx-container")
    page = reader.open("search.html?q=LeNet")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results").inner_text()
    assert "Convolutional Neural Networks (LeNet)" in found


def test_print(reader):
    """On paper no framework is lost."""
    page = reader.open(f"{LENET}?fw=jax")
    page.emulate_media(media="print")
    assert shown(page) == list(FRAMEWORKS)


def test_from_a_folder(chromium, site):
    """The site needs no server; the choice is kept and the search works."""
    page = chromium.new_context().new_page()
    page.goto(f"file://{site}/{LENET}?fw=tensorflow")
    assert shown(page) == ["tensorflow"]
    page.locator(".prev-page").click()
    page.wait_for_url(re.compile("pooling"))
    page.goto(f"file://{site}/{LENET}")
    assert shown(page) == ["tensorflow"]
    page.goto(f"file://{site}/search.html?q=LeNet")
    page.wait_for_selector("#search-results li a")
    page.context.close()


@pytest.mark.parametrize("path", ["index.html", LENET, "coverage.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(reader, path, scheme):
    """axe finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    page = reader.open(path, color_scheme=scheme, viewport=DESK)
    page.wait_for_load_state("networkidle")
    violations = Axe().run(page).response["violations"]
    serious = [
        (v["id"], [node["target"] for node in v["nodes"]][:3])
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
