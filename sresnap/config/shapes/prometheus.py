"""The shapes of `prometheus:` and `sources:`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from sresnap.config.expected import ExpectedError
from sresnap.config.fields import Label, Patience, Text
from sresnap.config.shapes.base import Shape, tag


class SecretShape(Shape):
    """The source of a secret."""

    env: Text | None = Field(None, description="Name of the environment variable that holds it.")
    file: Text | None = Field(None, description="File that holds it.")

    @model_validator(mode="after")
    def _one_place(self) -> SecretShape:
        if (self.env is None) == (self.file is None):
            raise ExpectedError("either env or file")
        return self


class BasicAuthShape(Shape):
    """HTTP basic authentication."""

    username: Text
    password_env: Text | None = Field(None, description="Environment variable that holds the password.")
    password_file: Text | None = Field(None, description="File that holds the password.")

    @model_validator(mode="after")
    def _one_place(self) -> BasicAuthShape:
        if (self.password_env is None) == (self.password_file is None):
            raise ExpectedError("either password_env or password_file")
        return self


HeaderShape = Annotated[Annotated[Text, Tag("(text)")] | Annotated[SecretShape, Tag("(mapping)")], Discriminator(tag)]


class PrometheusShape(Shape):
    """How to reach Prometheus."""

    url: Text | None = Field(None, description="Base URL; PROMETHEUS_URL wins. Default http://localhost:9090.")
    bearer_token_env: Text | None = Field(None, description="Environment variable that holds the bearer token.")
    bearer_token_file: Text | None = Field(None, description="File that holds the bearer token.")
    basic_auth: BasicAuthShape | None = None
    headers: dict[str, HeaderShape] | None = Field(None, description="Sent with every request, e.g. X-Scope-OrgID.")
    ca_file: Text | None = Field(None, description="Certificates to trust, PEM.")
    cert_file: Text | None = Field(None, description="Client certificate, PEM.")
    key_file: Text | None = Field(None, description="The client certificate's key, PEM.")
    insecure_skip_verify: bool = Field(default=False, description="Do not check the server's certificate.")
    timeout: Patience = Field(30.0, description="For one request.", json_schema_extra={"default": "30s"})
    deadline: Patience = Field(300.0, description="For all queries of a build.", json_schema_extra={"default": "5m"})
    concurrency: int = Field(8, ge=1, le=64, description="The most requests at the same time.")
    raw_samples: int = Field(
        5_000_000,
        ge=0,
        description="The most samples that a build reads to count where counters restarted, appeared or ended.",
    )
    replica_labels: list[Label] = Field(
        ["prometheus_replica", "replica", "__replica__"],
        description="Labels in which the copies of a counter differ that several Prometheus servers scrape.",
    )
    dialect: Literal["promql", "metricsql"] = Field(
        "promql", description="metricsql switches the syntax check off, and cuts queries at 15 kB (promql: at 64 kB)."
    )


class NamedSourceShape(PrometheusShape):
    """How to reach one of several Prometheus servers."""

    url: Text | None = Field(None, description="Base URL; PROMETHEUS_URL_NAME wins, with the name in upper case.")
