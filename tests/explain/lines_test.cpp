// SPDX-License-Identifier: Apache-2.0
#include "explain/lines.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace tlsdoctor::explain {

namespace {

using std::string_view_literals::operator""sv;

std::vector<std::string> lines_of(std::string_view bytes, std::size_t piece) {
    std::vector<std::string> lines;
    LineCutter cutter{[&](std::string_view line) {
        lines.emplace_back(line);
    }};
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        cutter.feed(bytes.substr(at, piece));
    }
    cutter.finish();
    return lines;
}

struct Bytes {
    std::string_view name{};
    std::string_view bytes{};
    std::vector<std::string> lines{};
};

const Bytes k_bytes[] = {
    {"nothing", "", {}},
    {"one line without an end", "abc", {"abc"}},
    {"Unix", "a\nb\n", {"a", "b"}},
    {"Windows", "abc\r\n\r\nde\r\n", {"abc", "", "de"}},
    {"UTF-8 with a mark",
     "\xef\xbb\xbf"
     "abcd\n",
     {"abcd"}},
    {"UTF-16 from PowerShell",
     "\xff\xfe"
     "a\0b\0\r\0\n\0\xe4\0"sv,
     {"ab", "\xc3\xa4"}},
    {"UTF-16, the other way", "\xfe\xff\0a\0b\0\n\0c"sv, {"ab", "c"}},
    {"UTF-16 without a mark", "a\0b\0c\0\n\0d\0"sv, {"abc", "d"}},
    {"half a character at the end",
     "\xff\xfe"
     "a\0b\0c"sv,
     {"ab"}},
    {"a pair of surrogates", "\xff\xfe\x3d\xd8\x12\xdd"sv, {"\xf0\x9f\x94\x92"}},
    {"colours",
     "\x1b[31mabc\x1b[0m \x1b]0;t\x07"
     "d\n",
     {"abc d"}},
    {"a progress bar", "10%\r20%\rdone\n", {"done"}},
    {"zeros", "ab\0\0\0cd\n"sv, {"ab cd"}},
    {"an escape at the end", "abc\x1b", {"abc"}},
    {"JSON", R"({"msg":"a \"b\"\n\tc\/d \u0041"})", {R"({"msg":"a "b"  c/d \u0041"})"}},
    {"a path of Windows", R"(C:\new\table)", {R"(C:\new\table)"}},
};

} // namespace

TEST_CASE("LineCutter cleans lines, wherever the bytes are cut") {
    for (const Bytes& c : k_bytes) {
        CAPTURE(c.name);
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 1'000U}) {
            CAPTURE(piece);
            CHECK(lines_of(c.bytes, piece) == c.lines);
        }
    }
}

TEST_CASE("LineCutter bounds a line") {
    const std::string text = std::string(10 * k_longest_line, 'x') + "\nnext\n";
    const auto lines = lines_of(text, 4'096);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].size() == k_longest_line);
    CHECK(lines[1] == "next");
}

} // namespace tlsdoctor::explain
