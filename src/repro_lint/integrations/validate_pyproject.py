"""The schema of ``[tool.repro-lint]`` for validate-pyproject (entry point ``validate_pyproject.tool_schema``)."""

from __future__ import annotations

from typing import Any

from repro_lint.registry import load_registry
from repro_lint.schemas import config_schema

# What validate-pyproject compiles. Of the later draft our schemas use annotations and "$defs" only, which is a
# pointer like any other here, and beside a "$ref" they have annotations alone, which draft 7 leaves out.
_DRAFT = "http://json-schema.org/draft-07/schema#"
# A name that leads nowhere; in the form of an address, for references inside the schema are resolved against it.
_ID = "https://repro-lint.invalid/config.schema.json"


def schema(tool: str) -> dict[str, Any]:
    """Schema of `[tool.repro-lint]`, with the options of the rules that are installed."""
    return {**config_schema(load_registry()), "$schema": _DRAFT, "$id": _ID}
