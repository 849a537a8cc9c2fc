"""Take the pictures of the site: `python docs/images/screenshots.py build/book`.

Needs Chromium, as the tests of the site do.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
#: What is shown: the name of the picture, the address, and the place on the page.
PICTURES = {
    "tabs": "linear_regression/linear_regression_scratch.html?fw=jax#training",
    "compare": "convolutional_neural_networks/lenet.html?fw=torch,jax#the-network",
    "differences": "differences.html",
}
SIZE = {"width": 1400, "height": 900}


def main(site):
    """Each page in the light and in the dark scheme."""
    root = Path(site).resolve().as_uri()
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)
            for name, address in PICTURES.items():
                path, _, place = address.partition("#")
                page.goto(f"{root}/{path}")
                if place:
                    page.locator(f"#{place}").evaluate("e => e.scrollIntoView()")
                page.wait_for_timeout(1000)
                page.screenshot(path=HERE / f"book-{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
