"""`make hostile-files`: every hostile file in a process of its own, its outcome, seconds and memory; fails unless all hold."""

import os
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.hostile.outcomes import Hostile, outcome  # noqa: E402 - models can be imported only now

MOST_SECONDS, MOST_MB = 5.0, 256


def run() -> int:
    """Prints n of n, the slowest and the largest, and what was not as documented; how many that was."""
    with tempfile.TemporaryDirectory() as folder:
        files: list[Hostile] = _apart(lambda: _made(Path(folder)))
        found = [
            (hostile.name, *_apart(lambda path=Path(folder, str(place)), hostile=hostile: _read(path, hostile)))
            for place, hostile in enumerate(files)
        ]
    bad = [each for each in found if each[1] != "as documented" or each[2] > MOST_SECONDS or each[3] > MOST_MB]
    for ending in ("csv", "xlsx", "xlsm", "ndjson", "parquet", "gz"):
        of_kind = [each for each in found if each[0].endswith(f".{ending}")]
        print(f"{ending:>8}: {sum(each not in bad for each in of_kind)} of {len(of_kind)}")
    for title, place, unit in (("slowest", 2, "s"), ("largest", 3, "MB")):
        name, *_ = worst = max(found, key=lambda each: each[place])
        print(f"{title}: {name}, {worst[place]:.1f} {unit}")
    for name, came, seconds, megabytes in bad:
        print(f"NOT: {name}: {came}, {seconds:.1f} s, {megabytes} MB")
    print(
        f"{len(found) - len(bad)} of {len(found)} as documented, each within {MOST_SECONDS:g} s of processor time and {MOST_MB} MB"
    )
    return len(bad)


def _made(folder: Path) -> list[Hostile]:
    """Every file is there, called by its place. In a process of its own: a parent that makes them would lend its memory to all."""
    from tests.hostile.collection import collection

    hostile = collection()
    for place, each in enumerate(hostile):
        each.make(folder / str(place))
    # How it was made cannot cross over to another process, and need not.
    return [replace(each, make=print) for each in hostile]


def _read(path: Path, hostile: Hostile) -> tuple[str, float, int]:
    """What came of the file, against what is documented; seconds and the most megabytes."""
    start = time.process_time()
    try:
        found = outcome(path)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is told
        return f"raised {type(error).__name__}", time.process_time() - start, _megabytes()
    seconds, megabytes = time.process_time() - start, _megabytes()
    came = "as documented" if found.is_as_documented(hostile) else "otherwise than documented"
    return came, seconds, megabytes


def _megabytes() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1_000_000 if sys.platform == "darwin" else most // 1_000


def _apart(work: Callable[[], Any]) -> Any:
    """What `work` returns in a process of its own."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        with os.fdopen(writes, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else ("ended without a word", 0.0, 0)


if __name__ == "__main__":
    sys.exit(1 if run() else 0)
