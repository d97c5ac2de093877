"""``repro-lint new-rule``: start a rule."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from repro_lint.errors import UsageError
from repro_lint.grades import Level

_RULE = '''"""{summary}"""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity


class {class_name}(Rule):
    """{summary}"""

    meta = RuleMeta(
        code="{code}",
        name="{name}",
        family="{family}",
        level=Level.{level},
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="{since}",
        summary="{summary}",
        why="TODO: what it leads to.",
        help="TODO: what to write instead",
        status="preview",
    )

    def check(self, source: PythonSource) -> Outcome:
        """TODO: say which findings are given."""
        for call in source.semantics.calls:
            if call.name == "TODO.name":
                yield Finding(source.place(call.node), f"TODO: {{call.name}} is called")
'''
_PAGE = """# {name} ({code})

{summary}

## What it does

TODO

## Why is this bad?

TODO

## Bad

### TODO: name the first case

`example.py`:

```python
import TODO

TODO.name()  # error: [{name}]
```

### TODO: name the second case

`example.py`:

```python
from TODO import name

name()  # error: [{name}]
```

## Good

### TODO: name the first case

`example.py`:

```python
print("nothing to see")
```

### TODO: name the second case

`example.py`:

```python
# TODO.name() in a comment
```

## How to fix

TODO

## When not to use it

TODO

## References

TODO
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", metavar="NAME", help="the smell, in kebab-case, such as wall-clock-input")
    parser.add_argument("--code", required=True, help="the short alias, such as ABC001")
    parser.add_argument("--family", required=True, help="the folder of related rules")
    parser.add_argument("--level", choices=list(map(str, Level)), default="reproducible", help="default: reproducible")
    parser.add_argument("--pack", type=Path, default=Path("rules/repro_lint_rules"), help="the folder of the pack")


def run(arguments: argparse.Namespace) -> int:
    """Write the folder with a rule, and a page whose cases are still to be filled in and fail until then."""
    name, code = arguments.name, arguments.code
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(f"{name}: a rule's name is in kebab-case and names the smell, such as wall-clock-input")
    if not re.fullmatch(r"[A-Z]{2,5}\d{3}", code):
        raise UsageError(f"{code}: a code is two to five capitals and three digits, such as ABC001")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", arguments.family):
        raise UsageError(f"{arguments.family}: a family is a folder with lower-case letters, such as randomness")
    if not arguments.pack.is_dir():
        raise UsageError(f"{arguments.pack}: no such folder; name the pack's with --pack")
    folder = arguments.pack / arguments.family / name.replace("-", "_")
    if folder.exists():
        raise UsageError(f"{folder} exists")
    from repro_lint import __version__

    values = {
        "name": name,
        "code": code,
        "family": arguments.family,
        "level": arguments.level.upper(),
        "since": __version__,
        "summary": "TODO: one sentence that says what is wrong.",
        "class_name": "".join(part.capitalize() for part in name.split("-")),
    }
    folder.mkdir(parents=True)
    for package in (folder.parent, folder):  # tools that read imports look for packages, the registry does not
        (package / "__init__.py").touch()
    (folder / "rule.py").write_text(_RULE.format(**values), encoding="utf-8")
    (folder / "README.md").write_text(_PAGE.format(**values), encoding="utf-8")
    print(f"{folder}: fill in README.md first, then make it pass with `repro-lint test PACK --rule {name}`")
    return 0
