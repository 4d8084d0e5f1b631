// SPDX-License-Identifier: Apache-2.0
#include "report/walk.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

namespace tlsdoctor::report {

namespace {

using evidence::Reaction;
using evidence::WalkGroup;

evidence::Walk some_walk() {
    evidence::Walk walk{.trusts_us = true, .runs = 5, .elapsed_ms = 1'234.5};
    walk.steps = {
        {.group = WalkGroup::versions,
         .name = "TLS 1.1",
         .acceptance = Reaction::refused,
         .how = "the client sent alert 70 protocol_version",
         .alert = AlertDescription::protocol_version,
         .exit_code = 35,
         .ending = "exited",
         .text = "unsupported\x1b[2J"},
        {.group = WalkGroup::versions,
         .name = "TLS 1.2",
         .acceptance = Reaction::accepted,
         .how = "completed the handshake (TLS 1.2)",
         .exit_code = 0,
         .ending = "exited"},
        {.group = WalkGroup::suites, .name = "3DES", .acceptance = Reaction::not_offered},
        {.group = WalkGroup::suites, .name = "DHE 2048", .acceptance = Reaction::unclear},
        {.group = WalkGroup::failures,
         .name = "cert_expired",
         .acceptance = Reaction::accepted,
         .exit_code = 0,
         .ending = "exited"},
        {.group = WalkGroup::failures,
         .name = "silent",
         .acceptance = Reaction::refused,
         .ending = "timed_out"},
    };
    return walk;
}

std::string written(const evidence::Walk& walk, bool all) {
    Page page{Look{}};
    write_walk(page, walk, all);
    return page.text();
}

} // namespace

TEST_CASE("accepts has every group, and is empty without a walk") {
    CHECK(accepts_json(std::nullopt).empty());
    const json::object accepts = accepts_json(some_walk());
    CHECK(accepts.at("versions").at("TLS 1.2").at("accepted") == true);
    CHECK(accepts.at("versions").at("TLS 1.1").at("accepted") == false);
    CHECK(accepts.at("versions").at("TLS 1.1").at("alert").at("code") == 70);
    CHECK(accepts.at("suites").at("3DES").at("outcome") == "not_offered");
    CHECK(accepts.at("suites").at("DHE 2048").at("accepted").is_null());
    CHECK(accepts.at("failures").at("silent").at("exit_code").is_null());
    CHECK(accepts.at("groups").as_object().empty());
    CHECK(accepts.at("complete") == true);
    const std::string text{accepts.at("versions").at("TLS 1.1").at("text").as_string()};
    CHECK(text == "unsupported\\x1b[2J");
}

TEST_CASE("the screen says what is accepted, refused, and not noticed") {
    const std::string few = written(some_walk(), false);
    CHECK(few.contains("TLS 1.2; refuses TLS 1.1"));
    CHECK(few.contains("none; does not offer 3DES; not found out: DHE 2048"));
    CHECK(few.contains("does not notice cert_expired"));
    CHECK(few.contains("5 runs in 1.2 s"));
    CHECK_FALSE(few.contains("silent"));
    CHECK(written(some_walk(), true).contains("silent: timed_out"));
}

TEST_CASE("a version that is accepted in one way alone, and a walk that was cut, say so") {
    evidence::Walk walk = some_walk();
    walk.cut = true;
    walk.steps[0].acceptance = Reaction::accepted;
    walk.steps[0].only = "static RSA";
    walk.steps[3].acceptance = Reaction::not_tested;
    const std::string text = written(walk, false);
    CHECK(text.contains("TLS 1.1 with static RSA only, TLS 1.2"));
    CHECK(text.contains("cut before the end: 1 of 6 not tried"));
    const json::object accepts = accepts_json(walk);
    CHECK(accepts.at("complete") == false);
    CHECK(accepts.at("versions").at("TLS 1.1").at("only") == "static RSA");
    CHECK(accepts.at("versions").at("TLS 1.2").at("only").is_null());
}

} // namespace tlsdoctor::report
