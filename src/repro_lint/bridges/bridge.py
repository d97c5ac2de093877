"""What bridges share: the rules that stand for another linter's, what it answered, and how it is run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path

from repro_lint.finding import Finding
from repro_lint.lazy import dataclass
from repro_lint.rule import Outcome, Rule, RuleMeta
from repro_lint.sources.python import PythonSource

TIMEOUT = 600
"""Seconds after which a linter is given up: a hang must not become one of the whole run."""
_ERROR_LENGTH = 200


class BridgeRule(Rule):
    """A rule that another linter checks: it can be looked up, selected and suppressed like the others.

    The linter is run once for all its rules and files, after the engine's pass; ``check`` only says what is read.
    """

    def check(self, subject: PythonSource) -> Outcome:
        """Nothing: the bridge reports it."""
        return ()

    def __reduce__(self) -> tuple[object, ...]:
        """For other processes: these classes are made from tables, so they cannot be found by their names."""
        return _stand_in, (type(self).__base__, self.meta)


def _stand_in(base: type[BridgeRule], meta: RuleMeta) -> BridgeRule:
    made: type[BridgeRule] = type(base.__name__, (base,), {"meta": meta})
    return made()


class BridgeError(Exception):
    """The linter could not be run, or what it answered cannot be understood."""


class LinterCrashError(BridgeError):
    """The linter was ended by the system, as it is when its stack overflows: what it read may be to blame."""


@dataclass(frozen=True)
class Answer:
    """What one linter said. ``failure`` tells why that is not all about the ``rules``, by name, that it stands for.

    ``selector`` is what names them all.
    """

    linter: str
    selector: str
    rules: frozenset[str]
    findings: list[tuple[RuleMeta, Finding]] = field(default_factory=list)
    failure: str | None = None


def run_linter(command: Sequence[str], folder: Path, accepted: Sequence[int]) -> str:
    """What the command prints when it is run in the folder. Raises ``BridgeError`` for other exit codes.

    Its variables are kept from it: one that is set to write the output to a file, say, would make a run look clean.
    """
    name = Path(command[0]).stem if "-m" not in command else command[command.index("-m") + 1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(name.upper())}
    # What is imported must never come from the folder; NO_COLOR keeps the output plain.
    environment |= {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    environment.pop("FORCE_COLOR", None)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BridgeError(f"{name} was still running after {TIMEOUT} seconds") from error
    except OSError as error:
        raise BridgeError(f"{name} could not be started: {error.strerror or error}") from error
    if done.returncode not in accepted:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        # Negative for a signal, and beyond the range of exit codes on Windows.
        kind = BridgeError if 0 <= done.returncode < 256 else LinterCrashError
        raise kind(f"{name} failed with exit code {done.returncode}: {said[-1][:_ERROR_LENGTH]}")
    return done.stdout.decode("utf-8", "replace")
