// SPDX-License-Identifier: Apache-2.0
#include "registry/alert.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace tlsdoctor {

TEST_CASE("the table of alerts is sorted and complete in every column, and no name occurs twice") {
    CHECK(
        std::ranges::adjacent_find(alerts(), std::ranges::greater_equal{}, &AlertInfo::id) ==
        alerts().end()
    );
    std::set<std::string_view> names;
    for (const AlertInfo& row : alerts()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(find(row.id) == &row);
        CHECK(alert_named(row.name) == row.id);
        CHECK_FALSE(row.reference.empty());
        CHECK_FALSE(row.meaning.empty());
        CHECK_FALSE(row.sender.empty());
        CHECK_FALSE(row.causes.empty());
    }
    CHECK(names.size() >= 35);
}

TEST_CASE("alerts have the registry's names") {
    struct Case {
        AlertDescription alert{};
        std::string_view expected{};
    };
    constexpr Case cases[] = {
        {AlertDescription::close_notify, "close_notify"},
        {AlertDescription::unexpected_message, "unexpected_message"},
        {AlertDescription::bad_record_mac, "bad_record_mac"},
        {AlertDescription::handshake_failure, "handshake_failure"},
        {AlertDescription::illegal_parameter, "illegal_parameter"},
        {AlertDescription::decode_error, "decode_error"},
        {AlertDescription::protocol_version, "protocol_version"},
        {AlertDescription::insufficient_security, "insufficient_security"},
        {AlertDescription::internal_error, "internal_error"},
        {AlertDescription::inappropriate_fallback, "inappropriate_fallback"},
        {AlertDescription::missing_extension, "missing_extension"},
        {AlertDescription::unrecognized_name, "unrecognized_name"},
        {AlertDescription::certificate_required, "certificate_required"},
        {AlertDescription::no_application_protocol, "no_application_protocol"},
        {AlertDescription{48}, "unknown_ca"},
        {AlertDescription{100}, "no_renegotiation"},
    };
    for (const Case& c : cases) {
        CHECK(name_of(c.alert) == c.expected);
    }
}

TEST_CASE("unknown alerts and levels keep their number") {
    CHECK(find(AlertDescription{200}) == nullptr);
    CHECK(name_of(AlertDescription{200}) == "unknown(200)");
    CHECK(name_of(AlertLevel::warning) == "warning");
    CHECK(name_of(AlertLevel::fatal) == "fatal");
    CHECK(name_of(AlertLevel{3}) == "unknown(3)");
    CHECK(name_of(AlertLevel{0}) == "unknown(0)");
}

TEST_CASE("an alert is found by number, even an unknown one, or by name in any case") {
    struct Case {
        std::string_view text{};
        std::optional<AlertDescription> expected{};
    };
    constexpr Case cases[] = {
        {"70", AlertDescription::protocol_version},
        {" 70 ", AlertDescription::protocol_version},
        {"Protocol_Version", AlertDescription::protocol_version},
        {"UNRECOGNIZED_NAME", AlertDescription::unrecognized_name},
        {"0", AlertDescription::close_notify},
        {"200", AlertDescription{200}},
        {"255", AlertDescription{255}},
        {"256", std::nullopt},
        {"-1", std::nullopt},
        {"70x", std::nullopt},
        {"", std::nullopt},
        {"protocol", std::nullopt},
        {"unknown(200)", std::nullopt},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(alert_named(c.text) == c.expected);
    }
}

} // namespace tlsdoctor
