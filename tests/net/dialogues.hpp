// SPDX-License-Identifier: Apache-2.0
// Conversations for the tests of dialogues: what the server says, in the order of its answers, what
// the client must have said by the end, and how it must end.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/dialogue.hpp"

namespace tlsdoctor::net::testing {

/// One conversation; the texts are bytes, zeros included.
struct Conversation {
    std::string_view name{};
    std::string_view protocol{}; ///< a row of the table, or `http` or `socks5` for a proxy
    std::vector<std::string_view> server{}; ///< one text for each answer
    DialogueEnd end{};
    std::string_view said{};   ///< must occur in what the server said
    std::string_view client{}; ///< must occur in what the client sent
    std::string_view rest{};   ///< what came after the end
};

/// Returns the conversations of all protocols and proxies.
std::span<const Conversation> conversations();

/// Returns the dialogue of a conversation, with a server `a.example` and credentials for proxies
/// whose name ends in `+auth`.
Dialogue dialogue_for(const Conversation& conversation);

/// Returns the bytes of the server, without the cuts between its answers.
std::string all_of(const Conversation& conversation);

} // namespace tlsdoctor::net::testing
