"""``--new-from``: what it is compared with, what cannot be compared, and pull requests as CI sees them."""

from __future__ import annotations

import functools
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, git, write_files

SMELL = 'print(open("/home/anna/{}.csv"))\n'
FILES = {"old.py": SMELL.format("old"), "repro-lint.toml": 'select = ["absolute-path", "broken-notebook"]\n'}


def commit(root: Path, files: dict[str, str] | None = None) -> str:
    """The name of a new commit with the files."""
    write_files(root, files or {})
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "Change")
    return git(root, "rev-parse", "HEAD").strip()


@pytest.fixture
def root(lint: Lint) -> Path:
    root = lint.repository(FILES)
    commit(root)
    return root


def new(lint: Lint, revision: str, *arguments: str) -> list[str]:
    """The paths of the new findings."""
    said = lint("--new-from", revision, "--output-format", "json", *arguments)
    assert said.err == ""
    report: dict[str, Any] = json.loads(said.out)
    return [d["locations"][0]["path"] for d in report["diagnostics"] if d["disposition"]["state"] == "new"]


class TestWhatItIsComparedWith:
    def test_work_that_is_not_committed(self, lint: Lint, root: Path) -> None:
        assert new(lint, "HEAD") == []
        write_files(root, {"untracked.py": SMELL.format("u"), "staged.py": SMELL.format("s")})
        git(root, "add", "staged.py")
        assert new(lint, "HEAD") == ["staged.py", "untracked.py"]

    def test_the_commit_in_common(self, lint: Lint, root: Path) -> None:
        git(root, "checkout", "-q", "-b", "change")
        commit(root, {"mine.py": SMELL.format("m")})
        git(root, "checkout", "-q", "main")
        (root / "old.py").unlink()
        commit(root, {"theirs.py": SMELL.format("t")})
        git(root, "checkout", "-q", "change")
        assert new(lint, "main") == ["mine.py"]  # old.py was there when the branch began
        assert new(lint, "HEAD~1") == ["mine.py"]

    def test_text_output(self, lint: Lint, root: Path) -> None:
        head = commit(root)
        write_files(root, {"mine.py": SMELL.format("m")})
        said = lint("--new-from", "HEAD")
        assert said.code == 1
        assert sum(line.startswith("warning[") for line in said.lines) == 1
        assert said.lines[-2] == "1 new finding in 1 file (1 warning; 1 existing)"
        write_files(root, {"mine.py": "", "old.py": ""})
        said = lint("--new-from", "HEAD")
        assert said.code == 0
        assert said.lines[0].startswith(f"no new findings since {head[:12]}: 3 files checked")
        assert said.lines[0].endswith("(1 fixed)")

    def test_the_ladder_is_that_of_the_whole_tree(self, lint: Lint, root: Path) -> None:
        (root / "repro-lint.toml").unlink()
        said = lint("--new-from", "HEAD", "--output-format", "json", "--ignore", "no-readme")
        assert json.loads(said.out)["summary"]["ladder"]["blocked_by"] == {"absolute-path": 1}

    def test_touched_counts_if_it_is_asked_for(self, lint: Lint, root: Path) -> None:
        write_files(root, {"old.py": SMELL.format("else")})
        said = lint("--new-from", "HEAD")
        assert (said.code, "(1 touched)" in said.lines[0]) == (0, True)
        assert new(lint, "HEAD", "--count-touched") == ["old.py"]
        assert lint("--count-touched").code == 2

    def test_a_directory_and_a_renamed_file(self, lint: Lint, root: Path) -> None:
        (root / "pkg").mkdir()
        git(root, "mv", "old.py", "pkg/moved.py")
        write_files(root, {"pkg/b.py": SMELL.format("b"), "c.py": SMELL.format("c")})
        assert new(lint, "HEAD", "pkg") == ["pkg/b.py"]
        assert new(lint, "HEAD", "pkg/moved.py") == []

    def test_a_project_inside_a_repository(self, lint: Lint, root: Path) -> None:
        commit(root, {"sub/repro-lint.toml": FILES["repro-lint.toml"], "sub/a.py": SMELL.format("a")})
        lint.cd(root / "sub")
        git(root, "mv", "sub/a.py", "sub/b.py")
        write_files(root, {"sub/c.py": SMELL.format("c"), "sub/d e é.py": SMELL.format("d")})
        assert new(lint, "HEAD") == ["c.py", "d e é.py"]

    def test_a_rule_that_crashed_before(self, lint: Lint, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from repro_lint_rules.configuration.absolute_path.rule import AbsolutePath

        check = AbsolutePath.check

        @functools.wraps(check)
        def crash_on_old(self: Any, subject: Any) -> Any:
            if subject.project.view.kind == "commit":
                raise ValueError("old")
            return check(self, subject)

        monkeypatch.setattr(AbsolutePath, "check", crash_on_old)
        said = lint("--new-from", "HEAD")
        assert said.code == 1
        assert "absolute-path crashed on " in said.err
        assert "what it finds now counts as new" in said.err


class TestStoredInAnotherForm:
    """What git stores is not always what it checks out; none of that is a change."""

    def test_a_filter(self, lint: Lint, root: Path, tmp_path: Path) -> None:
        ran = tmp_path / "ran"
        git(root, "config", "filter.strip.clean", f"sh -c 'cat > /dev/null; echo >> {ran}; echo pointer'")
        git(root, "config", "filter.strip.smudge", f"sh -c 'cat > /dev/null; cat {tmp_path / 'stored'}'")
        write_files(tmp_path, {"stored": SMELL.format("large")})
        write_files(root, {".gitattributes": "large.py filter=strip\n", "large.py": SMELL.format("large")})
        os.utime(root / "large.py", (9, 9))  # git trusts no file that is as young as the index
        commit(root)
        assert git(root, "show", "HEAD:large.py") == "pointer\n"
        before = ran.read_text()
        assert new(lint, "HEAD") == []
        os.utime(root / "large.py", (1, 1))  # now git would ask the filter
        lint("--new-from", "HEAD")
        assert ran.read_text() == before

    def test_a_filter_whose_name_cannot_be_turned_off(self, lint: Lint, root: Path, tmp_path: Path) -> None:
        ran = tmp_path / "ran"
        git(root, "config", "--add", "filter.a=b.clean", f"sh -c 'cat; echo >> {ran}'")
        commit(root, {".gitattributes": "*.py filter=a=b\n"})
        os.utime(root / "old.py", (1, 1))
        ran.unlink(missing_ok=True)
        assert new(lint, "HEAD") == []
        assert not ran.exists()

    def test_the_end_of_lines(self, lint: Lint, root: Path) -> None:
        git(root, "config", "core.autocrlf", "true")
        (root / "old.py").unlink()
        git(root, "checkout", "-q", "--", "old.py")
        assert b"\r\n" in (root / "old.py").read_bytes()
        assert new(lint, "HEAD") == []

    def test_a_sparse_checkout(self, lint: Lint, root: Path) -> None:
        commit(root, {"far/a.py": SMELL.format("a"), "near/b.py": SMELL.format("b")})
        git(root, "sparse-checkout", "set", "near")
        assert not (root / "far").exists()
        said = lint("--new-from", "HEAD", "--output-format", "json")
        assert (said.code, json.loads(said.out)["summary"]["fixed"]) == (0, 0)


class TestNoAnswer:
    """One sentence and exit code 2 instead of a wrong answer."""

    def sentence(self, lint: Lint, revision: str) -> str:
        said = lint(f"--new-from={revision}")
        assert (said.code, said.out) == (2, "")
        assert said.err.count("\n") == 1
        return said.err

    @pytest.mark.parametrize("revision", ["nope", "", "--all", "HEAD^7", "HEAD:old.py", "main..HEAD"])
    def test_no_such_revision(self, lint: Lint, root: Path, revision: str) -> None:
        assert f"{revision} is not a revision of {root}" in self.sentence(lint, revision)

    def test_the_branch_of_the_remote(self, lint: Lint, root: Path) -> None:
        git(root, "update-ref", "refs/remotes/origin/dev", "HEAD")
        assert "dev is not a revision" in (said := self.sentence(lint, "dev"))
        assert "(did you mean origin/dev?)" in said

    def test_no_repository(self, lint: Lint, root: Path) -> None:
        shutil.rmtree(root / ".git")
        assert "is not in a git repository" in self.sentence(lint, "main")

    def test_no_commit(self, lint: Lint) -> None:
        lint.repository(FILES)
        assert "there is no commit yet" in self.sentence(lint, "HEAD")

    def test_nothing_in_common(self, lint: Lint, root: Path) -> None:
        git(root, "checkout", "-q", "--orphan", "other")
        commit(root, {"other.py": ""})
        assert "HEAD and main have no commit in common" in self.sentence(lint, "main")

    def test_a_shallow_clone(self, lint: Lint, root: Path, tmp_path: Path) -> None:
        git(root, "checkout", "-q", "-b", "change")
        for number in range(3):
            commit(root, {f"{number}.py": SMELL.format(number)})
        git(root, "checkout", "-q", "main")
        commit(root)
        clone = tmp_path / "clone"
        git(tmp_path, "clone", "-q", "--depth", "2", "--no-single-branch", "-b", "change", f"file://{root}", "clone")
        lint.cd(clone)
        said = self.sentence(lint, "origin/main")
        assert "where HEAD left origin/main cannot be told, because this clone is shallow" in said
        assert "this clone is shallow, so fetch more history" in self.sentence(lint, "HEAD~2")
        assert new(lint, "HEAD~1") == ["2.py"]
        git(clone, "fetch", "-q", "--unshallow")
        assert new(lint, "origin/main") == ["0.py", "1.py", "2.py"]

    def test_a_partial_clone(self, lint: Lint, root: Path, tmp_path: Path) -> None:
        git(root, "config", "uploadpack.allowFilter", "true")
        commit(root, {"old.py": "# another\n" + FILES["old.py"]})
        git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{root}", "clone")
        lint.cd(tmp_path / "clone")
        assert "this clone is partial and lacks old.py as it was in " in self.sentence(lint, "HEAD~1")


class TestPullRequest:
    """As CI has it: a merge commit of the base and the branch, cloned with as little history as will do."""

    @pytest.fixture
    def origin(self, root: Path) -> Path:
        git(root, "checkout", "-q", "-b", "change")
        commit(root, {"mine.py": SMELL.format("m"), "old.py": "# moved down\n" + FILES["old.py"]})
        git(root, "checkout", "-q", "main")
        commit(root, {"theirs.py": SMELL.format("t")})
        git(root, "checkout", "-q", "-b", "pull")
        git(root, "merge", "-q", "--no-ff", "--no-edit", "change")
        return root

    def test_two_commits_are_enough(self, lint: Lint, origin: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", "--depth", "2", "-b", "pull", f"file://{origin}", "job")
        git(tmp_path / "job", "checkout", "-q", "--detach")
        lint.cd(tmp_path / "job")
        summary, sarif = tmp_path / "summary.md", tmp_path / "out.sarif"
        said = lint(
            "--new-from", "HEAD^1", "--output", "github", f"--output=markdown:{summary}", f"--output=sarif:{sarif}"
        )
        assert (said.code, said.err) == (1, "")
        assert [line for line in said.lines if line.startswith("::warning ")] == [
            line for line in said.lines if "file=mine.py,line=1," in line
        ]
        assert "1 new finding in 1 file (1 warning; 2 existing)" in summary.read_text(encoding="utf-8")
        results = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
        assert sorted(r["baselineState"] for r in results) == ["new", "unchanged", "unchanged"]

    def test_one_is_not(self, lint: Lint, origin: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", "--depth", "1", "-b", "pull", f"file://{origin}", "job")
        lint.cd(tmp_path / "job")
        said = lint("--new-from", "HEAD^1")
        assert (said.code, said.out) == (2, "")
        assert "fetch-depth: 2 for HEAD^1" in said.err


class TestHooks:
    def test_auto_is_what_pre_commit_compares_with(
        self, lint: Lint, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = git(root, "rev-parse", "HEAD").strip()
        commit(root, {"mine.py": SMELL.format("m")})
        assert new(lint, "auto") == []
        monkeypatch.setenv("PRE_COMMIT_FROM_REF", first)
        assert new(lint, "auto") == ["mine.py"]

    def test_auto_before_the_first_commit(self, lint: Lint) -> None:
        lint.repository(FILES)
        said = lint("--new-from", "auto")
        assert (said.code, said.err) == (1, "")
