"""Real clients, and ours, record a session from the stand-in, and slipstream loads what they recorded.

The tables of what they recorded are those of the source itself, session times shifted by one constant; who
comes when the session is half over has what ours has that comes then. SLIPSTREAM_DATA has the session.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile

from support import BUILD, CLIENT_SECONDS_MAX, HERE, ROOT, StandIn, load, rows_of, verdict

SESSION = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
BEGINNING, HALF_TIME = "00:00:00", "00:45:00"
# What says where a row came from and what the source had, not what happened in the session.
TABLES_LEFT_OUT = {"completeness", "manifest", "rejected", "feed_gaps"}
COLUMNS_LEFT_OUT = {"source", "source_kind", "zero_date", "is_complete"}
# Times of the session; every other column is the same in both.
SHIFTED = re.compile(
    r"(^|_)session_time_ms$|^pit_(in|out)_time_ms$|^(from|to)_session_time_ms$|^(first|last)_session_time_ms$"
)
TOPICS = (
    "Heartbeat,CarData.z,Position.z,ExtrapolatedClock,TopThree,TimingStats,TimingAppData,TimingData,LapCount,"
    "WeatherData,TrackStatus,SessionStatus,SessionInfo,SessionData,DriverList,DriverRaceInfo,"
    "RaceControlMessages,TeamRadio,ChampionshipPrediction,PitLaneTimeCollection,PitStop,PitStopSeries"
)


def token():
    """One that is well-formed and lasts; who signed it nobody here can tell."""
    parts = [{"alg": "none"}, {"exp": 4_000_000_000}]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*texts, "c2lnbmVk"])


def differences(ours, theirs):
    """What differs between two folders of tables, once one constant is taken from all session times."""
    shifts, found = set(), []
    for path in sorted(pathlib.Path(ours).glob("*.csv")):
        if path.stem in TABLES_LEFT_OUT:
            continue
        other = pathlib.Path(theirs) / path.name
        if not other.exists():
            found.append(f"{path.stem}: missing")
            continue
        left, right = rows_of(path), rows_of(other)
        if len(left) != len(right):
            found.append(f"{path.stem}: {len(left)} rows and {len(right)}")
            continue
        for number, (a, b) in enumerate(zip(left, right)):
            for column in a.keys() - COLUMNS_LEFT_OUT:
                if SHIFTED.search(column) and a[column] and b[column]:
                    shifts.add(int(a[column]) - int(b[column]))
                elif a[column] != b[column]:
                    found.append(f"{path.stem} row {number} {column}: {a[column]!r} and {b[column]!r}")
    if len(shifts) > 1:
        found.append(f"session times differ by {sorted(shifts)[:10]}")
    return found


def recorded(program, source, begin, record, folder):
    """Tables of what a client recorded that came when the session was at `begin`."""
    folder.mkdir()
    recording = folder / "recording.txt"
    with StandIn(program, "--faults", "close", "--from", begin, source) as stand_in:
        record(stand_in.url + "/signalrcore", recording)
    load(program, recording, folder / "tables")
    return folder / "tables"


def check_all(program, source, clients):
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        load(program, source, folder / "source")
        for client, record in clients.items():
            tables = recorded(program, source, BEGINNING, record, folder / client)
            found = differences(folder / "source", tables)
            results.append(verdict(f"{client} records what the source has", found))
        late = {
            client: recorded(program, source, HALF_TIME, record, folder / f"late_{client}")
            for client, record in clients.items()
        }
        for client in clients.keys() - {"slipstream"}:
            what = f"{client} has from half time on what ours has"
            results.append(verdict(what, differences(late["slipstream"], late[client])))
    return all(results)


def check(program, python):
    source = pathlib.Path(os.environ.get("SLIPSTREAM_DATA", ROOT.parent / "shared" / "data")) / SESSION
    if not source.is_dir():
        print(f"ok - clients record a session # SKIP {source} is not there")
        return True

    def run(*command, **options):
        subprocess.run(command, check=True, timeout=CLIENT_SECONDS_MAX, **options)

    def fastf1(url, path):
        # It leaves its threads behind when it ends, hence no check of how.
        script = HERE / "fastf1_client.py"
        command = [python, script, url, path, token()]
        subprocess.run(command, timeout=CLIENT_SECONDS_MAX, check=False, stderr=subprocess.DEVNULL)

    def signalr(url, path):
        run("node", "signalr_client.mjs", url, path, token(), TOPICS, cwd=BUILD)

    def own(url, path):
        folder = path.parent / "own"
        token_file = path.parent / "token"
        token_file.write_text(token())
        command = [program, "record", "--out", folder, "--url", url, "--token-file", token_file]
        run(*command, "--linger-seconds", "0.2", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        next(folder.iterdir()).rename(path)

    clients = {"fastf1": fastf1, "signalr": signalr, "slipstream": own}
    return check_all(program, source, clients)
