#!/usr/bin/env python3
"""A simulated session is the same bytes each time it is made, also on a single core.

    tests/simulated/same_bytes.py SLIPSTREAM     the program; prints TAP

Of every kind: made twice on all cores and once on one; every file of archive and truth is compared.
"""

import functools
import os
import pathlib
import subprocess
import sys
import tempfile

KINDS = ("practice", "qualifying", "sprint-qualifying", "sprint", "race")
SEED = 11


def make(program, kind, folder, cores):
    command = [program, "simulate", "--seed", SEED, "--kind", kind, "--quirks", "all"]
    command += ["--out", folder / "archive", "--truth", folder / "truth"]
    subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=functools.partial(os.sched_setaffinity, 0, cores),
    )


def tree(folder):
    """Every file by its path below the folder."""
    return {
        path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def differences(program, kind):
    """What is wrong, as text; empty: nothing."""
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as scratch:
        trees = {}
        for name, allowed in (("first", cores), ("second", cores), ("one core", {min(cores)})):
            folder = pathlib.Path(scratch) / name.replace(" ", "_")
            make(program, kind, folder, allowed)
            trees[name] = tree(folder)
    first = trees.pop("first")
    has_both = {path.parts[0] for path in first} == {"archive", "truth"}
    found = [] if has_both else ["an archive or a truth is missing"]
    for name, other in trees.items():
        found += [f"{name}: {path}" for path in first.keys() ^ other.keys()]
        found += [f"{name}: {path}" for path in first.keys() & other.keys() if first[path] != other[path]]
    return ", ".join(found)


def main(arguments):
    if len(arguments) != 1:
        sys.stderr.write(__doc__)
        return 2
    is_good = True
    for kind in KINDS:
        found = differences(arguments[0], kind)
        print(f"not ok {kind} - differs: {found}" if found else f"ok {kind}", flush=True)
        is_good = is_good and not found
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
