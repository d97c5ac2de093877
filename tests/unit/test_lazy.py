"""What is made when it is first used behaves as if it had been made at once."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import subprocess
import sys
from typing import ClassVar, no_type_check

import pytest

from repro_lint.lazy import dataclass, lazy_pattern


@dataclass(frozen=True)
class Base:
    number: int
    text: str = "a"
    parts: list[int] = dataclasses.field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Derived(Base):
    more: int = 3


class Plain(Derived):
    """Derived without a decorator, and with an ``__init__`` of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number, more=number + 1)


@dataclass
class Open:
    number: int = 1


@dataclass(frozen=True)
class Kept:
    number: int


def test_a_subclass_is_made_before_its_base_has_been_used() -> None:
    made = Derived(1)
    assert made == Derived(1, "a", [1], 3)
    assert hash(made) == hash(Derived(1))
    assert made != Base(1)
    assert repr(made).endswith("Derived(number=1, text='a', parts=[], more=3)")
    assert dataclasses.replace(made, more=4).more == 4
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.number = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        Derived()  # type: ignore[call-arg]


def test_an_own_init_reaches_the_made_one() -> None:
    assert (Plain(1).number, Plain(1).more) == (1, 2)


def test_what_is_not_frozen_stays_so() -> None:
    made = Open()
    made.number = 2
    assert made == Open(2)


@no_type_check
def _all_kinds(decorate):
    """Instances of classes of every kind that the decorator makes."""

    @decorate(frozen=True)
    class Empty:
        pass

    @decorate(frozen=True)
    class Parts:
        number: int
        shown: ClassVar[str] = "x"
        hidden: str = dataclasses.field(default="h", repr=False)
        apart: list[int] = dataclasses.field(default_factory=list, compare=False)
        made: int = dataclasses.field(init=False, default=7)
        counted: list[int] = dataclasses.field(init=False, default_factory=list)

    @decorate
    class After:
        number: int
        double: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.double = 2 * self.number

    @decorate(frozen=True)
    class Own:
        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and self.name.lower() == other.name.lower()

        def __repr__(self) -> str:
            return f"<{self.name}>"

    @decorate(frozen=True, eq=False)
    class Alone:
        name: str

    @decorate
    class Given:
        start: dataclasses.InitVar[int]
        number: int = 0

        def __post_init__(self, start: int) -> None:
            self.number += start

    @decorate(kw_only=True)
    class Named:
        b: int
        a: int = 1

    @decorate(order=True)
    class Ordered:
        number: int

    assert Ordered(3) < Ordered(4)
    return [
        *(Empty(), Parts(1), Parts(1, "z", [3]), Parts(number=2), After(4), Own("A"), Own("a"), Alone("a")),
        *(Given(3), Named(b=2), Ordered(1), Ordered(2)),
    ]


def test_everything_is_as_dataclasses_makes_it() -> None:
    ours, theirs = _all_kinds(dataclass), _all_kinds(dataclasses.dataclass)
    for mine, other in zip(ours, theirs, strict=True):
        assert vars(mine) == vars(other)
        assert repr(mine).replace(f"{type(mine).__qualname__}(", "(") == repr(other).replace(
            f"{type(other).__qualname__}(", "("
        )
        assert (type(mine).__hash__ is None) == (type(other).__hash__ is None)
        assert [field.name for field in dataclasses.fields(mine)] == [field.name for field in dataclasses.fields(other)]
        assert _can_be_set(mine) == _can_be_set(other)
    assert [[a == b for a in ours] for b in ours] == [[a == b for a in theirs] for b in theirs]


def _can_be_set(instance: object) -> bool:
    try:
        instance.number = 9  # type: ignore[attr-defined]
    except dataclasses.FrozenInstanceError:
        return False
    return True


def test_copies_are_equal() -> None:
    made = Derived(1, parts=[1])
    assert copy.deepcopy(made) == made == copy.copy(made)


def test_unpickling_makes_the_methods_too() -> None:
    stored = pickle.dumps((Kept(1), Kept(1)))
    code = (
        "import pickle, sys; first, second = pickle.loads(bytes.fromhex(sys.argv[1]));"
        "assert first == second and hash(first) == hash(second), 'compared by identity';"
        "assert repr(first) == 'Kept(number=1)'"
    )
    subprocess.run([sys.executable, "-c", code, stored.hex()], check=True, cwd=sys.path[0] or ".")


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    broken = lazy_pattern("(")
    with pytest.raises(re.error):
        broken.search("x")
    assert lazy_pattern("b+").sub("c", "abb") == "ac"


@dataclass(frozen=True, kw_only=True)
class Named:
    number: int = 1
    text: str


def test_fields_by_name() -> None:
    made = Named(text="a")
    assert made == Named(number=1, text="a") == eval(repr(made))
    assert dataclasses.replace(made, number=2).number == 2
    assert [field.kw_only for field in dataclasses.fields(made)] == [True, True]
    with pytest.raises(TypeError):
        Named(1, "a")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named()  # type: ignore[call-arg]
