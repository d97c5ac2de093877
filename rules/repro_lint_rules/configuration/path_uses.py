"""What a Python program does with a text that looks like a path: opens it, names it, compares it, prints it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import Enum

from repro_lint.api import PythonSource, dataclass, lazy_pattern
from repro_lint_rules.configuration.roots import words


class Use(Enum):
    """How a text is used; ``NONE`` where it does not decide which file the program touches."""

    NONE = 0
    LOOKUP = 1
    """The default of an environment variable or a setting."""
    PLAIN = 2
    """Nothing speaks for or against a path."""
    NAMED = 3
    """It is bound to something that has the name of a path."""
    OPTION = 4
    """The default of a command-line option."""
    OPENED = 5
    """It is passed to something that opens, lists or writes files."""
    COMMAND = 6
    """It is a shell command."""


@dataclass(frozen=True)
class Text:
    """A text of a program: ``value`` is what is known from its beginning on, ``cut`` tells that more follows.

    ``node`` is the literal, or the expression that joins several; ``literal`` that with which the text begins, an
    f-string as a whole; ``name`` what the text is bound to.
    """

    value: str
    node: ast.expr
    literal: ast.expr
    use: Use
    name: str | None = None
    cut: bool = False
    joined: bool = False


_PATH_NAME = lazy_pattern(
    r"path|(?:^|_)out(?:$|_)|dir(?:ectory|s)?(?:_|\b|$)|folder|root|file|fname|data|base|home|input|output|save|ckpt|checkpoint|model|cache"
    r"|train|test|valid|img|image|csv|log|result|corpus|weights|src|dst|dest|location|wd$|store|store|archive",
    re.I,
)
_ADDRESS_NAME = lazy_pattern(
    r"url|uri|href|route|endpoint|link|pathname|xpath|prefix_url|api|page|regex|pattern|title|text|message|help|desc"
    r"|image_name|example|label|query|selector|mime",
    re.I,
)
_INSIDE_NAME = lazy_pattern(r"mount|container|docker|volume|workdir|working_dir|k8s|\bbind\b|guest", re.I)
_COMPARES = lazy_pattern(r"(?:assert|expect)\w*|test_\w+|is_eq|eq_|equal\w*", re.I)
_OPENS = lazy_pattern(
    r"open|read_\w+|to_(?:csv|parquet|excel|json|pickle|hdf|feather|sql|stata|netcdf|zarr|file|html|latex|gbq)|read|load\w*|save\w*"
    r"|dump\w*|chdir|listdir|scandir|walk|i?glob|rglob|imread|imwrite|imsave|savefig|savetxt|loadtxt|loadmat|savemat|genfromtxt|fromfile"
    r"|tofile|memmap|copy\w*|move|rename|remove|unlink|rmtree|makedirs|mkdir|exists|isfile|isdir|is_file|is_dir|getsize"
    r"|ImageFolder|DatasetFolder|image_dataset_from_directory|flow_from_directory|from_pretrained|VideoCapture|File|ZipFile"
    r"|TarFile|HDFStore|H5File|CSVLogger|TensorBoard|SummaryWriter|ModelCheckpoint|open_dataset|open_mfdataset|open_zarr"
    r"|Dataset|textFile|parquet|csv|json|scan_\w+|sink_\w+|write\w*|mount|FileHandler|NamedTemporaryFile|ls|Image|append|insert"
    r"|source|get_holdout|symlink|touch|stat|ExcelFile|ExcelWriter|load_dataset|extractall|unpack_archive|make_archive"
)
_READS = lazy_pattern(
    r"open|read_\w+|load\w*|to_(?:csv|parquet|excel|json|pickle|hdf|feather)|imread|imwrite|savefig|savetxt|genfromtxt|i?glob"
    r"|listdir|chdir|save\w*|walk|scandir|makedirs|mkdir|ImageFolder|fromfile|loadmat|ExcelFile|ZipFile|File"
)
OPERANDS = words(
    "startswith endswith replace removeprefix removesuffix split rsplit partition rpartition strip lstrip rstrip find "
    "rfind index count match fullmatch search sub subn finditer findall compile relative_to is_relative_to fnmatch "
    "translate join_url urljoin url_for reverse redirect resolve_url xpath find_all select css"
)
_ROUTES = words(
    "route path re_path url add_url_rule add_api_route add_route add_resource get post put delete patch head options "
    "request websocket Mount Route api_route include_router get_json register_page Link NavLink navigate goto visit "
    "mount_static PurePosixPath PureWindowsPath PurePath skipif parametrize"
)
TALK = words(
    "print pprint info debug warning warn error critical exception log echo secho fail skip exit write_stderr title "
    "set_title xlabel ylabel text suptitle markdown Markdown HTML display caption TypeVar cast getLogger namedtuple"
)
OPTIONS = words("add_argument add_option option argument Option Argument Field DEFINE_string field Parameter")
_FIELDS = words("Field Option Argument field DEFINE_string")
OPTION_TEXTS = words("help description metavar epilog usage prog title dest envvar example examples alias")
_WRAPPERS = words(
    "Path PosixPath WindowsPath str fspath expanduser expandvars abspath realpath normpath normcase resolve absolute "
    "list tuple sorted set join joinpath format encode UPath AnyPath repr reversed chain dict partial deepcopy bytes"
)
_PASSED_THROUGH = (
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Starred,
    ast.Await,
    ast.IfExp,
    ast.Subscript,
    ast.Dict,
    ast.Attribute,
)
_COMMANDS = words(
    "os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen "
    "subprocess.getoutput subprocess.getstatusoutput"
)
ENVIRONMENT = words("os.environ.get os.getenv os.environ.setdefault os.environ.pop")
SETTINGS = lazy_pattern(r"^(?:config|env|decouple\.config|environ\.\w+|env\.\w+|config\.get\w*|settings\.get\w*)$")


def texts(source: PythonSource, looks_like_path: re.Pattern[str]) -> Iterator[Text]:
    """The texts of the program that can be paths, with their use, in document order."""
    index = source.semantics
    for node in index.nodes(ast.Constant):
        value = node.value
        if isinstance(value, str) and looks_like_path.search(value) and not index.is_docstring(node):
            yield _Reading(source, node).text()


class _Reading:
    """The way from one literal outwards."""

    def __init__(self, source: PythonSource, node: ast.Constant) -> None:
        self.index = source.semantics
        self.node = node
        self.value: str = str(node.value)
        self.held: ast.expr = node
        self.literal: ast.expr = node
        self.cut = False
        self.joined = False
        self.wrapped = False

    def text(self) -> Text:
        use, name = self._climb()
        return Text(self.value, self.held, self.literal, use, name, self.cut, self.joined)

    # repro-lint: ignore[ruff-complex-structure] one branch for each kind of node on the way up
    def _climb(self) -> tuple[Use, str | None]:
        child: ast.AST = self.node
        parent = self.index.parent(child)
        while parent is not None:
            if isinstance(parent, ast.JoinedStr):
                if parent.values[0] is not child:
                    return Use.NONE, None
                self.cut = len(parent.values) > 1
                self.held = self.literal = parent
            elif isinstance(parent, ast.BinOp):
                if child is not parent.left or not isinstance(parent.op, ast.Add | ast.Div | ast.Mod):
                    return Use.NONE, None
                self._join(parent, "/" if isinstance(parent.op, ast.Div) else "", [parent.right])
            elif isinstance(parent, ast.keyword):
                return self._keyword(parent)
            elif isinstance(parent, ast.Call):
                if child is not parent.func:
                    use = self._argument(parent, child)
                    if use is not None:
                        return use
            elif isinstance(parent, ast.BoolOp):
                if isinstance(parent.op, ast.Or) and self._is_lookup(parent.values[0]):
                    return Use.LOOKUP, None
            elif isinstance(parent, _PASSED_THROUGH):
                if isinstance(parent, ast.Subscript) and child is parent.slice:
                    return Use.NONE, None
                if isinstance(parent, ast.Dict):
                    return self._item(parent, child)
                if isinstance(parent, ast.Attribute) and parent.attr in OPERANDS | {"join"} and not self.wrapped:
                    call = self.index.parent(parent)
                    if isinstance(call, ast.Call) and parent.attr in ("join", "match", "count", "index", "find"):
                        return Use.NONE, None
            else:
                break
            child, parent = parent, self.index.parent(parent)
        return self._statement(child, parent)

    def _join(self, whole: ast.expr, separator: str, parts: list[ast.expr]) -> None:
        """Take what is joined to the text as far as it is known."""
        for part in parts:
            if self.cut:
                break
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                glue = separator if separator and not self.value.endswith(("/", "\\")) else ""
                self.value += glue + part.value
                self.held, self.joined = whole, True
            else:
                self.value += separator if not self.value.endswith(("/", "\\")) else ""
                self.cut = True

    def _argument(self, call: ast.Call, child: ast.AST) -> tuple[Use, str | None] | None:
        """The use of a positional argument, or None where the call gives a path back."""
        name = self.index.resolve(call.func) or ""
        method = _last(call.func)
        position = next((n for n, argument in enumerate(call.args) if argument is child), 0)
        if self._in_decorator(call):
            return Use.NONE, None
        if name in _COMMANDS and position == 0:
            return (Use.COMMAND if child is self.held else Use.PLAIN), None
        if name in ENVIRONMENT or SETTINGS.match(_dotted(call.func)):
            return (Use.LOOKUP, _literal(call.args[0])) if position else (Use.NONE, None)
        if name.startswith(("re.", "regex.", "logging.", "warnings.", "argparse.", "typing.")):
            return Use.NONE, None
        if method == "get" and position == 1:
            return Use.LOOKUP, _literal(call.args[0])
        if method in ("getattr", "setattr", "hasattr"):
            return Use.LOOKUP if position == 2 else Use.NONE, None
        if method in OPTIONS:
            return (Use.OPTION, _literal(call.args[0])) if self._is_option_default(call, position) else (Use.NONE, None)
        if (
            method in OPERANDS
            or method in TALK
            or _COMPARES.fullmatch(method)
            or _is_route(method, call)
            or method.endswith(("Error", "Exception", "Warning"))
        ):
            return Use.NONE, None
        if method in _WRAPPERS:
            if method in ("join", "joinpath", "Path", "PosixPath", "WindowsPath"):
                if position > 0:
                    return Use.NONE, None
                self._join(call, "/", call.args[1:])
                self.wrapped = True
            return None
        extends_path = name in ("sys.path.append", "sys.path.insert")
        if extends_path or (_OPENS.fullmatch(method) and method not in ("append", "insert")):
            if method == "mount" and name.startswith("google.colab."):
                return Use.NONE, None
            return Use.OPENED, None
        return (Use.NAMED if _PATH_NAME.search(method) else Use.PLAIN), None

    def _is_option_default(self, call: ast.Call, position: int) -> bool:
        """Whether this positional argument is the default: the first of pydantic and typer, the second of absl."""
        return position == (1 if _last(call.func) == "DEFINE_string" else 0) and _last(call.func) in _FIELDS

    def _keyword(self, keyword: ast.keyword) -> tuple[Use, str | None]:
        call = self.index.parent(keyword)
        arg = keyword.arg or ""
        if not isinstance(call, ast.Call):
            return Use.PLAIN, arg
        method = _last(call.func)
        if method in OPTIONS:
            if arg in OPTION_TEXTS:
                return Use.NONE, None
            option = _longest_option(call)
            return Use.OPTION, option
        name = self.index.resolve(call.func) or ""
        if name in ENVIRONMENT or SETTINGS.match(_dotted(call.func)) or arg in ("fallback",):
            return Use.LOOKUP, _literal(call.args[0]) if call.args else None
        if self._in_decorator(call) or arg in OPTION_TEXTS or _is_address(arg) or method in TALK:
            return Use.NONE, None
        if method == "mount" and name.startswith("google.colab."):
            return Use.NONE, None
        if _OPENS.fullmatch(method):
            return Use.OPENED, arg
        return (Use.NAMED if _PATH_NAME.search(arg) or self.wrapped else Use.PLAIN), arg

    def _item(self, parent: ast.Dict, child: ast.AST) -> tuple[Use, str | None]:
        for key, value in zip(parent.keys, parent.values, strict=True):
            if value is child:
                name = _literal(key) if key is not None else None
                return (Use.NONE, None) if self._is_example(parent) else self._named(name)
        return Use.NONE, None

    def _is_example(self, node: ast.AST) -> bool:
        """Whether the node is in what a call is given as an example of its input."""
        for parent in self.index.ancestors(node):
            if isinstance(parent, ast.keyword):
                return (parent.arg or "") in OPTION_TEXTS
            if isinstance(parent, ast.stmt):
                break
        return False

    def _statement(self, child: ast.AST, parent: ast.AST | None) -> tuple[Use, str | None]:
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            if child is not parent.value:
                return Use.NONE, None
            if isinstance(parent, ast.AugAssign):
                return Use.NONE, None
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return self._named(_target(targets[0]))
        if isinstance(parent, ast.arguments):
            return self._named(_parameter(parent, child))
        if isinstance(parent, ast.Return | ast.For | ast.AsyncFor | ast.comprehension | ast.Yield | ast.Lambda):
            return (Use.NAMED if self.wrapped else Use.PLAIN), None
        if isinstance(parent, ast.withitem):
            return Use.OPENED, None
        if isinstance(parent, ast.Expr) and self.wrapped:
            return Use.PLAIN, None
        return Use.NONE, None

    def _named(self, name: str | None) -> tuple[Use, str | None]:
        if name and _is_address(name):
            return Use.NONE, None
        named = self.wrapped or (name is not None and _PATH_NAME.search(name) is not None)
        return (Use.NAMED if named else Use.PLAIN), name

    def _is_lookup(self, expr: ast.expr) -> bool:
        if isinstance(expr, ast.Call):
            return (self.index.resolve(expr.func) or "") in ENVIRONMENT
        return isinstance(expr, ast.Subscript) and self.index.resolve(expr.value) == "os.environ"

    def _in_decorator(self, call: ast.Call) -> bool:
        holder = self.index.parent(call)
        definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        return isinstance(holder, definitions) and call in holder.decorator_list


def reads_file(source: PythonSource, node: ast.expr) -> bool:
    """Whether the expression is the argument of a call that reads or writes a file, beyond doubt."""
    call = source.semantics.parent(node)
    if isinstance(call, ast.keyword):
        call = source.semantics.parent(call)
    return isinstance(call, ast.Call) and node is not call.func and _READS.fullmatch(_last(call.func)) is not None


def _is_route(method: str, call: ast.Call) -> bool:
    # Path("x") is a path and path("x") is Django's; os.path is an attribute, not a call.
    return method in _ROUTES and not (method == "path" and isinstance(call.func, ast.Attribute))


def _is_address(name: str) -> bool:
    if _INSIDE_NAME.search(name):
        return True
    return _ADDRESS_NAME.search(name) is not None and not re.search(r"path$|dir$|file$|folder$|_root$", name, re.I)


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _dotted(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return f"{_dotted(func.value)}.{func.attr}"
    return func.id if isinstance(func, ast.Name) else ""


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _longest_option(call: ast.Call) -> str | None:
    names = [name for argument in call.args if (name := _literal(argument))]
    return max(names, key=len, default=None)


def _target(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _literal(node.slice)
    if isinstance(node, ast.Tuple | ast.List) and node.elts:
        return _target(node.elts[0])
    return None


def _parameter(arguments: ast.arguments, default: ast.AST) -> str | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    start = len(positional) - len(arguments.defaults)
    pairs = [
        *zip(positional[start:], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((arg.arg for arg, value in pairs if value is default), None)


def is_path_name(name: str) -> Use:
    """The use that the name of a setting or variable speaks for."""
    if _is_address(name):
        return Use.NONE
    return Use.NAMED if _PATH_NAME.search(name) else Use.PLAIN
