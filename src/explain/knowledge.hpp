// SPDX-License-Identifier: Apache-2.0
// What is known about messages: the rows of data/messages/*.toml, compiled in. A message row says
// what a line means; a hint row shifts the weights of causes when it stands in the same text; an
// alert row says what an alert alone means, for stacks whose texts no row knows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "registry/cause.hpp"

namespace tlsdoctor::explain {

/// Who printed the message.
enum class Observer : std::uint8_t { client, server, proxy_upstream, both, unknown };

/// Where the error was raised.
enum class Raised : std::uint8_t {
    local_before_send,   ///< nothing was sent
    local_after_receive, ///< its own check of what the peer sent
    peer_alert,          ///< the peer's alert
    bytes_not_tls,       ///< what came back was not TLS
    transport,           ///< closed or reset
    timeout,
    unknown,
};

/// A cause with its weight relative to the others of the row.
struct Share {
    std::string_view cause{}; ///< a name of data/causes.tsv
    double weight{};
    std::optional<Side> side{}; ///< where it is not the cause's usual one
    std::string_view why{};     ///< one sentence; empty: the cause's title
};

/// A `[[message]]`.
struct MessageRow {
    std::string_view id{};
    std::string_view pattern{};                   ///< RE2, held to one line without regard to case
    std::span<const std::string_view> literals{}; ///< a line that matches holds one of them
    std::string_view stack{};
    Observer observer{};
    Raised raised{};
    int alert{-1}; ///< -1: none, or the pattern's group `alert` has it
    int specificity{50};
    std::span<const Share> causes{};
    std::span<const Share> server_causes{}; ///< in their place where a server printed it
    std::span<const std::string_view> ask{};
};

/// A `[[hint]]`.
struct HintRow {
    std::string_view id{};
    std::string_view pattern{};
    std::span<const std::string_view> literals{};
    std::span<const std::string_view> when{}; ///< ids of messages, `*` at the end for a prefix
    std::span<const Share> factors{};         ///< the weight is what a cause's is multiplied with
    std::optional<Observer> observer{};
    std::string_view stack{};
    std::span<const std::string_view> ask{};
};

/// An `[[alert]]`.
struct AlertRow {
    int number{};
    std::span<const Share> causes{};
    std::span<const Share> server_causes{}; ///< where a server got it: the client sent it
    std::span<const std::string_view> ask{};
};

/// Returns the rows in the order of the files' names.
std::span<const MessageRow> message_rows();
std::span<const HintRow> hint_rows();

/// Tells whether a hint counts where this message decides; empty: where an alert alone does.
bool counts_for(const HintRow& hint, std::string_view message);

/// Returns what an alert alone means; null where no row says.
const AlertRow* alert_row(int number);

/// Returns `peer_alert` ... as JSON and the data spell it.
std::string_view name_of(Raised raised);

/// Returns `proxy_upstream` ... as JSON and the data spell it.
std::string_view name_of(Observer observer);

} // namespace tlsdoctor::explain
