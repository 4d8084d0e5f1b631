// SPDX-License-Identifier: Apache-2.0
// Durations, expectations and --fail-on.
#include "cli/values.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using tlsdoctor::milliseconds;
using tlsdoctor::ProtocolVersion;
using tlsdoctor::cli::Bounds;
using tlsdoctor::cli::read_duration;
using tlsdoctor::cli::read_expectations;
using tlsdoctor::cli::read_fail_on;

namespace {

constexpr Bounds k_bounds{.least = milliseconds{50}, .most = milliseconds{300'000}};

struct Duration {
    std::string text;
    std::optional<int> ms; ///< nullopt: refused
};

const Duration k_durations[] = {
    {"5", 5'000},      {"0.5", 500},  {".5", 500},      {"5.", 5'000},
    {"1.2345", 1'235}, {"5s", 5'000}, {"500ms", 500},   {"2m", 120'000},
    {" 5 ", 5'000},    {"0.05", 50},  {"300", 300'000}, {"5m", 300'000},
    {"300.001", {}},   {"0.049", {}}, {"0", {}},        {"", {}},
    {"s", {}},         {"-5", {}},    {"+5", {}},       {"1e2", {}},
    {"inf", {}},       {"nan", {}},   {"5x", {}},       {"5 s x", {}},
    {"1.2.3", {}},     {"0x10", {}},  {"5h", {}},       {"9999999999999999999999", {}},
};

struct Expect {
    std::string text;
    std::vector<std::pair<ProtocolVersion, bool>> versions;
};

const Expect k_expectations[] = {
    {"tls1.2", {{ProtocolVersion::tls_1_2, true}}},
    {"tls1.2,tls1.3,!tls1.0",
     {{ProtocolVersion::tls_1_2, true},
      {ProtocolVersion::tls_1_3, true},
      {ProtocolVersion::tls_1_0, false}}},
    {" TLSv1.2 , !ssl3 ", {{ProtocolVersion::tls_1_2, true}, {ProtocolVersion::ssl_3_0, false}}},
    {"no-ssl2,-tls1.1", {{ProtocolVersion::ssl_2_0, false}, {ProtocolVersion::tls_1_1, false}}},
    {"tls1.2,tls1.2", {{ProtocolVersion::tls_1_2, true}}},
};

} // namespace

TEST_CASE("read_duration reads seconds within its bounds and nothing else") {
    for (const Duration& c : k_durations) {
        CAPTURE(c.text);
        const auto duration = read_duration(c.text, k_bounds);
        CHECK(duration.has_value() == c.ms.has_value());
        CHECK(duration.value_or(milliseconds{-1}).count() == c.ms.value_or(-1));
    }
}

TEST_CASE("a refused duration says what is allowed") {
    CHECK(read_duration("0", k_bounds).error() == "'0' is not within 0.05 to 300 seconds");
    CHECK(
        read_duration("soon", k_bounds).error() ==
        "'soon' is no number of seconds; 0.05 to 300 seconds are allowed"
    );
}

TEST_CASE("read_expectations reads versions that must and must not be accepted") {
    for (const Expect& c : k_expectations) {
        CAPTURE(c.text);
        const auto expectations = read_expectations(c.text);
        REQUIRE(expectations.has_value());
        std::vector<std::pair<ProtocolVersion, bool>> got;
        for (const auto& expectation : *expectations) {
            got.emplace_back(expectation.version, expectation.accepted);
        }
        CHECK((got == c.versions));
    }
}

TEST_CASE("read_expectations refuses what is no version, and contradictions") {
    for (const char* text : {"", "tls1.4", "tls1.2,", "!", "!!tls1.2", "tls1.2 tls1.3"}) {
        CAPTURE(text);
        CHECK_FALSE(read_expectations(text).has_value());
    }
    CHECK(read_expectations("tls1.2,!tls1.2").error() == "TLS 1.2 is both wanted and unwanted");
}

TEST_CASE("read_fail_on reads a list of words") {
    CHECK_FALSE(read_fail_on("problem")->warn);
    CHECK_FALSE(read_fail_on("problem")->unreachable);
    CHECK(read_fail_on("warn")->warn);
    CHECK(read_fail_on("problem, unreachable")->unreachable);
    CHECK_FALSE(read_fail_on("never").has_value());
    CHECK_FALSE(read_fail_on("").has_value());
}
