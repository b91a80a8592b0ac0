"""`make golden`: write the golden files again and list those that changed."""

from tests.golden.files import EXPECTED, rendered, write

if __name__ == "__main__":
    changed = write(rendered(), EXPECTED)
    print("\n".join(changed) or "nothing changed")
