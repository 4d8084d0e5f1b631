#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests tools/check_coroutines.py with a table of snippets, each good or bad for one reason."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from check_coroutines import problems_of  # noqa: E402

GOOD = [
    "auto r = co_await f(named);",
    "const auto r = co_await f(named);",
    "const std::expected<int, Error> r = co_await f(named);",
    "const auto& r = co_await f(named);",
    "co_await f(named);",
    "co_await f();",
    "co_return co_await f(named);",
    "r = co_await f(named);",
    "exchange.outcome = co_await hear(*stream, reply, deadline);",
    "const auto got = co_await stream.read_some(room, deadline);",
    "const auto got = co_await this->stream_->read_some(room, deadline);",
    "co_await f(1, -2, 0x10'00, 'c', \"text\", true, nullptr);",
    "co_await f(std::move(named), &other, *third, a.b, a->b, Kind::value);",
    "co_await std::move(work);",
    "auto executor = co_await asio::this_coro::executor;",
    "co_await f<int>(named);",
    "while (going) { co_await f(named); }",
    "for (const auto& x : xs) { auto r = co_await f(x); }",
    "for (;;) { const auto r = co_await f(named); if (!r) { co_return; } }",
    "if (a) { co_await f(named); } else { co_await g(named); }",
    "switch (k) { case Kind::a: co_await f(named); break; default: co_await g(named); }",
    "{ const Watch watch(loop, deadline, it); co_await f(named); }",
    "const Agg a{.x = 1}; co_await f(a);",
    "const auto work = [&]() -> asio::awaitable<void> { co_await f(named); }; loop.spawn(work());",
    "loop.spawn([](Loop& loop) -> asio::awaitable<void> { co_await f(loop); }(loop));",
    "std::sort(v, [&](int a, int b) { return a < b; });",
    "// if (co_await f()) is wrong",
    "/* co_await f(Agg{}) */ f();",
    'const char* text = "co_await f(Agg{}) || g";',
    'const char* text = R"(if (co_await f()))";',
    "asio::co_spawn(context, std::move(work), handler);",
]

BAD = [
    ("if (co_await f(named)) { g(); }", "condition of `if`"),
    ("if (auto r = co_await f(named); r) { g(); }", "condition of `if`"),
    ("if (!co_await f(named)) { g(); }", "condition of `if`"),
    ("while (co_await f(named)) { }", "condition of `while`"),
    ("for (auto x : co_await f(named)) { }", "condition of `for`"),
    ("for (int i = 0; i < 3; co_await f(i)) { }", "inside an expression"),
    ("switch (co_await f(named)) { default: break; }", "condition of `switch`"),
    ("if (a) co_await f(named);", "without braces"),
    ("if (a) { g(); } else co_await f(named);", "without braces"),
    ("for (auto& x : xs) co_await f(x);", "without braces"),
    ("do co_await f(named); while (x);", "without braces"),
    ("auto r = a && co_await f(named);", "part of an expression"),
    ("auto r = a || co_await f(named);", "part of an expression"),
    ("auto r = !co_await f(named);", "part of an expression"),
    ("auto r = a ? co_await f(named) : g();", "part of an expression"),
    ("auto r = co_await f(named) ? 1 : 2;", "part of an expression"),
    ("auto r = co_await f(named) + 1;", "part of an expression"),
    ("auto r = 1 + co_await f(named);", "part of an expression"),
    ("auto r = (co_await f(named)).value();", "inside an expression"),
    ("auto r = *co_await f(named);", "part of an expression"),
    ("g(co_await f(named));", "inside an expression"),
    ("auto r = g(co_await f(named));", "inside an expression"),
    ("Agg a{co_await f(named)};", "inside braces"),
    ("auto a = Agg{.x = co_await f(named)};", "inside braces"),
    ("auto r = v[co_await f(named)];", "inside an expression"),
    ("v[i] = co_await f(named);", "subscript"),
    ("auto [a, b] = co_await f(named);", "structured binding"),
    ("a += co_await f(named);", "part of an expression"),
    ("a = b = co_await f(named);", "part of an expression"),
    ("*find(x) = co_await f(named);", "part of an expression"),
    ("co_return *co_await f(named);", "part of an expression"),
    ("co_return (co_await f(named));", "inside an expression"),
    ("return co_await f(named);", "part of an expression"),
    ("co_await f(Agg{1, 2});", "the braces in"),
    ("co_await f({1, 2});", "the braces in"),
    ("co_await f(Agg{.x = 1}, named);", "the braces in"),
    ("co_await f(std::string(\"x\"));", "is not a name"),
    ("co_await f(g(named));", "is not a name"),
    ("co_await f(a + b);", "is not a name"),
    ("co_await f(a ? b : c);", "is not a name"),
    ("co_await f(std::move(g()));", "is not a name"),
    ("co_await f(v[0]);", "is not a name"),
    ("co_await f([&] { return 1; });", "a lambda as an argument"),
    ("co_await f([x]() -> asio::awaitable<void> { co_return; });", "a lambda as an argument"),
    ("co_await g()(named);", "is not the name of a function"),
    ("co_await g().f(named);", "is not the name of a function"),
    ("co_await Agg{1}.f(named);", "is not the name of a function"),
    ("co_await [&]() -> asio::awaitable<void> { co_return; }();", "not the name of a function"),
    ("loop.spawn([&]() -> asio::awaitable<void> { co_await f(named); }());", "has no name"),
    ("asio::co_spawn(c, [x]() -> asio::awaitable<void> { co_return; }, h);", "has no name"),
    ("asio::co_spawn(context, work(), asio::detached);", "swallows exceptions"),
    ("using namespace asio::experimental::awaitable_operators;", "use net::Group"),
    ("co_yield 1;", "co_yield"),
]


def in_function(snippet: str) -> str:
    return f"#include <x>\nasio::awaitable<int> f() {{\n{snippet}\n}}\n"


class Snippets(unittest.TestCase):
    def test_good_ones_pass(self) -> None:
        for snippet in GOOD:
            with self.subTest(snippet):
                self.assertEqual([], [str(p) for p in problems_of(in_function(snippet))])

    def test_bad_ones_are_found_for_their_reason(self) -> None:
        for snippet, reason in BAD:
            with self.subTest(snippet):
                problems = problems_of(in_function(snippet))
                self.assertTrue(problems, "nothing was found")
                self.assertIn(reason, "; ".join(p.what for p in problems))

    def test_the_line_is_that_of_the_word(self) -> None:
        source = "/* a\n b */\n\nauto x() {\n  if (\n    co_await f()) {}\n}\n"
        self.assertEqual([6], [problem.line for problem in problems_of(source)])

    def test_a_digit_separator_does_not_open_a_character(self) -> None:
        source = in_function("int a = 30'000; if (co_await f()) { int b = 1'0; }")
        self.assertEqual(1, len(problems_of(source)))


if __name__ == "__main__":
    unittest.main()
