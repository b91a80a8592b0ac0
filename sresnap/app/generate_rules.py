"""Generate Prometheus rules: recording rules and burn-rate alerts for every SLO of a configuration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sresnap.app.output_file import refuse_overwriting, write_text
from sresnap.compute.slo.alerts import left_out
from sresnap.config import burn_pairs, choices
from sresnap.config.settings import Config
from sresnap.errors import UsageError
from sresnap.printable import quotable
from sresnap.rules import rules_yaml
from sresnap.rules.alerts import nominal_seconds
from sresnap.rules.document import MARK


@dataclass(frozen=True, slots=True)
class RulesRequest:
    """Which rules to make, and where to write them."""

    config: Config
    interval_seconds: int
    """How often Prometheus evaluates the rules."""
    output: Path | None
    """None: return the text only."""
    force: bool = False
    """Overwrite a file that this command did not write."""
    dry_run: bool = False
    source: str | None = None
    """For the services of this source only."""


@dataclass(frozen=True, slots=True)
class GeneratedRules:
    """The rules file."""

    text: str
    recording_rules: int
    alerts: int
    notes: tuple[str, ...] = ()
    """Which services get no rules and which SLOs no alert of some pairs, and why."""


def generate_rules(request: RulesRequest) -> GeneratedRules:
    """Make the rules, and write them if the request names a file.

    Raises:
        UsageError: every service reads recorded series itself, services have several sources and the request names
            none, or the file is not this command's own.
        SresnapError: the file cannot be written.
    """
    config, notes = _measured(_of_source(request.config, request.source))
    text = rules_yaml(config, burn_pairs(), request.interval_seconds)
    if request.output is not None:
        refuse_overwriting(request.output, force=request.force, own_mark=MARK)
        if not request.dry_run:
            write_text(request.output, text)
    notes = (*notes, *alerts_left_out(config))
    return GeneratedRules(text, text.count("- record: "), text.count("- alert: "), notes)


def _of_source(config: Config, name: str | None) -> Config:
    """The configuration with the services of one source: rules are evaluated where the metrics are.

    Raises:
        UsageError: no service has that source, or there are several and none is named.
    """
    if name is None and len(config.asked) > 1:
        message = f"the services have several sources: {', '.join(config.asked)}"
        raise UsageError(message, "write the rules of each for its own Prometheus: --source NAME")
    if name is None:
        return config
    if name not in config.asked:
        raise UsageError(f"no service has the source {quotable(name)!r}", choices(name, config.asked, "there are none"))
    return config.of_source(name)


def _measured(config: Config) -> tuple[Config, tuple[str, ...]]:
    """The configuration without services that read what rules record, and a note that names them.

    Rules that read their own series would record them again.

    Raises:
        UsageError: no service is left.
    """
    recorded = [service.name for service in config.services if service.provider == "recorded"]
    if not recorded:
        return config, ()
    if len(recorded) == len(config.services):
        raise UsageError(
            "every service of this configuration reads what rules record, so no rules can be made from it",
            "use the configuration that reads the metrics themselves: another provider",
        )
    kept = tuple(service for service in config.services if service.provider != "recorded")
    return replace(config, services=kept), (f"no rules for {', '.join(recorded)}, with provider recorded",)


def alerts_left_out(config: Config) -> tuple[str, ...]:
    """A sentence for each window that is too short for some alerts, with its SLOs."""
    pairs, found = burn_pairs(), dict[str, list[str]]()
    for service in config.services:
        for slo in service.slos:
            why = left_out(pairs, nominal_seconds(slo))
            if why is not None:
                found.setdefault(f"window {slo.window.name}: {why}", []).append(f"{service.name}/{slo.name}")
    return tuple(f"{why} ({', '.join(slos)})" for why, slos in found.items())
