"""``repro-lint baseline``: write, prune or check the file of findings that do not count."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from repro_lint.baseline import DEFAULT_FILE, Baseline, Entry, describe, read_baseline, write_baseline
from repro_lint.errors import UsageError
from repro_lint.registry import load_registry
from repro_lint.session import Checked, Session, find_target
from repro_lint.terminal import progress

_ACTIONS = {
    "write": "record what is found now, in place of what was recorded of it before",
    "prune": "remove the entries that nothing is found for any more; add none",
    "check": "print these entries; the exit code is 1 if there are any",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    actions = "; ".join(f"{name}: {text}" for name, text in _ACTIONS.items())
    parser.add_argument("action", choices=list(_ACTIONS), help=actions)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or directories (default: .)")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help=f"the file (default: as configured, else {DEFAULT_FILE})"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="use this configuration file")


def run(arguments: argparse.Namespace) -> int:
    """Check the tree with the configured rules, then do what was asked for."""
    if arguments.config and not arguments.config.is_file():
        raise UsageError(f"--config {arguments.config}: no such file")
    target, configuration = find_target(arguments.paths, arguments.config)
    file = arguments.baseline or configuration.baseline or target.root / DEFAULT_FILE
    writes = arguments.action == "write"
    baseline = Baseline() if writes and not file.exists() else read_baseline(file)
    session = Session(target, configuration, load_registry(deferred=True))
    with progress() as advance:
        checked = session.check(advance)
    used, stale, unseen = session.known(checked, baseline)
    if arguments.action == "check":
        return _check(file, stale)
    if crashed := sorted({d.rule for d in checked.diagnostics if not checked.metas[d.rule].suppressible}):
        raise UsageError(f"the baseline is left as it is: {', '.join(crashed)} (run repro-lint to see it)")
    # What this run did not look at is kept as it is; what it found is kept where it is now.
    recorded = _recorded(session, checked) if writes else sorted(used)
    found = Counter(baseline.entry(checked.diagnostics[number]) for number in recorded)
    write_baseline(file, Baseline(baseline.salt, unseen + found))
    print(f"wrote {file}: {unseen.total() + found.total()} findings, {stale.total()} removed")
    if configuration.baseline is None and writes:
        print(f'name it in the configuration: baseline = "{file.name}", or use --baseline {file}')
    return 0


def _recorded(session: Session, checked: Checked) -> list[int]:
    """The positions of the diagnostics that a run would count."""
    return [
        number
        for number, d in enumerate(checked.diagnostics)
        if d.counts and d.confidence >= session.settings.min_confidence
    ]


def _check(file: Path, stale: Counter[Entry]) -> int:
    for line in describe(stale):
        print(f"stale: {line}")
    print(
        f"stale entries in {file}: {stale.total()}" + (" (`repro-lint baseline prune` removes them)" if stale else "")
    )
    return int(bool(stale))
