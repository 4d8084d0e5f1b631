// SPDX-License-Identifier: Apache-2.0
// Why a handshake of a known client fails, as a cause with its reason and what would help; and what
// the client itself refuses of an answer (client/accept.hpp) in these words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/accept.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"
#include "evidence/exchange.hpp"
#include "registry/alert.hpp"

namespace tlsdoctor::client {

/// Why a handshake fails.
struct Hindrance {
    std::string_view cause{}; ///< a row of data/causes.tsv
    std::string reason{};     ///< half a sentence
    std::string change{};     ///< the smallest change that would help, on either side
    std::optional<AlertDescription> alert{}; ///< that the refusing side sends, where it is known
};

/// A client as far as it decides about an answer.
struct Judge {
    Profile profile{}; ///< of the known client; of an unknown one only its versions
    HelloFields fields{};
};

/// Says what a client's own refusal is called, and what would help.
Hindrance hindrance_of(const Refusal& refusal);

/// Returns what the client refuses in an answer with a ServerHello; nullopt where it goes on.
std::optional<Hindrance> refusal_of(const Judge& client, const evidence::Exchange& answer);

/// Says what about an answer nobody knows whether the client accepts it; empty where all is known.
std::string doubt_about(const Judge& client, const evidence::Exchange& answer);

} // namespace tlsdoctor::client
