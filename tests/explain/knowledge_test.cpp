// SPDX-License-Identifier: Apache-2.0
// The knowledge held to what real programs printed (known_texts.tsv): every text is recognised; and
// to lines that tell of no failure (negatives.txt): none is.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cli/folder.hpp"
#include "explain/explain.hpp"

namespace tlsdoctor::explain {

namespace {

/// `\n`, `\t` and `\\` of the table to what they stand for.
std::string text_of_field(std::string_view field) {
    std::string text;
    for (std::size_t at = 0; at < field.size(); ++at) {
        if (field[at] != '\\' || at + 1 == field.size()) {
            text += field[at];
            continue;
        }
        ++at;
        text += field[at] == 'n' ? '\n' : field[at] == 't' ? '\t' : field[at];
    }
    return text;
}

} // namespace

TEST_CASE("every text that real programs printed about a failure is recognised") {
    const std::string table = test::content(TLSDOCTOR_SOURCE_DIR "/tests/explain/known_texts.tsv");
    Reader reader;
    int texts = 0;
    for (const std::string_view line : split(table, '\n')) {
        const auto fields = split(line, '\t');
        if (line.starts_with('#') || fields.size() != 3) {
            continue;
        }
        CAPTURE(std::string{line});
        const Reading reading = reader.read(text_of_field(fields[2]));
        CHECK_FALSE(reading.groups.empty());
        ++texts;
    }
    CHECK(texts > 1'000);
}

TEST_CASE("lines that tell of no failed handshake are not recognised") {
    const std::string lines = test::content(TLSDOCTOR_SOURCE_DIR "/tests/explain/negatives.txt");
    Reader reader;
    int count = 0;
    for (const std::string_view line : split(lines, '\n')) {
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        CAPTURE(std::string{line});
        const Reading reading = reader.read(line);
        CHECK(reading.groups.empty());
        if (!reading.groups.empty()) {
            CAPTURE(std::string{reading.groups.front().id});
            CHECK(false);
        }
        ++count;
    }
    CHECK(count >= 170);
}

} // namespace tlsdoctor::explain
