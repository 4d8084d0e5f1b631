// SPDX-License-Identifier: Apache-2.0
// Runs the rule tables over each endpoint, drops what a finding makes pointless, compares the
// endpoints, and puts the worst finding first.
#include "diagnose/diagnose.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"
#include "diagnose/compare.hpp"
#include "diagnose/notes.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Reach;
using evidence::Visit;

std::optional<Finding> apply(const Rule& rule, const Case& visit) {
    std::vector<Citation> evidence;
    for (const Condition& condition : rule.all_of) {
        Proof proof = condition.holds(visit);
        if (!proof) {
            return std::nullopt;
        }
        std::ranges::move(*proof, std::back_inserter(evidence));
    }
    const CauseInfo* const cause = find_cause(rule.cause);
    assume(cause != nullptr, "a rule without a row in data/causes.tsv");
    return Finding{
        .cause = cause,
        .status = rule.status == nullptr ? cause->status : rule.status(visit),
        .side = rule.side == nullptr ? cause->side : rule.side(visit),
        .confidence = rule.confidence(visit),
        .summary = rule.summary(visit),
        .evidence = std::move(evidence),
        .refuted_by = std::string{rule.refuted_by},
        .address = {},
    };
}

bool overridden(const Finding& finding, const std::vector<const Rule*>& fired) {
    return std::ranges::any_of(fired, [&](const Rule* rule) {
        return std::ranges::find(rule->overrides, finding.cause->name) != rule->overrides.end();
    });
}

std::string why_unknown(const Visit& visit) {
    if (visit.interrupted) {
        return "The run was cut before the answers that decide had come.";
    }
    for (const Endpoint& endpoint : visit.endpoints) {
        if (endpoint.reach == Reach::untried && !endpoint.reach_error.empty()) {
            return fmt::format(
                "This machine could not begin a connection: {}.", harmless(endpoint.reach_error)
            );
        }
    }
    return "The answers do not add up to a cause known here.";
}

Finding unknown(const Visit& visit) {
    const CauseInfo* const cause = find_cause("unknown");
    return Finding{
        .cause = cause,
        .status = cause->status,
        .side = cause->side,
        .confidence = Confidence::possible,
        .summary = why_unknown(visit),
        .refuted_by = visit.interrupted ? "a run with a longer --deadline" : "",
    };
}

/// The policy wants the server to speak just what it does.
bool policy_wants_these_versions(const Case& open) {
    const auto& policy = open.question.policy;
    return policy && policy->versions &&
           std::ranges::is_permutation(*policy->versions, open.accepted);
}

/// An expectation that is met is the answer to the question asked: that the server is not for
/// everybody is then no failure.
void forgive_what_was_expected(std::vector<Finding>& findings, const Case& open) {
    const auto failed = [](const Finding& finding) {
        return finding.cause->name == "expectation_failed";
    };
    const bool expected = !open.question.expect.empty() || policy_wants_these_versions(open);
    if (!expected || std::ranges::any_of(findings, failed)) {
        return;
    }
    for (Finding& finding : findings) {
        if (finding.cause->name == "server_only_tls13" ||
            finding.cause->name == "server_only_legacy") {
            finding.status = Status::ok;
        }
    }
}

/// Failures that are about versions or trust alone: they do not say why a handshake breaks.
constexpr std::string_view k_explains_no_break[] = {
    "server_only_tls13", "server_only_legacy", "server_requires_newer_version",
    "client_only_tls13", "expectation_failed", "cert_not_trusted",
};

/// What concerns some clients and not others.
constexpr std::string_view k_depends_on_the_client[] = {
    "server_only_tls13",
    "server_only_legacy",
    "no_common_cipher",
    "no_common_group",
    "cert_key_type_mismatch",
    "sigalg_mismatch",
    "weak_dh",
    "legacy_renegotiation",
    "seclevel_blocks_old_tls",
    "ems_required_fips",
    "insufficient_security",
    "record_version_intolerance",
    "extension_intolerance",
    "large_clienthello_pq",
    "clienthello_size_intolerance",
    "version_intolerance",
    "sni_missing",
    "alpn_mismatch",
};

/// The question is about one client, and its own hello was answered: what is a failure for others
/// only is none here.
void answer_for_the_client(std::vector<Finding>& findings, const Question& question) {
    const auto& client = question.client_outcome;
    const bool known =
        client && client->based_on == evidence::ClientBasis::replay &&
        (client->outcome == evidence::ClientResult::connects ||
         (client->outcome == evidence::ClientResult::fails && !client->cause.empty()));
    if (!known) {
        return;
    }
    const bool fails = client->outcome == evidence::ClientResult::fails;
    for (auto finding = findings.begin(); finding != findings.end();) {
        const bool same = fails && finding->cause->name == client->cause;
        const bool own = same && !finding->evidence.empty() &&
                         finding->evidence.front().exchange == client->exchange;
        if (same && !own && std::ranges::count(findings, finding->cause, &Finding::cause) > 1) {
            finding = findings.erase(finding); // the client's own says more
            continue;
        }
        const bool depends = std::ranges::find(k_depends_on_the_client, finding->cause->name) !=
                             std::end(k_depends_on_the_client);
        if (depends && !same && finding->status == Status::fail) {
            finding->status = Status::warn;
        }
        ++finding;
    }
}

bool is_vague(const Finding& finding) {
    return finding.cause->name == "unknown" || finding.cause->name == "refuses_every_hello";
}

/// What only says that something fails gives way to what says why.
void leave_out_the_vague(std::vector<Finding>& findings) {
    const bool explained = std::ranges::any_of(findings, [](const Finding& finding) {
        return finding.status == Status::fail && !is_vague(finding) &&
               std::ranges::find(k_explains_no_break, finding.cause->name) ==
                   std::end(k_explains_no_break);
    });
    if (explained) {
        std::erase_if(findings, is_vague);
    }
}

std::vector<Finding>
findings_at(const Visit& visit, const Endpoint& endpoint, const Question& question) {
    const Case open = open_case(visit.target, endpoint, question);
    const std::span<const Rule> tables[] = {
        reach_rules(),       proxy_rules(),   door_rules(),      protocol_rules(),
        name_rules(),        version_rules(), pair_rules(),      parameter_rules(),
        certificate_rules(), path_rules(),    variation_rules(), refusal_rules(),
        client_rules(),      policy_rules(),  replay_rules(),    trust_rules(),
    };
    std::vector<Finding> findings;
    std::vector<const Rule*> fired;
    for (const std::span<const Rule> table : tables) {
        for (const Rule& rule : table) {
            if (auto finding = apply(rule, open)) {
                findings.push_back(*std::move(finding));
                fired.push_back(&rule);
            }
        }
    }
    std::erase_if(findings, [&](const Finding& finding) { return overridden(finding, fired); });
    leave_out_the_vague(findings);
    forgive_what_was_expected(findings, open);
    answer_for_the_client(findings, question);
    if (findings.empty()) {
        findings.push_back(unknown(visit));
    }
    std::ranges::stable_sort(findings, worse);
    return findings;
}

Finding dns_failure(const Visit& visit) {
    const CauseInfo* const cause = find_cause("dns_failure");
    return Finding{
        .cause = cause,
        .status = cause->status,
        .side = cause->side,
        .confidence = Confidence::proven,
        .summary = fmt::format(
            "The name {} could not be resolved: {}.", harmless(visit.target.host),
            harmless(visit.dns_error)
        ),
        .refuted_by = "an address for this name from another resolver",
    };
}

} // namespace

bool worse(const Finding& a, const Finding& b) {
    return std::pair(a.status, a.cause->rank) < std::pair(b.status, b.cause->rank);
}

Confidence proven(const Case&) {
    return Confidence::proven;
}
Confidence likely(const Case&) {
    return Confidence::likely;
}

Diagnosis diagnose(const Visit& visit, const Question& question) {
    Diagnosis diagnosis;
    if (!visit.dns_error.empty()) {
        diagnosis.findings.push_back(dns_failure(visit));
        if (question.policy) {
            diagnosis.policy = hold_against(*question.policy, visit);
        }
        return diagnosis;
    }
    std::vector<EndpointFindings> endpoints;
    for (const Endpoint& endpoint : visit.endpoints) {
        endpoints.push_back(
            {.endpoint = &endpoint, .findings = findings_at(visit, endpoint, question)}
        );
        diagnosis.stacks.push_back(likely_stack(endpoint));
    }
    diagnosis.findings = compared(visit, std::move(endpoints));
    if (diagnosis.findings.empty()) {
        diagnosis.findings.push_back(unknown(visit));
    }
    std::ranges::stable_sort(diagnosis.findings, worse);
    if (question.policy) {
        diagnosis.policy = hold_against(*question.policy, visit);
    }
    diagnosis.error_note = error_note(visit, question, diagnosis.findings.front());
    diagnosis.client_note = client_note(visit, question);
    return diagnosis;
}

} // namespace tlsdoctor::diagnose
