"""Which rules run: the most specific selector that matches a rule decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from repro_lint.bridges.bridge import BridgeRule
from repro_lint.errors import UsageError, did_you_mean
from repro_lint.grades import Level
from repro_lint.lazy import dataclass
from repro_lint.registry import Entry, Registry
from repro_lint.rule import EngineRule, RuleMeta

_SPECIFIC = {"rule": 3, "family": 2, "level": 1, "all": 0}


@dataclass(frozen=True)
class Selection:
    """The rules that run, and what could not be understood of what was ignored."""

    entries: tuple[Entry, ...]
    narrowed: bool
    """Whether rules that would run by default were left out, so that no level can be claimed."""
    warnings: tuple[str, ...] = ()
    unseen: tuple[Entry, ...] = ()
    """Rules that tell what notebooks need, for the verdict on them; their findings were not asked for."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the selected rules."""
        return frozenset(entry.meta.name for entry in self.entries)


def specificity(selector: str, meta: RuleMeta) -> int | None:
    """How closely the selector names the rule, or None if it does not.

    A selector is a rule's name or code, a family or the letters of its codes, a level, or ``all``.
    """
    word = selector.lower()
    if word in (meta.name, meta.code.lower()):
        return _SPECIFIC["rule"]
    if word in (meta.family.lower(), meta.code.rstrip("0123456789").lower()):
        return _SPECIFIC["family"]
    if word == meta.level.value:
        return _SPECIFIC["level"]
    return _SPECIFIC["all"] if word == "all" else None


def check_selectors(selectors: Iterable[str], registry: Registry) -> list[str]:
    """A sentence for each selector that names nothing."""
    known = {"all", *map(str, Level)} | set(registry.families)
    for meta in registry.metas:
        known |= {meta.name, meta.code, meta.code.rstrip("0123456789")}
    folded = {word.lower() for word in known}
    return [
        f'unknown rule, family or level "{s}"{did_you_mean(s, known)}' for s in selectors if s.lower() not in folded
    ]


def select(
    registry: Registry,
    *,
    level: Level,
    select: Sequence[str] | None = None,
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Selection:
    """The rules to run: the stable ones up to ``level`` unless ``select`` says otherwise.

    A preview rule runs only if it is named itself. Raises ``UsageError`` for an unknown selector among
    those that ask for rules; an unknown one in ``ignore`` may belong to a pack that is not installed here.
    """
    if problems := check_selectors([*(select or ()), *extend_select], registry):
        raise UsageError(problems[0])
    chosen, unseen, narrowed = [], [], False
    for entry in registry:
        meta = entry.meta
        default = meta.level <= level and meta.status == "stable"
        wanted = _best(select, meta) if select is not None else (_SPECIFIC["all"] if default else -1)
        wanted = max(wanted, _best(extend_select, meta))
        if select is None and meta.predicts in ("data", "network") and wanted < 0 and _best(ignore, meta) < 0:
            unseen.append(entry)
        if meta.status == "preview" and wanted < _SPECIFIC["rule"]:
            continue
        # What the engine says of itself is not narrowed by selecting other rules.
        if issubclass(entry.rule, EngineRule):
            wanted = max(wanted, _SPECIFIC["all"])
        unwanted = _best(ignore, meta) if meta.suppressible else -1
        if wanted >= 0 and wanted > unwanted:
            chosen.append(entry)
        elif default and not issubclass(entry.rule, BridgeRule):  # who asks another linter directly has lost nothing
            narrowed = True
    return Selection(tuple(chosen), narrowed, tuple(check_selectors(ignore, registry)), tuple(unseen))


def _best(selectors: Sequence[str], meta: RuleMeta) -> int:
    return max((s for s in (specificity(word, meta) for word in selectors) if s is not None), default=-1)
