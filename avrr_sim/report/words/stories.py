"""One person in two worlds, in words: the same in the shell and on the page of a comparison. A story is as
`study.summary.telling.story_told` gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from avrr_sim.report.words.catalogue import GROUP_NAMES, OUTCOMES, STORIES
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.told import told

Told = Mapping[str, Any]
_CONTACTS = frozenset(("event official", "event independent", "event peers"))
_TIMING = "information_timing"


def person_said(story: Told, origin: str, draw: int) -> str:
    """Who it is; `origin`: its name for people's eyes."""
    people = story["adults"] + story["minors"]
    key = "story_alone" if people == 1 else "story_family"
    return STORIES[key].format(
        origin=told(origin), people=people, minors=story["minors"], number=story["number"], draw=draw
    )


def parted_said(story: Told) -> str:
    """When the lives part, and how; of lives that do not, that they are alike."""
    if story["parted"] is None:
        return STORIES["story_alike"]
    baseline, policy = map(event_said, story["step"])
    return STORIES["story_parted"].format(
        month=story["parted"], since=story["since"], baseline=baseline, policy=policy
    )


def tipped_said(story: Told) -> str:
    """The sentence on what tipped the month in which the lives part."""
    needed = [factor_said(each) for each in story["tipped"] if each["necessary"]]
    enough = [factor_said(each) for each in story["tipped"] if each["enough"] and not each["necessary"]]
    if needed:
        return STORIES["story_tipped"].format(what=", ".join(needed))
    if enough:
        return STORIES["story_enough"].format(what=", ".join(enough))
    return STORIES["story_together" if story["together"] else "story_queue"]


def factor_said(tipped: Told) -> str:
    """What a thing that may have tipped a month is called: a lever by its meaning."""
    name, lever = str(tipped["factor"]), str(tipped["lever"])
    if lever:
        return told(lever)
    return STORIES.get("timing" if name == _TIMING else f"factor_{name}", name)


def factor_rows(story: Told) -> Iterator[tuple[str, str, str, str, str]]:
    """Of everything that differed: name, value in the baseline and with the policy, needed, enough."""
    for each in story["tipped"]:
        before, after = (
            "" if each[end] is None else numeral(each[end], ".2g") for end in ("before", "after")
        )
        needed, enough = (STORIES["yes" if each[how] else "no"] for how in ("necessary", "enough"))
        yield factor_said(each), before, after, needed, enough


def month_rows(story: Told, contacts: bool = True) -> Iterator[tuple[str, str, str]]:
    """Months in which anything happened: month, in the baseline, with the policy. Without `contacts`, months
    of mere contacts are left out until the lives part.
    """
    for each in story["months"]:
        weighty = not _CONTACTS.issuperset([*each["baseline"], *each["policy"]])
        if contacts or weighty or each["month"] >= (story["parted"] or ""):
            yield each["month"], events_said(each["baseline"]), events_said(each["policy"])


def events_said(events: Sequence[str]) -> str:
    """All that happened in a month."""
    return "; ".join(map(event_said, events))


def event_said(event: str) -> str:
    """One thing of `story_names.EVENTS`."""
    kind, _, name = event.partition(" ")
    if kind == "outcome":
        return OUTCOMES[name]
    if kind in ("stage", "step"):
        return STORIES[f"step_{name}"]
    return STORIES[f"event_{name}"] if kind == "event" else GROUP_NAMES[kind, name]
