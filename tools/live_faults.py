#!/usr/bin/env python3
"""The program `live` against the stand-in under faults: tables of the undisturbed run where nothing was lost.

tools/live_faults.py        with build/release/slipstream, or SLIPSTREAM_BIN; SLIPSTREAM_SEED repeats a run

src/simulate/live_source_test.cc has every fault over many seeds in one process; here it is the binary, with
its own pauses between tries, its database and the archive that comes late. Prints TAP.
"""

import itertools
import os
import pathlib
import re
import sys
import tempfile
import time

import crash
import live_kills
from live_kills import Place, Wrong

# Faults, and whether something never comes.
CASES = (
    ("drop=0.0005,duplicate=0.01", False),
    ("stall=0.0005,slow", False),
    ("401,503=2", True),
    ("429=2", False),
    ("cut=0.0005,lose=0.001", True),
    ("expired-token,close", True),
)
# `live` asks at once and two minutes later.
LATE_ARCHIVE = "late-archive=60"
LATE_SECONDS_MAX = 300
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
ROUNDING = 0.051  # pauses are printed to a tenth of a second


def check_pauses(log):
    """Each pause is between half of its step and the step, or what Retry-After asks for if that is longer."""
    found = []
    step, retry_after = FIRST_PAUSE, 0.0
    for line in log.split("\n"):
        if "answers 429" in line:
            retry_after = 1.0
        if pause := re.search(r"connecting again in ([\d.]+) (m?s)", line):
            seconds = float(pause[1]) / (1000 if pause[2] == "ms" else 1)
            if not max(step / 2, retry_after) - ROUNDING <= seconds <= max(step, retry_after) + ROUNDING:
                raise Wrong(f"a pause of {seconds} s where the step is {step} s")
            found.append(seconds)
            step, retry_after = min(step * 2, LONGEST_PAUSE), 0.0
    return found


def run_case(folder, source, token, faults, seed, is_late=False):
    folder.mkdir()
    with crash.StandIn([source], "max", "--faults", faults, "--seed", str(seed)) as stand_in:
        place = Place(folder, stand_in.url, token, is_late)
        place.run(at_most=LATE_SECONDS_MAX)
    return place


def check_case(place, loses, calm):
    pauses = check_pauses(place.log())
    load_db = place.folder / "once.duckdb"
    live_kills.load(place.recording(), load_db)
    found = live_kills.tables(place.db)
    live_kills.compare(found, live_kills.tables(load_db))
    if not loses:
        live_kills.compare(found, calm, crash.OF_CONNECTIONS | {"stg_manifest"})
    return pauses


def main():
    seed = int(os.environ.get("SLIPSTREAM_SEED", time.time_ns() % 1_000_000))
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        token = live_kills.token_file(folder)
        source = live_kills.simulated_session(folder / "source", 1 + seed % 1000)
        calm = live_kills.tables(run_case(folder / "calm", source, token, "", seed).db)
        numbers = itertools.count(seed)
        for faults, loses in CASES:
            try:
                place = run_case(folder / faults, source, token, faults, next(numbers))
                pauses = check_case(place, loses, calm)
                print(f"ok - live under {faults}: pauses {pauses} s", flush=True)
            except Wrong as wrong:
                failed += 1
                print(f"not ok - live under {faults} (SLIPSTREAM_SEED={seed}): {wrong}", flush=True)
        try:
            place = run_case(folder / "late", source, token, LATE_ARCHIVE, seed, is_late=True)
            if "asking again in 120 s" not in place.log():
                raise Wrong(f"the archive was not late: {place.log()}")
            archived = live_kills.calm_tables(folder / "archived", source, token)
            live_kills.compare(live_kills.tables(place.db), archived, crash.OF_CONNECTIONS)
            print(f"ok - live with {LATE_ARCHIVE}", flush=True)
        except Wrong as wrong:
            failed += 1
            print(f"not ok - live with {LATE_ARCHIVE}: {wrong}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
