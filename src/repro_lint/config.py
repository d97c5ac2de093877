"""Settings: ``[tool.repro-lint]`` in pyproject.toml, or a ``repro-lint.toml`` of the same keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from repro_lint.errors import ConfigError, did_you_mean
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.lazy import dataclass
from repro_lint.rule import Rule
from repro_lint.sources.toml import KeyPath, key_line, key_lines
from repro_lint.tables import Field, Table, keys_of, validated

_UNKNOWN = "unexpected_keyword_argument"  # as pydantic calls it
FILE_NAMES = ("repro-lint.toml", ".repro-lint.toml", "pyproject.toml")
NotebookLinter = Literal["bandit", "flake8", "mypy", "pylint"]
FailOn = Literal["error", "warning", "note", "never"]
Format = Literal["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"]


class PerFileIgnore(Table):
    """Rules that do not apply to some files, and why."""

    paths: tuple[str, ...] = Field(min_length=1, description="Patterns as in .gitignore, relative to the configuration")
    rules: tuple[str, ...] = Field(min_length=1, description="Names, codes, families, levels or `all`")
    reason: str = Field(min_length=1, description="Why; it is shown with the suppressed findings")


class Bridges(Table):
    """Other linters whose findings become part of the report."""

    ruff: bool | None = Field(None, description="Add ruff's review of the code: by default at level production only")
    notebook_linters: tuple[NotebookLinter, ...] = Field(
        (), description="Run these linters, which cannot read notebooks themselves, over the notebooks"
    )


class Settings(Table):
    """What can be configured; every key has a default."""

    extend: str | None = Field(None, description="A configuration file to build on, relative to this one")
    level: Level = Field(Level.REPRODUCIBLE, description="The rung of the ladder to reach: rules up to it run")
    fail_on: FailOn = Field("warning", description="The lowest severity that makes the exit code 1")
    min_confidence: Confidence = Field(Confidence.MEDIUM, description="Findings below this confidence are not shown")
    select: tuple[str, ...] | None = Field(None, description="Run only these: names, codes, families, levels, `all`")
    extend_select: tuple[str, ...] = Field((), description="Run these as well, preview rules among them")
    ignore: tuple[str, ...] = Field((), description="Do not run these")
    baseline: str | None = Field(None, description="The file of findings that do not count, relative to this one")
    exclude: tuple[str, ...] = Field((), description="Patterns, as in .gitignore, of files that are not checked")
    max_file_size: float = Field(20, gt=0, description="Files above this size, in MiB, are reported and not read")
    output_format: Format = Field("full", description="How findings are printed")
    bridges: Bridges = Field(Bridges(), description="Other linters whose findings become part of the report")
    per_file_ignores: tuple[PerFileIgnore, ...] = Field((), description="Rules that do not apply to some files")
    severity: dict[str, Severity] = Field({}, description="Severities by rule, instead of the rules' own")
    rules: dict[str, dict[str, Any]] = Field({}, description="Options by rule")


@dataclass(frozen=True)
class ConfigFile:
    """A file that settings come from, and the path of their table in it."""

    path: Path
    text: str
    prefix: KeyPath


class Configuration:
    """Settings with where they came from, so that what is wrong with them can be pointed at."""

    def __init__(self, settings: Settings, path: Path | None = None, files: Sequence[ConfigFile] = ()) -> None:
        self.settings = settings
        self.path = path
        self._files = files

    def place(self, *key: str | int) -> tuple[Path | None, int | None]:
        """The file that sets the key, this one or one it extends, and the line there, as far as they can be told."""
        for file in self._files:
            if (line := key_lines(file.text).get((*file.prefix, *key))) is not None:
                return file.path, line
        if len(key) > 1:
            return self.place(*key[:-1])
        return self.path, None

    @property
    def baseline(self) -> Path | None:
        """The baseline's file, as seen from the configuration file that names it."""
        name = self.settings.baseline
        if name is None:
            return None
        file, _ = self.place("baseline")
        return (file.parent if file else Path()) / name

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and those that it extends."""
        return tuple(file.path for file in self._files)

    def error(self, message: str, *key: str | int) -> ConfigError:
        """The error for something wrong at the key."""
        path, line = self.place(*key)
        return ConfigError(str(path or "configuration"), line, message)

    def options_for(self, rule: type[Rule]) -> Any:
        """The rule's options, validated, or None where none are given. Raises ``ConfigError``."""
        name = rule.meta.name
        values = self.settings.rules.get(name)
        if not values:  # a rule knows its defaults
            return None
        options = rule.imported().Options
        if options is None:
            raise self.error(f"{name} has no options", "rules", name)
        return _validated(options, values, self, ("rules", name))


def find_config(start: Path, stop: Path | None) -> Path | None:
    """The nearest configuration file in ``start`` or above it, no higher than ``stop`` (or the file system's root).

    A ``pyproject.toml`` counts only if it has a ``[tool.repro-lint]`` table.
    """
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _mentions_us(path)):
                return path
        if folder == stop:
            return None
    return None


def load_config(path: Path) -> Configuration:
    """The configuration in the file, on top of what it extends. Raises ``ConfigError``."""
    table, files = _resolved(path, ())
    draft = Configuration(Settings(), path, files)
    return Configuration(_validated(Settings, table, draft, ()), path, files)


def _mentions_us(path: Path) -> bool:
    try:
        data = path.read_bytes()
        if b"repro-lint" not in data:
            return False
        import tomli

        return "repro-lint" in tomli.loads(data.decode("utf-8-sig")).get("tool", {})
    except (OSError, UnicodeDecodeError, AttributeError, TypeError):
        return False
    except (ValueError, RecursionError):  # TOMLDecodeError is a ValueError, as is a number with too many digits
        # Whether it is ours cannot be known, and loading it says what is wrong with it.
        return b"[tool.repro-lint" in data


def _resolved(path: Path, seen: tuple[Path, ...]) -> tuple[dict[str, Any], list[ConfigFile]]:
    """The table of the file merged over the one it extends, and the files they are in."""
    if path.resolve() in seen:
        raise ConfigError(str(path), None, "extends itself")
    import tomli

    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomli.loads(text)
    except OSError as error:
        raise ConfigError(str(path), None, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), None, f"is not UTF-8: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError) as error:  # as above
        raise ConfigError(str(path), getattr(error, "lineno", None), f"is not valid TOML: {error}") from error
    prefix: KeyPath = ("tool", "repro-lint") if path.name == "pyproject.toml" else ()
    table: Any = document
    for part in prefix:
        table = table.get(part, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise ConfigError(str(path), key_line(text, prefix), "[tool.repro-lint] must be a table")
    files = [ConfigFile(path, text, prefix)]
    base = table.get("extend")
    if isinstance(base, str):
        below, more = _resolved((path.parent / base), (*seen, path.resolve()))
        below.pop("extend", None)
        table = _merged(below, table)
        files += more
    return dict(table), files


def _merged(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge key by key; everything else of ``top`` replaces what ``base`` has."""
    result = dict(base)
    for key, value in top.items():
        below = result.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        result[key] = _merged(below, value) if both and isinstance(below, dict) else value
    return result


def _validated(model: type[Table], values: Mapping[str, Any], config: Configuration, at: KeyPath) -> Any:
    try:
        return validated(model, values)
    except ValueError as error:
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        # An unknown key explains the absence of a known one.
        first = min(error.errors(include_url=False), key=lambda e: e["type"] != _UNKNOWN)
        loc = tuple(first["loc"])
        key = (*at, *loc)
        table = ".".join(map(str, key[:-1]))
        where = f" in {table}" if table else ""
        if first["type"] == _UNKNOWN:
            known = _keys(model, loc[:-1])
            raise config.error(f'unknown key "{loc[-1]}"{where}{did_you_mean(str(loc[-1]), known)}', *key) from error
        name = ".".join(map(str, key))
        raise config.error(f"{name}: {first['msg']} (got {first['input']!r})", *key) from error


def _keys(model: type[Table], path: KeyPath) -> list[str]:
    """The keys that the (sub-)table at the path knows."""
    if path and path[0] == "per-file-ignores":
        model = PerFileIgnore
    if path == ("bridges",):
        model = Bridges
    return keys_of(model)
