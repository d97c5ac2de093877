"""What a walk knows of the standard library: enough to follow values through argument parsers and builtins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from repro_lint.execution.events import CallEvent
from repro_lint.execution.values import (
    MAX_ITEMS,
    NONE,
    OUTSIDE,
    UNKNOWN,
    Choice,
    Class,
    Constant,
    Function,
    Mapping,
    Member,
    Name,
    Object,
    Package,
    Partial,
    Result,
    Sequence,
    Value,
    any_of,
    default_of,
    join,
    options_of,
    picked,
    root_of,
)

if TYPE_CHECKING:
    from repro_lint.execution.machine import Machine

Model = Callable[["Machine", CallEvent], "Value | None"]

_PARSERS = ("argparse.ArgumentParser", "configargparse.ArgumentParser", "configargparse.ArgParser")
"""The second reads what is not given on the command line from a file."""
_OF_PARSERS = tuple(f"{name}()" for name in _PARSERS)
_LONGEST_TEXT = 10_000


def model_for(event: CallEvent) -> Model | None:
    """What stands for the code of a function of the standard library, or None for the usual result."""
    name = event.name
    if name is None:
        return None
    if name.startswith(_OF_PARSERS):
        return _ARGPARSE.get(event.method or "")
    return _MODELS.get(name)


# Arguments of the command line. Somebody may always pass another value, so a default is only one of the values.


def _add_argument(machine: Machine, event: CallEvent) -> Value | None:
    parser = _parser(event)
    texts = [arg.value for arg in event.args if isinstance(arg, Constant) and isinstance(arg.value, str)]
    destination = event.keywords.get("dest")
    if isinstance(destination, Constant):
        name = str(destination.value)
    elif texts:
        name = next((text for text in texts if text.startswith("--")), texts[0]).lstrip("-").replace("-", "_")
    else:
        return None
    if parser is not None:
        action = event.keywords.get("action")
        flag = isinstance(action, Constant) and action.value in ("store_true", "store_false")
        default = event.keywords.get("default")
        required = event.keywords.get("required")
        given = isinstance(required, Constant) and required.value is True
        if default is None and texts[:1] != [name] and not given:
            default = Constant(isinstance(action, Constant) and action.value == "store_false") if flag else NONE
        parser.notes[name] = join(default, OUTSIDE) if default is not None else UNKNOWN
    return UNKNOWN


def _set_defaults(machine: Machine, event: CallEvent) -> Value | None:
    parser = _parser(event)
    if parser is not None:
        for name, value in event.keywords.items():
            known = parser.notes.get(name)
            if isinstance(value, Function):  # nobody can pass a function, but a command can bring its own
                parser.notes[name] = join(known, value) if isinstance(known, (Function, Choice)) else value
            else:
                parser.notes[name] = join(value, OUTSIDE)
    for value in event.keywords.values():
        if isinstance(value, Function):
            parser_functions = parser.notes.setdefault("\0functions", Sequence([])) if parser is not None else None
            if isinstance(parser_functions, Sequence):
                parser_functions.items.append(value)
    return UNKNOWN


def _parse_args(machine: Machine, event: CallEvent) -> Value | None:
    parser = _parser(event)
    parsed = Object(None, dict(parser.notes.items()) if parser is not None else {})
    if event.method in ("parse_known_args", "parse_known_intermixed_args"):
        return Sequence([parsed, UNKNOWN])
    return parsed


def _parser(event: CallEvent) -> Result | None:
    root = event.receiver
    for _ in range(10):
        if isinstance(root, Result) and root.event.name in _PARSERS:
            return root
        root = root_of(root) if root is not None else None
    return None


# Lists and dictionaries.


def call_container(machine: Machine, owner: Value, event: CallEvent) -> Value | None:
    """What a method of a list or dictionary gives, or None for the usual result."""
    method, first = event.method, event.argument(0)
    if isinstance(owner, Sequence):
        if method in ("append", "add", "insert") and event.args:
            if len(owner.items) < MAX_ITEMS:
                owner.items.append(event.args[-1])
            return NONE
        if method in ("extend", "update") and isinstance(first, Sequence):
            owner.items.extend(first.items[: MAX_ITEMS - len(owner.items)])
            return NONE
        if method == "pop":
            return _element(owner)
        return owner if method == "copy" else None
    if isinstance(owner, Mapping):
        if method in ("get", "pop", "setdefault") and first is not None:
            found = picked(owner, first)
            if found is not None or not isinstance(first, Constant):
                return found
            default = event.argument(1) or NONE
            return default if owner.complete else join(default, UNKNOWN)
        if method == "update":
            given: dict[object, Value] = dict(first.items) if isinstance(first, Mapping) else {}
            given.update(event.keywords)
            for key, value in given.items():
                machine.journal.set(owner.items, key, value)
            if event.open or not (first is None or (isinstance(first, Mapping) and first.complete)):
                owner.complete = False
            return NONE
        if method == "items":
            pairs: list[Value] = [Sequence([Constant(key), value]) for key, value in owner.items.items()]
            return Sequence(pairs, owner.complete)
        if method == "values":
            return Sequence(list(owner.items.values()), owner.complete)
        if method == "keys":
            return Sequence([Constant(key) for key in owner.items], owner.complete)
        return Mapping(dict(owner.items), owner.complete) if method == "copy" else None
    return None


# Builtins and their like.


def _isinstance(machine: Machine, event: CallEvent) -> Value | None:
    value = event.argument(0)
    kind = event.argument(1)
    if isinstance(value, Constant) and isinstance(kind, Name):
        types = {"builtins.int": int, "builtins.str": str, "builtins.float": float, "builtins.bool": bool}
        if kind.qualified in types:
            return Constant(isinstance(value.value, types[kind.qualified]))
    return UNKNOWN


def _same(machine: Machine, event: CallEvent) -> Value | None:
    """``list(x)``, ``iter(x)``: what has the items of its argument."""
    value = event.argument(0)
    if value is None:
        return Sequence([])
    if isinstance(value, Mapping):
        return Sequence([Constant(key) for key in value.items], value.complete)
    return Sequence([*value.items], value.complete) if isinstance(value, Sequence) else machine_item(value)


def machine_item(value: Value) -> Value:
    """What stands for all elements of a value that is not a sequence."""
    return value if isinstance(value, Result) else UNKNOWN


def _reordered(machine: Machine, event: CallEvent) -> Value | None:
    key = event.keywords.get("key")
    value = event.argument(0)
    if key is not None:
        _apply(machine, key, [_element(value)], event)
    return (
        Sequence([*value.items][::-1], complete=False)
        if isinstance(value, Sequence)
        else machine_item(value or UNKNOWN)
    )


def _map(machine: Machine, event: CallEvent) -> Value | None:
    function = event.argument(0)
    elements = [_element(value) for value in event.args[1:]]
    result = _apply(machine, function, elements, event) if function is not None else UNKNOWN
    return Sequence([result], complete=False)


def _filter(machine: Machine, event: CallEvent) -> Value | None:
    function, element = event.argument(0), _element(event.argument(1))
    if function is not None:
        _apply(machine, function, [element], event)
    return Sequence([element], complete=False)


def _enumerate(machine: Machine, event: CallEvent) -> Value | None:
    value = event.argument(0)
    if isinstance(value, Sequence):
        pairs: list[Value] = [Sequence([Constant(n), item]) for n, item in enumerate(value.items)]
        return Sequence(pairs, value.complete)
    return Sequence([Sequence([UNKNOWN, _element(value)])], complete=False)


def _zip(machine: Machine, event: CallEvent) -> Value | None:
    return Sequence([Sequence([_element(value) for value in event.args])], complete=False)


def _dict(machine: Machine, event: CallEvent) -> Value | None:
    base = event.argument(0)
    items: dict[object, Value] = dict(base.items) if isinstance(base, Mapping) else {}
    items.update(event.keywords)
    return Mapping(items, not event.open and (base is None or (isinstance(base, Mapping) and base.complete)))


def _vars(machine: Machine, event: CallEvent) -> Value | None:
    value = event.argument(0)
    return Mapping(value.attributes if isinstance(value, Object) else {}, complete=False)


def _getattr(machine: Machine, event: CallEvent) -> Value | None:
    value, name = event.argument(0), default_of(event.argument(1) or UNKNOWN)
    if isinstance(value, Package) and not isinstance(name, Constant) and value.state is not None:
        # A configuration names it: one of what the module defines or imports of the project's own.
        return any_of(found for found in value.state.frame.values.values() if isinstance(found, (Function, Class)))
    if isinstance(name, Constant) and isinstance(name.value, str) and value is not None:
        if isinstance(value, Object):
            found = machine.instance_attribute(value, name.value)
            if found is None and value.cls is None:
                found = event.argument(2)
            return found or UNKNOWN
        if isinstance(value, Name):
            return Name(f"{value.qualified}.{name.value}")
        if isinstance(value, Package):
            return machine.package_attribute(value, name.value)
    return UNKNOWN


def _setattr(machine: Machine, event: CallEvent) -> Value | None:
    value, name, new = event.argument(0), event.argument(1), event.argument(2)
    if isinstance(value, Object) and isinstance(name, Constant) and new is not None:
        machine.journal.set(value.attributes, str(name.value), new)
    return NONE


def _partial(machine: Machine, event: CallEvent) -> Value | None:
    return Partial(event.args[0], event.args[1:], dict(event.keywords)) if event.args else UNKNOWN


def _environment(machine: Machine, event: CallEvent) -> Value | None:
    return join(event.argument(1, "default") or NONE, OUTSIDE)


def _number(machine: Machine, event: CallEvent) -> Value | None:
    value = event.argument(0)
    kind = int if event.name == "builtins.int" else float
    if value is None or len(event.args) != 1:
        return UNKNOWN
    converted: list[Value] = []
    for option in options_of(value):
        if (
            isinstance(option, Constant)
            and isinstance(option.value, (int, float, str))
            and len(str(option.value)[:50]) < 50
        ):
            try:
                converted.append(Constant(kind(option.value)))
            except (ValueError, OverflowError):
                return UNKNOWN
        else:
            converted.append(option if isinstance(option, (Result, Member)) else UNKNOWN)
    return join(*converted)


def _range(machine: Machine, event: CallEvent) -> Value | None:
    bounds = [arg.value for arg in event.args if isinstance(arg, Constant) and isinstance(arg.value, int)]
    if len(bounds) == len(event.args) and 0 < len(bounds) <= 2:
        items = range(*bounds)
        return Sequence([Constant(n) for n in items[:3]], complete=len(items) <= 3)
    return Sequence([UNKNOWN], complete=False)


def _nothing(machine: Machine, event: CallEvent) -> Value | None:
    return NONE


def _len(machine: Machine, event: CallEvent) -> Value | None:
    """Only the number of arguments of a program is known, unless somebody passes some."""
    return join(Constant(1), OUTSIDE) if event.argument(0) == Name("sys.argv") else UNKNOWN


def _unknown(machine: Machine, event: CallEvent) -> Value | None:
    return UNKNOWN


def _next(machine: Machine, event: CallEvent) -> Value | None:
    return _element(event.argument(0))


def _run(machine: Machine, event: CallEvent) -> Value | None:
    """``asyncio.run(main())``: the coroutine has run where it was called."""
    return event.argument(0) or UNKNOWN


def _element(value: Value | None) -> Value:
    if isinstance(value, Sequence) and value.items:
        return join(*value.items)
    return machine_item(value) if value is not None else UNKNOWN


def _apply(machine: Machine, function: Value, args: list[Value], event: CallEvent) -> Value:
    """Call a function that was passed as an argument, with these arguments."""
    if isinstance(function, (Function, Partial, Class, Name)):
        return machine.call(function, event.but(args=tuple(args), keywords={}, open=False))
    return UNKNOWN


_ARGPARSE: dict[str, Model] = {
    "add_argument": _add_argument,
    "set_defaults": _set_defaults,
    **dict.fromkeys(
        ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"), _parse_args
    ),
}
_MODELS: dict[str, Model] = {
    **dict.fromkeys(("builtins.list", "builtins.tuple", "builtins.iter", "builtins.set"), _same),
    **dict.fromkeys(("builtins.sorted", "builtins.reversed"), _reordered),
    "builtins.frozenset": _same,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.dict": _dict,
    "builtins.vars": _vars,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.isinstance": _isinstance,
    "builtins.range": _range,
    "builtins.next": _next,
    "builtins.print": _nothing,
    "builtins.len": _len,
    **dict.fromkeys(("builtins.int", "builtins.float"), _number),
    **dict.fromkeys(
        (f"builtins.{name}" for name in ("repr", "bool", "sum", "any", "all", "hasattr", "type")),
        _unknown,
    ),
    **dict.fromkeys(("builtins.callable", "builtins.input", "builtins.divmod"), _unknown),
    "asyncio.run": _run,
    "functools.partial": _partial,
    **dict.fromkeys(("os.environ.get", "os.getenv"), _environment),
}
