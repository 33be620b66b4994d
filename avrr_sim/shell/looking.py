"""The commands that look at files and at what the package knows; nothing is simulated but by `warm`.

Nothing heavy is imported before a command is carried out, so that help appears at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from avrr_sim.shell.options import AnyFiles, Engine, Json, Seed


def _weights(start: str) -> list[str]:
    from avrr_sim.schema import known_weights

    return [name for name in known_weights() if name.startswith(start)]


def _programmes(start: str) -> list[str]:
    from avrr_sim.programme import country_programme_names, programme_names

    return [name for name in (*programme_names(), *country_programme_names()) if name.startswith(start)]


def _places(start: str) -> list[str]:
    from avrr_sim.places.origins import origin_names
    from avrr_sim.places.place import host_names

    return [name for name in (*host_names(), *origin_names()) if name.startswith(start)]


def _kinds(start: str) -> list[str]:
    from avrr_sim.kinds import KINDS

    return [name for name in KINDS if name.startswith(start)]


def check(files: AnyFiles) -> None:
    """Check files of every kind without running them: all mistakes of all files. Warns where an office is
    so small that waits depend on --size.
    """
    from avrr_sim.shell.check import check_files

    check_files(files)


def diff(
    one: Annotated[Path, typer.Argument(help="A scenario file.", show_default=False)],
    other: Annotated[Path, typer.Argument(help="Another.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Say what differs between two scenarios, field by field, and in which months."""
    from avrr_sim.shell.diff import show_diff

    show_diff(one, other, as_json)


def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help="scenario, experiment, targets, studies, host or programme.", autocompletion=_kinds
        ),
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete and check."""
    from avrr_sim.shell.check import show_schema

    show_schema(kind)


def evidence(
    weight: Annotated[
        Optional[str], typer.Argument(help="Name of a weight.", show_default=False, autocompletion=_weights)
    ] = None,
    as_json: Json = False,
) -> None:
    """List the weights with grade, basis and prior; or one of them with its reference."""
    from avrr_sim.shell.show import show_evidence

    show_evidence(weight, as_json)


def programmes(
    name: Annotated[
        Optional[str],
        typer.Argument(help="Name of a programme.", show_default=False, autocompletion=_programmes),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the programmes; or one with its amounts, dates and references."""
    from avrr_sim.shell.show import show_programmes

    show_programmes(name, as_json)


def places(
    name: Annotated[
        Optional[str],
        typer.Argument(help="Name of a host or an origin.", show_default=False, autocompletion=_places),
    ] = None,
    as_json: Json = False,
) -> None:
    """List hosts and origins; or one with every number, its basis and source."""
    from avrr_sim.shell.show import show_places

    show_places(name, as_json)


def tables(
    folder: Annotated[Path, typer.Argument(help="A folder that a study left.", show_default=False)],
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write all of them into one workbook, results.xlsx.")
    ] = False,
    out: Annotated[
        Optional[Path], typer.Option(help="Write the workbook into this file instead.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """List the tables of a study's folder and what they hold; or put them into a workbook for a
    spreadsheet.
    """
    from avrr_sim.shell.tables import show_tables

    show_tables(folder, xlsx, out, as_json)


def levers(as_json: Json = False) -> None:
    """List every lever that a scenario may set: unit, range, default, meaning."""
    from avrr_sim.shell.show import show_levers

    show_levers(as_json)


def watch(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.", show_default=False)],
    size: Annotated[int, typer.Option(help="Units simulated, 10 to 5,000.")] = 1000,
    seed: Seed = 1,
    port: Annotated[int, typer.Option(help="Port of this machine to serve the page on.")] = 8765,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Look at a scenario live in Mesa's viewer, agent by agent: play, step, sliders for levers. To look into
    the model, not for results; needs the extra `watch`.
    """
    from avrr_sim.shell.watch import watch_scenario

    watch_scenario(scenario, size, seed, port, not no_open)


def warm(
    engine: Engine = "table",
) -> None:
    """Compile the rules and keep them, so that no later command waits for it; says what it did and how long
    it took.
    """
    from avrr_sim.shell.warm import warm_up

    warm_up(engine)


COMMANDS = (check, diff, schema, tables, evidence, programmes, places, levers, watch, warm)
"""In the order in which help shows them."""
