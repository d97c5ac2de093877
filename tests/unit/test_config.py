"""Configuration: where it is found, how it is merged, and what is said about each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import MemoryView, write_files

from repro_lint.api import RuleOptions
from repro_lint.config import Configuration, Settings, find_config, load_config
from repro_lint.errors import ConfigError
from repro_lint.finding import NotApplicable
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.project import Project
from repro_lint.registry import Entry, Pack, build_registry
from repro_lint.rule import Outcome, Rule, RuleMeta
from repro_lint.session import Session, Target


class Options(RuleOptions):
    max_depth: int = 3


class Configurable(Rule):
    meta = RuleMeta(
        "TST001", "deep-path", "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0.1.0", "s.", "w", "h"
    )
    Options = Options

    def check(self, project: Project) -> Outcome:
        yield NotApplicable("a test")


class Plain(Rule):
    meta = RuleMeta("TST002", "plain", "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0.1.0", "s.", "w", "h")

    def check(self, project: Project) -> Outcome:
        yield NotApplicable("a test")


REGISTRY = build_registry([Entry(rule, Pack("tests"), Path()) for rule in (Configurable, Plain)])


def load(folder: Path, text: str, name: str = "repro-lint.toml") -> Configuration:
    write_files(folder, {name: text})
    return load_config(folder / name)


def error_of(folder: Path, text: str, name: str = "repro-lint.toml") -> str:
    """The message for the configuration, without the folder in front of the path."""
    with pytest.raises(ConfigError) as error:
        session(load(folder, text, name))
    return str(error.value).removeprefix(f"{folder}/")


def session(configuration: Configuration) -> Session:
    return Session(Target(Path("/project"), (), False), configuration, REGISTRY, view=MemoryView({"a.py": ""}))


class TestSettings:
    def test_the_defaults(self) -> None:
        settings = Settings()
        assert settings.level is Level.REPRODUCIBLE
        assert settings.fail_on == "warning"
        assert settings.min_confidence is Confidence.MEDIUM
        assert settings.select is None
        assert settings.max_file_size == 20
        assert settings.output_format == "full"

    def test_every_key(self, tmp_path: Path) -> None:
        settings = load(
            tmp_path,
            """\
level = "production"
fail-on = "error"
min-confidence = "low"
select = ["all"]
extend-select = ["plain"]
ignore = ["TST001"]
exclude = ["old/"]
max-file-size = 0.5
output-format = "concise"

[severity]
plain = "note"

[rules.deep-path]
max-depth = 7

[[per-file-ignores]]
paths = ["a/**"]
rules = ["plain"]
reason = "kept as published"
""",
        ).settings
        assert settings.level is Level.PRODUCTION
        assert settings.fail_on == "error"
        assert settings.min_confidence is Confidence.LOW
        assert settings.select == ("all",)
        assert settings.extend_select == ("plain",)
        assert settings.ignore == ("TST001",)
        assert settings.exclude == ("old/",)
        assert settings.max_file_size == 0.5
        assert settings.output_format == "concise"
        assert settings.severity == {"plain": Severity.NOTE}
        assert settings.rules == {"deep-path": {"max-depth": 7}}
        (ignore,) = settings.per_file_ignores
        assert (ignore.paths, ignore.rules, ignore.reason) == (("a/**",), ("plain",), "kept as published")

    def test_the_same_keys_in_pyproject(self, tmp_path: Path) -> None:
        text = '[project]\nname = "x"\n\n[tool.repro-lint]\nlevel = "safe"\n'
        configuration = load(tmp_path, text, "pyproject.toml")
        assert configuration.settings.level is Level.SAFE
        assert configuration.place("level") == (tmp_path / "pyproject.toml", 5)

    def test_a_byte_order_mark_does_no_harm(self, tmp_path: Path) -> None:
        assert load(tmp_path, '\ufefflevel = "safe"\n').settings.level is Level.SAFE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nlevle = "safe"\n', 'repro-lint.toml:2: unknown key "levle" (did you mean "level"?)'),
        ("qqqqqq = 1\n", 'repro-lint.toml:1: unknown key "qqqqqq"'),
        ("fail_on = 'error'\n", 'repro-lint.toml:1: unknown key "fail_on" (did you mean "fail-on"?)'),
        ("ignore = 'x'\n", "repro-lint.toml:1: ignore: Input should be a valid tuple (got 'x')"),
        ("ignore = ['x', 3]\n", "repro-lint.toml:1: ignore.1: Input should be a valid string (got 3)"),
        ("max-file-size = 0\n", "repro-lint.toml:1: max-file-size: Input should be greater than 0 (got 0)"),
        ("[severity]\nplain = 'fatal'\n", "repro-lint.toml:2: severity.plain: Input should be"),
        (
            '# x\nlevel = "best"\n',
            "repro-lint.toml:2: level: Input should be 'safe', 'runnable', 'reproducible' or 'production' (got 'best')",
        ),
        ("[a\n", "repro-lint.toml:1: is not valid TOML: "),
        ("a = 1\na = 2\n", "repro-lint.toml:2: is not valid TOML: "),
        (
            '[[per-file-ignores]]\npaths = ["a"]\nrules = ["plain"]\n',
            "repro-lint.toml:1: per-file-ignores.0.reason: Field required",
        ),
        (
            '[[per-file-ignores]]\npaths = ["a"]\nrules = ["plain"]\nreason = ""\n',
            "repro-lint.toml:4: per-file-ignores.0.reason: String should have at least 1 character (got '')",
        ),
        (
            '[[per-file-ignores]]\npaths = ["a"]\nrules = ["plain"]\nreasn = "x"\n',
            'repro-lint.toml:4: unknown key "reasn" in per-file-ignores.0 (did you mean "reason"?)',
        ),
        (
            '[[per-file-ignores]]\npaths = []\nrules = ["plain"]\nreason = "x"\n',
            "repro-lint.toml:2: per-file-ignores.0.paths: Tuple should have at least 1 item",
        ),
        ("[severity]\nplane = 'note'\n", 'repro-lint.toml:2: unknown rule "plane" (did you mean "plain"?)'),
        ("[rules.deep-paths]\nx = 1\n", 'repro-lint.toml:1: unknown rule "deep-paths" (did you mean "deep-path"?)'),
        ("[rules.plain]\nx = 1\n", "repro-lint.toml:1: plain has no options"),
        (
            "[rules.deep-path]\nmax-dept = 1\n",
            'repro-lint.toml:2: unknown key "max-dept" in rules.deep-path (did you mean "max-depth"?)',
        ),
        (
            "[rules.deep-path]\nmax-depth = 'deep'\n",
            "repro-lint.toml:2: rules.deep-path.max-depth: Input should be a valid integer",
        ),
        ("rules.deep-path = 3\n", "repro-lint.toml:1: rules.deep-path: Input should be a valid dictionary (got 3)"),
        ("x = " + "[" * 5000 + "]" * 5000 + "\n", "repro-lint.toml: is not valid TOML: "),
        ("x = " + "9" * 5000 + "\n", "repro-lint.toml: is not valid TOML: "),
    ],
    ids=lambda value: value.strip()[:40] if isinstance(value, str) else None,
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert error_of(tmp_path, text).startswith(message)


def test_a_mistake_in_pyproject_is_named_with_its_place(tmp_path: Path) -> None:
    text = "[tool.other]\nlevle = 1\n\n[tool.repro-lint]\nlevle = 'safe'\n"
    expected = 'pyproject.toml:5: unknown key "levle" (did you mean "level"?)'
    assert error_of(tmp_path, text, "pyproject.toml") == expected
    text = "[tool]\nrepro-lint = 3\n"
    assert error_of(tmp_path, text, "pyproject.toml") == "pyproject.toml:2: [tool.repro-lint] must be a table"


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "repro-lint.toml").write_bytes(b"level = '\xff'\n")
    with pytest.raises(ConfigError, match=r"repro-lint\.toml: is not UTF-8: invalid start byte at byte 9"):
        load_config(tmp_path / "repro-lint.toml")


class TestExtend:
    def test_builds_on_another_file(self, tmp_path: Path) -> None:
        write_files(
            tmp_path,
            {
                "shared/base.toml": 'level = "safe"\nignore = ["plain"]\n[rules.deep-path]\nmax-depth = 5\n',
                "shared/middle.toml": 'extend = "base.toml"\nignore = ["deep-path"]\n[severity]\nplain = "note"\n',
            },
        )
        text = 'extend = "shared/middle.toml"\nfail-on = "error"\n[severity]\ndeep-path = "error"\n'
        settings = load(tmp_path, text).settings
        assert settings.level is Level.SAFE
        assert settings.fail_on == "error"
        assert settings.ignore == ("deep-path",)  # replaced
        assert settings.severity == {"plain": Severity.NOTE, "deep-path": Severity.ERROR}  # merged
        assert settings.rules == {"deep-path": {"max-depth": 5}}

    def test_a_pyproject(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"base/pyproject.toml": "[tool.repro-lint]\nlevel = 'safe'\n"})
        assert load(tmp_path, 'extend = "base/pyproject.toml"\n').settings.level is Level.SAFE

    def test_a_cycle(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"b.toml": 'extend = "repro-lint.toml"\n'})
        assert error_of(tmp_path, 'extend = "b.toml"\n') == "repro-lint.toml: extends itself"
        assert error_of(tmp_path, 'extend = "repro-lint.toml"\n') == "repro-lint.toml: extends itself"

    def test_a_file_that_is_missing(self, tmp_path: Path) -> None:
        message = error_of(tmp_path, '\nextend = "gone.toml"\n')
        assert message == "gone.toml: cannot be read: No such file or directory"

    def test_something_that_is_no_path(self, tmp_path: Path) -> None:
        message = error_of(tmp_path, "extend = 3\n")
        assert message == "repro-lint.toml:1: extend: Input should be a valid string (got 3)"

    def test_a_mistake_in_the_base_is_named_there(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"base.toml": '# shared\n\nlevle = "safe"\n'})
        message = error_of(tmp_path, 'extend = "base.toml"\nfail-on = "error"\n')
        assert message == 'base.toml:3: unknown key "levle" (did you mean "level"?)'

    def test_a_wrong_option_in_the_base_is_named_there(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"base.toml": "[rules.deep-path]\nmax-depth = 'x'\n"})
        message = error_of(tmp_path, 'extend = "base.toml"\n')
        assert message.startswith("base.toml:2: rules.deep-path.max-depth: ")


def test_an_unknown_rule_in_ignore_is_only_a_warning(tmp_path: Path) -> None:
    text = 'ignore = ["plane"]\n[[per-file-ignores]]\npaths = ["a"]\nrules = ["deep"]\nreason = "x"\n'
    warnings = session(load(tmp_path, text)).warnings
    assert warnings == [
        'unknown rule, family or level "plane" (did you mean "plain"?)',
        'unknown rule, family or level "deep" (did you mean "deep-path"?)',
    ]


def test_options_reach_the_rule(tmp_path: Path) -> None:
    rules = {rule.meta.name: rule for rule in session(load(tmp_path, "[rules.deep-path]\nmax-depth = 9\n")).rules}
    assert rules["deep-path"].options.max_depth == 9
    assert rules["plain"].options is None
    assert session(Configuration(Settings())).rules[0].options.max_depth == 3


class TestDiscovery:
    OURS = "[tool.repro-lint]\n"
    FOREIGN = "[tool.other]\nname = 'repro-lint'\n"

    def test_the_nearest_wins(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"repro-lint.toml": "", "a/repro-lint.toml": "", "a/b/c/x.py": ""})
        assert find_config(tmp_path / "a" / "b" / "c", tmp_path) == tmp_path / "a" / "repro-lint.toml"
        assert find_config(tmp_path, tmp_path) == tmp_path / "repro-lint.toml"

    def test_not_above_the_repository(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"repro-lint.toml": "", "a/b/x.py": ""})
        assert find_config(tmp_path / "a" / "b", tmp_path / "a") is None

    def test_a_pyproject_without_our_table_is_passed_over(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": self.OURS, "a/pyproject.toml": self.FOREIGN})
        assert find_config(tmp_path / "a", tmp_path) == tmp_path / "pyproject.toml"

    def test_our_own_file_comes_first(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"pyproject.toml": self.OURS, ".repro-lint.toml": ""})
        assert find_config(tmp_path, tmp_path) == tmp_path / ".repro-lint.toml"
        write_files(tmp_path, {"repro-lint.toml": ""})
        assert find_config(tmp_path, tmp_path) == tmp_path / "repro-lint.toml"

    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (b"[tool.repro-lint\n", True),  # loading it will say what is wrong
            (b"[tool.other\nx = 'repro-lint'\n", False),
            (b"[tool]\nname = 'repro-lint \xff'\n", False),
            (b"tool = 3 # repro-lint\n", False),
            (b"", False),
            (b"# repro-lint\nx = " + b"[" * 5000 + b"]" * 5000, False),
            (b"# repro-lint\nx = " + b"9" * 5000, False),
        ],
        ids=["cut off", "foreign and broken", "latin-1", "tool is no table", "empty", "too deep", "too long a number"],
    )
    def test_a_broken_pyproject(self, tmp_path: Path, data: bytes, found: bool) -> None:
        (tmp_path / "pyproject.toml").write_bytes(data)
        assert (find_config(tmp_path, tmp_path) is not None) is found
