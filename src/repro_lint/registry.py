"""Rules are found through entry points: one per pack, the built-in pack being one of them."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from repro_lint import __version__
from repro_lint.bridges.catalogue import bridge_rules
from repro_lint.cache.packs import known_packs
from repro_lint.cache.rules import keep_rules, known_rules
from repro_lint.cache.store import is_switched_off
from repro_lint.cache.tree_state import Code, code_state
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.rule import Rule, RuleMeta
from repro_lint.stand_ins import can_stand_in, packages_of, row_of, stand_in

if TYPE_CHECKING:
    from importlib import metadata

GROUP = "repro_lint.rules"
_BRIDGES = Path(__file__).parent / "bridges"
_NAME = lazy_pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = lazy_pattern(r"[A-Z]{2,5}\d{3}")


class Pack:
    """A package of rules, and the distribution that brought it.

    The distribution's metadata is read when somebody asks: parsing it would be a tenth of a short run.
    """

    def __init__(self, name: str, value: str = "") -> None:
        self.name = name
        self.value = value
        """The package, as its entry point names it."""

    @cached_property
    def _dist(self) -> metadata.Distribution | None:
        from importlib import metadata

        mine = (self.name, self.value)
        return next((p.dist for p in metadata.entry_points(group=GROUP) if (p.name, p.value) == mine), None)

    @property
    def distribution(self) -> str:
        """The name of the distribution."""
        return self._dist.name if self._dist else "unknown distribution"

    @property
    def version(self) -> str:
        """The version of the distribution."""
        return self._dist.version if self._dist else "?"

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


class _Bridges(Pack):
    """What this distribution says in the name of other linters."""

    distribution = "repro-linter"
    version = __version__


@dataclass(frozen=True)
class Entry:
    """A rule with where it came from; ``folder`` holds its ``README.md``."""

    rule: type[Rule]
    pack: Pack
    folder: Path

    @property
    def meta(self) -> RuleMeta:
        """The rule's metadata."""
        return self.rule.meta

    @property
    def page(self) -> Path:
        """The rule's documentation."""
        return self.folder / "README.md"

    def read_page(self) -> str:
        """The text of the page; for a rule that has none, what its metadata tells."""
        if self.page.is_file():
            return self.page.read_text(encoding="utf-8")
        meta = self.meta
        parts = [f"# {meta.name} ({meta.code})", meta.summary]
        parts += ["## Why is this bad?", meta.why, "## How to fix", meta.help]
        if meta.url:
            parts += ["## References", f"- <{meta.url}>"]
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class BrokenPlugin:
    """A pack, or one rule of it, that could not be loaded. The other rules are not affected."""

    pack: Pack
    what: str
    error: str


@dataclass(frozen=True)
class Registry:
    """All rules that could be loaded, by name, and what could not."""

    entries: dict[str, Entry]
    broken: tuple[BrokenPlugin, ...] = ()
    code: Code = ((), ())
    """The code that runs, ours and the packs'."""
    _by_code: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {e.meta.code: name for name, e in self.entries.items()})

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    @property
    def metas(self) -> list[RuleMeta]:
        """The metadata of all rules, in the order of their codes."""
        return [entry.meta for entry in self]

    @property
    def families(self) -> list[str]:
        """The names of all families, sorted."""
        return sorted({meta.family for meta in self.metas})

    def find(self, rule: str) -> Entry | None:
        """The rule of this name or code, in any case."""
        return self.entries.get(rule.lower()) or self.entries.get(self._by_code.get(rule.upper(), ""))


def load_registry(*, deferred: bool = False) -> Registry:
    """The rules of every installed pack, and those that stand for other linters'.

    What is broken is named in ``Registry.broken`` and never raised. ``deferred`` lets rules that an earlier run has
    imported stand in for themselves until a file calls for them.
    """
    broken: list[BrokenPlugin] = []
    packs = sorted(known_packs(GROUP), key=lambda p: (p[0] != "builtin", p[0]))
    modules: dict[Pack, ModuleType] = {}
    for name, value in packs:
        pack = Pack(name, value)
        try:
            module = importlib.import_module(value)
            module.__path__  # noqa: B018 - a module that is no package holds no rules
            modules[pack] = module
        except (Exception, SystemExit) as error:  # a pack is foreign code: whatever it raises is its own
            broken.append(BrokenPlugin(pack, f"pack {value}", _describe(error)))
    code = _code_of(modules.values())
    # What is broken is to be reported each time, and what is switched off is not to be kept.
    deferred = deferred and not broken and not is_switched_off()
    found = _stand_ins(known_rules(packs, code), modules) if deferred else []
    if not found:
        for pack, module in modules.items():
            rules, failures = load_pack(module, pack)
            found += rules
            broken += failures
        if deferred and not broken and can_stand_in([entry.rule for entry in found]):
            keep_rules(packs, code, [((e.pack.name, e.pack.value), str(e.folder), row_of(e.rule)) for e in found])
    bridges = _Bridges("bridges")
    found += [Entry(rule, bridges, _BRIDGES) for rule in bridge_rules()]
    return build_registry(found, broken, code)


def _code_of(packs: Iterable[ModuleType]) -> Code:
    folders = tuple(
        sorted({folder for name in _packages(packs) for folder in getattr(sys.modules[name], "__path__", ())})
    )
    return folders, code_state(folders)


def _packages(packs: Iterable[ModuleType]) -> set[str]:
    """Ours and those of the packs."""
    return {__name__.partition(".")[0], *(pack.__name__.partition(".")[0] for pack in packs)}


def _stand_ins(rows: Any, packs: Mapping[Pack, ModuleType]) -> list[Entry]:
    known = {(pack.name, pack.value): pack for pack in packs}
    # Nothing else is to be imported: the directory of the cache may be shared, as in CI.
    packages = {*_packages(packs.values()), "builtins"}
    try:
        if not all(packages_of(row) <= packages for _, _, row in rows):
            return []
        return [Entry(stand_in(row), known[pack], Path(folder)) for pack, folder, row in rows]
    except (AttributeError, KeyError, TypeError, ValueError):  # there are none, or damaged ones
        return []


def build_registry(found: Iterable[Entry], broken: Iterable[BrokenPlugin] = (), code: Code = ((), ())) -> Registry:
    """A registry of the rules; a name or code that is taken makes the later rule a broken one."""
    entries: dict[str, Entry] = {}
    codes: dict[str, Entry] = {}
    failures = list(broken)
    for entry in found:
        meta = entry.meta
        taken = entries.get(meta.name) or codes.get(meta.code)
        if taken:
            error = f"{meta.name} ({meta.code}) is already defined by {taken.pack}"
            failures.append(BrokenPlugin(entry.pack, f"rule {meta.name}", error))
            continue
        entries[meta.name] = codes[meta.code] = entry
    ordered = sorted(entries.values(), key=lambda e: e.meta.code)
    return Registry({entry.meta.name: entry for entry in ordered}, tuple(failures), code)


def load_pack(module: ModuleType, pack: Pack) -> tuple[list[Entry], list[BrokenPlugin]]:
    """The rules of a pack: one for each ``<family>/<rule_name>/rule.py`` below the package."""
    entries: list[Entry] = []
    broken: list[BrokenPlugin] = []
    for root in map(Path, module.__path__):
        for file in sorted(root.glob("*/*/rule.py")):
            family, folder = file.parts[-3], file.parts[-2]
            try:
                rule = _rule_class(importlib.import_module(f"{module.__name__}.{family}.{folder}.rule"))
                _validate(rule, family, folder)
                entries.append(Entry(rule, pack, file.parent))
            except (Exception, SystemExit) as error:  # as above
                broken.append(BrokenPlugin(pack, f"rule {family}/{folder}", _describe(error)))
    return entries, broken


def _rule_class(module: ModuleType) -> type[Rule]:
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Rule) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must define exactly one rule, not {len(classes)}")
    return classes[0]


def _validate(rule: type[Rule], family: str, folder: str) -> None:
    meta = getattr(rule, "meta", None)
    if not isinstance(meta, RuleMeta):
        raise TypeError(f"{rule.__name__} has no meta = RuleMeta(...)")
    if not _NAME.fullmatch(meta.name) or not _CODE.fullmatch(meta.code):
        raise ValueError(f"{meta.name} ({meta.code}): names are kebab-case, codes like ABC001")
    if folder != meta.name.replace("-", "_"):
        raise ValueError(f"the folder of {meta.name} must be called {meta.name.replace('-', '_')}, not {folder}")
    if meta.family != family:
        raise ValueError(f"{meta.name} is of the family {meta.family}, but stands in the folder {family}")
    rule.subjects()


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".split("\n", 1)[0]
