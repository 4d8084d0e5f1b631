// SPDX-License-Identifier: Apache-2.0
// Whole runs against servers of this process: every target comes out exactly once, whatever its
// peer does, and who must not be touched is not.
#include "fleet/engine.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "fleet/words.hpp"
#include "peer/background_servers.hpp"
#include "peer/scripts.hpp"

namespace tlsdoctor::fleet {
namespace {

using testing::read_word;
using testing::TemporaryFile;

/// Servers that refuse, send garbage, reset and stay silent.
peer::BackgroundServers started_servers(std::function<void()> at_connection = {}) {
    std::vector<peer::Behaviour> behaviours(4);
    behaviours[0].script = [](ByteView) {
        return peer::alert_record(AlertDescription::handshake_failure);
    };
    behaviours[1].script = [](ByteView) {
        return peer::garbage();
    };
    behaviours[2].ending = peer::Ending::resets;
    behaviours[3].listens = false;
    for (peer::Behaviour& behaviour : behaviours) {
        behaviour.at_connection = at_connection;
    }
    auto servers = peer::BackgroundServers::start(std::move(behaviours));
    REQUIRE(servers.has_value());
    return std::move(*servers);
}

EngineOptions quick_options() {
    EngineOptions options;
    options.threads = 2;
    options.lane.visit.versions_only = true;
    options.lane.visit.answer_timeout = milliseconds{500};
    options.lane.visit.deadline = std::chrono::seconds{20};
    options.lane.connections = 64;
    options.lane.json.command = "scan";
    options.lane.exit_code = [](const diagnose::Diagnosis&, bool) {
        return 1;
    };
    options.seed = 7;
    return options;
}

/// What a run handed out.
struct Heard {
    std::map<std::string, int> lines{}; ///< by target
    std::map<std::string, int> causes{};
    std::map<std::string, int> excluded{};
    int problems{};

    EngineHooks hooks() {
        return {
            .on_result =
                [this](const evidence::Target& target, const Judged& result) {
                    CHECK(result.line.ends_with("}\n"));
                    CHECK(result.line.starts_with("{\"schema\""));
                    CHECK(std::count(result.line.begin(), result.line.end(), '\n') == 1);
                    ++lines[fmt::format("{}:{}", target.host, target.port)];
                    ++causes[result.gist->cause];
                    return true;
                },
            .on_problem = [this](const SourceProblem&) { ++problems; },
            .on_excluded =
                [this](const evidence::Target& target, const std::string&) {
                    ++excluded[target.host];
                },
        };
    }
};

TEST_CASE("every target of a run comes out exactly once") {
    const auto servers = started_servers();
    std::string list;
    constexpr int k_hosts = 20;
    for (int host = 1; host <= k_hosts; ++host) {
        for (std::size_t server = 0; server < 4; ++server) {
            list += fmt::format("127.0.0.{}:{}\n", host, servers.port(server));
        }
    }
    list += "not a target\n127.0.0.1:" + std::to_string(servers.port(0)) + "\n";
    const TemporaryFile file{list};
    TargetSource source{{.files = {file.path()}, .read_word = read_word}};
    REQUIRE(source.open().has_value());
    Heard heard;
    const EngineHooks hooks = heard.hooks();
    const EngineEnd end = run(source, quick_options(), hooks);
    CHECK_FALSE(end.interrupted);
    CHECK(end.unfinished == 0);
    CHECK(end.state.done == 4 * k_hosts);
    CHECK(heard.lines.size() == 4 * k_hosts);
    for (const auto& [target, count] : heard.lines) {
        CAPTURE(target);
        CHECK(count == 1);
    }
    CHECK(heard.problems == 1);
    CHECK(source.counts().duplicates == 1);
    CHECK(heard.causes["port_closed"] >= k_hosts); // those of 127.0.0.2 and up are closed as well
}

TEST_CASE("an excluded address is never connected to, nor by a name that leads there") {
    std::atomic<int> connections{};
    const auto servers = started_servers([&] { ++connections; });
    Exclusion exclusion;
    REQUIRE(exclusion.add({.block = *read_block("127.0.0.0/8")}, read_word).has_value());
    REQUIRE(exclusion.add({.block = *read_block("::1/128")}, read_word).has_value());
    TargetSource source{{
        .words =
            {fmt::format("localhost:{}", servers.port(0)),
             fmt::format("127.0.0.1:{}", servers.port(0))},
        .read_word = read_word,
        .exclusion = &exclusion,
    }};
    REQUIRE(source.open().has_value());
    EngineOptions options = quick_options();
    options.exclusion = &exclusion;
    Heard heard;
    const EngineHooks hooks = heard.hooks();
    const EngineEnd end = run(source, options, hooks);
    CHECK(end.state.done == 0);
    CHECK(end.state.excluded == 1);
    CHECK(heard.excluded["localhost"] >= 1);
    CHECK(heard.lines.empty());
    CHECK(connections == 0);
}

TEST_CASE("a run ends at once where it is interrupted, or its output fails") {
    const auto servers = started_servers();
    const std::string word = fmt::format("127.0.0.0/20:{}", servers.port(0));
    SUBCASE("interrupted") {
        TargetSource source{{.words = {word}, .read_word = read_word}};
        REQUIRE(source.open().has_value());
        Heard heard;
        EngineHooks hooks = heard.hooks();
        hooks.interrupted = [] {
            return true;
        };
        const EngineEnd end = run(source, quick_options(), hooks);
        CHECK(end.interrupted);
        CHECK(end.state.done < 4'096);
    }
    SUBCASE("no more output") {
        TargetSource source{{.words = {word}, .read_word = read_word}};
        REQUIRE(source.open().has_value());
        Heard heard;
        EngineHooks hooks = heard.hooks();
        hooks.on_result = [](const evidence::Target&, const Judged&) {
            return false;
        };
        const EngineEnd end = run(source, quick_options(), hooks);
        CHECK(end.stopped);
        CHECK(end.state.done == 1);
    }
}

TEST_CASE("a rate is kept over all threads") {
    const auto servers = started_servers();
    EngineOptions options = quick_options();
    options.rate = 500;
    TargetSource source{
        {.words = {fmt::format("127.0.1.0/27:{}", servers.port(3))}, .read_word = read_word}
    };
    REQUIRE(source.open().has_value());
    Heard heard;
    const EngineHooks hooks = heard.hooks();
    const TimePoint begun = Clock::now();
    const EngineEnd end = run(source, options, hooks);
    CHECK(end.state.done == 32);
    CHECK(Clock::now() - begun >= milliseconds{50}); // 32 connections, 2 ms apart
}

} // namespace
} // namespace tlsdoctor::fleet
