"""The files that rules look at, and C++ and TypeScript with strings and comments blanked out."""

import functools
import pathlib
import re
import subprocess

SIZED = {".cc", ".h", ".ts", ".tsx", ".css", ".py", ".sh", ".sql"}
CPP = {".cc", ".h"}
SCRIPT = {".ts", ".tsx", ".mjs"}
NOT_OURS = ("build", "node_modules", "dist", ".git", "__pycache__")
NOT_TEXT = {".png", ".jpg", ".woff2", ".ico", ".gz", ".parquet", ".duckdb", ".z", ".bin"}

CPP_TOKEN = re.compile(
    r"""(?P<raw>\b(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)")"""
    r"""|(?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.|\\\n)*")"""
    r"""|(?P<char>(?<![0-9A-Za-z_])(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+')""",
    re.S,
)
CPP_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M | re.S)
SCRIPT_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<pattern>(?<=[=(,:\[!&|?{};\s])/(?![*/\s])"""
    r"""(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*(?=[\s).,;]))"""
    r"""|(?P<template>`)""",
    re.S,
)


def blank(text):
    """Spaces of the same shape, so that lines and columns stay where they are."""
    return re.sub(r"[^\n]", " ", text)


def mask_cpp(text):
    """C++ without comments, the contents of literals and preprocessor lines."""
    masked = CPP_TOKEN.sub(lambda token: blank(token[0]), text)
    return CPP_DIRECTIVE.sub(lambda line: blank(line[0]), masked)


def end_of_template(text, at):
    """Index behind the template literal whose backtick is at `at`; ${...} may hold further literals."""
    at += 1
    while at < len(text) and text[at] != "`":
        if text[at] == "\\":
            at += 2
        elif text.startswith("${", at):
            depth, at = 1, at + 2
            while at < len(text) and depth:
                if text[at] == "`":
                    at = end_of_template(text, at) - 1
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
        else:
            at += 1
    return at + 1


def mask_script(text):
    """TypeScript without comments and the contents of strings, templates and patterns."""
    out, at = [], 0
    while token := SCRIPT_TOKEN.search(text, at):
        end = end_of_template(text, token.start()) if token["template"] else token.end()
        out += [text[at : token.start()], blank(text[token.start() : end])]
        at = end
    return "".join(out) + text[at:]


def line_of(text, index):
    return text.count("\n", 0, index) + 1


class File:
    def __init__(self, root, path):
        self.path = path  # relative, with forward slashes
        self.name = path.rpartition("/")[2]
        self.suffix = pathlib.PurePath(path).suffix
        self.folder = path.rpartition("/")[0]
        self.full = root / path

    @functools.cached_property
    def kind(self):
        """The suffix; for a file without one the suffix that its first line speaks for."""
        if self.suffix or "/corpus/" in self.path:
            return self.suffix
        first = self.text.partition("\n")[0]
        if not first.startswith("#!"):
            return ""
        return ".py" if "python" in first else ".sh" if first.endswith("sh") else ""

    @functools.cached_property
    def text(self):
        if self.suffix in NOT_TEXT:
            return ""
        return self.full.read_text(encoding="utf-8", errors="replace")

    @functools.cached_property
    def lines(self):
        return self.text.splitlines()

    @functools.cached_property
    def masked(self):
        if self.suffix in CPP:
            return mask_cpp(self.text)
        return mask_script(self.text) if self.suffix in SCRIPT else self.text

    @property
    def is_test(self):
        is_beside_tests = "_test." in self.name or ".test." in self.name or "test_support." in self.name
        return self.path.startswith("tests/") or is_beside_tests

    @property
    def module(self):
        """ "bus" for src/bus/..., else ""."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "src" else ""


class Tree:
    """All files of a checkout that git would keep, or of a folder that is no checkout."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = [File(self.root, path) for path in sorted(self._paths())]
        self.by_path = {file.path: file for file in self.files}

    def _paths(self):
        if (self.root / ".git").exists():
            listed = subprocess.run(
                ["git", "ls-files", "-co", "--exclude-standard", "-z"],
                cwd=self.root,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            return {path for path in listed.split("\0") if path and (self.root / path).is_file()}
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return {path.as_posix() for path in found if not set(path.parts) & set(NOT_OURS)}

    def having(self, suffixes):
        return [file for file in self.files if file.kind in suffixes]

    def text_of(self, path):
        file = self.by_path.get(path)
        return file.text if file else ""
