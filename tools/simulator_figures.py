#!/usr/bin/env python3
"""Draws how simulated sessions compare with real ones: SVGs into docs/figures/, numbers as Markdown.

    tools/simulator_figures.py SLIPSTREAM

Both sides are read by `load`, so both are measured alike: races of the seeds below and the Italian race of
2025, a qualifying and that of Mexico City 2025, all of SLIPSTREAM_DATA. What stands in the figures of real
sessions are distributions and means, not their data.
"""

import collections
import csv
import itertools
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from svg_chart import Axis, Line, chart

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIGURES = ROOT / "docs" / "figures"
DATA = pathlib.Path(os.environ.get("SLIPSTREAM_DATA", ROOT.parent / "shared" / "data"))
REAL_RACE = "recordings/2025_italy_race.fastf1.txt.gz"
REAL_QUALIFYING = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
RACE_LAPS = 53  # of the real one
RACE_SEEDS = range(1, 9)
QUALIFYING_SEEDS = range(1, 4)
PASS = "on_track"  # not in the pit lane, at a restart, of a car that retires


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def rows_of(folder, table):
    with open(folder / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def load(program, source, out, tables):
    run(program, "load", source, "--out", out, "--format", "csv", "--tables", tables)
    return {table: rows_of(out, table) for table in tables.split(",")}


def simulated(program, folder, kind, seed, tables):
    options = ["--laps", RACE_LAPS] if kind == "race" else []
    command = [program, "simulate", "--kind", kind, "--seed", seed, "--year", 2025, "--quirks", "all"]
    source = run(*command, *options, "--out", folder / f"{kind}{seed}").strip()
    return load(program, source, folder / f"{kind}{seed}_tables", tables)


def clean_laps(laps):
    """Timed laps under green that are neither the first nor touch the pit lane, by car."""
    by_car = collections.defaultdict(list)
    for lap in laps:
        is_clean = not lap["pit_in_time_ms"] and not lap["pit_out_time_ms"] and lap["track_status"] == "1"
        if is_clean and lap["lap_time_ms"] and int(lap["lap_number"]) > 1:
            by_car[lap["driver_number"]].append(int(lap["lap_time_ms"]) / 1000)
    return {car: times for car, times in by_car.items() if len(times) >= 10}


def shares(values, low, step, count):
    """Share of the values in each of `count` bins."""
    bins = [0] * count
    for value in values:
        place = int((value - low) / step)
        if 0 <= place < count:
            bins[place] += 1
    return [(low + (n + 0.5) * step, found / max(1, len(values))) for n, found in enumerate(bins)]


def lap_spread(races):
    values = []
    for race in races:
        for times in clean_laps(race["laps"]).values():
            middle = statistics.median(times)
            values += [time - middle for time in times]
    return values


def stint_lengths(races):
    return [int(stint["lap_count"]) for race in races for stint in race["stints"] if stint["lap_count"]]


def gaps(races, share):
    """Median gap to the leader at the line of the car at that share of the running field, by lap."""
    by_lap = collections.defaultdict(list)
    for race in races:
        ends = collections.defaultdict(list)
        for lap in race["laps"]:
            if lap["session_time_ms"] and lap["is_generated"] == "false":
                ends[int(lap["lap_number"])].append(int(lap["session_time_ms"]))
        for lap, times in ends.items():
            times.sort()
            by_lap[lap].append((times[int(share * (len(times) - 1))] - times[0]) / 1000)
    return [(lap, statistics.median(values)) for lap, values in sorted(by_lap.items())]


def passes(races):
    """Passes on the track in each five laps, of one race."""
    counts = collections.Counter()
    for race in races:
        for overtake in race["overtakes"]:
            if overtake["kind"] == PASS and overtake["lap_number"]:
                counts[(int(overtake["lap_number"]) - 1) // 5] += 1 / len(races)
    return [(5 * n + 3, counts[n]) for n in range((RACE_LAPS + 4) // 5)]


def push_laps(session):
    """Samples of the laps within 3 % of the car's best, by car and lap, in order."""
    best, chosen = {}, {}
    for lap in session["laps"]:
        if lap["lap_time_ms"]:
            car = lap["driver_number"]
            best[car] = min(best.get(car, 1e9), int(lap["lap_time_ms"]))
    for lap in session["laps"]:
        car = lap["driver_number"]
        if lap["lap_time_ms"] and int(lap["lap_time_ms"]) <= 1.03 * best[car]:
            chosen[car, lap["lap_number"]] = []
    for sample in session["telemetry"]:
        samples = chosen.get((sample["driver_number"], sample["lap_number"]))
        if samples is not None and sample["speed_kmh"] and sample["relative_distance"]:
            samples.append(sample)
    return [samples for samples in chosen.values() if len(samples) > 100]


def trace(laps):
    """Mean speed at each hundredth of the lap's distance."""
    sums = collections.defaultdict(list)
    for samples in laps:
        for sample in samples:
            sums[int(100 * min(0.999, max(0, float(sample["relative_distance"]))))].append(
                float(sample["speed_kmh"])
            )
    return [(n + 0.5, statistics.mean(values)) for n, values in sorted(sums.items())]


def speeds(sessions):
    return [float(s["speed_kmh"]) for session in sessions for lap in push_laps(session) for s in lap]


def draw(name, text):
    FIGURES.mkdir(exist_ok=True)
    (FIGURES / f"{name}.svg").write_text(text, encoding="utf-8")


def draw_races(ours, theirs):
    pair = (("simulated", 0, ours), ("real", 1, theirs))
    spread = [Line(name, shares(lap_spread(of), -2, 0.1, 50), colour) for name, colour, of in pair]
    x = Axis("s off the median of the car's clean laps", -2, 3, 0.5)
    draw("lap_times", chart("Lap times", x, Axis("share of the laps", 0, 0.12, 0.02), spread))
    stints = [Line(name, shares(stint_lengths(of), 0, 4, 14), colour) for name, colour, of in pair]
    x = Axis("laps of a stint", 0, 56, 8)
    draw("stints", chart("Stint lengths", x, Axis("share of the stints", 0, 0.25, 0.05), stints))
    field = [
        Line(f"{name}, {what}", gaps(of, share), colour, share > 0.5)
        for name, colour, of in pair
        for what, share in (("middle", 0.5), ("last", 0.95))
    ]
    x = Axis("lap", 0, 55, 5)
    draw("field", chart("Gap to the leader", x, Axis("s behind the leader", 0, 120, 20), field))
    made = [Line(name, passes(of), colour) for name, colour, of in pair]
    draw("passes", chart("Passes on the track", x, Axis("passes in five laps", 0, 10, 2), made))


def draw_speeds(ours, theirs):
    lines = [Line("simulated", shares(speeds(ours), 40, 20, 16), 0)]
    lines.append(Line("real", shares(speeds(theirs), 40, 20, 16), 1))
    x = Axis("km/h", 40, 360, 40)
    y = Axis("share of the time of a fast lap", 0, 0.25, 0.05)
    draw("speeds", chart("Speeds of fast laps", x, y, lines))
    lines = [Line("simulated", trace(push_laps(ours[0])), 0)]
    lines.append(Line("real, elsewhere", trace(push_laps(theirs[0])), 1))
    x = Axis("% of the lap's distance", 0, 100, 10)
    draw("trace", chart("Mean speed along the lap", x, Axis("km/h", 0, 360, 60), lines))


def deviation(races):
    """Mean over cars of the deviation from one clean lap to the next, and of the cars' medians."""
    steps, medians = [], []
    for race in races:
        cars = clean_laps(race["laps"])
        for times in cars.values():
            differences = [abs(b - a) for a, b in itertools.pairwise(times)]
            steps.append(statistics.median(differences))
        medians.append(statistics.pstdev(statistics.median(times) for times in cars.values()))
    return statistics.mean(steps), statistics.mean(medians)


def numbers(races, sessions):
    steps, medians = deviation(races)
    stints = stint_lengths(races)
    at_all = speeds(sessions)
    full = [s for session in sessions for lap in push_laps(session) for s in lap if s["throttle_pct"]]
    at_full = [s for s in full if float(s["throttle_pct"]) >= 99]
    braking = [s for s in full if s["is_braking"] == "true"]
    return {
        "from one clean lap to the next, median, s": f"{steps:.2f}",
        "spread of the cars' medians, s": f"{medians:.2f}",
        "stint, median and longest, laps": f"{statistics.median(stints):.0f}, {max(stints)}",
        "last car behind the leader at the end, s": f"{gaps(races, 0.95)[-1][1]:.0f}",
        "passes on the track": f"{sum(count for _, count in passes(races)):.0f}",
        "fast lap: mean speed, km/h": f"{statistics.mean(at_all):.0f}",
        "fast lap: slowest and fastest 1 %, km/h": "{:.0f}, {:.0f}".format(
            *(statistics.quantiles(at_all, n=100)[place] for place in (0, 98))
        ),
        "fast lap: full throttle, % of the time": f"{100 * len(at_full) / len(full):.0f}",
        "fast lap: braking, % of the time": f"{100 * len(braking) / len(full):.0f}",
    }


def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        of_race, of_qualifying = "laps,stints,overtakes", "laps,telemetry"
        races = [simulated(program, folder, "race", seed, of_race) for seed in RACE_SEEDS]
        real_races = [load(program, DATA / REAL_RACE, folder / "race", of_race)]
        sessions = [simulated(program, folder, "qualifying", n, of_qualifying) for n in QUALIFYING_SEEDS]
        real_sessions = [load(program, DATA / REAL_QUALIFYING, folder / "qualifying", of_qualifying)]
    draw_races(races, real_races)
    draw_speeds(sessions, real_sessions)
    ours, theirs = numbers(races, sessions), numbers(real_races, real_sessions)
    print("| | simulated | real |\n|---|---|---|")
    for what, value in ours.items():
        print(f"| {what} | {value} | {theirs[what]} |")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
