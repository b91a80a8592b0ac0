"""How many examples properties have that take long."""

import os

from hypothesis import settings

FEW = settings(max_examples=int(os.environ.get("EXAMPLES", "5")))
"""For examples of more than 20 ms. `make soak` tries as many of them as of all others."""
