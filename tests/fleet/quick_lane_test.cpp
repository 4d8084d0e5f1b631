// SPDX-License-Identifier: Apache-2.0
// The quick lane against servers on loopback, held to FullLane: the same lines, but for the times.
#include "fleet/quick_lane.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "doctor/servers.hpp"
#include "fleet/full_lane.hpp"
#include "fleet/settled.hpp"

namespace tlsdoctor::fleet {
namespace {

using doctor::test::Behaviour;
using doctor::test::local;
using doctor::test::Servers;
using doctor::test::tls;
using test::settings_for_versions;
using test::without_times;
using enum ProtocolVersion;

/// Runs a lane over the targets; returns the lines in their order.
template <typename AnyLane>
std::vector<std::string>
lines_of(const std::vector<evidence::Target>& targets, const LaneSettings& settings) {
    net::Loop loop;
    AnyLane lane(loop, settings);
    std::vector<std::string> lines(targets.size());
    loop.hold();
    std::size_t left = targets.size();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        Job job{.target = targets[i], .addresses = std::vector{targets[i].host}};
        lane.begin(std::move(job), [&, i](Judged judged) {
            CHECK(lines[i].empty());
            CHECK(judged.gist != nullptr);
            lines[i] = without_times(judged.line) + judged.text;
            if (--left == 0) {
                loop.release();
            }
        });
    }
    loop.run();
    CHECK(left == 0);
    return lines;
}

Behaviour says(std::string reply) {
    return {.reply = std::move(reply)};
}

} // namespace

TEST_CASE("the quick lane says what the full one says") {
    using namespace std::string_literals;
    const std::vector<Behaviour> behaviours = {
        tls(tls_1_2, tls_1_3),
        tls(tls_1_3, tls_1_3),
        tls(tls_1_0, tls_1_2),
        tls(tls_1_0, tls_1_0),
        says("\x15\x03\x01\x00\x02\x02\x46"s),
        says("\x15\x03\x03\x00\x02\x02\x28"s),
        says("\x15\x03\x03\x00\x02\x01\x70"s),
        says("\x15\x03\x03\x00\x02\x02\x28#08S01Bad handshake"s),
        says("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n"),
        says("220 mail.example ESMTP Postfix\r\n"),
        says("\x16\x03\x03\x40"s),
        says("\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00"s),
        says("what is this?\n"),
    };
    const Servers servers(behaviours);
    std::vector<evidence::Target> targets;
    for (std::size_t i = 0; i < behaviours.size(); ++i) {
        targets.push_back(local(servers.port(i)));
        evidence::Target named = local(servers.port(i));
        named.sni = "www.server.example";
        targets.push_back(named);
    }
    targets.push_back(local(servers.closed_port()));
    const LaneSettings settings = settings_for_versions();
    const auto full = lines_of<FullLane>(targets, settings);
    const auto first = lines_of<QuickLane>(targets, settings);
    std::vector<evidence::Target> twice = targets;
    twice.insert(twice.end(), targets.begin(), targets.end());
    const auto again = lines_of<QuickLane>(twice, settings);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        CAPTURE(i);
        CHECK(first[i] == full[i]);
        CHECK(again[i] == full[i]);
        CHECK(again[targets.size() + i] == full[i]);
    }
}

TEST_CASE("silence is waited for, and a deadline ends it, whatever is under way") {
    const Servers servers({{.silent = true}, tls(tls_1_2, tls_1_3)});
    const std::vector<evidence::Target> targets = {
        local(servers.port(0)), local(servers.port(1)), local(servers.closed_port())
    };
    LaneSettings settings = settings_for_versions();
    settings.visit.answer_timeout = milliseconds(60);
    const auto quick = lines_of<QuickLane>(targets, settings);
    CHECK(quick == lines_of<FullLane>(targets, settings));
    settings.visit.answer_timeout = milliseconds(20'000);
    settings.visit.deadline = milliseconds(150);
    const auto cut = lines_of<QuickLane>({targets[0]}, settings);
    CHECK(cut.front().find("\"interrupted\": true") != std::string::npos);
}

TEST_CASE("few connections at once, or at a slow pace, lead to the same lines") {
    const Servers servers({tls(tls_1_2, tls_1_3), says("\x15\x03\x01")});
    const std::vector<evidence::Target> targets = {
        local(servers.port(0)), local(servers.port(1)), local(servers.port(0))
    };
    LaneSettings settings = settings_for_versions();
    const auto expected = lines_of<FullLane>(targets, settings);
    settings.per_host = 1;
    CHECK(lines_of<QuickLane>(targets, settings) == expected);
    settings.per_host = 16;
    settings.connections = 1;
    CHECK(lines_of<QuickLane>(targets, settings) == expected);
    net::Pace pace(500);
    settings.pace = &pace;
    settings.connections = 100;
    CHECK(lines_of<QuickLane>(targets, settings) == expected);
}

TEST_CASE("cancel_all hands out what is under way") {
    const Servers servers(std::vector<Behaviour>{{.silent = true}});
    const LaneSettings settings = settings_for_versions();
    net::Loop loop;
    QuickLane lane(loop, settings);
    std::string line;
    const auto address = local(servers.port(0));
    lane.begin({.target = address, .addresses = std::vector{address.host}}, [&](Judged judged) {
        line = judged.line;
    });
    CHECK(line.empty());
    loop.post([&] { loop.cancel_all(); });
    loop.run();
    CHECK(line.find("\"interrupted\": true") != std::string::npos);
}

TEST_CASE("only versions are the quick lane's") {
    LaneSettings settings = settings_for_versions();
    CHECK(QuickLane::serves(settings));
    settings.visit.repeat = 2;
    CHECK_FALSE(QuickLane::serves(settings));
    settings.visit.repeat = 1;
    settings.visit.versions_only = false;
    CHECK_FALSE(QuickLane::serves(settings));
}

} // namespace tlsdoctor::fleet
