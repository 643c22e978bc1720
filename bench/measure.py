"""Runs programs from outside and measures them: wall time and peak memory, in turns, medians of several."""

import dataclasses
import os
import statistics
import subprocess
import sys
import time


class Failed(Exception):
    """A program that was to be measured did not end well."""


@dataclasses.dataclass
class Run:
    elapsed_ms: float
    peak_mb: float  # resident; never less than this interpreter's own, which the child begins as
    output: str


def run(command):
    began = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        elapsed_ms = (time.perf_counter() - began) * 1000
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"{command[0]}: exit {child.returncode}: {output.strip()[-300:]}")
    return Run(elapsed_ms, usage.ru_maxrss / 1024, output)


def in_turns(commands, rounds):
    """Runs each of the named commands once a round, `rounds` times. -> {name: [Run]}.

    In turns, so that what else the machine does meets all of them. A first round, which is not counted,
    brings the files into memory.
    """
    runs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\033[Kround {number} of {rounds}: {name}")
                sys.stderr.flush()
            done = run(command)
            if number > 0:
                runs[name].append(done)
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    return runs


def median_ms(runs):
    return statistics.median(run.elapsed_ms for run in runs)


def peak_mb(runs):
    return max(run.peak_mb for run in runs)
