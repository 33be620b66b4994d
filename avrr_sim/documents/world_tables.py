"""The tables of docs/world.md: the model's input beside the published record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avrr_sim.documents.markdown import markdown_table
from avrr_sim.documents.world_compared import (
    SPAN,
    Compared,
    OriginCompared,
    compared,
    origins_compared,
    ratio,
)
from avrr_sim.documents.world_input import YEAR, input_years, recorded_row, series_in_year
from avrr_sim.documents.world_judged import judged_income, judged_keys, judged_security
from avrr_sim.places.origins import origin_names, origins
from avrr_sim.places.record import income, security
from avrr_sim.places.record.published import (
    ALL,
    OTHER,
    Record,
    countries,
    published_outcomes,
    record,
    recorded_hosts,
)

HOST = "norway"
"""The host whose series of origins the model's origins stand for."""

SHOWN = (2002, 2006, 2010, 2014, 2018)
"""Years of which the security of every origin is printed."""

FIT_YEARS = tuple(range(2002, 2017))
"""Years of the judged index to which the formula of security was fitted."""

MIDDLE = 2012  # the year of which money is compared


def number(value: float | None, share: bool = False) -> str:
    """A value as a table shows it, shares as per cent; a dash where there is none."""
    if value is None:
        return "-"
    if share:
        return f"{100 * value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def times(value: float | None) -> str:
    """A ratio as a table shows it."""
    return "-" if value is None else f"{value:.2f}"


def pair(given: float | None, published: float | None, decimals: int = 2) -> str:
    """Input and published in one cell."""
    return " / ".join("-" if value is None else f"{value:.{decimals}f}" for value in (given, published))


def by_year(host: str, names: Sequence[str]) -> str:
    """A table of the years of a host: input, published and ratio of each figure."""
    figures = [compared(host)[name] for name in names]
    head = ["year"]
    for each in figures:
        head += [f"{each.title}: input", "published", "ratio"]
    rows = [[str(year), *_cells(figures, i)] for i, year in enumerate(figures[0].years)]
    return markdown_table(head, rows)


def _cells(figures: Sequence[Compared], i: int) -> list[str]:
    return [
        cell
        for each in figures
        for cell in (
            number(each.given[i], each.share),
            number(each.published[i], each.share),
            times(each.ratios()[i]),
        )
    ]


def norway_claims() -> str:
    """Norway by year: claims, share of 'other', pending stock."""
    return by_year("norway", ("arrivals", "other", "pending"))


def norway_decisions() -> str:
    """Norway by year: decisions on the merits, permits, chance of one, share closed, months."""
    return by_year("norway", ("decided", "permits", "permit_chance", "closed", "months"))


def france_years() -> str:
    """France by year."""
    return by_year("france", ("arrivals", "other", "permit_chance", "pending", "months"))


def estonia_years() -> str:
    """Estonia by year."""
    return by_year("estonia", ("arrivals", "other", "permit_chance", "pending"))


def norway_origins() -> str:
    """Norway by origin over SPAN: claims, chance of a permit, security and living gap."""
    head = (
        "origin",
        f"claims {SPAN[0]}-{SPAN[-1]}: input",
        "published",
        "ratio",
        "chance of a permit, %: input",
        "published",
        "security: input / formula",
        "living gap: input / GDP",
    )
    return markdown_table(head, (_origin_row(each) for each in origins_compared("norway")))


def _origin_row(each: OriginCompared) -> tuple[str, ...]:
    return (
        each.name,
        "in 'other'" if each.claims[0] is None else number(each.claims[0]),
        number(each.claims[1]),
        times(ratio(*each.claims)),
        number(each.permit_chance[0], share=True),
        number(each.permit_chance[1], share=True),
        pair(*each.security),
        pair(*each.living_gap),
    )


def judged_origins() -> list[tuple[str, str]]:
    """(key of the model, row of the record) of every origin whose judged security the formula can be held
    to.
    """
    known = countries().series["security"]
    pairs = [(key, recorded_row(key)) for key in judged_keys()]
    return [(key, row) for key, row in pairs if known.known_years(row)]


def formula() -> str:
    """The formula of security with its constants."""
    return (
        f"    logit(security) = {security.LEVEL:g} + {security.RIGHTS:g} x rights score - "
        f"{security.DEATHS:g} x "
        "ln(1 + conflict deaths per 100,000 inhabitants)\n"
    )


def security_years() -> str:
    """Security of the origins as it was judged, by the formula, and as the model reads it, in a few years."""
    known = countries().series["security"]
    rows = [
        (
            origins()[key].name,
            *(
                f"{pair(judged_security(key, year), known.at(year, recorded_row(key)))} / "
                f"{series_in_year(HOST, key, 'security', year):.2f}"
                for year in SHOWN
            ),
        )
        for key in origin_names()
    ]
    return markdown_table(("origin", *(f"{year}: judged / formula / input" for year in SHOWN)), rows)


def fit_points() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Rights score, deaths per 100,000 and judged index by origin, for the years of FIT_YEARS in which both
    are published.
    """
    rights, deaths = (countries().series[name] for name in ("rights", "conflict_deaths"))
    found = {}
    for key, row in judged_origins():
        points = [
            (right, death, judged_security(key, year))
            for year in FIT_YEARS
            if (right := rights.at(year, row)) is not None and (death := deaths.at(year, row)) is not None
        ]
        if points:
            right, death, judged = np.array(points).T
            found[key] = (right, death, judged)
    return found


def security_fit() -> str:
    """How near the formula comes to the judged index, origin by origin, and what each origin does to it."""
    points = fit_points()
    rows = []
    for key, (rights, deaths, judged) in points.items():
        ours = security.security(rights, deaths)
        others = [np.concatenate([points[o][i] for o in points if o != key]) for i in range(3)]
        without = security.fitted(others[0], others[1], others[2])
        rows.append(
            (
                origins()[key].name,
                len(judged),
                f"{judged.mean():.2f}",
                f"{ours.mean():.2f}",
                f"{(ours - judged).mean():+.2f}",
                f"{np.sqrt(((ours - judged) ** 2).mean()):.2f}",
                f"{without.level:.2f}, {without.rights:.2f}, {without.deaths:.2f}",
            )
        )
    head = (
        "origin",
        "years",
        "judged, mean",
        "formula, mean",
        "difference",
        "root mean square difference",
        "constants fitted without it",
    )
    return markdown_table(head, [*rows, _whole_fit(points)])


def _whole_fit(points: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]) -> tuple[str, ...]:
    rights, deaths, judged = (np.concatenate([each[i] for each in points.values()]) for i in range(3))
    ours, fit = security.security(rights, deaths), security.fitted(rights, deaths, judged)
    return (
        "all",
        str(len(judged)),
        f"{judged.mean():.2f}",
        f"{ours.mean():.2f}",
        f"{(ours - judged).mean():+.2f}",
        f"{fit.left:.2f} (logit {fit.left_logit:.2f})",
        f"fitted with all: {fit.level:.2f}, {fit.rights:.2f}, {fit.deaths:.2f}",
    )


def money() -> str:
    """Living gap and income of the model's origins beside GDP a head and what was judged."""
    gaps = record(HOST).series["living_gap"]
    rows = []
    for key in origin_names():
        row = recorded_row(key)
        rows.append(
            (
                origins()[key].name,
                pair(series_in_year(HOST, key, "living_gap", MIDDLE), gaps.at(MIDDLE, row)),
                number(_gdp_a_month(row)),
                number(series_in_year(HOST, key, "income", MIDDLE)),
                number(judged_income(key)),
            )
        )
    head = (
        "origin",
        f"living gap {MIDDLE}: input / GDP",
        "GDP a head, US dollars a month",
        "income, NOK a month: input",
        "judged before",
    )
    return markdown_table(head, rows)


def income_formula() -> str:
    """The formula of income with its constants, and those that are fitted to what was judged."""
    found = income.fitted(*zip(*income_points(), strict=True))
    return (
        f"    ln(NOK a month) = {income.LEVEL:g} + {income.POWER:g} x "
        "ln(US dollars of GDP a head a month)\n\n"
        f"Fitted to the incomes that were judged before: {found.level:.2f} and {found.power:.3f}; root mean "
        f"square of what is left {found.left:.2f} on the logarithm."
    )


def income_points() -> list[tuple[float, float]]:
    """(GDP a head in US dollars, income judged in NOK a month) of the origins that have both."""
    found = []
    for key in judged_keys():
        gdp, judged = countries().series["gdp_usd"].at(income.MIDDLE, recorded_row(key)), judged_income(key)
        if gdp is not None and judged is not None:
            found.append((gdp, judged))
    return found


def norway_enforcement() -> str:
    """Norway by year: the path of effort and the Dublin share as the model reads them, beside what is
    published of removals and transfers.
    """
    told, given = published_outcomes("norway"), input_years("norway")
    rows = []
    for year in record("norway").years:
        each = given[ALL, year]
        forced, dublin, stock = (
            told.series[name].at(year) for name in ("forced", "dublin", "rejected_in_centres")
        )
        rows.append(
            (
                str(year),
                f"{series_in_year('norway', 'iraq', 'enforcement', year):.2f}",
                number(forced),
                number(stock),
                number(each.dublin),
                number(each.closed),
                number(dublin),
            )
        )
    head = (
        "year",
        "effort of removal, factor: input",
        "forced returns, asylum category: published",
        "rejected in centres at year end: published",
        "claims for another state (Dublin): input",
        "claims closed on formal grounds: input",
        "Dublin transfers: published",
    )
    return markdown_table(head, rows)


def _gdp_a_month(row: str) -> float | None:
    a_head = countries().series["gdp_usd"].at(MIDDLE, row)
    return a_head / YEAR if a_head is not None else None


def outcomes() -> str:
    """Published outcomes of Norway by year."""
    told = published_outcomes("norway")
    years = sorted({year for each in told.series.values() for year in each.known_years()})
    rows = [
        (each.meaning, each.unit, *(_outcome(each.at(year)) for year in years), each.source)
        for each in told.series.values()
    ]
    return markdown_table(("outcome", "unit", *map(str, years), "source"), rows)


def _outcome(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value > 1 else f"{value:g}"


def series() -> str:
    """Every series of the record, once: meaning, unit, basis, source, maker."""
    found = {
        (each.name, each.meaning): each
        for one in (*map(record, recorded_hosts()), countries(), published_outcomes("norway"))
        for each in one.series.values()
    }
    return markdown_table(
        ("series", "meaning", "unit", "basis", "source", "maker"),
        ((f"`{s.name}`", s.meaning, s.unit, s.basis, s.source, f"`{s.maker}`") for s in found.values()),
    )


def rows() -> str:
    """Origins with a row of their own by host, and the largest share that the others have in any year."""
    return markdown_table(
        ("host", "origins", "rows", "largest share of other, % of claims of a year"),
        (
            (of.name, len(of.origins), _row_names(of), _largest_other(of))
            for of in map(record, recorded_hosts())
        ),
    )


def _row_names(of: Record) -> str:
    return ", ".join(of.rows[row] for row in of.origins)


def _largest_other(of: Record) -> str:
    claims = of.series["applications"]
    shares = {year: (claims.at(year, OTHER) or 0.0) / (claims.at(year, ALL) or 1.0) for year in of.years}
    most = max(shares, key=lambda year: shares[year])
    return f"{100 * shares[most]:.1f} ({most})"
