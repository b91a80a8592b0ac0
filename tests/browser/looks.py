"""What every page must be: accessible, readable, within its width, in light and dark."""

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1440, 390, 320)
EXAMINED = {"light": (1440, 320), "dark": (1440,)}
"""By scheme, the widths at which axe looks: colours depend on the scheme, order on the width. A look takes a second."""

VIOLATIONS = """addEventListener('securitypolicyviolation',
    (event) => console.error('violation of ' + event.violatedDirective + ' by ' + event.blockedURI))"""
PAUSED = "sessionStorage.paused = 1"
"""Nothing is polled while a page is examined: a slow machine takes longer than the 20 seconds between two polls."""
_TOO_SMALL = """[...document.querySelectorAll('body *')]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 12)
    .map((e) => e.tagName + ' ' + e.className)"""


def look_at(page, scheme):
    """A page that is open, at each width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert page.evaluate(_TOO_SMALL) == [], width
        if width in EXAMINED[scheme]:
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], width
    assert page.complaints == [], page.complaints
