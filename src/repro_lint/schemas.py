"""JSON Schemas, generated from the models."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from repro_lint.config import Settings
from repro_lint.registry import Registry
from repro_lint.report import Report

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:
    """The schema of the ``json`` output."""
    return {"$schema": _DRAFT, **Report.adapter().json_schema(mode="serialization"), "title": "repro-lint report"}


def config_schema(registry: Registry) -> dict[str, Any]:
    """The schema of ``repro-lint.toml`` and of ``[tool.repro-lint]``, with the options of the registry's rules."""
    schema = TypeAdapter(Settings).json_schema(by_alias=True)
    names = [meta.name for meta in registry.metas]
    options: dict[str, Any] = {}
    definitions = schema.setdefault("$defs", {})
    for entry in registry:
        if entry.rule.Options is None:
            continue
        own = TypeAdapter(entry.rule.Options).json_schema(by_alias=True)
        definitions |= own.pop("$defs", {})
        options[entry.meta.name] = {**own, "title": f"{entry.meta.name} options"}
    properties = schema["properties"]
    properties["rules"] |= {"properties": options, "additionalProperties": False}
    properties["severity"] |= {"propertyNames": {"enum": names}}
    return {"$schema": _DRAFT, **schema, "title": "repro-lint configuration"}
