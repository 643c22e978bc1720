"""The test suites of tools/run_tests.py: each runs its runner and reads the counts from its report."""

import concurrent.futures
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import processes
from processes import ROOT, environment

LOGS = ROOT / "build" / "log"
RESULTS = ROOT / "build" / "results"
TOOLS = ROOT / "tools"
NAMES_SHOWN = 10  # failures and skips that are named on the screen; the log has all
TEST_SECONDS_MAX = 1800
EXIT_SKIPPED = 77  # what automake made the custom
THREADED_TESTS = [f"{name}_test" for name in ("core", "bus", "net", "simulate", "warehouse", "serve", "cli")]
FUZZ_BYTES_MAX = 16_384  # of one input: a whole small session; larger ones only make the search slow


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    said: list = dataclasses.field(default_factory=list)  # lines for the screen

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.said += other.said
        return self


def run(log, command, seconds=TEST_SECONDS_MAX, **options):
    """Runs a command to its end; its output goes to the log and is returned with the exit code."""
    log.write(f"$ {' '.join(map(str, command))}\n")
    log.flush()
    code, output = processes.run(command, seconds=seconds, **options)
    log.write(output)
    log.flush()
    return code, output


def last_lines(output, count=15):
    return [line for line in output.splitlines() if line.strip()][-count:]


def one_check(log, name, command, **options):
    """A command that is one test: exit 0 passes, EXIT_SKIPPED skips."""
    code, output = run(log, command, **options)
    if code == 0:
        return Counts(passed=1)
    if code == EXIT_SKIPPED:
        return Counts(skipped=1, said=[f"skipped {name}: {' '.join(last_lines(output, 1))}"])
    return Counts(failed=1, said=[f"FAILED {name}", *last_lines(output)])


def build(preset, *targets):
    """Builds, with the progress line on our own stderr. Returns the counts of a failed build, else None."""
    command = [sys.executable, str(TOOLS / "build.py"), preset, *targets]
    done = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL)
    return None if done.returncode == 0 else Counts(failed=1, said=[f"the {preset} build failed"])


def count_junit(path):
    """Counts of a ctest report. GoogleTest's skips are there as skipped, with what they printed."""
    counts = Counts()
    failures, skips = [], {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name, status = case.get("name"), case.get("status")
        output = case.findtext("system-out") or ""
        if status == "fail":
            counts.failed += 1
            failures.append(f"FAILED {name}")
            telling = re.findall(r"^.*(?:Failure|ERROR|Falsifiable).*$", output, re.M)
            failures += [f"  {line}" for line in telling[:5]]
        elif status == "run":
            counts.passed += 1
        else:
            counts.skipped += 1
            reason = re.search(r"Skipped\n(.*)", output)
            skips.setdefault(reason[1].strip() if reason else status, []).append(name)
    counts.said += failures[: NAMES_SHOWN * 6]
    for reason, names in list(skips.items())[:NAMES_SHOWN]:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        counts.said.append(f"skipped {names[0]}{more}: {reason}")
    return counts


def ctest(log, preset, *targets, without=None):
    if failed := build(preset, *targets):
        return failed
    report = RESULTS / f"ctest-{preset}.xml"
    report.unlink(missing_ok=True)
    command = [
        "ctest",
        "--test-dir",
        ROOT / "build" / preset,
        "-j",
        len(os.sched_getaffinity(0)),
        "--output-on-failure",
        "--output-junit",
        report,
        "--no-tests=error",
    ]
    sanitizer = (
        {
            "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
            "TSAN_OPTIONS": f"halt_on_error=1:second_deadlock_stack=1:suppressions={ROOT}/tools/tsan.supp",
        }
        if preset != "dev"
        else {}
    )
    code, output = run(log, command + (["-E", without] if without else []), env=environment(**sanitizer))
    if not report.exists():
        return Counts(failed=1, said=["ctest made no report", *last_lines(output)])
    counts = count_junit(report)
    if code != 0 and counts.failed == 0:
        counts.add(Counts(failed=1, said=[f"ctest ended with {code}", *last_lines(output)]))
    return counts


def unit(log):
    return ctest(log, "dev")


def asan(log):
    return ctest(log, "asan")


def tsan(log):
    """What has threads: feed, record and session have none, and what is not built is no test.

    The season that is killed forks itself, which the sanitizer cannot follow where there are threads: its
    lock table overflows in the allocator's fork handlers.
    """
    return ctest(log, "tsan", *THREADED_TESTS, without="_NOT_BUILT$|^fuzz_corpus|KilledAndStartedAgain")


def web(log):
    """The page: types, then Vitest."""
    if not (ROOT / "web" / "node_modules").is_dir():
        return Counts(failed=1, said=["web/node_modules is missing: run tools/setup.sh test"])
    counts = one_check(log, "tsc", ["npm", "--prefix", "web", "run", "--silent", "typecheck"])
    report = RESULTS / "vitest.json"
    report.unlink(missing_ok=True)
    code, output = run(
        log,
        ["npx", "--no-install", "vitest", "run", "--reporter=json", f"--outputFile={report}"],
        cwd=ROOT / "web",
        env=environment(CI="true"),
    )
    if not report.exists():
        return counts.add(Counts(failed=1, said=["vitest made no report", *last_lines(output)]))
    found = json.loads(report.read_text(encoding="utf-8"))
    failed_suites = [suite for suite in found["testResults"] if suite["status"] == "failed"]
    names = [
        test["fullName"]
        for suite in found["testResults"]
        for test in suite["assertionResults"]
        if test["status"] == "failed"
    ]
    names += [
        suite["name"] + ": " + suite.get("message", "")[:300]
        for suite in failed_suites
        if not suite["assertionResults"]
    ]
    counts.add(
        Counts(
            passed=found["numPassedTests"],
            failed=len(names),
            skipped=found["numPendingTests"] + found.get("numTodoTests", 0),
            said=[f"FAILED {name}" for name in names[:NAMES_SHOWN]],
        )
    )
    if code != 0 and not names:
        counts.add(Counts(failed=1, said=[f"vitest ended with {code}", *last_lines(output)]))
    return counts


def tidy(log):
    """The project's own rules, and their tests."""
    code, output = run(log, [sys.executable, "-W", "error", TOOLS / "tidy_test.py"])
    ran = re.search(r"^Ran (\d+) tests?", output, re.M)
    bad = sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", output))
    bad = bad or (1 if code else 0)
    counts = Counts(
        passed=max(0, int(ran[1]) - bad) if ran else 0, failed=bad, said=last_lines(output) if code else []
    )
    code, output = run(log, [sys.executable, TOOLS / "tidy.py"])
    said = last_lines(output, 40) if code else []
    return counts.add(Counts(passed=int(code == 0), failed=int(code != 0), said=said))


def count_tap(name, code, output):
    """Counts of a script that prints "ok ...", "not ok ...", "ok ... # SKIP why" a check, as TAP does."""
    counts = Counts()
    for line in output.splitlines():
        if line.startswith("not ok"):
            counts.failed += 1
            counts.said.append(f"FAILED {name}: {line[6:].strip(' -')}")
        elif re.match(r"ok\b", line):
            if re.search(r"# skip\b", line, re.I):
                counts.skipped += 1
                counts.said.append(f"skipped {name}: {line[2:].strip(' -')}")
            else:
                counts.passed += 1
    if counts.passed + counts.failed + counts.skipped == 0 and code in (0, EXIT_SKIPPED):
        counts = Counts(passed=int(code == 0), skipped=int(code == EXIT_SKIPPED), said=last_lines(output, 1))
    elif code not in (0, EXIT_SKIPPED) and counts.failed == 0:
        counts.add(Counts(failed=1, said=[f"{name} ended with {code}", *last_lines(output)]))
    return counts


def run_browser(log, *arguments):
    if failed := build("dev", "slipstream"):
        return failed
    env = environment(SLIPSTREAM_BIN=str(ROOT / "build" / "dev" / "slipstream"))
    code, output = run(log, ["node", "tests/e2e/live_page.mjs", *arguments], env=env, seconds=600)
    return count_tap("live_page", code, output)


def smoke(log):
    return run_browser(log, "--smoke")


def browser(log):
    return run_browser(log)


def clients(log):
    """FastF1 loads sessions from the stand-in; its live client and @microsoft/signalr record one."""
    if failed := build("release", "slipstream"):
        return failed
    program = ROOT / "build" / "release" / "slipstream"
    command = [sys.executable, "tests/real_clients/run.py", program]
    code, output = run(log, command, env=environment(), seconds=1800)
    return count_tap("real_clients", code, output)


def count_gtest(report, code, output):
    """Counts of a GoogleTest program's XML report."""
    if not report.exists():
        return Counts(failed=1, said=[f"{report.stem} made no report", *last_lines(output)])
    counts = Counts()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.get("status") == "notrun":
            continue
        failure = case.find("failure")
        counts.add(Counts(passed=int(failure is None), failed=int(failure is not None)))
        if failure is not None:
            counts.said.append(f"FAILED {case.get('name')}")
    if code != 0 and counts.failed == 0:
        counts.add(Counts(failed=1, said=[f"{report.stem} ended with {code}", *last_lines(output)]))
    return counts


def simulated(log):
    """Simulated sessions, many of each kind, are read back as what they were, and made anew as they were."""
    if failed := build("dev", "slipstream_test", "slipstream"):
        return failed
    folder = ROOT / "build" / "dev"
    cores = len(os.sched_getaffinity(0))
    shards = 5 * cores  # small ones, so that no core waits long for the last
    seeds = os.environ.get("SLIPSTREAM_SIMULATED_SEEDS", "100")

    def run_shard(shard):
        report = RESULTS / f"simulated-{shard}.xml"
        report.unlink(missing_ok=True)
        text = io.StringIO()
        command = [folder / "tests" / "slipstream_test", "--gtest_filter=*SimulatedSessions*"]
        env = environment(
            SLIPSTREAM_SIMULATED_SEEDS=seeds,
            GTEST_TOTAL_SHARDS=str(shards),
            GTEST_SHARD_INDEX=str(shard),
            GTEST_OUTPUT=f"xml:{report}",
        )
        code, output = run(text, command, env=env)
        return count_gtest(report, code, output), text.getvalue()

    counts = Counts()
    with concurrent.futures.ThreadPoolExecutor(cores) as pool:
        for found, text in pool.map(run_shard, range(shards)):
            counts.add(found)
            log.write(text)
    counts.said = counts.said[:NAMES_SHOWN]
    command = [sys.executable, "tests/simulated/same_bytes.py", folder / "slipstream"]
    code, output = run(log, command, env=environment())
    return counts.add(count_tap("same_bytes", code, output))


def fuzz(log):
    """Every fuzz target for a while, from its corpus and what it grew to; finds stay in build/fuzz-finds/."""
    if failed := build("fuzz", "fuzz_targets"):
        return failed
    seconds = int(os.environ.get("SLIPSTREAM_FUZZ_SECONDS", "60"))
    finds = ROOT / "build" / "fuzz-finds"
    targets = sorted((ROOT / "build" / "fuzz" / "tests").glob("*_fuzz"))

    def fuzz_one(target):
        name = target.name.removesuffix("_fuzz")
        grown = ROOT / "build" / "fuzz-corpus" / name
        for folder in (grown, finds):
            folder.mkdir(parents=True, exist_ok=True)
        flags = {
            "max_total_time": seconds,
            "error_exitcode": 1,  # its own 77 is what others say for "skipped"
            "timeout": 10,
            "rss_limit_mb": 2048,
            "max_len": FUZZ_BYTES_MAX,
            "verbosity": 0,
            "print_final_stats": 1,
            "artifact_prefix": f"{finds}/{name}-",
        }
        command = [target, *(f"-{flag}={value}" for flag, value in flags.items()), grown]
        text = io.StringIO()
        seeds = ROOT / "tests" / "fuzz" / "corpus" / name
        return one_check(text, f"fuzz {name}", [*command, seeds], seconds=seconds + 120), text.getvalue()

    counts = Counts()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found, text in pool.map(fuzz_one, targets):
            counts.add(found)
            log.write(text)
    return counts if targets else Counts(failed=1, said=["there are no fuzz targets in build/fuzz/tests"])


def crash(log):
    if failed := build("release", "slipstream"):
        return failed
    rounds = os.environ.get("SLIPSTREAM_CRASH_ROUNDS", "5")
    command = [sys.executable, TOOLS / "crash.py", "--rounds", rounds]
    return one_check(log, "crash", command).add(one_check(log, "crash live", [*command, "--live"]))


def live_faults(log):
    """The live client under every fault, SLIPSTREAM_FAULT_SEEDS sessions each; killed; its memory."""
    if failed := build("release", "slipstream") or build("dev", "simulate_test"):
        return failed
    env = environment(SLIPSTREAM_FAULT_SEEDS=os.environ.get("SLIPSTREAM_FAULT_SEEDS", "50"))
    program = ROOT / "build" / "dev" / "src" / "simulate" / "simulate_test"
    counts = one_check(log, "messages under faults", [program, "--gtest_filter=*UnderFault*"], env=env)
    rounds = os.environ.get("SLIPSTREAM_CRASH_ROUNDS", "5")
    counts.add(one_check(log, "live kills", [sys.executable, TOOLS / "live_kills.py", "--kills", rounds]))
    for script in (TOOLS / "live_faults.py", TOOLS / "live_soak.py"):
        code, output = run(log, [sys.executable, script])
        counts.add(count_tap(script.stem, code, output))
    return counts


def lint(log):
    code, output = run(log, [sys.executable, TOOLS / "lint.py", "--tap"])
    counts = count_tap("lint", code, output)
    if counts.failed:
        counts.said += last_lines(output, 40)
    return counts


SUITES = {
    "unit": unit,
    "web": web,
    "tidy": tidy,
    "smoke": smoke,
    "browser": browser,
    "clients": clients,
    "simulated": simulated,
    "asan": asan,
    "tsan": tsan,
    "fuzz": fuzz,
    "crash": crash,
    "live_faults": live_faults,
    "lint": lint,
}
