"""`python -m avrr_sim.browser.build`: compiles the rule book for browsers and keeps it in the package.

Needs LLVM's linker for WebAssembly (Debian: `apt-get install lld-19`). What it leaves in `built/` ships with
the package, so that only whoever changes a rule needs it:

    model.wasm   the module
    model.json   its interface (see `interface`), and what both were made from: hash of the rules, versions
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from avrr_sim.fingerprint import compiled_hash, meaning

BUILT = Path(__file__).with_name("built")
MODULE, INTERFACE = "model.wasm", "model.json"
_MAKERS = ("exports.py", "interface.py", "machine_code.py")


def rules_hash() -> str:
    """Hash of everything that the module is made from."""
    makers = [meaning(Path(__file__).with_name(name)) for name in _MAKERS]
    return hashlib.sha256("\0".join([compiled_hash(), *makers]).encode()).hexdigest()[:16]


def built() -> tuple[bytes, dict[str, Any]]:
    """The module that ships, and its interface. Raises FileNotFoundError where none was built."""
    told = json.loads((BUILT / INTERFACE).read_text(encoding="utf-8"))
    return (BUILT / MODULE).read_bytes(), told


def stale() -> str | None:
    """Why the module that ships is not that of these rules, in words; None where it is."""
    try:
        _, told = built()
    except FileNotFoundError:
        return "no module was built"
    if told.get("rules") != rules_hash():
        return "the rules changed since the module was built: python -m avrr_sim.browser.build"
    return None


def make() -> tuple[bytes, dict[str, Any]]:
    """The module of the rules as they stand, and its interface. To be called in a process that `build`
    starts. Raises FileNotFoundError without a linker.
    """
    from avrr_sim.browser import portable
    from avrr_sim.browser.exports import EXPORTS, nested, values_of
    from avrr_sim.browser.interface import interface
    from avrr_sim.browser.machine_code import compiled, module, versions

    values = values_of(_example())
    functions = {name: compiled(each.function, nested(each.takes, values)) for name, each in EXPORTS.items()}
    helpers = {name: compiled(getattr(portable, name), (1.0,)) for name in ("exp", "log", "cos")}
    made = module(functions, helpers)
    told = {"rules": rules_hash(), "versions": versions(), **interface(functions, values)}
    return made, told


def _example() -> Any:
    """A small world, for the types of its tables."""
    from avrr_sim.engines.world import build_world
    from avrr_sim.hypotheses import medians
    from avrr_sim.scenario import Scenario

    window = {"from": "2012-01", "to": "2012-02"}
    scenario = Scenario.from_mapping(
        {"name": "Example", "host": "norway", "programme": "norway", "start": "2012-01", "window": window}
    )
    return build_world(scenario, medians(scenario.hypothesis, scenario.weights), 1, 0, 0, 50)


def write(folder: Path) -> None:
    """Make the module and write it into a folder."""
    made, told = make()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODULE).write_bytes(made)
    (folder / INTERFACE).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def build(folder: Path = BUILT) -> None:
    """Make the module in a process of its own, whose numba compiles for no particular processor and knows
    nothing of what was compiled before. Raises RuntimeError where that fails.
    """
    from avrr_sim.browser.machine_code import PROCESSOR

    with TemporaryDirectory() as cache:
        environment = os.environ | PROCESSOR | {"AVRR_JIT": "1", "AVRR_CACHE": cache}
        command = [sys.executable, "-c", _COMMAND, str(folder)]
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])


_COMMAND = "import sys, pathlib; from avrr_sim.browser.build import write; write(pathlib.Path(sys.argv[1]))"


def main() -> None:
    """Build, and say what was made."""
    build()
    made, told = built()
    print(f"{BUILT / MODULE}: {len(made):,} bytes, {len(told['functions'])} functions, rules {told['rules']}")


if __name__ == "__main__":
    main()
