// SPDX-License-Identifier: Apache-2.0
// Which lines are blamed.
#include <doctest/doctest.h>

#include "config/guilt.hpp"
#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

namespace {

/// A file of eleven bytes a line, so that a line's place is its number.
struct Bench {
    Reading reading{};
    std::vector<Effective> effective{};

    Line line(std::size_t number, Aspect aspect, Role role = Role::effective) const {
        return {
            .statement = {FileId{}, number * 11, number * 11 + 10}, .aspect = aspect, .role = role
        };
    }

    void add(Service service, std::vector<VersionState> states, std::vector<Line> beneath = {}) {
        std::vector<Line> lines = service.lines;
        lines.insert(lines.end(), beneath.begin(), beneath.end());
        reading.services.push_back(std::move(service));
        effective.push_back({.versions = std::move(states), .lines = std::move(lines)});
    }

    std::string roles() {
        mark_guilty(reading, effective);
        std::string text;
        for (const Line& line : effective.front().lines) {
            text += line.role == Role::guilty ? 'g' : line.role == Role::inert ? 'i' : 'e';
        }
        return text;
    }
};

Bench bench() {
    Bench made;
    made.reading.sources.add("/x.conf", "aaaaaaaaaa\nSECLEVEL=0\ncccccccccc\ndddddddddd\n");
    return made;
}

} // namespace

TEST_CASE("the versions that are left out blame the line about versions") {
    Bench made = bench();
    made.add(
        {.lines =
             {made.line(0, Aspect::listen), made.line(2, Aspect::versions),
              made.line(3, Aspect::versions, Role::inert)}},
        states_of({ProtocolVersion::tls_1_3}, Obstacle::not_enabled)
    );
    CHECK(made.roles() == "egi");
}

TEST_CASE("without such a line the one that stands for the default is blamed") {
    Bench made = bench();
    made.add(
        {.lines = {made.line(0, Aspect::listen), made.line(2, Aspect::certificate)}},
        states_of({ProtocolVersion::tls_1_2}, Obstacle::not_enabled)
    );
    CHECK(made.roles() == "ge");
}

TEST_CASE("nobody is blamed where all is well") {
    Bench made = bench();
    made.add(
        {.lines = {made.line(0, Aspect::listen), made.line(2, Aspect::versions)}},
        states_of(k_modern_versions, Obstacle::not_enabled)
    );
    CHECK(made.roles() == "ee");
}

TEST_CASE("a policy of the library blames the library's file, not the server's line") {
    Bench made = bench();
    made.add(
        {.lines = {made.line(0, Aspect::versions)}},
        states_of({ProtocolVersion::tls_1_3}, Obstacle::system_policy),
        {made.line(2, Aspect::versions)}
    );
    CHECK(made.roles() == "eg");
}

TEST_CASE("old versions blame those who let them in") {
    Bench made = bench();
    made.add(
        {.lines =
             {made.line(0, Aspect::versions), made.line(1, Aspect::ciphers),
              made.line(2, Aspect::ciphers)}},
        states_of(
            VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3),
            Obstacle::not_enabled
        )
    );
    CHECK(made.roles() == "gge"); // the second list turns the security level off
}

TEST_CASE("clear text is nobody's fault where nobody meant TLS") {
    Bench plain = bench();
    plain.add(
        {.address = "0.0.0.0:80", .door = Door::plain, .lines = {plain.line(0, Aspect::listen)}},
        states_of({}, Obstacle::door)
    );
    CHECK(plain.roles() == "e");
    Bench meant = bench();
    meant.add(
        {.address = "0.0.0.0:443", .door = Door::plain, .lines = {meant.line(0, Aspect::listen)}},
        states_of({}, Obstacle::door)
    );
    CHECK(meant.roles() == "g");
}

TEST_CASE("where the server does not start, the lines that it refuses are to blame") {
    Bench made = bench();
    made.reading.fatal = {{.place = {FileId{}, 22, 25}, .what = "no"}};
    made.add(
        {.lines = {made.line(0, Aspect::versions), made.line(2, Aspect::ciphers)}},
        states_of({}, Obstacle::not_starting)
    );
    CHECK(made.roles() == "eg");
}

} // namespace tlsdoctor::config
