// SPDX-License-Identifier: Apache-2.0
#include "explain/judge.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace tlsdoctor::explain {

namespace {

/// Candidates with equal weights.
std::vector<Candidate> candidates_of(const std::vector<std::string_view>& causes) {
    std::vector<Candidate> candidates;
    for (const std::string_view name : causes) {
        const CauseInfo* const cause = find_cause(name);
        REQUIRE(cause != nullptr);
        candidates.push_back(
            {cause, cause->side, 1 / static_cast<double>(causes.size()), cause->title}
        );
    }
    return candidates;
}

struct JudgeCase {
    std::string_view name{};
    std::vector<std::string_view> candidates{};
    Probed probed{};
    std::string_view expected{}; ///< `cause ruling` of each, in order
};

const JudgeCase k_judge_cases[] = {
    {"the verdict is a candidate",
     {"sni_missing", "server_only_legacy"},
     {.verdict = "server_only_legacy", .findings = {"server_only_legacy"}, .reached = true},
     "server_only_legacy confirmed, sni_missing open"},
    {"a healthy server leaves the client's causes",
     {"server_only_tls13", "client_version_pinned", "server_requires_newer_version"},
     {.verdict = "healthy", .findings = {"healthy"}, .reached = true, .healthy = true},
     "client_version_pinned open, server_requires_newer_version open, server_only_tls13 excluded"},
    {"a verdict that was no candidate joins them",
     {"sni_missing"},
     {.verdict = "weak_dh", .findings = {"weak_dh"}, .reached = true},
     "weak_dh confirmed, sni_missing open"},
    {"TLS after STARTTLS",
     {"not_tls_plain_http", "starttls_needed"},
     {.verdict = "healthy", .reached = true, .healthy = true, .upgraded = true},
     "starttls_needed confirmed, not_tls_plain_http excluded"},
    {"TLS at once",
     {"starttls_needed", "proxy_scheme_wrong"},
     {.verdict = "healthy", .reached = true, .healthy = true},
     "proxy_scheme_wrong open, starttls_needed excluded"},
    {"what the server takes excludes causes, whatever the verdict",
     {"server_only_tls13", "client_only_tls13", "sni_missing"},
     {.verdict = "sni_missing", .reached = true, .takes_1_2 = true, .takes_1_3 = true},
     "sni_missing confirmed, server_only_tls13 excluded, client_only_tls13 excluded"},
    {"a port without TLS",
     {"starttls_needed", "not_tls_plain_http", "proxy_scheme_wrong"},
     {.verdict = "not_tls_plain_http", .findings = {"not_tls_plain_http"}},
     "not_tls_plain_http confirmed, proxy_scheme_wrong open, starttls_needed excluded"},
    {"nothing can be said",
     {"sni_missing"},
     {.verdict = "unknown", .findings = {"unknown"}},
     "sni_missing open"},
};

} // namespace

TEST_CASE("judge confirms, excludes and leaves open") {
    for (const JudgeCase& c : k_judge_cases) {
        CAPTURE(c.name);
        std::string text;
        double sum = 0;
        for (const Judged& judged : judge(candidates_of(c.candidates), c.probed)) {
            text += text.empty() ? "" : ", ";
            text += std::string{judged.candidate.cause->name} + " " +
                    std::string{name_of(judged.ruling)};
            sum += judged.candidate.weight;
        }
        CHECK(text == std::string{c.expected});
        CHECK(sum == doctest::Approx(1));
    }
}

} // namespace tlsdoctor::explain
