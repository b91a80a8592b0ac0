"""`make golden`: renders the committed snapshot again, puts the files in place and names those that changed."""

from tests.golden.files import EXPECTED, rendered, write

if __name__ == "__main__":
    changed = write(rendered(), EXPECTED)
    print("\n".join(changed) or "nothing changed")
