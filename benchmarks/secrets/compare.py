"""Compare what repro-lint, detect-secrets, bandit and ruff find of labelled cases, and what they say about real code.

    python -m benchmarks.secrets.compare --tools VENV [--seed N] [--trees TREE ...] [--read FILE]

VENV is a virtual environment with detect-secrets and bandit (they are no dependencies of the project). Cases are made
anew: no file holds one. Of the trees everything is counted per 10,000 lines; ``--read`` writes what repro-lint says
about them, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.secrets import harmless
from benchmarks.secrets.cases import Case, connections, named, structural

Found = dict[str, int]
"""The number of findings by path, relative to the tree."""
TIMEOUT = 240
"""Seconds of wall time that a tool gets for a tree."""
_RULES = "provider-token,hardcoded-credential,credential-in-url,private-key,secret-in-output,credential-in-command"


def run(command: list[str], tree: Path) -> str:
    """What the command prints when it runs in the tree."""
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=TIMEOUT).stdout


def count(paths: Iterable[str], tree: Path) -> Found:
    """How often each path occurs."""
    found: Found = defaultdict(int)
    for path in paths:
        relative = Path(path)
        found[(relative.relative_to(tree) if relative.is_absolute() else relative).as_posix()] += 1
    return found


def repro_lint(tree: Path) -> list[dict[str, str]]:
    """The diagnostics of repro-lint."""
    # Not with `-m`: that would import what the tree calls like a module of Python.
    program = str(Path(sys.executable).with_name("repro-lint"))
    command = [program, "check", "--isolated", "--level", "production", "--fail-on", "never"]
    return list(json.loads(run([*command, "--select", _RULES, "--output-format", "json", "."], tree))["diagnostics"])


def tools(venv: Path) -> dict[str, Callable[[Path], Found]]:
    """Each tool as a function of a tree."""

    def ours(tree: Path) -> Found:
        return count((d["locations"][0]["path"] for d in repro_lint(tree)), tree)  # type: ignore[index]

    def detect_secrets(tree: Path) -> Found:
        report = json.loads(run([str(venv / "bin/detect-secrets"), "scan", "-n", "--all-files", "."], tree))
        return count((path for path, found in report["results"].items() for _ in found), tree)

    def bandit(tree: Path) -> Found:
        report = run([str(venv / "bin/bandit"), "-q", "-r", ".", "-t", "B105,B106,B107", "-f", "json"], tree)
        return count((result["filename"] for result in json.loads(report)["results"]), tree)

    def ruff(tree: Path) -> Found:
        command = [str(Path(sys.executable).parent / "ruff"), "check", "--isolated", "--no-cache", "--exit-zero"]
        report = run([*command, "--select", "S105,S106,S107", "--output-format", "json", "."], tree)
        return count((result["filename"] for result in json.loads(report)), tree.resolve())

    return {"repro-lint": ours, "detect-secrets": detect_secrets, "bandit": bandit, "ruff": ruff}


def write(cases: list[Case], root: Path, *, notebooks: bool = False) -> None:
    """Each case in a folder of its own; with ``notebooks`` Python files as notebooks of one cell."""
    for number, case in enumerate(cases):
        path = root / f"{number:05}" / case.path
        path.parent.mkdir(parents=True)
        if notebooks and path.suffix == ".py":
            cell = {
                "cell_type": "code",
                "id": "a",
                "metadata": {},
                "outputs": [],
                "execution_count": 1,
                "source": case.text,
            }
            metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
            text = json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
            path.with_suffix(".ipynb").write_text(text, encoding="utf-8")
        else:
            path.write_text(case.text, encoding="utf-8")


def folders(found: Found) -> set[int]:
    """The numbers of the cases that something was found in."""
    return {int(path.partition("/")[0]) for path in found}


def labelled(seed: int) -> list[Case]:
    """All cases of one run."""
    source = random.Random(seed)
    cases = [*structural(source), *connections(source), *named(source)]
    return cases + [Case("harmless", path, path, f"{line}\n", False) for path, line in harmless.lines(source)]


def compare_cases(cases: list[Case], by_tool: dict[str, Callable[[Path], Found]], missed: bool) -> None:
    """Print the share of the cases of each group and kind in which each tool found something."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        write(cases, Path(folder))
        for name, tool in by_tool.items():
            results[name] = folders(tool(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        write(cases, Path(folder), notebooks=True)
        results["repro-lint, .ipynb"] = folders(by_tool["repro-lint"](Path(folder)))
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        rows[case.group, ""].append(number)
        if case.secret:
            rows[case.group, case.kind].append(number)
    print(f"{'':42}{'cases':>6}" + "".join(f"{name:>20}" for name in results))
    for (group, kind), numbers in rows.items():
        shares = "".join(f"{len(found.intersection(numbers)) / len(numbers):>20.3f}" for found in results.values())
        print(f"{group + (': ' + kind if kind else ''):42}{len(numbers):>6}{shares}")
    for number, case in enumerate(cases):
        if missed and case.secret != (number in results["repro-lint"]):
            print("MISSED" if case.secret else "FLAGGED", case.kind, case.path, repr(case.text))


def compare_trees(trees: list[Path], by_tool: dict[str, Callable[[Path], Found]], read: Path | None) -> None:
    """Print what each tool finds per 10,000 lines of each tree."""
    print(f"{'':42}{'lines':>9}" + "".join(f"{name:>22}" for name in by_tool))
    for tree in trees:
        lines = sum(
            p.read_bytes().count(b"\n") for p in tree.rglob("*") if p.suffix in (".py", ".ipynb") and p.is_file()
        )
        row = ""
        for tool in by_tool.values():
            begin = time.perf_counter()
            try:
                total = sum(tool(tree).values())
            except subprocess.TimeoutExpired:
                row += f"{'over ' + str(TIMEOUT) + 's':>22}"
                continue
            row += f"{total:>7}{total / max(lines, 1) * 10_000:>8.2f}{time.perf_counter() - begin:>6.0f}s"
        print(f"{tree.name[:41]:42}{lines:>9}{row}", flush=True)
        if read is not None:
            with read.open("a", encoding="utf-8") as file:
                for diagnostic in repro_lint(tree):
                    file.write(json.dumps({"tree": tree.name, **diagnostic}) + "\n")


def main() -> None:
    """Run the comparison that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trees", type=Path, nargs="*", default=[])
    parser.add_argument("--read", type=Path)
    parser.add_argument("--missed", action="store_true", help="print the cases that repro-lint judges wrongly")
    arguments = parser.parse_args()
    by_tool = tools(arguments.tools)
    if arguments.trees:
        compare_trees([tree.resolve() for tree in arguments.trees], by_tool, arguments.read)
    else:
        compare_cases(labelled(arguments.seed), by_tool, arguments.missed)


if __name__ == "__main__":
    main()
