"""Style sheet, scripts and icon. Their names change with their content, so that they may be cached for ever."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sresnap.documents.headers import media_type
from sresnap.documents.layout import ASSET
from sresnap.model.snapshot import SiteSettings
from sresnap.render.theme import read_part
from sresnap.resources import bundled

LAYERS = ("tokens", "base", "layout", "panels", "charts", "print")
"""Files of the style sheet, from the general to the special."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
DEFAULT_ACCENT = "#5a6b8c"
_LIGHT, _DARK = ("#ffffff", "#f5f6f8"), ("#0f1318", "#181d25")
_LEAST_CONTRAST = 4.6
"""Of a colour on each surface. WCAG 2.2 AA asks for 4.5."""
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Assets:
    """The files that all pages share, and how pages refer to them."""

    files: dict[str, bytes]
    css: str
    boot: str
    """The script that runs before the first paint."""
    script: str
    icon: str
    """Site-relative path, or an http(s) URL."""
    icon_type: str | None
    state_icons: Mapping[str, str]
    """By the colour of a badge, the icon of a page that does not look good; empty where the site has its own icon."""
    policy: str


def short_hash(content: bytes) -> str:
    """Ten hexadecimal digits that change with the content."""
    return hashlib.sha256(content).hexdigest()[:10]


def collect(settings: SiteSettings, theme: Path | None = None) -> Assets:
    """The assets of a site. The accent is part of the style sheet, so that pages need no inline style.

    Args:
        settings: accent and icon.
        theme: a user's folder. Its `theme.css` comes last, so its rules win.

    Raises:
        ThemeError: `theme.css` cannot be read.
    """
    source = bundled("site")
    extra = (read_part(theme / "theme.css") if theme is not None else None) or ""
    css = sheet(source / "css", accent_rules(settings.accent), extra)
    boot, script = ((source / "dist" / name).read_bytes() for name in ("boot.js", "app.js"))
    css_path = ASSET.path("app", short_hash(css), "css")
    boot_path, script_path = ASSET.path("boot", short_hash(boot), "js"), ASSET.path("app", short_hash(script), "js")
    files = {css_path: css, boot_path: boot, script_path: script}
    icons = {} if settings.favicon is not None else _shipped_icons(source / "icons")
    files |= dict(icons.values())
    names = {what: name for what, (name, _) in icons.items()}
    icon = settings.favicon or names.pop("icon")
    kind = media_type(urlsplit(icon).path)
    return Assets(
        files,
        css_path,
        boot_path,
        script_path,
        icon,
        kind if kind.startswith("image/") else None,
        names,
        content_policy(icon),
    )


def _shipped_icons(folder: Path) -> dict[str, tuple[str, bytes]]:
    """The name and the content of `icon`, and of the icons of states: `bad`, `risk` and `nodata`."""
    contents = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.svg"))}
    return {
        what: (ASSET.path("icon" if what == "icon" else f"icon-{what}", short_hash(content), "svg"), content)
        for what, content in contents.items()
    }


def sheet(folder: Path, *more: str) -> bytes:
    """The style sheet: all layers, then `more`, without comments and blanks."""
    from rcssmin import cssmin

    layers = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in LAYERS]
    return str(cssmin("".join([*layers, *more]))).encode()


def content_policy(icon: str) -> str:
    """The Content-Security-Policy. An icon on another host adds only its origin to img-src."""
    address = urlsplit(icon)
    host = address.netloc.rpartition("@")[2]
    foreign = f" {address.scheme}://{host}" if address.scheme in {"http", "https"} and _is_plain(host) else ""
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; "
        f"img-src 'self' data:{foreign}; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _is_plain(host: str) -> bool:
    """Whether a host can be part of a policy without ending its directive."""
    return re.fullmatch(r"[A-Za-z0-9.\-:\[\]]+", host) is not None


def accent_rules(accent: str | None) -> str:
    """The accent as custom properties, made readable on the surfaces of each theme.

    The script sets a reader's own choice in `--own-light` and `--own-dark`, which win.
    """
    chosen = accent if accent is not None and _HEX.fullmatch(accent) else DEFAULT_ACCENT
    light, dark = readable_colour(chosen, _LIGHT), readable_colour(chosen, _DARK)
    light, dark = f"var(--own-light,{light})", f"var(--own-dark,{dark})"
    return (
        f":root{{--accent:{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{--accent:{dark}}}}}\n"
        f":root[data-theme=dark]{{--accent:{dark}}}\n"
    )


def readable_colour(colour: str, surfaces: Sequence[str]) -> str:
    """The colour, darkened or lightened just enough to have `_LEAST_CONTRAST` on all surfaces."""
    towards = 0 if luminance(surfaces[0]) > 0.5 else 255  # noqa: PLR2004 - a light surface
    channels = _channels(colour)
    for step in range(_STEPS + 1):
        mixed = "#" + "".join(f"{round(c + (towards - c) * step / _STEPS):02x}" for c in channels)
        if all(contrast(mixed, surface) >= _LEAST_CONTRAST for surface in surfaces):
            break
    return mixed


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance")."""
    parts = [c / 255 for c in _channels(colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]  # noqa: PLR2004 - of WCAG
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[index : index + 2], 16) for index in (1, 3, 5))
