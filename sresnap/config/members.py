"""Which services belong to a group: those that it names, or those with its tags."""

from __future__ import annotations

from collections.abc import Sequence

from sresnap.config.shapes.fleet import GroupShape
from sresnap.config.shapes.services import ServiceShape


def members(group: GroupShape, services: Sequence[ServiceShape]) -> tuple[str, ...]:
    """The names of a group's services, in the order of the group, or of the file where tags choose them.

    Only a service's own tags count: a group's would make groups depend on each other.
    """
    if group.services is not None:
        return tuple(group.services)
    wanted = set(group.tags or ())
    return tuple(service.name for service in services if wanted and wanted <= set(service.tags or ()))
