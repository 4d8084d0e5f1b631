// SPDX-License-Identifier: Apache-2.0
// Widths, wrapping and spelling.
#include "report/layout.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::report {

TEST_CASE("width counts terminal columns") {
    struct {
        std::string_view text;
        std::size_t columns;
    } const cases[] = {
        {"", 0}, {"abc", 3}, {"→", 1}, {"münchen", 7}, {"日本", 4}, {"e\u0301", 1},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        CHECK(width(c.text) == c.columns);
    }
}

TEST_CASE("wrapped breaks at spaces and cuts what is longer than a line") {
    struct {
        std::string_view text;
        std::size_t columns;
        std::vector<std::string> lines;
    } const cases[] = {
        {"", 10, {""}},
        {"one two", 10, {"one two"}},
        {"one two three", 7, {"one two", "three"}},
        {"one two three", 8, {"one two", "three"}},
        {"abcdefghij", 4, {"abcd", "efgh", "ij"}},
        {"a abcdefghij", 4, {"a", "abcd", "efgh", "ij"}},
        {"x  [e3]", 20, {"x  [e3]"}},
        {"日本語", 4, {"日本", "語"}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        CAPTURE(c.columns);
        CHECK(wrapped(c.text, c.columns) == c.lines);
    }
}

TEST_CASE("safe_text escapes what harms a terminal or hides text") {
    struct {
        std::string_view text;
        std::string_view safe;
    } const cases[] = {
        {"plain → text", "plain → text"},
        {"\x1b[31m", "\\x1b[31m"},
        {"a\nb", "a\\x0ab"},
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xc3", "\\xc3"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.safe);
        CHECK(safe_text(c.text) == c.safe);
    }
}

TEST_CASE("safe_lines keeps newlines, empty lines included") {
    CHECK(safe_lines("\na\n\n\x07") == "\na\n\n\\x07");
}

TEST_CASE("ascii_text spells symbols and escapes the rest") {
    CHECK(ascii_text("a → b … “c” ü") == "a -> b ... \"c\" \\xc3\\xbc");
}

TEST_CASE("clipped keeps what fits and says that there was more") {
    CHECK(clipped("abcdef", 6) == "abcdef");
    CHECK(clipped("abcdefg", 6) == "abc…");
    CHECK(clipped("日本語日本語", 8) == "日本…");
}

} // namespace tlsdoctor::report
