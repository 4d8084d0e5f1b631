// SPDX-License-Identifier: Apache-2.0
// Sums up; decides nothing.
#include "fleet/gist.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "evidence/facts.hpp"
#include "registry/version.hpp"
#include "report/quiet.hpp"
#include "report/words.hpp"

namespace tlsdoctor::fleet {

namespace {

/// What the system says where it has nothing left; see net::ConnectFailure::exhausted.
bool is_of_exhaustion(std::string_view error) {
    constexpr std::array k_exhausted = {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL};
    return std::ranges::any_of(k_exhausted, [&](int code) { return error == std::strerror(code); });
}

std::uint8_t bit_of(ProtocolVersion version) {
    const auto* const at = std::ranges::find(k_versions, version);
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(at - k_versions.begin()));
}

/// The first stack that was named; one name suffices for counting.
std::string stack_in(const diagnose::Diagnosis& diagnosis) {
    for (const auto& stack : diagnosis.stacks) {
        if (stack && diagnose::is_named(*stack)) {
            return stack->name;
        }
    }
    return {};
}

} // namespace

Gist gist_of(const advise::CaseFile& file, const LaneSettings& settings) {
    const diagnose::Finding& verdict = report::verdict_of(file);
    Gist gist{
        .status = verdict.status,
        .cause = std::string(verdict.cause->name),
        .side = std::string(name_of(verdict.side)),
        .stack = stack_in(file.diagnosis),
        .exit_code = settings.exit_code(file.diagnosis, file.visit.interrupted),
    };
    for (const evidence::Endpoint& endpoint : file.visit.endpoints) {
        gist.reached = gist.reached || endpoint.reach == evidence::Reach::open;
        for (const ProtocolVersion version : evidence::accepted_versions(endpoint)) {
            gist.accepted |= bit_of(version);
        }
    }
    return gist;
}

bool was_exhausted(const evidence::Visit& visit) {
    return std::ranges::any_of(visit.endpoints, [](const evidence::Endpoint& endpoint) {
        const bool in_an_exchange =
            std::ranges::any_of(endpoint.exchanges, [](const evidence::Exchange& exchange) {
                return exchange.outcome == evidence::Outcome::not_tested &&
                       is_of_exhaustion(exchange.error);
            });
        return in_an_exchange ||
               (endpoint.handshake && is_of_exhaustion(endpoint.handshake->failure));
    });
}

Judged judged(const advise::CaseFile& file, const LaneSettings& settings) {
    Judged result;
    if (settings.wants_json) {
        result.line = report::json_line(report::to_json(file, settings.json));
    }
    if (settings.wants_text) {
        result.text = report::quiet_line(file, settings.utf8);
    }
    result.gist = std::make_shared<const Gist>(gist_of(file, settings));
    result.exhausted = was_exhausted(file.visit);
    return result;
}

} // namespace tlsdoctor::fleet
