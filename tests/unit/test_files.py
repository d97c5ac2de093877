"""The files of a tree, against real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from repro_lint.files import GitError, display_path, git_toplevel, is_excluded, open_view
from repro_lint.files.git import ObjectView

IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@host.example",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@host.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True, env={**os.environ, **IDENTITY}
    )
    return done.stdout.strip()


def put(root: Path, path: str, text: str = "x\n") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PRE_COMMIT", raising=False)
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    put(root, "a.py", "print(1)\n")
    put(root, "sub/b.py", "print(2)\n")
    put(root, ".gitignore", "ignored/\n*.log\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def test_tracked_and_untracked_files_are_listed_and_ignored_ones_are_not(repo: Path) -> None:
    put(repo, "new.py")
    put(repo, "ignored/c.py")
    put(repo, "x.log")
    view = open_view(repo)
    assert view.kind == "git"
    assert view.paths() == (".gitignore", "a.py", "new.py", "sub/b.py")
    assert view.tracked("a.py")
    assert not view.tracked("new.py")
    assert view.ignored("ignored/nothing.py")
    assert view.ignored("y.log")
    assert not view.ignored("y.py")
    assert view.read("a.py") == b"print(1)\n"
    assert view.size("a.py") == 9


def test_a_hook_sees_no_untracked_files(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(repo, "new.py")
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert "new.py" not in open_view(repo).paths()


def test_deleted_files_are_gone(repo: Path) -> None:
    (repo / "a.py").unlink()
    assert open_view(repo).paths() == (".gitignore", "sub/b.py")


def test_a_sub_directory_is_a_root_of_its_own(repo: Path) -> None:
    view = open_view(repo / "sub")
    assert view.paths() == ("b.py",)
    assert view.read("b.py") == b"print(2)\n"
    assert git_toplevel(repo / "sub") == repo


def test_an_unmerged_file_is_listed_once(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "other")
    put(repo, "a.py", "print('other')\n")
    git(repo, "commit", "-q", "-am", "other")
    git(repo, "checkout", "-q", "main")
    put(repo, "a.py", "print('main')\n")
    git(repo, "commit", "-q", "-am", "main")
    with pytest.raises(subprocess.CalledProcessError):
        git(repo, "merge", "other")
    assert open_view(repo).paths().count("a.py") == 1


def test_a_worktree_is_a_tree_of_its_own(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", str(tmp_path / "linked"))
    put(tmp_path / "linked", "only_here.py")
    view = open_view(tmp_path / "linked")
    assert view.kind == "git"
    assert "only_here.py" in view.paths()


def test_submodules_are_named_and_not_entered(repo: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    put(inner, "inside.py")
    git(inner, "add", "-A")
    git(inner, "commit", "-q", "-m", "inner")
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "libs/inner")
    view = open_view(repo)
    assert view.submodules == ("libs/inner",)
    assert not any(path.startswith("libs/") for path in view.paths())
    assert open_view(repo / "libs" / "inner").paths() == ("inside.py",)


def test_another_repository_inside_is_not_entered(repo: Path) -> None:
    nested = repo / "clone"
    nested.mkdir()
    git(nested, "init", "-q")
    put(nested, "inside.py")
    assert not any(path.startswith("clone") for path in open_view(repo).paths())


def test_links(repo: Path, tmp_path: Path) -> None:
    outside = put(tmp_path, "outside.py")
    (repo / "good.py").symlink_to("a.py")
    (repo / "dangling.py").symlink_to("nothing.py")
    (repo / "away.py").symlink_to(outside)
    (repo / "loop").symlink_to(repo)
    git(repo, "add", "-A")
    listed = open_view(repo).paths()
    assert "good.py" in listed
    assert not {"dangling.py", "away.py", "loop"} & set(listed)


def test_a_directory_named_like_a_module_is_no_file(repo: Path) -> None:
    put(repo, "x.py/inside.txt")
    listed = open_view(repo).paths()
    assert "x.py" not in listed
    assert "x.py/inside.txt" in listed


def test_names_that_are_not_utf8(repo: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (repo / name).write_text("print(3)\n")
    view = open_view(repo)
    assert name in view.paths()
    assert view.read(name) == b"print(3)\n"
    assert display_path(name) == "caf\\xe9.py"
    assert display_path("café.py") == "café.py"


def test_the_index_and_a_commit_are_read_without_a_checkout(repo: Path) -> None:
    put(repo, "a.py", "print('staged')\n")
    git(repo, "add", "a.py")
    put(repo, "a.py", "print('on disk')\n")
    commit, index = open_view(repo, rev="HEAD"), open_view(repo, rev=":index")
    assert (commit.kind, index.kind) == ("commit", "index")
    assert commit.paths() == index.paths() == (".gitignore", "a.py", "sub/b.py")
    assert commit.read("a.py") == b"print(1)\n"
    assert index.read("a.py") == b"print('staged')\n"
    assert commit.size("sub/b.py") == 9
    with pytest.raises(FileNotFoundError):
        commit.read("nothing.py")
    for view in (commit, index):
        assert isinstance(view, ObjectView)
        view.close()
        assert view.read("sub/b.py") == b"print(2)\n"
        view.close()


def test_a_commit_of_a_sub_directory_counts_from_there(repo: Path) -> None:
    assert open_view(repo / "sub", rev="HEAD").paths() == ("b.py",)


@pytest.mark.parametrize("rev", ["no-such-branch", "--output=x"])
def test_a_bad_revision_is_named(repo: Path, rev: str) -> None:
    with pytest.raises(GitError, match=rev):
        open_view(repo, rev=rev)


def test_a_shallow_clone_is_told_so(repo: Path, tmp_path: Path) -> None:
    put(repo, "c.py")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth", "1", repo.as_uri(), "shallow")
    with pytest.raises(GitError, match="shallow"):
        open_view(tmp_path / "shallow", rev="HEAD~1")


def test_the_variables_of_a_hook_do_not_mislead(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert "a.py" in open_view(repo).paths()


def test_without_git_the_directory_is_walked(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(repo, "ignored/c.py")
    monkeypatch.setenv("PATH", "")
    view = open_view(repo)
    assert view.kind == "directory"
    assert view.warning is not None
    assert "git cannot be run" in view.warning
    assert view.paths() == (".gitignore", "a.py", "sub/b.py")


def test_a_corrupt_repository_is_walked_with_a_warning(tmp_path: Path) -> None:
    put(tmp_path, ".git/HEAD", "nonsense")
    put(tmp_path, "a.py")
    view = open_view(tmp_path)
    assert (view.kind, view.paths()) == ("directory", ("a.py",))
    assert view.warning


class TestWalk:
    def test_gitignore_files_at_every_level(self, tmp_path: Path) -> None:
        put(tmp_path, ".gitignore", "*.log\n/data/*\n!/data/keep.csv\n")
        put(tmp_path, "sub/.gitignore", "!important.log\nsecret.py\n")
        for path in (
            "a.py",
            "x.log",
            "data/big.csv",
            "data/keep.csv",
            "sub/important.log",
            "sub/secret.py",
            "sub/ok.py",
        ):
            put(tmp_path, path)
        view = open_view(tmp_path)
        assert view.kind == "directory"
        expected = {".gitignore", "a.py", "data/keep.csv", "sub/.gitignore", "sub/important.log", "sub/ok.py"}
        assert set(view.paths()) == expected
        assert view.ignored("sub/secret.py")
        assert not view.ignored("sub/important.log")
        assert view.ignored("other.log")

    def test_environments_and_loops_are_not_entered(self, tmp_path: Path) -> None:
        put(tmp_path, "a.py")
        put(tmp_path, "myenv/pyvenv.cfg")
        put(tmp_path, "myenv/lib/x.py")
        put(tmp_path, "node_modules/m/index.js")
        put(tmp_path, "build/lib/x.py")
        (tmp_path / "loop").symlink_to(tmp_path)
        (tmp_path / "dangling.py").symlink_to("nothing")
        assert open_view(tmp_path).paths() == ("a.py",)


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        ("venv/lib/x.py", True),
        ("src/_vendor/x.py", True),
        ("renv/library/pkg/x.R", True),
        ("renv/activate.R", False),
        ("pkg.egg-info/SOURCES.txt", True),
        ("data/external/x.csv", False),
        ("lib/x.py", False),
        ("venv.py", False),
    ],
)
def test_excluded_by_name(path: str, excluded: bool) -> None:
    assert is_excluded(path) is excluded


def test_a_committed_environment_is_listed_and_excluded(repo: Path) -> None:
    put(repo, "myenv/pyvenv.cfg")
    put(repo, "myenv/lib/x.py")
    git(repo, "add", "-A")
    view = open_view(repo)
    assert "myenv/lib/x.py" in view.paths()
    assert view.excluded("myenv/lib/x.py")
    assert not view.excluded("a.py")


def test_build_is_excluded_only_if_untracked(repo: Path) -> None:
    put(repo, "build/made.py")
    assert open_view(repo).excluded("build/made.py")
    git(repo, "add", "-f", "build/made.py")
    assert not open_view(repo).excluded("build/made.py")
