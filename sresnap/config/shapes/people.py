"""The shape of who looks after a service."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sresnap.config.fields import Contact, Description, Name, Tag
from sresnap.config.shapes.base import Shape

MOST_LINKS = 20
MOST_TAGS = 20
Tags = Annotated[list[Tag], Field(min_length=1, max_length=MOST_TAGS)]


class PeopleShape(Shape):
    """Who looks after a service, for readers. A group's values are for its services that give none themselves."""

    owner: Name | None = Field(None, description="Who answers for it: a name, an address, a channel.")
    team: Name | None = Field(None, description="Its team, which gets a page and a feed of its own.")
    description: Description | None = Field(None, description="What it is, in at most 1000 characters.")
    runbook: Contact | None = Field(None, description="What to do when it fails; alerts have it as `runbook_url`.")
    links: Annotated[dict[str, Contact], Field(max_length=MOST_LINKS)] | None = Field(
        None, description="Further links: an address by its title."
    )
