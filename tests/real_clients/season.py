"""FastF1 loads a simulated weekend from the stand-in's /static, as it loads F1's, and has the laps we have.

It finds the sessions by the season's Index.json, loads each without a complaint, and every cell of its laps
is ours but for what docs/fastf1-differences.md has an entry for.
"""

import collections
import pathlib
import re
import subprocess
import tempfile

from support import CLIENT_SECONDS_MAX, HERE, StandIn, load, rows_of, verdict

YEAR = 2026
SEEDS = (4, 7)  # red flags, cars that stop, laps of one time
KINDS = ("practice", "sprint-qualifying", "sprint", "qualifying", "race")
# Drivers of other series, whom F1's list names too.
OF_OTHER_SERIES = re.compile(r"(No lap data for|Failed to perform lap accuracy check .*) \(?driver 1\d\d\)?$")
# FastF1's names and ours. Its `Driver` and `Team` are ours of the same meaning; times are in ms in both.
COLUMNS = {
    "Time": "session_time_ms",
    "Driver": "driver_code",
    "LapTime": "lap_time_ms",
    "Stint": "driver_stint",
    "PitOutTime": "pit_out_time_ms",
    "PitInTime": "pit_in_time_ms",
    "Sector1Time": "sector1_time_ms",
    "Sector2Time": "sector2_time_ms",
    "Sector3Time": "sector3_time_ms",
    "Sector1SessionTime": "sector1_session_time_ms",
    "Sector2SessionTime": "sector2_session_time_ms",
    "Sector3SessionTime": "sector3_session_time_ms",
    "SpeedI1": "speed_trap_1_kmh",
    "SpeedI2": "speed_trap_2_kmh",
    "SpeedFL": "speed_finishline_kmh",
    "SpeedST": "speed_straight_kmh",
    "IsPersonalBest": "is_personal_best",
    "Compound": "tyre_compound",
    "TyreLife": "tyre_life_laps",
    "FreshTyre": "is_fresh_tyre",
    "Team": "team_name",
    "LapStartTime": "lap_start_session_time_ms",
    "LapStartDate": "lap_start_date",
    "TrackStatus": "track_status",
    "Position": "position",
    "Deleted": "is_deleted",
    "DeletedReason": "deleted_reason",
    "FastF1Generated": "is_generated",
    "IsAccurate": "is_accurate",
}


def laps_of(path, driver, lap):
    return {(int(row[driver]), int(row[lap])): row for row in rows_of(path)}


def entry_of(column, laps, key, mine, theirs):
    """The entry of docs/fastf1-differences.md that a differing cell belongs to, or none."""
    lap = laps[key]
    if column == "LapTime" and theirs == "" and lap["lap_time_source"] == "line":
        return 3
    if column in ("Deleted", "DeletedReason", "IsPersonalBest") and lap["is_deleted"] == "false":
        has_twin = any(
            other["is_deleted"] == "true" and other["lap_time_ms"] == lap["lap_time_ms"]
            for (car, _), other in laps.items()
            if car == key[0]
        )
        if has_twin:
            return 5
    if lap["is_generated"] == "true" and column in ("Time", "TrackStatus", "IsPersonalBest"):
        return 6
    return None


def lap_differences(ours, theirs, entries):
    """What differs without an entry; counts what has one into `entries`."""
    found = []
    for key in sorted(ours.keys() | theirs.keys()):
        car, lap = key
        if key not in theirs and ours[key]["is_generated"] == "true":
            entries[6] += 1
        elif key not in theirs or key not in ours:
            found.append(f"car {car} lap {lap}: only {'ours' if key in ours else 'FastF1 has it'}")
        else:
            for column, name in COLUMNS.items():
                mine, its = ours[key][name].removesuffix("Z"), theirs[key][column].strip()
                if mine == its:
                    continue
                entry = entry_of(column, ours, key, mine, its)
                if entry:
                    entries[entry] += 1
                else:
                    found.append(f"car {car} lap {lap} {column}: ours {mine!r}, FastF1's {its!r}")
    return found


def simulate(program, seed, root):
    """A weekend's sessions, one after the other, into one archive. Their folders by the kind."""
    command = [program, "simulate", "--seed", str(seed), "--year", str(YEAR), "--out", root, "--kind"]
    return {
        kind: subprocess.run([*command, kind], check=True, capture_output=True, text=True).stdout.strip()
        for kind in KINDS
    }


def check_weekend(program, python, seed, folder):
    folders = simulate(program, seed, folder / "archive")
    with StandIn(program, *folders.values()) as stand_in:
        command = [python, HERE / "fastf1_archive.py", stand_in.url, str(YEAR), folder / "fastf1"]
        subprocess.run(command, check=True, timeout=CLIENT_SECONDS_MAX)
    results = []
    for kind, source in folders.items():
        load(program, source, folder / kind, "--tables", "laps")
        theirs = folder / "fastf1" / pathlib.Path(source).name.split("_", 1)[1].replace("_", " ")
        complaints = [
            text
            for text in (theirs / "complaints.txt").read_text().splitlines()
            if not OF_OTHER_SERIES.search(text)
        ]
        results.append(verdict(f"FastF1 loads the {kind} of seed {seed} without a complaint", complaints))
        entries = collections.Counter()
        found = lap_differences(
            laps_of(folder / kind / "laps.csv", "driver_number", "lap_number"),
            laps_of(theirs / "laps.csv", "DriverNumber", "LapNumber"),
            entries,
        )
        counted = ", ".join(f"entry {entry}: {count}" for entry, count in sorted(entries.items()))
        results.append(verdict(f"its laps are ours; explained by {counted or 'no entry'}", found))
    return all(results)


def check(program, python):
    results = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as name:
            results.append(check_weekend(program, python, seed, pathlib.Path(name)))
    return all(results)
