"""``repro-lint check``: check the tree and print what was found."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from repro_lint.bridges.nbqa import notebook_behind
from repro_lint.cache.runs import Recording, can_be_kept
from repro_lint.cache.store import is_switched_off
from repro_lint.cache.tree_state import State, directory_state, index_state
from repro_lint.config import Configuration, Settings
from repro_lint.engine_rules import INTERNAL_ERROR, UNREADABLE_FILE
from repro_lint.errors import UsageError, did_you_mean
from repro_lint.files import FileView, NoCommitError, Start, display_path, find_start, git_toplevel
from repro_lint.files.worktree import GitView
from repro_lint.grades import Confidence, Level
from repro_lint.registry import load_registry
from repro_lint.report import Report
from repro_lint.reporters import FORMATS, Look, render
from repro_lint.session import Session, find_target
from repro_lint.terminal import Style, progress, wants_color

_PASSING = frozenset({INTERNAL_ERROR.name, UNREADABLE_FILE.name})
"""What may be otherwise the next time, though nothing has changed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or directories (default: .)")
    rules = parser.add_argument_group("rules")
    for option, text in (
        ("--select", "run only these rules: names, codes, families, levels or all, separated by commas"),
        ("--extend-select", "run these rules as well, preview rules among them"),
        ("--ignore", "do not run these rules"),
    ):
        rules.add_argument(option, action="append", metavar="RULES", help=text)
    rules.add_argument("--level", choices=list(map(str, Level)), help="the level to reach (default: reproducible)")
    rules.add_argument(
        "--fail-on",
        choices=["error", "warning", "note", "never"],
        help="the lowest severity that gives exit code 1 (default: warning)",
    )
    confidences = list(map(str, Confidence))
    rules.add_argument("--min-confidence", choices=confidences, help="hide findings below it (default: medium)")
    files = parser.add_argument_group("files")
    files.add_argument("--exclude", action="append", metavar="PATTERNS", help="do not check these, as in .gitignore")
    files.add_argument("--force-exclude", action="store_true", help="apply exclusions to paths given here, too")
    files.add_argument(
        "--scope",
        choices=["auto", "all", "files"],
        default="auto",
        help="files: leave out rules about the repository as a whole (auto: when only files are given)",
    )
    files.add_argument("--config", type=Path, metavar="FILE", help="use this configuration file")
    files.add_argument(
        "-j", "--jobs", type=_jobs, metavar="N", help="processes to use (default: as many as pay for themselves)"
    )
    files.add_argument("--no-cache", action="store_true", help="look at everything again, and keep nothing")
    files.add_argument("--isolated", action="store_true", help="use no configuration file")
    gate = parser.add_argument_group("what counts")
    gate.add_argument(
        "--new-from",
        metavar="REV",
        help="count only what was not there where HEAD left this revision, such as main or HEAD^1 (auto: the one that "
        "pre-commit compares with, else HEAD)",
    )
    gate.add_argument(
        "--count-touched", action="store_true", help="with --new-from: count findings on lines that are edited, too"
    )
    gate.add_argument("--baseline", type=Path, metavar="FILE", help="do not count what this baseline knows")
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=FORMATS, help="how findings are printed (default: full)")
    output.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="write the findings to a file, or without one print them in this format; may be repeated",
    )
    output.add_argument("--statistics", action="store_true", help="print the number of findings by rule instead")
    output.add_argument("--show-files", action="store_true", help="print the files that would be checked, and stop")
    output.add_argument("--show-settings", action="store_true", help="print the settings in force, and stop")
    output.add_argument("-q", "--quiet", action="store_true", help="print findings only: no summary, no warnings")
    output.add_argument("--color", choices=["auto", "always", "never"], default="auto", help="when to use colour")


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of processes")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Check, print, and return the exit code."""
    outputs = [_output(text) for text in arguments.output]
    if arguments.output_format and (bare := next((name for name, file in outputs if file is None), None)):
        raise UsageError(f"--output {bare} and --output-format both say how findings are printed: use one of them")
    if arguments.config and not arguments.config.is_file():
        raise UsageError(f"--config {arguments.config}: no such file")
    target, configuration = find_target(list(map(notebook_behind, arguments.paths)), arguments.config)
    if arguments.isolated:
        configuration = Configuration(Settings())
    configuration.settings = _with_options(configuration.settings, arguments)
    session = Session(
        target,
        configuration,
        load_registry(deferred=True),
        tree_rules={"auto": None, "all": True, "files": False}[arguments.scope],
        force_exclude=arguments.force_exclude,
        jobs=arguments.jobs,
    )
    if arguments.show_settings:
        return _show_settings(session)
    if arguments.show_files:
        sys.stdout.writelines(f"{path}\n" for path in map(_display(session), session.files()))
        return 0
    baseline_file = arguments.baseline or configuration.baseline
    baseline = None
    if baseline_file:
        from repro_lint.baseline import read_baseline

        baseline = read_baseline(baseline_file)
    if arguments.count_touched and arguments.new_from is None:
        raise UsageError("--count-touched is about a change: say with --new-from what to compare with")
    start = _start(target.root, arguments.new_from)
    recording = None
    if not arguments.no_cache and not is_switched_off() and not session.registry.broken:
        tree = _tree_state(session.project.view)
        recording = _recording(arguments, session, baseline_file, tree)
        session.remember(tree)
    with progress() as advance:
        report = session.report(advance, start=start, baseline=baseline, count_touched=arguments.count_touched)
    if stale := report.summary.stale:
        session.warnings.append(f"stale entries in {baseline_file}: {stale} (`repro-lint baseline prune` removes them)")
    if not report.summary.files_checked:
        session.warnings.append("there is nothing to check here")
    warnings = "".join(f"repro-lint: warning: {warning}\n" for warning in session.warnings if not arguments.quiet)
    sys.stderr.write(warnings)
    look = Look(path=_display(session), prefix=_prefix(session.project.root), quiet=arguments.quiet)
    unwritten = _write_files(report, look, outputs)
    look = replace(look, style=Style(wants_color(arguments.color, sys.stdout)))
    names = [name for name, file in outputs if file is None] or [session.settings.output_format]
    text = _statistics(report) if arguments.statistics else "".join(render(name, report, look) for name in names)
    _print(text)
    for error in unwritten:
        print(f"repro-lint: error: {error}", file=sys.stderr)
    code = 2 if unwritten else report.exit_code(session.settings.fail_on)
    if recording and code != 2 and not any(d.rule in _PASSING for d in report.diagnostics):
        recording.keep((code, text, warnings))
    return code


def _recording(
    arguments: argparse.Namespace, session: Session, baseline: Path | None, tree: State | None
) -> Recording | None:
    """What keeps the output of this run for the next one; None for runs that depend on more than it can watch."""
    command_line = getattr(arguments, "command_line", None)
    watched = not (session.settings.bridges.notebook_linters or session.project.view.warning)
    if command_line is None or not watched or not can_be_kept(command_line):
        return None
    return Recording(
        command_line,
        str(session.project.root),
        git=session.project.view.kind == "git",
        tree=tree,
        files=map(str, filter(None, (*session.configuration.files, baseline, *_given(session)))),
        code=session.registry.code,
    )


def _tree_state(view: FileView) -> State | None:
    """The content of the tree before the run, from what git has said of it already."""
    root = str(view.root)
    return index_state(root, *view.answers) if isinstance(view, GitView) else directory_state(root)


def _given(session: Session) -> list[Path]:
    """The paths that were asked for: they are checked even where git ignores them."""
    return [session.project.root / path for path in session.target.paths]


def _start(root: Path, revision: str | None) -> Start | None:
    """Where the change began that is to be judged; None where everything is."""
    if revision != "auto":
        return None if revision is None else find_start(root, revision)
    try:
        return find_start(root, os.environ.get("PRE_COMMIT_FROM_REF") or "HEAD")
    except NoCommitError:  # before the first commit everything is new
        return None


def _output(text: str) -> tuple[str, Path | None]:
    """A format, and the file to write it to, or None for standard output."""
    name, separator, file = text.partition(":")
    if name not in FORMATS:
        raise UsageError(f'--output {text}: unknown format "{name}"{did_you_mean(name, FORMATS)}')
    if separator and not file:
        raise UsageError(f"--output {text}: the file is missing; write {name}:FILE, or {name} to print")
    return name, Path(file) if file else None


def _with_options(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """The settings with what the command line asks for on top."""
    changes: dict[str, Any] = {}
    if arguments.select:
        changes["select"] = _split(arguments.select)
    for name in ("extend_select", "ignore", "exclude"):
        if given := getattr(arguments, name):
            changes[name] = (*getattr(settings, name), *_split(given))
    if arguments.level:
        changes["level"] = Level(arguments.level)
    if arguments.min_confidence:
        changes["min_confidence"] = Confidence(arguments.min_confidence)
    for name in ("fail_on", "output_format"):
        if given := getattr(arguments, name):
            changes[name] = given
    return replace(settings, **changes)


def _split(values: list[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _display(session: Session) -> Any:
    """Paths as seen from the current directory where it is the root or above, or inside it; else absolute."""
    root, here = session.project.root, Path.cwd()

    def shown(path: str) -> str:
        if path == ".":
            return "." if root == here else str(root)
        full = root / path
        return os.path.relpath(full, here) if full.is_relative_to(here) or here.is_relative_to(root) else str(full)

    return (lambda path: path) if root == here else shown


def _prefix(root: Path) -> str:
    """The root as seen from the top of its repository, with a slash at its end; empty if it is the top."""
    top = None if (root / ".git").exists() else git_toplevel(root)
    relative = root.relative_to(top).as_posix() if top and root.is_relative_to(top) else "."
    return "" if relative == "." else display_path(relative) + "/"


def _write_files(report: Report, look: Look, outputs: list[tuple[str, Path | None]]) -> list[str]:
    """Write the outputs that go to a file; returns what went wrong, for that must not cost the other outputs."""
    errors = []
    for name, file in outputs:
        if file is None:
            continue
        # The summary of a step of a GitHub workflow is one file for all that the step runs.
        mode = "a" if str(file) == os.environ.get("GITHUB_STEP_SUMMARY") else "w"
        try:
            with file.open(mode, encoding="utf-8", newline="\n") as stream:
                stream.write(render(name, report, look))
        except OSError as error:
            errors.append(f"--output {name}:{file}: {error.strerror or error}")
    return errors


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The exit code says what was found even if nobody reads it to the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _statistics(report: Report) -> str:
    counts = Counter((d.code, d.rule, str(d.severity)) for d in report.diagnostics if d.counts)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    size = max((len(str(count)) for _, count in rows), default=0)
    return "".join(f"{count:>{size}}  {code}  {rule} ({severity})\n" for (code, rule, severity), count in rows)


def _show_settings(session: Session) -> int:
    from pydantic import TypeAdapter

    shown = TypeAdapter(Settings).dump_python(session.settings, mode="json", by_alias=True)
    print(f"# root: {session.project.root} ({session.project.view.kind})")
    print(f"# configuration: {session.configuration.path or 'none, these are the defaults'}")
    for key, value in shown.items():
        print(f"# {key} is not set" if value is None else f"{key} = {_toml(value)}")
    print("# rules that run:")
    for entry in session.selection.entries:
        print(f"#   {entry.meta.code} {entry.meta.name}")
    return 0


def _toml(value: Any) -> str:
    """The value in one line of TOML, whose strings are written as those of JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
