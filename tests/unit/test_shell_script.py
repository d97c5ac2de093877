"""Shell scripts: simple commands, and where their words stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.documents.installs import Installation, read_installation
from repro_lint.documents.shell_script import ShellStatement, moved, shell_statements


def commands(script: str) -> list[str]:
    return [" ".join(statement.argv) for statement in shell_statements(script)]


def only(script: str) -> ShellStatement:
    (statement,) = shell_statements(script)
    return statement


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a 1 && b 2 || c; d & e | f", ["a 1", "b 2", "c", "d", "e", "f"]),
        ("a # not b\n# nor c\nd", ["a", "d"]),
        ("a b#c", ["a b#c"]),
        ("a \\\n  b\r\nc", ["a b", "c"]),
        ("(cd x && y)", ["cd x", "y"]),
        ("if [ -f x ]; then a; else b; fi", ["[ -f x ]", "a", "b"]),
        ("for p in a b; do x $p; done", ["x $p"]),
        ("case $1 in a) x ;; *) y ;; esac", ["x", "*", "y"]),
        ("! a; { b; }", ["a", "b"]),
        ("X=1 Y='a b' a; Z=2", ["a"]),
        ("a 'b c' \"d e\" f\\ g", ["a b c d e f g"]),
        ("a $(b c; d) `e f` ${G:-h i} <(j k)", ["a $(b c; d) `e f` ${G:-h i} <(j k)"]),
        ("a ${{ github.event == 'x' && 'y' }}", ["a ${{ github.event == 'x' && 'y' }}"]),
        ("a > out 2>&1 < in", ["a"]),
        ("a <<END | b\nc\nEND\nd", ["a", "b", "d"]),
        ("a <<-'END'\n\tb\n\tEND\nc", ["a", "c"]),
        ("a <<< b", ["a"]),
        ("sudo -E env X=1 nice -n 5 a", ["a"]),
        ("bash -c \"a && b c\"; sh -ec 'd'", ["a", "b c", "d"]),
        ("bash script.sh -c x", ["bash script.sh -c x"]),
        ("a 'never closed", ["a never closed"]),
        ("", []),
        (";;&&||", []),
    ],
)
def test_commands(script: str, expected: list[str]) -> None:
    assert commands(script) == expected


def test_words_stand_where_they_are_written() -> None:
    script = "sudo pip install  'a b' \"c\" d\\ e && bash -lc 'x  y'"
    install, inner = shell_statements(script)
    assert [script[w.start : w.end] for w in install.words] == ["pip", "install", "'a b'", '"c"', "d\\ e"]
    assert [script[w.start : w.end] for w in inner.words] == ["x", "y"]
    assert (install.wrappers, script[install.start : install.end]) == (("sudo",), "pip install  'a b' \"c\" d\\ e")


def test_words_of_a_script_with_escapes_stand_at_the_script() -> None:
    script = 'bash -c "echo \\"a\\" b"'
    statement = only(script)
    assert statement.argv == ("echo", "a", "b")
    assert {(w.start, w.end) for w in statement.words} == {(script.index('"'), len(script))}


def test_a_program_that_a_runner_implies_stands_at_the_file() -> None:
    statement = only("uv run train.py --fast")
    assert statement.argv == ("python", "train.py", "--fast")
    assert (statement.wrappers, statement.words[0].start) == (("uv run",), 7)


def test_outputs_and_operators() -> None:
    statements = list(shell_statements("a > x 2>/dev/null | b >> y 2>&1"))
    assert [(s.outputs, s.end_with) for s in statements] == [(("x",), "|"), (("y",), "\n")]


def test_moving_to_the_pieces_of_a_file() -> None:
    statement = moved(only("aa bb"), [0, 3], [10, 40])
    assert [(w.start, w.end) for w in statement.words] == [(10, 12), (40, 42)]


@given(st.text(alphabet="ab \n\t;&|<>()'\"\\$`#{}=-1EOF", max_size=60))
def test_any_text_gives_words_inside_of_it(script: str) -> None:
    for statement in shell_statements(script):
        assert statement.words
        for word in statement.words:
            assert 0 <= word.start <= word.end <= len(script)
        read_installation(statement)


def test_nesting_is_bounded() -> None:
    assert commands("$(" * 50_000) == ["$(" * 50_000]
    script = "a"
    for _ in range(8):
        script = "sh -c " + "'" + script.replace("'", "'\\''") + "'"
    assert len(commands(script)) == 1


def installation(script: str) -> Installation:
    found = read_installation(only(script))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("script", "tool", "packages", "files", "local"),
    [
        ("pip install a 'b>=1' -r r.txt -c c.txt -e .", "pip", ["a", "b>=1"], ["r.txt"], ["."]),
        ("/opt/bin/pip3.11 -q install --index-url https://x a", "pip", ["a"], [], []),
        ("python3 -m pip install -rr.txt --requirement=s.txt", "pip", [], ["r.txt", "s.txt"], []),
        (
            "pip install a @ https://x/a.zip ./b c.whl .[dev]",
            "pip",
            ["a @ https://x/a.zip"],
            [],
            ["./b", "c.whl", ".[dev]"],
        ),
        ("pip install -e git+https://x/y#egg=y", "pip", ["git+https://x/y#egg=y"], [], []),
        ("pip install -f https://x a", "pip", ["a"], [], []),
        ("uv pip install --system a -r r.txt", "uv pip", ["a"], ["r.txt"], []),
        ("pipx install a==1", "pipx", ["a==1"], [], []),
        ("uv tool install --python 3.12 a", "uv tool", ["a"], [], []),
        ("uv pip sync r.txt", "uv pip", [], ["r.txt"], []),
        ("conda install -y -c x -n y a=1 --file r.txt", "conda", ["a=1"], ["r.txt"], []),
        ("mamba env create -f e.yml", "mamba", [], ["e.yml"], []),
        ("micromamba create -n x -f e.yml a", "micromamba", ["a"], ["e.yml"], []),
        ("apt-get -y install --no-install-recommends a=1 b ./c.deb", "apt", ["a=1", "b"], [], ["./c.deb"]),
        ("apk --no-cache add -t .deps a", "apk", ["a"], [], []),
        ("yum install -y a", "dnf", ["a"], [], []),
        ("zypper --non-interactive in a", "zypper", ["a"], [], []),
    ],
)
def test_installations(script: str, tool: str, packages: list[str], files: list[str], local: list[str]) -> None:
    found = installation(script)
    assert (found.tool, [w.text for w in found.packages]) == (tool, packages)
    assert ([w.text for w in found.files], [w.text for w in found.local]) == (files, local)


@pytest.mark.parametrize(
    "script",
    ["pip freeze", "pip", "python -m pip", "conda activate x", "conda env list", "apt-get update", "uv pip list"],
)
def test_other_commands_install_nothing(script: str) -> None:
    assert read_installation(only(script)) is None
