"""The commands of `avrr new`: files of the user's own, from commented templates or from what is published.

Nothing heavy is imported before a command is carried out, so that help appears at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from avrr_sim.shell.options import Applications, Country, Decisions, Pending

new = typer.Typer(no_args_is_help=True, help="Make files of your own from commented templates.")


@new.command()
def host(
    folder: Annotated[Path, typer.Argument(help="A new folder for the files.", show_default=False)],
    country: Country = None,
    applications: Applications = None,
    decisions: Decisions = None,
    pending: Pending = None,
) -> None:
    """Pieces for a host country of your own: host, programme and scenario, commented. With --country,
    --applications and --decisions, files downloaded from UNHCR's Refugee Data Finder, they hold what is
    published; without, a worked example that runs.
    """
    from avrr_sim.shell.new import new_host, new_host_from_downloads

    if country is None and applications is None and decisions is None and pending is None:
        new_host(folder)
    else:
        new_host_from_downloads(folder, country, applications, decisions, pending)


@new.command()
def scenario(
    file: Annotated[Path, typer.Argument(help="A new file, NAME.yaml.", show_default=False)],
    extends: Annotated[
        Optional[Path],
        typer.Option(help="The scenario that it changes (default: none; a whole one).", show_default=False),
    ] = None,
) -> None:
    """A scenario to be filled in: every key and lever with its unit and what is allowed. It is valid as it
    stands, and changes nothing yet.
    """
    from avrr_sim.shell.new import new_scenario

    new_scenario(file, extends)


@new.command()
def experiment(
    file: Annotated[Path, typer.Argument(help="A new file, NAME.yaml.", show_default=False)],
    baseline: Annotated[
        Optional[Path],
        typer.Option(help="The scenario to vary (default: a new one beside it).", show_default=False),
    ] = None,
) -> None:
    """An experiment for `avrr sweep` to be filled in: every key with its unit and what is allowed. It is
    valid as it stands.
    """
    from avrr_sim.shell.new import new_experiment

    new_experiment(file, baseline)
