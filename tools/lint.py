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
import sys

import build
import processes
from processes import ROOT

SHOWN_LINES = 60


def run(*command, cwd=ROOT):
    return processes.run(command, cwd)


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
    scripts = tracked("*.sh", ".ci/run")
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


def compiled_sources():
    """{source: preset that compiles it}; the benchmarks are in the release build only."""
    found = {}
    for preset in ("release", "dev"):
        with open(ROOT / "build" / preset / "compile_commands.json", encoding="utf-8") as commands:
            files = [pathlib.Path(entry["file"]).resolve() for entry in json.load(commands)]
        paths = (str(file.relative_to(ROOT)) for file in files if file.is_relative_to(ROOT))
        found |= {path: preset for path in paths if path.startswith(("src/", "tests/", "bench/"))}
    return found


def source_for(header, sources):
    """The source by which a header is checked: its own, its test, one that includes it, one of its folder."""
    stem, name = header.removesuffix(".h"), header.removeprefix("src/")
    own = [path for path in (f"{stem}.cc", f"{stem}_test.cc") if path in sources]
    own += [path for path in sources if f'"{name}"' in (ROOT / path).read_text(encoding="utf-8")]
    own += [path for path in sources if path.rpartition("/")[0] == header.rpartition("/")[0]]
    return own[0] if own else None


def sources_to_tidy(sources, is_everything):
    """What changed, and for a changed header one source: what else includes it is compiled, not tidied."""
    changed = None if is_everything else changed_since_base()
    if changed is None:
        return sources
    wanted = changed | {source_for(path, sources) for path in changed if path.endswith(".h")}
    return [path for path in sources if path in wanted]


def check_tidy(is_everything):
    for preset in ("dev", "release"):
        code, output = run(sys.executable, ROOT / "tools" / "build.py", preset, "--configure")
        if code != 0:
            return code, output
    presets = compiled_sources()
    sources = sources_to_tidy(sorted(presets), is_everything)
    line = build.Line("clang-tidy")
    failures = []

    def tidy_one(path):
        flags = ["--quiet", "-p", f"build/{presets[path]}", "--extra-arg=-Wno-unknown-warning-option"]
        return run("clang-tidy-16", *flags, path)

    with concurrent.futures.ThreadPoolExecutor(build.jobs()) as pool:
        try:
            for number, (path, (code, output)) in enumerate(zip(sources, pool.map(tidy_one, sources)), 1):
                line.show(f"[{number}/{len(sources)}] {path}")
                failures += [output] if code != 0 else []
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    line.end()
    log = ROOT / "build" / "log" / "clang-tidy.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(failures), encoding="utf-8")
    # The same header is told of once a source.
    said = "".join(failures).replace(f"{ROOT}/", "").splitlines()
    errors = dict.fromkeys(text for text in said if ": error: " in text)
    return (1 if failures else 0), "\n".join(errors) or f"{len(sources)} sources"


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
