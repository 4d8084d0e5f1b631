// SPDX-License-Identifier: Apache-2.0
// Three words for three depths.
#include "cli/scope_option.hpp"

#include <utility>

#include <fmt/core.h>

#include "cli/policy_option.hpp"

namespace tlsdoctor::cli {

namespace {

/// Asks all that a policy is about.
std::optional<UsageError>
read_policy_option(const ParsedOptions& parsed, std::string_view scope, doctor::Options& visit) {
    if (!parsed.has("policy")) {
        return std::nullopt;
    }
    if (visit.versions_only) {
        return UsageError{
            .what = fmt::format("--policy and --{} exclude each other", scope),
            .hint = "a policy is about more than that"
        };
    }
    auto policy = read_policy(parsed.all("policy").front());
    if (!policy) {
        return std::move(policy.error());
    }
    visit.question.policy = *std::move(policy);
    visit.inventory = {.suites = true, .rest = true};
    return std::nullopt;
}

} // namespace

std::optional<UsageError> read_scope(const ParsedOptions& parsed, Options& options) {
    doctor::Options& visit = options.visit;
    std::string_view before;
    for (const std::string_view name : {"versions-only", "suites-only", "full"}) {
        if (!parsed.has(name)) {
            continue;
        }
        if (!before.empty()) {
            return UsageError{
                .what = fmt::format("--{} and --{} exclude each other", before, name), .hint = {}
            };
        }
        before = name;
    }
    visit.versions_only = before == "versions-only" || before == "suites-only";
    visit.inventory = {
        .suites = before == "suites-only" || before == "full", .rest = before == "full"
    };
    options.output.tables = visit.inventory.any() || !parsed.has("policy");
    return read_policy_option(parsed, before, visit);
}

} // namespace tlsdoctor::cli
