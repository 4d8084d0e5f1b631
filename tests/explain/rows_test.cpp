// SPDX-License-Identifier: Apache-2.0
// The rows of data/messages/: each example is decided by its own row, each pattern compiles and
// holds a literal.
#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "explain/explain.hpp"

namespace tlsdoctor::explain {

namespace {

struct RowExample {
    std::string_view id{};
    std::string_view text{};
};

constexpr auto k_examples = std::to_array<RowExample>({
#include "message_examples.inc"
});

} // namespace

TEST_CASE("every row decides for each of its examples") {
    Reader reader;
    for (const RowExample& example : k_examples) {
        CAPTURE(std::string{example.id});
        CAPTURE(std::string{example.text});
        const Reading reading = reader.read(example.text);
        REQUIRE_FALSE(reading.groups.empty());
        CHECK(std::string{reading.groups.front().id} == std::string{example.id});
    }
}

TEST_CASE("RE2 takes every pattern") {
    const Matcher matcher;
    for (const std::string& refused : matcher.refused()) {
        CAPTURE(refused);
        CHECK(false);
    }
}

TEST_CASE("every row leads to candidates whose weights are 1 together") {
    Reader reader;
    for (const RowExample& example : k_examples) {
        CAPTURE(std::string{example.id});
        const Reading reading = reader.read(example.text);
        REQUIRE_FALSE(reading.groups.empty());
        const Meaning& meaning = reading.groups.front().meaning;
        REQUIRE_FALSE(meaning.candidates.empty());
        CHECK(meaning.candidates.size() <= 6);
        double sum = 0;
        double before = 1;
        for (const Candidate& candidate : meaning.candidates) {
            CHECK(candidate.weight <= before);
            before = candidate.weight;
            sum += candidate.weight;
        }
        for (const std::string& command : reading.groups.front().next) {
            CAPTURE(command);
            const bool runs = command.starts_with("tlsdoctor check ") ||
                              command.starts_with("tlsdoctor client -");
            CHECK(runs);
            CHECK(command.find('#') == std::string::npos);
            CHECK(command.find(" (") == std::string::npos);
        }
        CHECK(sum == doctest::Approx(1));
    }
}

} // namespace tlsdoctor::explain
