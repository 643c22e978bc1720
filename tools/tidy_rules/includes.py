"""The include table of ARCHITECTURE.md: modules include what their row names, and nothing else."""

import re

from tidy_rules.source import CPP, line_of

TABLE_FILE = "ARCHITECTURE.md"
HEADING = re.compile(r"^## Include table\s*$(.*?)(?=^## |\Z)", re.M | re.S)
ROW = re.compile(r"^\|([^|]*)\|([^|]*)\|", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
DEPS = re.compile(r"slip_module\(\s*(\w+)(?:\s+DEPS((?:\s+[a-z_]+)*))?")
# First words of an include path and what the table calls the library.
LIBRARIES = (
    ("boost/beast", "boost.beast"),
    ("boost/asio", "boost.beast"),
    ("boost/json", "boost.json"),
    ("boost/url", "boost.url"),
    ("boost/", "boost"),
    ("openssl/", "openssl"),
    ("curl/", "libcurl"),
    ("duckdb", "duckdb"),
    ("libdeflate", "libdeflate"),
    ("zlib", "zlib"),
    ("zstd", "zstd"),
    ("fmt/", "fmt"),
    ("spdlog/", "spdlog"),
    ("tl/", "expected"),
    ("date/", "date"),
    ("simdjson", "simdjson"),
    ("CLI/", "cli11"),
    ("prometheus/", "prometheus-cpp"),
    ("librdkafka/", "librdkafka"),
    ("toml++/", "toml++"),
    ("sqlite3", "sqlite"),
    ("yaml-cpp/", "yaml-cpp"),
    ("arrow-adbc/", "adbc"),
)
TEST_LIBRARIES = ("gtest/", "gmock/", "rapidcheck", "benchmark/")
SYSTEM = re.compile(
    r"^(?:[a-z_]+|c[a-z]+|(?:sys|netinet|arpa|linux|net)/\w+\.h"
    r"|(?:unistd|fcntl|poll|signal|pthread|dirent|dlfcn|errno|stdlib|string|stdint|time|termios|malloc)\.h"
    r"|(?:spawn|sched)\.h"
    r"|(?:emm|imm|nmm)intrin\.h)$"
)


def read_table(text):
    """{module: (modules or None for all, libraries)} of the table, or {} if there is none."""
    section = HEADING.search(text)
    table = {}
    for name, allowed in ROW.findall(section[1] if section else ""):
        name = name.strip(" `/")
        if not re.fullmatch(r"[a-z_]+", name) or name == "module":
            continue
        modules, _, libraries = allowed.partition(";")
        words = set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", modules)))
        libraries = {word.strip(" `").lower() for word in libraries.split(",") if word.strip()}
        table[name] = (None if "all" in words else words - {"std", "none"}, libraries)
    return table


def library_of(path):
    return next((name for start, name in LIBRARIES if path.startswith(start)), None)


def check_include(file, path, is_quoted, table):
    """The message about one include, or None."""
    modules, libraries = table[file.module]
    first = path.partition("/")[0]
    if first in table and "/" in path:
        if first != file.module and modules is not None and first not in modules:
            return f"{file.module} may not include {first} (include table)"
        return None
    if is_quoted and library_of(path) is None:
        return f'"{path}": write includes from the source root, "{file.module}/..."'
    if file.is_test and path.startswith(TEST_LIBRARIES):
        return None
    library = library_of(path)
    if library is None:
        return None if SYSTEM.match(path) else f"<{path}> belongs to no library of the include table"
    allowed = libraries | table.get("core", (set(), set()))[1]
    if library not in allowed:
        return f"{file.module} may not use {library} (include table)"
    return None


def include_table(tree):
    table = read_table(tree.text_of(TABLE_FILE))
    sources = [file for file in tree.having(CPP) if file.module]
    if sources and not table:
        yield TABLE_FILE, 1, 'there is no table under "## Include table"'
        return
    for file in sources:
        if file.module not in table:
            yield file.path, 1, f"module {file.module} has no row in the include table"
            continue
        for found in INCLUDE.finditer(file.text):
            message = check_include(file, found[1] or found[2], found[1] is not None, table)
            if message:
                yield file.path, line_of(file.text, found.start()), message


def link_graph(tree):
    """DEPS of slip_module() and the include table say the same."""
    table = read_table(tree.text_of(TABLE_FILE))
    for file in tree.files:
        if not table or file.name != "CMakeLists.txt" or not file.module:
            continue
        for found in DEPS.finditer(file.text):
            modules = table.get(found[1], (None, None))[0]
            words = [word for word in (found[2] or "").split() if word not in ("PACKAGES",)]
            for word in words:
                if modules is not None and word not in modules:
                    yield file.path, line_of(file.text, found.start()), f"{found[1]} may not link {word}"


RULES = (include_table, link_graph)
