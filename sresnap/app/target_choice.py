"""Chooses the target of a command, and the rules for what may go there."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.config.settings import Config
from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.refusal import refuse_leaking_option
from sresnap.publish.targets.registry import KNOWN, is_public


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A target to publish to."""

    address: str
    """May carry credentials."""
    rules: PublicationRules
    """What may go there if the target is public."""


def target_to_publish(named: str | None, config: Config | None, *, private: bool = False) -> TargetChoice:
    """The target that the user named, or the configuration's.

    `publish.private` describes the configured target, so it does not apply to another one.

    Raises:
        UsageError: there is no target, or its name is empty.
    """
    if named is not None:
        address = _not_empty(named)
        return TargetChoice(
            address,
            PublicationRules(private=private) if config is None else PublicationRules.of(config, private=private),
        )
    return configured_target(_config(config, "a target"), private=private, otherwise="; or name a target")


def configured_target(config: Config, *, private: bool = False, otherwise: str = "") -> TargetChoice:
    """The configuration's target.

    Args:
        config: may have none.
        private: allow private addresses there, as `publish.private` does.
        otherwise: what else a user can do where there is none.

    Raises:
        UsageError: publish.target is not set.
    """
    rules = PublicationRules.of(config, private=private or config.is_private)
    return TargetChoice(_configured_address(config, otherwise), rules)


def site_to_restore(named: str | None, config: Config | None) -> str:
    """The address of the published site to restore from: the one named, or publish.target.

    Raises:
        UsageError: there is none, or its name is empty.
    """
    if named is not None:
        return _not_empty(named)
    return _configured_address(_config(config, "the site's address"), "; or name the site's address")


def site_to_verify(named: str | None, config: Config | None) -> str:
    """The address that readers use: the one named, publish.base_url, or publish.target.

    Raises:
        UsageError: there is none, or its name is empty.
    """
    if named is None and config is not None and config.base_url:
        return config.base_url
    return site_to_restore(named, config)


def _config(config: Config | None, otherwise: str) -> Config:
    if config is None:
        message = (
            "there is no configuration that names the target: no sresnap.yaml or sre.yaml here, no SRE_CONFIG_FILE"
        )
        raise UsageError(message, f"name {otherwise}, or a configuration with --config FILE")
    return config


def _configured_address(config: Config, otherwise: str) -> str:
    if config.target is None:
        where = config.path or "the configuration"
        raise UsageError(f"{where} has no publish.target", f"add `publish: {{target: …}}` with {KNOWN}{otherwise}")
    return config.target


def refuse_leaking_note(option: str, text: str, config: Config | None) -> None:
    """Check a pin's note or a withdrawal's reason, which the archive will publish.

    Without a configuration, the target is assumed to be public.

    Raises:
        UsageError: the target may not show something in the text.
    """
    rules = PublicationRules()
    if config is not None:
        stays_here = config.target is not None and not is_public(config.target)
        rules = PublicationRules.of(config, private=config.is_private or stays_here)
    refuse_leaking_option(option, text, rules)


def _not_empty(name: str) -> str:
    """An unset variable in a script gives an empty name; it does not mean the configured target."""
    if not name.strip():
        raise UsageError("the target's address is empty", "leave it out to use publish.target of the configuration")
    return name
