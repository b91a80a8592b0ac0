"""A frozen page as one file, with its assets inside and their hashes in its policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from urllib.parse import urljoin

from markupsafe import escape

from sresnap.documents.headers import media_type

_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SCRIPT = re.compile(r'<script src="([^"]+)"( defer)?></script>')
_ICON = re.compile(r'(<link rel="icon" href=|<img src=)"([^"]+)"')
_FOREIGN_ICON = re.compile(r'<link rel="icon" href="https?:[^>]*>\n?|<img src="https?:[^>]*>', re.IGNORECASE)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
_FEED = re.compile(r'<link rel="alternate"[^>]*>\n')
_LINK = re.compile(r' href="(\.\.?/[^"]*)"')


def offline(html: str, read: Callable[[str], bytes], address: str | None) -> str:
    """A page with its assets inside. Icons of other hosts are left out, so that opening the file sends no request.

    Args:
        html: the page.
        read: returns the content behind a link of the page.
        address: where the page is published; its links lead there. None removes the links.
    """
    sources: dict[str, list[str]] = {"style-src": [], "script-src": []}
    scripts: list[str] = []

    def style(found: re.Match[str]) -> str:
        text = read(found[1]).decode()
        sources["style-src"].append(_hash(text))
        return f"<style>{text}</style>"

    def script(found: re.Match[str]) -> str:
        text = read(found[1]).decode().replace("</script", "<\\/script")
        sources["script-src"].append(_hash(text))
        if found[2]:
            scripts.append(f"<script>{text}</script>")
            return ""
        return f"<script>{text}</script>"

    def icon(found: re.Match[str]) -> str:
        return f'{found[1]}"data:{media_type(found[2])};base64,{base64.b64encode(read(found[2])).decode()}"'

    def link(found: re.Match[str]) -> str:
        return "" if address is None else f' href="{escape(urljoin(address, found[1]))}"'

    html = _FOREIGN_ICON.sub("", _FEED.sub("", html))
    html = _ICON.sub(icon, _SCRIPT.sub(script, _SHEET.sub(style, html)))
    html = _LINK.sub(link, html)
    html = html.replace("</body>", f"{''.join(scripts)}\n</body>")
    named = "; ".join(f"{name} {' '.join(hashes) or chr(39) + 'none' + chr(39)}" for name, hashes in sources.items())
    policy = f"default-src 'none'; {named}; img-src data:; base-uri 'none'; form-action 'none'"
    return _POLICY.sub(lambda found: f"{found[1]}{policy}{found[2]}", html)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
