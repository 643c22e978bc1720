"""Words that must not stand in the code, everywhere or where it has to be pure."""

import re

from tidy_rules.source import CPP, line_of

EVERYWHERE = (
    (re.compile(r"(?<!operator )\bnew\b"), "`new`: use values, make_unique or a container"),
    (re.compile(r"(?<!= )(?<!=)(?<!operator )\bdelete\b"), "`delete`: an owner frees"),
    (re.compile(r"\bthrow\b"), "`throw`: errors are values (core/result.h)"),
    (re.compile(r"\b(?:v?f|v?s|v?sn|v?d|v)?printf\b"), "printf: use fmt"),
)

# The pure middle: the same bytes in give the same bytes out, so nothing here may look at the world.
PURE_MODULES = ("session", "record")
# In feed/ everything decodes, but for the few files that open, read and wait.
FEED_ADAPTERS = re.compile(
    r"src/feed/(?:byte_reader|archive(?:_index|_fetch)?|find_sources|live_client|live_recorder|token_file"
    r"|signalr|recorder|source(?:_digest|_item)?"
    r"|\w+_source)\.(?:cc|h)$"
)
PURE = (
    (
        re.compile(
            r"\b(?:system|steady|high_resolution|file|utc)_clock\b|\bclock_gettime\b|\bgettimeofday\b"
            r"|(?<![\w.>])(?:std::)?(?:time|clock)\s*\(\s*(?:\)|nullptr|NULL|0|&)|\b(?:local|gm)time(?:_r)?\b"
        ),
        "reads the clock",
    ),
    (
        re.compile(
            r"\bspdlog\b|\bstd::(?:cout|cerr|clog)\b|\bfmt::print\w*|\b(?:puts|fputs|syslog)\s*\("
        ),
        "logs",
    ),
    (
        re.compile(
            r"\bstd::[io]?fstream\b|\bstd::filesystem\b|\bstd::cin\b|\bf(?:open|read|write|gets)\b"
            r"|\b(?:getenv|system)\s*\("
            r"|(?<![\w>])::(?:open|read|write|socket)\s*\("
        ),
        "does I/O",
    ),
    (
        re.compile(
            r"\bstd::(?:j?thread|mutex|atomic|condition_variable|async|random_device)\b|\bstd::rand\b"
        ),
        "uses threads or chance",
    ),
)
PURE_INCLUDE = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*<("
    r"(?:iostream|[io]?f?stream|cstdio|stdio\.h|filesystem|ctime|time\.h|thread|mutex|atomic"
    r"|random|future|condition_variable|unistd\.h|fcntl\.h|sys/[^>]*|spdlog/[^>]*))>",
    re.M,
)


def banned_words(tree):
    for file in tree.having(CPP):
        for pattern, message in EVERYWHERE:
            for found in pattern.finditer(file.masked):
                yield file.path, line_of(file.masked, found.start()), message


def is_pure(file):
    if file.is_test:
        return False
    return file.module in PURE_MODULES or file.module == "feed" and not FEED_ADAPTERS.match(file.path)


def impure_code(tree):
    for file in filter(is_pure, tree.having(CPP)):
        for pattern, what in PURE:
            for found in pattern.finditer(file.masked):
                yield file.path, line_of(file.masked, found.start()), f"pure code {what}: {found[0].strip()}"
        for found in PURE_INCLUDE.finditer(file.text):
            yield file.path, line_of(file.text, found.start()), f"pure code includes <{found[1]}>"


RULES = (banned_words, impure_code)
