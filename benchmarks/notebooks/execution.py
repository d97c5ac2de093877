"""Hand notebooks to workers in the environment that executes, without network, and collect what happened."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """A notebook to execute, the checkout it is executed in, and the folder in it to execute from."""

    key: str
    notebook: Path
    repository: Path
    folder: Path

    @property
    def id(self) -> str:
        """The key and what the notebook holds, so that an outcome is never taken for that of another notebook."""
        return f"{self.key} {hashlib.sha256(self.notebook.read_bytes()).hexdigest()[:16]}"

    def line(self) -> str:
        """The job as a worker reads it."""
        places = {"notebook": self.notebook, "repository": self.repository, "folder": self.folder}
        return json.dumps({"id": self.id, **{key: str(path) for key, path in places.items()}}) + "\n"


def offline() -> list[str]:
    """What to put before a command so that it has no network; nothing where the system does not permit it."""
    for prefix in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if (
            shutil.which(prefix[0])
            and not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
        ):
            return prefix
    return []


def execute(
    python: Path, jobs: Sequence[Job], kept: Path, limit: float, *, workers: int, nbclient: bool = False
) -> dict[str, Outcome]:
    """The outcome of each job by its key.

    Outcomes are kept in a folder as they come: what is found there is not executed again. Jobs that follow each other
    stay with one worker, so that it copies few repositories. Raises RuntimeError when a worker ends with an error.
    """
    kept.mkdir(parents=True, exist_ok=True)
    known = _known(kept)
    waiting = [job for job in jobs if job.id not in known]
    with tempfile.TemporaryDirectory() as scratch:
        running = []
        for number in range(workers):
            own = Path(scratch, str(number))
            own.mkdir()
            share = [job for position, job in enumerate(waiting) if position * workers // len(waiting) == number]
            (own / "jobs").write_text("".join(job.line() for job in share), encoding="utf-8")
            results = kept / f"{len(list(kept.iterdir())):03}.jsonl"
            results.touch()
            paths = [Path(__file__).with_name("worker.py"), own / "jobs", results.absolute(), own / "copies"]
            command = [*offline(), str(python), *map(str, paths), "--limit", str(limit)]
            with (own / "log").open("w") as log:
                process = subprocess.Popen(
                    [*command, *(["--nbclient"] if nbclient else [])], env=_environment(own), stdout=log, stderr=log
                )
            running.append((process, own / "log"))
        for process, errors in running:
            if process.wait():
                raise RuntimeError(f"a worker failed: {errors.read_text(errors='replace')[-2000:]}")
    known = _known(kept)
    return {job.key: known[job.id] for job in jobs}


def _known(kept: Path) -> dict[str, Outcome]:
    """The outcomes of earlier runs by the ids of their jobs; a line that an interruption cut short is passed over."""
    found = {}
    for path in sorted(kept.iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):
                outcome = json.loads(line)
                found[outcome.pop("id")] = outcome
    return found


def _environment(own: Path) -> dict[str, str]:
    """The environment of a worker: no windows, one thread, no way out, no settings of the user."""
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
    return {
        **os.environ,
        **dict.fromkeys(proxies, "http://127.0.0.1:9"),
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "IPYTHONDIR": str(own / "ipython"),
    }


def jobs_of(rows: Iterable[dict[str, Any]], output: Path, checkouts: Path) -> list[Job]:
    """A job for each mutant: executed in its repository's checkout, from the folder of the notebook."""
    jobs = []
    for row in rows:
        mutant = Path(row["mutant"])
        repository = (checkouts / mutant.parts[0]).absolute()
        jobs.append(Job(row["mutant"], (output / mutant).absolute(), repository, Path(*mutant.parts[1:]).parent))
    return jobs
