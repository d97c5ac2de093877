"""The settings of PyTorch that decide whether a GPU computes the same twice, as a walk through a program hears them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import AssignEvent, CallEvent, Constant, Handler, PythonSource, Value, dataclass, is_none


@dataclass(frozen=True)
class Setting:
    """What is set, which value does harm, how to mend it, and what the value does."""

    position: int | None
    keyword: str
    harmful: bool
    remedy: str
    effect: str


@dataclass(frozen=True)
class Switch:
    """One place at which a setting gets a value; ``certain`` is False under a condition."""

    node: ast.expr
    source: PythonSource
    setting: Setting
    value: object
    certain: bool


@lru_cache(maxsize=1)
def settings() -> tuple[Mapping[str, Setting], frozenset[str]]:
    """The settings by qualified name, and the libraries whose seeding functions seed PyTorch."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "gpu_settings.toml").read_text(encoding="utf-8"))
    known = {name: Setting(None, "", *fields) for name, fields in data["attributes"].items()}
    for name, (position, *fields) in data["calls"].items():
        known[name] = Setting(position if position >= 0 else None, *fields)
    return known, frozenset(data["seeding"]["modules"].split())


class GpuSettings(Handler):
    """Collects the settings of a program, and whether it seeds PyTorch."""

    def __init__(self) -> None:
        self.seeded = False
        self._last: dict[str, list[Switch]] = {}

    def assign(self, event: AssignEvent) -> None:
        """Note a setting that is assigned."""
        if event.key is None:
            self._note(event.name, event.value, event.node, event.source, event.certain)

    def call(self, event: CallEvent) -> Value | None:
        """Note a setting that is passed, and a seed."""
        known, libraries = settings()
        name = event.name or ""
        if name in known:
            setting = known[name]
            value = event.argument(setting.position, setting.keyword)
            if value is not None:
                self._note(name, value, event.node, event.source, event.certain)
        elif "seed" in (event.method or "") and name.partition(".")[0] in libraries:
            given = event.argument(0, "seed")
            self.seeded = self.seeded or event.method == "seed_everything" or not is_none(given)
        return None

    def _note(self, name: str, value: Value, node: ast.expr, source: PythonSource, certain: bool) -> None:
        setting = settings()[0].get(name)
        if setting is not None:
            given = value.value if isinstance(value, Constant) else None
            switches = self._last.setdefault(name, [])
            if certain:
                switches.clear()  # whatever was set before no longer counts
            switches.append(Switch(node, source, setting, given, certain))

    def harmful(self) -> list[Switch]:
        """The settings that are harmful when the program has run, whichever way it took."""
        return [
            switches[-1]
            for switches in self._last.values()
            if all(switch.value is switch.setting.harmful for switch in switches)
        ]
