#!/usr/bin/env python3
"""Kills `live` at random moments while a session runs, starts it again each time, and compares.

tools/live_kills.py --kills N       with build/release/slipstream, or SLIPSTREAM_BIN; SLIPSTREAM_SEED repeats

The stand-in plays a simulated session that goes on while nobody listens; a `record` that nobody kills is the
witness of what was sent. Each round is one session, with some kills in it:

*  Of what the witness heard since the first start, the recording lacks nothing but what was sent inside the
   gaps that feed_gaps lists, and has nothing else; there are no more gaps than starts behind the first.
*  The database has what a load of that recording has, and what happened outside the gaps is as the witness's.
*  With the archive behind it, the database is that of a run that nobody killed. In every second round `live`
   waits for the archive itself, so that kills come there too; in the others `load` brings it.
"""

import argparse
import base64
import dataclasses
import datetime
import gzip
import json
import os
import pathlib
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

import crash

LOG_SHOWN = 1000  # characters of its end
SPEED = 100  # the session of 24 minutes lasts 14 s
KILLS_A_ROUND = 5
DOWN_SECONDS_MAX = 1.0
RUN_SECONDS_MAX = 3.0  # until a kill: the starts, the connection and the middle of the session are hit
END_SECONDS_MAX = 1.0  # behind the session's end: tables and archive
SECONDS_MAX = 60  # of a run that is left alone; it takes a third
# But for what was read: the feed, a recording or a folder.
COLUMNS = (
    "select columns(c -> c not like '!_%' escape '!' and c not in ('source', 'source_kind', 'build')) "
    "from staging.{} order by all"
)
# Rows that say what one message said, without what was known before it, and when.
OF_ONE_MESSAGE = {
    "car_samples": "sample_date",
    "position_samples": "sample_date",
    "race_control": "message_date",
    "team_radio": "message_date",
}
# What depends on the messages before, or on which of them was the first.
NOT_OF_ONE_MESSAGE = {"session_time_ms", "message_number", "quality", "lap_number", "session_part"}
NOT_OF_ONE_MESSAGE |= {"build", "revision"}
# A sample is so much older at most than the message that brings it.
SAMPLE_AGE_MAX = datetime.timedelta(seconds=5)


class Wrong(Exception):
    """What was found is not what has to be."""


def token_file(folder):
    """A token that has not expired: the stand-in looks at nothing else."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    path = folder / "token"
    path.write_text(f"{part({'alg': 'RS256'})}.{part({'exp': 4_000_000_000})}.c2lnbmVk\n", encoding="utf-8")
    return path


def simulated_session(folder, seed):
    command = [crash.binary(), "simulate", "--seed", str(seed), "--laps", "6", "--cars", "8", "--out"]
    subprocess.run([*command, folder], check=True, capture_output=True)
    session = next(folder.rglob("SessionInfo.jsonStream")).parent
    # As one of F1's: of a simulated session the archive's build is no higher one than the feed's.
    for path in session.glob("SessionInfo.json*"):
        text = path.read_text(encoding="utf-8").replace('"Simulated":true,', "")
        path.write_text(re.sub(r'"Key":-(\d+)', r'"Key":\1', text), encoding="utf-8")
    return session


@dataclasses.dataclass
class Place:
    """Where one `live` keeps what it has."""

    folder: pathlib.Path
    url: str
    token: pathlib.Path
    waits_for_archive: bool

    @property
    def db(self):
        return self.folder / "f1.duckdb"

    def start(self):
        command = [crash.binary(), "live", "--url", f"{self.url}/signalrcore", "--token-file", self.token]
        command += ["--record", self.folder / "raw", "--db", self.db, "--linger-seconds", "2"]
        if self.waits_for_archive:
            command += ["--archive", "--mirror", f"{self.url}/static/"]
        env = {**os.environ, "SLIPSTREAM_ARCHIVE": str(self.folder / "archive")}
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=env)

    def run(self, seconds=None, how=signal.SIGKILL, at_most=SECONDS_MAX):
        """Lets it run to its end, or ends it with a signal after some seconds. True if it was ended."""
        process = self.start()
        try:
            code = process.wait(seconds or at_most)
        except subprocess.TimeoutExpired:
            process.send_signal(how if seconds else signal.SIGKILL)
            process.wait()
            if not seconds:
                raise Wrong(f"live does not end: {self.log()[-LOG_SHOWN:]}") from None
            return True
        if code != 0:
            raise Wrong(f"live ended with {code}: {self.log()[-LOG_SHOWN:]}")
        return False

    def run_into_the_end(self, seconds):
        """Kills it so long after it has heard the session's end. True if it was killed."""
        process = self.start()
        until = time.monotonic() + SECONDS_MAX
        while process.poll() is None and not self.has_heard_all() and time.monotonic() < until:
            time.sleep(0.002)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        if process.poll():
            raise Wrong(f"live ended with {process.returncode}: {self.log()[-LOG_SHOWN:]}")
        is_alive = process.poll() is None
        process.kill()
        process.wait()
        return is_alive

    def has_heard_all(self):
        raw = self.folder / "raw"
        return raw.is_dir() and any(not file.stat().st_mode & stat.S_IWUSR for file in raw.iterdir())

    def is_done(self):
        """Whether the recording is packed: the last thing that a run does."""
        return any((self.folder / "raw").glob("*.gz"))

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8")

    def recording(self):
        return only_file(self.folder / "raw")


def only_file(folder):
    files = list(folder.iterdir())
    if len(files) != 1:
        raise Wrong(f"one recording is due, there are {[file.name for file in files]}")
    return files[0]


def messages_in(path):
    """The texts of the feed messages of a recording in their order, each with its stamp."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        text = file.read()
    found = []
    for piece in text.split(b"\x1e"):
        message = piece.rsplit(b"\n", 1)[-1]
        stamp = re.search(rb',"([0-9T:.-]+Z)"\]\}$', message)
        if message.startswith(b'{"type":1,"target":"feed"') and stamp:
            found.append((message, instant(stamp[1].decode())))
    return found


def instant(text):
    return datetime.datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace(" ", "T"))


def gaps_of(db):
    lines = crash.sql(db, "select from_date, to_date from staging.stg_feed_gaps order by gap_number")
    return [tuple(map(instant, line.split(","))) for line in lines.split("\n")[1:] if line]


def is_inside(stamp, gaps):
    return any(begin <= stamp <= end for begin, end in gaps)


def check_messages(recording, witness, gaps):
    """Returns how many messages were sent while nobody listened."""
    have, sent = messages_in(recording), messages_in(witness)
    at = next((i for i, message in enumerate(sent) if have and message == have[0]), len(sent))
    missing = []
    for message in have:
        while at < len(sent) and sent[at] != message:
            missing.append(sent[at])
            at += 1
        if at == len(sent):
            raise Wrong(f"recorded, but not sent there: {message[0][:200]}")
        at += 1
    missing += sent[at:]
    for text, stamp in missing:
        if not is_inside(stamp, gaps):
            raise Wrong(f"neither recorded nor in a gap: {text[:200]}; gaps {[*map(str, gaps)]}")
    return len(missing)


def dated_rows(db, table):
    """Rows by the time that they tell of."""
    names = crash.sql(db, crash.COLUMNS.format(f"stg_{table}") + " limit 0").strip().split(",")
    column = OF_ONE_MESSAGE[table]
    chosen = ", ".join(name for name in names if name not in NOT_OF_ONE_MESSAGE)
    lines = crash.sql(db, f"select {column}, {chosen} from staging.stg_{table} order by all").split("\n")[1:]
    return [(instant(line.split(",", 1)[0]), line) for line in lines if line]


def check_outside(db, other, gaps, begin):
    """What happened outside the gaps is the same in both."""
    gaps = [(start - SAMPLE_AGE_MAX, end) for start, end in gaps]
    for table in OF_ONE_MESSAGE:
        one, another = ({row for at, row in dated_rows(d, table) if at > begin} for d in (db, other))
        lacking = [row for row in another - one if not is_inside(instant(row.split(",", 1)[0]), gaps)]
        if lacking or one - another:
            raise Wrong(f"{table}: lacks {lacking[:3]}, has besides {list(one - another)[:3]}")


def tables(db):
    return crash.tables(db, COLUMNS)


def compare(found, expected, besides=frozenset()):
    different = [name for name in expected.keys() | found.keys() if found.get(name) != expected.get(name)]
    if set(different) - besides:
        raise Wrong(f"other rows in {', '.join(sorted(set(different) - besides))}")


def load(source, db):
    subprocess.run([crash.binary(), "load", str(source), "--db", str(db)], check=True, capture_output=True)


@dataclasses.dataclass
class Found:
    kills: int = 0
    stops: int = 0
    missed: int = 0
    gaps: int = 0


def kill_in(place, chance, kills, found):
    """Runs `live` and ends it again and again; what it was ended by is in `found`."""
    starts = 1
    for _ in range(kills):
        # One in six is asked to end instead: it must leave as little behind.
        how = signal.SIGTERM if chance.random() < 1 / 6 else signal.SIGKILL
        if not place.run(chance.uniform(0.02, RUN_SECONDS_MAX), how):
            break
        found.kills += how == signal.SIGKILL
        found.stops += how == signal.SIGTERM
        starts += 1
        time.sleep(chance.uniform(0, DOWN_SECONDS_MAX))
    else:
        found.kills += place.run_into_the_end(chance.uniform(0, END_SECONDS_MAX))
    if not place.is_done():
        place.run()
    return starts


def one_round(folder, source, token, calm, chance, found):
    waits = chance.random() < 0.5
    with crash.StandIn([source], str(SPEED)) as stand_in:
        place = Place(folder, stand_in.url, token, waits)
        command = [crash.binary(), "record", "--url", f"{stand_in.url}/signalrcore", "--token-file", token]
        command += ["--linger-seconds", "4", "--out", folder / "witness"]
        witness = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(chance.uniform(0.1, 0.5))
            starts = kill_in(place, chance, KILLS_A_ROUND, found)
            witness.wait(SECONDS_MAX)
        finally:
            witness.kill()
            witness.wait()
    sent = only_file(folder / "witness")
    compare_round(place, sent, source, calm, starts, found)


def compare_round(place, sent, source, calm, starts, found):
    folder = place.folder
    once, whole = folder / "once.duckdb", folder / "whole.duckdb"
    load(place.recording(), once)
    load(sent, whole)
    gaps = gaps_of(once)
    if len(gaps) >= starts:
        raise Wrong(f"{len(gaps)} gaps of {starts} starts")
    found.gaps += len(gaps)
    found.missed += check_messages(place.recording(), sent, gaps)
    begin = messages_in(place.recording())[0][1]
    check_outside(once, whole, gaps, begin)
    if not place.waits_for_archive:
        compare(tables(place.db), tables(once))
        load(source, place.db)
    compare(tables(place.db), calm, crash.OF_CONNECTIONS)


def calm_tables(folder, source, token):
    folder.mkdir()
    with crash.StandIn([source], "max") as stand_in:
        place = Place(folder, stand_in.url, token, True)
        place.run()
        return tables(place.db)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--keep", type=pathlib.Path, help="folder for what a failed round leaves")
    given = arguments.parse_args()
    seed = int(os.environ.get("SLIPSTREAM_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    found = Found()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        token = token_file(folder)
        source = simulated_session(folder / "source", 1 + seed % 1000)
        calm = calm_tables(folder / "calm", source, token)
        number = 0
        while found.kills < given.kills:
            number += 1
            (folder / "round").mkdir()
            try:
                one_round(folder / "round", source, token, calm, chance, found)
            except Wrong as wrong:
                print(f"round {number} (SLIPSTREAM_SEED={seed}): {wrong}")
                if given.keep:
                    shutil.rmtree(given.keep, ignore_errors=True)
                    shutil.copytree(folder, given.keep)
                return 1
            shutil.rmtree(folder / "round")
    print(
        f"live: {number} sessions, {found.kills} kills and {found.stops} stops; {found.missed} messages sent "
        f"in between, all in {found.gaps} gaps; tables the same (SLIPSTREAM_SEED={seed})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
