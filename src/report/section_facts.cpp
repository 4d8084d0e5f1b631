// SPDX-License-Identifier: Apache-2.0
// Everything that was observed at an address, for `-v`, and the bytes for `--evidence`.
#include <fmt/core.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "evidence/facts.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Certificate;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Handshake;
using evidence::VersionAnswer;

constexpr std::size_t k_facts_hang = 13;

/// What one exchange shows beyond the outcome's word.
std::string details_of(const Exchange& exchange) {
    std::string text = fmt::format("[{}] {:.1f} ms", exchange.id, exchange.ms);
    if (exchange.selection) {
        const evidence::Selection& chosen = *exchange.selection;
        text += ", " + tlsdoctor::name_of(chosen.cipher_suite);
        text += chosen.group ? ", " + tlsdoctor::name_of(*chosen.group) : "";
        text += chosen.hello_retry_request ? ", HelloRetryRequest" : "";
        text += chosen.downgrade_from
                    ? ", downgraded from " + tlsdoctor::name_of(*chosen.downgrade_from)
                    : "";
    }
    for (const auto& alert : {exchange.alert, exchange.alert_after}) {
        if (alert) {
            text += fmt::format(
                ", {}, record {}", tlsdoctor::name_of(alert->level),
                tlsdoctor::name_of(alert->record_version)
            );
        }
    }
    if (exchange.offer.shape == evidence::Shape::cheap) {
        text += ", cheap to accept";
    }
    return text + (exchange.offer.shape == evidence::Shape::browser ? ", browser-like" : "");
}

/// One line for each hello that offered the version: two of different shape may disagree.
void write_version(Page& page, const VersionAnswer& answer) {
    std::string version = tlsdoctor::name_of(answer.version);
    if (answer.all.empty()) {
        page.put(
            {.indent = 4, .word = version, .hang = k_facts_hang}, words_of(answer, Spelling::full)
        );
    }
    for (const Exchange* exchange : answer.all) {
        const VersionAnswer one{
            .version = answer.version, .outcome = exchange->outcome, .shown_by = exchange
        };
        page.put(
            {.indent = 4, .word = version, .hang = k_facts_hang},
            fmt::format("{}  {}", words_of(one, Spelling::full), details_of(*exchange))
        );
        version.clear();
    }
}

/// The exchanges beyond the version table: other names, banners, the control.
void write_others(Page& page, const Endpoint& endpoint) {
    for (const Exchange& exchange : endpoint.exchanges) {
        if (exchange.purpose == evidence::Purpose::version) {
            continue;
        }
        page.put(
            {.indent = 4, .word = evidence::name_of(exchange.purpose), .hang = k_facts_hang},
            fmt::format(
                "{} → {}  [{}] {:.1f} ms", evidence::describe(exchange.offer),
                evidence::describe_answer(exchange), exchange.id, exchange.ms
            )
        );
    }
}

void write_stack(Page& page, const diagnose::Stack& stack) {
    const std::string ids = joined(stack.evidence, ", ");
    page.put(
        {.indent = 4, .word = "stack", .hang = k_facts_hang},
        words_of(stack) + (ids.empty() ? "" : "  [" + ids + "]")
    );
}

void write_certificate(Page& page, const Certificate& certificate, std::size_t number) {
    constexpr std::size_t k_most_fact_names = 20;
    std::string names;
    for (std::size_t i = 0; i < certificate.names.size() && i < k_most_fact_names; ++i) {
        names += (i == 0 ? "" : ", ") + certificate.names[i];
    }
    if (certificate.names.size() > k_most_fact_names) {
        names += fmt::format(", … {} in all", certificate.names.size());
    }
    const std::string word = fmt::format("cert {}", number);
    page.put({.indent = 4, .word = word, .hang = k_facts_hang}, certificate.subject);
    const Head next{.hang = k_facts_hang + 2};
    page.put(next, "issuer " + certificate.issuer);
    if (!names.empty()) {
        page.put(next, "names " + names);
    }
    page.put(next, fmt::format("valid {} to {}", certificate.not_before, certificate.not_after));
    page.put(next, fmt::format("{}, {}", certificate.key, certificate.signature));
    page.put(next, "sha256 " + certificate.sha256);
}

/// Traits that are neither good nor bad by themselves.
void write_traits(Page& page, const Endpoint& endpoint) {
    if (const auto fallback = evidence::fallback_answer(endpoint)) {
        page.put(
            {.indent = 4, .word = "fallback", .hang = k_facts_hang},
            fmt::format(
                "TLS_FALLBACK_SCSV is {}  [{}]", fallback->honoured ? "honoured" : "ignored",
                fallback->shown_by->id
            )
        );
    }
    const evidence::ClientCertificate wish = evidence::client_certificate(endpoint);
    if (wish != evidence::ClientCertificate::not_requested) {
        const std::vector<std::string> names = evidence::accepted_authorities(endpoint);
        const std::string from = names.empty() ? "" : ", from " + joined(names, " or ");
        page.put(
            {.indent = 4, .word = "mTLS", .hang = k_facts_hang},
            fmt::format("a client certificate is {}{}", evidence::name_of(wish), from)
        );
    }
}

void write_handshake(Page& page, const Handshake& handshake) {
    std::string text = handshake.completed ? "completed" : "failed: " + handshake.failure;
    text += handshake.failure_after.empty() ? "" : ", then " + handshake.failure_after;
    text += handshake.http_status.empty() ? "" : ", HEAD / → " + handshake.http_status;
    text += handshake.version ? ", " + tlsdoctor::name_of(*handshake.version) : "";
    text += handshake.cipher_suite ? ", " + tlsdoctor::name_of(*handshake.cipher_suite) : "";
    page.put(
        {.indent = 4, .word = "handshake", .hang = k_facts_hang + 1},
        fmt::format("{}  [{}] {:.1f} ms", text, handshake.id, handshake.ms)
    );
    const std::string error =
        handshake.trust_error.empty() ? "" : " (" + handshake.trust_error + ")";
    page.put(
        {.indent = 4, .word = "trust", .hang = k_facts_hang},
        std::string{evidence::name_of(handshake.trust)} + error
    );
    for (std::size_t i = 0; i < handshake.chain.size(); ++i) {
        write_certificate(page, handshake.chain[i], i + 1);
    }
}

void write_bytes(Page& page, std::string_view word, ByteView bytes) {
    const std::string size = fmt::format("({} bytes)", bytes.size());
    page.put({.indent = 4, .word = word, .hang = k_facts_hang}, size);
    const std::size_t per_line = (page.room(k_facts_hang) - 1) / 2;
    while (!bytes.empty()) {
        const ByteView part = bytes.first(std::min(bytes.size(), per_line));
        page.exact({.hang = k_facts_hang}, to_hex(part));
        bytes = bytes.subspan(part.size());
    }
}

void write_exchange(Page& page, const Endpoint& endpoint, const Exchange& exchange) {
    const std::string id = exchange.id;
    page.put(
        {.indent = 2, .word = id, .hang = 6},
        fmt::format(
            "{}: {} → {}", name_of(endpoint), evidence::describe(exchange.offer),
            evidence::describe_answer(exchange)
        )
    );
    write_bytes(page, "sent", exchange.sent);
    write_bytes(page, "received", exchange.received);
}

} // namespace

void write_all_facts(Page& page, const advise::CaseFile& file, const Endpoint& endpoint) {
    const std::string address = name_of(endpoint);
    page.put({.indent = 2, .word = address, .hang = width(address) + 4}, words_of(endpoint));
    if (endpoint.reach != evidence::Reach::open) {
        return;
    }
    for (const VersionAnswer& answer : evidence::version_answers(endpoint)) {
        write_version(page, answer);
    }
    write_others(page, endpoint);
    write_traits(page, endpoint);
    if (const auto stack = stack_of(file, endpoint)) {
        write_stack(page, *stack);
    }
    if (endpoint.handshake) {
        write_handshake(page, *endpoint.handshake);
    }
}

void write_evidence(Page& page, const advise::CaseFile& file) {
    for (const Endpoint& endpoint : file.visit.endpoints) {
        for (const Exchange& exchange : endpoint.exchanges) {
            write_exchange(page, endpoint, exchange);
        }
        for (const evidence::Replay& replay : endpoint.replays) {
            write_exchange(page, endpoint, replay.exchange);
        }
        for (const Exchange& exchange : endpoint.inventory) {
            write_exchange(page, endpoint, exchange);
        }
    }
}

} // namespace tlsdoctor::report
