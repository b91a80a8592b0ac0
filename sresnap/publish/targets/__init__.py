"""The places that a site can be published to and read from."""

import logging

# stamina reports each retry there; without a handler Python would print it in the middle of the progress.
logging.getLogger("stamina").addHandler(logging.NullHandler())
