"""What `avrr run` and `compare` do, kept apart from `cli` so that help appears at once; a plan or a refusal
does not wait for what only runs need.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.refusals import refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import print_plan, tell_failures
from avrr_sim.study.jobs.plan import Plan, default_weights, make_plan


def _plan_facts(plan: Plan, what: str) -> dict[str, Any]:
    first = plan.scenarios[0]
    return {
        "study": what,
        "scenarios": list(plan.keys),
        "draws": plan.draws,
        "replicates": plan.replicates,
        "runs": plan.runs,
        "twin runs": f"up to {plan.twin_runs}",
        **({"runs under conditions": plan.condition_runs} if plan.conditions else {}),
        "size": plan.size,
        "months": first.months,
        "window": f"{month_text(first.window_from)} to {month_text(first.window_to)}",
        "engine": plan.engine,
        "weights": plan.weights,
        "seed": plan.seed,
    }


def run_study(
    what: str,
    files: list[Path],
    numbers: dict[str, Any],
    twins: bool,
    manner: Manner,
    conditions: bool = False,
) -> None:
    """Load, plan, run, write the folder with its report, print the summary. `conditions`: whether ceilings
    and named hypotheses stand beside the effects. Raises SystemExit(1) where a run failed.
    """
    how = manner.execution()
    if what == "compare" and len(files) < 2:
        raise refusal(
            "compare needs a baseline and at least one other scenario",
            allowed="two or more files; for one, use `avrr run`",
        )
    weights = default_weights() if numbers["weights"] is None else numbers["weights"]
    numbers = {**numbers, "weights": weights}
    plan = make_plan(
        [load_scenario(file) for file in files],
        **numbers,
        twins=twins,
        ceilings=conditions,
        hypotheses=conditions,
    )
    if manner.only_plan:
        print_plan(_plan_facts(plan, what), manner.as_json)
        return
    from avrr_sim.shell.report import page_in
    from avrr_sim.shell.summary import print_summary, warn
    from avrr_sim.study.comparison.compare import perform
    from avrr_sim.study.comparison.order import ComparisonOrder

    warn(plan, manner.quiet)
    command = command_of(what, *files, **numbers) + ("" if twins else " --no-twins")
    command += "" if conditions or what == "run" else " --no-conditions"
    result = perform(ComparisonOrder(plan, command, what), how, page_in(manner.language))
    print_summary(result, manner.as_json)
    tell_failures(result.failures, f"of {len(plan.jobs)} jobs")
