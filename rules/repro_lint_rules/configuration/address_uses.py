"""Where a Python program uses the address of a service that is written into it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import Place, PythonSource, Span, code_of, dataclass, last_name, lazy_pattern
from repro_lint_rules.configuration.addresses import Address, address_of, named_address, table
from repro_lint_rules.configuration.path_guards import is_guarded
from repro_lint_rules.configuration.path_uses import ENVIRONMENT, OPERANDS, OPTION_TEXTS, OPTIONS, SETTINGS, TALK
from repro_lint_rules.configuration.roots import words


@dataclass(frozen=True)
class Endpoint:
    """An address in a program, ``name`` what it is bound to, ``called`` what it is passed to."""

    address: Address
    place: Place
    name: str | None = None
    called: str | None = None


@dataclass(frozen=True)
class _Use:
    """``literal`` is where the address stands, ``user`` the call or statement that uses it."""

    address: Address
    literal: ast.expr
    user: ast.AST
    name: str | None = None
    called: str | None = None


_IN_COMMAND = lazy_pattern(r"(?<![\w/])[a-z][a-z0-9+]{1,15}://[^\s\"'`;&|<>]+")
_LIKELY = lazy_pattern(r"://|jdbc:|\d\.\d{1,3}\.\d{1,3}\.\d")
_NOT_USED = lazy_pattern(
    r"origin|cors|allowed|trusted|white_?list|no_?proxy|redirect|callback|namespace|schema|xmlns|dist_url|init_method|rdzv"
    r"|^default$|cluster_spec|tf_config|master_(?:addr|port)|bind|listen|example|doc|help|homepage|licen[cs]e|badge|readme|message|text|title|version"
    r"|(?:^|_)test(?:_|$)|mock|fake|dummy|regex|pattern|referer|user_agent",
    re.I,
)
_KEYED = lazy_pattern(
    r"(?:^|[_\W])(?P<word>bucket_name|bucket|hostname|host|server|bootstrap_servers|brokers?|queue_?url|endpoint_url)$",
    re.I,
)
_CONNECTS = lazy_pattern(
    r"connect|\w*[Cc]lient|\w*Connection\w*|Redis|StrictRedis|Elasticsearch|OpenSearch|Kafka\w*|Cluster|SMTP|FTP|Telnet|Session"
    r"|create_engine|driver|Producer|Consumer|[Bb]ucket|get_bucket|resource|ConnectionParameters|SSHTunnelForwarder|upload_file\w*"
    r"|download_file\w*|put_object|get_object|list_objects\w*|head_object|delete_object\w*|create_bucket|delete_bucket|copy_object|Bucket|Object"
)
_BUCKETS = words("Bucket get_bucket bucket lookup_bucket create_bucket")
_HOSTED = lazy_pattern(r"connect|MongoClient|Redis|StrictRedis|SMTP|FTP|Telnet|Elasticsearch")
_EMBEDDED = ("sqlite3.", "duckdb.", "aiosqlite.", "__main__.")
"""Databases in a file, whose ``connect`` takes a path, and functions of the program's own."""
_PORT = lazy_pattern(r"(?:localhost|127\.\d+\.\d+\.\d+):(?P<port>\d{2,5})")
_STARTS = lazy_pattern(
    r"\bPopen\(|\bserve\.run\(|\buvicorn\b|\bgunicorn\b|\bapp\.run\(|\.launch\(|\bdocker (?:run|compose)|--start\b"
    r"|%%(?:bash|script|sh)[^\n]* --bg|\bflask run\b|\bmlflow (?:server|ui)\b|\btensorflow_model_server\b"
    r"|\.system_raw\("
)
_SETTINGS_BASES = lazy_pattern(r"(?:BaseSettings|BaseModel|Settings|Schema|\w*Config|\w*Options)")
_PASSED_THROUGH = (ast.List, ast.Tuple, ast.Set, ast.Starred, ast.Await, ast.IfExp, ast.Subscript, ast.FormattedValue)
_ASIDE = words("getattr setattr Markdown HTML Namespace URIRef register_namespace skipif patch")
_WRAPPERS = words("format str URL urljoin join Path UPath encode list tuple dict set urlparse Request")


def endpoints(source: PythonSource) -> Iterator[Endpoint]:
    """The addresses in use, one for each call that connects, constant and command, in no particular order."""
    found: dict[ast.AST, _Use] = {}
    for use in (*_by_shape(source), *_by_keyword(source), *_by_name(source)):
        found.setdefault(use.user, use)
    for use in found.values():
        if not is_guarded(source, use.literal) and not (use.address.local and _is_opened(source, use.address.text)):
            place = source.place(use.literal, source.semantics.scope_of(use.literal).qualname)
            yield Endpoint(use.address, place, use.name, use.called)
    yield from _by_command(source)


def _is_opened(source: PythonSource, text: str) -> bool:
    """Whether the program starts what listens there: it starts some server, or names the port elsewhere, too."""
    code = "\n".join(cell.source for cell in source.cells)
    if _STARTS.search(code):
        return True
    if (match := _PORT.search(text)) is None:
        return False
    return re.search(rf"(?<![\w.]){match['port']}(?!\d)", _PORT.sub("", code)) is not None


def _by_command(source: PythonSource) -> Iterator[Endpoint]:
    """The addresses in shell commands of notebooks, each command's first."""
    for cell, magic in source.magics:
        if magic.kind != "shell" or (match := _IN_COMMAND.search(magic.argument)) is None:
            continue
        address = address_of(match[0])
        line = cell.source.split("\n")[magic.line - 1]
        at = line.find(match[0])
        if address is not None and at >= 0 and not address.local and "echo" not in magic.argument:
            place = source.place_in(cell, Span(magic.line, at + 1, magic.line, at + 1 + len(match[0])))
            yield Endpoint(address, place, called=magic.argument.split()[0])


def _by_shape(source: PythonSource) -> Iterator[_Use]:
    """The texts that are addresses, whatever they are called."""
    for node in source.semantics.nodes(ast.Constant):
        text = node.value
        if isinstance(text, str) and len(text) <= 300 and _LIKELY.search(text):
            parent = source.semantics.parent(node)
            cut = isinstance(parent, (ast.JoinedStr, ast.BinOp))
            address = address_of(text, cut=cut)
            if address is not None and not source.semantics.is_docstring(node):
                yield from _used(source, node, address)


def _by_keyword(source: PythonSource) -> Iterator[_Use]:
    """Values that a connecting call is given as its host, bucket or queue."""
    keywords = table()["keywords"]
    for call in source.semantics.nodes(ast.Call):
        called = last_name(call) or ""
        if not _CONNECTS.fullmatch(called) or (source.semantics.resolve(call.func) or "").startswith(_EMBEDDED):
            continue
        given = [(keyword.arg or "", keyword.value) for keyword in call.keywords]
        if called in _BUCKETS and call.args:
            given.append(("bucket", call.args[0]))
        elif call.args and _HOSTED.fullmatch(called):
            first = call.args[0]
            if isinstance(first, ast.Tuple) and first.elts:
                given.append(("host", first.elts[0]))  # of a socket
            elif called != "connect" or source.semantics.resolve(call.func) is not None:
                given.append(("host", first))
        for name, value in given:
            what = keywords.get(name.lower())
            for part in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
                if what and isinstance(part, ast.Constant) and isinstance(part.value, str):
                    address = named_address(part.value, what)
                    if address is not None:
                        yield _Use(address, part, call, name, called)


def _by_name(source: PythonSource) -> Iterator[_Use]:
    """Constants whose names say that they are a host, a bucket or a queue."""
    for node in source.semantics.nodes(ast.Assign, ast.AnnAssign):
        value = node.value
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = _name_of(target)
        if name and isinstance(value, ast.Constant) and isinstance(value.value, str) and (match := _KEYED.search(name)):
            what = table()["keywords"].get(match["word"].lower())
            address = named_address(value.value, what) if what else None
            if address is not None and not _NOT_USED.search(name) and not _is_setting(source, node):
                yield _Use(address, value, node, name)


def _used(source: PythonSource, node: ast.Constant, address: Address) -> Iterator[_Use]:
    """The use of the text, none where it is compared, printed, documented or only a default."""
    index = source.semantics
    child, name = _climbed(source, node)
    parent = index.parent(child) if child is not None else None
    literal: ast.expr = node
    if isinstance(joined := index.parent(node), ast.JoinedStr):
        literal = joined
    if isinstance(parent, ast.keyword):
        name, child, parent = parent.arg, parent, index.parent(parent)
        if (name or "") in OPTION_TEXTS:
            return
    if name and _NOT_USED.search(name):
        return
    if isinstance(parent, ast.Call):
        if not _is_aside(source, parent):
            yield _Use(address, literal, parent, name, last_name(parent))
    elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and child is parent.value:
        target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
        bound = _name_of(target) or name
        if not (bound and _NOT_USED.search(bound)) and not _is_setting(source, parent):
            yield _Use(address, literal, parent, bound)
    elif isinstance(parent, ast.Return):
        yield _Use(address, literal, parent, name)


def _climbed(source: PythonSource, node: ast.Constant) -> tuple[ast.AST | None, str | None]:
    """The outermost expression that still is the address, and the key it has in a dictionary; None for no use."""
    index = source.semantics
    child: ast.AST = node
    name: str | None = None
    while (parent := index.parent(child)) is not None:
        if isinstance(parent, ast.JoinedStr):
            if parent.values[0] is not child:
                return None, None
        elif isinstance(parent, ast.BinOp):
            if child is not parent.left or not isinstance(parent.op, (ast.Add, ast.Mod, ast.Div)):
                return None, None
        elif isinstance(parent, ast.Dict):
            name = name or next(
                (_text(k) for k, v in zip(parent.keys, parent.values, strict=True) if v is child), "key"
            )
            if name == "key":
                return None, None
        elif isinstance(parent, ast.Call) and last_name(parent) in _WRAPPERS and child is not parent.func:
            pass
        elif isinstance(parent, ast.Attribute) and parent.attr in ("format", "rstrip", "encode"):
            parent = index.parent(parent) or parent
        elif not isinstance(parent, _PASSED_THROUGH) or (isinstance(parent, ast.Subscript) and child is parent.slice):
            break
        child = parent
    return child, name


def _is_aside(source: PythonSource, call: ast.Call) -> bool:
    """Whether the call does not reach out to the address: it prints, compares, looks up, or serves there itself."""
    called = last_name(call) or ""
    resolved = source.semantics.resolve(call.func) or ""
    holder = source.semantics.parent(call)
    if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and call in holder.decorator_list:
        return True
    if (
        resolved in ENVIRONMENT
        or SETTINGS.match(code_of(call.func))
        or resolved.startswith(("re.", "logging.", "webbrowser."))
    ):
        return True
    if called == "get" and len(call.args) == 2 and not resolved.startswith(("requests.", "httpx.")):
        return True
    aside = (
        OPERANDS
        | TALK
        | OPTIONS
        | words("getattr setattr Markdown HTML Namespace URIRef register_namespace skipif patch")
    )
    return called in aside or called in table()["own"] or called.endswith(("Error", "Exception", "Warning"))


def _is_setting(source: PythonSource, node: ast.AST) -> bool:
    """Whether the statement is a field of a settings class, whose value the environment can replace."""
    holder = source.semantics.parent(node)
    if not isinstance(holder, ast.ClassDef):
        return False
    bases = any(_SETTINGS_BASES.fullmatch(last_name(base) or "") for base in holder.bases)
    return bases or any("dataclass" in (last_name(decorator) or "") for decorator in holder.decorator_list)


def _name_of(target: ast.expr) -> str | None:
    if isinstance(target, ast.Subscript):
        return _text(target.slice)
    return last_name(target)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
