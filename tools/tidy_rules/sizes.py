"""Sizes: a file, a function and a line that a reader can hold in mind."""

import ast
import re

from tidy_rules.source import CPP, SCRIPT, SIZED, line_of

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 110

CONTROL = re.compile(r"^(?:\}\s*)?(?:else\s+)?(?:if|for|while|switch|catch|do|else|try|with|return)\b")
CPP_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern|concept|requires)\b")
CPP_FUNCTION = re.compile(
    r"\)\s*(?:const|volatile|noexcept(?:\([^)]*\))?|override|final|mutable|try|&&?|->[^;{}=]+|\s)*"
    r"(?::[^;]*)?$|\[[^\]]*\]\s*$",
    re.S,
)
SCRIPT_FUNCTION = re.compile(r"=>\s*$|\)\s*(?::[^;{}=]+)?$", re.S)
SCRIPT_SUITE = re.compile(r"\bdescribe(?:\.\w+)*\s*\(|\bclass\b|\binterface\b|\btype\b")
SH_FUNCTION = re.compile(r"^(?:function\s+)?(\w+)\s*\(\)\s*\{[^\n]*$.*?^\}", re.M | re.S)


def is_open_initializer(header):
    """True in front of the brace of `x_{1}` between a constructor's colon and its body."""
    return bool(re.search(r"\)\s*(?:noexcept\s*)?:(?!:)[^;]*[\w>]$", header))


def functions(masked, is_function):
    """Yields (first line, last line) of the outermost functions of brace-matched source."""
    stack, header_start = [], 0
    for token in re.finditer(r"[{};]", masked):
        at = token.start()
        if token[0] == "{":
            header = masked[header_start:at]
            begin = header_start + len(header) - len(header.lstrip())
            if is_open_initializer(header):
                stack.append((None, header_start))
            else:
                stack.append((not any(kind for kind, _ in stack) and is_function(header.strip()), begin))
        elif token[0] == "}" and stack:
            kind, begin = stack.pop()
            if kind:
                yield line_of(masked, begin), line_of(masked, at)
            if kind is None:
                header_start = begin
                continue
        elif token[0] == ";" and masked.count("(", header_start, at) > masked.count(")", header_start, at):
            continue  # inside for (...; ...)
        header_start = at + 1


def is_cpp_function(header):
    if not header or CONTROL.match(header) or header.endswith(("=", ",", "(", "return")):
        return False
    if CPP_SCOPE.match(
        re.sub(r"^(?:template\s*<.*>|inline|static|\[\[[^\]]*\]\]|\s)+", "", header, flags=re.S)
    ):
        return False
    return bool(CPP_FUNCTION.search(header))


def is_script_function(header):
    if not header or CONTROL.match(header) or SCRIPT_SUITE.search(header.rpartition("\n")[2]):
        return False
    return bool(SCRIPT_FUNCTION.search(header))


def functions_of(file):
    if file.kind in CPP:
        yield from functions(file.masked, is_cpp_function)
    elif file.kind in SCRIPT:
        yield from functions(file.masked, is_script_function)
    elif file.kind == ".py":
        for node in ast.walk(ast.parse(file.text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.lineno, node.end_lineno
    elif file.kind == ".sh":
        for found in SH_FUNCTION.finditer(file.text):
            yield line_of(file.text, found.start()), line_of(file.text, found.end())


def file_length(tree):
    for file in tree.having(SIZED | SCRIPT):
        if len(file.lines) > FILE_LINES_MAX:
            yield file.path, FILE_LINES_MAX + 1, f"file has {len(file.lines)} lines, at most {FILE_LINES_MAX}"


def function_length(tree):
    for file in tree.having(SIZED | SCRIPT):
        for first, last in functions_of(file):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield file.path, first, f"function has {last - first + 1} lines, at most {FUNCTION_LINES_MAX}"


def line_length(tree):
    for file in tree.having(SIZED | SCRIPT):
        for number, line in enumerate(file.lines, 1):
            if len(line) > COLUMNS_MAX:
                yield file.path, number, f"line has {len(line)} columns, at most {COLUMNS_MAX}"


RULES = (file_length, function_length, line_length)
