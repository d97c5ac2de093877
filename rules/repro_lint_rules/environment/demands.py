"""What must be installed together, and which of it cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from repro_lint.api import Environment, Manifest, Project, Requirement, dataclass, lazy_pattern
from repro_lint_rules.environment.lock_advice import home
from repro_lint_rules.environment.names import names
from repro_lint_rules.environment.samples import is_sample
from repro_lint_rules.environment.specifier_sets import compatible

# The names of the one manifest of its kind. Others may be for another platform, another Python, another purpose.
_MAIN = lazy_pattern(
    r"pyproject\.toml|setup\.(?:py|cfg)|requirements\.(?:txt|in)|Pipfile|pixi\.toml"
    r"|(?:conda[_-]?)?env(?:ironment)?\.ya?ml|conda\.ya?ml"
)
_PACKAGED = ("pyproject", "poetry", "setup.py", "setup.cfg")
# What conda has under the name is not what PyPI has: the program or library, and its binding to Python.
_OTHERWISE_IN_CONDA = frozenset(
    {"cmake", "ffmpeg", "graphviz", "jq", "lz4", "ninja", "opencv", "protobuf", "redis", "snappy", "swig", "wget"}
)


@dataclass(frozen=True)
class Demand:
    """A requirement and the manifest that it stands in."""

    manifest: Manifest
    requirement: Requirement


@dataclass(frozen=True)
class Conflict:
    """Two demands that no release fulfils. ``together``: they are installed into one environment in any case."""

    later: Demand
    earlier: Demand
    together: bool


def conflicts(project: Project) -> Iterator[Conflict]:
    """Each pair once: within a manifest, with what it includes, and between the main manifests of a directory."""
    environment = project.fact(Environment)
    locks = {lock.path for lock in environment.locks}
    known = {
        m.path: m
        for m in (*environment.constraints, *environment.manifests)
        if m.path not in locks and not is_sample(m.path)
    }
    found: dict[frozenset[Demand], Conflict] = {}
    for manifest in known.values():
        for conflict in _among([_demands(m) for m in _included(manifest, known)], together=True):
            found.setdefault(frozenset((conflict.later, conflict.earlier)), conflict)
    beside: defaultdict[str, list[Manifest]] = defaultdict(list)
    for manifest in known.values():
        if _MAIN.fullmatch(manifest.path.rpartition("/")[2]):
            beside[home(manifest.directory)].append(manifest)
    for manifests in beside.values():
        for pair in combinations(sorted(manifests, key=_order), 2):
            if pair[0].kind == pair[1].kind == "conda":  # two environments
                continue
            together = not {pair[0].kind, pair[1].kind} & {"conda", "pixi", "pipfile"}
            for conflict in _among([_demands(m) for m in pair], together):
                found.setdefault(frozenset((conflict.later, conflict.earlier)), conflict)
    yield from found.values()


def _order(manifest: Manifest) -> tuple[bool, str]:
    """What describes the project comes first, so that the others are held against it."""
    return manifest.kind not in _PACKAGED, manifest.path


def _included(manifest: Manifest, known: dict[str, Manifest]) -> list[Manifest]:
    """What the manifest includes with ``-r`` and ``-c``, the innermost first, and the manifest itself."""
    found: list[Manifest] = []

    def visit(current: Manifest) -> None:
        for directive in current.directives:
            inner = known.get(directive.value) if directive.kind in ("requirements", "constraints") else None
            if inner is not None and inner is not manifest and inner not in found:
                visit(inner)
                found.append(inner)

    visit(manifest)
    return [*found, manifest]


def _demands(manifest: Manifest) -> list[Demand]:
    """What is always installed. Under a condition, from elsewhere or in a group, it may stand for itself."""
    return [
        Demand(manifest, requirement)
        for requirement in manifest.requirements
        if requirement.specifier and not (requirement.marker or requirement.url or requirement.scope)
    ]


def _among(groups: list[list[Demand]], together: bool) -> Iterator[Conflict]:
    by_name: defaultdict[str, list[Demand]] = defaultdict(list)
    for group in groups:
        for demand in group:
            by_name[demand.requirement.name].append(demand)
    for demands in by_name.values():
        for earlier, later in combinations(demands, 2):
            one, other = earlier.requirement, later.requirement
            comparable = one.conda == other.conda or _same_in_conda(one.name)
            if comparable and not compatible(one.specifier, other.specifier, (one.conda, other.conda)):
                yield Conflict(later, earlier, together and not one.conda and not other.conda)
                break


def _same_in_conda(name: str) -> bool:
    return name in _known() and name not in _OTHERWISE_IN_CONDA


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(distribution for found in names().modules.values() for distribution in found)
