"""Where compiled rules, and hashes of code, are kept between runs, and what makes it safe to read them from
there.

What is read back is run, so a folder counts only if nobody else can write to it or put another in its place:
it belongs to the user, and so does every folder above it (or to the system), and none of them can be written
to by others. There is no substitute in a folder that is shared, such as the system's temporary one.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SYSTEM = 0  # the user number of the system's own folders


def cache_home() -> Path:
    """The folder of what is kept for this user: ``$AVRR_CACHE/avrr_sim``, else the user's cache folder."""
    wanted = os.environ.get("AVRR_CACHE")
    return Path(wanted) / "avrr_sim" if wanted else user_cache_path("avrr_sim", appauthor=False)


def private_folder(name: str) -> Path:
    """The folder `name` of the cache, made if it is not there. Raises OSError, with the reason, where it
    cannot be made or written to, or where others may write to it.
    """
    home = cache_home()
    if not home.is_absolute():
        if not os.environ.get("AVRR_CACHE"):
            raise OSError(f"this user has no home folder ({home})")
        home = home.absolute()
    folder = home / name
    for each in (home, folder):  # a folder that is made here is the user's alone
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = folder.resolve()
    _require_private(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(f"{folder} cannot be written to")
    return folder


def recall(name: str) -> str:
    """A short text that `keep` kept; empty where there is none, or none that is safe to read."""
    try:
        return (private_folder("hashes") / name).read_text(encoding="ascii")
    except (OSError, RuntimeError, ValueError):
        return ""


def keep(name: str, text: str) -> None:
    """Keep a short text for later commands, where that can be done."""
    with suppress(OSError, RuntimeError):
        file = private_folder("hashes") / name
        part = file.with_name(f"{name}.{os.getpid()}")
        try:
            part.write_text(text, encoding="ascii")
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _require_private(folder: Path) -> None:
    """Raise OSError where another user could change what is in a folder."""
    if not hasattr(os, "getuid"):
        return  # Windows keeps the folders of a user's profile apart by itself
    user = os.getuid()
    for each in (folder, *folder.parents):
        found = each.stat()
        own = found.st_uid == user or (each != folder and found.st_uid == _SYSTEM)
        # in a sticky folder, others may add files but not put theirs in the place of ours
        sticky = each != folder and bool(found.st_mode & stat.S_ISVTX)
        if not own:
            raise OSError(f"{each} belongs to another user")
        if found.st_mode & _OTHERS_WRITE and not sticky:
            raise OSError(f"others can write to {each}")
