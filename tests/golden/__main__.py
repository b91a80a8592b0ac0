"""`make golden`: renders the committed snapshot again and puts the files in place; `git diff` then shows what changed."""

from tests.golden.files import EXPECTED, rendered, write

if __name__ == "__main__":
    changed = write(rendered(), EXPECTED)
    print("\n".join(changed) or "nothing changed")  # noqa: T201
