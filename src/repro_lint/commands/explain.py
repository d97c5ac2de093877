"""``repro-lint explain``: show a rule's page."""

from __future__ import annotations

import argparse
import json
import sys

from repro_lint.errors import UsageError, did_you_mean
from repro_lint.registry import Entry, load_registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("rule", metavar="RULE", help="a rule's name or code")
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print the page; plain Markdown where the output is not a terminal."""
    registry = load_registry()
    entry = registry.find(arguments.rule)
    if entry is None:
        known = [word for meta in registry.metas for word in (meta.name, meta.code)]
        raise UsageError(f'unknown rule "{arguments.rule}"{did_you_mean(arguments.rule, known)}')
    page = entry.read_page()
    if arguments.format == "json":
        print(json.dumps({**description(entry), "page": page}, indent=2, ensure_ascii=False))
    elif arguments.format == "text" and sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(page))
    else:
        sys.stdout.write(page)
    return 0


def description(entry: Entry) -> dict[str, str | bool]:
    """What is known of a rule, for machines."""
    meta = entry.meta
    return {
        "name": meta.name,
        "code": meta.code,
        "family": meta.family,
        "level": str(meta.level),
        "severity": str(meta.severity),
        "confidence": str(meta.confidence),
        "status": meta.status,
        "since": meta.since,
        "fix": meta.fix,
        "suppressible": meta.suppressible,
        "summary": meta.summary,
        "why": meta.why,
        "help": meta.help,
        "pack": str(entry.pack),
    }
