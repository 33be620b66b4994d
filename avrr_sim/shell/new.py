"""What `avrr new` writes: files of the user's own, from a template or from UNHCR's downloads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

from avrr_sim.kinds import SCHEMAS
from avrr_sim.places import place
from avrr_sim.refusals import refusal
from avrr_sim.scenario import load_scenario

_TEMPLATE = Path(place.__file__).with_name("template")


def new_host(folder: Path) -> None:
    """Write the commented template of a host country into a new folder. Raises `Refusal` where the folder
    exists or cannot be made.
    """
    texts = {
        file.name: file.read_text(encoding="utf-8").replace(f"../../{SCHEMAS.name}/", f"{SCHEMAS.name}/")
        for file in sorted(_TEMPLATE.glob("*.yaml"))
    }
    _write(folder, texts)
    print(f"{folder}: {', '.join(texts)}\nRun it with: avrr run {folder / 'scenario.yaml'}")


def new_host_from_downloads(
    folder: Path,
    country: str | None,
    applications: Path | None,
    decisions: Path | None,
    pending: Path | None,
) -> None:
    """Write a host made from UNHCR's downloads into a new folder, and say what is in it. Raises `Refusal`
    where the folder exists or cannot be made, an option is missing, or a download is not as it must be.
    """
    from avrr_sim.evidence import load_evidence
    from avrr_sim.places.own_host import own_host

    if country is None or applications is None or decisions is None:
        given = {"--country": country, "--applications": applications, "--decisions": decisions}
        missing = next(name for name, value in given.items() if value is None)
        raise refusal(f"lacks {missing}", allowed=f"{', '.join(given)} together, and --pending")
    if folder.exists():
        raise _exists(folder)
    unregistered = load_evidence()["unregistered_inflow"].central
    made = own_host(country, applications, decisions, pending, unregistered)
    _write(folder, made.files)
    print(f"{folder}: {', '.join(made.files)}")
    print(f"{made.name}, {made.first} to {made.last}; claims, permits, closings as published")
    if made.new_origins:
        print(f"origins of its own: {', '.join(made.new_origins)}")
    for note in made.notes:
        print(f"{note}.")
    if pending is None:
        print("No file of pending claims: how long a decision takes is a judgement, in host.yaml.")
    print("All else is a judgement until you replace it: the programme above all, which is of no source.")
    print(f"Run it with: avrr run {folder / 'scenario.yaml'} --weights prior")


def new_scenario(file: Path, extends: Path | None) -> None:
    """Write a commented scenario, whole or of one that it extends. Raises `Refusal` where the file exists, is
    no .yaml, cannot be written, or the other cannot be read.
    """
    from avrr_sim.shell.templates import scenario_text

    if extends is not None:
        load_scenario(extends)
    _write_file(file, scenario_text(file, extends))
    beside = f" {extends}" if extends else ""
    print(f"Compare it with: avrr compare{beside or ' BASELINE'} {file}")


def new_experiment(file: Path, baseline: Path | None) -> None:
    """Write a commented experiment, and a scenario beside it to vary where none is given. Raises `Refusal` as
    `new_scenario`.
    """
    from avrr_sim.shell.templates import experiment_text, scenario_text

    if baseline is not None:
        load_scenario(baseline)
        _write_file(file, experiment_text(file, baseline))
    else:
        baseline = file.with_name(f"{file.stem}-baseline.yaml")
        for each in (file, baseline):
            _check_new(each)
        _write_file(baseline, scenario_text(baseline, None))
        _write_file(file, experiment_text(file, baseline))
    print(f"Run it with: avrr sweep {file}")


def _check_new(file: Path) -> None:
    if file.suffix != ".yaml":
        raise refusal("is no name of a file of the kind", file=file, allowed="NAME.yaml")
    if file.exists():
        raise refusal("exists already; nothing is overwritten", file=file, allowed="a new file")


def _write_file(file: Path, text: str) -> None:
    _check_new(file)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except OSError as error:
        raise refusal(
            f"cannot be written ({error.strerror})", file=file, allowed="a folder that you may write to"
        ) from None
    print(f"{file}: written")


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Files in a new folder, with the schemas that editors check them by."""
    try:
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        copytree(SCHEMAS, folder / SCHEMAS.name)
    except FileExistsError:
        raise _exists(folder) from None
    except OSError as error:
        raise refusal(
            f"cannot be made ({error.strerror})", file=folder, allowed="a folder you may write to"
        ) from None


def _exists(folder: Path) -> Exception:
    return refusal("exists already; nothing is overwritten", file=folder, allowed="a new folder")
