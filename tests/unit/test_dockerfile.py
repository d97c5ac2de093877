"""Dockerfiles: instructions, stages, variables and commands, with their places; and whatever else such a file holds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import memory_project
from tests.test_bad_input import assert_sound, rules_at, run

from repro_lint.documents.dockerfile import Dockerfile, expand


def read(text: str | bytes, path: str = "Dockerfile") -> Dockerfile:
    found = memory_project({path: text}).load(Dockerfile, path)
    assert found is not None
    return found


def shown(dockerfile: Dockerfile) -> list[tuple[str, str]]:
    return [(i.keyword, i.text.strip()) for i in dockerfile.instructions]


def commands(text: str) -> list[str]:
    return [" ".join(c.statement.argv) for c in read(text).commands]


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("Dockerfile", True),
        ("docker/dockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.gpu", True),
        ("train.Dockerfile", True),
        ("Dockerfile-dev", True),
        ("Dockerfile.j2", True),
        ("Dockerfile.dockerignore", False),
        ("dockerfile.md", False),
        ("dockerfile_reader.py", False),
        ("my_dockerfiles", False),
        ("file", False),
    ],
)
def test_names(path: str, accepted: bool) -> None:
    assert Dockerfile.accepts(path) is accepted


def test_continuations_comments_and_empty_lines() -> None:
    text = "# c\n\nfrom a \\\n  # c\n\n  as b\nRUN x \\   \n y\\\n"
    assert shown(read(text)) == [("FROM", "a   as b"), ("RUN", "x  y")]
    assert [(i.line, text[i.start : i.end]) for i in read(text).instructions] == [
        (3, "from a \\\n  # c\n\n  as b"),
        (7, "RUN x \\   \n y"),
    ]


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    dockerfile = read(b"\xef\xbb\xbfFROM a\r\nRUN b \\\r\n  c\r\n")
    assert shown(dockerfile) == [("FROM", "a"), ("RUN", "b   c")]
    assert [c.statement.argv for c in dockerfile.commands] == [("b", "c")]


def test_the_escape_directive() -> None:
    text = "# escape=`\nFROM a\nRUN dir C:\\ `\n  more\n"
    assert shown(read(text)) == [("FROM", "a"), ("RUN", "dir C:\\   more")]
    assert shown(read("FROM a\n# escape=`\nRUN b \\\n c\n"))[1] == ("RUN", "b  c")


def test_places_of_words_in_joined_lines() -> None:
    text = "FROM a\nRUN apt-get update && \\\n    # why\n    apt-get install -y \\\n      'curl' \\\n      git\n"
    dockerfile = read(text)
    install = dockerfile.commands[1].statement
    assert [text[w.start : w.end] for w in install.words] == ["apt-get", "install", "-y", "'curl'", "git"]
    git = install.words[-1]
    span = dockerfile.place(git.start, git.end).span
    assert span is not None
    assert (span.line, span.column, span.end_column) == (6, 7, 10)


def test_heredocs() -> None:
    text = 'FROM a\nRUN <<END\npip install b\n  cd c\nEND\nCOPY <<one <<"two" /x/\nRUN no\none\n$y\ntwo\nRUN d\n'
    dockerfile = read(text)
    assert [i.keyword for i in dockerfile.instructions] == ["FROM", "RUN", "COPY", "RUN"]
    assert [(h.name, h.text, h.quoted) for h in dockerfile.instructions[2].heredocs] == [
        ("one", "RUN no\n", False),
        ("two", "$y\n", True),
    ]
    statements = [c.statement for c in dockerfile.commands]
    assert [s.argv for s in statements] == [("pip", "install", "b"), ("cd", "c"), ("d",)]
    assert [text[s.start : s.end] for s in statements] == ["pip install b", "cd c", "d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nRUN bash <<E\nb\nE\n", ["bash", "b"]),
        ("FROM a\nRUN <<E python3\nimport b\nE\n", ["python3"]),
        ("FROM a\nRUN <<E\n#!/usr/bin/env python3\nimport b\nE\n", []),
        ("FROM a\nRUN cat <<E > f && b\nc\nE\n", ["cat", "b"]),
        ("FROM a\nRUN x <<E\nRUN y\n", ["x", "y"]),  # never closed
    ],
)
def test_what_of_a_heredoc_is_run(text: str, expected: list[str]) -> None:
    assert commands(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('FROM a\nRUN ["pip", "install", "b c"]\n', ["pip install b c"]),
        ('FROM a\nRUN ["/bin/sh", "-c", "b && c"]\n', ["b", "c"]),
        ("FROM a\nRUN [ -f x ] && b\n", ["[ -f x ]", "b"]),
        ("FROM a\nRUN --mount=type=cache,target=/c --network=none b\n", ["b"]),
        ("FROM a\nONBUILD RUN b\n", ["b"]),
        ('FROM a\nSHELL ["powershell", "-c"]\nRUN b\nFROM a\nRUN c\n', ["c"]),
        ('FROM a AS x\nSHELL ["cmd"]\nFROM x\nRUN b\n', []),
        ('FROM a\nSHELL ["/bin/bash", "-c"]\nRUN b\n', ["b"]),
    ],
)
def test_forms_of_run(text: str, expected: list[str]) -> None:
    assert commands(text) == expected


def test_stages() -> None:
    text = (
        "ARG TAG=3.12\nARG NONE\nFROM --platform=$P python:${TAG}-slim AS Base\nFROM base\nFROM x:$NONE\n"
        "FROM a:${B:-1}\nFROM \\$c\nFROM scratch as base2\nONBUILD FROM y\n"
    )
    found = [(s.name, s.base, s.parent, s.variable) for s in read(text).stages]
    assert found == [
        ("base", "python:3.12-slim", None, "TAG"),
        (None, None, 0, None),
        (None, None, None, "NONE"),
        (None, "a:1", None, "B"),
        (None, None, None, None),
        ("base2", "scratch", None, None),
    ]


def test_variables() -> None:
    text = (
        "ARG V=1\nARG W=2\nFROM a AS one\nRUN $V\nARG V\nARG W=3\nENV X=$V-$W Y='a b'\nENV OLD form of it\nRUN b\n"
        "FROM one\nRUN c\nFROM z\nRUN d\n"
    )
    dockerfile = read(text)
    at = {i.text.strip(): dockerfile.variables_at(i) for i in dockerfile.instructions if i.keyword == "RUN"}
    assert "V" not in at["$V"]
    assert at["b"] == {"V": "1", "W": "3", "X": "1-3", "Y": "a b", "OLD": "form of it"}
    assert at["c"] == at["b"]
    assert at["d"] == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A ${A} ${B} $C", "1 1  $C"),
        ("${A:-x} ${B:-x} ${B-x} ${C:-$A} ${C-x}", "1 x  1 x"),
        ("${A:+x}${B:+x}${B+y}${C:+x}", "xy"),
        ("\\$A ${A#x} $$ $", "\\$A ${A#x} $$ $"),
    ],
)
def test_expansion(text: str, expected: str) -> None:
    assert expand(text, {"A": "1", "B": ""}) == expected


def test_directories() -> None:
    text = "FROM a AS x\nRUN b\nWORKDIR /app\nWORKDIR src\nRUN cd .. && c\nFROM x\nRUN d\nWORKDIR $E\nRUN e\n"
    assert [(c.statement.argv[0], c.directory) for c in read(text).commands] == [
        ("b", None),
        ("cd", "/app"),
        ("c", "/app"),
        ("d", "/app/src"),
        ("e", None),
    ]


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("Dockerfile", "FROM a\nINSTALL b\n", "cannot be built: line 2 begins with no instruction that Docker knows"),
        ("Dockerfile", "RUN a\n", "cannot be built: it has no FROM"),
        ("Dockerfile", "FROM a\0\n", "is not text: it holds NUL bytes"),
        ("Dockerfile", "{{ x }}\nFROM a\n", None),
        ("Dockerfile.part", "RUN a\n", None),
        ("Dockerfile", "", None),
        ("Dockerfile", "# only a comment\n", None),
    ],
)
def test_problems(path: str, text: str, problem: str | None) -> None:
    assert read(text, path).problem == problem


PIECES = st.sampled_from(
    "FROM|from a:b AS c|ARG X=1|ENV X=$X|ENV|RUN|pip install numpy|apt-get install -y x|<<EOF|EOF|<<-'E'|\\|`|\n|\r\n|\t|"
    '# escape=`|#|[|]|["a", "b"]|"|\'|$X|${X:-y}|${|$(|ONBUILD|SHELL ["cmd"]|WORKDIR /a|COPY --from=c . /|--mount=|&&|\0|é|🙂|'
    "\ud800|HEALTHCHECK|{{ x }}|COPY a b|=".split("|")
)


@given(st.lists(PIECES, max_size=30).map(" ".join))
@example("RUN <<EOF\n")
@example("ENV")
@example("FROM a AS")
@example("SHELL []\nFROM a\nRUN b")
@example("\\\n\\\n\\")
@example('FROM a\nRUN ["\\ud800"]')
@example("FROM a\nRUN []")
@example("FROM a\nENV  \\\n")
def test_any_text_is_read(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    dockerfile = read(data)
    size = len(dockerfile.text)
    for instruction in dockerfile.instructions:
        assert 0 <= instruction.start <= instruction.end <= size
        dockerfile.variables_at(instruction)
        assert all(0 <= w.start <= w.end <= size for w in instruction.words)
    for command in dockerfile.commands:
        assert all(0 <= w.start <= w.end <= size for w in command.statement.words)
    assert len(dockerfile.stages) <= len(dockerfile.instructions)


@pytest.mark.untraced
@given(st.lists(PIECES, max_size=20).map(" ".join))
def test_no_rule_crashes(text: str) -> None:
    assert_sound(run({"Dockerfile": text.encode("utf-8", "surrogatepass"), "requirements.txt": "x\n", "uv.lock": ""}))


BROKEN_FILES: list[str | bytes] = [
    b"",
    b"\x00\xff\xfe",
    "FROM",
    "INSTALL x",
    "FROM a\nRUN <<EOF\nnever closed",
    "FROM a\nRUN pip install 'never closed",
    "FROM a\nRUN pip install -r ../../../etc/passwd -r /",
    "FROM a\nCOPY\nADD\nCOPY --from= x y\nRUN pip install -r x",
    "FROM ${A\nRUN ${",
    "FROM :\nFROM @\nFROM a:\nFROM /",
    "FROM a".encode("utf-16"),
    "FROM a\n" + "RUN a && \\\n" * 20_000,
    "FROM a\nRUN " + "$(" * 20_000,
    "\\\n" * 20_000,
]


@pytest.mark.parametrize("content", BROKEN_FILES)
def test_broken_files(content: str | bytes) -> None:
    assert_sound(run({"Dockerfile": content, "requirements.txt": "x\n", "poetry.lock": ""}))


def test_a_file_that_docker_refuses_is_reported() -> None:
    report = run({"Dockerfile": "FROM python:3.12\nINSTALL from x\n"})
    assert_sound(report)
    assert "unreadable-file" in rules_at(report, "Dockerfile")
