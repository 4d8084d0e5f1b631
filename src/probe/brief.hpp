// SPDX-License-Identifier: Apache-2.0
// An answer to a hello for one version in a few bytes: everything that a rule or a report of
// versions can see of it. Equal ones are the same evidence. What does not fit (words in clear, a
// protocol chosen by ALPN, something that cannot be read) has no brief and stays an Exchange.
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"
#include "probe/hello.hpp"
#include "probe/reply.hpp"

namespace tlsdoctor::probe {

/// The facts of an answer that are yes or no.
enum BriefFlags : std::uint16_t {
    k_brief_selection = 1,
    k_brief_retry = 2, ///< a HelloRetryRequest
    k_brief_group = 4,
    k_brief_alert = 8,
    k_brief_flight = 16,
    k_brief_renegotiation = 32,
    k_brief_master_secret = 64,
    k_brief_requested = 128, ///< a certificate of ours
    k_brief_lost = 256,      ///< no byte was acknowledged
    k_brief_signature = 512,
    k_brief_text = 1024, ///< there was no connection; `code` says why
};

/// Numbers alone, without padding: compared and hashed as bytes. All that is not said is zero. Of a
/// flight it keeps what the rules about versions read, not what an enumeration does.
struct Brief {
    std::uint8_t outcome{};
    std::uint8_t reach{};
    std::uint8_t ending{};
    std::uint8_t stage{}; ///< of the first flight
    std::uint16_t flags{};
    std::uint16_t version{}; ///< chosen
    std::uint16_t suite{};
    std::uint16_t group{};
    std::uint16_t downgrade{};
    std::uint16_t dh_bits{};
    std::uint16_t signature{};
    std::uint8_t alert_level{};
    std::uint8_t alert{};
    std::uint16_t alert_version{};
    std::uint16_t code{}; ///< errno where there was no connection; 0: we gave up

    bool operator==(const Brief&) const = default;
};
static_assert(std::has_unique_object_representations_v<Brief>);

/// Returns the brief of an exchange that was concluded; nullopt where it has none. `code` is that
/// of the error where there is one.
std::optional<Brief> brief_of(const evidence::Exchange& exchange, int code = 0);

/// Returns the exchange again, with what `question` says of the hello and with the bytes of an
/// alert; other bytes were not kept.
evidence::Exchange exchange_of(const Brief& brief, const Question& question);

/// How an answer stands after its first piece.
struct QuickReply {
    Brief brief{}; ///< with `Ending::ours`
    Wants wants{Wants::answer};
};

/// Judges the first piece of an answer as ReplyReader does, where it is one of the common whole
/// answers: an alert, a HelloRetryRequest, a ServerHello with its flight. nullopt: ask ReplyReader.
std::optional<QuickReply>
read_quickly(ProtocolVersion offered, evidence::Shape shape, ByteView first);

/// Returns the record of the alert in `brief`.
Bytes alert_bytes(const Brief& brief);

} // namespace tlsdoctor::probe
