"""FastF1 (PyPI, 3.9) loads every session of a season from a stand-in: fastf1_archive.py URL YEAR FOLDER.

What it makes of each stands in FOLDER/<name of the session>/: laps.csv under its own names (times in ms), and
complaints.txt, its warnings and errors. Schedule and sessions come from the stand-in alone; what FastF1 would
ask Ergast is left out.
"""

import logging
import pathlib
import sys
import tempfile

import fastf1
import fastf1._api
import pandas


def text_of(value):
    if isinstance(value, pandas.Timedelta):
        return str(round(value / pandas.Timedelta(milliseconds=1)))
    if isinstance(value, pandas.Timestamp):
        return value.isoformat(timespec="milliseconds")
    if value is None or pandas.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if value in (True, False) and not isinstance(value, str) else str(value)


class Complaints(logging.Handler):
    def __init__(self, path):
        super().__init__(logging.WARNING)
        self.path = path
        path.write_text("")

    def emit(self, record):
        with self.path.open("a") as file:
            file.write(f"{record.levelname}: {record.getMessage()}\n")


def load(session, folder):
    folder.mkdir(parents=True)
    complaints = Complaints(folder / "complaints.txt")
    logging.getLogger("fastf1").addHandler(complaints)
    session.load(laps=True, telemetry=True, weather=True, messages=True)
    logging.getLogger("fastf1").removeHandler(complaints)
    laps = pandas.DataFrame(session.laps).map(text_of)
    laps.to_csv(folder / "laps.csv", index=False)


def main(url, year, folder):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    fastf1.Cache.configure(cache_dir=tempfile.mkdtemp(dir=folder))  # else it takes one in the home folder
    fastf1.Cache.set_disabled()
    fastf1.set_log_level("CRITICAL")
    fastf1._api.base_url = fastf1._api.base_url_mirror = url
    fastf1.core.Session._drivers_results_from_ergast = lambda *_, **__: None
    fastf1.core.Session._add_first_lap_time_from_ergast = lambda *_: None
    schedule = fastf1.get_event_schedule(int(year), backend="f1timing")
    for _, event in schedule.iterrows():
        for number in range(1, 6):
            name = event[f"Session{number}"]
            if name:
                load(event.get_session(name), pathlib.Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
