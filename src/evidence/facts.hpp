// SPDX-License-Identifier: Apache-2.0
// Questions that rules and reports ask of an endpoint's exchanges. They select and compare; they do
// not judge.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// The answer to one version, summed over the hellos that offered it alone.
struct VersionAnswer {
    ProtocolVersion version{};
    Outcome outcome{}; ///< `accepted` where any hello was, else that of the most telling exchange
    const Exchange* shown_by{}; ///< the exchange that shows it; null for `not_tested`; borrows
    std::vector<const Exchange*> all{}; ///< every hello that offered it; borrows
};

/// Returns the answers to all six versions, oldest first; borrows from `endpoint`, which must
/// outlive it.
std::vector<VersionAnswer> version_answers(const Endpoint& endpoint);
std::vector<VersionAnswer> version_answers(Endpoint&&) = delete;

/// Returns the accepted versions, oldest first.
std::vector<ProtocolVersion> accepted_versions(const Endpoint& endpoint);

/// Tells whether an answer is a "no": the hello arrived and its version was not agreed on.
bool is_no(Outcome outcome);

/// Tells whether a "no" may be meant for the hello and not for its version: a cheap one has few
/// suites or no key share, and only alert 70, another version, or any alert to all suites of
/// TLS 1.3 speaks of the version.
bool is_for_the_hello(const Exchange& exchange);

/// Tells whether a "no" to this version is settled: two hellos of different shape agree, or one
/// alert 70 came from a server that accepted another version, or a ServerHello of another version
/// answered, or the version is SSL 2.0 (one hello suffices there).
bool settled(const VersionAnswer& answer, bool accepted_another);

/// Says why an exchange cannot have happened (a refusal without its alert, a question for no known
/// version), empty where it can: recordings come from files, and the rules rely on it.
std::string_view contradiction_in(const Exchange& exchange);

/// What the server does about TLS_FALLBACK_SCSV [RFC 7507]; borrows.
struct FallbackAnswer {
    bool honoured{}; ///< alert 86; else the hello was accepted and the signal ignored
    const Exchange* shown_by{};
};

/// Returns how the server answered a hello of TLS 1.2 with the fallback signal while it speaks
/// TLS 1.3; nullopt where that was not asked or something else came.
std::optional<FallbackAnswer> fallback_answer(const Endpoint& endpoint);
std::optional<FallbackAnswer> fallback_answer(Endpoint&&) = delete;

/// What is known of a server's wish for a client certificate.
enum class ClientCertificate : std::uint8_t {
    not_requested, ///< no CertificateRequest was seen
    requested,     ///< it asked; nothing shows that it insists
    required,      ///< it asked, got none, and refused
};

/// Returns what the whole handshake and the first flights say about it.
ClientCertificate client_certificate(const Endpoint& endpoint);

/// Returns the names of the authorities whose certificates the server accepts; empty where it did
/// not say.
std::vector<std::string> accepted_authorities(const Endpoint& endpoint);

/// Returns `not_requested`, `requested` or `required`.
std::string_view name_of(ClientCertificate wish);

/// Tells whether the service seems to speak HTTP inside TLS: its scheme, its port, or the protocol
/// that it chose by ALPN says so.
bool speaks_http(const Target& target, const Endpoint& endpoint);

/// Returns the protocol met instead of TLS at this endpoint (`http` ...), empty where none was
/// seen. Text in answer to SSL 2.0 and 3.0 alone does not count: servers of TLS answer those oddly;
/// nor does text in answer to text: they say by it that they want TLS.
std::string_view foreign_protocol(const Endpoint& endpoint);

} // namespace tlsdoctor::evidence
