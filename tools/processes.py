"""Programs that the tools start: with which environment, to their end, and none of them left behind."""

import os
import pathlib
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXIT_LATE = 124  # what timeout(1) made the custom


def environment(**more):
    """Our own environment, our Node first, and what the caller wants more."""
    env = dict(os.environ, **more)
    env["PATH"] = f"{ROOT / 'build' / 'node' / 'bin'}:{env['PATH']}"
    # Folders of one checkout, and checkouts of one machine, share what was compiled before.
    env.setdefault("CCACHE_BASEDIR", str(ROOT))
    env.setdefault("CCACHE_NOHASHDIR", "1")
    return env


def end_group(process):
    """Ends the process and what it started, so that nobody holds on to its output."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(command, cwd=ROOT, env=None, seconds=None):
    """Runs a command without input; its exit code (EXIT_LATE: stopped after so long) and output."""
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env=env or environment(),
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            end_group(process)
            return EXIT_LATE, process.communicate()[0] + f"\nstopped after {seconds} s\n"
        except BaseException:  # an interrupt reaches only us
            end_group(process)
            raise
        return process.returncode, output
