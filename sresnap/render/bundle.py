"""The modules of `site/js` as one classic script, and the layers of `site/css` as one sheet.

A page opened from a folder may load no ES module (browsers allow modules over http alone), and one file is one request.
The sources stay plain modules that a browser could run as they are.
"""

from __future__ import annotations

import re
from pathlib import Path

LAYERS = ("tokens", "base", "layout", "panels", "charts", "print")
"""Of the style sheet, from the general to the special."""
_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:const|function) ([\w$]+)", re.MULTILINE)


def script(folder: Path, entry: str = "main") -> bytes:
    """The entry module with all that it imports, each in a function of its own, so that no two names meet.

    Only `import { a, b } from "./x.js";`, `import "./x.js";` and `export const` or `export function` are understood;
    more is not written there.
    """
    from rjsmin import jsmin

    modules: dict[str, str] = {}
    _add(folder, entry, modules)
    return str(jsmin('"use strict";(()=>{\n' + "".join(modules.values()) + "})();")).encode()


def _add(folder: Path, name: str, modules: dict[str, str]) -> None:
    if name in modules:
        return
    source = (folder / f"{name}.js").read_text(encoding="utf-8")
    for found in _IMPORT.finditer(source):
        _add(folder, found[2], modules)
    body = _IMPORT.sub(lambda found: f"const {found[1]} = _{found[2]};\n" if found[1] else "", source)
    names = ", ".join(_EXPORT.findall(source))
    body = re.sub(r"^export ", "", body, flags=re.MULTILINE)
    modules[name] = f"const _{name} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();\n"


def small_script(path: Path) -> bytes:
    """A script that is no module, without its comments and blanks."""
    from rjsmin import jsmin

    return str(jsmin(path.read_text(encoding="utf-8"))).encode()


def sheet(folder: Path, *more: str) -> bytes:
    """All layers and what comes after them, without comments and blanks."""
    from rcssmin import cssmin

    layers = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in LAYERS]
    return str(cssmin("".join([*layers, *more]))).encode()
