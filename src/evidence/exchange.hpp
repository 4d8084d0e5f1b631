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
};

/// The form of a hello: a "no" needs two of different form to agree.
enum class Shape : std::uint8_t {
    openssl, ///< like OpenSSL 3.0's in extensions and their order
    browser, ///< like a browser's without the post-quantum share
    ssl2,    ///< SSL 2.0's own CLIENT-HELLO
    nothing, ///< no byte is sent
};

/// What a hello offered.
struct Offer {
    std::vector<ProtocolVersion> versions{}; ///< the acceptable ones; empty when nothing was sent
    Shape shape{};
    std::vector<CipherSuite> cipher_suites{};
    std::vector<NamedGroup> groups{};
    std::optional<std::string> sni{}; ///< A-label form, nullopt where no server_name was sent
};

/// An alert record as it came.
struct Alert {
    AlertLevel level{};
    AlertDescription description{};
    ProtocolVersion record_version{
    }; ///< of the record; servers put anything here, never judge by it alone
};

/// What a ServerHello or HelloRetryRequest chose.
struct Selection {
    ProtocolVersion version{};
    CipherSuite cipher_suite{};
    std::optional<NamedGroup> group{}; ///< TLS 1.3's key_share, or ServerKeyExchange's curve
    bool hello_retry_request{};
    std::optional<ProtocolVersion> downgrade_from{
    }; ///< the sentinel in random [RFC 8446 4.1.3] says the server could do this
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
    std::optional<Alert> alert_after{}; ///< came in clear after an acceptance
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
std::string_view name_of(Shape shape);

/// Says in one line what was offered: `TLS 1.2 only, 40 suites, SNI example.com`.
std::string describe(const Offer& offer);

/// Says in one line what came back: `alert 70 protocol_version, then FIN`.
std::string describe_answer(const Exchange& exchange);

/// Tells whether the offer is this version alone.
bool offers_only(const Offer& offer, ProtocolVersion version);

} // namespace tlsdoctor::evidence
