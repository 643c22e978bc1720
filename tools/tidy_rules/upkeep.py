"""Upkeep: dead files, broken links, marks and places that must not be left in the project."""

import fnmatch
import posixpath
import re

from tidy_rules.source import NOT_TEXT, line_of

# Spelled in two halves, so that this file passes its own rule.
MARKS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b|^(?:<{7}|>{7}|={7}$)", re.M)
# Folders of a workplace or a person; /usr, /tmp, /proc and the like are the same everywhere.
WORKPLACE = re.compile(r"(?<![\w.:/])/(?:home|root|work|mnt|Users)/[A-Za-z.]")
REGISTRY = re.compile(r'"resolved"\s*:\s*"https?:|^(?:@\w+:)?registry\s*=|--index-url|deb https?://', re.M)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
MENTION = re.compile(r"`((?:src|docs|tools|tests|bench|web|cmake|\.ci)/[\w./-]+\.\w+)(?::\d+)?`")
TEST = re.compile(r"^\s*TEST(?:_[FP])?\((\w+),\s*(\w+)\)", re.M)
TEST_MENTION = re.compile(r"`([A-Z]\w+\.[A-Z]\w+)`")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
ALIVE = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile"}


def anchors_of(text):
    found = set()
    for title in re.findall(r"^#{1,6}\s+(.*?)\s*$", FENCE.sub("", text), re.M):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title.lower()))
        found.add(plain.replace(" ", "-"))
    return found


def broken_links(tree):
    folders = {posixpath.dirname(path) for path in tree.by_path}
    folders |= {
        parent for folder in folders for parent in (folder.split("/", 1)[0], posixpath.dirname(folder))
    }
    for file in tree.having({".md"}):
        text = FENCE.sub(lambda fence: re.sub(r"[^\n]", " ", fence[0]), file.text)
        for found in LINK.finditer(text):
            target = found[1] or found[2]
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            full = posixpath.normpath(posixpath.join(file.folder, path)) if path else file.path
            line = line_of(text, found.start())
            if full not in tree.by_path and full not in folders:
                yield file.path, line, f"broken link: {target}"
            elif anchor and full.endswith(".md") and anchor not in anchors_of(tree.text_of(full)):
                yield file.path, line, f"broken link: {target} (no such heading)"
        for found in MENTION.finditer(text):
            if found[1] not in tree.by_path:
                yield file.path, line_of(text, found.start()), f"names a file that is not there: {found[1]}"


def missing_tests(tree):
    """The feed's traps name their tests; a test that was renamed leaves its trap unguarded."""
    file = tree.by_path.get("docs/feed.md")
    tests = {".".join(found) for other in tree.having({".cc"}) for found in TEST.findall(other.text)}
    for found in TEST_MENTION.finditer(file.text if file else ""):
        if found[1] not in tests:
            yield file.path, line_of(file.text, found.start()), f"names a test that is not there: {found[1]}"


def globs(tree):
    """Every file(GLOB ...) pattern of the CMake files, relative to the root."""
    for file in tree.files:
        if file.name != "CMakeLists.txt":
            continue
        if file.module and "slip_module(" in file.text:
            yield f"{file.folder}/*.cc"
        for pattern in re.findall(r"[\w${}./-]*\*[\w.*/-]*", file.text):
            pattern = pattern.replace("${CMAKE_SOURCE_DIR}/", "/").replace("${CMAKE_CURRENT_SOURCE_DIR}/", "")
            yield pattern[1:] if pattern.startswith("/") else posixpath.join(file.folder, pattern)


def is_named(tree, file, words):
    """True if another file's text holds one of the words."""
    # A word that begins with "/" is the end of a path: what stands before it is a folder's name.
    starts = ("" if word.startswith("/") else r"(?<!\w)" for word in words)
    pattern = re.compile("|".join(rf"{start}{re.escape(word)}(?!\w)" for start, word in zip(starts, words)))
    return any(
        any(word in other.text for word in words) and pattern.search(other.text)
        for other in tree.files
        if other is not file and other.suffix not in NOT_TEXT and other.name != "package-lock.json"
    )


def is_imported(tree, file):
    """True if another Python file imports this one, or any file names it."""
    stem = file.name.removesuffix(".py")
    pattern = re.compile(rf"^\s*(?:import|from)\b.*\b{re.escape(stem)}\b", re.M)
    return any(
        other is not file and pattern.search(other.text) for other in tree.having({".py"})
    ) or is_named(tree, file, [file.name])


def words_for(file):
    """How other files name this one, or None if it needs no naming."""
    stem = file.name.removesuffix(file.suffix)
    if file.suffix in (".ts", ".tsx", ".mjs") and not stem.endswith((".test", ".config", ".d")):
        # "./tower", "./tower.ts", "../live/tower"
        return [f'/{stem}"', f"/{stem}'", file.name]
    if file.suffix == ".h":
        return [file.path.removeprefix("src/")]
    if file.suffix == ".md" and file.path not in ALIVE:
        return [file.name]
    return [file.name] if file.suffix in (".sh", ".sql", ".css") else None


def dead_files(tree):
    patterns = list(globs(tree))
    for file in tree.files:
        if file.suffix == ".cc":
            is_dead = not any(fnmatch.fnmatch(file.path, pattern) for pattern in patterns) and not is_named(
                tree, file, [file.name]
            )
        elif file.name == "__init__.py" or file.is_test and file.suffix in (".sql", ".md"):
            continue
        elif file.suffix == ".py":
            is_dead = not is_imported(tree, file)
        else:
            words = words_for(file)
            is_dead = words is not None and not is_named(tree, file, words)
        if is_dead:
            yield file.path, 1, "dead file: nothing includes, imports, builds or links it"


def left_over_marks(tree):
    for file in tree.files:
        for found in MARKS.finditer(file.text):
            yield file.path, line_of(file.text, found.start()), f"left-over mark: {found[0]}"


def places(tree):
    for file in tree.files:
        for found in WORKPLACE.finditer(file.text):
            yield file.path, line_of(file.text, found.start()), f"names a folder of one machine: {found[0]}"
        if file.suffix in (".json", ".sh", ".npmrc", ".conf", ".txt", ".cmake") or file.name == ".npmrc":
            for found in REGISTRY.finditer(file.text):
                yield file.path, line_of(
                    file.text, found.start()
                ), "names a package registry: use the machine's own"


RULES = (broken_links, missing_tests, dead_files, left_over_marks, places)
