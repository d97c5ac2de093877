"""The dependencies that a single script states in a comment (PEP 723)."""

from __future__ import annotations

import re
from dataclasses import replace

from repro_lint.facts import FileFact
from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Manifest
from repro_lint.sources.python import PythonSource
from repro_lint.sources.text import decode

_BLOCK = lazy_pattern(r"^# /// script[ \t]*\r?$\n(?P<content>(?:^#(?:| .*)\r?$\n)+?)^# ///[ \t]*\r?$", re.M)


class ScriptMetadata(FileFact[Manifest]):
    """What a script declares for itself: few do, and a run that asks for the environment need not read the others."""

    subject = PythonSource
    triggers = (b"# ///",)

    @classmethod
    def collect(cls, source: PythonSource) -> Manifest | None:
        """The manifest in the script."""
        is_script = source.path.endswith(".py") and source.path.rpartition("/")[2] != "setup.py"
        return parse_script(source.path, source.file.data) if is_script else None


def parse_script(path: str, data: bytes) -> Manifest | None:
    """The manifest in the head of a script, or None for one without.

    The format: https://packaging.python.org/en/latest/specifications/inline-script-metadata/
    """
    if b"# /// script" not in data:
        return None
    from repro_lint.manifests.tables import Toml, python_requirement

    text = decode(data).text
    block = _BLOCK.search(text)
    if block is None:
        return None
    above = text.count("\n", 0, block.start("content"))
    lines = [line[2:] if line.startswith("# ") else line[1:] for line in block["content"].split("\n")]
    toml = Toml("\n".join(lines).encode())
    if toml.problem:
        return Manifest(path, "script", line=above, problem=f"has script metadata that {toml.problem}")
    found = toml.listed(toml.document.get("dependencies"), ("dependencies",))
    python = python_requirement(toml.document.get("requires-python"), toml.line("requires-python"))
    return Manifest(
        path,
        "script",
        tuple(replace(r, line=r.line + above if r.line else None) for r in found),
        above,
        python=replace(python, line=python.line + above if python.line else None) if python else None,
    )
