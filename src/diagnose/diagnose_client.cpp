// SPDX-License-Identifier: Apache-2.0
// Runs the tables for clients, drops what a finding makes pointless, and puts the worst one first.
#include "diagnose/diagnose_client.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/diagnose.hpp"

namespace tlsdoctor::diagnose {

namespace {

std::optional<Finding> apply_to_client(const ClientRule& rule, const ClientCase& client) {
    std::vector<Citation> shown;
    for (const ClientCondition& condition : rule.all_of) {
        Proof proof = condition.holds(client);
        if (!proof) {
            return std::nullopt;
        }
        std::ranges::move(*proof, std::back_inserter(shown));
    }
    const CauseInfo* const cause = find_cause(rule.cause);
    assume(cause != nullptr, "a rule without a row in data/causes.tsv");
    const Status status = rule.status == nullptr ? cause->status : rule.status(client);
    return Finding{
        .cause = cause,
        .status = status,
        .side = status == Status::ok ? Side::none : Side::client,
        .confidence = rule.confidence,
        .summary = rule.summary(client),
        .evidence = std::move(shown),
        .refuted_by = std::string{rule.refuted_by},
    };
}

bool is_overridden(const Finding& finding, const std::vector<const ClientRule*>& fired) {
    return std::ranges::any_of(fired, [&](const ClientRule* rule) {
        return std::ranges::find(rule->overrides, finding.cause->name) != rule->overrides.end();
    });
}

std::string ending_words(const evidence::ProgramRun& program) {
    if (program.ending == "not_started") {
        return harmless(program.error);
    }
    if (program.ending == "timed_out") {
        return "the program had not ended at the deadline (--deadline gives it more time)";
    }
    if (program.signal) {
        return fmt::format("the program was ended by signal {}", *program.signal);
    }
    return fmt::format("the program ended with exit code {}", program.exit_code.value_or(0));
}

/// What to do where there is no hello and no word about why.
std::string nothing_heard(const evidence::ClientVisit& visit) {
    if (visit.interrupted) {
        return "The recording was cut before a client came.";
    }
    if (!visit.hellos.empty()) {
        return "No connection carried a hello, and nothing that was printed says why.";
    }
    if (!visit.program) {
        return fmt::format(
            "No client came to port {}: point it at localhost:{}.", visit.port, visit.port
        );
    }
    return fmt::format(
        "Nothing connected to port {}: {}. Let the command use {{}} as its target (or {{host}} and "
        "{{port}}), without a proxy (NO_PROXY=localhost).",
        visit.port, ending_words(*visit.program)
    );
}

Finding unknown_client(const evidence::ClientVisit& visit) {
    const CauseInfo* const cause = find_cause("unknown");
    Finding finding{
        .cause = cause,
        .status = cause->status,
        .side = cause->side,
        .confidence = Confidence::possible,
        .summary = nothing_heard(visit),
    };
    std::ranges::transform(
        visit.hellos, std::back_inserter(finding.evidence),
        [](const evidence::HeardHello& hello) { return cite(hello); }
    );
    return finding;
}

} // namespace

Diagnosis diagnose(const evidence::ClientVisit& visit) {
    const ClientCase client = open_client_case(visit);
    const std::span<const ClientRule> tables[] = {
        client_silence_rules(), client_version_rules(), client_offer_rules()
    };
    std::vector<Finding> findings;
    std::vector<const ClientRule*> fired;
    for (const std::span<const ClientRule> table : tables) {
        for (const ClientRule& rule : table) {
            if (auto finding = apply_to_client(rule, client)) {
                findings.push_back(*std::move(finding));
                fired.push_back(&rule);
            }
        }
    }
    std::erase_if(findings, [&](const Finding& finding) { return is_overridden(finding, fired); });
    if (findings.empty()) {
        findings.push_back(unknown_client(visit));
    }
    std::ranges::stable_sort(findings, worse);
    return {.findings = std::move(findings)};
}

} // namespace tlsdoctor::diagnose
