"""The files of a tree: of the working tree, of a plain directory, of git's index or of a commit."""

from __future__ import annotations

from pathlib import Path

from repro_lint.files.excludes import is_excluded
from repro_lint.files.git import Git, GitError, git_toplevel
from repro_lint.files.history import NoCommitError, Start, StartView, find_start
from repro_lint.files.objects import ObjectView
from repro_lint.files.view import FileView, display_path, is_template
from repro_lint.files.walk import DirectoryView
from repro_lint.files.worktree import GitView

__all__ = [
    "FileView",
    "GitError",
    "NoCommitError",
    "Start",
    "StartView",
    "display_path",
    "find_start",
    "git_toplevel",
    "is_excluded",
    "is_template",
    "open_view",
]


def open_view(path: Path, *, rev: str | None = None) -> FileView:
    """The tree below the directory: its working tree, or with ``rev`` a commit (``":index"``: the index).

    Without git, where git refuses the repository, and in a directory that git ignores, the directory is
    walked, and ``warning`` says why. Raises ``GitError`` for a revision that cannot be had.
    """
    root = path.absolute()
    git = Git(root)
    if rev is not None:
        return ObjectView(git, rev)
    if not git.expected:
        return _walk(root)
    view = GitView(git)
    try:
        if view.paths() or not git.ignores_root():
            return view
    except GitError as error:
        return _walk(root, f"git could not list the files ({error}), so the directory was walked instead")
    return _walk(root, f"git ignores {display_path(str(root))}, so the directory was walked instead")


def _walk(root: Path, warning: str | None = None) -> DirectoryView:
    view = DirectoryView(root, warning)
    view.paths()  # what cannot be read becomes a warning, and is wanted now
    return view
