"""Where the keys of a TOML document stand."""

from __future__ import annotations

import tomli
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.sources.toml import KeyPath, key_line, key_lines

DOCUMENT = '''\
# a comment with [brackets] = and "quotes"
title = "x"
a.b.c = 1
"quoted key" = 2
'single' = 3

[table]
key = [
  1,  # inside = an array
  2,
]
inline = {x = 1, y = [2]}
text = """
not = "a key"
[not.a.table]
"""
after = 'it''s'
raw = \'\'\'
also_not = 1\'\'\'
last = 4

[table.sub]
k = 1

[[array]]
name = "first"

[[array]]
name = "second"

[array.inner]
deep = true

[[array.list]]
n = 1

  [ spaced . out ]
  key = "[ # not a comment"
end = 1
'''.replace("'it''s'", '"it\'s"')


def test_every_key_and_table_has_its_line() -> None:
    tomli.loads(DOCUMENT)
    lines = DOCUMENT.split("\n")

    def at(text: str, nth: int = 1) -> int:
        return [n for n, line in enumerate(lines, 1) if line.strip().startswith(text)][nth - 1]

    expected: dict[KeyPath, int] = {
        ("title",): at("title"),
        ("a", "b", "c"): at("a.b.c"),
        ("quoted key",): at('"quoted'),
        ("single",): at("'single'"),
        ("table",): at("[table]"),
        ("table", "key"): at("key = ["),
        ("table", "inline"): at("inline"),
        ("table", "text"): at("text"),
        ("table", "after"): at("after"),
        ("table", "raw"): at("raw"),
        ("table", "last"): at("last"),
        ("table", "sub"): at("[table.sub]"),
        ("table", "sub", "k"): at("k = 1"),
        ("array", 0): at("[[array]]"),
        ("array", 0, "name"): at("name"),
        ("array", 1): at("[[array]]", 2),
        ("array", 1, "name"): at("name", 2),
        ("array", 1, "inner"): at("[array.inner]"),
        ("array", 1, "inner", "deep"): at("deep"),
        ("array", 1, "list", 0): at("[[array.list]]"),
        ("array", 1, "list", 0, "n"): at("n = 1"),
        ("spaced", "out"): at("[ spaced"),
        ("spaced", "out", "key"): at('key = "['),
        ("spaced", "out", "end"): at("end"),
    }
    assert key_lines(DOCUMENT) == expected


def test_a_key_without_a_line_of_its_own_stands_where_its_nearest_parent_does() -> None:
    text = "[a]\nb = {c = 1}\n"
    assert key_line(text, ("a", "b", "c")) == 2
    assert key_line(text, ("a", "missing", "deeper")) == 1
    assert key_line(text, ("nowhere",)) is None
    assert key_line(text, ()) is None


def test_crlf() -> None:
    assert key_lines("[a]\r\nb = 1\r\n\r\n[c]\r\n") == {("a",): 1, ("a", "b"): 2, ("c",): 4}


@given(st.text(alphabet=st.sampled_from("ab.=[]{}\"'#\\\n\r ,1_") | st.characters(), max_size=200))
def test_never_crashes(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= line <= lines for line in key_lines(text).values())


KEYS = st.text(alphabet="abc", min_size=1, max_size=3)
VALUES = st.sampled_from(["1", '"x # ["', "[1, 2]", "{k = 1}", "'''a\nb = 1\n'''", '"""\n[t]\n"""', "[\n 1,\n]"])


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=4))
def test_finds_exactly_the_keys_that_the_parser_finds(tables: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items()) for name, table in tables.items()
    )
    parsed = tomli.loads(text)
    expected = {(name,) for name in parsed} | {(name, key) for name, table in parsed.items() for key in table}
    assert set(key_lines(text)) == expected
