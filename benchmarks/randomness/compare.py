"""Compare what linters say of programs with whether their results repeat.

    python -m benchmarks.randomness.compare programs PROGRAMS TRUTH.jsonl [--peers FOLDER] [--show]
    python -m benchmarks.randomness.compare cases CASES.jsonl [--peers FOLDER] [--show]

PROGRAMS and TRUTH.jsonl are what `oracle.py` ran and wrote, CASES.jsonl is what `score.py` reads. A program is flagged
if a linter has any finding on it (of repro-lint: a warning or an error of the RNG rules). Precision is the share of
flagged programs whose results differ between runs, recall the share of programs with differing results that are
flagged. Prints a line for each linter, how many programs of each cause each of them flags, and with ``--show`` every
program that repro-lint judges otherwise than the runs did.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.randomness.linters import Verdicts, linters


@dataclass(frozen=True)
class Program:
    """A program and why its results differ between runs (nothing if they do not)."""

    name: str
    code: str
    causes: tuple[str, ...]


def executed(programs: Path, truth: Path) -> list[Program]:
    """The programs of a folder with what their runs showed.

    Raises:
        SystemExit: the two do not belong together, or a program did not run.
    """
    found = []
    lines = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        code = (programs / f"{line['id']}.py").read_bytes()
        if "error" in line or hashlib.sha256(code).hexdigest() != line["sha256"]:
            raise SystemExit(f"{line['id']}: {line.get('error', 'changed since it was run')}; run oracle.py")
        found.append(Program(line["id"], code.decode(), tuple(line["causes"])))
    if absent := {path.stem for path in programs.glob("*.py")} - {line["id"] for line in lines}:
        raise SystemExit(f"never run: {', '.join(sorted(absent))}; run oracle.py")
    return found


def labelled(cases: Path) -> list[Program]:
    """The programs of labelled lines."""
    lines = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    return [Program(line["id"], line["code"], tuple(line["expected"])) for line in lines]


def main() -> int:
    """Print the figures; 1 if repro-lint judges a program otherwise than the runs did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind in (kinds.add_parser("programs"), kinds.add_parser("cases")):
        kind.add_argument("source", type=Path)
        if kind.prog.endswith("programs"):
            kind.add_argument("truth", type=Path)
        kind.add_argument("--peers", type=Path, help="a folder with a virtual environment for each other linter")
        kind.add_argument("--show", action="store_true", help="print the programs that repro-lint judges otherwise")
    options = parser.parse_args()
    programs = executed(options.source, options.truth) if options.kind == "programs" else labelled(options.source)
    with tempfile.TemporaryDirectory() as folder:
        for program in programs:
            place = Path(folder) / program.name / f"{program.name.replace('-', '_')}.py"
            place.parent.mkdir()
            place.write_text(program.code, encoding="utf-8")
        said = {name: run(Path(folder)) for name, run in linters(options.peers).items()}
    _print_figures(programs, said)
    ours = said["repro-lint"]
    wrong = [program for program in programs if bool(program.causes) != bool(ours.get(program.name))]
    for program in wrong if options.show else ():
        print(f"\n{program.name}: {', '.join(program.causes) or 'the results repeat'}")
        print("\n".join(f"  {finding}" for finding in ours.get(program.name, [])) or "  not flagged")
    return int(bool(wrong))


def _print_figures(programs: list[Program], said: dict[str, Verdicts]) -> None:
    differing = Counter(cause for program in programs for cause in program.causes)
    clean = sum(not program.causes for program in programs)
    print(f"{len(programs)} programs, the results of {clean} repeat\n")
    print(f"{'':24} {'TP':>4} {'FP':>4} {'FN':>4} {'P':>6} {'R':>6}")
    for name, verdicts in said.items():
        hits = sum(bool(program.causes) and bool(verdicts.get(program.name)) for program in programs)
        false = sum(not program.causes and bool(verdicts.get(program.name)) for program in programs)
        missed = len(programs) - clean - hits
        precision = f"{hits / (hits + false):.2f}" if hits + false else "-"
        print(f"{name:24} {hits:4} {false:4} {missed:4} {precision:>6} {hits / (hits + missed):6.2f}")
    print("\nflagged, by cause")
    for cause, total in sorted(differing.items()):
        flagged = [
            f"{name} {sum(cause in program.causes and bool(verdicts.get(program.name)) for program in programs)}"
            for name, verdicts in said.items()
        ]
        print(f"  {cause} ({total}): {', '.join(flagged)}")


if __name__ == "__main__":
    sys.exit(main())
