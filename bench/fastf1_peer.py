#!/usr/bin/env python3
"""FastF1 as a peer: one session's laps from local files, with FastF1's import, in one process.

    build/fastf1-venv/bin/python bench/fastf1_peer.py SOURCE [--telemetry]

SOURCE is an archive folder, of which FastF1's own reader reads the files, or an unpacked recording of
FastF1's live client, read by FastF1's own LiveTimingData. Nothing goes over the network: its one function
that fetches is answered from the folder. Prints the number of laps. With --telemetry
also that of every lap that has a time, by get_telemetry(); prints its rows.
"""

import pathlib
import sys

import fastf1
import pandas
import requests
from fastf1.core import Session
from fastf1.events import Event
from fastf1.livetiming.data import LiveTimingData
from fastf1.req import Cache


class Answer:
    """What FastF1 reads of a response."""

    def __init__(self, content):
        self.status_code = 404 if content is None else 200
        self.ok = content is not None
        self.content = content or b""
        self.text = self.content.decode("utf-8-sig", "replace")
        self.headers = {}

    def raise_for_status(self):
        if not self.ok:
            raise requests.HTTPError("not there")


def answer_from(folder):
    """Replaces FastF1's fetching: files of the folder by their name, nothing else."""

    def fetch(addresses, **_):
        address = addresses if isinstance(addresses, str) else addresses[0]  # or a list of mirrors
        if "/static/" not in address or folder is None:
            raise requests.ConnectionError("no network here")
        file = folder / address.rsplit("/", 1)[1]
        return Answer(file.read_bytes() if file.is_file() else None)

    Cache.set_disabled()
    Cache.requests_get = staticmethod(fetch)


def session_of(meeting, name, date):
    day = pandas.Timestamp(date)
    fields = {
        "RoundNumber": 1,
        "Country": "",
        "Location": "",
        "OfficialEventName": meeting,
        "EventName": meeting,
        "EventDate": day,
        "EventFormat": "conventional",
        "F1ApiSupport": True,
    }
    for number in range(1, 6):
        fields[f"Session{number}"] = name if number == 5 else ""
        fields[f"Session{number}Date"] = fields[f"Session{number}DateUtc"] = day
    session = Session(Event(fields, year=day.year), name, f1_api_support=True)
    session.api_path = f"/static/{day.year}/meeting/session/"
    return session


def archive_session(folder):
    """".../2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"."""
    date, name = folder.name.split("_", 1)
    meeting = folder.parent.name.split("_", 1)[1].replace("_", " ")
    answer_from(folder)
    return session_of(meeting, name.replace("_", " "), date), None


def recorded_race(file):
    answer_from(None)
    live = LiveTimingData(str(file))
    # Its search for the start takes any line with two words in it, and fails on one that is no SessionData.
    search = live._try_set_correct_start_date
    live._try_set_correct_start_date = lambda lines: search(
        [line for line in lines if "SessionData" in line[:15]]
    )
    live.load()
    if not live.has("SessionStatus"):  # it builds no laps without; the same changes stand in SessionData
        live.data["SessionStatus"] = [
            [time, {"Status": entry["SessionStatus"]}]
            for time, change in live.get("SessionData")
            if isinstance(change.get("StatusSeries"), dict)
            for entry in change["StatusSeries"].values()
            if "SessionStatus" in entry
        ]
    return session_of("Recorded Grand Prix", "Race", "2025-09-07"), live


def main(arguments):
    has_telemetry = arguments[1:] == ["--telemetry"]
    if len(arguments) != 1 + has_telemetry:
        sys.stderr.write(__doc__)
        return 2
    source = pathlib.Path(arguments[0])
    fastf1.set_log_level("CRITICAL")
    session, live = archive_session(source) if source.is_dir() else recorded_race(source)
    session.load(laps=True, telemetry=has_telemetry, livedata=live)
    print(len(session.laps))
    if has_telemetry:
        timed = session.laps[session.laps["LapTime"].notna()]
        print(sum(len(lap.get_telemetry()) for _, lap in timed.iterlaps()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
