"""P21 to P25: what support does after return, and how long the way there takes."""

from __future__ import annotations

from avrr_sim.migrant import BUSINESS, GOODS_SOLD
from avrr_sim.study.patterns.pattern import EMERGING, IMPOSED, NO_LABEL, Pattern
from avrr_sim.study.patterns.statistic import CLEARLY, View, least, log_ratio, ratio

MOST = 0.5
"""Tolerance of "most" and of "few succeed": a half. Readings."""
SOME = 0.01
"""Tolerance of "some": one in a hundred. A reading."""
CASH, IN_KIND = 0, 1  # of the sums of people by what most of their support was


def cash_eases(base: View) -> float:
    """P21: share coping after three months, mostly cash less mostly in kind."""
    cash, kind = (ratio(base["coping_3"][k], base["checked_3"][k]) for k in (CASH, IN_KIND))
    return cash - kind


def business_of_little_success(base: View) -> float:
    """P22: the least of: share of in-kind support that is a business over a half, share sold over SOME, and a
    half over the share of businesses with an income.
    """
    forms = base["form"]
    income = ratio(float(base["businesses_with_income"]), float(base["businesses"]))
    return least(
        [
            ratio(forms[BUSINESS], forms.sum()) - MOST,
            ratio(forms[GOODS_SOLD], forms.sum()) - SOME,
            MOST - income,
        ]
    )


def months_in_process(view: View, origin: str, others: bool = False) -> float:
    """Mean months from application to departure of an origin, or of all others."""
    o = view.place(origin)
    months, people = view["months_in_process"], view["processed"]
    return (
        ratio(months.sum() - months[o], people.sum() - people[o]) if others else ratio(months[o], people[o])
    )


def ethiopians_wait_longer(base: View, at_home: View) -> float:
    """P24: the smaller of the log ratio of Ethiopians' months in process to the others', and to their own
    with the embassy in the country, less the tolerance.
    """
    mine = months_in_process(base, "ethiopia")
    return (
        least(
            [
                log_ratio(mine, months_in_process(base, "ethiopia", others=True)),
                log_ratio(mine, months_in_process(at_home, "ethiopia")),
            ]
        )
        - CLEARLY
    )


def better_in_iraq_and_somalia(history: View) -> float:
    """P25: the smaller share coping after twelve months of Iraq and Somalia, less the larger of Afghanistan
    and Ethiopia.
    """
    shares = [
        ratio(history["coping_12"][history.place(o)], history["checked_12"][history.place(o)])
        for o in ("iraq", "somalia", "afghanistan", "ethiopia")
    ]
    return least(shares[:2]) + least([-share for share in shares[2:]])


PATTERNS = (
    Pattern(
        "P21",
        "Cash is more useful than support in kind: it eases the first phase",
        IMPOSED,
        ("baseline-norway",),
        cash_eases,
        "difference of shares",
        (
            "coping after three months, mostly cash against mostly in kind; those with support in kind "
            "are the vulnerable, who also get housing and care"
        ),
    ),
    Pattern(
        "P22",
        "Most in-kind support goes into a business, few succeed, some sell the goods",
        IMPOSED,
        ("baseline-norway",),
        business_of_little_success,
        "share, the least of three; tolerances: a half, one in a hundred, a half",
        "by the weights of the forms and of a business's income",
    ),
    Pattern(
        "P23",
        "Returnees name other reasons than support",
        NO_LABEL,
        (),
        None,
        "-",
        "what returnees say is not modelled; it would not show that support has no effect",
    ),
    Pattern(
        "P24",
        "Ethiopian cases take longer, for the embassy is abroad",
        IMPOSED,
        ("baseline-norway", "embassy at home"),
        ethiopians_wait_longer,
        "log ratio of months, the smaller of two; tolerance 1 per cent",
        "longer than the others, and than with the embassy in the country; no weight knows Ethiopia's name",
    ),
    Pattern(
        "P25",
        "Returnees to Iraq and Somalia fare better than those to Afghanistan and Ethiopia",
        EMERGING,
        ("norway-history",),
        better_in_iraq_and_somalia,
        "difference of shares, the least",
        "coping after twelve months stands in for satisfaction; the source warns against comparing",
    ),
)
