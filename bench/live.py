"""What live costs: a frame of the feed until its record and a viewer's frame, and one page for thousands.

A simulated race is served by the stand-in for F1's servers; `slipstream live` follows it, as from F1.
"""

import contextlib
import json
import pathlib
import re
import subprocess
import tempfile

import measure
from report import Figure

SECONDS = 30
# Viewers at the edge, twenty frames a second: what f1-dash's server in Rust took on two cores (p99 in ms, per
# cent of a core, MB), by a load generator of the same kind, on another day.
FANOUT_PEER = {1_000: (11, 18, 35), 5_000: (42, 88, 141), 10_000: (103, 120, 271)}


def last_line(process, pattern):
    """Reads what the process says until a line has the pattern. -> its first group."""
    said = ""
    for line in process.stderr:
        said += line
        if found := re.search(pattern, line):
            return found[1]
    raise measure.Failed(f"{process.args[0]}: {said.strip()[-300:]}")


@contextlib.contextmanager
def running(command, pattern):
    """A program that runs beside; -> it and what of its words the pattern finds. Ends it by SIGTERM."""
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, last_line(process, pattern)
    finally:
        process.terminate()
        process.stderr.close()
        process.wait(timeout=60)


def race(slipstream, folder):
    """-> the folder of a simulated race."""
    measure.run([slipstream, "simulate", "--seed", "1", "--kind", "race", "--out", folder])
    return next(pathlib.Path(folder).rglob("TimingData.jsonStream")).parent


def latencies(release, session, speed):
    slipstream = release / "slipstream"
    with tempfile.TemporaryDirectory(prefix="slipstream-live-") as work, contextlib.ExitStack() as stack:
        serve = [slipstream, "simulate", session, "--serve", "127.0.0.1:0", "--speed", speed]
        _, feed = stack.enter_context(running([*serve, "--from", "01:05:00"], r"(http://\S+/signalrcore)"))
        live = contextlib.ExitStack()
        with live:
            follow = [slipstream, "live", "--url", feed, "--record", f"{work}/recordings"]
            follow += ["--bus", f"{work}/bus", "--serve", "127.0.0.1:0"]
            _, page = live.enter_context(running(follow, r"page http://(\S+?)/?$"))
            command = [release / "bench" / "latency", "--feed", feed, "--page", f"ws://{page}/ws/live"]
            command += ["--bus", f"{work}/bus", "--seconds", SECONDS]
            meter = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            if meter.stdout.readline().strip() != "measured":
                raise measure.Failed(f"latency: exit {meter.wait()}")
        output, _ = meter.communicate()
        if meter.returncode != 0:
            raise measure.Failed(f"latency: exit {meter.returncode}")
        return json.loads(output)


def latency_figures(release, session):
    for speed, name in (("1", "real speed"), ("50", "50 times real speed")):
        found = latencies(release, session, speed)
        if min(found["frames"], found["records"]) == 0:
            raise measure.Failed(f"latency: nothing arrived: {found}")
        for what, where in (("record", "a record on the log"), ("frame", "a viewer's frame")):
            text = f"live, {name}, frame of the feed to {where}, {found[what + 's']} gaps"
            yield Figure(f"{text}: p50", found[f"{what}_p50_ms"], "ms")
            yield Figure(
                f"{text}: p99", found[f"{what}_p99_ms"], "ms", bar="<= 5", is_headline=what == "frame"
            )


def fanout_figures(release, session):
    slipstream = release / "slipstream"
    for clients, (peer_ms, peer_cpu, peer_mb) in FANOUT_PEER.items():
        replay = [slipstream, "replay", session, "--speed", "10", "--from", "01:05:00"]
        replay += ["--serve", "127.0.0.1:0"]
        with running(replay, r"http://127\.0\.0\.1:(\d+)") as (server, port):
            load = [release / "bench" / "wsload", "--port", port, "--clients", clients, "--deflate", "--json"]
            load += ["--seconds", "10", "--pid", server.pid, "--hello", '{"type":"hello"}']
            output = measure.run(load).output
        found = json.loads(output[output.index("{") :])
        what = f"{clients:,} viewers at the edge, {found['frames_per_s'] / clients:.1f} frames a second each"
        if found["lost"] or found["missed"]:
            raise measure.Failed(f"{what}: {found['lost']} lost, {found['missed']} frames missed")
        against = "f1-dash's server, another day, {}"
        for name, unit, value, peer in (
            ("p99", "ms", found["p99_ms"], peer_ms),
            ("server", "% of a core", found["server_cpu_pct"], peer_cpu),
            ("server's memory", "MB", found["server_mb"], peer_mb),
        ):
            beside = against.format(f"{peer} {unit}")
            yield Figure(f"{what}: {name}", value, unit, beside, value / peer, "<= 0.5")
