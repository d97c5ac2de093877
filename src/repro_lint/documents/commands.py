"""The commands that a document tells its readers to type."""

from __future__ import annotations

from typing import Literal

from repro_lint.documents.blocks import Heading
from repro_lint.lazy import dataclass

Purpose = Literal["install", "run", "clone", "cd", "other"]
Source = Literal["fence", "indented", "pre", "inline", "prose"]


@dataclass(frozen=True)
class Command:
    """A simple command as documented.

    ``argv`` is free of prompts, assignments and ``wrappers`` (``uv run``, ``sudo``, ``srun`` ...); ``text`` is the
    line it stands in without its prompt; ``outputs`` are the files it is redirected to. ``language`` is "shell", or
    that of a call such as ``source("run.R")``, whose ``argv`` is the function and its first argument if that is text.
    ``certain`` is false where the surroundings do not show that it is a command at all.
    """

    argv: tuple[str, ...]
    line: int
    text: str
    kind: Purpose
    source: Source
    section: Heading | None = None
    wrappers: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    language: str = "shell"
    certain: bool = True
