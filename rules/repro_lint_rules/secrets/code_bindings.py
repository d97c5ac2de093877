"""Names bound to literal texts in programs of other languages, in Terraform and in XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import dataclass, lazy_pattern


@dataclass(frozen=True)
class TextBinding:
    """A value with the name that it is bound to; ``text[start:end]`` is how the value is written, without quotes."""

    name: str
    value: str
    start: int
    end: int


# A string or comment that does not end goes to the end of the line or text, or it would be searched again from within.
_TEXT = (
    r""""(?:[^"\\\n]|\\[^\n])*(?:"|(?=[\n\\])|\Z)|'(?:[^'\\\n]|\\[^\n])*(?:'|(?=[\n\\])|\Z)|`[^`\n]*(?:`|(?=\n)|\Z)"""
)
_COMMENT = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_NAMED = (
    r"(?P<key>(?<![\w$.\-])[A-Za-z_$][\w$.\-]{1,80}|(?<![?])(?<![?] )(?:\"[\w.\-]{2,80}\"|'[\w.\-]{2,80}'))"
    r"[ \t\])]{0,9}(?::[ \t]{0,4}[A-Za-z][\w<>\[\]|]{0,40}[ \t]{0,4}(?==))?"
    rf"(?:[!=]==?|:=|=>|\|\||\?\?|\+?=|:)\s{{0,9}}\(?(?P<value>{_TEXT})"
)
_PASSED = (
    r"\([ \t\n]{0,20}(?P<first>\"[\w.\-]{2,80}\"|'[\w.\-]{2,80}')"
    rf"[ \t]{{0,4}},\s{{0,20}}(?P<second>{_TEXT})"
)
_SLASHES = lazy_pattern(rf"{_COMMENT}|{_PASSED}|{_NAMED}|{_TEXT}", re.S)
_HASHES = lazy_pattern(rf"#[^\n]*|{_COMMENT}|{_PASSED}|{_NAMED}|{_TEXT}", re.S)
_VARIABLE = lazy_pattern(
    r"variable[ \t]{1,4}\"(?P<key>[\w\-]{2,80})\"[ \t]{0,4}\{[^{}]{0,600}?\bdefault[ \t]{0,20}=[ \t]{0,4}"
    r"(?P<value>\"[^\"\n]*\")"
)
_ELEMENT = lazy_pattern(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>[A-Za-z][\w.:\-]{1,80})"
    r"(?P<attributes>(?:\s{1,40}[\w.:\-]{1,40}\s{0,4}=\s{0,4}(?:\"[^\"<]{0,400}\"|'[^'<]{0,400}')){0,20})"
    r"\s{0,40}/?>(?:\s{0,80}(?P<content>[^<\s][^<\n]{2,400}?)\s{0,80}</)?",
    re.S,
)
_ATTRIBUTE = lazy_pattern(r"(?P<key>[\w.:\-]+)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*')")
_NAMING = ("name", "key", "id")


def slash_bindings(text: str) -> Iterator[TextBinding]:
    """Those of a language whose comments begin with two slashes."""
    return _matches(_SLASHES, text)


def hash_bindings(text: str) -> Iterator[TextBinding]:
    """Those of a language whose comments begin with a hash."""
    return _matches(_HASHES, text)


def terraform_bindings(text: str) -> Iterator[TextBinding]:
    """Those of a Terraform file; the default of a variable belongs to its name."""
    yield from _matches(_HASHES, text)
    for match in _VARIABLE.finditer(text):
        yield unquoted(match)


def is_closed(written: str) -> bool:
    """Whether the text ends with the quote it begins with, if it begins with one."""
    return written[0] not in "\"'`" or (len(written) > 1 and written[-1] == written[0])


def unquoted(match: re.Match[str], key: str = "key", value: str = "value") -> TextBinding:
    """The binding of the two groups, without the quotes around either."""
    raw, start, end = match[value], match.start(value), match.end(value)
    if len(raw) >= 2 and raw[0] == raw[-1] and raw[0] in "\"'`":
        raw, start, end = raw[1:-1], start + 1, end - 1
    return TextBinding(match[key].strip("\"'`$"), raw, start, end)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[TextBinding]:
    for match in pattern.finditer(text):
        if match["key"] and is_closed(match["value"]):
            yield unquoted(match)
        elif match["first"] and is_closed(match["second"]):
            yield unquoted(match, "first", "second")


def xml_bindings(text: str) -> Iterator[TextBinding]:
    """Elements and attributes of XML; the name of a property or entry may stand in an attribute beside its value."""
    from html import unescape  # a table of 2,000 names, for few files

    previous = ""
    for match in _ELEMENT.finditer(text):
        tag = match["tag"]
        if tag is None:
            continue
        offset = match.start("attributes")
        attributes = {a["key"].lower(): a for a in _ATTRIBUTE.finditer(match["attributes"])}
        name = next((attributes[n]["value"][1:-1] for n in _NAMING if n in attributes), "")
        for key, attribute in attributes.items():
            bound = name if key == "value" and name else key
            start = offset + attribute.start("value") + 1
            value = attribute["value"][1:-1]
            yield TextBinding(bound, unescape(value), start, start + len(value))
        if content := match["content"]:
            # <key>name</key><string>value</string>, as property lists have it
            bound = previous if tag == "string" and not name else name or tag
            yield TextBinding(bound.rpartition(":")[2], unescape(content), *match.span("content"))
            previous = content if tag == "key" else ""
