// SPDX-License-Identifier: Apache-2.0
#include "registry/cause.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace tlsdoctor {

TEST_CASE("no two causes share a name or a rank, and every row is found") {
    std::set<std::string_view> names;
    std::set<std::uint16_t> ranks;
    for (const CauseInfo& row : causes()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(ranks.insert(row.rank).second);
        CHECK(find_cause(row.name) == &row);
        CHECK(
            row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
            std::string_view::npos
        );
        CHECK(row.title.ends_with('.'));
    }
}

TEST_CASE("the causes that the manual promises exist with their exit codes") {
    struct Case {
        std::string_view name{};
        Status status{};
        Side side{};
        int exit_code{};
    };
    constexpr Case cases[] = {
        {"healthy", Status::ok, Side::none, 0},
        {"server_only_tls13", Status::fail, Side::server, 1},
        {"legacy_versions_enabled", Status::warn, Side::server, 0},
        {"no_tls13", Status::warn, Side::server, 0},
        {"port_closed", Status::fail, Side::server, 3},
        {"dns_failure", Status::fail, Side::network, 3},
        {"not_tls_plain_http", Status::fail, Side::not_tls, 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const CauseInfo* row = find_cause(c.name);
        REQUIRE(row != nullptr);
        CHECK(row->status == c.status);
        CHECK(row->side == c.side);
        CHECK(row->exit_code == c.exit_code);
    }
}

TEST_CASE("exit codes are those of the manual, and a healthy verdict exits with 0") {
    constexpr int allowed[] = {0, 1, 3, 4};
    for (const CauseInfo& row : causes()) {
        CAPTURE(row.name);
        CHECK(std::ranges::find(allowed, int{row.exit_code}) != std::end(allowed));
        const bool harmless = row.status == Status::ok || row.status == Status::warn;
        CHECK(harmless == (row.exit_code == 0));
    }
}

TEST_CASE("names that are no cause are not found") {
    constexpr std::string_view cases[] = {"", "Healthy", "healthy ", "zzz", "server_only", "aaa"};
    for (const std::string_view name : cases) {
        CAPTURE(name);
        CHECK(find_cause(name) == nullptr);
    }
}

TEST_CASE("status, side and confidence are named as in the JSON") {
    CHECK(name_of(Status::fail) == "fail");
    CHECK(name_of(Status::unsure) == "unsure");
    CHECK(name_of(Status::warn) == "warn");
    CHECK(name_of(Status::ok) == "ok");
    CHECK(name_of(Side::server) == "server");
    CHECK(name_of(Side::client) == "client");
    CHECK(name_of(Side::middlebox) == "middlebox");
    CHECK(name_of(Side::network) == "network");
    CHECK(name_of(Side::not_tls) == "not_tls");
    CHECK(name_of(Side::none) == "none");
    CHECK(name_of(Side::unclear) == "unclear");
    CHECK(name_of(Confidence::proven) == "proven");
    CHECK(name_of(Confidence::likely) == "likely");
    CHECK(name_of(Confidence::possible) == "possible");
}

} // namespace tlsdoctor
