#!/usr/bin/env python3
"""Runs test suites one after another and counts what they did.

    tools/run_tests.py SUITE...      unit web tidy smoke browser clients simulated asan tsan fuzz crash
                                     live_faults lint
    tools/run_tests.py --total       the sum of all suites since build/results was emptied

Prints a line a suite and at the end, alone on a line, "N passed, N failed, N skipped". Fails if a test
fails, if a suite leaves a process behind, and, where CI is set, if anything is skipped. What a suite
printed is in build/log/test-SUITE.log. SLIPSTREAM_FUZZ_SECONDS, SLIPSTREAM_CRASH_ROUNDS: how long;
SLIPSTREAM_SIMULATED_SEEDS: how many of each kind; SLIPSTREAM_FAULT_SEEDS: of each fault.
"""

import ctypes
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import suites
from suites import Counts, LOGS, RESULTS, ROOT

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 3.0  # a browser's helpers take a moment to notice that it is gone


def adopt_orphans():
    """Processes whose parent ends become ours, so that none that a test left behind escapes the count."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children():
    """Living child processes as {pid: command line}; those that have ended are collected."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            with open(f"/proc/{entry.name}/stat", encoding="utf-8", errors="replace") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{entry.name}/cmdline", encoding="utf-8", errors="replace") as file:
                command = file.read().replace("\0", " ").strip()
        except (OSError, ValueError):
            continue
        if int(parent) != os.getpid():
            continue
        if state == "Z":
            try:
                os.waitpid(int(entry.name), os.WNOHANG)
            except ChildProcessError:
                pass
        else:
            found[int(entry.name)] = command
    return found


def end_leftovers():
    """Waits a moment for processes that a suite left behind, ends them and returns their command lines."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := children()) and time.monotonic() < deadline:
        time.sleep(0.1)
    commands = list(left.values())
    while left:
        for pid in left:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        time.sleep(0.1)
        left = children()  # what those had started is ours now
    return commands


def show(result):
    print(
        "{suite:11} {passed:6} passed {failed:4} failed {skipped:4} skipped {seconds:8.1f} s".format(**result)
    )


def run_suite(name):
    began = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / f"test-{name}.log", "w", encoding="utf-8") as log:
        try:
            counts = suites.SUITES[name](log)
        except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
            counts = Counts(failed=1, said=[f"{name}: {type(error).__name__}: {error}"])
    for command in end_leftovers():
        counts.failed += 1
        counts.said.append(f"{name}: left a process behind: {command[:200]}")
    seconds = time.monotonic() - began
    result = {
        "suite": name,
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "seconds": round(seconds, 1),
    }
    show(result)
    for text in counts.said:
        print(f"  {text}")
    sys.stdout.flush()
    (RESULTS / f"{name}.json").write_text(json.dumps(result) + "\n", encoding="utf-8")
    return counts


def conclude(passed, failed, skipped):
    """Prints the last line; returns the exit code."""
    is_ci = os.environ.get("CI", "") not in ("", "0", "false")
    if skipped and is_ci:
        print("skipped tests count as failures where CI is set")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed or not passed or (skipped and is_ci) else 0


def total():
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    written = (RESULTS / f"{name}.json" for name in suites.SUITES)
    for path in (path for path in written if path.exists()):
        result = json.loads(path.read_text(encoding="utf-8"))
        for key in sums:
            sums[key] += result[key]
        show(result)
    return conclude(**sums)


def main(names):
    RESULTS.mkdir(parents=True, exist_ok=True)
    if names == ["--total"]:
        return total()
    if not names or any(name not in suites.SUITES for name in names):
        sys.stderr.write(__doc__)
        return 2
    os.chdir(ROOT)
    os.environ.setdefault("SLIPSTREAM_DATA", str(ROOT.parent / "shared" / "data"))
    data = pathlib.Path(os.environ["SLIPSTREAM_DATA"])
    if not data.is_dir():
        print(f"no recorded sessions in SLIPSTREAM_DATA={data}: tests that read them are skipped")
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended on the way out
    all_counts = [run_suite(name) for name in names]
    return conclude(
        sum(counts.passed for counts in all_counts),
        sum(counts.failed for counts in all_counts),
        sum(counts.skipped for counts in all_counts),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
