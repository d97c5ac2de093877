"""Objects with a generator inside that a method seeds: environments of Gymnasium, and Faker."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from repro_lint.api import CallEvent, Result, Value, code_of, dataclass, is_none, root_of
from repro_lint_rules.randomness.knowledge import SeedParameter

_MAKERS = frozenset(
    {"gymnasium.make", "gym.make", "gym.envs.make", "gymnasium.vector.make", "gymnasium.make_vec", "gym.vector.make"}
)
_RESET = SeedParameter("gymnasium.Env.reset", ("seed",), None, "own", advice="env.reset(seed=SEED) the first time")
ACTIONS = SeedParameter("gymnasium.Space.sample", ("seed",), None, "own", advice="env.action_space.seed(SEED)")
_FAKER = SeedParameter("faker.Faker", ("seed",), None, "faker", advice="Faker.seed(SEED)")
_NOT_DRAWN = frozenset({"seed_instance", "add_provider", "seed_locale", "seed", "get_formatter", "set_formatter"})


@dataclass(frozen=True, eq=False)
class ObjectDraw:
    """A draw from the generator of an object."""

    library: str
    parameter: SeedParameter
    seeding: Any


class SeededObjects:
    """Follows which environments and which of their action spaces have a seed."""

    def __init__(self) -> None:
        self._environments: set[int] = set()
        self._actions: set[int] = set()
        self._told: set[tuple[int, str]] = set()
        self.reset_with_seed = False
        """Whether some environment is reset with a seed."""

    def hear(self, event: CallEvent, name: str | None, state: Mapping[str, Any]) -> Iterator[ObjectDraw]:
        """What the call draws from an object that nothing has seeded."""
        root = root_of(event.receiver) if event.receiver is not None else None
        if not isinstance(root, Result) or event.handed or event.alternative or event.chosen:
            return
        if root.event.name == "faker.Faker":
            if event.method == "seed_instance":
                self._environments.add(id(root.event))
            elif event.method not in _NOT_DRAWN and id(root.event) not in self._environments and self._new(event):
                yield ObjectDraw("faker", _FAKER, state.get("faker"))
            return
        made = _environment(root)
        if made is None:
            return
        on_actions = ".action_space." in f"{name}."
        if event.method == "seed":
            (self._actions if on_actions else self._environments).add(made)
        elif event.method == "reset" and not on_actions:
            if event.open or not is_none(event.keywords.get("seed")):
                self._environments.add(made)
                self.reset_with_seed = True
            elif made not in self._environments and not _is_seeded_next(event) and self._new(event):
                yield ObjectDraw("own", _RESET, None)
        elif on_actions and event.method == "sample" and made not in self._actions and self._new(event):
            yield ObjectDraw("own", ACTIONS, None)

    def _new(self, event: CallEvent) -> bool:
        key = (id(event.node), event.method or "")
        new = key not in self._told
        self._told.add(key)
        return new


def _is_seeded_next(event: CallEvent) -> bool:
    """``env.reset(); env.seed(0)``: a state that nobody takes, before the environment is seeded."""
    semantics = event.source.semantics
    statement = semantics.statement_of(event.node)
    block = getattr(semantics.parent(statement), "body", ()) if isinstance(statement, ast.Expr) else ()
    if statement not in block or not isinstance(event.node, ast.Call) or not isinstance(event.node.func, ast.Attribute):
        return False
    following = block[block.index(statement) + 1 :][:1]
    return any(code_of(found).startswith(f"{code_of(event.node.func.value)}.seed(") for found in following)


def _environment(value: Value, depth: int = 0) -> int | None:
    """What identifies the environment that the value is, or wraps."""
    if not isinstance(value, Result) or depth > 5:
        return None
    if value.event.name in _MAKERS:
        return id(value.event)
    inner = value.event.argument(0, "env")
    return _environment(inner, depth + 1) if inner is not None else None
