// SPDX-License-Identifier: Apache-2.0
// One exchange: what was offered to a server on one connection and what came back. Plain values
// without judgement; every claim that the doctor makes points at exchanges by their `id`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "evidence/flight.hpp"
#include "evidence/offer.hpp"
#include "registry/alert.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// What a peer answered to a hello (docs/manual). Never a `bool`: "refused", "silent" and "not
/// tested" are different answers.
enum class Outcome : std::uint8_t {
    not_tested,    ///< nothing was sent, or the run was cut before an answer could come
    accepted,      ///< a ServerHello or HelloRetryRequest that selects exactly the offered version
    other_version, ///< a ServerHello of a version that was not offered
    refused,       ///< an alert
    closed,        ///< FIN without a byte of TLS
    reset,         ///< RST without a byte of TLS
    silent,        ///< no byte until the deadline
    garbled,       ///< begins like TLS and cannot be read on
    not_tls,       ///< bytes of another protocol
    unreachable,   ///< no TCP connection
};

/// Whether and why not a TCP connection came about.
enum class Reach : std::uint8_t {
    untried,
    open,
    refused,     ///< RST to the SYN: nothing listens
    filtered,    ///< no answer to the SYN until the deadline
    unreachable, ///< an ICMP error or no route
    dns_failure,
};

/// How the connection ended.
enum class Ending : std::uint8_t {
    ours, ///< we closed it: the answer was complete, or the deadline came
    fin,
    reset,
};

/// What an exchange is for; the rules select by it.
enum class Purpose : std::uint8_t {
    version,   ///< offers one version alone
    name,      ///< a version that was tried before, with another server name or none
    banner,    ///< sends nothing and listens
    control,   ///< repeats an exchange that was accepted, at the end
    handshake, ///< a whole handshake by OpenSSL
    client,    ///< a hello like those of today's clients, or of certain older ones
    factor,    ///< changes one factor of a hello, or tests a hypothesis about it
    trait,     ///< asks what the server would do, where a refusal is no failure
    plain,     ///< sends a request of HTTP in clear
    repeat,    ///< the same hello once more: `--repeat`
    replay,    ///< the hello of a known client, as it sends it
    inventory, ///< a hello of the enumeration: what else does the server accept?
    suites,    ///< the same, varying the cipher suites alone
};

/// An alert record as it came.
struct Alert {
    AlertLevel level{};
    AlertDescription description{};
    ProtocolVersion record_version{}; ///< of the record; servers put anything here
};

/// What a ServerHello or HelloRetryRequest chose.
struct Selection {
    ProtocolVersion version{};
    CipherSuite cipher_suite{};
    std::optional<NamedGroup> group{}; ///< TLS 1.3's key_share, or ServerKeyExchange's curve
    bool hello_retry_request{};
    bool after_retry{}; ///< the answer to a second hello, which a HelloRetryRequest asked for
    std::optional<ProtocolVersion> downgrade_from{}; ///< by the sentinel [RFC 8446 4.1.3]
};

/// How a dialogue in clear before TLS went (STARTTLS and its like).
struct Dialogue {
    std::string protocol{}; ///< `smtp`
    std::string result{};   ///< `started`, `not_offered`, `refused`, `other_protocol`, `closed` ...
    std::string said{};     ///< the server's telling words, bounded

    bool operator==(const Dialogue&) const = default;
};

/// One exchange. `not_tested` with empty bytes is how a question looks before it was asked.
struct Exchange {
    std::string id{}; ///< `e3`, unique in its visit
    Purpose purpose{};
    Offer offer{};
    Outcome outcome{};
    Reach reach{};
    Ending ending{};
    std::optional<Selection> selection{};
    std::optional<Alert> alert{};       ///< answered the hello (outcome `refused`)
    std::optional<Alert> alert_after{}; ///< came after an acceptance
    bool after_encrypted{};             ///< `alert_after` came encrypted
    std::optional<Flight> flight{};
    std::optional<Dialogue> dialogue{}; ///< came before the hello
    std::string proxy_error{};          ///< a forward proxy's own refusal, in its words
    bool unacknowledged{};              ///< no byte of the hello was acknowledged: it was lost
    std::string protocol{};             ///< with `not_tls`: `http`, `ssh`, ... or `unknown`
    std::string error{};                ///< with `unreachable`: the system's words
    Bytes sent{};
    Bytes received{}; ///< at most the first 16 KiB
    double ms{};      ///< from the SYN to the verdict on the answer
};

/// Returns `accepted` ... as in the contract's JSON.
std::string_view name_of(Outcome outcome);
std::string_view name_of(Reach reach);
std::string_view name_of(Ending ending);
std::string_view name_of(Purpose purpose);

/// Tells whether a version that was offered was chosen, and no fatal alert took that back.
bool succeeded(const Exchange& exchange);

/// Says in one line what came back: `alert 70 protocol_version, then FIN`.
std::string describe_answer(const Exchange& exchange);

} // namespace tlsdoctor::evidence
