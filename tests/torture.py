"""What may happen to a study while it runs, tried at random moments: `make torture` (half an hour).

    python tests/torture.py --minutes 30 --seed 1

Kills (SIGKILL, SIGTERM, SIGINT), full disks (a small tmpfs, where this user may mount one), turned bits, two
writers, clusters that lose a worker or their scheduler. Whatever happened, `--resume` must end in the bytes
of a study that nothing happened to, or the folder be refused in one message; a table says what was tried and
what was lost. Ends with 1 where anything was lost. Leave the sources alone meanwhile: a manifest says from
which state of them it came.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clusters import dask_cluster
from folders import content

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
SMALL = ("--size", "300", "--weights", "prior")
TARGETS = """\
name: Mine
scenario: estonia.yaml
waves: 2
points: 64
size: 100
close_points: 64
close_size: 100
targets:
  departures:
    figure: Assisted departures a year
    measure: assisted_departures
    window: {from: 2011-01, to: 2015-12}
    value: 25
    standard_error: 8
    discrepancy: 8
    source: somebody
"""
KINDS = ["run", "compare", "sweep", "calibrate", "validate"]
LONGEST = 300  # seconds that a command may take
SIGNALS = [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]
SAME, REFUSED, LOST, LEFT_OUT = "same bytes", "refused", "lost", "left out"


@dataclass
class Study:
    """A small study: the words of its command, a folder of one left in peace, and how long that took."""

    words: list[str]
    whole: Path
    seconds: float = 0.0


@dataclass
class Torture:
    """What has been tried so far: outcomes by fault and kind of study, and what was said of each loss."""

    home: Path
    chance: Random
    studies: dict[str, Study] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    losses: list[str] = field(default_factory=list)

    def command(self, kind: str, out: Path, *more: str) -> list[str]:
        words = [*self.studies[kind].words, "--quiet", "--out", str(out), *more]
        return [sys.executable, "-m", "avrr_sim.cli", *words]

    def start(self, kind: str, out: Path, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(kind, out, *more),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_interrupts,
        )

    def go_on(self, kind: str, out: Path, *more: str) -> tuple[int, str]:
        """(exit code, what was said) of going on with a study, or of starting it where nothing was begun."""
        begun = out.is_dir() and any(out.iterdir())
        done = self.start(kind, out, *(("--resume",) if begun else ()), *more)
        said = done.communicate(timeout=LONGEST)[1]
        return done.returncode, said

    def judge(self, fault: str, kind: str, out: Path, code: int, said: str, may_refuse: bool = False) -> None:
        """Keep what became of a study: the bytes of one that nothing happened to, a refusal, or a loss."""
        if "Traceback" in said or code not in (0, 2):
            outcome = LOST
        elif code == 2:
            outcome = REFUSED if may_refuse else LOST
        else:
            outcome = SAME if not (differing := different(out, self.studies[kind].whole)) else LOST
            said = said if outcome == SAME else f"differing: {', '.join(differing[:5])}"
        self.outcomes[fault, kind, outcome] += 1
        if outcome == LOST:
            self.losses.append(f"{fault}, {kind}: exit code {code}: {said[-2000:]}")


def heed_interrupts() -> None:
    """A child heeds Ctrl-C again where a shell started this in the background, deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def different(one: Path, other: Path) -> list[str]:
    """Files in which two folders differ; those that say how long it took left out."""
    a, b = content(one), content(other)
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def studies_in(home: Path) -> dict[str, Study]:
    """A small study of each kind, with what it needs beside."""
    shutil.copy(SCENARIOS / "estonia-2010-2016.yaml", home / "estonia.yaml")
    (home / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    base, cash = (str(SCENARIOS / name) for name in ("baseline-norway.yaml", "cash-doubled.yaml"))
    short = (*SMALL, "--months", "24")
    words = {
        "run": ["run", base, "--draws", "12", *short],
        "compare": ["compare", base, cash, "--draws", "12", *short],
        "sweep": ["sweep", str(ROOT / "experiments" / "cash-by-timing.yaml"), "--draws", "4", *short],
        "calibrate": ["calibrate", "--targets", str(home / "targets.yaml")],
        "validate": ["validate", "--draws", "2", *SMALL],
    }
    return {kind: Study(each, home / "whole" / kind) for kind, each in words.items()}


# --- what happens to them
# ----------------------------------------------------------------------------------------------------------


def killed(torture: Torture, kind: str, out: Path) -> None:
    """Killed up to three times, each at a random moment and in a random way, and gone on with."""
    chance, seconds = torture.chance, torture.studies[kind].seconds
    for _ in range(chance.randint(1, 3)):
        begun = out.is_dir() and any(out.iterdir())
        process = torture.start(kind, out, *(("--resume",) if begun else ()))
        try:
            process.wait(timeout=chance.uniform(0.0, seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(
                chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
            )
        said = process.communicate(timeout=LONGEST)[1]
        # told to end before the command could heed it, or while it said so: a line is enough
        if "Traceback" in said and "KeyboardInterrupt" not in said:
            torture.judge("kill", kind, out, 1, said)
            return
    torture.judge("kill", kind, out, *torture.go_on(kind, out))


def full_disk(torture: Torture, kind: str, out: Path) -> None:
    """On a disk that gets full at a random moment, and then has room again."""
    whole = sum(path.stat().st_size for path in torture.studies[kind].whole.rglob("*") if path.is_file())
    kilobytes = torture.chance.randint(8, max(16, int(1.2 * whole) // 1024))
    out.mkdir()
    disk = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(out)]
    if subprocess.run(disk, capture_output=True).returncode:
        torture.outcomes["full disk", kind, LEFT_OUT] += 1
        return
    try:
        code, said = torture.go_on(kind, out / "a")
        if "Traceback" in said or code not in (0, 1, 2):
            torture.judge("full disk", kind, out / "a", 1, said)
            return
        subprocess.run(["mount", "-o", "remount,size=1g", str(out)], check=True, capture_output=True)
        torture.judge("full disk", kind, out / "a", *torture.go_on(kind, out / "a"))
    finally:
        subprocess.run(["umount", str(out)], capture_output=True)


def turned_bits(torture: Torture, kind: str, out: Path) -> None:
    """Some bits turned in some files of a finished study, which is gone on with."""
    chance = torture.chance
    shutil.copytree(torture.studies[kind].whole, out)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    for path in chance.sample(files, min(len(files), chance.randint(1, 8))):
        data = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
    torture.judge("turned bits", kind, out, *torture.go_on(kind, out), may_refuse=True)


def two_writers(torture: Torture, kind: str, out: Path) -> None:
    """Two commands that write into one folder, begun at nearly one moment."""
    first = torture.start(kind, out)
    time.sleep(torture.chance.uniform(0.0, torture.studies[kind].seconds / 2))
    begun = out.is_dir() and any(out.iterdir())
    second = torture.start(kind, out, *(("--resume",) if begun else ()))
    ended = [(each.communicate(timeout=LONGEST)[1], each.returncode) for each in (first, second)]
    for said, code in ended:
        if "Traceback" in said or code not in (0, 2):
            torture.judge("two writers", kind, out, code or 1, said)
            return
    torture.judge("two writers", kind, out, *torture.go_on(kind, out))


def lost_cluster(torture: Torture, kind: str, out: Path) -> None:
    """On a cluster that loses a worker, or its scheduler, at a random moment; gone on with on threads."""
    place = torture.home / "cluster"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with dask_cluster(place) as (address, workers, scheduler):
        process = torture.start(kind, out, "--cluster", address)
        time.sleep(torture.chance.uniform(1.0, 2 * torture.studies[kind].seconds))
        torture.chance.choice([*workers, scheduler]).kill()
        said = process.communicate(timeout=LONGEST)[1]
    if "Traceback" in said or process.returncode not in (0, 1, 2):
        torture.judge("lost cluster", kind, out, process.returncode or 1, said)
        return
    torture.judge("lost cluster", kind, out, *torture.go_on(kind, out))


FAULTS: dict[str, Callable[[Torture, str, Path], None]] = {
    "kill": killed,
    "full disk": full_disk,
    "turned bits": turned_bits,
    "two writers": two_writers,
    "lost cluster": lost_cluster,
}


def table_of(torture: Torture) -> str:
    """What was tried and what became of it, a line a fault and kind of study."""
    columns = (SAME, REFUSED, LEFT_OUT, LOST)
    lines = [
        f"{'what happened':<14} {'study':<10} {'tried':>6} " + " ".join(f"{each:>10}" for each in columns)
    ]
    for fault in FAULTS:
        for kind in torture.studies:
            counts = [torture.outcomes[fault, kind, each] for each in columns]
            if sum(counts):
                lines.append(
                    f"{fault:<14} {kind:<10} {sum(counts):>6} " + " ".join(f"{n:>10}" for n in counts)
                )
    total = [sum(n for (_, _, what), n in torture.outcomes.items() if what == each) for each in columns]
    lines.append(f"{'all':<14} {'':<10} {sum(total):>6} " + " ".join(f"{n:>10}" for n in total))
    return "\n".join(lines)


def main() -> int:
    """Try faults in turn until the time is up; gives the exit code."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--minutes", type=float, default=30.0)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--faults", nargs="+", choices=list(FAULTS), default=list(FAULTS))
    asked.add_argument("--studies", nargs="+", choices=KINDS, default=KINDS)
    chosen = asked.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    end = time.monotonic() + 60 * chosen.minutes
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        torture = Torture(Path(folder), Random(chosen.seed))
        made = studies_in(torture.home)
        torture.studies = {kind: made[kind] for kind in chosen.studies}
        for kind, study in torture.studies.items():
            begun = time.monotonic()
            subprocess.run(torture.command(kind, study.whole), cwd=ROOT, check=True, capture_output=True)
            study.seconds = time.monotonic() - begun
        turns = [(fault, kind) for kind in torture.studies for fault in chosen.faults]
        torture.chance.shuffle(turns)
        number = 0
        while time.monotonic() < end:
            fault, kind = turns[number % len(turns)]
            FAULTS[fault](torture, kind, torture.home / f"{number}")
            shutil.rmtree(torture.home / f"{number}", ignore_errors=True)
            number += 1
        print(table_of(torture))
        print("\n".join(["", *torture.losses]) if torture.losses else "\nNothing was lost.")
        return 1 if torture.losses else 0


if __name__ == "__main__":
    sys.exit(main())
