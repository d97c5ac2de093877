"""Run linters on programs and tell which programs each of them speaks of.

Every program lies in a folder of its own, so that a linter that judges repositories judges each program by itself. No
two files have the same name: pylint takes them for one module.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Verdicts = dict[str, list[str]]
"""What a linter says of each program, by the name of its folder; a program that is not in it is not flagged."""

_DSLINTER = "W5507,W5508,W5509,W5510,W5511,W5512"
_ALL_MODULES = [
    f"--no_main_module_check_{name}=y"
    for name in (
        "randomness_control_pytorch",
        "deterministic_pytorch",
        "randomness_control_numpy",
        "randomness_control_tensorflow",
    )
]


def repro_lint(tree: Path, severities: Sequence[str] = ("error", "warning")) -> Verdicts:
    """The findings of all RNG rules that have one of the severities, each with its rule, line and message."""
    command = [sys.executable, "-m", "repro_lint", "--isolated", "--level", "production", "--select", "RNG"]
    found: Verdicts = defaultdict(list)
    for finding in _json([*command, "--output-format", "json", str(tree)])["diagnostics"]:
        if finding["severity"] in severities:
            place = finding["locations"][0]
            found[place["path"].split("/")[-2]].append(f"{finding['rule']} line {place['line']}: {finding['message']}")
    return found


def ruff(tree: Path) -> Verdicts:
    """ruff's rules about NumPy's old interface and about guessable randomness: its only ones near the matter."""
    command = [str(Path(sys.executable).with_name("ruff")), "check", "--isolated", "--no-cache", "--select"]
    found: Verdicts = defaultdict(list)
    for finding in _json([*command, "NPY002,S311", "--output-format", "json", str(tree)]):
        found[Path(finding["filename"]).parent.name].append(finding["code"])
    return found


def rrdoctor(program: Path, tree: Path) -> Verdicts:
    """RRD052, unseeded randomness."""
    options = ["scan", ".", "--include", "RRD052", "--profile", "ml", "--format", "json", "--quiet"]

    def judge(folder: Path) -> list[str]:
        return [each["message"] for each in _json([str(program), *options], folder)["findings"]]

    return _of_each(tree, judge)


def reprolint(program: Path, tree: Path) -> Verdicts:
    """The check ``Random seeds``, which asks whether a repository has any call that seeds."""

    def judge(folder: Path) -> list[str]:
        text = _output([str(program), "."], folder)
        if "Random seeds" not in text:
            raise SystemExit(f"{program}: {text}")
        return ["no seed is set"] if "No random seed is set" in text else []

    return _of_each(tree, judge)


def dslinter(python: Path, tree: Path, options: Sequence[str] = ()) -> Verdicts:
    """The rules about controlled randomness. They skip files without a main guard, unless told otherwise."""
    command = [str(python), "-m", "pylint", "--load-plugins=dslinter", "--disable=all", f"--enable={_DSLINTER}"]
    found: Verdicts = defaultdict(list)
    files = sorted(str(path) for path in tree.glob("*/*.py"))
    for finding in _json([*command, *options, "--output-format=json", *files]):
        found[Path(finding["path"]).parent.name].append(f"{finding['message-id']} line {finding['line']}")
    return found


def linters(peers: Path | None) -> dict[str, Callable[[Path], Verdicts]]:
    """repro-lint, ruff and what is installed in ``peers``: a virtual environment for each, by its name."""
    found: dict[str, Callable[[Path], Verdicts]] = {
        "repro-lint": repro_lint,
        "repro-lint with notes": lambda tree: repro_lint(tree, ("error", "warning", "note")),
        "ruff NPY002, S311": ruff,
    }
    for name, run in (("rrdoctor", rrdoctor), ("reprolint", reprolint)):
        program = peers and peers.absolute() / name / "bin" / name
        if program and program.exists():
            found[name] = lambda tree, run=run, program=program: run(program, tree)  # type: ignore[misc]
    python = peers and peers.absolute() / "dslinter" / "bin" / "python"
    if python and python.exists():
        found["dslinter"] = lambda tree: dslinter(python, tree)
        found["dslinter, all modules"] = lambda tree: dslinter(python, tree, _ALL_MODULES)
    return found


def _of_each(tree: Path, judge: Callable[[Path], list[str]]) -> Verdicts:
    folders = sorted(tree.iterdir())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return {folder.name: said for folder, said in zip(folders, pool.map(judge, folders), strict=True) if said}


def _json(command: list[str], folder: Path | None = None) -> Any:
    return json.loads(_output(command, folder))


def _output(command: list[str], folder: Path | None) -> str:
    """What a linter prints.

    Raises:
        SystemExit: it says nothing; the message has its errors.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip() or 'no output'}")
    return done.stdout
