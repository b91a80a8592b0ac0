"""The shapes of a preset's parameters, and of the values that a file gives them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sresnap.config.expected import ExpectedError
from sresnap.config.fields import Text
from sresnap.config.shapes.base import Shape


def _read(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ExpectedError("a text, or a list of labels")


ParameterValue = Annotated[
    str | tuple[str, ...],
    BeforeValidator(_read),
    WithJsonSchema(
        {"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
ParameterValues = Annotated[
    dict[str, ParameterValue],
    Field(description="Of the preset: which labels, metrics and units its queries use. See docs/presets.md."),
]


class ParameterShape(Shape):
    """A parameter that a preset declares."""

    kind: Literal["labels", "label", "metric", "regex", "value", "matchers", "number", "duration", "unit"]
    default: ParameterValue | None = Field(None, description="Without one, the file has to set it.")
    about: Text = Field(description="What it is for, in one sentence.")
    choices: list[Text] | None = Field(None, description="The only values, of a kind other than `labels`.")

    @model_validator(mode="after")
    def _choices_of_one_text(self) -> ParameterShape:
        if self.choices is not None and self.kind == "labels":
            raise ExpectedError("no `choices` beside `kind: labels`", "remove them; `about` can name the labels")
        return self


class ParametersShape(Shape):
    """The part of a preset that declares parameters."""

    parameters: dict[str, ParameterShape] = Field(default_factory=dict)
