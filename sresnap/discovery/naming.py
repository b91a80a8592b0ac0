"""Names of services for people, and which services are the same one seen from two places. Pure decisions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sresnap.discovery.candidates import Layer, layer_of, nearness
from sresnap.discovery.choose import Chosen
from sresnap.model.slug import slug

_LONGEST = 48
_PORT = re.compile(r"(?P<host>[^:/\s]+|\[[^\]]+\]):\d+")
_BALANCER = re.compile(r"(?:app|net|gwy)/(?P<name>[^/]+)/[^/]+")
"""An Elastic Load Balancer of AWS, as CloudWatch names it."""
_KUBERNETES = re.compile(r"-(\d{2,5}|http|https|web)$")
"""What Traefik puts after the name of a Kubernetes service: its port."""


@dataclass(frozen=True, slots=True)
class Named:
    """A service with the name that it has in the file."""

    name: str
    chosen: Chosen
    nearer: tuple[str, ...] = ()
    """Services of the same name, nearer to the user: they may count the same requests."""
    counted_by: str | None = None
    """The one of them that does, by its counts. Then this one is not written as a service."""


@dataclass(frozen=True, slots=True)
class Known:
    """A service that the file has already."""

    name: str
    provider: str
    labels: Mapping[str, str]
    is_asked: bool = True
    """Whether it is a service of the Prometheus that was asked."""

    def is_of(self, one: Chosen) -> bool:
        """Whether it is the same service of the same source. It may leave out some of its requests."""
        return self.is_asked and self.provider == one.candidate.name and one.labels.items() <= self.labels.items()


def named(services: Iterable[Chosen], known: Sequence[Known] = ()) -> tuple[Named, ...]:
    """The services by traffic, each with a name of its own.

    Requests that are counted in several places on their way are one service: the nearest to the user sees the errors
    that never reached the others. Equal names only make it likely: `same_requests` compares the counts.

    Args:
        services: each once.
        known: those that the file has already.
    """
    ordered = sorted(services, key=lambda one: (nearness(one.candidate.name), -one.events, one.key))
    slugs = {slug(one.name) for one in known}
    unique = Counter((one.candidate.name, _last(one)) for one in ordered)
    by_key: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for service in known:
        if service.is_asked and layer_of(service.provider) <= Layer.GENERIC:
            for text in filter(None, dict.fromkeys(plain_name(text) for text in service.labels.values())):
                by_key[text].append((service.name, service.provider))
    found: list[Named] = []
    for one in ordered:
        is_unique = unique[one.candidate.name, _last(one)] == 1
        keys = _alike(one, is_unique=is_unique) if _on_the_way(one) else ()
        there = dict.fromkeys(pair for key in keys for pair in by_key.get(key, ()))
        nearer = tuple(name for name, provider in there if provider != one.candidate.name)
        found.append(Named(_free(one, slugs), one, nearer))
        slugs.add(slug(found[-1].name))
        for key in keys:
            by_key[key].append((found[-1].name, one.candidate.name))
    return tuple(sorted(found, key=lambda one: (bool(one.nearer), -one.chosen.events)))


def may_repeat(services: Sequence[Named]) -> tuple[str, ...]:
    """Sources on the way of requests, where several are left: they may count the same ones under other names."""
    layers: dict[Layer, set[str]] = defaultdict(set)
    for one in services:
        if not one.nearer and _on_the_way(one.chosen):
            layers[min(layer_of(one.chosen.candidate.name), Layer.APPLICATION)].add(one.chosen.candidate.name)
    return tuple(sorted((name for names in layers.values() for name in names), key=nearness)) if len(layers) > 1 else ()


def plain_name(value: str) -> str:
    """A label's value as a name: `shop@docker` is shop, `https://shop.example.com/` shop.example.com.

    >>> plain_name("prod/shop")
    'shop'
    """
    text = value.strip()
    if re.match(r"\w+://", text):
        try:
            parts = urlsplit(text)
            text = f"{parts.hostname or ''}{parts.path.rstrip('/')}".replace("/", "-")
        except ValueError:
            text = text.partition("://")[2]
    elif (host := _PORT.fullmatch(text)) is not None:
        text = host["host"].strip("[]")
    elif (balancer := _BALANCER.fullmatch(text)) is not None:
        text = balancer["name"]
    elif "@" in text:
        text = text.partition("@")[0]
    text = text.rstrip("/").rpartition("/")[2]
    text = re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")
    return text[:_LONGEST].strip("-._")


def _on_the_way(one: Chosen) -> bool:
    return layer_of(one.candidate.name) <= Layer.GENERIC


def _alike(one: Chosen, *, is_unique: bool) -> tuple[str, ...]:
    """The names under which other places may know the same service."""
    last = _last(one)
    if not last:
        return ()
    joined = "-".join([*(plain_name(value) for value in [*one.labels.values()][:-1]), last])
    return tuple(dict.fromkeys((joined, last) if is_unique else (joined,)))


def _last(one: Chosen) -> str:
    """The name without what names its namespace."""
    return _KUBERNETES.sub("", plain_name([*one.labels.values()][-1]))


def _is_address(name: str) -> bool:
    """Whether the plain name of an instance is only a number, or this host."""
    return re.fullmatch(r"(\d+\.){3}\d+|localhost|", name) is not None


def _free(one: Chosen, slugs: Collection[str]) -> str:
    """A name that no other service has."""
    values = [plain_name(value) for value in one.labels.values()]
    last = values[-1] or "service"
    if [*one.labels][-1].endswith("instance") and _is_address(values[-1]):
        last = plain_name(one.job or "") or plain_name(one.candidate.name)
        values.insert(-1, last)
    whole = "-".join(value for value in values if value)
    for name in (last, whole, *(f"{name}-{plain_name(one.candidate.name)}" for name in (last, whole) if whole)):
        if name and slug(name) not in slugs:
            return name
    return next(name for number in range(2, len(slugs) + 3) if slug(name := f"{last}-{number}") not in slugs)
