// SPDX-License-Identifier: Apache-2.0
// Every recording of tests/causes/ is diagnosed again: what must be found, what must not, that each
// finding points at exchanges that exist, and that a visit that was cut claims nothing new.
#include "recordings.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "diagnose/diagnose.hpp"
#include "diagnose/rule.hpp"
#include "evidence/json.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Purpose;
using evidence::Visit;

std::set<std::string> ids_in(const Visit& visit) {
    std::set<std::string> ids;
    for (const Endpoint& endpoint : visit.endpoints) {
        for (const Exchange& exchange : endpoint.exchanges) {
            ids.insert(exchange.id);
        }
        if (endpoint.handshake) {
            ids.insert(endpoint.handshake->id);
        }
        for (const evidence::Replay& replay : endpoint.replays) {
            ids.insert(replay.exchange.id);
        }
    }
    return ids;
}

/// The question as it looks before it was asked.
void forget(Exchange& exchange) {
    exchange = {.id = exchange.id, .purpose = exchange.purpose, .offer = exchange.offer};
}

Visit cut_at(const Visit& whole, std::size_t endpoint, std::size_t exchange) {
    Visit cut = whole;
    cut.interrupted = true;
    forget(cut.endpoints[endpoint].exchanges[exchange]);
    return cut;
}

/// Everything from this exchange on is missing, as after Ctrl-C.
Visit cut_from(const Visit& whole, std::size_t endpoint, std::size_t exchange) {
    Visit cut = whole;
    cut.interrupted = true;
    for (std::size_t i = endpoint; i < cut.endpoints.size(); ++i) {
        auto& exchanges = cut.endpoints[i].exchanges;
        for (std::size_t j = i == endpoint ? exchange : 0; j < exchanges.size(); ++j) {
            forget(exchanges[j]);
        }
        cut.endpoints[i].handshake.reset();
    }
    return cut;
}

/// What the hellos for the versions show without the search behind them.
Visit before_the_search(const Visit& whole) {
    Visit part = whole;
    for (Endpoint& endpoint : part.endpoints) {
        std::erase_if(endpoint.exchanges, [](const Exchange& exchange) {
            return exchange.purpose != Purpose::version && exchange.purpose != Purpose::name &&
                   exchange.purpose != Purpose::banner;
        });
    }
    return part;
}

/// The causes that a visit may show when it is cut: its own, those that its own ones make
/// pointless, and those that the search was to look behind.
std::vector<std::string> causes_on_the_way(const Visit& visit, const Question& question) {
    std::vector<std::string> causes = causes_of(diagnose(visit, question));
    const auto own = causes;
    for (const std::span<const Rule> table : {name_rules(), pair_rules(), path_rules()}) {
        for (const Rule& rule : table) {
            if (has(own, rule.cause)) {
                causes.insert(causes.end(), rule.overrides.begin(), rule.overrides.end());
            }
        }
    }
    const auto before = causes_of(diagnose(before_the_search(visit), question));
    causes.insert(causes.end(), before.begin(), before.end());
    return causes;
}

void check_no_new_failure(
    const std::string& name, const std::vector<std::string>& known, const Visit& cut,
    const Question& question
) {
    for (const Finding& finding : diagnose(cut, question).findings) {
        const bool fails = finding.status == Status::fail;
        CHECK_MESSAGE(
            (!fails || has(known, finding.cause->name)), name, " was cut and claims ",
            finding.cause->name, ": ", finding.summary
        );
    }
}

} // namespace

TEST_CASE("every recording shows what it must and nothing that it must not") {
    REQUIRE(recordings().size() >= 50);
    for (const Recording& recording : recordings()) {
        const auto found = causes_of(diagnose(recording.visit, recording.question));
        INFO(recording.name, ": ", recording.what);
        INFO("found: ", joined(found, ", "));
        for (const std::string& cause : recording.must) {
            CHECK_MESSAGE(has(found, cause), cause, " must be found");
        }
        for (const std::string& cause : recording.must_not) {
            CHECK_MESSAGE(!has(found, cause), cause, " must not be found");
        }
        const bool any = recording.verdict.empty();
        CHECK_MESSAGE(
            (any || found.front() == recording.verdict), "the verdict must be ", recording.verdict
        );
    }
}

TEST_CASE("every finding cites exchanges of the recording, and a failure cites some") {
    for (const Recording& recording : recordings()) {
        const auto ids = ids_in(recording.visit);
        for (const Finding& finding : diagnose(recording.visit, recording.question).findings) {
            INFO(recording.name, ": ", finding.cause->name);
            for (const Citation& citation : finding.evidence) {
                CHECK_MESSAGE(
                    ids.contains(citation.exchange), citation.exchange, " does not exist"
                );
                CHECK(!citation.text.empty());
            }
            // Where the name cannot be resolved nothing is exchanged.
            const bool needs = (finding.status == Status::fail || finding.status == Status::warn) &&
                               finding.cause->name != "dns_failure";
            CHECK((!needs || !finding.evidence.empty()));
            CHECK(finding.summary.ends_with('.'));
        }
    }
}

TEST_CASE("findings stand worst first, each cause of one address once") {
    for (const Recording& recording : recordings()) {
        const auto findings = diagnose(recording.visit, recording.question).findings;
        INFO(recording.name);
        CHECK(std::ranges::is_sorted(findings, worse));
        std::set<std::pair<std::string, std::string_view>> seen;
        for (const Finding& finding : findings) {
            CHECK(seen.emplace(finding.address, finding.cause->name).second);
        }
    }
}

TEST_CASE("every recording reads back as it was written") {
    for (const Recording& recording : recordings()) {
        INFO(recording.name);
        const std::string once = evidence::pretty(evidence::to_json(recording.visit));
        const auto again = evidence::visit_from_json(once);
        REQUIRE(again);
        CHECK(evidence::pretty(evidence::to_json(*again)) == once);
    }
}

TEST_CASE("a recording with one answer missing claims no failure that the whole one does not show"
) {
    for (const Recording& recording : recordings()) {
        const auto known = causes_on_the_way(recording.visit, recording.question);
        for (std::size_t i = 0; i < recording.visit.endpoints.size(); ++i) {
            for (std::size_t j = 0; j < recording.visit.endpoints[i].exchanges.size(); ++j) {
                check_no_new_failure(
                    recording.name + " without " + recording.visit.endpoints[i].exchanges[j].id,
                    known, cut_at(recording.visit, i, j), recording.question
                );
            }
        }
    }
}

TEST_CASE("a recording that was cut anywhere claims no failure that the whole one does not show") {
    for (const Recording& recording : recordings()) {
        const auto known = causes_on_the_way(recording.visit, recording.question);
        for (std::size_t i = 0; i < recording.visit.endpoints.size(); ++i) {
            for (std::size_t j = 0; j < recording.visit.endpoints[i].exchanges.size(); ++j) {
                check_no_new_failure(
                    recording.name + " from " + recording.visit.endpoints[i].exchanges[j].id +
                        " on",
                    known, cut_from(recording.visit, i, j), recording.question
                );
            }
        }
    }
}

} // namespace tlsdoctor::diagnose
