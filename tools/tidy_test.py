#!/usr/bin/env python3
"""Tests of tools/tidy.py: every rule finds the violation that is planted for it, and only that."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

import tidy
from tidy_rules import bans, includes, sizes, upkeep
from tidy_rules.source import Tree, mask_cpp, mask_script

TABLE = """# Architecture
## Include table
| module | may include |
|---|---|
| `core` | std; fmt, expected |
| `record` | core |
| `net` | core; Boost.Beast, OpenSSL |
| `serve` | core, net, record; prometheus-cpp |
| `cli` | all; CLI11 |

## Next
| `bus` | core |
"""
MODULE = "slip_module(core)\n"


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def messages(self, *rules):
        tree = Tree(self.root)
        return [f"{path}:{line}: {message}" for rule in rules for path, line, message in rule(tree)]

    def check(self, rules, files, *expected):
        """Plants the files; the rules must say what holds each expected text, in order, and no more."""
        for path, text in files.items():
            self.write(path, text)
        found = self.messages(*(rules if isinstance(rules, tuple) else (rules,)))
        self.assertEqual(len(found), len(expected), found)
        for message, part in zip(found, expected):
            self.assertIn(part, message)


class IncludeTable(TidyTest):
    def source(self, module, *lines):
        return {
            "ARCHITECTURE.md": TABLE,
            f"src/{module}/x.cc": "".join(f"#include {line}\n" for line in lines),
        }

    def test_lets_a_module_include_its_row(self):
        self.check(
            includes.include_table,
            self.source(
                "serve",
                '"net/server.h"',
                '"serve/view.h"',
                "<vector>",
                "<sys/stat.h>",
                "<fmt/core.h>",
                "<prometheus/registry.h>",
            ),
        )

    def test_finds_a_module_that_the_row_does_not_name(self):
        self.check(
            includes.include_table,
            self.source("record", '"core/ids.h"', '"net/server.h"'),
            "src/record/x.cc:2: record may not include net",
        )

    def test_finds_a_library_outside_its_module(self):
        self.check(
            includes.include_table,
            self.source("serve", "<boost/beast/core.hpp>"),
            "src/serve/x.cc:1: serve may not use boost.beast",
        )

    def test_finds_a_quoted_library_outside_its_module(self):
        self.check(includes.include_table, self.source("serve", '"duckdb.h"'), "may not use duckdb")

    def test_finds_a_library_that_nobody_declared(self):
        self.check(
            includes.include_table, self.source("core", "<nlohmann/json.hpp>"), "belongs to no library"
        )

    def test_finds_an_include_that_does_not_start_at_the_root(self):
        self.check(
            includes.include_table, self.source("core", '"ids.h"'), "write includes from the source root"
        )

    def test_finds_a_module_without_a_row(self):
        self.check(includes.include_table, self.source("bus", "<vector>"), "bus has no row")

    def test_finds_a_missing_table(self):
        self.check(includes.include_table, {"src/core/x.cc": "\n"}, "ARCHITECTURE.md:1")

    def test_lets_cli_include_all_and_tests_use_test_libraries(self):
        files = self.source("cli", '"net/server.h"', "<CLI/CLI.hpp>")
        files["src/core/x_test.cc"] = "#include <gtest/gtest.h>\n"
        self.check(includes.include_table, files)

    def test_finds_a_link_that_the_table_forbids(self):
        self.check(
            includes.link_graph,
            {
                "ARCHITECTURE.md": TABLE,
                "src/serve/CMakeLists.txt": "slip_module(serve DEPS core net)\n",
                "src/record/CMakeLists.txt": "slip_module(record DEPS core serve PACKAGES a::b)\n",
            },
            "src/record/CMakeLists.txt:1: record may not link serve",
        )


class Sizes(TidyTest):
    KINDS = ("a.cc", "a.css", "a.h", "a.mjs", "a.py", "a.sh", "a.sql", "a.ts", "a.tsx")

    def test_finds_a_long_file_of_every_kind(self):
        files = {name: "\n" * 401 for name in self.KINDS} | {"b.sql": "\n" * 400, "b.md": "\n" * 401}
        self.check(sizes.file_length, files, *(f"{name}:401" for name in self.KINDS))

    def test_finds_a_long_line_in_every_kind(self):
        files = {name: "x" * 110 + "\n" + "x" * 111 + "\n" for name in self.KINDS}
        self.check(sizes.line_length, files, *(f"{name}:2" for name in self.KINDS))

    def test_knows_a_script_without_a_suffix_by_its_first_line(self):
        body = "f() {\n" + "  g\n" * 69 + "}\n"
        files = {"run": "#!/usr/bin/env bash\n" + body, "tool": "#!/usr/bin/env python3\n" + "\n" * 400}
        files |= {"LICENSE": "x" * 111 + "\n"}
        self.check(sizes.RULES, files, "tool:401", "run:2: function has 71")

    def cpp(self, body_lines):
        return (
            "\n" + "namespace a {\nclass B {\nint f(int x) const {\n" + "  ++x;\n" * body_lines + "}\n};\n}\n"
        )

    def test_finds_a_long_function_and_not_its_class(self):
        self.check(
            sizes.function_length, {"a.cc": self.cpp(69), "b.cc": self.cpp(68)}, "a.cc:4: function has 71"
        )

    def test_counts_a_lambda_as_part_of_its_function(self):
        body = "void f() {\n  g([&](int x) {\n" + "  h();\n" * 67 + "  });\n}\n"
        self.check(sizes.function_length, {"a.cc": body}, "a.cc:1: function has 71")

    def test_is_not_led_astray_by_braces_in_literals(self):
        body = (
            'void f() {\n  g("{{", \'{\', R"x({{{)x", 1\'000);  // {\n  /* { */\n}\nvoid h() {\n'
            + "  i();\n" * 68
        )
        self.check(sizes.function_length, {"a.cc": body + "}\n"})

    def test_finds_a_long_test_and_a_long_constructor(self):
        body = (
            "TEST(A, B) {\n"
            + "  f();\n" * 69
            + "}\nA::A(int x)\n    : x_(x), y_{x} {\n"
            + "  f();\n" * 69
            + "}\n"
        )
        self.check(sizes.function_length, {"a.cc": body}, "a.cc:1: ", "a.cc:72: ")

    def test_finds_a_long_script_function_and_not_its_suite(self):
        long = "  f(`${ {a: '}'} }`);\n" * 69
        body = f"describe('x', () => {{\n  it('y', () => {{\n{long}  }});\n}});\n"
        body += f"export function z() {{\n{long}}}\n"
        self.check(sizes.function_length, {"a.test.ts": body}, "a.test.ts:2: ", "a.test.ts:74: ")

    def test_finds_a_long_component(self):
        body = "export function A({ b }: Props) {\n  return (\n" + "    <p>{b}</p>\n" * 67 + "  )\n}\n"
        self.check(sizes.function_length, {"a.tsx": body}, "a.tsx:1: function has 71")

    def test_finds_long_python_and_shell_functions(self):
        self.check(
            sizes.function_length,
            {
                "a.py": "def f():\n" + "    g()\n" * 70,
                "b.sh": "f() {\n" + "  g\n" * 69 + "}\n",
                "c.sh": "f() {\n  g\n}\n" + "g\n" * 70 + "h() {\n  g\n}\n",
            },
            "a.py:1: ",
            "b.sh:1: ",
        )


class Bans(TidyTest):
    def test_finds_each_banned_word(self):
        for text in (
            "auto* p = new int;",
            "delete p;",
            "throw 1;",
            'std::printf("");',
            'snprintf(b, 1, "");',
        ):
            with self.subTest(text):
                self.check(bans.banned_words, {"src/net/a.cc": f"void f();\n{text}\n"}, "src/net/a.cc:2")

    def test_lets_deleted_functions_comments_and_texts_be(self):
        self.check(
            bans.banned_words,
            {
                "src/net/a.h": (
                    '#include <new>\nA(const A&) = delete;\n// a new delete, throw\nauto t = "throw new";\n'
                    "int renewed = is_new + newest;\n"
                )
            },
        )

    def test_finds_what_pure_code_must_not_do(self):
        for text in (
            "auto t = std::chrono::system_clock::now();",
            "auto t = time(nullptr);",
            "spdlog::info(1);",
            "fmt::print(1);",
            "std::ifstream in(path);",
            "auto n = ::read(fd, at, size);",
            "auto* home = getenv(name);",
            "std::random_device chance;",
            "#include <iostream>",
            "std::jthread t;",
            "#include <fstream>",
            "#include <spdlog/spdlog.h>",
        ):
            with self.subTest(text):
                self.check(
                    bans.impure_code, {"src/session/a.cc": f"{text}\n"}, "src/session/a.cc:1: pure code"
                )

    def test_lets_the_words_of_a_race_be(self):
        text = "auto a = lap.time(0); auto b = clock_at(time_of(car)); auto c = log.zero_date;\n"
        self.check(bans.impure_code, {"src/session/a.cc": text})

    def test_knows_the_pure_files(self):
        text = "auto t = std::chrono::steady_clock::now();\n"
        impure = ("src/feed/archive.cc", "src/feed/mqtt_source.h", "src/record/a_test.cc", "src/bus/a.cc")
        pure = ("src/feed/archive_line.cc", "src/feed/parse.h", "src/record/a.cc", "src/session/a.h")
        self.check(
            bans.impure_code, {path: text for path in impure + pure}, *(f"{path}:1: pure" for path in pure)
        )


class Upkeep(TidyTest):
    def test_finds_broken_links_and_headings(self):
        self.check(
            upkeep.broken_links,
            {
                "README.md": "[a](docs/a.md) [b](docs/a.md#two-words) [c](docs/c.md)\n"
                "![d](e.png) [f](https://g)\n"
                "```\n[x](y)\n```\n",
                "docs/a.md": "# Two words\n[up](../README.md#none)\n",
            },
            "README.md:1: broken link: docs/c.md",
            "README.md:2: broken link: e.png",
            "docs/a.md:2: broken link: ../README.md#none",
        )

    def test_finds_the_name_of_a_file_that_is_gone(self):
        self.check(
            upkeep.broken_links,
            {"README.md": "`src/a/b.h` and `src/a/c.h:12`\n", "src/a/b.h": "\n"},
            "README.md:1: names a file that is not there: src/a/c.h",
        )

    def test_finds_the_name_of_a_test_that_is_gone(self):
        self.check(
            upkeep.missing_tests,
            {
                "docs/feed.md": "`Aa.T1There`, `Bb.T2Fixture`\n`Aa.T3Gone`\n",
                "src/feed/a_test.cc": "TEST(Aa, T1There) {\n}\nTEST_F(Bb, T2Fixture) {\n}\n",
            },
            "docs/feed.md:2: names a test that is not there: Aa.T3Gone",
        )

    def test_finds_dead_files(self):
        self.check(
            upkeep.dead_files,
            {
                "src/core/CMakeLists.txt": MODULE,
                "src/core/a.h": "\n",
                "src/core/a.cc": '#include "core/a.h"\n',
                "src/core/dead.h": "\n",
                "tests/CMakeLists.txt": "slip_test(x SOURCES x.cc)\n",
                "tests/x.cc": "\n",
                "tests/dead.cc": "\n",
                "web/src/main.ts": 'import { a } from "./a";\n',
                "web/src/a.ts": "\n",
                "web/src/dead.ts": "\n",
                "web/index.html": '<script src="/src/main.ts"></script>\n',
                "tools/dead.sh": "\n",
                "tools/dead.sql": "\n",
                "web/src/dead.css": "\n",
                "web/src/dead.tsx": "\n",
                "docs/dead.md": "\n",
                "docs/a.md": "\n",
                "README.md": "[a](docs/a.md)\n",
                "tools/b.py": "\n",
                "tools/c.py": "import os, b\n",
                "tools/d.sh": "tools/c.py\n",
                "Makefile": "tools/d.sh\n",
                "tools/dead.py": "\n",
            },
            "docs/dead.md",
            "src/core/dead.h",
            "tests/dead.cc",
            "tools/dead.py",
            "tools/dead.sh",
            "tools/dead.sql",
            "web/src/dead.css",
            "web/src/dead.ts",
            "web/src/dead.tsx",
        )

    def test_knows_the_globs_of_cmake(self):
        self.check(
            upkeep.dead_files,
            {
                "bench/CMakeLists.txt": "file(GLOB x ${CMAKE_CURRENT_SOURCE_DIR}/*_bench.cc)\n",
                "bench/a_bench.cc": "\n",
                "bench/b.cc": "\n",
            },
            "bench/b.cc",
        )

    def test_finds_left_over_marks(self):
        for mark in ("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK", "<" * 7 + " ours"):
            with self.subTest(mark):
                self.check(upkeep.left_over_marks, {"a.txt": f"\n{mark}: later\n"}, "a.txt:2: left-over mark")

    def test_finds_folders_of_one_machine(self):
        home = "/".join(("", "home", "me", "data"))
        self.check(
            upkeep.places, {"a.sh": f"cd {home}\ncd /usr/share\ncd ../home/me\n"}, "a.sh:1: names a folder"
        )

    def test_finds_registry_addresses(self):
        self.check(
            upkeep.places,
            {
                "web/package-lock.json": '{"resolved": "https' '://example.org/a.tgz"}\n{"version": "1"}\n',
                "web/.npmrc": "regis" "try=https://example.org\n",
            },
            "web/.npmrc:1",
            "web/package-lock.json:1",
        )


class Masks(unittest.TestCase):
    def test_keep_lines_and_columns(self):
        for mask, text in (
            (mask_cpp, 'a("b\\"c", /* d\ne */ R"(f\n)") // g\n#define H { \\\n  {\nint i;\n'),
            (mask_script, "a('b', `c${`d${e}`}\n`, /f{/.test(g)) // h\n/* i\n */ j\n"),
        ):
            masked = mask(text)
            self.assertEqual(
                [len(line) for line in masked.splitlines()], [len(line) for line in text.splitlines()]
            )
            self.assertNotIn("{", masked)

    def test_leave_division_and_apostrophes_in_text_alone(self):
        self.assertEqual(mask_script("a = b / c; {d / e}"), "a = b / c; {d / e}")
        self.assertIn("{x}", mask_script("<p>Don't {x}</p>\n"))


class AllRules(TidyTest):
    def test_are_run_by_main(self):
        self.write("src/net/a.cc", "throw 1;\n")
        self.write("src/net/CMakeLists.txt", MODULE)
        self.assertEqual(len(tidy.findings(self.root)), 2)  # the word, and no include table
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(tidy.main([str(self.root)]), 1)

    def test_leave_a_clean_folder_alone(self):
        self.write("README.md", "# A\n")
        self.assertEqual(tidy.main([str(self.root)]), 0)


if __name__ == "__main__":
    sys.exit(unittest.main())
