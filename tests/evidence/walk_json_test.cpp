// SPDX-License-Identifier: Apache-2.0
#include "evidence/walk_json.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "evidence/client_json.hpp"

namespace tlsdoctor::evidence {

TEST_CASE("a walk comes back from its JSON as it was") {
    ClientVisit visit;
    visit.walk = Walk{.trusts_us = true, .runs = 3, .elapsed_ms = 12.5, .cut = true};
    visit.walk->steps = {
        {.group = WalkGroup::versions,
         .name = "TLS 1.0",
         .acceptance = Reaction::refused,
         .how = "the client sent alert 70 protocol_version",
         .alert = AlertDescription::protocol_version,
         .exit_code = 35,
         .ending = "exited",
         .text = "curl: (35) unsupported protocol",
         .ms = 31},
        {.group = WalkGroup::failures, .name = "silent", .ending = "timed_out"},
        {.group = WalkGroup::versions,
         .name = "TLS 1.1",
         .acceptance = Reaction::accepted,
         .only = "static RSA"},
    };
    const auto read = client_visit_from_json(json::serialize(to_json(visit)));
    REQUIRE(read.has_value());
    REQUIRE(read->walk.has_value());
    CHECK(json::serialize(to_json(*read->walk)) == json::serialize(to_json(*visit.walk)));
    CHECK(read->walk->steps[0].alert == AlertDescription::protocol_version);
    CHECK(read->walk->steps[1].acceptance == Reaction::not_tested);
    CHECK(read->walk->steps[2].only == "static RSA");
    CHECK_FALSE(client_visit_from_json(json::serialize(to_json(ClientVisit{})))->walk.has_value());
}

TEST_CASE("a walk with a word that is none is refused") {
    const auto read = client_visit_from_json(
        R"({"walk": {"steps": [{"group": "versions", "acceptance": "maybe"}]}})"
    );
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().where.contains("walk.steps[0].acceptance"));
}

} // namespace tlsdoctor::evidence
