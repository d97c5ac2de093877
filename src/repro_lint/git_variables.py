"""The environment and the options that git is run with. A warm run imports this, and nothing else of ``files``."""

from __future__ import annotations

import os

# What points git at a repository, an index or objects (git rev-parse --local-env-vars): a hook inherits it from
# the git that runs it, and that may be another repository than the one looked at. Also what changes pathspecs.
POINTERS = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    }
)
SETTINGS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_FLUSH": "1",  # conversations wait for each answer
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone would fetch missing objects (git 2.44 and later obey)
    "GIT_ALLOW_PROTOCOL": "none",  # earlier ones then find no way to
}
NOTHING_EXECUTED = ("-c", "core.fsmonitor=false")  # the one setting by which listing files runs a program

_LISTING = ("ls-files", "-z", "-v", "--stage", "--cached")
_UNTRACKED = ("--others", "--exclude-standard")
EDITED = ("diff-files", "-z", "--name-only", "--relative")
"""Tracked files that are not on disk as the index has them."""
PLAIN = (b"H 100644", b"H 100755")
"""How the listing begins for regular files whose content the index tells, unless they were edited."""


def listing() -> tuple[str, ...]:
    """What lists every tracked file with its mode, its hash, and marks for what git is told not to look at.

    Also what is neither tracked nor ignored, but for pre-commit: what it checks is what will be committed.
    """
    return _LISTING if os.environ.get("PRE_COMMIT") else (*_LISTING, *_UNTRACKED)
