"""Running git, so that it answers for one directory, executes nothing of the repository and fetches nothing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, TypeVar

from repro_lint.errors import UsageError
from repro_lint.git_variables import NOTHING_EXECUTED, POINTERS, SETTINGS

T = TypeVar("T")


class GitError(UsageError):
    """Git could not do what was asked; the message says what git said."""


class Git:
    """Git, asked about the directory ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def expected(self) -> bool:
        """Whether there is a repository, sound or not, for git to find."""
        return self._holds_repository or self._named_work_tree is not None

    @cached_property
    def _holds_repository(self) -> bool:
        root = self.root.resolve()
        return any(os.path.lexists(folder / ".git") for folder in (root, *root.parents))

    @cached_property
    def _named_work_tree(self) -> dict[str, str] | None:
        """GIT_DIR and GIT_WORK_TREE, absolute, if both are set and the root lies in that work tree."""
        folder, tree = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
        if not folder or not tree or not self.root.resolve().is_relative_to(Path(tree).resolve()):
            return None
        return {"GIT_DIR": str(Path(folder).resolve()), "GIT_WORK_TREE": str(Path(tree).resolve())}

    @cached_property
    def environment(self) -> dict[str, str]:
        """The variables git runs with: without those of another repository."""
        kept = {name: value for name, value in os.environ.items() if name not in POINTERS} | SETTINGS
        if not self._holds_repository and self._named_work_tree:  # git itself looks at the directory first, too
            kept |= self._named_work_tree
        if index := os.environ.get("GIT_INDEX_FILE"):
            # `git commit -a` and `git commit FILE` show their hooks an index of their own, beside the usual one.
            own = self._command("rev-parse", "--absolute-git-dir", environment=kept).stdout.rstrip(b"\n")
            if own and Path(index).resolve().parent == Path(os.fsdecode(own)).resolve():
                kept["GIT_INDEX_FILE"] = str(Path(index).resolve())
        return kept

    def _command(
        self, *arguments: str, environment: dict[str, str], options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["git", *NOTHING_EXECUTED, *options, "-C", str(self.root), *arguments]
        try:
            return subprocess.run(command, input=b"", capture_output=True, env=environment, check=False)
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror or error}") from error

    def run(self, *arguments: str, said: list[str] | None = None, options: Sequence[str] = ()) -> bytes:
        """What git prints. Raises ``GitError``, also where git is not installed.

        ``said`` receives the lines on standard error; ``options`` go before the command.
        """
        done = self._command(*arguments, environment=self.environment, options=options)
        lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
        if said is not None:
            said.extend(lines)
        if done.returncode:
            message = next((line for line in lines if line.startswith("fatal: ")), lines[0])
            raise GitError(message.removeprefix("fatal: ") or f"git {arguments[0]} ended with {done.returncode}")
        return done.stdout

    def config_names(self, pattern: str) -> list[str]:
        """The names of the settings that match the regular expression."""
        done = self._command("config", "-z", "--name-only", "--get-regexp", pattern, environment=self.environment)
        return sorted(set(os.fsdecode(done.stdout).split("\0")[:-1]))

    def ignores_root(self) -> bool:
        """Whether git ignores the directory itself, so that nothing below it is ever listed."""
        if os.path.lexists(self.root / ".git"):  # of the top, git says that a pattern "*" ignores it
            return False
        done = self._command("check-ignore", "--quiet", ".", environment=self.environment)
        return done.returncode == 0

    def converse(self, *arguments: str) -> Conversation:
        """A git process to ask many questions, started with the first."""
        return Conversation(self, arguments)


class Conversation:
    """A git process that answers one question after the other; it is started anew when it has died."""

    def __init__(self, git: Git, arguments: Sequence[str]) -> None:
        self._git = git
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, question: bytes, answer: Callable[[IO[bytes]], T]) -> T:
        """What ``answer`` reads from git's reply. Raises ``OSError`` (``EOFError`` becomes one) if git gives none."""
        process = self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(question)
            process.stdin.flush()
            return answer(process.stdout)
        except (EOFError, OSError) as error:
            self.close()
            raise OSError(f"git {self._arguments[0]} gave no answer") from error
        except BaseException:  # an interrupt between question and answer: the next answer would be this one's
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid():  # a forked child must not share the pipes
            command = ["git", *NOTHING_EXECUTED, "-C", str(self._git.root), *self._arguments]
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._git.environment,
            )
        return self._process

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            try:
                assert pipe is not None
                pipe.close()
            except OSError:  # what was still to be written finds nobody to read it
                pass
        process.wait()

    def __del__(self) -> None:
        self.close()

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_process": None}


def git_toplevel(path: Path) -> Path | None:
    """The root of the work tree that holds the directory, or None where there is none or no git.

    It is spelled as ``path`` is where that is possible: git resolves symbolic links, which would make
    the root no parent of what the caller named.
    """
    git = Git(path)
    if not git.expected:
        return None
    try:
        found = git.run("rev-parse", "--show-toplevel")
    except GitError:
        return None
    if not found.strip():
        return None
    top = Path(os.fsdecode(found.removesuffix(b"\n")))
    here = Path(os.path.normpath(path.absolute()))
    return next((parent for parent in (here, *here.parents) if parent.resolve() == top.resolve()), top)
