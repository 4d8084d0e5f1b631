// SPDX-License-Identifier: Apache-2.0
// One table for each vocabulary.
#include "report/words.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::report {

namespace {

/// In the order of `Status`.
constexpr std::array<std::string_view, 4> k_status_words = {"FAIL", "UNSURE", "WARN", "OK"};

/// In the order of `Side`.
constexpr std::array<std::string_view, 7> k_side_words = {
    "server",
    "client",
    "middlebox (a device between you and the server)",
    "network",
    "no TLS service there (wrong port, scheme or URL)",
    "none",
    "unclear",
};

/// In the order of `Outcome`; what depends on the exchange is added below.
constexpr std::array<std::string_view, 10> k_outcome_words = {
    "not tested", "accepted", "other version", "refused", "closed",
    "reset",      "silent",   "garbled",       "not TLS", "unreachable",
};

/// In the order of `Reach`.
constexpr std::array<std::string_view, 6> k_reach_words = {
    "not tested",           "open",        "refused (nothing listens)",
    "filtered (no answer)", "unreachable", "the name could not be resolved",
};

std::string with_port(std::string_view host, std::uint16_t port) {
    const bool bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
    return bare_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

/// What the exchange adds to the outcome's word.
std::string detail_of(const evidence::Exchange& exchange, Spelling spelling) {
    switch (exchange.outcome) {
    case evidence::Outcome::refused:
        return exchange.alert ? fmt::format(" ({})", words_of(*exchange.alert, spelling)) : "";
    case evidence::Outcome::other_version:
        return exchange.selection ? fmt::format(" ({})", name_of(exchange.selection->version)) : "";
    case evidence::Outcome::not_tls:
        return exchange.protocol.empty() ? "" : fmt::format(" ({})", exchange.protocol);
    case evidence::Outcome::accepted:
        return exchange.alert_after
                   ? fmt::format(", then {}", words_of(*exchange.alert_after, spelling))
                   : "";
    default:
        return "";
    }
}

} // namespace

const diagnose::Finding& verdict_of(const advise::CaseFile& file) {
    assume(!file.diagnosis.findings.empty(), "a diagnosis has at least one finding");
    return file.diagnosis.findings.front();
}

std::string_view word_of(Status status) {
    return k_status_words[std::to_underlying(status)];
}

std::string_view words_of(Side side) {
    return k_side_words[std::to_underlying(side)];
}

std::optional<diagnose::Stack>
stack_of(const advise::CaseFile& file, const evidence::Endpoint& endpoint) {
    const auto& endpoints = file.visit.endpoints;
    const auto at = std::ranges::find(endpoints, &endpoint, [](const auto& one) { return &one; });
    const auto index = static_cast<std::size_t>(at - endpoints.begin());
    const auto& stacks = file.diagnosis.stacks;
    return index < stacks.size() ? stacks[index] : std::nullopt;
}

std::string words_of(const diagnose::Stack& stack) {
    constexpr std::size_t k_most_candidates = 4;
    std::string text = stack.name;
    if (stack.confidence) {
        text += fmt::format(" ({})", tlsdoctor::name_of(*stack.confidence));
    }
    const bool several = stack.candidates.size() > 1 || !stack.confidence;
    if (several && !stack.candidates.empty() && stack.candidates.size() <= k_most_candidates) {
        text += ": " + joined(stack.candidates, " or ");
    }
    return text + (stack.product.empty() ? "" : ", " + stack.product);
}

std::string name_of(const evidence::Target& target) {
    return with_port(target.host, target.port);
}

std::string name_of(const evidence::Endpoint& endpoint) {
    return with_port(endpoint.address, endpoint.port);
}

std::string command_for(const evidence::Target& target) {
    if (!target.options.empty()) {
        return fmt::format("tlsdoctor {} {}", target.options, shell_word(target.input));
    }
    const std::string host = target.port == 443 && !target.literal ? target.host : name_of(target);
    std::string command = "tlsdoctor " + shell_word(host);
    if (target.starttls) {
        command += " -t " + shell_word(*target.starttls);
    }
    if (target.sni && *target.sni != target.host) {
        command += " --sni " + shell_word(*target.sni);
    }
    if (!target.sni && !target.literal) {
        command += " --no-sni";
    }
    return command;
}

std::string words_of(const evidence::Alert& alert, Spelling spelling) {
    const auto code = static_cast<unsigned>(alert.description);
    return spelling == Spelling::brief
               ? fmt::format("alert {}", code)
               : fmt::format("alert {} {}", code, tlsdoctor::name_of(alert.description));
}

std::string words_of(const evidence::VersionAnswer& answer, Spelling spelling) {
    std::string words{k_outcome_words[std::to_underlying(answer.outcome)]};
    return answer.shown_by == nullptr ? words : words + detail_of(*answer.shown_by, spelling);
}

std::string words_of(const evidence::Endpoint& endpoint) {
    std::string words{k_reach_words[std::to_underlying(endpoint.reach)]};
    if (!endpoint.reach_error.empty() && endpoint.reach == evidence::Reach::unreachable) {
        words += ": " + endpoint.reach_error;
    }
    return words;
}

} // namespace tlsdoctor::report
