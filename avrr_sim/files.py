"""The one door for files: YAML strictly, and JSON that a study left. Duplicate keys, tags, recursive anchors,
NaN and infinity are refused with a message, never a traceback.

Plain words are read as YAML 1.2 and JSON read them, as editors do: `no` and `on` are text, `010` is text,
`1e3` is a number, and so is `1_000`. Keys are always text, `2012` too. Whatever `json.dumps(...,
ensure_ascii=False)` writes is read back as it was.
"""

from __future__ import annotations

import codecs
import json
import math
import os
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from avrr_sim.refusals import Pointed, refusal, shown

_LARGEST_FILE = 1_000_000  # bytes; scenario and data files are far smaller, and YAML is slow to read
_DEEPEST = 40  # nesting
# with aliases written out: a few lines of aliases of aliases can stand for billions of values
_MOST_VALUES = 300_000
_LARGEST_JSON, _MOST_IN_JSON = 250_000_000, 10_000_000  # of a study's own files; a sweep has many points
# what a terminal or a page acts upon: control characters but for tabs and ends of lines, and marks that turn
# the direction in which text runs
_ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_UNSHOWN, _VISIBLE = "holds characters that cannot be shown", "visible characters"
_LARGEST_NUMBER = 10**15  # above it whole numbers lose exactness as floats
_PACKAGE = Path(__file__).resolve().parent


class _Unwanted(yaml.error.MarkedYAMLError):
    """Valid YAML that no file here needs."""


class _PlainMappings(yaml.constructor.SafeConstructor):
    """Refuses duplicate keys and merge keys, and keeps keys as text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Unwanted(problem="a key must be a plain word", problem_mark=key_node.start_mark)
            key_node.tag = "tag:yaml.org,2002:str"
            key = key_node.value
            if key == "<<":
                raise _Unwanted(
                    problem="merge keys (<<) are not read; write the entries out",
                    problem_mark=key_node.start_mark,
                )
            if key in seen:
                raise _Unwanted(problem=f"duplicate key {shown(key)}", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _StrictLoader(_PlainMappings, yaml.SafeLoader):
    """Refuses tags too, keeps dates as text, and remembers how a number is written that may be thousands."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        tag = getattr(event, "tag", None)
        if tag is not None:
            name = shown(tag.replace("tag:yaml.org,2002:", "!!"))
            raise _Unwanted(problem=f"tag {name}; write plain values", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _float(loader: _StrictLoader, node: yaml.ScalarNode) -> float:
    return Pointed(node.value) if Pointed.is_one(node.value) else loader.construct_yaml_float(node)


_StrictLoader.add_constructor("tag:yaml.org,2002:float", _float)

# Reads the package's own files, which hold no tags and are known to be in order, several times as fast; in C
# where the library has it.
_QuickLoader: Any = type("_QuickLoader", (_PlainMappings, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), {})

for _loader in (_StrictLoader, _QuickLoader):
    _loader.yaml_implicit_resolvers = {}
for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9_]*)", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
):
    for _loader in (_StrictLoader, _QuickLoader):
        _loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_pattern})\Z"), _first)


def is_file(path: str | Path) -> bool:
    """Whether there is a plain file; False, never an error, where the path itself is impossible."""
    return os.path.isfile(path)


def read_yaml(path: str | Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises `Refusal` where the file is missing, unreadable, empty, binary, too large, not YAML, not a mapping,
    has a duplicate key, a merge key, a tag, an anchor that contains itself, a key that is a list or table, or
    a number that is NaN, infinite or huge.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: str | Path) -> dict[str, Any]:
    """The mapping in the text of a YAML file, which stands at `path`. Raises `Refusal` as `read_yaml`."""
    try:
        content = _loaded(text, path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        if not isinstance(error, _Unwanted):
            problem = "not valid YAML: " + ", ".join(
                part for part in (getattr(error, "context", None), problem) if part
            )
            if problem.endswith("mapping values are not allowed here"):
                problem += " (put a text that holds a colon in quotes, and check the indent)"
        raise refusal(line + problem, file=path) from None
    except RecursionError:
        raise refusal("is nested too deeply", file=path) from None
    except (ValueError, TypeError, OverflowError) as error:  # such as a number of thousands of digits
        raise refusal(f"holds a value that cannot be read ({shown(str(error))})", file=path) from None
    if content is None:
        raise refusal("is empty", file=path)
    if not isinstance(content, dict):
        raise refusal("must hold keys and values, such as `name: value`", file=path)
    check_plain(content, file=path)
    return content


def _loaded(text: str, path: str | Path) -> Any:
    if Path(path).is_relative_to(_PACKAGE):
        try:
            return yaml.load(text, Loader=_QuickLoader)
        except yaml.YAMLError:  # read again, for the message
            pass
    return yaml.load(text, Loader=_StrictLoader)


def read_text(path: str | Path, largest: int = _LARGEST_FILE) -> str:
    """The text of a plain file of up to `largest` bytes. Raises `Refusal` as `read_bytes`, and where it is
    not text in UTF-8.
    """
    data = read_bytes(path, largest)
    try:
        if b"\0" in data:
            raise UnicodeDecodeError("utf-8", data, 0, 1, "zero byte")
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise refusal(_what_else(data), file=path, allowed="the same text, saved as UTF-8") from None


def _what_else(data: bytes) -> str:
    """What a file is that is not text in UTF-8, as far as its bytes tell."""
    for start, name in _MARKED.items():
        text = data.decode(name, errors="ignore")
        if data.startswith(start) and len(data) % 2 == 0 and len(text) > len(data) // 3:
            return "is text in UTF-16"
    if any(byte < 32 and byte not in b"\t\n\r" for byte in data):
        return "is not text in UTF-8 (a binary file?)"
    return "is text in another encoding than UTF-8 (Latin-1 or Windows-1252?)"


_MARKED = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""How a file in UTF-16 begins, as spreadsheets and editors write it."""


def read_bytes(path: str | Path, largest: int) -> bytes:
    """The bytes of a plain file of up to `largest` bytes. Raises `Refusal` where it is missing, no plain file
    (a pipe or a device could be read for ever), unreadable, or too large.
    """
    path = Path(path)
    if "\0" in str(path):
        raise refusal("no such file", file=path)
    try:
        if path.is_dir():
            raise refusal("is a folder, not a file", file=path)
        if path.exists() and not is_file(path):
            raise refusal("is not a plain file", file=path)
        if path.stat().st_size > largest:
            raise refusal(f"is larger than {largest} bytes", file=path)
        return path.read_bytes()
    except FileNotFoundError:
        raise refusal("no such file", file=path) from None
    except OSError as error:
        raise refusal(f"cannot be read ({error.strerror or 'the system refuses'})", file=path) from None


def read_json(path: str | Path) -> dict[str, Any]:
    """The mapping in a JSON file that a study left; numbers may be NaN or infinite there. Raises `Refusal`
    where the file is missing, no plain file, unreadable, far too large, not JSON, not a mapping, nested too
    deeply, or where a text in it holds characters that a terminal acts upon.
    """
    text = read_text(path, _LARGEST_JSON)
    try:
        content = json.loads(text)
    except RecursionError:
        raise refusal("is nested too deeply", file=path) from None
    except ValueError as error:
        raise refusal(f"is not valid JSON ({shown(str(error))[1:-1]})", file=path) from None
    if not isinstance(content, dict):
        raise refusal("must hold keys and values", file=path)
    check_plain(content, file=path, most=_MOST_IN_JSON, any_number=True)
    return content


def check_plain(
    content: Any, *, file: object = None, most: int = _MOST_VALUES, any_number: bool = False
) -> None:
    """Refuse what YAML or Python allows and no file here needs: values that are not plain, finite, of text
    keys, and of reasonable size and number (at most `most`), and texts that a terminal would act upon.
    `any_number`: numbers may be infinite, huge or NaN.
    """
    left = [most]

    def visit(value: Any, path: tuple, parents: tuple[int, ...]) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise refusal(f"stands for more than {most} values", file=file)
        if isinstance(value, (dict, list)):
            if id(value) in parents:
                raise refusal("an anchor that contains itself", file=file, path=path)
            if len(path) > _DEEPEST:
                raise refusal("is nested too deeply", file=file, path=path[:3])
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in pairs:
                if isinstance(value, dict):
                    _check_key(key, file, path)
                visit(item, (*path, key), (*parents, id(value)))
        elif not (any_number and isinstance(value, (int, float))):
            _check_scalar(value, file, path)

    visit(content, (), ())


def _check_key(key: Any, file: object, path: tuple) -> None:
    if not isinstance(key, str):
        raise refusal(f"key {shown(key)} is not text; put it in quotes", file=file, path=path)
    if not _writable(key):
        raise refusal(f"key {shown(key)} holds half a character", file=file, path=path)
    if _ACTS.search(key):
        raise refusal(f"key {shown(key)} {_UNSHOWN}", file=file, path=path, allowed=_VISIBLE)


def _check_scalar(value: Any, file: object, path: tuple) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not _writable(value):
            raise refusal(f"{shown(value)} holds half a character", file=file, path=path)
        if _ACTS.search(value):
            raise refusal(f"{shown(value)} {_UNSHOWN}", file=file, path=path, allowed=_VISIBLE)
    elif not isinstance(value, (int, float)):
        raise refusal(f"{shown(value)} is of a kind that no file here uses", file=file, path=path)
    elif isinstance(value, float) and not math.isfinite(value):
        raise refusal(f"{shown(value)} is not a finite number", file=file, path=path)
    elif abs(value) > _LARGEST_NUMBER:
        raise refusal("is far too large a number", file=file, path=path)


def _writable(text: str) -> bool:
    """Whether text can be written as UTF-8: an escape such as \\ud83d stands for half a character and
    cannot.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
