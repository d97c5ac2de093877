"""Time repro-lint beside ruff and its peers, in turn on the same trees.

    python -m benchmarks.speed [--runs N] [--peers VENV] [--scaling] [--profile] TREE [TREE ...]

Prints, for each tree, medians of wall time, processor time and peak memory, and how many times as long repro-lint
takes. Absolute times depend on the machine; ratios of one run hold better, and those of processor time best.
``--peers`` names a virtual environment with any of rrdoctor, reprocheck-cli, deptry, detect-secrets, bandit, pynblint.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import io
import math
import os
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.speed.measure import Command, Figures, in_turn, median, ratio
from benchmarks.speed.trees import committed_copy, series

_PYDANTIC = """
from pydantic import BaseModel
class A(BaseModel):
    x: int
    y: str
class B(BaseModel):
    a: list[A]
    z: float
"""
_SIZES = (100, 300, 1_000, 3_000, 10_000)
COLD, WARM = "repro-lint, cold", "repro-lint, warm"
EDITED, HOOK = "repro-lint, one file edited", "repro-lint FILE (the hook), edited"


def ours(tree: Path, cache: Path) -> list[Command]:
    """repro-lint without anything kept, with everything kept, and after one edit."""
    run = [sys.executable, "-m", "repro_lint", "--isolated"]
    environment = {"REPRO_LINT_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": ""}
    edited = next(path for path in sorted(tree.rglob("*.py")) if ".git" not in path.parts)
    text = edited.read_bytes()
    numbers = iter(range(10**6))

    def edit() -> None:
        edited.write_bytes(text + f"\n# {next(numbers)}\n".encode())

    def restore() -> None:
        edited.write_bytes(text)

    def warm_up() -> None:
        restore()
        subprocess.run([*run, tree], env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False)

    return [
        Command(COLD, [*run, "--no-cache", tree], environment, restore),
        Command(WARM, [*run, tree], environment, warm_up),
        Command(EDITED, [*run, tree], environment, edit),
        Command(HOOK, [*run, edited], environment, edit),
    ]


def others(tree: Path, peers: Path | None, reports: Path) -> list[Command]:
    """What to compare with."""
    ruff = Path(sys.executable).parent / "ruff"
    checks = [str(ruff), "check", "--no-cache", "--isolated", "--exit-zero", "-q", str(tree)]
    found = [
        Command("python, pydantic and two models", [sys.executable, "-c", _PYDANTIC], {}),
        Command("ruff check, default rules", checks, {}),
    ]
    tools = {
        "rrdoctor": ["rrdoctor", "scan", str(tree)],
        "reprocheck-cli": ["reprocheck", "scan", "--output-dir", str(reports), str(tree)],
        "deptry": ["deptry", "."],
        "detect-secrets -n": ["detect-secrets", "-c", "1", "scan", "-n", "--all-files", str(tree)],
        "bandit": ["bandit", "-q", "-r", "--exit-zero", str(tree)],
        "pynblint": ["pynblint", str(tree)],
    }
    for name, (program, *arguments) in tools.items() if peers else ():
        path = Path(str(peers), "bin", program)
        if path.exists():
            found.append(Command(name, [path, *arguments], {}, folder=tree if name == "deptry" else None))
    return found


def table(taken: dict[str, list[Figures]]) -> None:
    """Print medians, and the ratios of our cold and warm runs to each."""
    print(f"  {'':<36}{'wall s':>8}{'cpu s':>8}{'MiB':>6}   cold: wall   cpu   warm: wall   cpu")
    for name, figures in taken.items():
        wall, cpu, memory = (median(figures, figure) for figure in ("wall", "cpu", "memory"))
        ratios = [
            f"{ratio(taken[mine], figures, figure):6.2f}" if mine in taken else "     -"
            for mine in (COLD, WARM)
            for figure in ("wall", "cpu")
        ]
        print(
            f"  {name:<36}{wall:8.3f}{cpu:8.3f}{memory:6.0f}        {ratios[0]}{ratios[1]}       {ratios[2]}{ratios[3]}"
        )


def scaling(trees: list[Path], folder: Path) -> None:
    """Print how the processor time of a cold run grows with the number of files."""
    points = []
    for size, root in series(trees, _SIZES, folder / "series"):
        cold = ours(root, folder / "cache")[0]
        taken = in_turn([cold], 1, folder / "report")[COLD]
        points.append((size, median(taken, "cpu"), median(taken, "memory")))
        print(f"  {size:>6} files {points[-1][1]:8.2f} s of processors {points[-1][2]:6.0f} MiB")
        shutil.rmtree(root)
    start = min(cpu for _, cpu, _ in points) / 2  # what a run takes for no files is not growth
    slope = statistics.linear_regression(
        [math.log(size) for size, _, _ in points[1:]], [math.log(cpu - start) for _, cpu, _ in points[1:]]
    ).slope
    print(f"  exponent {slope:.3f}")


def profile(tree: Path) -> None:
    """Print where a cold run in one process spends its time."""
    from repro_lint.cli import main as run

    profiler = cProfile.Profile()
    with contextlib.redirect_stdout(io.StringIO()):
        profiler.runcall(run, ["--isolated", "--no-cache", "-j1", str(tree)])
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).sort_stats("tottime").print_stats(25)
    print(text.getvalue())


def main() -> int:
    """Print a table for each tree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each command, after one that is not")
    parser.add_argument("--peers", type=Path, metavar="VENV", help="an environment with other tools")
    parser.add_argument("--scaling", action="store_true", help="measure the growth with the number of files, too")
    parser.add_argument("--profile", action="store_true", help="print a profile of the first tree, too")
    parser.add_argument("trees", nargs="*", type=Path, default=[Path("src"), Path("tests")])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="repro-lint-speed-") as name:
        folder = Path(name).resolve()
        for number, tree in enumerate(options.trees):
            copy = committed_copy(tree.resolve(), folder / f"{number}" / tree.resolve().name)
            files = sum(path.is_file() for path in copy.rglob("*") if ".git" not in path.parts)
            print(f"{tree.resolve().name}: {files} files")
            commands = [*ours(copy, folder / "cache"), *others(copy, options.peers, folder / "reports")]
            table(in_turn(commands, options.runs, folder / "report"))
        if options.scaling:
            print("growth")
            scaling([tree.resolve() for tree in options.trees], folder)
    if options.profile:
        profile(options.trees[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
