"""Names a source in messages, where a file has several: by its name, and never by its address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sresnap.config.settings import PrometheusSettings, url_variable
from sresnap.model.query import DEFAULT_SOURCE, Failure, Result, Run

_SETTINGS = re.compile(
    r"\bprometheus\.(?=(?:url|bearer_token_\w+|basic_auth|headers|ca_file|deadline|concurrency|raw_samples"
    r"|replica_labels)\b)"
)
"""The keys that messages send a user to."""
_VARIABLE = re.compile(rf"\b{url_variable(DEFAULT_SOURCE)}\b")


@dataclass(frozen=True, slots=True)
class SourceNaming:
    """Rewrites the messages of one source. A report with one Prometheus only knows it by its address."""

    settings: PrometheusSettings

    @property
    def source(self) -> str:
        """How a sentence calls it."""
        return f"source {self.settings.name}"

    def text(self, text: str) -> str:
        """A message with the source's name for its address, and its own keys."""
        url = self.settings.url
        text = text.replace(f"Prometheus at {url}", self.source).replace(url, self.source)
        text = text.replace("in this Prometheus", f"in {self.source}")
        return self.keys(text)

    def keys(self, text: str) -> str:
        """A message, or a hint, with the source's own keys and variable."""
        if self.settings.name == DEFAULT_SOURCE:
            return text
        text = _SETTINGS.sub(f"{self.settings.key}.", text).replace(", or --prometheus-url", "")
        return _VARIABLE.sub(url_variable(self.settings.name), text)

    def about(self, text: str) -> str:
        """The same, with the source's name in it."""
        text = self.text(text)
        return text if self.source in text else f"{self.source}: {text}"

    def failure(self, failure: Failure) -> Failure:
        """A failure that says whose it is."""
        return Failure(failure.kind, self.about(failure.message))

    def result(self, result: Result) -> Result:
        """A result whose failures say whose they are."""
        failures = {service: self.failure(failure) for service, failure in result.failures.items()}
        return replace(result, failures=failures, runs=tuple(map(self._run, result.runs)))

    def _run(self, run: Run) -> Run:
        if run.failure is None and not run.warnings and not run.infos:
            return run
        failure = None if run.failure is None else self.failure(run.failure)
        warnings, infos = (tuple(map(self.text, texts)) for texts in (run.warnings, run.infos))
        return replace(run, failure=failure, warnings=warnings, infos=infos)
