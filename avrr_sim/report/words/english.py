"""Every sentence, heading and label that a report prints, in English. Another language is another module with
the same names and keys.

`SAY` holds sentences with places in braces, filled by `words.say`. What measures, levers, weights and limits
are called comes with the tables of a study. A test checks that every key is used and that templates hold no
words of their own.
"""

from __future__ import annotations

LANGUAGE = "en"

HEADLINES = (
    ("uptake_24", "people or households who arrive", "apply within two years"),
    ("drop_out_12", "people or households who apply", "drop out within a year"),
)
"""Measures told in natural frequencies: of 1,000 whom, how many do what."""

OUTCOMES = {
    "present": "still in the country",
    "applying": "waiting to leave",
    "assisted": "assisted return",
    "unassisted": "unassisted return",
    "removed": "removed by force",
    "transferred": "Dublin transfer",
    "moved_on": "moved on in Europe",
    "granted": "granted residence",
    "gone_under": "gone under",
}
CLOSINGS = {
    "departed": "departed",
    "open": "still open",
    "withdrawn": "withdrew",
    "refused": "refused",
    "documents": "failed on documents",
    "disappeared": "disappeared",
    "removed": "removed",
    "granted": "granted a stay",
    "protected": "stopped: protection need",
}
STAGES = {
    "none": "before",
    "applied": "applied",
    "approved": "approved",
    "documented": "documents ready",
    "booked": "journey booked",
}
GROUPS = {
    "all": "Everybody",
    "origin": "Origin",
    "abode": "Where they live",
    "status": "Legal status",
    "tier": "Tier of support",
    "household": "Household",
}
GROUP_NAMES = {
    ("abode", "centre"): "in a centre",
    ("abode", "private"): "outside centres",
    ("abode", "gone_under"): "gone under",
    ("status", "pending"): "claim open",
    ("status", "before_deadline"): "obliged, before the date",
    ("status", "after_deadline"): "obliged, after the date",
    ("status", "dublin"): "Dublin case",
    ("status", "unregistered"): "unregistered",
    ("tier", "A"): "A: applied before the date",
    ("tier", "B"): "B: applied after the date",
    ("tier", "vulnerable"): "vulnerable",
    ("household", "alone"): "alone",
    ("household", "family"): "family",
    ("household", "unaccompanied_minor"): "unaccompanied minor",
    ("all", "all"): "everybody",
}
GRADES = {
    "confirmed": "confirmed",
    "probable": "probable",
    "inconclusive": "inconclusive",
    "ungraded": "ungraded",
    "chance": "chance",
    "lack_of_fit": "lack of fit",
}
"""Components of a spread: the grades of evidence of the weights, and what they leave."""
WAITS = {"to_apply": "From arrival to the first application", "in_process": "From application to departure"}
CROSSINGS = {
    "net": "Net: more assisted departures",
    "gained": "Gained: depart here only",
    "lost": "Lost: depart in the baseline only",
    "displaced_in_queue": "Of the lost: displaced in the queue",
}
VERDICTS = {
    "inside": "inside",
    "outside": "outside",
    "not tested": "not tested",
    "hit": "hit",
    "missed": "missed",
    "not decidable": "not decidable",
}
SHEETS = {
    "applying": "applying and dropping out",
    "pressure": "applying under pressure or misinformed",
    "returns": "returns and removals, a year",
    "out-of-sight": "leaving sight, moving on and transfers, a year",
    "beliefs": "knowledge, trust and protection",
    "after": "life after an assisted return",
    "additional": "additional returns over the window, by kind",
}
SERIES = {
    "uptake_cumulative": {
        "label": "Share of the window's people who have applied, cumulative",
        "per": "share",
        "window": "people present in the window, first applications",
    },
    "drop_out_rate": {
        "label": "Drop-out a month, of those in process",
        "per": "share",
        "window": "month by month",
    },
    "applications": {"label": "Applications", "unit": "persons a month", "window": "month by month"},
    "assisted": {"label": "Assisted departures", "unit": "persons a month", "window": "month by month"},
    "removed": {"label": "Removals", "unit": "persons a month", "window": "month by month"},
    "gone_under": {"label": "Gone under", "unit": "persons a month", "window": "month by month"},
    "drop_outs": {"label": "Applications dropped", "unit": "persons a month", "window": "month by month"},
}
"""Monthly series that are no measures of their own: label, unit, kind, window."""
BELIEFS = {
    "knowledge": "True knowledge of assisted return",
    "trust": "Trust in advice",
    "self_rated": "How informed people think they are",
}
PLACES = {"centre": "in centres", "private": "outside centres"}

COERCION_NOTE = (
    "A lever of coercion: studied for its consequences only. It is never ranked, recommended or "
    "costed as a saving, "
    "and the scenario's sums of money are not compared with the baseline's."
)
WHY = {
    "pressure_dependent": "would not have applied without both the threat of removal and the restrictions",
    "misinformed": "would not have applied holding true beliefs",
}
OWED = {
    "pressure_dependent": "the share of applicants who apply only under pressure",
    "misinformed": "the share who apply misinformed",
}
ROLES = {
    "fit": "used in fitting",
    "check": "held back as a check",
    "related": "compared; no test, for it hangs together with what was fitted",
}
CHECKED = {
    "passed": "passed",
    "failed": "failed",
    "narrower": "narrower than before",
    "not narrower": "no narrower: the figures say nothing of it",
}
LABELS = {"imposed": "imposed", "calibrated": "calibrated", "emerging": "emerging", "-": "\u2013"}
FACTS = {
    "version": "Version",
    "commit": "Commit",
    "created_by": "Made by",
    "seed": "Master seed",
    "draws": "Draws of the weights",
    "replicates": "Replicates a draw",
    "size": "Simulated units",
    "units_represented": "Units they stand for",
    "months": "Months",
    "engine": "Engine",
    "weights": "Weights",
    "rate": "Currency",
    "evidence_hash": "Hash of the evidence",
}
"""Provenance: what is told of it, in order."""
SWEEP_COERCION = (
    "A lever of coercion: studied for its consequences only. Shades of one grey show size; nothing "
    "here is better or worse, ranked or recommended."
)
NOT_FOR = (
    "It must not be used to decide about a person, or to guess what a person will do.",
    (
        "It must not be used to rank, choose or cost measures of coercion: removal, withdrawn rights, "
        "bans, designated centres."
    ),
    "It must not be used as a forecast: it looks back, and its sizes are uncertain as the intervals say.",
    (
        "It must not be read as the free choice of people: uptake rises under pressure too, which is "
        "why those shares stand beside it."
    ),
    "One number must not be quoted without its interval, its Monte Carlo error and what stands beside it.",
)

SAY = {
    "frame.on_screen": "(opens on the screen; its numbers are in the folder)",
    "frame.skip": "Skip to the content",
    "frame.contents": "Contents",
    "frame.figure": "Figure {number}",
    "frame.scrolls": "Table: {name}",
    "frame.csv": "Numbers: figures/{name}.csv",
    "frame.footer": "Synthetic people, simulated. Nothing here is about a real person.",
    "sort.up": "Sort ascending",
    "sort.down": "Sort descending",
    "sort.none": "Back to the order of the study",
    "yes": "yes",
    "no": "no",
    "too_few": "too few",
    "not_estimable": "not estimable",
    "not_costed": "not costed",
    "zero": "no difference in any draw",
    "baseline": "baseline",
    "points": "percentage points",
    "per_cent": "%",
    "to": "{low} to {high}",
    "endless": "from {low}, no upper end",
    "about": "{value} ({interval})",
    "interval": "{mass:g} % uncertainty interval",
    "not_settled": "sign not settled",
    "monte_carlo_short": "MC {error}",
    "number": "number",
    "colon": "{head}: {text}",
    # Natural frequencies
    "more": "{number} more",
    "fewer": "{number} fewer",
    "sentence.instead": "Of 1,000 {people}, {here} {do} instead of {there}: {more}",
    "sentence.level": "Of 1,000 {people}, {here} {do}",
    "sentence.interval": " ({name}: {span}).",
    "sentence.zero": "No difference in any draw: of 1,000 {people}, {there} {do} in both.",
    "sentence.too_few": "Too few {people} to tell.",
    "sentence.not_estimable": "Not estimable.",
    "sentence.one_draw": " One draw: no uncertainty interval.",
    "sentence.no_interval": " No uncertainty interval.",
    "sentence.not_settled": " The sign is not settled: the interval holds zero.",
    "sentence.rises": " {share:.0f} % of draws agree that it rises.",
    "sentence.falls": " {share:.0f} % of draws agree that it falls.",
    "sentence.error": "Monte Carlo error, apart from the interval: {error} in 1,000 (one standard error).",
    "sentence.chance": (
        " The difference is within two of these: more draws or replicates are needed to tell it from chance."
    ),
    "sentence.open_level": "The level without the change is itself open: {low} to {high} in 1,000.",
    # Headlines
    "short.title": "In short",
    "short.absent": "Not in this study.",
    "short.pressure": "Not every application is a free choice. Of those who apply,",
    "short.same": "{value}, as in the baseline",
    "short.change": "{value}; change {difference}",
    "short.beside": "Beside it, difference from the baseline{interval}:",
    "short.beside_one": "Beside it{interval}:",
    "short.more": "More beside it, and what its spread rests on",
    "short.windows": "Windows and horizons. {windows} Frequencies are rounded.",
    "short.spread": "What spreads the difference in {measure} over the draws, by grade of evidence of the weights: "
    "{parts}. "
    "This restates the widths that were assigned to the weights; it is no finding about the world.",
    "short.spread_part": "{grade} {share:.0f} %",
    "short.spread_hidden": (
        "The share of the spread in {measure} by grade of evidence is not shown: a regression on the "
        "weights explains {r2:.0f} % of it, less than the 80 % asked for."
    ),
    "short.spread_none": (
        "The share of the spread in {measure} by grade of evidence could not be computed from these draws."
    ),
    "short.alike": "This scenario gives the same results as the baseline in every draw and every measure.",
    "lead.one": "One scenario: {name}.",
    "lead.many": (
        "Every scenario is compared with the baseline, {name}; scenarios stand in the order they were given."
    ),
    "lead.made": (
        "Synthetic people, simulated. {draws}, {replicates}, the same people in every scenario. {weights}"
    ),
    "lead.made_one": "Synthetic people, simulated. {draws}, {replicates}. {weights}",
    "lead.draw": "One draw of the weights",
    "lead.draws": "{n} draws of the weights",
    "lead.replicate": "one replicate a draw",
    "lead.replicates": "{n} replicates a draw",
    "lead.prior": "Weights drawn from their priors, not narrowed by data.",
    "lead.posterior": "Weights drawn from the posterior: narrowed by published figures as far as those can tell.",
    "lead.central": (
        "Every weight held at its central value: what is not known of the weights is left out of the "
        "intervals."
    ),
    "lead.weights": "Weights: {weights}.",
    "lead.one_draw": "One draw: no uncertainty interval can be given.",
    "lead.failed": (
        "{failed} of {planned} runs of this study failed and are missing here: what follows rests on "
        "the others. The first error: {error}"
    ),
    "lead.nobody": "Nobody applied for assisted return in {names}: measures of applicants have no value there.",
    # Figures
    "alt.table": "The tables below hold the numbers of all scenarios.",
    "alt.csv": "The numbers are in the figure's CSV file.",
    "alt.short": "The section in short tells the numbers.",
    "bars.alt": "{title}, stacked bars. {numbers}",
    "figure.window": "Measured window: {start} to {end}.",
    "figure.months": "Measured window: {months} months.",
    "figure.horizon": "{labels}: {window}.",
    "differences.title": "Differences from the baseline: {subject}",
    "differences.additional": "Against the baseline: {subject}",
    "differences.dots": "Dots: mean difference from \u201c{baseline}\u201d.",
    "differences.one_draw": "One draw: there is no uncertainty interval.",
    "differences.bars": "Coloured bars: {interval} over draws.",
    "differences.error": "Thin black bar below: Monte Carlo error, plus and minus two standard errors of the mean; it "
    "shrinks with more draws and "
    "replicates, the coloured bar does not.",
    "differences.scales": "Each panel has a scale of its own.",
    "differences.one_scale": "All panels share one scale.",
    "differences.alt": "{title}. One panel a measure, one row a scenario, zero marked by a line. {numbers}",
    "differences.baseline": "baseline {level}",
    "differences.mean": "mean difference",
    "differences.error_key": "Monte Carlo error, \u00b1 2 s.e.",
    "levels.title": "Levels of the shares",
    "levels.dots": "Dots: mean over draws.",
    "levels.alt": "{title}, dots with intervals. {numbers}",
    "levels.mean": "mean",
    "course.heading": "Over time",
    "course.title": "{label} over time",
    "course.alt": "{title}, {unit}. {numbers}",
    "course.spoken": "{name} from {first} in {start} to {last} in {end}",
    "course.index": "index, 0 to 1",
    "course.monthly": "mean of the month",
    "course.panel": "{name}, {place}",
    "course.baseline": "Grey: the baseline.",
    "course.one_draw": "Line: the one draw, so there is no band.",
    "course.band": "Line: mean over draws; band: {interval}, month by month.",
    "course.baseline_key": "baseline: {name}",
    "course.scenario_key": "the scenario named above the panel",
    "course.band_key": "uncertainty interval",
    "endings.heading": "How applications end",
    "endings.title": "How first applications stand twelve months on",
    "endings.caption": "Per cent of first applications with twelve months of follow-up, mean over draws.",
    "endings.caption_interval": (
        "Per cent of first applications with twelve months of follow-up, mean over draws; the tables "
        "of endings give the intervals."
    ),
    "endings.horizon": "First applications of the window, followed for 12 months.",
    "endings.unit": "% of first applications",
    "endings.ending": "Ending",
    "endings.stage": "Stage",
    "endings.table": "Endings of first applications: {name}",
    "stages.title": "Drop-out by reason and by the stage it struck at",
    "stages.key": "at stage: {stage}",
    "stages.small": "all below half a per cent",
    "stages.caption": (
        "Per cent of first applications with twelve months of follow-up, mean over draws; panels share "
        "one scale. The stage is an assumption: no published figure tells it."
    ),
    "stages.spoken": "{closing} at stage {stage} {share:.1f} %",
    "stages.alt": "{title}, stacked bars by scenario. Mean over the scenarios: {numbers}.",
    "waits.title": "How long people wait",
    "waits.unit": "months",
    "waits.median": "median over people",
    "waits.half": "middle half of people",
    "waits.most": "middle 80 % of people",
    "waits.interval": "uncertainty of the median",
    "waits.quantile": "{share:.0f} % waited at most",
    "waits.caption_table": "Waiting times by scenario",
    "waits.caption": "Bars and lines show how people differ, not how unsure the model is.",
    "waits.bar": "Thin black bar below: {interval} of the median over draws.",
    "waits.spoken": "{what}, median months: {numbers}.",
    "waits.alt": "{title}, one row a scenario. {numbers}",
    "waits.horizon": "Of those who applied or departed in the window; those who never did are not in it.",
    "groups.title": "Groups, waiting, and life after return",
    "groups.short": "Groups",
    "groups.group": "Group",
    "groups.text": (
        "\u201cToo few\u201d: the cell holds too few simulated units to be precise. Where they live, "
        "legal status and tier are those at the application."
    ),
    "groups.levels": "{label} by group",
    "groups.differences": "{label} by group: difference from the baseline",
    "groups.few": "Too few: the cell is too small to be shown.",
    "groups.many": "Many intervals stand side by side here: some leave zero out by chance.",
    "groups.alt": "{title}: {names}. The tables by group hold the numbers.",
    "groups.caption_levels": "Levels by group: {name}",
    "groups.caption_differences": "Differences from the baseline by group: {name}",
    "after.title": "Life after an assisted return",
    "after.text": (
        "These figures rest on judgement alone: life after return has not been studied empirically for "
        "these people."
    ),
    "ribbons.title": "The same persons under both policies: who ends differently",
    "ribbons.head": "of 1,000, {alike} end alike; {others} differently:",
    "ribbons.before": "in the baseline",
    "ribbons.after": "in the scenario",
    "ribbons.tiny": "< 0.1",
    "ribbons.none": "nobody ends differently",
    "ribbons.flow": "{before} to {after} {number}",
    "ribbons.caption": "Ribbons lead from how a person ends in the baseline (left) to how the same person ends in the "
    "scenario (right). Only those who end differently are "
    "drawn, to scale within a panel; numbers are of 1,000 people or households who exist in both.",
    "ribbons.spoken": "{name}: of 1,000, {alike} end alike; the largest flows of the others: {numbers}.",
    "ribbons.alt": "{title}, flows from left to right. {numbers}",
    "ribbons.unit": (
        "Units of 1,000 that exist in both runs; outcome at the end of the window. Who changes is "
        "assumed, not observed."
    ),
    "spread.title": "What spreads the difference in uptake over the draws",
    "spread.unit": "% of the variance over draws",
    "spread.caption": (
        "Share of the spread by grade of evidence of the weights; chance and lack of fit are what they leave."
    ),
    "spread.text": (
        "The share of the spread by grade of evidence restates the widths that were assigned to the "
        "weights; it is no finding about the world."
    ),
    # Tables
    "numbers.title": "Differences and levels",
    "numbers.title_one": "Levels",
    "numbers.scenario": "Scenario",
    "numbers.level": "Level",
    "numbers.error": "Monte Carlo error",
    "numbers.difference": "Difference from the baseline",
    "numbers.error_difference": "Monte Carlo error of the difference",
    "numbers.sign": "Draws with its sign",
    "numbers.units": "{level}; differences in {difference}",
    "numbers.caption": "All measures",
    "numbers.caption_key": "The main measures",
    "numbers.all": "All {count} measures",
    "numbers.text": (
        "In brackets the {interval} over draws. The Monte Carlo error is one standard error of the "
        "mean, left by finite draws and replicates; it is no part of the interval."
    ),
    "numbers.text_one": (
        "One draw: values without uncertainty interval. The Monte Carlo error is one standard error of "
        "the mean, left by finite replicates."
    ),
    "changes.title": "What the scenarios change",
    "changes.short": "What they change",
    "changes.heading": "{name} (baseline)",
    "changes.baseline": "Baseline",
    "changes.caption": "What changes: {name}",
    "changes.none": "Nothing differs from the baseline.",
    "changes.none_baseline": "The baseline: the others are told by how they differ from it.",
    "changes.lever": "What",
    "changes.kind": "Kind",
    "changes.here": "Here",
    "changes.unit": "Unit",
    "changes.source": "Source",
    "went.title": "Where the people went",
    "contrasts.title": "Additional returns, and what they cost",
    "contrasts.caption": "Additional returns, deadweight and cost, against the baseline",
    "contrasts.text": "These compare totals only, and need no assumption about who would have done what. \u201cNot "
    "estimable\u201d: the interval of additional returns "
    "holds zero, or lies below it. \u201cNo upper end\u201d: in some draws nothing more is "
    "returned at any cost. A dash: the measure has no meaning for what the scenario moves. "
    "\u201cNot costed\u201d: it moves a lever of coercion.",
    "contrasts.meanings": "What these words mean",
    "contrasts.how": "Additional: returns of every kind by the end of the window, scenario less baseline. "
    "Deadweight: the share of paid departures that are not additional. "
    "Pulled forward: how far additional returns at the end fall short of their largest value on "
    "the way, because people left earlier and not in larger number. "
    "Cost per additional return: what the programme costs more, over the additional returns; a "
    "draw without any counts as a price without end.",
    "persons.title": "The same persons under both policies",
    "persons.assumption": "Here every simulated person lives twice, once under each policy, with the same luck. Nobody "
    "can see that happen to real people: "
    "the net number needs no such assumption; who gains and who loses is assumed, and could be different.",
    "persons.caption": "Assisted departures of the same persons: net first, displacement in the queue apart",
    "persons.unit": "persons over the window",
    "persons.possible": "possible: {low} to {high}",
    "persons.alike": "ends alike",
    "persons.before": "In the baseline",
    "persons.after": "In the scenario",
    "persons.per_1000": "Of 1,000",
    "persons.bounds_head": "Possible, by the totals alone",
    "persons.table": "Flows of the same persons: {name}",
    "persons.bounds_title": "What \u201cpossible\u201d means",
    "persons.bounds": "Given only how many end in each way under either policy, a flow can be anything between these "
    "bounds (Fr\u00e9chet's). "
    "The number shown follows from keeping each person's luck the same. Displaced in the queue: "
    "they apply under both policies, depart in the baseline, "
    "and here still wait or gave up waiting, because others were ahead of them.",
    "drivers.heading": "What drives it",
    "drivers.short": "Drivers",
    "drivers.title": "How far published figures narrowed the weights",
    "drivers.empty": "Nothing is fitted in this study: its weights are drawn from what the literature and judgement "
    "say, and no data narrowed them. "
    "`avrr evidence` lists every weight with its grade, basis and reference.",
    "drivers.unfitted": "No weight is fitted here: the table shows the priors.",
    "drivers.text": (
        "Of {all} weights, {fitted} were fitted and {informed} of them are informed by figures and "
        "patterns, about {chance:.0f} of them by accident; the others are prior-driven: they say what "
        "was assumed, and data did not change it."
    ),
    "drivers.fold": "All {all} weights",
    "drivers.caption": "The {shown} weights narrowed most, of {all}, each on the scale of its own prior.",
    "drivers.alt": "{title}. Contraction of the informed weights: {numbers}.",
    "drivers.spoken": "{weight} {share:.0f} %",
    "drivers.none_informed": "none is informed",
    "drivers.unit": "Scale: the prior's 90 % interval of each weight, from its low end to its high end.",
    "drivers.low": "low end of the prior",
    "drivers.middle": "its median",
    "drivers.high": "high end of the prior",
    "drivers.prior": "prior, 90 %",
    "drivers.informed": "posterior, 90 %: informed",
    "drivers.prior_driven": "posterior, 90 %: prior-driven",
    "drivers.is_informed": "informed",
    "drivers.is_prior_driven": "prior-driven",
    "drivers.caption_table": "Weights: evidence, prior and posterior",
    "drivers.weight": "Weight",
    "drivers.grade": "Grade of the sign",
    "drivers.basis": "Basis of the size",
    "drivers.prior_head": "Prior median (90 %)",
    "drivers.posterior_head": "Posterior median (90 %)",
    "drivers.contraction": "Narrowed by",
    "drivers.threshold": "Informed from",
    "drivers.informed_head": "Informed?",
    "drivers.source": "Source",
    "fit.heading": "How far it meets what is known",
    "fit.short": "Fit",
    "targets.empty": "No published figure was fitted or checked in this study.",
    "targets.figure": "Predictions over published figures",
    "targets.text": (
        "Of the figures used in fitting, {fit} of {fit_all} lie inside the prediction; of those held "
        "back as a check, {check} of {check_all}."
    ),
    "targets.caption": (
        "Coloured: prediction, 90 %. Grey: the published figure with its own error and the discrepancy "
        "allowed for, 90 %. 1: as published."
    ),
    "targets.alt": "{title}: {hits} of {all} lie inside.",
    "targets.axis": "prediction / published figure, log scale",
    "targets.published": "published, with error",
    "targets.inside": "prediction: inside",
    "targets.outside": "prediction: outside",
    "targets.unit": "Window and horizon of each figure: see the table below.",
    "targets.caption_table": "Published figures and what the model predicts",
    "targets.figure_head": "Figure",
    "targets.role": "Role",
    "targets.value": "Published",
    "targets.predicted": "Predicted median (90 %)",
    "targets.verdict": "Verdict",
    "targets.source": "Source",
    "targets.error": "s.e. {error}",
    "targets.discrepancy": "discrepancy {error}",
    "patterns.empty": "No pattern was put to the test in this study.",
    "patterns.text": "Of the patterns put to the test, {hit} are hit, {missed} missed, and {open} cannot be decided.",
    "patterns.caption_table": "Patterns hit and missed",
    "patterns.statement": "Pattern",
    "patterns.label": "How it comes about",
    "patterns.verdict": "Verdict",
    "patterns.probability": "Probability",
    "patterns.draws": "Draws",
    "patterns.reading": "Reading",
    "patterns.labels": (
        "Imposed: built in by the rules or set by hand. Calibrated: used in fitting. Emerging: "
        "neither, and so the only ones that can speak for the model."
    ),
    "validation.title": "In how many draws each pattern holds",
    "validation.caption": "Share of draws in which a pattern holds, with its {interval} interval for so many draws. Hit: "
    "the whole interval lies at {hit} or more; missed: at {miss} "
    "or less. The marker says whether the direction was imposed, fitted to, or emerges.",
    "validation.alt": "{title}: {hit} hit, {missed} missed, {open} not decidable.",
    "validation.nothing": "nothing in the model answers to it",
    "validation.axis": "share of draws in which it holds, per cent",
    "validation.cuts": "cuts of the verdict",
    "validation.lead": (
        "Every pattern that the literature reports, and every published figure that nothing was fitted "
        "to, tried in {draws} draws of the weights ({weights})."
    ),
    "validation.patterns": "Patterns of the literature",
    "validation.patterns_short": "Patterns",
    "validation.targets": "Check figures",
    "validation.targets_short": "Check figures",
    "validation.emerging": "Of the {all} patterns that emerge, {hit} are hit: the only hits that can speak for the model.",
    "validation.holds": "Probability: share of draws in which it holds, with the interval that so few draws leave; a "
    "draw that cannot tell counts by half. Clear: draws in which chance "
    "within the run can hardly turn the sign; larger runs raise it.",
    "validation.targets_text": "Nothing was fitted to these figures. Inside: the figure lies in the 90 % prediction; a very "
    "wide prediction holds every figure and may still hit none. "
    "Near: in how many draws the model comes near the figure, with its error and the discrepancy "
    "allowed for.",
    "validation.clear": "Clear",
    "validation.near": "Near",
    "validation.near_in": "Near in",
    "validation.caption_targets": "Published figures that nothing was fitted to",
    "validation.weights": "Weights",
    "validation.draws": "Draws",
    "validation.size": "Units simulated in each run",
    "validation.seed": "Master seed",
    "validation.version": "Version",
    "validation.commit": "Commit",
    "validation.evidence_hash": "Hash of the evidence",
    "validation.digest": "Digest of the study",
    "limits.title": "What this cannot tell, and what not to use it for",
    "limits.short": "Limits",
    "limits.not_for": "What not to use it for",
    "and": " and ",
    "limits.owed": "Not computed in this study, though it should stand beside uptake: {what}.",
    "provenance.title": "Where it comes from, and how to make it again",
    "provenance.short": "Provenance",
    "provenance.command": "The command that makes this again:",
    "provenance.files": "The numbers of every figure lie in figures/ as CSV, the figures as SVG and PNG; the tables "
    "beside this page as CSV and Parquet. "
    "`avrr report FOLDER` makes this page again from them, without simulating.",
    "provenance.hash": "Hash of scenario {key}",
    "provenance.libraries": "Libraries",
    "provenance.window": "Measured window",
    # calibrate
    "calibration.title": "What published figures say about the weights: {name}",
    "calibration.lead": "The {kept:,} of {points:,} runs that lie nearest to the published figures ({share:.0f} %) "
    "were kept; they are worth {effective:.0f} equally likely draws. {informed} of {all} "
    "weights were narrowed by figures and patterns beyond what happens to weights that act on "
    "nothing ({alone} by figures alone); about {chance:.0f} would be called so by "
    "accident. All others are as wide as they were assumed to be: what rests on them rests on judgement.",
    "calibration.contraction": "How much narrower each weight became",
    "calibration.contraction_caption": "One bar a weight, on the scale of its prior. The dashed line is the 95th percentile of 300 "
    "weights that act on nothing, treated alike: only weights "
    "above it count as informed.",
    "calibration.contraction_alt": "{title}: {informed} of {all} weights lie above the line of weights that act on nothing.",
    "calibration.contraction_x": "weights, the most narrowed first (names in the table)",
    "calibration.contraction_y": "narrower than prior, per cent",
    "calibration.threshold": "95th percentile of weights that act on nothing",
    "calibration.tension": "Each figure against what the fitted figures predict for it",
    "calibration.tension_caption": "A fitted figure is predicted from the fitted figures of other measures, the others from all "
    "that are fitted, errors included. A line at 1 that lies outside "
    "an interval would mean that the figures contradict one another within this model; with "
    "discrepancies as large as these, few could.",
    "calibration.tension_alt": "{title}. Distance in standard deviations: {numbers}.",
    "calibration.tension_axis": "predicted from the other figures, over published",
    "calibration.tension_key": "median and 90 % interval",
    "calibration.effects": "Scenario effects before and after fitting",
    "calibration.effects_short": "Effects",
    "calibration.rivals": "Other explanations, and other widths of the priors",
    "calibration.rivals_short": "Rivals",
    "calibration.rivals_text": "That most leave within two years and few after three may come from ties that grow, from "
    "lasting differences in taste, or only from a group at risk that shrinks. "
    "Each explanation was fitted to the same figures, without the patterns, with a smaller bank of "
    "its own. Where they meet the figures equally well, the figures cannot tell them apart.",
    "calibration.rivals_caption": "Differences from the baseline after fitting, medians and 90 % intervals. Both: the model as "
    "it is. Ties only, tastes only and neither: the other "
    "explanations switched off. Half and double widths: of all priors.",
    "calibration.rivals_alt": "{title}: medians and intervals of scenario effects for six variants of the model.",
    "calibration.rival": "Variant",
    "calibration.staying": "Departures after three years or more, of all",
    "calibration.ranges": "Chance that its prior meets the ranges, T05 among them",
    "calibration.turns": "{up:.0f} % / {down:.0f} %",
    "calibration.worth_points": "of {n} points worth {worth:.0f}",
    "calibration.kept": "What keeping other shares of the runs would give",
    "calibration.kept_share": "Kept",
    "calibration.kept_runs": "Runs",
    "calibration.kept_informed": "Weights informed",
    "calibration.worth": "Worth draws",
    "calibration.points": "percentage points",
    "calibration.checks": "Whether the method is sound",
    "calibration.checks_short": "Checks",
    "calibration.checks_text": "{n} runs were taken for the world in turn: their figures, with errors, stood for the "
    "published ones, and the weights with which they were made were to be found "
    "again. What is checked is the whole fit to the figures as it is used, importance weights "
    "included; ranges and patterns are part of what the runs are drawn "
    "from, and are not observed anew. A posterior that is no more than the prior would pass "
    "coverage and uniformity, and fail recovery.",
    "calibration.stands_out": (
        "Of the {all} weights called informed, {n} contract in these checks more than every weight "
        "that acts on nothing and was called informed by accident: {names}."
    ),
    "calibration.verdicts": "The checks of the method",
    "calibration.check": "Check",
    "calibration.of": "Of",
    "calibration.value": "Value",
    "calibration.verdict": "Verdict",
    "calibration.all_weights": "All weights",
    "calibration.informed_weights": "Informed weights",
    "calibration.all_effects": "Scenario effects",
    "calibration.ranks": "Where the truth lies within the posterior",
    "calibration.ranks_caption": "Share of {n} pseudo-observations whose true value lies in each eighth of its posterior. Flat "
    "(dashed line) is right; a hump in the middle means intervals "
    "that are too wide, high ends intervals that are too narrow. Whiskers: 95 % of chance.",
    "calibration.ranks_alt": "{title}, in eighths, for all weights, informed weights and scenario effects.",
    "calibration.ranks_x": "rank in the posterior",
    "calibration.ranks_y": "per cent",
    "calibration.coverage": "How often 90 % intervals hold the truth",
    "calibration.coverage_caption": "One point a weight or scenario effect, over {n} pseudo-observations. The band holds 95 % of "
    "points if intervals are right ({low:.0f} to {high:.0f} %); "
    "{outside} of {all} lie outside it, where about {expected:.0f} are expected.",
    "calibration.coverage_alt": "{title}: {outside} of {all} points lie outside the band.",
    "calibration.coverage_x": "weights and effects, in order of coverage",
    "calibration.coverage_y": "coverage, per cent",
    "calibration.band": "where 95 % of points lie by chance",
    "calibration.weight": "weight",
    "calibration.effect": "scenario effect",
    "calibration.recovery": "How far scenario effects are found again",
    "calibration.recovery_caption": "True effect of every pseudo-observation against the median of its posterior, both as normal "
    "scores. On the line: found exactly. Flat: the figures say nothing "
    "about this effect. The number is the width of the posterior interval over the prior's.",
    "calibration.recovery_alt": "{title} On average intervals are {narrower:.0f} per cent narrower than the prior's.",
    "calibration.width": "width {share:.0f} %",
    "calibration.truth": "true effect",
    "calibration.found": "posterior median",
    "calibration.each": "Every weight and effect",
    "calibration.quantity": "Weight or effect",
    "calibration.kind": "Kind",
    "calibration.coverage_head": "Coverage of 90 % intervals",
    "calibration.p": "p of flat ranks, corrected",
    "calibration.narrower": "Narrower than before",
    "calibration.figure": "Figure",
    "calibration.published": "Published",
    "calibration.others": "Predicted by fitted figures",
    "calibration.pull": "Distance, standard deviations",
    "calibration.patterns": "Patterns that were fitted to",
    "calibration.pattern": "Pattern",
    "calibration.prior_share": "Holds in the prior",
    "calibration.posterior_share": "Holds after fitting",
    "calibration.of_points": "of {n} points",
    "calibration.scenario": "Scenario",
    "calibration.measure": "Difference in",
    "calibration.prior": "Before fitting",
    "calibration.posterior": "After fitting",
    "calibration.rises": "Rises / falls in",
    "calibration.limit_1": (
        "Most weights are not identified by any published figure. Their posterior is their prior, and "
        "the prior is judgement."
    ),
    "calibration.limit_2": (
        "How far a good model may be from each figure is a judgement too; smaller discrepancies would "
        "give narrower posteriors, with no better ground."
    ),
    "calibration.limit_3": (
        "The fit is approximate: runs near the figures are kept and moved along a linear regression. "
        "The checks show where that is good enough."
    ),
    "calibration.limit_4": (
        "Simulated figures carry the chance of a run of limited size, which makes the posterior a "
        "little too wide."
    ),
    "calibration.limit_5": (
        "That most leave within two years cannot tell growing ties, lasting differences between people "
        "and a shrinking group at risk apart."
    ),
    # Sweeps
    "sweep.by": "difference from the baseline by {factors}",
    "sweep.each": "difference from the baseline by each factor while the others vary",
    "sweep.curve": (
        "Line: mean difference from the baseline. Band: uncertainty interval over draws. Thin bars: "
        "Monte Carlo error, \u00b1 2 s.e."
    ),
    "sweep.spread": (
        "Dots: mean difference at a point. Bars: its uncertainty interval over draws. The scatter of "
        "dots at one place is the work of the other factors."
    ),
    "sweep.map": (
        "Numbers: mean difference, below it the uncertainty interval over draws. Hatched: the interval "
        "holds zero, so the sign is not settled."
    ),
    "sweep.multiples": (
        "Lines: mean difference from the group's own baseline. Bars, side by side for legibility: "
        "uncertainty interval over draws. One scale for all panels."
    ),
    "sweep.alt": "{title}. {how} The numbers are in the CSV file of the same name.",
    "sweep.open_key": "sign not settled: the interval holds zero; {baseline}",
    "sweep.as_baseline": "set as in the baseline",
    "sweep.alike": "0, alike",
    "sweep.lead": "{points} points around the baseline, {baseline}, in the order of the design.",
    "sweep.precision_term": "Precision",
    "sweep.failed": (
        "{failed} runs failed and are missing here: what follows rests on the others. manifest.json "
        "lists them."
    ),
    "sweep.headline": "{label}: over the points the mean difference from the baseline runs from {low} to {high} "
    "{unit}. In {open} of {points} points the interval holds zero, "
    "so that the sign is not settled.",
    "sweep.headline_one_draw": (
        "{label}: over the points the mean difference from the baseline runs from {low} to {high} "
        "{unit}. One draw: no uncertainty interval."
    ),
    "sweep.none": "{label}: not estimable at any point.",
    "sweep.beside": (
        "No point is chosen or ranked here: read uptake beside drop-out, returns, removals and people "
        "out of sight, and differences beside their intervals."
    ),
    "sweep.varied": "What was varied",
    "sweep.factor": "Factor",
    "sweep.values": "Values",
    "sweep.range": "{low:g} to {high:g} ({scale})",
    "sweep.factors_caption": "Factors of the design",
    "sweep.timing": "information",
    "sweep.plan": "named plan",
    "sweep.amount": "an amount of the programme",
    "sweep.weight": "a weight of the evidence",
    "sweep.pictures": "Figures",
    "sweep.points": "Points",
    "sweep.points_caption": "Differences from the baseline, a row a point",
    "sweep.points_many": "{points} points are too many for a table on a page: sweep.csv holds them all.",
    "sweep.study": "Study",
    "sweep.files": "All points, measures and groups: sweep.csv; what each point sets: points.csv; every run: "
    "runs/. "
    "The numbers of every figure lie in figures/ as CSV, the figures as SVG and PNG.",
}
