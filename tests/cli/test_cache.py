"""A run whose input has not changed is repeated from what it printed; everything that matters is noticed."""

from __future__ import annotations

import json
import os
import pickle
import random
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Lint, git, write_files

from repro_lint.bridges.bridge import run_linter
from repro_lint.cache import store
from repro_lint.file_pass import FilePass, FileResult
from repro_lint.files.disk import DiskView
from repro_lint.session import Session

FILES: dict[str, str | bytes] = {
    "clean.py": "import os\n\nprint(os.sep)\n",
    "data.py": 'import pandas as pd\n\nrows = pd.read_csv("/home/ada/rows.csv")\n',
    "requirements.txt": "pandas==2.2.2\n",
    ".gitignore": "ignored/\n",
}
# Where an absolute path stands, the tree is asked whether the repository is made for one machine.
PLAIN = {path: text for path, text in FILES.items() if path != "data.py"}


class Runs:
    """Counts how often the tree was really looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        report = Session.report

        def counted(session: Session, *arguments: object, **options: object) -> object:
            self.count += 1
            return report(session, *arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(Session, "report", counted)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runs:
    monkeypatch.delenv("REPRO_LINT_NO_CACHE")
    monkeypatch.setenv("REPRO_LINT_CACHE_DIR", str(tmp_path / "cache"))
    return Runs(monkeypatch)


def test_a_second_run_says_the_same_without_looking(lint: Lint, runs: Runs) -> None:
    lint.repository(FILES)
    first, second = lint("."), lint(".")
    assert (first.code, first.out, first.err) == (second.code, second.out, second.err)
    assert "absolute-path" in second.out
    assert second.code == 1
    assert runs.count == 1


def test_a_directory_without_git_is_known_by_times(tmp_path: Path, lint: Lint, runs: Runs) -> None:
    root = write_files(tmp_path / "plain", FILES)
    lint.cd(root)
    assert lint(".").out == lint(".").out
    assert runs.count == 1
    (root / "clean.py").write_text('open("/home/ada/x")\n')
    assert "clean.py" in lint(".").out
    assert runs.count == 2


def _edit(root: Path) -> None:
    (root / "clean.py").write_text("import sys\n\nprint(sys.argv)\n")


def _edit_to_the_same_size_and_time(root: Path) -> None:
    before = (root / "data.py").stat()
    (root / "data.py").write_text(str(FILES["data.py"]).replace("/home/ada", "/data/all"))
    os.utime(root / "data.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def _stage(root: Path) -> None:
    _edit(root)
    git(root, "add", "-A")


def _add_untracked(root: Path) -> None:
    (root / "new.py").write_text('open("/home/ada/new.csv")\n')


def _delete(root: Path) -> None:
    (root / "requirements.txt").unlink()


def _rename(root: Path) -> None:
    git(root, "mv", "data.py", "other.py")


def _forget(root: Path) -> None:
    git(root, "rm", "-q", "--cached", "data.py")


def _configure(root: Path) -> None:
    (root / "repro-lint.toml").write_text('ignore = ["absolute-path"]\n')


def _hide_an_edit_from_git(root: Path) -> None:
    git(root, "update-index", "--assume-unchanged", "clean.py")


CHANGES = [
    _edit,
    _edit_to_the_same_size_and_time,
    _stage,
    _add_untracked,
    _delete,
    _rename,
    _forget,
    _configure,
    _hide_an_edit_from_git,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(lint: Lint, runs: Runs, change: Callable[[Path], None]) -> None:
    root = lint.repository(FILES)
    lint(".")
    change(root)
    after = lint(".")
    assert runs.count == 2
    assert after.out == lint("--no-cache", ".").out


def test_an_edit_that_git_is_told_to_overlook_is_noticed(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    _hide_an_edit_from_git(root)
    lint(".")
    (root / "clean.py").write_text('open("/home/ada/hidden.csv")\n')
    assert "hidden.csv" in lint(".").out


def test_a_second_edit_is_noticed_where_the_project_is_a_part_of_the_repository(lint: Lint, runs: Runs) -> None:
    files = {"part/repro-lint.toml": "", "part/a.py": "x = 1\n", "part/README.md": "# A\n"}
    root = lint.repository(files)
    git(root, "commit", "-q", "-m", "part")
    lint.cd(root / "part")
    for module in ("pandas", "polars"):
        (root / "part/a.py").write_text(f"import {module}\n")
        assert module in lint(".").out
    assert runs.count == 2


def test_a_target_of_a_link_outside_of_git_is_noticed(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    write_files(root, {"ignored/real.py": "x = 1\n"})
    (root / "link.py").symlink_to("ignored/real.py")
    git(root, "add", "link.py")
    lint(".")
    (root / "ignored/real.py").write_text('open("/home/ada/linked.csv")\n')
    assert lint(".").out == lint("--no-cache", ".").out


def test_an_ignored_file_that_is_named_is_noticed(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    write_files(root, {"ignored/notes.py": "x = 1\n"})
    assert lint("ignored/notes.py").code == 0
    (root / "ignored/notes.py").write_text('open("/home/ada/notes.csv")\n')
    assert "notes.csv" in lint("ignored/notes.py").out


def test_configuration_in_a_directory_above_is_noticed(lint: Lint, runs: Runs, tmp_path: Path) -> None:
    root = write_files(tmp_path / "above/plain", FILES)
    lint.cd(root)
    assert "absolute-path" in lint(".").out
    (root.parent / "repro-lint.toml").write_text('ignore = ["absolute-path"]\n')
    assert "absolute-path" not in lint(".").out


def test_options_and_environment_are_noticed(lint: Lint, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    lint.repository(FILES)
    assert lint(".").out != lint("--output-format", "concise", ".").out
    plain = lint("--color", "auto", ".").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert lint("--color", "auto", ".").out != plain


def test_files_are_written_each_time(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    for _ in range(2):
        lint("--output", "jsonl:findings.jsonl", ".")
        assert (root / "findings.jsonl").exists()
        (root / "findings.jsonl").unlink()
    assert runs.count == 2


def test_a_damaged_entry_is_a_miss(lint: Lint, runs: Runs, tmp_path: Path) -> None:
    lint.repository(FILES)
    said = lint(".").out
    (entry,) = (tmp_path / "cache/runs").iterdir()
    whole = entry.read_bytes()
    chance = random.Random(1)
    damaged = [b"", b"x", whole[:30], whole[: len(whole) // 2], whole + b"more"]
    damaged += [bytes([*whole[:at], whole[at] ^ 0xFF, *whole[at + 1 :]]) for at in chance.sample(range(len(whole)), 10)]
    for number, content in enumerate(damaged, 2):
        entry.write_bytes(content)
        assert lint(".").out == said
        assert runs.count == number


def test_no_directory_and_no_space_cost_nothing_but_time(
    lint: Lint, runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lint.repository(FILES)
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("REPRO_LINT_CACHE_DIR", str(tmp_path / "a-file"))
    assert lint(".").out == lint(".").out
    assert runs.count == 2


def test_a_full_disk_leaves_nothing_half_written(
    lint: Lint, runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lint.repository(FILES)

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        lint(".")
    assert list((tmp_path / "cache/runs").iterdir()) == []


def test_secrets_do_not_reach_the_cache(lint: Lint, runs: Runs, tmp_path: Path) -> None:
    value = secrets.token_hex(16)
    lint.repository({"settings.py": f'password = "{value}"\n', "more.env": f"API_SECRET={value}\n"})
    assert lint(".").code == 1
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert any(path.parent.name == "runs" for path in kept)
    assert not [path for path in kept if value.encode() in path.read_bytes()]


def test_status_and_clean(lint: Lint, runs: Runs, tmp_path: Path) -> None:
    lint.repository(FILES)
    lint(".")
    status = lint("cache", "status").out
    assert str(tmp_path / "cache") in status
    assert "runs: 1 entries" in status
    assert "files: 1 entries" in status
    assert "deleted 4 entries" in lint("cache", "clean").out
    assert "runs:" not in lint("cache", "status").out
    lint(".")
    assert runs.count == 2


def test_old_entries_go(runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(store, "_KEPT", 3)
    for number in range(5):
        store.write_entry("runs", f"{number}", number)
        os.utime(tmp_path / f"cache/runs/{number}", (number, number))
    assert sorted(path.name for path in (tmp_path / "cache/runs").iterdir()) == ["2", "3", "4"]


def test_runs_side_by_side_do_not_disturb_each_other(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    command = [sys.executable, "-m", "repro_lint", "--output-format", "concise", "."]
    for _ in range(2):
        started = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        assert len({process.communicate()[0] for process in started}) == 1


def test_a_repeated_run_imports_next_to_nothing(lint: Lint, runs: Runs) -> None:
    root = lint.repository(FILES)
    code = "import sys; from repro_lint.cli import main; main(['.']); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code]
    loaded = [
        subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stderr.split() for _ in range(2)
    ][1]
    assert not {"pydantic", "argparse", "pathlib", "subprocess", "repro_lint.session"} & set(loaded) - _at_start()


def test_a_hook_that_finds_nothing_imports_what_the_file_calls_for(lint: Lint, runs: Runs) -> None:
    root = lint.repository({"a.py": "x = 1\n", "repro-lint.toml": 'level = "production"\nexclude = ["data/"]\n'})
    code = "import sys; from repro_lint.cli import main; main(['a.py']); print(*sys.modules, file=sys.stderr)"
    loaded: list[str] = []
    for content in ("x = 2\n", "x = 3\n"):
        (root / "a.py").write_text(content)
        done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
        assert "no findings: 1 file checked" in done.stdout
        loaded = done.stderr.split()
    assert "repro_lint_rules.configuration.absolute_path.rule" in loaded
    others = {"repro_lint_rules.environment.no_manifest.rule", "repro_lint_rules.containers.floating_base_image.rule"}
    assert not {"pydantic", "repro_lint.diagnostics", "repro_lint.baseline", *others} & set(loaded)


def _at_start() -> set[str]:
    """What Python itself imports here, such as for the .pth files of an environment."""
    command = [sys.executable, "-c", "import sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.fixture
def looked(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are really looked at."""
    found: list[str] = []
    look = FilePass.look

    def noted(self: FilePass, path: str, *, judged: bool) -> FileResult:
        found.append(path)
        return look(self, path, judged=judged)

    monkeypatch.setattr(FilePass, "look", noted)
    return found


def test_after_an_edit_only_that_file_is_looked_at(lint: Lint, looked: list[str]) -> None:
    root = lint.repository({**PLAIN, "draw.py": "import random\n\nprint(random.random())\n"})
    lint(".")
    assert sorted(looked) == sorted([*PLAIN, "draw.py"])
    looked.clear()
    (root / "clean.py").write_text('open("/home/ada/more.csv")\n')
    after = lint(".").out
    assert looked == ["clean.py"]
    assert "more.csv" in after
    assert "unseeded-rng" in after
    assert after == lint("--no-cache", ".").out


def test_rules_about_the_tree_see_what_was_known(lint: Lint, looked: list[str]) -> None:
    root = lint.repository({**PLAIN, "model.py": "import requests\n"})
    assert "undeclared-import" in lint(".").out
    looked.clear()
    (root / "requirements.txt").write_text("pandas==2.2.2\nrequests==2.32.0\n")
    after = lint(".").out
    assert looked == ["requirements.txt"]
    assert "undeclared-import" not in after
    assert after == lint("--no-cache", ".").out


def test_a_file_with_a_secret_is_looked_at_each_time(lint: Lint, looked: list[str], tmp_path: Path) -> None:
    value = secrets.token_hex(16)
    root = lint.repository(
        {"clean.py": "x = 1\n", "settings.py": f'password = "{value}"\nroot = "/home/ada/{value}"\n'}
    )
    lint(".")
    looked.clear()
    (root / "clean.py").write_text("x = 2\n")
    assert "hardcoded-credential" in lint(".").out
    assert sorted(looked) == ["clean.py", "settings.py"]
    kept = [path for path in (tmp_path / "cache/files").iterdir() if value.encode() in path.read_bytes()]
    assert kept == []


def test_without_the_rules_about_secrets_nothing_of_a_file_is_kept(lint: Lint, runs: Runs, tmp_path: Path) -> None:
    lint.repository(FILES)
    lint("--select", "absolute-path", ".")
    assert not (tmp_path / "cache/files").exists()


def test_a_file_that_was_judged_by_the_look_of_another_is_looked_at_again(lint: Lint, looked: list[str]) -> None:
    notebook = json.dumps(
        {
            "cells": [
                {"cell_type": "code", "id": "a", "execution_count": 1, "metadata": {}, "outputs": [], "source": text}
                for text in ("%run ./setup.ipynb", "print(defined_elsewhere)")
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    root = lint.repository({"main.ipynb": notebook, "setup.ipynb": notebook.replace("%run ./setup.ipynb", "other = 1")})
    lint(".")
    looked.clear()
    text = notebook.replace("%run ./setup.ipynb", "defined_elsewhere = 1").replace("print(defined_elsewhere)", "1")
    (root / "setup.ipynb").write_text(text)
    after = lint(".").out
    assert sorted(looked) == ["main.ipynb", "setup.ipynb"]
    assert after == lint("--no-cache", ".").out


def test_other_options_of_rules_are_other_results(lint: Lint, looked: list[str]) -> None:
    root = lint.repository(FILES)
    lint(".")
    looked.clear()
    (root / "repro-lint.toml").write_text('[rules.hardcoded-credential]\nallow = ["x"]\n')
    lint(".")
    assert set(looked) >= set(FILES)


class _Hostile:
    """Runs something when it is unpickled, by means of a function of our own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return run_linter, ([sys.executable, "-c", f"open({str(self.path)!r}, 'w')"], self.path.parent, [0])


def test_a_damaged_result_is_a_miss(lint: Lint, looked: list[str], tmp_path: Path) -> None:
    root = lint.repository(FILES)
    said = lint(".").out
    (entry,) = (tmp_path / "cache/files").iterdir()
    signature, known = store.read_entry("files", entry.name)
    broken = {path: (state, pickled[: len(pickled) // 2], lacking) for path, (state, pickled, lacking) in known.items()}
    foreign = {path: (state, pickle.dumps(["no result"]), lacking) for path, (state, _, lacking) in known.items()}
    harm = pickle.dumps(_Hostile(root / "made"))
    hostile = {path: (state, harm, lacking) for path, (state, _, lacking) in known.items()}
    for results in (broken, foreign, hostile, "no table"):
        store.write_entry("files", entry.name, (signature, results))
        looked.clear()
        (root / "clean.py").write_text(f"{FILES['clean.py']!s}# {len(str(results))}\n")
        assert lint(".").out == said
        assert sorted(looked) == sorted(FILES)
        assert not (root / "made").exists()


PROGRAM = {
    "steps.py": "import numpy as np\n\n\ndef draw():\n    return np.random.rand(3)\n",
    "run.py": "import steps\n\nprint(steps.draw())\n",
    "aside.py": "def add(a, b):\n    return a + b\n",
    "requirements.txt": "numpy==2.2.2\n",
}


def test_a_hook_takes_over_what_a_run_of_everything_knows(lint: Lint, looked: list[str]) -> None:
    root = lint.repository(PROGRAM)
    lint(".")
    looked.clear()
    (root / "run.py").write_text("import steps\n\nprint(steps.draw(), 1)\n")
    after = lint("run.py").out
    assert looked == ["run.py"]
    assert after == lint("--no-cache", "run.py").out
    looked.clear()
    lint("aside.py")
    assert looked == []


@pytest.mark.parametrize("before", [".", "uses.py"])
def test_a_hook_does_not_read_what_is_known_to_lack_a_fact(
    lint: Lint, looked: list[str], monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    script = "# /// script\n# dependencies = ['numpy<2']\n# ///\n"
    uses = "import numpy as np\n\nprint(np.in1d([1], [2]))\n"
    root = lint.repository({"uses.py": uses, "with.py": script, "plain.py": "x = 1\n", "other.py": "x = 2\n"})
    assert "removed-api" not in lint(before).out
    read: list[str] = []
    original = DiskView.read

    def reading(view: DiskView, path: str) -> bytes:
        read.append(path)
        return original(view, path)

    monkeypatch.setattr(DiskView, "read", reading)
    for edit in ("# edited\n", "# and again\n"):
        (root / "uses.py").write_text(f"{uses}{edit}")
        (root / "plain.py").write_text(f"{script}{edit}")
        looked.clear()
        read.clear()
        after = lint("uses.py").out
        assert looked == ["uses.py"]
        assert set(read) == {"uses.py", "with.py", "plain.py"}
        assert after == lint("--no-cache", "uses.py").out
    for path in ("with.py", "plain.py"):
        (root / path).write_text("x = 3\n")
    after = lint("uses.py").out
    assert "removed-api" in after
    assert after == lint("--no-cache", "uses.py").out


def test_a_hook_keeps_what_others_were_asked_for(lint: Lint, looked: list[str]) -> None:
    root = lint.repository({**PROGRAM, "other.py": 'if __name__ == "__main__":\n    print(1)\n'})
    lint("run.py")  # only all others tell that nobody imports it
    assert sorted(looked) == ["aside.py", "other.py", "run.py", "steps.py"]
    for path in ("other.py", "run.py"):
        looked.clear()
        (root / path).write_text((root / path).read_text() + "# edited\n")
        after = lint(path).out
        assert looked == [path]
        assert after == lint("--no-cache", path).out


def test_a_hook_looks_at_what_runs_with_the_file(lint: Lint, looked: list[str]) -> None:
    root = lint.repository({**PROGRAM, "run.py": "import steps\n\nif __name__ == '__main__':\n    steps.draw()\n"})
    lint("run.py")
    assert sorted(looked) == ["run.py", "steps.py"]
    looked.clear()
    (root / "aside.py").write_text("def add(a, b):\n    return b + a\n")
    lint("aside.py")
    assert looked == ["aside.py"]


def test_findings_last_as_long_as_what_was_asked_of_the_tree(lint: Lint, looked: list[str]) -> None:
    used = {
        "old.py": "import numpy as np\n\nprint(np.in1d([1], [2]))\n",
        "new.py": "import numpy as np\n\nprint(np.pi)\n",
    }
    root = lint.repository({**used, "notes.py": "x = 1\n", "requirements.txt": "numpy\n"})
    assert "removed-api" in lint(".").out
    looked.clear()
    (root / "notes.py").write_text("x = 2\n")
    lint(".")
    assert "new.py" not in looked
    looked.clear()
    (root / "requirements.txt").write_text("numpy<2\n")
    after = lint(".").out
    assert set(looked) >= {"old.py", "new.py"}
    assert "removed-api" not in after
    assert after == lint("--no-cache", ".").out
