#!/usr/bin/env python3
"""Kills a replay at random moments, lets it run to its end, and compares the tables with an undisturbed run.

tools/crash.py --rounds N           with build/release/slipstream, or SLIPSTREAM_BIN; 77 without data
tools/crash.py --live --rounds N    kills `live` instead, against the stand-in; once the archive has followed,
                                    the tables are those of a run that nobody killed
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SESSION = "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint"
KILLS = 3  # in one round
TABLES = (
    "select table_name from information_schema.tables where table_name like 'stg!_%' escape '!' order by 1"
)
# What came over which connection.
OF_CONNECTIONS = {"stg_feed_gaps", "stg_completeness"}
COLUMNS = "select columns(c -> c not like '!_%' escape '!') from staging.{} order by all"


def binary():
    return os.environ.get("SLIPSTREAM_BIN", str(ROOT / "build" / "release" / "slipstream"))


def sql(db, statement):
    command = [binary(), "sql", statement, "--db", str(db), "--format", "csv"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tables(db, columns=COLUMNS):
    """Every staging table as text, but for the columns that say how and when a row came."""
    names = sql(db, TABLES).split()[1:]
    return {name: sql(db, columns.format(name)) for name in names if name != "stg_rejected_records"}


def replay(source, db, seconds=None):
    """Runs a replay to its end, or kills it with SIGKILL after some seconds. True if it had ended."""
    command = [binary(), "replay", str(source), "--speed", "max", "--db", str(db)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    if process.returncode != 0:
        raise RuntimeError(process.stderr.read().strip())
    return True


class StandIn:
    """A server with sessions one after the other, live and as their archive."""

    def __init__(self, sources, speed, *options):
        command = [binary(), "simulate", "--serve", "127.0.0.1:0", "--speed", speed, "--wait"]
        command += [*options, *map(str, sources)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stderr.readline().split()[1].removesuffix("/signalrcore")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def live(url, folder, seconds=None):
    """Follows the stand-in to the end of its session and archive, or is killed. True if it had ended."""
    command = [binary(), "live", "--url", f"{url}/signalrcore", "--record", folder / "raw"]
    command += ["--db", folder / "f1.duckdb", "--linger-seconds", "0.2"]
    command += ["--archive", "--mirror", f"{url}/static/"]
    env = {**os.environ, "SLIPSTREAM_ARCHIVE": str(folder / "archive")}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env)
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return False
    if process.returncode != 0:
        raise RuntimeError(said.strip())
    return True


def kill_live(source, rounds, chance, folder):
    """Rounds of kills; the number of kills, or the tables that differ."""
    expected = folder / "calm"
    expected.mkdir()
    with StandIn([source], "max") as stand_in:
        live(stand_in.url, expected)
    calm = tables(expected / "f1.duckdb")
    killed = 0
    for number in range(rounds):
        round_folder = folder / f"round{number}"
        round_folder.mkdir()
        with StandIn([source], "1000") as stand_in:
            for _ in range(KILLS):
                killed += not live(stand_in.url, round_folder, chance.uniform(0.1, 1.0))
            live(stand_in.url, round_folder)
        found = tables(round_folder / "f1.duckdb")
        different = [name for name in found.keys() - OF_CONNECTIONS if found[name] != calm[name]]
        if different:
            return killed, different
    return killed, []


def main_live(source, rounds, seed):
    with tempfile.TemporaryDirectory() as folder:
        killed, different = kill_live(source, rounds, random.Random(seed), pathlib.Path(folder))
    if different:
        print(f"live (SLIPSTREAM_SEED={seed}): other rows in {', '.join(different)}")
        return 1
    print(f"live: {rounds} rounds, {killed} kills, tables the same (SLIPSTREAM_SEED={seed})")
    return 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--live", action="store_true")
    given = arguments.parse_args()
    rounds = given.rounds
    data = pathlib.Path(os.environ.get("SLIPSTREAM_DATA", ROOT / ".." / "shared" / "data"))
    source = data / SESSION
    if not source.is_dir():
        print("SLIPSTREAM_DATA is missing: nothing was killed")
        return 77
    seed = int(os.environ.get("SLIPSTREAM_SEED", time.time_ns() % 1_000_000))
    if given.live:
        return main_live(source, rounds, seed)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        replay(source, pathlib.Path(folder) / "calm.duckdb")
        duration = time.monotonic() - began
        expected = tables(pathlib.Path(folder) / "calm.duckdb")
        killed = 0
        for number in range(rounds):
            db = pathlib.Path(folder) / f"round{number}.duckdb"
            for _ in range(KILLS):
                killed += not replay(source, db, chance.uniform(0.0, duration))
            replay(source, db)
            different = [name for name, text in tables(db).items() if text != expected[name]]
            if different:
                print(f"round {number} (SLIPSTREAM_SEED={seed}): other rows in {', '.join(different)}")
                return 1
        print(f"{rounds} rounds, {killed} kills, {len(expected)} tables the same (SLIPSTREAM_SEED={seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
