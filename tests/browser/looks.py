"""What every page must be: accessible, readable, within its width, in light and dark."""

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = (1440, 390, 320)
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
EXAMINED = {"light": (1440, 320), "dark": (1440,)}
"""By scheme, the widths at which axe looks: colours depend on the scheme, order on the width. A look takes a second."""
WIDE = {"light": (1440,), "dark": (1440,)}
"""The same for a page with the panels of another one, in other states."""
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules of axe that read colours. The others find the same in each scheme, if it shows the same elements."""

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
    changed.forEach((e) => e.setAttribute('data-changed', '')) }}"""
_SAME_ELEMENTS = f"""() => {{{_COLOURS}
    return visible.length === window.examined.size && visible.every((e) => window.examined.has(e)) }}"""
_MARK_SAMPLE = """([known, among]) => {
    document.querySelectorAll('[data-sample]').forEach((e) => e.removeAttribute('data-sample'));
    const behind = new Map([[null, '']]);
    const colours = (e) => {
        if (!behind.has(e)) {
            const {backgroundColor, backgroundImage, opacity} = getComputedStyle(e);
            const own = [backgroundColor, backgroundImage, opacity].join();
            const outer = colours(e.parentElement);
            behind.set(e, own === 'rgba(0, 0, 0, 0),none,1' ? outer : outer + own + '/');
        }
        return behind.get(e); };
    const isRead = (e) => e.matches('input, select, button, textarea')
        || [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const seen = new Set(known);
    const added = [];
    for (const e of document.querySelectorAll(among)) {
        if (!isRead(e) || !e.checkVisibility()) continue;
        const {color, fontSize, fontWeight} = getComputedStyle(e);
        const kind = [e.localName, color, fontSize, fontWeight, colours(e)].join();
        if (seen.has(kind)) continue;
        seen.add(kind);
        added.push(kind);
        e.setAttribute('data-sample', '') }
    return added }"""
"""Marks one element of each kind that is not known: with the same colour, size and weight of text on the same
backgrounds, which is all that a contrast follows from. Returns these kinds."""
CUT_BADGES = """() => [...document.querySelectorAll('.badge')]
    .filter((badge) => badge.clientWidth && badge.scrollWidth > badge.clientWidth + 1)
    .map((badge) => badge.textContent)"""
"""Badges whose text is wider than they are, so that it covers what stands beside them."""
_SHORTEN_TABLES = "document.querySelectorAll('details.data tbody tr:nth-of-type(n + 4)').forEach((row) => row.remove())"
"""The rows below charts differ in their numbers only. They are half of the elements that axe visits."""
_RUN_AXE = """([options, selector]) => {
    axe.configure({rules: [{id: 'color-contrast', selector}]});
    return axe.run(options).then(({violations}) => violations) }"""


def look_at(page, examined=EXAMINED):
    """A page that is open, in the light scheme at each width, in the dark one at the narrowest.

    Args:
        page: the page.
        examined: by scheme, the widths at which axe looks. A page of a kind that is examined elsewhere needs fewer.
    """
    for scheme, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
        for width in WIDTHS if scheme == "light" else WIDTHS[-1:]:  # sizes are the same in each scheme
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
            assert page.evaluate(_TOO_SMALL) == [], (scheme, width)
            assert page.evaluate(CUT_BADGES) == [], (scheme, width, page.evaluate(CUT_BADGES))
    page.evaluate(_SHORTEN_TABLES)
    for scheme, widths in examined.items():
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert _barriers(page, width) == [], (scheme, width)
    assert page.complaints == [], page.complaints


def _barriers(page, width):
    """What axe finds. Each look is at what the first one, at the wide width in the light scheme, has not seen."""
    if page.evaluate("!window.examined"):
        page.evaluate(_REMEMBER)
        return _violations_of_new_kinds(page)
    if width != WIDTHS[0]:
        page.evaluate(_MARK_CHANGED)
        return _violations_of_new_kinds(page, among="[data-changed], [data-changed] *")
    if not page.evaluate(_SAME_ELEMENTS):
        return violations(page)
    return _violations_of_new_kinds(page, {"runOnly": COLOUR_RULES})


def _violations_of_new_kinds(page, options=None, among="body *"):
    """Contrasts are examined only for kinds that no page had before in this run: a kind has one contrast."""
    page.kinds.update(page.evaluate(_MARK_SAMPLE, [sorted(page.kinds), among]))
    return violations(page, options, contrast_of="[data-sample]")


def violations(page, options=None, contrast_of="*"):
    """The rules of axe that a page breaks, each with its first element.

    Contrasts take most of the time; `contrast_of` selects the elements whose contrast is examined.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **(options or {})}
    return [(found["id"], found["nodes"][0]["html"]) for found in page.evaluate(_RUN_AXE, [options, contrast_of])]
