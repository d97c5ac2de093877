"""Compare the verdict on notebooks with what happened when they were executed.

    python -m benchmarks.verdict.executed LABELS.jsonl CHECKOUTS ENVIRONMENT

LABELS and CHECKOUTS are those of ``benchmarks.notebooks.executed``; ENVIRONMENT is what was installed, one
``name==version`` a line. Each repository is checked as a whole, in a copy whose only manifest is ENVIRONMENT. Run it
from the root of this repository; README.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from benchmarks.notebooks.executed import Executed, executed_notebooks
from benchmarks.notebooks.figures import Share, table
from benchmarks.notebooks.linters import beside_python

# What would declare another environment than the one in which the notebooks were executed.
_MANIFESTS = (
    *("requirements*", "*requirements.txt", "*.lock", "environment*.y*ml", "conda*.y*ml", "binder", "pyproject.toml"),
    *("setup.py", "setup.cfg", "Pipfile", "pixi.toml", "Dockerfile*", "runtime.txt", ".python-version", "tox.ini"),
)


@dataclass
class Predicted:
    """What repro-lint says of one notebook: rules by cell, counted from 0; -1 for the file as a whole."""

    outcome: str
    cell: int | None
    network: int | None
    data: int | None
    errors: set[int] = field(default_factory=set)
    stops: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    may_stop: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def predictions(repro_lint: Path, repository: Path, environment: Path) -> dict[str, Predicted]:
    """The predictions by the notebook's path, for a copy of the repository that requires the environment."""
    with tempfile.TemporaryDirectory(prefix=".verdict-", dir=repository.parent) as scratch:
        copy = Path(scratch).resolve() / repository.name
        shutil.copytree(repository, copy, symlinks=True, copy_function=_link, ignore=_left_out)
        shutil.copy(environment, copy / "requirements.txt")
        command = [str(repro_lint), "check", "--isolated", "--fail-on", "never"]
        finished = subprocess.run(
            [*command, "--output-format", "json", str(copy)], capture_output=True, text=True, check=False
        )
        if finished.returncode:
            raise RuntimeError(f"{repository}: {finished.stderr[-500:]}")
        return _read(json.loads(finished.stdout))


def _link(source: str, target: str) -> None:
    """A hard link: checkouts are read only, and copying their data would take longest."""
    os.link(source, target, follow_symlinks=False)


def _left_out(folder: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name == ".git" or any(fnmatch(name, pattern) for pattern in _MANIFESTS)]


def _read(report: dict[str, Any]) -> dict[str, Predicted]:
    found = {}
    for notebook in report["notebooks"]:
        verdict = notebook["verdict"]
        stop = verdict["stops"] or verdict["may_stop"]
        found[notebook["path"]] = Predicted(
            verdict["outcome"],
            stop and _cell(stop),
            verdict["needs_network"] and _cell(verdict["needs_network"]),
            verdict["needs_data"] and _cell(verdict["needs_data"]),
        )
    for diagnostic in report["diagnostics"]:
        for place in diagnostic["locations"]:
            if place["path"] in found and place["outcome"] in ("stops", "may-stop"):
                one = found[place["path"]]
                cells = one.stops if place["outcome"] == "stops" else one.may_stop
                cells[_cell(place)].append(f"{diagnostic['code']} {diagnostic['message']}")
                if place["outcome"] == "stops" or (place["primary"] and diagnostic["severity"] == "error"):
                    one.errors.add(_cell(place))
    return found


def _cell(place: dict[str, Any]) -> int:
    return place["cell"]["index"] - 1 if place["cell"] else -1


@dataclass(frozen=True)
class Compared:
    """One notebook: what happened, and what was predicted."""

    one: Executed
    predicted: Predicted

    @property
    def hit(self) -> bool:
        """Whether an error is on the cell that failed first."""
        return self.one.cell in self.predicted.errors

    @property
    def exact(self) -> bool:
        """Whether that is the cell the verdict names."""
        return self.predicted.outcome == "stops" and self.predicted.cell == self.one.cell

    @property
    def needs_data_falsely(self) -> bool:
        """Whether data are said to be lacking in a cell that passed."""
        cell = self.predicted.data
        return cell is not None and (self.one.ran or (self.one.cell is not None and cell < self.one.cell))

    def false(self, cells: dict[int, list[str]]) -> Iterator[tuple[int, str]]:
        """What is said of cells that passed."""
        for cell, said in sorted(cells.items()):
            if self.one.ran or (self.one.cell is not None and cell < self.one.cell):
                yield from ((cell, text) for text in said)


def print_failures(found: Sequence[Compared]) -> None:
    """The shares of failures that are found, by cause, and then each miss."""
    groups = [("all", found)]
    for cause, _ in Counter(each.one.cause for each in found).most_common():
        groups.append((cause, [each for each in found if each.one.cause == cause]))
    rows = []
    for cause, group in groups:
        shares = (
            sum(each.hit for each in group),
            sum(each.exact for each in group),
            sum(each.one.cell in each.predicted.may_stop and not each.hit for each in group),
            sum(each.predicted.outcome == "stops" for each in group),
        )
        rows.append((cause, *(Share(count, len(group)) for count in shares)))
    print(
        table(("failures", "error on the cell", "named by the verdict", "only `may stop`", "said to stop"), rows), "\n"
    )
    for each in found:
        if not each.hit:
            one, said = each.one, each.predicted
            print(f"  missed ({one.cause}): {one.label} cell {one.cell}: {one.ename}: {one.evalue[:90]!r}")
            print(
                f"      said: {said.outcome} at {said.cell}, data at {said.data}, may stop at {sorted(said.may_stop)}"
            )


def print_false(found: Sequence[Compared]) -> None:
    """Each claim about a cell that passed."""
    ran = [each for each in found if each.one.ran]
    rows = [
        ("ran, with an error on a cell", _share(ran, lambda each: bool(each.predicted.errors))),
        ("ran, and nothing was found", _share(ran, lambda each: each.predicted.outcome == "nothing-found")),
        ("an error on a cell that passed", _share(found, lambda each: any(each.false(each.predicted.stops)))),
        ("data needed in a cell that passed", _share(found, lambda each: each.needs_data_falsely)),
        ("`may stop` on a cell that passed", _share(found, lambda each: any(each.false(each.predicted.may_stop)))),
    ]
    print(table(("notebooks", "share"), rows), "\n")
    for each in found:
        for kind, cells in (("stops", each.predicted.stops), ("may stop", each.predicted.may_stop)):
            for cell, text in each.false(cells):
                print(f"  false ({kind}): {each.one.label} cell {cell}: {text}")


def _share(found: Sequence[Compared], holds: Callable[[Compared], bool]) -> Share:
    return Share(sum(map(holds, found)), len(found))


def main() -> int:
    """Print the figures of the random sample, then those of notebooks that need the network and that were picked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--repro-lint", type=Path, default=beside_python("repro-lint"))
    options = parser.parse_args()
    executed = [one for one in executed_notebooks(options.labels, options.checkouts) if one.is_decided]
    executed = [one for one in executed if one.notebook.is_file()]
    found = []
    for repository in dict.fromkeys(one.repository for one in executed):
        said = predictions(options.repro_lint, repository, options.environment)
        for one in executed:
            if one.repository == repository:
                found.append(Compared(one, said[one.notebook.relative_to(repository).as_posix()]))
    sample = [each for each in found if not each.one.targeted]
    print("## Failures, without those for want of the network\n")
    print_failures([each for each in sample if not each.one.ran and each.one.cause != "network"])
    print("\n## Cells that passed\n")
    print_false(sample)
    network = [each for each in sample if each.one.cause == "network"]
    named = Share(sum(each.predicted.network == each.one.cell for each in network), len(network))
    print(f"\n## Failures for want of the network: on the cell {named}\n")
    for each in network:
        if each.predicted.network != each.one.cell:
            print(f"  {each.one.label} cell {each.one.cell}: said {each.predicted.network}: {each.one.evalue[:80]!r}")
    print("\n## Picked notebooks\n")
    print_failures([each for each in found if each.one.targeted and not each.one.ran])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
