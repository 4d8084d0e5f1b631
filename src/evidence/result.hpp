// SPDX-License-Identifier: Apache-2.0
// What a finished result says of one target, read back from its JSON (the document of `check`, a
// line of `scan`): what stores, comparisons and statistics work on. A summary, not the evidence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// One version at one address.
struct ResultVersion {
    ProtocolVersion version{};
    std::string outcome{}; ///< `accepted` ... as in the JSON
};

/// The cipher suites of one version, where they were enumerated.
struct ResultSuites {
    ProtocolVersion version{};
    std::vector<std::string> names{}; ///< IANA's, in the order of the result
    bool complete{true};              ///< what is not among `names` was refused, as far as is told
};

/// One address.
struct ResultEndpoint {
    std::string address{}; ///< empty where the name was not resolved
    std::uint16_t port{};
    std::string state{};    ///< `open` ...; empty: unknown
    std::string protocol{}; ///< `tls` ...; empty: unknown
    std::vector<ResultVersion> versions{};
    std::vector<ResultSuites> cipher_suites{};
    std::string certificate_sha256{};  ///< of the leaf; empty: not seen
    std::string certificate_expires{}; ///< RFC 3339
    std::string certificate_key{};     ///< `RSA 2048`
    std::string stack{};               ///< empty: not named
    bool handshake{};                  ///< a whole handshake was tried
    std::string trust{};               ///< `trusted` ...; `not_judged` or empty: not judged
};

/// One result.
struct Result {
    std::string input{}; ///< as typed
    std::string host{};
    std::uint16_t port{};
    std::optional<std::string> sni{};
    std::optional<std::string> starttls{};
    std::string started{}; ///< RFC 3339
    double elapsed_ms{};
    std::string status{}; ///< of the verdict: `ok` `warn` `fail` `unsure`
    std::string cause{};
    std::string side{};
    std::string confidence{};
    std::string summary{};
    std::vector<std::string> findings{}; ///< the causes of all findings, in their order
    std::vector<ResultEndpoint> endpoints{};
    std::string question{};     ///< what the verdict was held to beyond health; empty: nothing
    bool interrupted{};         ///< the run was cut: much may be `not_tested`
    std::string command{};      ///< `check` or `scan`
    std::string tool_version{}; ///< `0.1.0`
    std::string data_date{};    ///< of the tables that it was judged by
};

/// The longest document that is read, in bytes.
inline constexpr std::size_t k_most_result_bytes = std::size_t{32} << 20U;

/// Reads one document or line of any origin. The error says what is wrong and where; unknown
/// members are ignored. Text is taken as it stands: it may hold anything that UTF-8 can.
std::expected<Result, std::string> read_result(std::string_view text);

/// A result, and its document on one line without `evidence`, `clients` and `what_if`, which are
/// most of its bytes: what is kept for years.
struct KeptResult {
    Result result{};
    std::string document{};
};

/// Reads as `read_result` does.
std::expected<KeptResult, std::string> read_to_keep(std::string_view text);

/// Returns what makes two results ones of the same target: host, port, server name and STARTTLS, as
/// `example.com:443`, `[::1]:25 starttls=smtp`, `192.0.2.7:443 sni=example.com`, `a.example:443
/// no-sni`. The name that is sent by default is left out; different targets have different
/// identities.
std::string identity_of(const Result& result);

} // namespace tlsdoctor::evidence
