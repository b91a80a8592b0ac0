"""Resolves who looks after each service: what it says itself, over what its groups say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sresnap.config.expected import ExpectedError, shown
from sresnap.config.members import members
from sresnap.config.readers import read_name
from sresnap.config.schema import FileShape
from sresnap.config.shapes.people import PeopleShape
from sresnap.config.source import KeyPath
from sresnap.config.validation import Validated
from sresnap.errors import Mistake
from sresnap.model.people import NamedLink, People
from sresnap.model.slug import team_slug

_Key = tuple[str, ...]
"""`("team",)`, or `("links", "Dashboard")`."""
_Values = Mapping[_Key, str]


def resolve_people(validated: Validated[FileShape]) -> tuple[Mapping[str, People], tuple[Mistake, ...]]:
    """Who looks after each service, by its name, and what went wrong. Services without a word are left out."""
    resolver = _Resolver(validated)
    people = resolver.people()
    return people, tuple(resolver.mistakes)


@dataclass
class _Resolver:
    """Resolves them and collects mistakes."""

    validated: Validated[FileShape]
    mistakes: list[Mistake] = field(default_factory=list)

    def people(self) -> dict[str, People]:
        shape = self.validated.shape
        own: dict[str, _Values] = {}
        tags: dict[str, tuple[str, ...]] = {}
        places: dict[str, KeyPath] = {}
        for index, service in enumerate(shape.services):
            path: KeyPath = ("services", self.validated.position(("services",), index))
            own.setdefault(service.name, self._values(service, path))
            tags.setdefault(service.name, tuple(dict.fromkeys(service.tags or ())))
            places.setdefault(service.name, path)
        inherited = self._of_groups(own)
        found = {name: _people({**inherited.get(name, {}), **own[name]}, tags[name]) for name in own}
        self._check_teams(found, places)
        return {name: people for name, people in found.items() if people != People()}

    def _of_groups(self, own: Mapping[str, _Values]) -> dict[str, dict[_Key, str]]:
        """What groups say of services that do not say it themselves. Two groups that differ are a mistake."""
        found: dict[str, dict[_Key, str]] = {}
        for index, group in enumerate(self.validated.shape.groups or ()):
            path: KeyPath = ("groups", self.validated.position(("groups",), index))
            values = self._values(group, path)
            for name in members(group, self.validated.shape.services):
                known = found.setdefault(name, {})
                for key, value in values.items():
                    if known.setdefault(key, value) != value and key not in own.get(name, {}):
                        expected = f"one `{'.'.join(key)}` for {name}"
                        hint = f"give {name} its own"
                        self._mistake((*path, *key), expected, f"{shown(value)}, and another group's", hint)
        return found

    def _values(self, shape: PeopleShape, path: KeyPath) -> dict[_Key, str]:
        texts = {"owner": shape.owner, "team": shape.team, "description": shape.description, "runbook": shape.runbook}
        given: dict[_Key, str] = {(key,): text for key, text in texts.items() if text is not None}
        links: dict[_Key, str] = {("links", title): url for title, url in (shape.links or {}).items()}
        for _, title in links:
            try:
                read_name(title)
            except ExpectedError as error:
                self._mistake((*path, "links"), f"a title for each link: {error.expected}", shown(title))
        return given | links

    def _check_teams(self, people: Mapping[str, People], places: Mapping[str, KeyPath]) -> None:
        """Report a team whose folder another one has, such as the same one in other letters."""
        folders: dict[str, str] = {}
        for name, found in people.items():
            if found.team is None:
                continue
            first = folders.setdefault(team_slug(found.team), found.team)
            if first != found.team:
                expected, hint = "a team with a folder of its own", f'write "{first}" here too, or rename one'
                self._mistake((*places[name], "team"), expected, f'"{found.team}" beside "{first}"', hint)

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.validated.source.mistake(path, expected, found, suggestion))


def _people(values: _Values, tags: tuple[str, ...]) -> People:
    links = tuple(NamedLink(key[1], url) for key, url in values.items() if key[0] == "links")
    texts = {key[0]: value for key, value in values.items() if key[0] != "links"}
    return People(**texts, links=links, tags=tags)
