#!/usr/bin/env python3
"""Configures a CMake preset if need be and builds it, behind one line of progress.

    tools/build.py PRESET [TARGET...]
    tools/build.py PRESET --configure    goes no further

The whole output is kept in build/log/PRESET.log; on failure the compiler's words are printed.
"""

import os
import re
import shutil
import subprocess
import sys
import time

from processes import ROOT, environment, run

LOGS = ROOT / "build" / "log"
STEP = re.compile(r"^\[(\d+)/(\d+)\] (.*)")
# A file that includes Boost.Beast takes about 1 GB of compiler; more jobs than memory for them is slower.
BYTES_PER_JOB = 1_200_000_000
QUIET_SECONDS = 20  # between two lines where the output is no terminal


def build_environment():
    return environment(NINJA_STATUS="[%f/%t] ", CLICOLOR_FORCE="1" if sys.stderr.isatty() else "0")


def jobs():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    try:
        with open("/proc/meminfo", encoding="ascii") as info:
            memory = 1024 * int(re.search(r"MemAvailable:\s+(\d+)", info.read())[1])
    except (OSError, TypeError):
        pass
    return max(1, min(len(os.sched_getaffinity(0)), memory // BYTES_PER_JOB))


class Line:
    """The one line of progress: rewritten on a terminal, now and then a new one elsewhere."""

    def __init__(self, name):
        self.name = name
        self.began = time.monotonic()
        self.shown_at = self.began
        self.is_terminal = sys.stderr.isatty()
        self.is_shown = False

    def clock(self):
        seconds = int(time.monotonic() - self.began)
        return f"{seconds // 60}:{seconds % 60:02}"

    def show(self, text, is_due=False):
        if self.is_terminal:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write("\r\033[K" + f"{self.name} {text} {self.clock()}"[:width])
        elif is_due or time.monotonic() - self.shown_at > QUIET_SECONDS:
            sys.stderr.write(f"{self.name} {text} {self.clock()}\n")
            self.shown_at = time.monotonic()
        self.is_shown = True
        sys.stderr.flush()

    def end(self, text=None):
        if self.is_terminal and self.is_shown:
            sys.stderr.write("\r\033[K")
        if text:
            sys.stderr.write(f"{self.name} {text} in {self.clock()}\n")
        sys.stderr.flush()


def subject(words):
    """'Building CXX object src/net/CMakeFiles/slip_net.dir/server.cc.o' -> 'src/net/server.cc'."""
    path = re.sub(r"CMakeFiles/[^/]+\.dir/", "", words.split()[-1])
    return path.removesuffix(".o")


def needs_configure(folder):
    made = folder / "build.ninja"
    presets = ROOT / "CMakePresets.json"
    return not made.exists() or made.stat().st_mtime < presets.stat().st_mtime


def configure(preset, line, log):
    line.show("configuring", is_due=True)
    command = ["cmake", "--preset", preset]
    if shutil.which("ccache") is None:
        command += ["-DCMAKE_C_COMPILER_LAUNCHER=", "-DCMAKE_CXX_COMPILER_LAUNCHER="]
    code, output = run(command, env=build_environment())
    log.write(output)
    if code == 0:
        return True
    line.end()
    sys.stderr.write("".join(output.splitlines(keepends=True)[-40:]))
    return False


def run_ninja(folder, targets, line, log):
    """Returns (exit code, number of steps, what to show if it failed)."""
    command = ["ninja", "-C", str(folder), "-j", str(jobs()), *targets]
    said, steps, is_failing = [], 0, False
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=build_environment(),
        text=True,
        errors="replace",
        stdout=pipe,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    ) as ninja:
        for text in ninja.stdout:
            log.write(text)
            if step := STEP.match(text):
                steps, is_failing = int(step[1]), False
                line.show(f"[{step[1]}/{step[2]}] {subject(step[3])}")
            elif text.startswith("FAILED:"):
                is_failing = True
                said.append(text)
                log.write(next(ninja.stdout, ""))  # the command, 2 kB of flags: not for the screen
            elif is_failing:
                said.append(text)
            elif text.startswith("ninja: error"):
                said.append(text)
    return ninja.returncode, steps, said


def main(arguments):
    if not arguments:
        sys.stderr.write(__doc__)
        return 2
    preset, targets = arguments[0], arguments[1:]
    folder = ROOT / "build" / preset
    LOGS.mkdir(parents=True, exist_ok=True)
    line = Line(f"build/{preset}")
    with open(LOGS / f"{preset}.log", "w", encoding="utf-8") as log:
        if needs_configure(folder) and not configure(preset, line, log):
            sys.stderr.write(f"build/{preset}: configuring failed; log: build/log/{preset}.log\n")
            return 1
        if targets == ["--configure"]:
            line.end()
            return 0
        code, steps, said = run_ninja(folder, targets, line, log)
    if code != 0:
        line.end()
        sys.stderr.write("".join(said[:200]))
        sys.stderr.write(f"build/{preset}: failed; the whole log is in build/log/{preset}.log\n")
        return 1
    line.end(f"{steps} steps" if steps else None)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
