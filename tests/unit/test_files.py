"""The files of a tree, against real git."""

from __future__ import annotations

import itertools
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.files import GitError, display_path, git_toplevel, is_excluded, open_view
from repro_lint.files.git import Git
from repro_lint.files.ignores import IgnoreRules
from repro_lint.files.objects import ObjectView
from repro_lint.files.view import normal_path
from repro_lint.files.walk import DirectoryView

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
        ("packrat/packrat.lock", False),
        ("packrat/lib/pkg/x.R", True),
        ("extern/x.py", True),
        ("external/x.py", False),
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


@pytest.mark.parametrize(
    "mark",
    [
        "pyvenv.cfg",
        "conda-meta/history",
        "bin/activate_this.py",
        "Scripts/activate.bat",
        "lib/python3.6/site-packages/six.py",
        "Lib/site-packages/six.py",
    ],
)
def test_an_environment_is_known_by_what_is_in_it(repo: Path, mark: str) -> None:
    put(repo, f"tools/old/{mark}")
    put(repo, "tools/old/share/x.py")
    put(repo, "tools/x.py")
    view = open_view(repo)
    assert view.excluded("tools/old/share/x.py")
    assert not view.excluded("tools/x.py")


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        ("env/lib/python3.8/abc.py", True),
        ("my_env/lib/python3.8/abc.py", True),
        ("env/Scripts/x.py", True),
        ("env/gridworld.py", False),
        ("tools/Scripts/x.py", False),
    ],
)
def test_a_folder_called_env_is_excluded_only_if_it_is_one(repo: Path, path: str, excluded: bool) -> None:
    put(repo, path)
    assert open_view(repo).excluded(path) is excluded


def test_a_root_that_is_an_environment_keeps_the_project(repo: Path) -> None:
    for path in ("pyvenv.cfg", "bin/activate.csh", "bin/tool.py", "lib/python3.9/x.py", "lib/own.py"):
        put(repo, path)
    view = open_view(repo)
    assert [p for p in view.paths() if view.excluded(p)] == ["bin/activate.csh", "bin/tool.py", "lib/python3.9/x.py"]


def test_listing_executes_nothing_of_the_repository(repo: Path) -> None:
    hook = put(repo, "hook", f"#!/bin/sh\ntouch '{repo.parent}/executed'\n")
    hook.chmod(0o755)
    git(repo, "config", "core.fsmonitor", "./hook")
    view = open_view(repo)
    assert "hook" in view.paths()
    assert not view.ignored("nothing.py")
    assert open_view(repo, rev=":index").paths()
    assert git_toplevel(repo) == repo
    assert not (repo.parent / "executed").exists()


def test_a_partial_clone_fetches_nothing(repo: Path, tmp_path: Path) -> None:
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", repo.as_uri(), "partial")
    view = open_view(tmp_path / "partial", rev="HEAD")
    assert view.paths() == (".gitignore", "a.py", "sub/b.py")
    for look in (view.read, view.size):
        with pytest.raises(OSError, match="git"):
            look("a.py")
    assert git(tmp_path / "partial", "rev-list", "--objects", "--all", "--missing=print").count("?") == 3
    view.close()


def test_a_directory_that_became_a_link_is_not_entered(repo: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/b.py", "other\n")
    (repo / "sub" / "b.py").unlink()
    (repo / "sub").rmdir()
    (repo / "sub").symlink_to(tmp_path / "elsewhere")
    assert open_view(repo).paths() == (".gitignore", "a.py")


def test_a_file_that_became_a_directory_is_no_submodule(repo: Path) -> None:
    (repo / "a.py").unlink()
    put(repo, "a.py/inside.txt")
    view = open_view(repo)
    assert view.paths() == (".gitignore", "a.py/inside.txt", "sub/b.py")
    assert view.submodules == ()


def test_the_top_is_spelled_as_the_caller_does(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo)
    (tmp_path / "deep").symlink_to(repo / "sub")
    assert git_toplevel(tmp_path / "link" / "sub") == tmp_path / "link"
    assert git_toplevel(tmp_path / "deep") == repo.resolve()
    assert git_toplevel(tmp_path) is None
    assert git_toplevel(repo / ".git") is None
    deep = open_view(tmp_path / "deep")
    assert (deep.kind, deep.paths()) == ("git", ("b.py",))


def test_a_directory_that_git_ignores_is_walked(repo: Path) -> None:
    put(repo, "ignored/p/c.py")
    view = open_view(repo / "ignored")
    assert (view.kind, view.paths()) == ("directory", ("p/c.py",))
    assert view.warning is not None
    assert "git ignores" in view.warning


def test_a_submodule_that_is_not_checked_out_is_an_empty_root(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(repo), "inner")
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "inner"), "libs/inner")
    git(repo, "commit", "-q", "-m", "submodule")
    git(tmp_path, "clone", "-q", str(repo), "fresh")
    for rev in (None, "HEAD", ":index"):
        assert open_view(tmp_path / "fresh", rev=rev).submodules == ("libs/inner",)
        assert open_view(tmp_path / "fresh" / "libs", rev=rev).submodules == ("inner",)
    empty = open_view(tmp_path / "fresh" / "libs" / "inner")
    assert (empty.paths(), empty.submodules) == ((), ())


def test_an_owner_that_git_distrusts(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own tests use it
    view = open_view(repo)
    assert (view.kind, view.paths()) == ("directory", (".gitignore", "a.py", "sub/b.py"))
    assert view.warning is not None
    assert "dubious ownership" in view.warning


def test_a_work_tree_named_by_variables(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo / ".git").rename(tmp_path / "elsewhere.git")
    assert open_view(repo).kind == "directory"
    monkeypatch.chdir(repo)
    monkeypatch.setenv("GIT_DIR", "../elsewhere.git")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert open_view(repo / "sub").kind == "git"
    assert open_view(repo / "sub").paths() == ("b.py",)
    assert git_toplevel(repo / "sub") == repo


def test_a_hook_of_commit_sees_the_index_of_that_commit(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    git(repo, "read-tree", "HEAD")
    put(repo, "a.py", "print('next')\n")
    git(repo, "add", "a.py")
    assert open_view(repo, rev=":index").read("a.py") == b"print('next')\n"
    assert open_view(repo / "sub").tracked("b.py")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert open_view(repo, rev=":index").read("a.py") == b"print(1)\n"


def test_the_objects_of_another_repository_do_not_mislead(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(repo))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert open_view(repo, rev="HEAD").read("a.py") == b"print(1)\n"
    assert open_view(repo).ignored("x.log")


ODD_PATHS = ["", ".", "..", "../x.log", "/etc/x.log", "\0x.log", "\ud800.log", "sub/../../x.log"]


@pytest.mark.parametrize("path", ODD_PATHS)
@pytest.mark.parametrize("rev", [None, "HEAD"])
def test_paths_that_name_nothing_inside(repo: Path, path: str, rev: str | None) -> None:
    for view in (open_view(repo, rev=rev), DirectoryView(repo)):
        assert view.ignored(path) is False
        for look in (view.read, view.size):
            with pytest.raises(OSError, match=r"\S"):
                look(path)


def test_ignored_answers_for_any_path(repo: Path) -> None:
    put(repo, "tracked.log")
    git(repo, "add", "-f", "tracked.log")
    (repo / "link").symlink_to("sub")
    git(repo, "commit", "-q", "-m", "more")
    expected = {
        "a.py": False,
        "tracked.log": False,
        "ignored/": True,
        "sub/ignored/": True,
        "ignored": False,
        ":x.log": True,
        ":(top)x.log": True,
        "a\nb.log": True,
        "sub/../z.log": True,
    }
    for view in (open_view(repo), open_view(repo, rev="HEAD"), open_view(repo, rev=":index")):
        assert {path: view.ignored(path) for path in expected} == expected
        view.close()
    assert open_view(repo / "sub", rev="HEAD").ignored("x.log")
    assert open_view(repo / "sub").ignored("x.log")
    beyond = open_view(repo)
    assert not beyond.ignored("link/x.log")  # git gives up on it
    assert beyond.ignored("y.log")


def test_reading_what_is_no_file(repo: Path) -> None:
    os.mkfifo(repo / "pipe.py")
    assert "pipe.py" not in open_view(repo).paths()
    with pytest.raises(OSError, match="not a regular file"):
        open_view(repo).read("pipe.py")
    for rev in (None, "HEAD"):
        with pytest.raises(IsADirectoryError):
            open_view(repo, rev=rev).read("sub")
        with pytest.raises(FileNotFoundError):
            open_view(repo, rev=rev).size("nothing.py")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_directory_that_cannot_be_read_is_told(repo: Path, tmp_path: Path) -> None:
    put(repo, "closed/c.py")
    put(tmp_path, "plain/closed/c.py")
    for root in (repo, tmp_path / "plain"):
        (root / "closed").chmod(0)
        warning = open_view(root).warning
        (root / "closed").chmod(0o755)
        assert warning is not None
        assert "closed" in warning


def test_links_in_a_commit(repo: Path) -> None:
    for name, target in {
        "good.py": "sub/again.py",
        "sub/again.py": "../a.py",
        "dangling.py": "nothing.py",
        "away.py": "../a.py",
        "loop.py": "loop.py",
        "folder.py": "sub",
    }.items():
        (repo / name).symlink_to(target)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "links")
    for view in (open_view(repo, rev="HEAD"), open_view(repo, rev=":index")):
        assert view.paths() == (".gitignore", "a.py", "good.py", "sub/again.py", "sub/b.py")
        assert view.read("good.py") == b"print(1)\n"
        assert view.size("good.py") == 9
        view.close()
    assert open_view(repo / "sub", rev="HEAD").paths() == ("b.py",)


def test_our_side_of_an_unmerged_file_is_in_the_index(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "other")
    put(repo, "a.py", "theirs\n")
    git(repo, "commit", "-q", "-am", "other")
    git(repo, "checkout", "-q", "main")
    put(repo, "a.py", "ours\n")
    git(repo, "commit", "-q", "-am", "main")
    with pytest.raises(subprocess.CalledProcessError):
        git(repo, "merge", "other")
    view = open_view(repo, rev=":index")
    assert view.paths() == (".gitignore", "a.py", "sub/b.py")
    assert view.read("a.py") == b"ours\n"


def test_a_conversation_outlives_its_process(repo: Path) -> None:
    view = open_view(repo, rev="HEAD")
    assert isinstance(view, ObjectView)
    assert view.read("a.py") == b"print(1)\n"
    process = view._contents._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(OSError, match="gave no answer"):
        view.read("a.py")
    assert view.read("a.py") == b"print(1)\n"
    copy = pickle.loads(pickle.dumps(view))
    assert copy.read("sub/b.py") == view.read("sub/b.py") == b"print(2)\n"
    copy.close()
    view.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_has_a_conversation_of_its_own(repo: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from repro_lint.files import open_view\n"
        "view = open_view(Path(sys.argv[1]), rev='HEAD'); view.read('a.py')\n"
        "child = os.fork(); found = view.read('a.py' if child else 'sub/b.py')\n"
        "view.close()\n"
        "os._exit(found != b'print(2)\\n') if not child else None\n"
        "sys.exit(found != b'print(1)\\n' or os.waitpid(child, 0)[1])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", script, str(repo)]
    assert subprocess.run(command, env=environment, timeout=60, check=False).returncode == 0


def test_errors_about_revisions_say_what_git_said(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError, match=r"^nope is not a revision of .*Not a valid object name nope\)$"):
        open_view(repo, rev="nope")
    with pytest.raises(GitError, match=r"^HEAD cannot be read: not a git repository"):
        open_view(tmp_path, rev="HEAD")
    git(tmp_path, "init", "-q", "unborn")
    with pytest.raises(GitError, match=r"^HEAD is not a revision"):
        open_view(tmp_path / "unborn", rev="HEAD")
    assert open_view(tmp_path / "unborn", rev=":index").paths() == ()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match=r"^HEAD cannot be read: git cannot be run"):
        open_view(repo, rev="HEAD")


def test_a_bare_repository_is_walked_or_asked_for_a_revision(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    assert open_view(tmp_path / "bare.git").kind == "directory"
    assert git_toplevel(tmp_path / "bare.git") is None
    assert open_view(tmp_path / "bare.git", rev="main").read("sub/b.py") == b"print(2)\n"


def test_what_cannot_be_printed_is_escaped() -> None:
    assert display_path("\ud800\udcff") == "\\ud800\\xff"
    assert display_path("a\x1b[31m\n.py") == "a\\x1b[31m\\x0a.py"


@given(st.text(st.characters(exclude_categories=())))
def test_a_displayed_path_can_be_encoded(path: str) -> None:
    assert "\n" not in display_path(path)
    display_path(path).encode("utf-8")


def test_a_bad_pattern_spoils_no_other(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbf*.log\r\n!\r\n[z-a]\n[\n\\\n\xff\n*.tmp\r\n")
    for name in ("x.log", "x.tmp", "a.py"):
        put(tmp_path, name)
    assert open_view(tmp_path).paths() == (".gitignore", "a.py")


@given(st.text("ab*?![]-^\\/ #:.\r\n"), st.text("ab/.", min_size=1))
def test_no_pattern_crashes(patterns: str, path: str) -> None:
    assert IgnoreRules(lambda at: patterns.encode() if at == ".gitignore" else None).ignores(path) in (True, False)


PATTERNS = """
* *.py *.csv /* a /a a/ data/ data/* data/** **/a a/**/b !*/ !*.py !a !a/ !data/ !data/a !/data/b/ !* ** */ **/ /src/*
!/src [ab] ? !? !data/**/x.py a/b /data/*/ \\!a #a \\#a / !/ *.* **/data/** [!a] a*b src/**/ []a] [a-c]* [[:alpha:]]
[z-a] [ a\\ a**b **.py /** *** a/*/ \\* [^.]* [\\a]
"""
SPACED = ["a ", "a\\ ", "", "x.py  "]
NAMES = ["a", "b", "data", "src", "x.py", "y.csv", ".h", "#a", "!a", "a ", "[", "*", "abc"]
FOLDERS = ["a", "data", "src", "data/a", "data/b", "src/a", "a/b"]


@pytest.mark.parametrize("seed", range(40))
def test_the_walk_ignores_what_git_ignores(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    for folder in ("", *FOLDERS):
        for name in NAMES:
            if f"{folder}/{name}".lstrip("/") not in FOLDERS:
                put(tmp_path, f"{folder}/{name}".lstrip("/"))
    for folder in ("", draw.choice(FOLDERS)):
        put(
            tmp_path,
            f"{folder}/.gitignore".lstrip("/"),
            "\n".join(draw.sample([*PATTERNS.split(), *SPACED], draw.randint(1, 4))),
        )
    walked = DirectoryView(tmp_path)
    listed = walked.paths()
    git(tmp_path, "init", "-q")
    view = open_view(tmp_path)
    assert view.kind == "git"
    assert listed == view.paths()
    asked = [f"{folder}/{name}" for folder in FOLDERS for name in NAMES]
    assert [walked.ignored(path) for path in asked] == [view.ignored(path) for path in asked]
    view.close()


def test_listing_starts_git_twice(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, ...]] = []
    command = Git._command

    def count(self: Git, *arguments: str, **rest: object) -> object:
        calls.append(arguments)
        return command(self, *arguments, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Git, "_command", count)
    view = open_view(repo)
    view.paths(), view.tracked("a.py"), view.submodules, view.excluded("a.py")
    assert [call[0] for call in calls] == ["ls-files", "diff-files"]


def test_what_a_path_names_below_the_root() -> None:
    """Most paths are taken as they are: that has to be what making them normal would give."""
    words = ("a", ".", "..", "/", "\\", ":", "\0", "b.c", "é", "\udc80", "\ud800", " ")
    for size in range(5):
        for parts in itertools.product(words, repeat=size):
            path = "".join(parts)
            expected = None
            if path and "\0" not in path and not path.startswith("/") and "\ud800" not in path:
                normal = os.path.normpath(path).replace(os.sep, "/")
                expected = None if normal.split("/")[0] == ".." else normal
            assert normal_path(path) == expected
