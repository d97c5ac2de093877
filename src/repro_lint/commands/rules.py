"""``repro-lint rules``: list the rules."""

from __future__ import annotations

import argparse
import json
import sys

from repro_lint.commands.explain import description
from repro_lint.grades import Level
from repro_lint.registry import load_registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--family", help="only rules of this family")
    parser.add_argument("--level", choices=list(map(str, Level)), help="only rules of this level")
    parser.add_argument("--status", choices=["stable", "preview"], help="only rules of this status")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    registry = load_registry()
    shown = [
        entry
        for entry in registry
        if arguments.family in (None, entry.meta.family)
        and arguments.level in (None, str(entry.meta.level))
        and arguments.status in (None, entry.meta.status)
    ]
    if arguments.format == "json":
        print(json.dumps([description(entry) for entry in shown], indent=2, ensure_ascii=False))
    elif shown:
        size = max(len(entry.meta.name) for entry in shown)
        for entry in shown:
            meta = entry.meta
            preview = " (preview)" if meta.status == "preview" else ""
            print(f"{meta.code}  {meta.name:<{size}}  {meta.level:<12}  {meta.severity:<7}  {meta.summary}{preview}")
    for plugin in registry.broken:
        print(f"repro-lint: warning: {plugin.what} of {plugin.pack}: {plugin.error}", file=sys.stderr)
    return 0
