"""f-strings that only Python 3.12 and later read (PEP 701), told from the text alone.

Before, the braces of an f-string held none of its own quotes, no backslash and no comment, and their content ended with
the line unless the quotes were triple. https://peps.python.org/pep-0701/#rationale
"""

from __future__ import annotations

import re

from repro_lint.lazy import lazy_pattern

_NEXT = lazy_pattern(r"""\#[^\n]*|(?P<prefix>(?<!\w)[a-zA-Z]{1,2})?(?P<quote>'''|\"\"\"|'|")""")
_PLAIN = {
    quote: lazy_pattern(rf"(?:[^\\{quote[0]}{line_ends}]|\\(?s:.)|(?!{quote}){quote[0]})*{quote}")
    for quote, line_ends in (("'", r"\n"), ('"', r"\n"), ("'''", ""), ('"""', ""))
}
_TEXT = lazy_pattern(r"""[^\\{}'"\n]+""")
_CODE = lazy_pattern(r"""[^\\{}()\[\]'"\n#:!a-zA-Z]+|[a-zA-Z]\w*(?!['"\w])|!=""")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_DEEPEST = 10


def without_later_f_strings(code: str) -> str:
    """The code with a blank string on as many lines in the place of each f-string of Python 3.12.

    Columns stay as well, but for those behind an f-string whose last line is ``}'``.
    """
    pieces: list[str] = []
    done = at = 0
    while match := _NEXT.search(code, at):
        at = match.end()
        if quote := match["quote"]:
            end, later = _string(code, at, match["prefix"] or "", quote, 0)
            if end < 0:
                break
            if later:
                blank = re.sub(r"[^\r\n]", " ", code[match.start() + 3 : end - 2]).removesuffix(" ")
                pieces += [code[done : match.start()], '"""', blank, '"""']
                done = end
            at = end
    return "".join([*pieces, code[done:]])


def _string(code: str, at: int, prefix: str, quote: str, depth: int) -> tuple[int, bool]:
    """Where the string ends whose content begins at ``at``, and whether it is of Python 3.12; -1 for no end."""
    if "f" not in prefix.lower() or depth > _DEEPEST:
        match = _PLAIN[quote].match(code, at)
        return (match.end() if match else -1), False
    later = False
    while 0 <= at < len(code):
        if code.startswith(quote, at):
            return at + len(quote), later
        character = code[at]
        if character == "{" and not code.startswith("{{", at):
            at, newer = _field(code, at + 1, quote, depth)
            later |= newer
        elif character == "\n" and len(quote) == 1:
            return -1, False
        elif character == "\\" and code.startswith("\\N{", at) and "r" not in prefix.lower():
            at = code.find("}", at) + 1 or -1
        else:
            at = match.end() if (match := _TEXT.match(code, at)) else at + 1 + (character in "\\{}")
    return -1, False


def _field(code: str, at: int, quote: str, depth: int) -> tuple[int, bool]:
    """The same for a replacement field, which ends behind its brace."""
    later = False
    closing = ["}"]
    while 0 <= at < len(code):
        character = code[at]
        if string := _NEXT.match(code, at):
            later |= not string["quote"]
            at = string.end()
            if inner := string["quote"]:
                at, newer = _string(code, at, string["prefix"] or "", inner, depth + 1)
                text = code[string.start() : at]
                later |= newer or quote in text or "\\" in text or (len(quote) == 1 and "\n" in text)
        elif character in _BRACKETS:
            closing.append(_BRACKETS[character])
            at += 1
        elif character in ")]}":
            if closing.pop() != character:
                return -1, False
            at += 1
            if not closing:
                return at, later
        elif character == ":" and len(closing) == 1:
            at, newer = _format(code, at + 1, quote, depth)
            return at, later or newer
        else:
            later |= character == "\\" or (character == "\n" and len(quote) == 1)
            at = match.end() if (match := _CODE.match(code, at)) else at + 1
    return -1, False


def _format(code: str, at: int, quote: str, depth: int) -> tuple[int, bool]:
    """The same for what follows the colon of a field, up to and with the brace of the field."""
    later = False
    while 0 <= at < len(code) and depth <= _DEEPEST:
        if code[at] == "}":
            return at + 1, later
        if code[at] == "{":
            at, newer = _field(code, at + 1, quote, depth + 1)
            later |= newer
        elif code.startswith(quote, at) or (code[at] == "\n" and len(quote) == 1):
            return -1, False
        else:
            at += 1
    return -1, False
