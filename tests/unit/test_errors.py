"""The drawn tree of errors is the real one."""

import importlib
import pkgutil
import re

import sresnap
from sresnap import errors

DRAWN = re.compile(r"^ {4}(?P<indent>(?:  )*)(?:· )?(?P<name>\w+) +(?P<code>\d+)  ", re.MULTILINE)


def drawn():
    """(depth, name, exit code) of each line of the tree."""
    return {(len(m["indent"]) // 2, m["name"], int(m["code"])) for m in DRAWN.finditer(errors.__doc__)}


def real(kind=errors.SresnapError, depth=0):
    yield depth, kind.__name__, int(kind.exit_code)
    for child in kind.__subclasses__():
        yield from real(child, depth + 1)


def test_the_docstring_draws_every_error_with_its_exit_code():
    for module in pkgutil.walk_packages(sresnap.__path__, "sresnap."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert drawn() == set(real())
