"""Time repro-lint against ruff and against a Python that imports pydantic, in turn on the same trees.

    python benchmarks/run.py [--runs N] TREE [TREE ...]

Prints the median wall time of each command and its ratio to repro-lint's, run by run. Absolute times depend on the
machine; ratios of one run hold better.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

_PYDANTIC = """
from pydantic import BaseModel
class A(BaseModel):
    x: int
    y: str
class B(BaseModel):
    a: list[A]
    z: float
"""


def commands(tree: Path) -> dict[str, list[str]]:
    """The commands to compare; repro-lint's comes first."""
    bin_ = Path(sys.executable).parent
    return {
        "repro-lint": [sys.executable, "-m", "repro_lint", "--isolated", str(tree)],
        "ruff check": [str(bin_ / "ruff"), "check", "--no-cache", "--isolated", "--exit-zero", "-q", str(tree)],
        "python, pydantic and two models": [sys.executable, "-c", _PYDANTIC],
    }


def seconds(command: list[str]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> int:
    """Print a table for each tree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command, after one that is not")
    parser.add_argument("trees", nargs="*", type=Path, default=[Path()])
    options = parser.parse_args()
    for tree in options.trees:
        timed: dict[str, list[float]] = {}
        for run in range(options.runs + 1):
            for name, command in commands(tree).items():
                taken = seconds(command)
                if run:
                    timed.setdefault(name, []).append(taken)
        ours = timed["repro-lint"]
        print(f"{tree.resolve().name}")
        for name, times in timed.items():
            ratios = statistics.median(a / b for a, b in zip(ours, times, strict=True))
            print(f"  {name:<32} {statistics.median(times):7.3f} s   repro-lint takes {ratios:5.2f} x as long")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
