"""Compiled functions of the package as one WebAssembly module: numba's LLVM code of each, turned to another
processor by llvmlite and put together by LLVM's linker.

Numba compiles for a processor with pointers of 8 bytes, WebAssembly has 4: what lies in memory by numba's own
hand (rows, tables) holds no pointer, and the rest is LLVM's affair. Numba's small runtime, which hands out
memory to sorting and to tallies, is replaced by one of a few lines (`_RUNTIME`).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numba

TRIPLE = "wasm32-unknown-unknown"
FEATURES = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext"
"""Of WebAssembly, beyond its first version: all are in the browsers of 2023 and later."""
LINKERS = ("wasm-ld-19", "wasm-ld")
STACK = 1 << 18
"""Bytes of the stack. It lies first in memory, so that a call too deep is a trap and no wrong number."""
PROCESSOR = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
"""What numba is told to compile for, so that the code is the same on every machine that builds it."""

_RUNTIME = """
@first = internal global ptr null
@next = internal global ptr null
@lent = internal global i32 0
define void @lend_from(ptr %where) {
  store ptr %where, ptr @first
  store ptr %where, ptr @next
  store i32 0, ptr @lent
  ret void
}
define ptr @NRT_MemInfo_new_varsize_dtor(i64 %size, ptr %ignored) {
  %block = load ptr, ptr @next
  store i64 1, ptr %block
  %data = getelementptr i8, ptr %block, i64 64
  %place = getelementptr i8, ptr %block, i64 24
  store ptr %data, ptr %place
  %padded = add i64 %size, 79
  %whole = and i64 %padded, -16
  %after = getelementptr i8, ptr %block, i64 %whole
  store ptr %after, ptr @next
  %before = load i32, ptr @lent
  %now = add i32 %before, 1
  store i32 %now, ptr @lent
  ret ptr %block
}
define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %ignored) {
  %block = call ptr @NRT_MemInfo_new_varsize_dtor(i64 %size, ptr null)
  ret ptr %block
}
define void @NRT_MemInfo_call_dtor(ptr %ignored) {
  %before = load i32, ptr @lent
  %now = sub i32 %before, 1
  store i32 %now, ptr @lent
  %none = icmp eq i32 %now, 0
  br i1 %none, label %back, label %done
back:
  %begin = load ptr, ptr @first
  store ptr %begin, ptr @next
  br label %done
done:
  ret void
}
define void @__multi3(ptr %result, i64 %a, i64 %a_high, i64 %b, i64 %b_high) {
  %a0 = and i64 %a, 4294967295
  %a1 = lshr i64 %a, 32
  %b0 = and i64 %b, 4294967295
  %b1 = lshr i64 %b, 32
  %p00 = mul i64 %a0, %b0
  %p01 = mul i64 %a0, %b1
  %p10 = mul i64 %a1, %b0
  %p11 = mul i64 %a1, %b1
  %c0 = lshr i64 %p00, 32
  %c1 = and i64 %p01, 4294967295
  %c2 = and i64 %p10, 4294967295
  %c3 = add i64 %c0, %c1
  %middle = add i64 %c3, %c2
  %low0 = and i64 %p00, 4294967295
  %low1 = shl i64 %middle, 32
  %low = or i64 %low0, %low1
  %h0 = lshr i64 %p01, 32
  %h1 = lshr i64 %p10, 32
  %h2 = lshr i64 %middle, 32
  %h3 = mul i64 %a, %b_high
  %h4 = mul i64 %a_high, %b
  %h5 = add i64 %p11, %h0
  %h6 = add i64 %h5, %h1
  %h7 = add i64 %h6, %h2
  %h8 = add i64 %h7, %h3
  %high = add i64 %h8, %h4
  store i64 %low, ptr %result
  %second = getelementptr i8, ptr %result, i64 8
  store i64 %high, ptr %second
  ret void
}
"""
"""Memory is lent from a place on, and all of it given back together when nothing is lent any more. The last
one multiplies two whole numbers of 128 bits, which LLVM asks for to see whether a product of 64 overflows.
"""

_COUNTING = {
    "NRT_incref": """
  %none = icmp eq ptr %.1, null
  br i1 %none, label %done, label %some
some:
  %before = load i64, ptr %.1
  %now = add i64 %before, 1
  store i64 %now, ptr %.1
  br label %done
done:
  ret void
""",
    "NRT_decref": """
  %none = icmp eq ptr %.1, null
  br i1 %none, label %done, label %some
some:
  %before = load i64, ptr %.1
  %now = sub i64 %before, 1
  store i64 %now, ptr %.1
  %free = icmp eq i64 %now, 0
  br i1 %free, label %give, label %done
give:
  call void @NRT_MemInfo_call_dtor(ptr %.1)
  br label %done
done:
  ret void
""",
}
"""Numba counts who refers to lent memory by instructions of the processor it compiles for."""


@dataclass(frozen=True)
class Compiled:
    """One function compiled: its name in LLVM's code, that code, numba's types of arguments and result."""

    symbol: str
    code: str
    arguments: tuple[Any, ...]
    result: Any


def compiled(function: Callable, arguments: tuple[Any, ...]) -> Compiled:
    """A rule compiled for arguments of the types of these."""
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "no_cfunc_wrapper": True,
        "no_cpython_wrapper": True,
        "_nrt": getattr(function, "targetoptions", {}).get("_nrt", True),
    }
    made: Any = numba.njit(**options)(getattr(function, "py_func", function))
    types = tuple(numba.typeof(each) for each in arguments)
    made.compile(types)
    found = made.overloads[types]
    return Compiled(
        found.fndesc.llvm_func_name, found.library.get_llvm_str(), types, found.signature.return_type
    )


def versions() -> dict[str, str]:
    """Of what a module is made with: equal versions make equal bytes."""
    told = subprocess.run(
        [linker() or "", "--version"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    return {"numba": numba.__version__, "llvmlite": llvmlite.__version__, "linker": told.strip()}


@cache
def linker() -> str | None:
    """The path of LLVM's linker for WebAssembly; None where this machine has none."""
    return next((found for name in LINKERS if (found := shutil.which(name))), None)


def module(functions: Mapping[str, Compiled], helpers: Mapping[str, Compiled]) -> bytes:
    """A module that exports `functions` under their names, as numba calls them (see `interface`), its memory
    and `lend_from`. `helpers` stand in for functions of a number that the code calls: {"exp": ...}. Raises
    FileNotFoundError without a linker, RuntimeError where it fails.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    named = [_retargeted(each.code.replace(each.symbol, name)) for name, each in functions.items()]
    beside = [_retargeted(each.code) for each in helpers.values()]
    called = [_called_as(name, each.symbol) for name, each in helpers.items()]
    own = _head() + _RUNTIME + "".join(called)
    return _linked([_object(code) for code in (*named, *beside, own)], [*functions, "lend_from"])


def _called_as(name: str, symbol: str) -> str:
    """LLVM code of a plain function of a number that calls one of numba's."""
    return f"""
declare i32 @"{symbol}"(ptr, ptr, double)
define double @{name}(double %x) {{
  %result = alloca double
  %error = alloca ptr
  %status = call i32 @"{symbol}"(ptr %result, ptr %error, double %x)
  %value = load double, ptr %result
  ret double %value
}}
"""


def _head() -> str:
    return f'target datalayout = "{_machine().target_data}"\ntarget triple = "{TRIPLE}"\n'


@cache
def _machine() -> Any:
    target = llvm.Target.from_triple(TRIPLE)
    return target.create_target_machine(opt=3, reloc="static", features=FEATURES)


def _retargeted(code: str) -> str:
    """LLVM's code with WebAssembly for its processor, and nothing in it that only another has."""
    code = re.sub(r"^target (datalayout|triple) = .*\n", "", code, flags=re.M)
    code = re.sub(r'"(target-cpu|target-features|tune-cpu)"="[^"]*"', "", code)
    code = re.sub(r"\bcommon (local_unnamed_addr )?global", "internal global", code)
    for name, body in _COUNTING.items():
        code = re.sub(rf"(\ndefine [^\n]*@{name}\([^\n]*\{{)\n.*?\n\}}\n", rf"\1{body}}}\n", code, flags=re.S)
    return _head() + code


def _object(code: str) -> bytes:
    """Machine code of WebAssembly, to be linked."""
    parsed = llvm.parse_assembly(code)
    parsed.verify()
    return _machine().emit_object(parsed)


def _linked(objects: Iterable[bytes], exported: Iterable[str]) -> bytes:
    """Objects put together; `exported`: names of functions that the module hands out."""
    program = linker()
    if program is None:
        raise FileNotFoundError(f"no linker for WebAssembly ({', '.join(LINKERS)}); Debian has it in lld-19")
    with TemporaryDirectory() as folder:
        paths = []
        for number, each in enumerate(objects):
            paths.append(Path(folder, f"{number:02}.o"))
            paths[-1].write_bytes(each)
        made = Path(folder, "module.wasm")
        flags = [
            "--no-entry",
            "--gc-sections",
            "--strip-all",
            "--stack-first",
            f"-zstack-size={STACK}",
            "-O2",
        ]
        names = [f"--export={name}" for name in (*exported, "__heap_base")]
        done = subprocess.run(
            [program, *flags, *names, "-o", made, *paths],
            capture_output=True,
            encoding="utf-8",
            env=os.environ,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()[:2000]}")
        return made.read_bytes()
