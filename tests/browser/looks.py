"""What every page must be: accessible, readable, within its width, in light and dark."""

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = (1440, 390, 320)
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
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
_COLOURS = """
    const visible = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility());
    const colours = (e, {color, opacity, backgroundColor, fontSize, fontWeight} = getComputedStyle(e)) =>
        [color, opacity, backgroundColor, fontSize, fontWeight].join();"""
_REMEMBER = f"() => {{{_COLOURS} window.examined = new Map(visible.map((e) => [e, colours(e)])) }}"
_MARK_CHANGED = f"""() => {{{_COLOURS}
    const changed = visible.filter((e) => window.examined.get(e) !== colours(e));
    changed.forEach((e) => e.setAttribute('data-changed', ''));
    return changed.length }}"""


def look_at(page):
    """A page that is open, in both schemes, at each width."""
    for scheme, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
            assert page.evaluate(_TOO_SMALL) == [], (scheme, width)
            if width in EXAMINED[scheme]:
                assert _barriers(page, width) == [], (scheme, width)
    assert page.complaints == [], page.complaints


def _barriers(page, width):
    """What axe finds. Contrasts take most of its time: at a narrow width, of what looks other than at the wide one."""
    if width == WIDTHS[0]:
        found = violations(page)
        page.evaluate(_REMEMBER)
        return found
    found = violations(page, {"rules": {"color-contrast": {"enabled": False}}})
    if page.evaluate(_MARK_CHANGED):
        found += violations(page, {"runOnly": ["color-contrast"]}, "[data-changed]")
    return found


def violations(page, options=None, context=None):
    """The rules of axe that a page breaks, each with its first element."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **(options or {})}
    run = "([context, options]) => axe.run(context ?? document, options).then(({violations}) => violations)"
    return [(found["id"], found["nodes"][0]["html"]) for found in page.evaluate(run, [context, options])]
