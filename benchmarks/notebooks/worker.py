"""Execute notebooks top to bottom and write down what failed first. Runs with the Python of the notebooks' environment.

    python worker.py JOBS.jsonl RESULTS.jsonl SCRATCH [--limit SECONDS] [--nbclient]

A job is {"id", "notebook", "repository", "folder"}: the file to execute, the repository it is executed in, and the
folder in it that is the working directory. Each repository is copied to SCRATCH first, and what an execution changed
there is put back before the next one. Standard library only, apart from what executes.

Without --nbclient each notebook runs in a plain IPython shell, in a process forked from one that has already imported
the usual libraries: a second instead of several. --nbclient runs a real kernel instead, to check the first.
"""

# repro-lint: file-ignore[undeclared-import] what executes belongs to the environment of the notebooks
from __future__ import annotations

import argparse
import builtins
import contextlib
import importlib
import json
import os
import re
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

_WARM = ("numpy", "pandas", "matplotlib.pyplot", "IPython.core.interactiveshell", "IPython.core.error", "nbformat")


class Scratch:
    """Copies of repositories that are put back to their first state after each execution."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._states: dict[Path, dict[str, tuple[int, int]]] = {}

    def copy_of(self, repository: Path) -> Path:
        """The copy of a repository, as the original is."""
        copy = self._root / repository.name
        if repository not in self._states:
            shutil.copytree(repository, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            self._states[repository] = self._state(copy)
        return copy

    def restore(self, repository: Path) -> None:
        """Take away what was made in the copy, and copy again what was changed or deleted."""
        copy, before = self._root / repository.name, self._states[repository]
        after = self._state(copy)
        for name in after.keys() - before.keys():
            (copy / name).unlink()
        for name in before:
            if after.get(name) != before[name]:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(repository / name, copy / name, follow_symlinks=False)
        for folder, _, _ in os.walk(copy, topdown=False):  # an emptied folder that the repository lacks
            if not (repository / Path(folder).relative_to(copy)).is_dir():
                Path(folder).rmdir()

    @staticmethod
    def _state(copy: Path) -> dict[str, tuple[int, int]]:
        found = {}
        for folder, _, names in os.walk(copy):
            for name in names:
                path = Path(folder) / name
                status = path.lstat()
                found[str(path.relative_to(copy))] = (status.st_size, status.st_mtime_ns)
        return found


def cells_of(notebook: Path) -> list[tuple[int, str, bool]]:
    """The code cells that a client would send: index over all cells, source, and whether an error is expected."""
    content = importlib.import_module("nbformat").read(notebook, as_version=4)
    return [
        (index, cell.source, "raises-exception" in cell.metadata.get("tags", []))
        for index, cell in enumerate(content.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def run_in_shell(notebook: Path) -> dict[str, Any]:
    """What failed first in a plain IPython shell in this process."""
    config = importlib.import_module("traitlets.config").Config()
    config.HistoryManager.enabled = False
    shell_type = importlib.import_module("IPython.core.interactiveshell").InteractiveShell
    no_input = importlib.import_module("IPython.core.error").StdinNotImplementedError

    def refuse(*_: object) -> str:
        raise no_input("raw_input was called, but this frontend does not support input requests.")

    builtins.input = refuse
    shell_type.enable_gui = lambda *_: None  # a kernel has a loop for windows, the plain shell refuses
    shell = shell_type.instance(config=config)
    for index, source, may_fail in cells_of(notebook):
        result = shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not may_fail:
            return {"status": "error", "cell": index, **_described(error, shell.user_ns)}
    return {"status": "ok"}


def _described(error: BaseException, user_ns: dict[str, Any]) -> dict[str, Any]:
    """Type and text of an exception; ``name`` for a NameError that code of the notebook itself raised."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    own = innermost is not None and innermost.tb_frame.f_globals is user_ns
    name = error.name if type(error) is NameError and own else None
    return {"ename": type(error).__name__, "evalue": str(error)[:300], "name": name}


def run_in_kernel(notebook: Path, limit: float) -> dict[str, Any]:
    """What failed first in a kernel of its own. A NameError's name is read from its message."""
    nbclient = importlib.import_module("nbclient")
    content = importlib.import_module("nbformat").read(notebook, as_version=4)
    # Sockets in the file system: a network namespace of its own has no loopback device that is up.
    manager = importlib.import_module("jupyter_client.manager").AsyncKernelManager(
        kernel_name="python3", transport="ipc"
    )
    client = nbclient.NotebookClient(
        content, km=manager, timeout=limit, resources={"metadata": {"path": str(Path.cwd())}}
    )
    started: list[int] = []
    client.on_cell_execute = lambda cell, cell_index: started.append(cell_index)
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        match = re.search(r"name '(\w+)' is not defined", error.evalue) if error.ename == "NameError" else None
        name = match.group(1) if match else None
        return {
            "status": "error",
            "cell": started[-1],
            "ename": error.ename,
            "evalue": error.evalue[:300],
            "name": name,
        }
    return {"status": "ok"}


def in_child(notebook: Path, folder: Path, limit: float, nbclient: bool) -> dict[str, Any]:
    """The outcome of a notebook, executed in a forked process without input or output; also timeout, died."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.chdir(folder)
        try:
            outcome = run_in_kernel(notebook, limit) if nbclient else run_in_shell(notebook)
        except BaseException as error:  # SystemExit of a cell, a kernel that died: all end this process only
            outcome = {"status": "died", "ename": type(error).__name__, "evalue": str(error)[:300]}
        os.write(writing, json.dumps(outcome).encode())
        os._exit(0)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], limit)
        if not ready:
            return {"status": "timeout"}
        with os.fdopen(os.dup(reading), "rb") as pipe:
            sent = pipe.read()
        return dict(json.loads(sent)) if sent else {"status": "died", "ename": "", "evalue": "no answer"}
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)


def main() -> int:
    """Execute the jobs one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--limit", type=float, default=60.0, help="wall seconds of one notebook")
    parser.add_argument("--nbclient", action="store_true", help="use a kernel for each notebook")
    options = parser.parse_args()

    sys.path[0] = ""  # a kernel's first entry is the working directory
    scratch = Scratch(options.scratch.absolute())
    for module in _WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    with options.results.open("a", encoding="utf-8") as results:
        for line in options.jobs.read_text(encoding="utf-8").splitlines():
            job = json.loads(line)
            repository = Path(job["repository"])
            folder = scratch.copy_of(repository) / job["folder"]
            start = time.monotonic()
            outcome = in_child(Path(job["notebook"]), folder, options.limit, options.nbclient)
            outcome["seconds"] = round(time.monotonic() - start, 2)
            scratch.restore(repository)
            results.write(json.dumps({"id": job["id"], **outcome}) + "\n")
            results.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
