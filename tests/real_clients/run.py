#!/usr/bin/env python3
"""Real clients beside slipstream, all from the stand-in; prints TAP.

    tests/real_clients/run.py SLIPSTREAM

The clients come from their registries into build/real_clients/ at the first run.
"""

import sys

import recordings
import season
from support import install


def main(program):
    python = install()
    results = [check(program, python) for check in (season.check, recordings.check)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
