"""What the commands do and print, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from avrr_sim.dates import month_text
from avrr_sim.evidence import central_weights, load_evidence, prior_of
from avrr_sim.outcomes import COMPARATIVE, MEASURES, UPTAKE_MONTHS
from avrr_sim.places.place import host, origins
from avrr_sim.policy import LEVERS, TIMING, TIMINGS
from avrr_sim.population import expected_units
from avrr_sim.posterior import FITTED_HOST, stale, worth
from avrr_sim.programme import AMOUNTS, country_programme_names, programme, programme_names
from avrr_sim.refusals import refusal, unknown_name
from avrr_sim.rules.office import expected_places
from avrr_sim.scenario import PROTECTION_GATE, load_scenario
from avrr_sim.setting import setting_tables
from avrr_sim.study.changes import COERCION
from avrr_sim.study.execute import default_workers
from avrr_sim.study.plan import Plan, make_plan

SHOWN = ("uptake_24", "pressure_dependent", "misinformed", "application_hazard", "drop_out_12", "applications", "assisted_departures", "unassisted_returns", "removals", "moved_on",
         "gone_under", "missing", "protection_needs", "wrongly_rejected_returns", "knowledge_centre", "knowledge_private")
"""Measures that the shell's summary prints; the run folder holds all."""

_DEFAULT_SIZE = 5000
FEW_DRAWS = 20
"""Below this many draws the ends of a 90 % interval are the outermost draws themselves."""


def warnings_of(scenario, size: int = _DEFAULT_SIZE) -> list[str]:
    """What a reader should know before running a scenario: small offices, a lowered gate, steps that lie outside the window, fewer origins."""
    policy, table = setting_tables(scenario)
    scale = expected_units(scenario, central_weights(scenario.weights)).sum() / size
    found = [f"{name}: {places:.2g} simulated places a month with --size {size}; below 1, waits depend on --size"
             for name, places in expected_places(table, policy, scale).items() if places < 1.0]
    if scenario.protection_gate < PROTECTION_GATE:
        found.append(f"protection_gate: {scenario.protection_gate:g} is below {PROTECTION_GATE:g}; people may be returned to places at war")
    for name, steps in scenario.levers.items():
        late = [step for step in steps if step.start > scenario.window_to]
        if late:
            found.append(f"levers.{name}: a step from {month_text(late[0].start)} lies after the window's end, {month_text(scenario.window_to)}, and changes nothing")
    followed = scenario.window_to - scenario.window_from + 1 - UPTAKE_MONTHS + 1
    if followed < 12:
        found.append(f"window: uptake within {UPTAKE_MONTHS} months rests on arrivals of {max(followed, 0)} month{'' if followed == 1 else 's'}; a longer window holds more")
    if set(scenario.origins) != set(host(scenario.host).origins):
        found.append("origins: fewer than the host has; centres and offices are then shared by fewer people, so results of an origin differ from those in the full set")
    return found


def opened_origins(baseline, scenario) -> list[str]:
    """Origins that the baseline's protection gate closes in some month of the window in which the scenario opens them."""
    tables = [setting_tables(s)[1]["security"] >= s.protection_gate for s in (baseline, scenario)]
    first = baseline.window_from - baseline.start
    return [origin for o, origin in enumerate(baseline.origins) if (tables[1][o, first:] & ~tables[0][o, first:]).any()]


def duration(seconds: float) -> str:
    """Seconds in words, roughly."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit}s"
    return f"about {max(1, round(seconds))} s"


@contextmanager
def progress_bar(total: int, quiet: bool, of: str = "runs") -> Iterator:
    """A callable that is told of finished runs (or what `of` says); draws on standard error, or prints every tenth part where that is no terminal."""
    if quiet:
        yield lambda n: None
        return
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(of, total=total)
            yield lambda n: bar.advance(task, n)
        return
    done = [0, 0]
    begun = time.monotonic()

    def told(n: int) -> None:
        done[0] += n
        if done[0] * 10 // total > done[1]:
            done[1] = done[0] * 10 // total
            left = (time.monotonic() - begun) * (total / done[0] - 1)
            print(f"avrr: {done[0]} of {total} {of}" + (f", {duration(left)} left" if done[0] < total else ""), file=sys.stderr, flush=True)

    yield told


def print_plan(plan: Plan, what: str, as_json: bool) -> None:
    """Say what would be run."""
    months = plan.scenarios[0].months
    facts = {"study": what, "scenarios": list(plan.keys), "draws": plan.draws, "replicates": plan.replicates, "runs": plan.runs, "twin runs": f"up to {plan.twin_runs}", "size": plan.size,
             "months": months, "window": f"{month_text(plan.scenarios[0].window_from)} to {month_text(plan.scenarios[0].window_to)}",
             "engine": plan.engine, "weights": plan.weights, "seed": plan.seed}
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        print(f"{name:<11} {', '.join(value) if isinstance(value, list) else value}")
    print("nothing was run")


def run_study(what: str, files: list[Path], numbers: dict, *, workers: int | None, out: Path | None, only_plan: bool, as_json: bool, quiet: bool,
              command: str) -> None:
    """Load, plan, run, write the folder with its report, print the summary. Raises SystemExit(1) where a run failed."""
    if workers is not None and not 1 <= workers <= 1024:
        raise refusal(f"--workers {workers}", allowed="a whole number from 1 to 1024")
    plan = make_plan([load_scenario(file) for file in files], **numbers)
    if only_plan:
        print_plan(plan, what, as_json)
        return
    from avrr_sim.study.compare import study
    from avrr_sim.study.store import new_folder

    folder = new_folder(what, plan, out)
    if not quiet:
        _warn(plan)
    with progress_bar(plan.runs, quiet) as told:
        result = study(plan, folder, command=command, workers=workers or default_workers(), progress=told)
    from avrr_sim.report.page import write_report
    from avrr_sim.study.tables import load_tables

    report = write_report(folder, load_tables(folder))  # as `avrr report` would make it again
    print_summary(result, folder, report, as_json)
    if result.failures:
        first = result.failures[0]
        print(f"avrr: {len(result.failures)} of {len(plan.jobs)} jobs failed; the first, draw {first['draw']} replicate {first['replicate']}: "
              f"{first['error']}", file=sys.stderr)
        raise SystemExit(1)


def _warn(plan: Plan) -> None:
    from avrr_sim.compiled import announce_compilation

    said: set[str] = set()
    for key, scenario in zip(plan.keys, plan.scenarios, strict=True):
        opened = opened_origins(plan.scenarios[0], scenario)
        gate = [f"returns to {', '.join(opened)}, which the protection gate closes in the baseline, become possible"] if opened else []
        for warning in (*warnings_of(scenario, plan.size), *gate):
            if warning not in said:  # what holds for the baseline too is said once
                print(f"avrr: {key}: warning: {warning}", file=sys.stderr)
            said.add(warning)
    if plan.weights != "central" and plan.draws < FEW_DRAWS:
        print(f"avrr: warning: {plan.draws} draws are too few for an interval; the default is 50", file=sys.stderr)
    for warning in posterior_warnings(plan):
        print(f"avrr: warning: {warning}", file=sys.stderr)
    announce_compilation()


def posterior_warnings(plan: Plan) -> list[str]:
    """What a user of the shipped posterior has to know: that it is out of date, was fitted to another country's figures, or is worth fewer draws."""
    if plan.weights != "posterior":
        return []
    told = []
    if reason := stale():
        told.append(f"the shipped posterior is out of date: {reason}; fit it again with `avrr calibrate --ship`, or use --weights prior")
    if plan.scenarios[0].host != FITTED_HOST:
        told.append(f"the weights were fitted to figures of {FITTED_HOST}, not of {plan.scenarios[0].host}; --weights prior leaves them out")
    if plan.beyond_worth:
        told.append(f"the fitted weights are worth about {worth():.0f} independent draws; of {plan.draws} many are copies of one another, and Monte Carlo errors over them too small")
    return told


def in_words(value: float, per: str, signed: bool = False) -> str:
    """A value of a measure as the shell prints it; `per`: its kind; `signed`: a difference, whose shares are percentage points."""
    if value is None or math.isnan(value):
        return "-"
    plus = "+" if signed else ""
    value = 0.0 if abs(value) < 1e-12 else value
    if per == "share":
        return f"{100 * value:{plus}.1f} {'points' if signed else '%'}".replace("-0.0 ", "0.0 ").replace("+0.0 ", "0.0 ")
    text = f"{value:{plus},.0f}" if per in ("count", "NOK") else f"{value:{plus}.3g}"
    return "0" if text in ("-0", "+0") else text


def span_in_words(low: float, high: float, per: str, signed: bool = False) -> str:
    """An interval as the shell prints it."""
    if high == math.inf and not math.isnan(low):
        return f"from {in_words(low, per, signed)}, no upper end"
    return "no interval" if math.isnan(low) else f"{in_words(low, per, signed).removesuffix(' points')} to {in_words(high, per, signed)}"


def print_summary(result, folder: Path, report: Path, as_json: bool) -> None:
    """The summary: levels of one scenario, or differences from the baseline; and where the folder is."""
    tables = result.tables
    frame = tables.differences if len(result.plan.keys) > 1 else tables.levels
    frame = frame[(frame["group_by"] == "all") & frame["measure"].isin([*SHOWN, "additional_returns", "deadweight", "cost_per_additional"])]
    pressing = [s["key"] for s in tables.scenarios if s["coercion"]]
    if as_json:
        print(json.dumps({"folder": str(folder), "report": str(report), "interval": tables.provenance["interval"], "coercion": pressing, "rows": json_rows(frame)}, indent=2))
        return
    console = Console(width=None if sys.stdout.isatty() else 150)
    names = {s["key"]: s["name"] for s in tables.scenarios}
    for key in result.plan.keys[1:] or result.plan.keys:
        console.print(_summary_table(names[key], frame[frame["scenario"] == key], tables.measures, len(result.plan.keys) > 1))
    if pressing:
        print(COERCION.format(names=", ".join(names[key] for key in pressing)))
    print(f"Uncertainty interval: {100 * tables.provenance['interval']:.0f} % of draws; s.e.: Monte Carlo error of the mean. All measures, groups and months: the folder.")
    print(f"Folder: {folder}\nReport: {report}")


def json_rows(frame) -> list[dict]:
    """The rows of a table for JSON, which knows no infinity: numbers that are unknown or endless are null, and `no_upper_end` says which it is."""
    return json.loads(frame.assign(no_upper_end=frame["high"] == math.inf).replace([math.inf, -math.inf], math.nan).to_json(orient="records"))


def _summary_table(title: str, frame, measures: dict, paired: bool) -> Table:
    table = Table(title=title, title_justify="left")
    for name, side in (("measure", "left"), ("unit", "left"), *((("baseline", "right"), ("difference", "right")) if paired else (("level", "right"),)),
                       ("uncertainty interval", "right"), ("s.e.", "right"), *((("draws agreeing on the sign", "right"),) if paired else ())):
        table.add_column(name, justify=side)
    rows = {row["measure"]: row for row in frame.to_dict("records")}
    for name in MEASURES:
        if name not in rows:
            continue
        row, per = rows[name], measures[name]["per"]
        signed = paired and (name not in COMPARATIVE or name.startswith("additional"))  # a deadweight is no difference of two levels
        middle = [in_words(row["baseline"], per), in_words(row["difference"], per, signed)] if paired else [in_words(row["value"], per)]
        sign = [] if not paired else ["-" if math.isnan(row["sign_share"]) else f"{100 * row['sign_share']:.0f} %"]
        span = "too few people" if row["suppressed"] else "not estimable" if math.isnan(row["difference" if paired else "value"]) else span_in_words(row["low"], row["high"], per, signed)
        table.add_row(measures[name]["label"], measures[name]["unit"], *middle, span, in_words(row["mc_error"], per).replace("%", "points" if signed else "%"), *sign)
    return table


def show_evidence(name: str | None, as_json: bool) -> None:
    """Print all weights, or one."""
    weights = load_evidence()
    if name is not None and name not in weights:
        raise unknown_name("weight", name, weights)
    chosen = [weights[name]] if name else list(weights.values())
    if as_json:
        print(json.dumps([vars(weight) for weight in chosen], indent=2, ensure_ascii=False))
        return
    if name:
        weight = chosen[0]
        transform, location, spread = prior_of(weight)
        form = {"real": "normal", "exp": "log-normal", "logistic": "logit-normal"}[transform]
        for label, value in (("weight", weight.name), ("meaning", weight.meaning), ("unit", weight.unit), ("central", f"{weight.central:g}"),
                             ("prior", f"{form}, location {location:.4g}, spread {spread:.4g}"), ("grade", weight.grade), ("direction", weight.direction),
                             ("basis", weight.basis), ("source", weight.source), ("locator", weight.locator)):
            print(f"{label:<10} {value}")
        return
    table = Table(title=f"{len(chosen)} weights; `avrr evidence NAME` for one with its reference", title_justify="left")
    for column in ("name", "meaning", "unit", "central", "grade", "basis"):
        table.add_column(column, no_wrap=column == "name")
    for weight in chosen:
        table.add_row(weight.name, weight.meaning, weight.unit, f"{weight.central:g}", weight.grade, weight.basis)
    Console(width=None if sys.stdout.isatty() else 170).print(table)


def show_programmes(name: str | None, as_json: bool) -> None:
    """Print all programmes, or one with every amount and its source."""
    known = [*programme_names(), *country_programme_names()]
    if name is not None and name not in known:
        raise unknown_name("programme", name, known)
    if name is None:
        found = [programme(key) for key in known]
        print(json.dumps([{"key": p.key, "name": p.name, "part_of": p.part_of} for p in found], indent=2) if as_json
              else "\n".join(f"{p.key:<16} {p.name} ({p.currency})" + (f", part of {p.part_of}" if p.part_of else "") for p in found))
        return
    chosen = programme(name)
    if as_json:
        print(json.dumps(chosen.content, indent=2, ensure_ascii=False))
        return
    covers = f"; covers {', '.join(chosen.covers)}" if chosen.covers else ""
    print(f"{chosen.name}; amounts in {chosen.currency}{covers}\n")
    console = Console(width=None if sys.stdout.isatty() else 190)
    console.print(_amounts_table(chosen))
    if chosen.services:
        console.print(_services_table(chosen))
    print("\nReadings\n" + "\n".join(f"- {text}" for text in chosen.readings))


def _money(value: float | None, central: float, currency: str) -> str:
    return f"{value:,.0f} {currency}" if value is not None else f"unknown; prior around {central:,.0f} {currency}, judgement"


def _amounts_table(chosen) -> Table:
    table = Table(title="Amounts", title_justify="left")
    for column in ("amount", "value", "from", "until", "origins", "source", "locator"):
        table.add_column(column)
    for key, entries in chosen.amounts.items():
        for e in entries:
            whom = e.origins if isinstance(e.origins, str) else ", ".join(e.origins or ("all",))
            share = "" if e.share == 1 else f" (share of units: {e.share:g}, judgement)"
            table.add_row(AMOUNTS[key] + share, _money(e.value, e.central, chosen.currency), month_text(e.start), month_text(e.end - 1) if e.end else "",
                          whom.replace("_", " "), chosen.content["references"][e.reference], e.locator)
    return table


def _services_table(chosen) -> Table:
    table = Table(title="Services (uptake and cost are judgements)", title_justify="left")
    for column in ("service", "stage", "for", "uptake", "cost a person", "source", "locator"):
        table.add_column(column)
    for s in chosen.services:
        table.add_row(s.name.replace("_", " "), s.stage.replace("_", " "), s.recipients, f"{100 * s.uptake:.0f} %", _money(s.cost, s.central, chosen.currency),
                      chosen.content["references"][s.reference], s.locator)
    return table


def show_levers(as_json: bool) -> None:
    """Print every lever."""
    if as_json:
        print(json.dumps({"levers": [vars(lever) for lever in LEVERS.values()], TIMING: TIMINGS}, indent=2))
        return
    table = Table(title="Levers of a scenario file", title_justify="left")
    for column in ("name", "kind", "range", "default", "unit", "meaning"):
        table.add_column(column, no_wrap=column == "name")
    for lever in LEVERS.values():
        table.add_row(lever.name, lever.kind, f"{lever.low:g} to {lever.high:g}", f"{lever.default:g}", lever.unit, lever.meaning)
    table.add_row(TIMING, "information", ", ".join(TIMINGS), next(iter(TIMINGS)), "name, or a table of intensity by status", "When advisors inform")
    Console(width=None if sys.stdout.isatty() else 170).print(table)


def new_host(folder: Path) -> None:
    """Copy the commented template of a host country into a new folder. Raises `Refusal` where it exists or cannot be made."""
    import avrr_sim.places.place as place

    template = Path(place.__file__).parent / "template"
    try:
        folder.mkdir(parents=True)
        for file in sorted(template.glob("*.yaml")):
            (folder / file.name).write_bytes(file.read_bytes())
    except FileExistsError:
        raise refusal("exists already; nothing is overwritten", file=folder, allowed="a new folder") from None
    except OSError as error:
        raise refusal(f"cannot be made ({error.strerror})", file=folder, allowed="a folder you may write to") from None
    print(f"{folder}: host.yaml, programme.yaml, scenario.yaml\nRun it with: avrr run {folder / 'scenario.yaml'}")


def show_places(name: str | None, as_json: bool) -> None:
    """Print the hosts and origins, or one with every number, its basis and source."""
    from avrr_sim.files import read_yaml
    from avrr_sim.places import place

    folder = Path(place.__file__).parent
    if name is None:
        print("hosts:   " + ", ".join(f"{key} ({min(host(key).arrivals)}-{max(host(key).arrivals)})" for key in place.host_names()))
        print("origins: " + ", ".join(place.origin_names()))
        return
    if name in place.host_names():
        content = read_yaml(folder / "hosts" / f"{name}.yaml")
    elif name in origins():
        steps = {key: {month_text(s.start): s.value for s in values} for key, values in origins()[name].series.items()}
        content = {key: {"values": steps[key], "unit": series.unit, "basis": series.basis, "source": series.source} for key, series in place.SERIES.items()}
    else:
        raise unknown_name("host or origin", name, [*place.host_names(), *origins()])
    print(json.dumps(content, indent=None if as_json else 2, ensure_ascii=False))
