"""Score repro-lint's randomness rules on labelled programs.

    python benchmarks/randomness/score.py CASES.jsonl [--show]

Each line of the file is a program: ``id``, ``code`` and ``expected``, the tags of what makes two runs of it differ
(``unseeded-numpy``, ``missing-random-state``, ``seed-after-use`` ...; none for a program whose runs agree). Every
program is written to a folder of its own and all of them are linted in one run. Prints precision and recall of each
tag and the clean programs that were flagged; ``--show`` also prints every program with a wrong answer.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from repro_lint.registry import load_registry

RULES: dict[str, str | None] = {
    "unseeded-rng": None,
    "partial-seeding": None,
    "ineffective-seed": None,
    "insufficient-seed": None,
    "seed-from-entropy": None,
    "missing-random-state": "missing-random-state",
    "seed-after-use": "seed-after-use",
    "unordered-listing": "unordered-listing",
    "hash-order": "hash-order",
    "nondeterministic-gpu": "nondeterministic-gpu",
    "invalid-random-state": "invalid-random-state",
}
"""The tag of each rule; None where the generator that the finding names decides."""
_GENERATORS = {
    "NumPy": "unseeded-numpy",
    "Numba": "unseeded-numpy",
    "the generator of the random module": "unseeded-random",
    "PyTorch": "unseeded-torch",
    "TensorFlow": "unseeded-tensorflow",
    "Keras": "unseeded-tensorflow",
    "CuPy": "unseeded-cupy",
}
_DRAWS = re.compile(
    f"draws? from ({'|'.join(_GENERATORS)})|([\\w.]+) (?:without a seed starts from|is given no seed by)"
)
_MADE = {"random": "unseeded-random", "tf": "unseeded-tensorflow", "tensorflow": "unseeded-tensorflow"}


def tags(rule: str, texts: Iterable[str]) -> set[str]:
    """What a finding says, as tags."""
    fixed = RULES[rule]
    if fixed is not None:
        return {fixed}
    joined = "\n".join(texts)
    if rule == "seed-from-entropy" and "fresh entropy" not in joined:
        return {"seed-from-time"}
    found = set()
    for generator, made in _DRAWS.findall(joined):
        found.add(_GENERATORS[generator] if generator else _made_by(made))
    return found or {"missing-random-state"}


def _made_by(written: str) -> str:
    return _MADE.get(written.partition(".")[0], "unseeded-random" if written.endswith("Random") else "unseeded-numpy")


def findings(tree: Path) -> list[dict[str, Any]]:
    """The findings of the randomness rules in a tree."""
    names = {entry.meta.name for entry in load_registry()}
    selected = ",".join(sorted(names & set(RULES)))
    command = [sys.executable, "-m", "repro_lint", "--isolated", "--level", "production", "--select", selected]
    done = subprocess.run([*command, "--output-format", "json", str(tree)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    report: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return report["diagnostics"]


def main() -> int:
    """Print the figures; 1 if any program has a wrong answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--show", action="store_true", help="print the programs with a wrong answer")
    options = parser.parse_args()
    cases = {case["id"]: case for case in map(json.loads, options.cases.read_text(encoding="utf-8").splitlines())}
    got: dict[str, set[str]] = {name: set() for name in cases}
    texts: dict[str, list[str]] = {name: [] for name in cases}
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases.items():
            (Path(folder) / name).mkdir()
            (Path(folder) / name / "program.py").write_text(case["code"], encoding="utf-8")
        for finding in findings(Path(folder)):
            place, *related = finding["locations"]
            name = place["path"].split("/")[-2]
            got[name] |= tags(finding["rule"], [finding["message"], *(other.get("label") or "" for other in related)])
            texts[name].append(f"  {finding['rule']} line {place['line']}: {finding['message']}")
    wrong = _print_figures(cases, got)
    for name in wrong if options.show else ():
        print(f"\n{name}: expected {sorted(cases[name]['expected'])}, got {sorted(got[name])}: {cases[name]['note']}")
        print("\n".join(texts[name]))
    return int(bool(wrong))


def _print_figures(cases: dict[str, Any], got: dict[str, set[str]]) -> list[str]:
    """Print a line for each tag; returns the programs with a wrong answer."""
    expected = {name: set(case["expected"]) for name, case in cases.items()}
    print(f"{'tag':24} {'TP':>4} {'FP':>4} {'FN':>4} {'P':>6} {'R':>6}")
    total = [0, 0, 0]
    for tag in sorted(set().union(*expected.values(), *got.values())):
        hits = sum(tag in expected[name] & got[name] for name in cases)
        false = sum(tag in got[name] - expected[name] for name in cases)
        missed = sum(tag in expected[name] - got[name] for name in cases)
        total = [total[0] + hits, total[1] + false, total[2] + missed]
        print(_row(tag, hits, false, missed))
    print(_row("all", *total))
    clean = [name for name in cases if not expected[name]]
    flagged = [name for name in clean if got[name]]
    print(f"clean programs flagged: {len(flagged)} of {len(clean)}")
    return [name for name in cases if expected[name] != got[name]]


def _row(tag: str, hits: int, false: int, missed: int) -> str:
    precision = f"{hits / (hits + false):.2f}" if hits + false else "-"
    recall = f"{hits / (hits + missed):.2f}" if hits + missed else "-"
    return f"{tag:24} {hits:4} {false:4} {missed:4} {precision:>6} {recall:>6}"


if __name__ == "__main__":
    sys.exit(main())
