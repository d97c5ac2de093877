"""Whether a call can be bound to the parameters of a function."""

from __future__ import annotations

import ast


def misfit(call: ast.Call, parameters: ast.arguments, *, bound: bool) -> str | None:
    """Why the function cannot accept the call, in words, or None where it can or where that cannot be told.

    ``bound``: whether the first parameter is filled already, as in a method. Follows the language reference on calls
    (https://docs.python.org/3/reference/expressions.html#calls).
    """
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    everyone = [*parameters.posonlyargs, *parameters.args]
    if bound and not everyone:
        return None
    positional = everyone[1:] if bound else everyone
    given = len(call.args)
    if given > len(positional) and parameters.vararg is None:
        return f"it takes {_counted(len(positional), 'positional argument')}, the call passes {given}"
    by_name = {keyword.arg for keyword in call.keywords if keyword.arg}
    only_positional = {parameter.arg for parameter in parameters.posonlyargs}
    names = {parameter.arg for parameter in (*parameters.args, *parameters.kwonlyargs)}
    filled = {parameter.arg for parameter in everyone[: given + bound]}
    if twice := sorted(by_name & (filled - only_positional)):
        return f"the call passes `{twice[0]}` twice"
    if parameters.kwarg is None and (unknown := sorted(by_name - names)):
        return f"it has no parameter {_quoted(unknown)}"
    optional = {parameter.arg for parameter in everyone[len(everyone) - len(parameters.defaults) :]}
    missing = [p.arg for p in positional[given:] if p.arg not in optional and p.arg not in by_name - only_positional]
    keyword_only = zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    missing += [p.arg for p, default in keyword_only if default is None and p.arg not in by_name]
    if missing:
        return f"the call passes no {_quoted(missing)}"
    return None


def _quoted(names: list[str]) -> str:
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
