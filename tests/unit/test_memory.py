"""What has been looked at is let go: the trees of programs refer to themselves, so that only a collection frees them."""

from __future__ import annotations

import json
import weakref
from pathlib import Path

import pytest
from tests.conftest import MemoryView

from repro_lint import project as projects
from repro_lint import workers
from repro_lint.config import Configuration, Settings
from repro_lint.file_pass import FilePass, FileResult
from repro_lint.registry import load_registry
from repro_lint.session import Session, Target
from repro_lint.sources.python import PythonSource
from repro_lint.tables import validated

PROGRAM = """
import torch

torch.backends.cudnn.benchmark = True


def train(model):
    return [model.step(loss=train) for step in range(3)]


train(torch.nn.Linear(3, 4))
"""


def notebook(source: str) -> str:
    cell: dict[str, object] = {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}
    cell["execution_count"] = None
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize("rule", ["nondeterministic-gpu", "undefined-name"])
def test_sources_are_let_go(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "_BYTES_KEPT", 1)  # eight files are kept whatever they hold
    monkeypatch.setattr(workers, "_MUCH", 2_000)
    monkeypatch.setattr(workers, "_COLLECT_AFTER", 2_000)
    made: list[weakref.ref[PythonSource]] = []
    make = PythonSource.__init__

    def making(self: PythonSource, *arguments: object) -> None:
        make(self, *arguments)  # type: ignore[arg-type]
        made.append(weakref.ref(self))
        alive.append(sum(source() is not None for source in made))

    alive: list[int] = []
    monkeypatch.setattr(PythonSource, "__init__", making)
    files = {f"program{n}.ipynb": notebook(PROGRAM) for n in range(100)}
    configuration = Configuration(validated(Settings, {"select": (rule,)}))
    target = Target(Path("/project"), (), False)
    Session(target, configuration, load_registry(), view=MemoryView(files)).report()
    assert len(made) >= 100
    assert max(alive) < 40


def test_what_many_files_run_is_read_once_more_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that misses a name asks who runs it: all others are looked through for that, and few are kept."""
    monkeypatch.setattr(projects, "_BYTES_KEPT", 1)
    monkeypatch.setattr(projects, "_ALWAYS_KEPT", 2)
    files = {f"{name}.ipynb": notebook("print(missing)\n") for name in "abcdefgh"}
    view = MemoryView({**files, "z.ipynb": notebook("missing = 1\n%run a.ipynb\n")})
    configuration = Configuration(validated(Settings, {"select": ("undefined-name",)}))
    session = Session(Target(Path("/project"), (), False), configuration, load_registry(), view=view)
    look = FilePass.look

    def looking(self: FilePass, path: str, *, judged: bool) -> FileResult:
        result = look(self, path, judged=judged)
        kept.append(sum(file.is_loaded for file in self.project.own_files.values()))
        return result

    kept: list[int] = []
    monkeypatch.setattr(FilePass, "look", looking)
    found = [diagnostic.location.path for diagnostic in session.report().diagnostics]
    assert found == [f"{name}.ipynb" for name in "bcdefgh"]
    assert len(kept) == 9
    assert max(kept) <= 3
