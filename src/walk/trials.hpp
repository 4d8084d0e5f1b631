// SPDX-License-Identifier: Apache-2.0
// What a client is tried with: one server for each thing that it may accept or refuse, in one
// table. Each differs from a healthy server in that thing alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "client/hello.hpp"
#include "evidence/walk.hpp"
#include "peer/behaviour.hpp"
#include "peer/lab_cases.hpp"

namespace tlsdoctor::walk {

/// How a trial is judged.
enum class Judged : std::uint8_t {
    by_handshake,    ///< a handshake completed on our side
    by_key_exchange, ///< a ClientKeyExchange: the server is played by hand and goes no further
    by_text,         ///< it must fail; what it says is the result
};

/// One server, and the question that it asks.
struct Trial {
    evidence::WalkGroup group{};
    std::string name{};
    Judged judged{};
    peer::Behaviour behaviour{};
    milliseconds deadline{};             ///< of the run, where it is not the usual one
    std::vector<std::uint16_t> suites{}; ///< one of these must be offered, or there is no question
    std::optional<NamedGroup> named_group{};    ///< likewise
    std::optional<SignatureScheme> signature{}; ///< likewise
    /// At most one: the same question to a client that minds only how this one asks it.
    std::vector<Trial> otherwise{};
};

/// Returns the first server of every walk: it speaks everything, with an RSA key of 2048 bits.
peer::Behaviour healthy_server(peer::LabCertificates& certificates);

/// Returns the trials of these groups, in the order of the groups.
std::vector<Trial>
trials(const std::vector<evidence::WalkGroup>& groups, peer::LabCertificates& certificates);

/// Tells whether a hello offers what the trial asks about; true where that cannot be told.
bool is_offered(const Trial& trial, const std::optional<client::HelloFields>& hello);

} // namespace tlsdoctor::walk
