"""The rules of ruff that a reviewer would speak of, chosen one by one, and why each of them is here.

What is left to rules of our own is not here: syntax errors, undefined names in notebooks, secrets, paths, randomness,
swallowed exceptions, and prints in modules. Nor are layout, typing and modernisation, which a formatter or the
project's own linter settles, and rules that are mostly wrong about data science (B023 and B008 about lambdas and
arrays, E711 and E712 about columns of a frame, PLR0124 about the test for NaN, PLR0913 about plotting functions).
"""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.bridges.bridge import BridgeRule
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import RuleMeta

FAMILY = "ruff"
_PREFIX = "RUFF-"
_URL = "https://docs.astral.sh/ruff/rules/{}/"

# Code and name in ruff, what is wrong, why it matters to a reviewer, what to do.
_RULES = (
    # Names: what is not used is left over from something, what is not defined fails.
    (
        "F401", "unused-import", "A module or name is imported and not used.",
        "It makes the file depend on a package that it does not need, and the reader look for its use.",
        "remove the import",
    ),
    (
        "F402", "import-shadowed-by-loop-var", "A loop takes the name of an import.",
        "After the loop the name means its last element, and the next use of the module fails.",
        "give the loop variable another name",
    ),
    (
        "F403", "undefined-local-with-import-star", "A star import brings names that nobody can see.",
        "Neither a reader nor a tool can tell where a name comes from, nor which one a later version will replace.",
        "import the names that are used",
    ),
    (
        "F811", "redefined-while-unused", "A name is defined again before anything used its first definition.",
        "One of the two is dead, and a reader may believe the wrong one.",
        "remove the definition that is not meant, or rename one",
    ),
    (
        "F821", "undefined-name", "A name is used that nothing in the file defines.",
        "The line fails with a NameError as soon as it runs.",
        "define or import the name, or correct its spelling",
    ),
    (
        "F822", "undefined-export", "A name in __all__ is not defined.",
        "A star import of the module fails.",
        "remove the name from __all__, or define it",
    ),
    (
        "F823", "undefined-local", "A local variable is used before it is assigned.",
        "The assignment below makes the name local to the whole function, so the line fails with UnboundLocalError.",
        "assign it first, or give the local variable another name",
    ),
    (
        "F841", "unused-variable", "A local variable is assigned and never used.",
        "Either it is left over, or its use was forgotten; a reviewer cannot tell which.",
        "use the variable or remove it",
    ),
    # Values shared by accident.
    (
        "B006", "mutable-argument-default", "The default of an argument is one list or dict for all calls.",
        "A call that changes it changes what the next call starts with: results depend on what ran before.",
        "use None as the default and make the value in the function",
    ),
    (
        "RUF008", "mutable-dataclass-default", "A field of a dataclass has one mutable value for all instances.",
        "A change in one instance shows in all others.",
        "use field(default_factory=...)",
    ),
    (
        "PLW0603", "global-statement", "A function assigns a global variable.",
        "What a call returns depends on calls before it, which no test of the function sees.",
        "pass the value in and return it",
    ),
    # Functions that nobody can hold in mind: more than 15 paths (bridges/ruff.py), more than 50 statements.
    (
        "C901", "complex-structure", "A function has too many paths through it.",
        "It takes as many tests as there are paths, and a reviewer cannot follow them all.",
        "move parts of it into functions of their own",
    ),
    (
        "PLR0915", "too-many-statements", "A function has too many statements.",
        "It does several things, none of which can be tested or reused alone.",
        "move parts of it into functions of their own",
    ),
    # Code that does nothing, or always the same.
    (
        "ERA001", "commented-out-code", "Code stands in a comment.",
        "Nobody knows whether it is still meant; what was is in the history of the file.",
        "remove it",
    ),
    (
        "B015", "useless-comparison", "The result of a comparison is not used.",
        "A check that nobody looks at checks nothing; often an `assert` or a single `=` was meant.",
        "assert it, assign it, or remove it",
    ),
    (
        "B018", "useless-expression", "An expression is computed and thrown away.",
        "It is left over from looking at a value, or a call is missing.",
        "remove it, or use its value",
    ),
    (
        "PLW0127", "self-assigning-variable", "A variable is assigned to itself.",
        "It does nothing; another name was meant.",
        "correct the name, or remove the line",
    ),
    (
        "PLW0128", "redeclared-assigned-name", "One assignment binds the same name twice.",
        "The first of the two values is lost.",
        "give each value a name of its own",
    ),
    (
        "PLW0133", "useless-exception-statement", "An exception is made and not raised.",
        "The error that the line should report passes unseen.",
        "write `raise` in front of it",
    ),
    (
        "F601", "multi-value-repeated-key-literal", "A dict has the same key twice, with different values.",
        "The first value is silently lost.",
        "remove one of the two, or correct the key",
    ),
    (
        "B035", "static-key-dict-comprehension", "A dict comprehension gives every value the same key.",
        "Only the last value is kept.",
        "let the key depend on the loop variable",
    ),
    (
        "F631", "assert-tuple", "An assertion holds a tuple, which is always true.",
        "The assertion can never fail.",
        "remove the parentheses around condition and message",
    ),
    (
        "F634", "if-tuple", "A condition is a tuple, which is always true.",
        "The other branch can never run.",
        "remove the comma",
    ),
    (
        "F632", "is-literal", "A value is compared with a literal by identity.",
        "Whether two equal values are the same object depends on the version of Python.",
        "compare with == or !=",
    ),
    (
        "PLW0129", "assert-on-string-literal", "An assertion holds a text, which is always true or always false.",
        "It checks nothing.",
        "assert the condition",
    ),
    # Code that does something else than it says.
    (
        "B005", "strip-with-multi-characters", "strip() is given a text, and removes its characters in any order.",
        "It eats into the value: 'data.csv'.strip('.csv') is 'data', 'vcs.csv' becomes ''.",
        "use removeprefix() or removesuffix()",
    ),
    (
        "B020", "loop-variable-overrides-iterator", "A loop variable has the name of what the loop goes over.",
        "After the loop the collection is gone, and running the cell again fails or goes over one element.",
        "give the loop variable another name",
    ),
    (
        "B025", "duplicate-try-block-exception", "Two handlers of one try catch the same exception.",
        "The second can never run.",
        "merge the two handlers",
    ),
    (
        "PLW1510", "subprocess-run-without-check", "A command is run, and whether it failed is not looked at.",
        "The program goes on with whatever was there before, such as yesterday's output.",
        "pass check=True, or check=False where failing is fine",
    ),
    (
        "S113", "request-without-timeout", "A request has no timeout.",
        "Without an answer the program waits for ever.",
        "pass timeout=",
    ),
    # Left over from debugging.
    (
        "T100", "debugger", "A call of the debugger stands in the code.",
        "The program stops there and waits for somebody to type.",
        "remove it",
    ),
    # Datetimes that mean another moment on another machine. Dates written in the code and dates that are read stay
    # out (DTZ001, DTZ007): data are usually in one zone.
    (
        "DTZ002", "call-datetime-today", "datetime.today() gives the time of the machine's zone, without the zone.",
        "On a machine in another zone it is another hour, and may be another day.",
        "datetime.now(timezone.utc)",
    ),
    (
        "DTZ003", "call-datetime-utcnow", "datetime.utcnow() gives a time that does not know it is UTC.",
        "Everything that converts it takes it for local time.",
        "datetime.now(timezone.utc)",
    ),
    (
        "DTZ004", "call-datetime-utcfromtimestamp", "datetime.utcfromtimestamp() does not know that it is UTC.",
        "Everything that converts it takes it for local time.",
        "datetime.fromtimestamp(value, timezone.utc)",
    ),
    (
        "DTZ005", "call-datetime-now-without-tzinfo", "datetime.now() gives the machine's time, without the zone.",
        "On a machine in another zone it is another hour, and may be another day.",
        "datetime.now(timezone.utc)",
    ),
    (
        "DTZ006", "call-datetime-fromtimestamp", "A timestamp becomes a time of the machine's zone, without the zone.",
        "The same timestamp gives another hour, and may give another day, on a machine in another zone.",
        "datetime.fromtimestamp(value, timezone.utc)",
    ),
    # NumPy as it was. NPY002, the generators, is a rule of our own.
    (
        "NPY001", "numpy-deprecated-type-alias", "A name of a type is used that NumPy has removed (1.24).",
        "The line fails with every current NumPy.",
        "use the built-in type, such as float for np.float",
    ),
    (
        "NPY003", "numpy-deprecated-function", "A function is used that NumPy has replaced.",
        "The line fails with NumPy 2.",
        "use the function that the message names",
    ),
    (
        "NPY201", "numpy2-deprecation", "A name is used that NumPy 2.0 has removed or moved.",
        "The line fails with NumPy 2.",
        "use what the message names",
    ),
)  # fmt: skip

_LESS_SURE = ("ERA001",)  # prose can look like code


def ruff_rules() -> Iterator[type[BridgeRule]]:
    """A rule for each row of the table."""
    for code, name, summary, why, advice in _RULES:
        meta = RuleMeta(
            code=_PREFIX + code,
            name=f"ruff-{name}",
            family=FAMILY,
            level=Level.PRODUCTION,
            severity=Severity.NOTE,
            confidence=Confidence.MEDIUM if code in _LESS_SURE else Confidence.HIGH,
            since="0.1.0",
            summary=summary,
            why=why,
            help=advice,
            url=_URL.format(name),
        )
        yield type(f"Ruff{code}", (BridgeRule,), {"meta": meta, "__doc__": summary, "__module__": __name__})


def ruff_code(meta: RuleMeta) -> str:
    """The code in ruff of one of these rules."""
    return meta.code.removeprefix(_PREFIX)


def ruff_name(meta: RuleMeta) -> str:
    """The name in ruff of one of these rules."""
    return meta.name.removeprefix(f"{FAMILY}-")
