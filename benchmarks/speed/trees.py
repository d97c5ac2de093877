"""Trees to measure on: copies that may be changed, and series of growing size."""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

_SMALL = 200
_LARGE = 20_000


def git(root: Path, *arguments: str) -> None:
    """Run git there, as nobody in particular."""
    identity = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def committed_copy(tree: Path, target: Path) -> Path:
    """A copy of the tree in a repository of its own, with everything committed."""
    shutil.copytree(tree, target, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
    commit(target)
    return target


def commit(root: Path) -> None:
    """Make the directory a repository with all of its files."""
    git(root, "init", "-q")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "-m", "all")


def series(sources: Sequence[Path], sizes: Sequence[int], target: Path) -> Iterator[tuple[int, Path]]:
    """For each size a repository of so many Python files, drawn from those of the sources; the same each time."""
    files = [
        path
        for source in sources
        for path in sorted(source.rglob("*.py"))
        if ".git" not in path.parts and path.is_file() and _SMALL < path.stat().st_size < _LARGE
    ]
    if not files:
        raise SystemExit("the scaling series needs trees with Python files")
    drawn = random.Random(0).sample(files, len(files))
    for size in sizes:
        root = target / str(size)
        for number, path in enumerate(itertools.islice(itertools.cycle(drawn), size)):
            copy = root / f"part{number // 50}" / f"module{number}.py"
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        commit(root)
        yield size, root
