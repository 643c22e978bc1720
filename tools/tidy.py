#!/usr/bin/env python3
"""Checks what a compiler cannot: the include table, sizes, banned words, dead files, links and marks.

    tools/tidy.py [FOLDER]

Prints "path:line: message" for each finding and exits with 1 if there is one. The rules are in
tools/tidy_rules/, each with a test in tools/tidy_test.py that plants a violation.
"""

import pathlib
import sys

from tidy_rules import bans, includes, sizes, upkeep
from tidy_rules.source import Tree

RULES = includes.RULES + sizes.RULES + bans.RULES + upkeep.RULES


def findings(root):
    tree = Tree(root)
    return sorted(set(finding for rule in RULES for finding in rule(tree)))


def main(arguments):
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent
    found = findings(root)
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
