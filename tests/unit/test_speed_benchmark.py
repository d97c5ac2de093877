"""The benchmark measures what it says: each command by itself, in turn, with the figures of its children."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.speed.measure import Command, Figures, figures, in_turn, ratio
from benchmarks.speed.trees import series


def python(code: str, name: str = "python") -> Command:
    return Command(name, [sys.executable, "-I", "-S", "-c", code], {})


def test_figures_are_those_of_the_command(tmp_path: Path) -> None:
    idle = figures(python("import time; time.sleep(0.3)"), tmp_path / "report")
    assert idle.wall >= 0.3
    assert idle.cpu < idle.wall
    busy = figures(python("x = bytearray(80 * 2**20)"), tmp_path / "report")
    assert busy.memory >= 80
    assert idle.memory < busy.memory


def test_commands_run_in_turn_after_one_that_is_not_counted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands = [python(f"open({str(log)!r}, 'a').write({name!r})", name) for name in "ab"]
    taken = in_turn(commands, 2, tmp_path / "report")
    assert log.read_text() == "ababab"
    assert [len(taken[name]) for name in "ab"] == [2, 2]


def test_a_command_that_fails_is_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = in_turn([python("raise SystemExit(3)", "bad"), python("", "good")], 1, tmp_path / "report")
    assert list(taken) == ["good"]
    assert "bad: left out" in capsys.readouterr().err


def test_a_ratio_is_taken_run_by_run() -> None:
    ours = [Figures(wall, 1.0, 1.0) for wall in (1.0, 20.0, 3.0)]
    theirs = [Figures(wall, 1.0, 1.0) for wall in (1.0, 10.0, 1.0)]
    assert ratio(ours, theirs, "wall") == 2.0


def test_a_series_grows_by_files(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"source{number}.py").write_text(f"x = {number}\n" * 60)
    made = list(series([tmp_path], [2, 6], tmp_path / "series"))
    assert [size for size, _ in made] == [2, 6]
    assert [len(list(root.rglob("*.py"))) for _, root in made] == [2, 6]
