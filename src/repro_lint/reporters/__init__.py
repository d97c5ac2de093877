"""Output formats. A reporter is a module with ``render(report, look) -> str``; it sees nothing but the report."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import field

from repro_lint.lazy import dataclass
from repro_lint.report import Report
from repro_lint.terminal import Style

_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "json_",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "rdjson": "rdjson",
    "markdown": "markdown",
}
FORMATS = tuple(_MODULES)


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True)
class Look:
    """How output is to look.

    ``path`` turns a path relative to the project's root into the one to show to whoever stands in the current
    directory; ``prefix`` is the root as seen from the top of its repository, empty or with a slash at its end, for
    platforms that know nothing but the repository.
    """

    style: Style = field(default_factory=Style)
    path: Callable[[str], str] = _as_it_is
    prefix: str = ""
    quiet: bool = False


def render(name: str, report: Report, look: Look) -> str:
    """The report in the format of this name, which is one of ``FORMATS``."""
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    text: str = module.render(report, look)
    return text
