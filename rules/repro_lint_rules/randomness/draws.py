"""What a walk through a program notes of randomness: seeds, draws, and what the draws come from."""

from __future__ import annotations

import ast
from dataclasses import field
from typing import Literal

from repro_lint.api import AssignEvent, CallEvent, Result, dataclass
from repro_lint_rules.randomness.entropy import Origin
from repro_lint_rules.randomness.knowledge import SeedParameter


@dataclass(eq=False)
class Seeding:
    """A call that decides what generators give. ``origin``: what its seed is made of, if of something that differs."""

    event: CallEvent
    libraries: tuple[str, ...]
    kind: Literal["value", "entropy", "nothing", "default"] = "value"
    """A value; entropy; no seed or None, which is fresh entropy; or a default of the callee's own."""
    origin: Origin | None = None
    by_default: bool = False
    """Whether somebody may pass a seed, but by default there is none."""
    optional: bool = False
    """Whether it is set only if somebody asks for it."""


@dataclass(eq=False)
class Draw:
    """A call that draws, and what had seeded what it draws from."""

    event: CallEvent
    library: str
    seeding: Seeding | None
    parameter: SeedParameter | None = None
    by_default: bool = False
    """Whether somebody may pass a seed, but by default there is none."""
    value: Result | None = None
    """The object of a class with a seed parameter, which draws when it is used."""
    used: bool = False

    @property
    def package(self) -> str:
        """The package of what has a seed parameter, or nothing."""
        return self.parameter.name.partition(".")[0] if self.parameter is not None else ""


@dataclass(eq=False)
class Source:
    """Where numbers come from: a library's global generator, or (``made``) one that is made without a fixed seed."""

    library: str
    made: CallEvent | None = None
    origin: Origin | None = None
    by_default: bool = False
    """Whether somebody may pass a seed, but by default there is none."""
    draws: list[Draw] = field(default_factory=list)


def as_call(event: AssignEvent) -> CallEvent:
    """What sets something, in the form of a call."""
    node = ast.copy_location(ast.Call(event.node, [], []), event.node)
    certain, order, stack = event.certain, event.order, event.stack
    return CallEvent(node, event.source, event.name, None, None, (event.value,), {}, False, certain, order, stack)
