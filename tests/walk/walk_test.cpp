// SPDX-License-Identifier: Apache-2.0
// A client of Python's own, which every machine that builds this has.
#include "walk/walk.hpp"

#include <csignal>
#include <map>

#include <doctest/doctest.h>

namespace tlsdoctor::walk {

namespace {

using evidence::Reaction;
using evidence::WalkGroup;

const char* const k_script = "import ssl, socket, sys\n"
                             "c = ssl.create_default_context()\n"
                             "c.maximum_version = ssl.TLSVersion.TLSv1_2\n"
                             "s = socket.create_connection(('localhost', int(sys.argv[1])), 5)\n"
                             "c.wrap_socket(s, server_hostname='localhost').send(b'GET /\\n')\n";

WalkOptions walking(std::vector<std::string> words, std::vector<WalkGroup> groups) {
    return {
        .command =
            [words](std::uint16_t port) {
                process::Command command{.argv = words};
                command.argv.push_back(std::to_string(port));
                return command;
            },
        .groups = std::move(groups),
    };
}

} // namespace

TEST_CASE("a walk finds the versions that a client accepts, and what it says about failures") {
    WalkOptions options =
        walking({"/usr/bin/python3", "-c", k_script}, {WalkGroup::versions, WalkGroup::failures});
    std::size_t told = 0;
    options.on_progress = [&](const std::string&) {
        ++told;
    };
    const auto walked = walk(options, nullptr);
    REQUIRE_MESSAGE(walked.has_value(), walked.error());
    CHECK(walked->trusts_us);
    CHECK_FALSE(walked->cut);
    CHECK(told == walked->steps.size());
    std::map<std::string, evidence::WalkStep> steps;
    for (const auto& step : walked->steps) {
        steps[step.name] = step;
    }
    CHECK(steps["TLS 1.2"].acceptance == Reaction::accepted);
    CHECK(steps["TLS 1.3"].acceptance == Reaction::refused);
    CHECK(steps["alert_40"].exit_code == 1);
    CHECK(steps["alert_40"].text.contains("ALERT_HANDSHAKE_FAILURE"));
    CHECK(steps["cert_expired"].acceptance == Reaction::refused);
    CHECK(steps["cert_expired"].text.contains("expired"));
    CHECK(steps["port_closed"].text.contains("refused"));
}

TEST_CASE("an old version that is accepted with static RSA alone is not called refused") {
    // OpenSSL 3 refuses the SHA-1 of TLS 1.0's signatures with this list, and nothing else.
    std::string script = k_script;
    const std::string limit = "c.maximum_version = ssl.TLSVersion.TLSv1_2\n";
    const auto walked_with = [&](const std::string& setting) {
        std::string text = script;
        text.replace(text.find(limit), limit.size(), setting);
        const auto walked = walk(
            walking({"/usr/bin/python3", "-W", "ignore", "-c", text}, {WalkGroup::versions}),
            nullptr
        );
        REQUIRE_MESSAGE(walked.has_value(), walked.error());
        return walked->steps[1];
    };
    const std::string old = "c.minimum_version = ssl.TLSVersion.TLSv1\n";
    const auto either = walked_with(old + "c.set_ciphers('DEFAULT:@SECLEVEL=1')\n");
    CHECK(either.name == "TLS 1.0");
    CHECK(either.acceptance == Reaction::accepted);
    CHECK(either.only == "static RSA");
    const auto neither = walked_with(old + "c.set_ciphers('ECDHE:@SECLEVEL=1')\n");
    CHECK(neither.acceptance == Reaction::refused);
    const auto both = walked_with(old + "c.set_ciphers('DEFAULT:@SECLEVEL=0')\n");
    CHECK(both.acceptance == Reaction::accepted);
    CHECK(both.only.empty());
}

TEST_CASE("a client that never comes is unclear in everything") {
    const auto walked = walk(walking({"true"}, {WalkGroup::versions}), nullptr);
    REQUIRE(walked.has_value());
    for (const auto& step : walked->steps) {
        CHECK(step.acceptance == Reaction::unclear);
    }
    CHECK_FALSE(walked->trusts_us);
}

TEST_CASE("a program that cannot be started is not walked") {
    const auto walked = walk(walking({"/nowhere/x"}, {}), nullptr);
    REQUIRE_FALSE(walked.has_value());
    CHECK(walked.error() == "cannot run '/nowhere/x': No such file or directory");
}

TEST_CASE("a walk ends at its deadline, and with an interruption") {
    WalkOptions options = walking({"sh", "-c", "exec sleep 600"}, {WalkGroup::versions});
    options.deadline = milliseconds(300);
    const auto late = walk(options, nullptr);
    REQUIRE(late.has_value());
    CHECK(late->cut);
    for (const auto& step : late->steps) {
        CHECK(step.acceptance == Reaction::not_tested);
    }

    const process::Interruption interruption;
    std::raise(SIGINT);
    options.deadline = milliseconds(60'000);
    const auto cut = walk(options, &interruption);
    REQUIRE(cut.has_value());
    CHECK(cut->cut);
}

} // namespace tlsdoctor::walk
