"""The shapes of settings for several services: groups, the composite, corrections, the policy."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from sresnap.config.fields import Link, Moment, Name, Span, Text, Weight
from sresnap.config.shapes.base import Shape, tag
from sresnap.config.shapes.people import PeopleShape, Tags
from sresnap.config.shapes.services import SourceShape


class GroupShape(SourceShape, PeopleShape):
    """Services with a common budget, and with settings in common."""

    name: Name
    services: Annotated[list[Text], Field(min_length=1)] | None = Field(None, description="Their names. Or `tags`.")
    tags: Tags | None = Field(None, description="Its services are those that have all these tags. Or `services`.")
    weights: dict[str, Weight] | None = Field(None, description="By service, over its own weight.")
    method: Literal["budget", "pooled"] = "budget"
    labels: dict[str, str] | None = Field(None, description="Of its services, unless they give their own.")


class CompositeShape(Shape):
    """How the fleet's number is made."""

    method: Literal["budget", "pooled"] = Field(
        "budget", description="budget: weighted mean of the consumed budgets. pooled: all events together."
    )


class CorrectionShape(Shape):
    """A stretch of time that SLIs leave out. The report shows both numbers."""

    reason: Text
    start: Moment
    end: Moment | None = Field(None, description="Or `duration`.")
    duration: Span | None = Field(None, description="Or `end`.")
    rrule: Text | None = Field(None, description="RFC 5545 recurrence, such as FREQ=WEEKLY;BYDAY=SU.")
    services: Annotated[list[Text], Field(min_length=1)] | None = Field(None, description="Default: all.")


class PolicyShape(Shape):
    """The team's action at a status."""

    text: Text
    link: Link | None = None


PolicyValue = Annotated[Annotated[Text, Tag("(text)")] | Annotated[PolicyShape, Tag("(mapping)")], Discriminator(tag)]
