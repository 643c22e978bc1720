#!/usr/bin/env python3
"""Formatters and linters: clang-format, Biome, shellcheck, and clang-tidy on what changed.

tools/lint.py                checks; clang-tidy on what changed since LINT_BASE (default: the branch's
                             origin/main, else the commit before)
tools/lint.py --everything   checks; clang-tidy on every source
tools/lint.py --fix          lets clang-format and Biome rewrite
--tap                        one line a check, as tools/run_tests.py reads it
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

import build

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHOWN_LINES = 60


def run(*command, cwd=ROOT):
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=build.environment(),
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout


def tracked(*patterns):
    """Files of these patterns that git keeps or would keep."""
    listed = run("git", "ls-files", "-co", "--exclude-standard", "--", *patterns)[1].splitlines()
    return sorted(path for path in set(listed) if (ROOT / path).is_file())


def check_format(is_fixing):
    sources = tracked("*.cc", "*.h")
    arguments = ["-i"] if is_fixing else ["--dry-run", "-Werror"]
    return run("clang-format-16", *arguments, *sources) if sources else (0, "")


def check_web(is_fixing):
    if not (ROOT / "web" / "node_modules").is_dir():
        return 1, "web/node_modules is missing: run tools/setup.sh build"
    arguments = ["--write"] if is_fixing else ["--error-on-warnings"]
    return run("npx", "--no-install", "biome", "check", *arguments, ".", cwd=ROOT / "web")


def check_shell(_):
    scripts = tracked("*.sh", ".ci/run", "bench/run")
    return run("shellcheck", *scripts) if scripts else (0, "")


def changed_since_base():
    base = os.environ.get("LINT_BASE")
    if not base:
        code, base = run("git", "merge-base", "HEAD", "origin/main")
        head = run("git", "rev-parse", "HEAD")[1].strip()
        base = base.strip()
        if code != 0 or base == head:
            code, base = run("git", "rev-parse", "--verify", "-q", "HEAD~1")
            base = base.strip() if code == 0 else ""
    if not base:
        return None
    code, changed = run("git", "diff", "--name-only", "--diff-filter=d", base)
    if code != 0:
        return None
    return set(changed.splitlines()) | set(run("git", "ls-files", "-o", "--exclude-standard")[1].splitlines())


def sources_to_tidy(is_everything):
    """Sources of the dev build that changed, or that include a header of ours that changed."""
    with open(ROOT / "build" / "dev" / "compile_commands.json", encoding="utf-8") as commands:
        files = {
            str(pathlib.Path(entry["file"]).resolve().relative_to(ROOT))
            for entry in json.load(commands)
            if pathlib.Path(entry["file"]).resolve().is_relative_to(ROOT)
        }
    sources = sorted(path for path in files if path.startswith(("src/", "tests/", "bench/")))
    changed = None if is_everything else changed_since_base()
    if changed is None or ".clang-tidy" in changed:
        return sources
    # A changed header is checked with its own source; what else includes it is compiled, not tidied.
    headers = {path.removesuffix(".h") for path in changed if path.endswith(".h")}
    return [path for path in sources if path in changed or path.removesuffix(".cc") in headers]


def check_tidy(is_everything):
    code, output = run(sys.executable, ROOT / "tools" / "build.py", "dev", "--configure")
    if code != 0:
        return code, output
    sources = sources_to_tidy(is_everything)

    def tidy_one(path):
        return run(
            "clang-tidy-16", "--quiet", "-p", "build/dev", "--extra-arg=-Wno-unknown-warning-option", path
        )

    with concurrent.futures.ThreadPoolExecutor(build.jobs()) as pool:
        results = list(pool.map(tidy_one, sources))
    failures = [text for result, text in results if result != 0]
    return (1 if failures else 0), "".join(failures) or f"{len(sources)} sources"


def main(arguments):
    if set(arguments) - {"--everything", "--fix", "--tap"}:
        sys.stderr.write(__doc__)
        return 2
    is_fixing, is_everything = "--fix" in arguments, "--everything" in arguments
    checks = [("clang-format", lambda: check_format(is_fixing)), ("biome", lambda: check_web(is_fixing))]
    if not is_fixing:
        checks += [
            ("shellcheck", lambda: check_shell(is_fixing)),
            ("clang-tidy", lambda: check_tidy(is_everything)),
        ]
    failed = 0
    for name, check in checks:
        code, output = check()
        failed += code != 0
        print(f"{'ok' if code == 0 else 'not ok'} {name}", flush=True)
        if code != 0:
            print("\n".join(output.splitlines()[:SHOWN_LINES]), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
