"""``repro-lint test``: run the cases and the contract of a rule pack."""

from __future__ import annotations

import argparse

from repro_lint.errors import UsageError, did_you_mean
from repro_lint.registry import load_registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("pack", metavar="PACK", help="the name of an installed pack, such as builtin")
    parser.add_argument("--rule", metavar="RULE", help="only this rule")
    parser.add_argument("--update-snapshots", action="store_true", help="rewrite the snapshots in the pages")


def run(arguments: argparse.Namespace) -> int:
    """Print what is wrong with the pack; 1 if something is, else 0."""
    from repro_lint.testing.cases import CaseError
    from repro_lint.testing.contract import contract_problems
    from repro_lint.testing.runner import cases_of, check_rule, rewrite_snapshots

    registry = load_registry()
    entries = [e for e in registry if e.pack.name == arguments.pack]
    broken = [p for p in registry.broken if p.pack.name == arguments.pack]
    if not entries and not broken:
        packs = {e.pack.name for e in registry}
        raise UsageError(f'no pack is called "{arguments.pack}"{did_you_mean(arguments.pack, packs)}')
    if arguments.rule:
        wanted = registry.find(arguments.rule)
        entries = [e for e in entries if e is wanted]
        if not entries:
            raise UsageError(f"{arguments.pack} has no rule {arguments.rule}")
    if arguments.update_snapshots:
        for page in rewrite_snapshots(entries, registry):
            print(f"rewrote {page}")
    problems = [f"{plugin.what}: {plugin.error}" for plugin in broken]
    cases = 0
    for entry in entries:
        try:
            cases += len(cases_of(entry))
            problems += contract_problems(entry, registry)
            problems += check_rule(entry, registry)
        except (CaseError, OSError) as error:
            problems.append(f"{entry.meta.name}: {error}")
    for problem in problems:
        print(problem)
    failed = f"{len(problems)} problems" if problems else "all is well"
    print(f"{len(entries)} rules, {cases} cases: {failed}")
    return int(bool(problems))
