"""The files of a tree: of the working tree, of a plain directory, of git's index or of a commit."""

from __future__ import annotations

from pathlib import Path

from repro_lint.files.excludes import is_excluded
from repro_lint.files.git import GitError, GitView, ObjectView, git_toplevel
from repro_lint.files.view import FileView, display_path
from repro_lint.files.walk import DirectoryView

__all__ = ["FileView", "GitError", "display_path", "git_toplevel", "is_excluded", "open_view"]


def open_view(path: Path, *, rev: str | None = None) -> FileView:
    """The tree below the directory: its working tree, or with ``rev`` a commit (``":index"``: the index).

    Without git, or where git refuses the repository, the directory is walked, and ``warning`` says why.
    Raises ``GitError`` for a revision that cannot be had.
    """
    root = path.absolute()
    if rev is not None:
        return ObjectView(root, rev)
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return DirectoryView(root)
    view = GitView(root)
    try:
        view.paths()
    except GitError as error:
        return DirectoryView(root, f"git could not list the files ({error}), so the directory was walked instead")
    return view
