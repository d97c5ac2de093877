"""What stops a module when it is imported stops every notebook that imports it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from repro_lint.finding import Finding, Place, Related, RunOutcome
from repro_lint.lazy import lazy_pattern
from repro_lint.modules import ImportFacts, ImportGraph, ModuleIndex
from repro_lint.project import Project
from repro_lint.rule import RuleMeta
from repro_lint.sources.python import PythonSource

Findings = list[tuple[RuleMeta, Finding]]
_INSTALLING = lazy_pattern(r"\b(?:pip3?|conda|mamba|micromamba|uv|poetry|easy_install)\b.*\b(?:install|add)\b")
_LATER = ("def ", "async ", "class ", "@")
Edges = Mapping[str, Mapping[str, int]]
"""By module the files that import it whenever they run, and the first line that does."""


def with_importers(project: Project, findings: Findings) -> Findings:
    """The findings, with the cells of notebooks that import a module in which one of them predicts a stop.

    Only what stands at the margin counts, in the module and in whoever imports it: all else may not run.
    """
    stopped = {number: modules for number, (meta, f) in enumerate(findings) if (modules := set(_modules(meta, f)))}
    reached = project.fact(ImportGraph).dependents(set().union(*stopped.values())) if stopped else frozenset()
    if not any(path.endswith(".ipynb") for path in reached):
        return findings
    importers = _importers(project)
    found = list(findings)
    for number, modules in stopped.items():
        meta, finding = findings[number]
        known = {(place.path, place.cell) for place in (finding.place, *(other.place for other in finding.related))}
        related = [
            Related(place, f"imports `{module}`, where it stops", outcome=_outcome(source, line))
            for notebook, (module, line) in sorted(_notebooks(modules, importers).items())
            if (source := project.load(PythonSource, notebook)) is not None
            and ((place := source.line_place(line)).path, place.cell) not in known
        ]
        if related:
            found[number] = meta, replace(finding, related=(*finding.related, *related))
    return found


def _outcome(source: PythonSource, line: int) -> RunOutcome:
    """What becomes of a notebook at an import; what it installs before may be what the module lacks."""
    last = source.cell_of(line).index
    before = (cell.source for cell in source.cells if cell.index <= last)
    return "may-stop" if any(_INSTALLING.search(text) for text in before) else "stops"


def _modules(meta: RuleMeta, finding: Finding) -> Iterable[str]:
    """The modules that cannot be imported."""
    place = finding.place
    if meta.outcome(finding) == "stops" and (_is_at_import(place) or _is_broken(meta, place)):
        yield place.path
    for other in finding.related:
        if other.outcome == "stops" and _is_at_import(other.place):
            yield other.place.path


def _is_at_import(place: Place) -> bool:
    if not place.path.endswith(".py") or not place.excerpt:
        return False
    line = place.excerpt[0]
    return not line[:1].isspace() and not line.startswith(_LATER) and "lambda" not in line


def _is_broken(meta: RuleMeta, place: Place) -> bool:
    return meta.predicts == "start" and place.path.endswith(".py")


def _importers(project: Project) -> Edges:
    index = project.fact(ModuleIndex)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for path, facts in project.file_facts(ImportFacts).items():
        for one in facts.imports:
            if one.straight and one.kind in ("plain", "dynamic"):
                for target in index.resolve(path, one.module, one.level, one.name):
                    found[target].setdefault(path, one.line)
    return found


def _notebooks(modules: Iterable[str], importers: Edges) -> dict[str, tuple[str, int]]:
    """The notebooks that run one of the modules: which module of theirs leads there, and the first line that does."""
    found: dict[str, tuple[str, int]] = {}
    seen = set(modules)
    queue = sorted(seen)
    while queue:
        module = queue.pop()
        for path, line in importers.get(module, {}).items():
            if path.endswith(".ipynb"):
                if path not in found or line < found[path][1]:
                    found[path] = module, line
            elif path not in seen:
                seen.add(path)
                queue.append(path)
    return found
