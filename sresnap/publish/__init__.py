"""Where a site goes, and back: a folder, a branch for GitHub Pages, object storage.

The published site is the database: `restore` brings what the next build needs, `publish` sends what changed and ends
with the pointer `latest.json`, `verify` looks at what readers are served. docs/adr/0005-publishing.md says why so.
"""

import logging

from sresnap.publish.manifest import Manifest
from sresnap.publish.needed import Wanted
from sresnap.publish.places import open_source, open_target
from sresnap.publish.restore import Restored, restore
from sresnap.publish.run import Options, Published, publish
from sresnap.publish.target import Source, Target
from sresnap.publish.verify import Verified, verify

__all__ = [
    "Manifest",
    "Options",
    "Published",
    "Restored",
    "Source",
    "Target",
    "Verified",
    "Wanted",
    "open_source",
    "open_target",
    "publish",
    "restore",
    "verify",
]

# stamina reports each retry there; without a handler Python would print it in the middle of the progress.
logging.getLogger("stamina").addHandler(logging.NullHandler())
