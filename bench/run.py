#!/usr/bin/env python3
"""Builds and runs the benchmarks and judges each figure against what ran beside it.

    bench/run.py [--rounds N] [--publish]

Programs are measured from outside, in turns, medians of N rounds (9); the C++ benchmarks compare themselves
with their peer inside. Prints one table and writes build/bench.json. --publish also rewrites the tables of
figures in README.md and docs/performance.md: for a machine that does nothing else. Sessions come from
SLIPSTREAM_DATA, FastF1 from PyPI; without them it says what was left out.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import copies
import live
import measure
import report
from report import Figure

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / "build" / "release"
SLIPSTREAM = RELEASE / "slipstream"
DATA = pathlib.Path(os.environ.get("SLIPSTREAM_DATA", ROOT / ".." / "shared" / "data"))
QUALIFYING = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
RACE = "recordings/2025_italy_race.fastf1.txt.gz"
LAP_TABLES = "laps,weather,race_control,stints,track_status"
FLOOR_PASSES = 5
SEASON, FEW = 24, 3  # copies of the qualifying
FASTF1 = "fastf1==3.9.0"
VENV = ROOT / "build" / "fastf1-venv"

# Figures that a C++ benchmark counts itself: (program, benchmark, counter) and what it is.
COUNTED = (
    ("session_bench", "fold/mexico_qualifying", "messages_per_s",
     Figure("fold, qualifying with telemetry", 0, "messages/s", "visiting every value")),
    ("session_bench", "fold/mexico_qualifying_without_telemetry", "messages_per_s",
     Figure("fold, qualifying without telemetry", 0, "messages/s", "visiting every value")),
    ("session_bench", "fold/italy_race", "messages_per_s",
     Figure("fold, race without telemetry", 0, "messages/s", "visiting every value", is_headline=True)),
    ("session_bench", "fold/mexico_qualifying", "allocations_second_half",
     Figure("allocations in the fold, qualifying, second half", 0, "a message")),
    ("session_bench", "fold/italy_race", "allocations_second_half",
     Figure("allocations in the fold, race, second half", 0, "a message")),
    ("record_bench", "encode/f1_laps", "records_per_s",
     Figure("encoding f1_laps", 0, "records/s", "Boost.JSON")),
    ("record_bench", "encode/f1_tele", "records_per_s",
     Figure("encoding f1_tele", 0, "records/s", "Boost.JSON", is_headline=True)),
    ("record_bench", "encode/f1_timing", "records_per_s",
     Figure("encoding f1_timing", 0, "records/s", "Boost.JSON")),
    ("warehouse_bench", "load_against_bare_appender", "load_rows_per_s",
     Figure("DuckDB file, load", 0, "rows/s", "bare chunk appender", bar=">= 0.7", is_headline=True)),
    ("bus_bench", "embedded_append", "MB_per_s",
     Figure("embedded log, append", 0, "MB/s", "writing the same bytes to one file", is_headline=True)),
    ("bus_bench", "embedded_fetch", "MB_per_s",
     Figure("embedded log, fetch", 0, "MB/s", "reading the same files")),
)  # fmt: skip


def headline(text):
    sys.stderr.write(f"== {text}\n")


def counted_figures(left_out):
    """Runs each C++ benchmark once and reads its counters."""
    for program in sorted({entry[0] for entry in COUNTED}):
        headline(program)
        done = measure.run([RELEASE / "bench" / program, "--benchmark_format=json"])
        results = {
            one["name"].split("/iterations:")[0].removesuffix("/manual_time"): one
            for one in json.loads(done.output[done.output.index("{") :])["benchmarks"]
        }
        for _, benchmark, counter, figure in (entry for entry in COUNTED if entry[0] == program):
            result = results[benchmark]
            if result.get("error_occurred"):
                left_out.append(f"{figure.name}: {result['error_message']}")
                continue
            figure.value = result[counter]
            if figure.against:
                figure.ratio = result["ratio"]
            yield figure


def make_venv():
    """FastF1's Python, or why there is none."""
    python = VENV / "bin" / "python"
    have = [python, "-c", f"import importlib.metadata as m; assert m.version('fastf1') == '{FASTF1[8:]}'"]
    if python.exists() and subprocess.run(have, capture_output=True, check=False).returncode == 0:
        return python, ""
    headline(f"installing {FASTF1} into build/fastf1-venv")
    for command in (
        [sys.executable, "-m", "venv", VENV],
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", FASTF1],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None, (done.stderr.strip() or "pip failed").splitlines()[-1]
    return python, ""


def load(source, out, *more):
    return [SLIPSTREAM, "load", source, "--out", out, *more]


def qualifying_figures(rounds, work):
    folder = DATA / QUALIFYING
    headline("load against the floor")
    runs = measure.in_turns(
        {
            "floor": [RELEASE / "bench" / "floor", folder, str(FLOOR_PASSES)],
            "load": load(folder, work / "all"),
            "laps": load(folder, work / "laps", "--tables", LAP_TABLES),
        },
        rounds,
    )
    medians = sorted(json.loads(run.output)["median_ms"] for run in runs["floor"])
    floor_ms = medians[len(medians) // 2]
    floor = f"floor of all its bytes, {report.number(floor_ms)} ms"
    for name, what, time_bar, memory_bar in (
        ("load", "load, qualifying to Parquet, all tables", "<= 6", "<= 250"),
        ("laps", "load, qualifying to Parquet, laps and four more", "<= 2.5", "<= 80"),
    ):
        elapsed_ms = measure.median_ms(runs[name])
        yield Figure(what, elapsed_ms, "ms", floor, elapsed_ms / floor_ms, time_bar, is_headline=True)
        peak_mb = measure.peak_mb(runs[name])
        yield Figure(f"{what}: peak memory", peak_mb, "MB", bar=memory_bar, is_headline=True)


def fold_figures(rounds):
    headline("everything folded into memory against the floor")
    folder = DATA / QUALIFYING
    runs = measure.in_turns(
        {name: [RELEASE / "bench" / name, folder, str(FLOOR_PASSES)] for name in ("floor", "fold")},
        max(1, rounds // 3),
    )
    floor_ms = statistics.median(json.loads(run.output)["median_ms"] for run in runs["floor"])
    floor = f"floor of all its bytes, {report.number(floor_ms)} ms"
    for key, how, bar in (("one_thread_ms", "one thread", ""), ("both_cores_ms", "as load does", "<= 2.5")):
        fold_ms = statistics.median(json.loads(run.output)[key] for run in runs["fold"])
        what = f"qualifying folded into rows in memory, all tables, {how}"
        yield Figure(what, fold_ms, "ms", floor, fold_ms / floor_ms, bar, is_headline=bool(bar))


def one_lap_figure(rounds, work):
    """Of the files that qualifying_figures() left."""
    headline("one lap out of the file")
    statement = (
        f"select * from '{work / 'all' / 'telemetry.parquet'}' where driver_number = 4 and lap_number = 20"
    )
    runs = measure.in_turns({"sql": [SLIPSTREAM, "sql", statement, "--format", "csv"]}, rounds)
    what = "telemetry of one lap out of the written file, by sql"
    yield Figure(what, measure.median_ms(runs["sql"]), "ms", bar="<= 50")


def season_figures(rounds, work):
    headline(f"a season of {SEASON} copies in one command, against one session after the other")
    season = work / "season"
    sources = copies.make(DATA / QUALIFYING, season, SEASON)

    def in_one_command(count, on=()):
        out = work / "season_out"
        shutil.rmtree(out, ignore_errors=True)  # or it would be there already
        return measure.run([*on, SLIPSTREAM, "load", *sources[:count], "--out", out])

    whole, few, on_one_core, singly_ms = [], [], [], []
    for _ in range(rounds):
        whole.append(in_one_command(SEASON))
        on_one_core.append(in_one_command(SEASON, on=("taskset", "--cpu-list", "0")))
        few.append(in_one_command(FEW))
        alone = [measure.run(load(source, work / "alone")) for source in sources]
        singly_ms.append(sum(run.elapsed_ms for run in alone))
    elapsed_ms, alone_ms = measure.median_ms(whole), statistics.median(singly_ms)
    what = f"season, {SEASON} qualifyings in one command, all tables"
    against = f"{SEASON} times load of one, {report.number(alone_ms)} ms"
    yield Figure(what, elapsed_ms, "ms", against, alone_ms / elapsed_ms)
    one_core_ms = measure.median_ms(on_one_core)
    against = f"the same on one core, {report.number(one_core_ms)} ms"
    what_scales = f"{what}, two cores"
    yield Figure(what_scales, elapsed_ms, "ms", against, one_core_ms / elapsed_ms, ">= 1.8", is_headline=True)
    few_mb, whole_mb = measure.peak_mb(few), measure.peak_mb(whole)
    against = f"{FEW} of them, {report.number(few_mb)} MB"
    yield Figure(f"{what}: peak memory", whole_mb, "MB", against, whole_mb / few_mb)


def peer_figures(rounds, work, left_out):
    python, reason = make_venv()
    if python is None:
        left_out.append(f"FastF1 as a peer: {reason}")
        return
    race = work / "race.txt"
    with gzip.open(DATA / RACE) as packed, open(race, "wb") as plain:
        shutil.copyfileobj(packed, plain)
    peer = [python, ROOT / "bench" / "fastf1_peer.py"]
    headline("load against FastF1")
    for what, source, read_by_peer, bar in (
        ("load, qualifying, laps and four more", DATA / QUALIFYING, DATA / QUALIFYING, ">= 20"),
        ("load, race recording, laps and four more", DATA / RACE, race, ">= 40"),
    ):
        lean_load = load(source, work / "peer", "--tables", LAP_TABLES)
        runs = measure.in_turns({"fastf1": [*peer, read_by_peer], "load": lean_load}, rounds)
        peer_ms, elapsed_ms = measure.median_ms(runs["fastf1"]), measure.median_ms(runs["load"])
        against = f"FastF1 {FASTF1[8:]}, {report.number(peer_ms)} ms"
        yield Figure(what, elapsed_ms, "ms", against, peer_ms / elapsed_ms, bar, is_headline=True)
    headline("everything against FastF1 with the telemetry of every timed lap")
    with_telemetry = [*peer, DATA / QUALIFYING, "--telemetry"]
    everything = load(DATA / QUALIFYING, work / "peer")
    runs = measure.in_turns({"fastf1": with_telemetry, "load": everything}, 1)
    peer_ms, elapsed_ms = measure.median_ms(runs["fastf1"]), measure.median_ms(runs["load"])
    against = f"FastF1 {FASTF1[8:]}, load() and get_telemetry(), {report.number(peer_ms)} ms"
    what = "load, qualifying, everything"
    yield Figure(what, elapsed_ms, "ms", against, peer_ms / elapsed_ms, ">= 60", is_headline=True)


def live_figures():
    with tempfile.TemporaryDirectory(prefix="slipstream-bench-") as folder:
        session = live.race(SLIPSTREAM, folder)
        headline("live: from the feed's frame to a record and to a viewer")
        yield from live.latency_figures(RELEASE, session)
        headline("live: one page for thousands")
        yield from live.fanout_figures(RELEASE, session)


def all_figures(options, left_out):
    if (DATA / QUALIFYING).is_dir() and (DATA / RACE).is_file():
        with tempfile.TemporaryDirectory(prefix="slipstream-bench-") as folder:
            work = pathlib.Path(folder)
            yield from qualifying_figures(options.rounds, work)
            yield from fold_figures(options.rounds)
            yield from one_lap_figure(options.rounds, work)
            yield from season_figures(max(1, options.rounds // 9), work)
            yield from peer_figures(max(3, options.rounds // 3), work, left_out)
    else:
        left_out.append("load, and FastF1 as a peer: no sessions under SLIPSTREAM_DATA")
    yield from live_figures()
    yield from counted_figures(left_out)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--publish", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("SLIPSTREAM_DATA", str(DATA))
    subprocess.run([ROOT / "tools" / "build.py", "release", "slipstream", "benches"], check=True)
    left_out = []
    try:
        figures = list(all_figures(options, left_out))
    except measure.Failed as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    content = report.write_json(ROOT / "build" / "bench.json", figures, left_out)
    report.print_table(figures, left_out)
    if options.publish:
        report.publish(ROOT / "README.md", [figure for figure in figures if figure.is_headline], content)
        report.publish(ROOT / "docs" / "performance.md", figures, content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
