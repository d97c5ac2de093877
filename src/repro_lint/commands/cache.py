"""``repro-lint cache``: where earlier runs are kept, how much that is, and how to be rid of it."""

from __future__ import annotations

import argparse

from repro_lint.cache.store import cache_directory, clean, entries, is_switched_off


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The one thing to say: what to do."""
    parser.add_argument("action", choices=["status", "clean"], help="status: what is kept, and where; clean: delete it")


def run(arguments: argparse.Namespace) -> int:
    """Do it; returns 0."""
    directory = cache_directory()
    if arguments.action == "clean":
        print(f"deleted {clean()} entries of {directory}")
        return 0
    print(f"{directory or 'there is no directory for a cache'}{' (switched off)' if is_switched_off() else ''}")
    for kind, (number, size) in entries().items():
        print(f"{kind}: {number} entries, {size / 2**20:.1f} MiB")
    return 0
