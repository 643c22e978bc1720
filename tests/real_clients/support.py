"""What the tests with real clients share: the clients themselves, the stand-in, slipstream's tables, TAP."""

import csv
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "real_clients"
CLIENT_SECONDS_MAX = 600


def install():
    """The clients, once. Their versions are in requirements.txt and package-lock.json."""
    python = BUILD / "venv" / "bin" / "python"
    stamp = BUILD / "stamp"
    wanted = (HERE / "requirements.txt").read_text() + (HERE / "package-lock.json").read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        BUILD.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", BUILD / "venv"], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
        for name in ("package.json", "package-lock.json", ".npmrc", "signalr_client.mjs"):
            shutil.copy(HERE / name, BUILD / name)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=BUILD, check=True)
        stamp.write_text(wanted)
    shutil.copy(HERE / "signalr_client.mjs", BUILD / "signalr_client.mjs")
    return python


class StandIn:
    """Plays at full speed to who subscribes. `url` is where it is found, without a path."""

    def __init__(self, program, *arguments):
        command = [program, "simulate", "--serve", "127.0.0.1:0", "--speed", "max", "--wait", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stderr.readline().split()[1].removesuffix("/signalrcore")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def load(program, source, out, *options):
    command = [program, "load", source, "--out", out, "--format", "csv", *options]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def verdict(what, found):
    """One line of TAP, behind the differences that were found, if any."""
    for text in found[:20]:
        print(f"# {text}")
    print(f"{'not ok' if found else 'ok'} - {what} ({len(found)} differences)", flush=True)
    return not found
