#!/usr/bin/env python3
"""Looks for seeds of the demo: races in which much happens from lap 5 on (src/cli/demo_seeds.h).

tools/find_demo_seeds.py FROM TO [PROGRAM]    prints each seed of [FROM, TO) that is good, with what happens
"""

import concurrent.futures
import csv
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAPS, FROM_LAP = 12, 5
# Milliseconds of the session, of which the demo shows four a millisecond.
PASS_WITHIN, STOP_WITHIN, FLAG_WITHIN = 40_000, 80_000, 120_000
YELLOW_OR_SAFETY_CAR = {"2", "4", "6"}


def times_of(folder, table, is_wanted=lambda row: True, column="session_time_ms"):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        return [int(row[column]) for row in csv.DictReader(file) if row[column] and is_wanted(row)]


def look_at(program, seed):
    """-> what happens soon, as times since the start of the lap; None if something is missing."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [program, "simulate", "--seed", str(seed), "--laps", str(LAPS), "--truth", folder]
        subprocess.run(command, check=True, capture_output=True)
        starts = times_of(folder, "lap_count", lambda row: row["current_lap"] == str(FROM_LAP))
        passes = times_of(folder, "overtakes", lambda row: row["kind"] == "on_track")
        stops = times_of(folder, "pit_stops", column="pit_in_time_ms")
        flags = times_of(folder, "flag_zones", column="from_session_time_ms")
        flags += times_of(folder, "track_status", lambda row: row["status"] in YELLOW_OR_SAFETY_CAR)
    if not starts:
        return None
    seen = {}
    for what, times, within in (
        ("pass", passes, PASS_WITHIN),
        ("stop", stops, STOP_WITHIN),
        ("flag", flags, FLAG_WITHIN),
    ):
        soon = sorted(time - starts[0] for time in times if 0 <= time - starts[0] <= within)
        if not soon:
            return None
        seen[what] = soon[0]
    return seen


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program = sys.argv[3] if len(sys.argv) > 3 else ROOT / "build" / "release" / "slipstream"
    seeds = range(int(sys.argv[1]), int(sys.argv[2]))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for seed, seen in zip(seeds, pool.map(lambda seed: look_at(program, seed), seeds)):
            if seen:
                print(seed, seen, flush=True)


if __name__ == "__main__":
    main()
