// SPDX-License-Identifier: Apache-2.0
// What is said in clear before TLS begins: a STARTTLS dialogue, or a proxy's. Bytes in, bytes out,
// no socket: a dialogue is a list of steps, each of which says something and judges the answer.
// Whoever carries the bytes sends `take_output()`, feeds what comes, and says how the peer ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsdoctor::net {

/// How a dialogue stands or ended.
enum class DialogueEnd : std::uint8_t {
    under_way,      ///< there is more to send or to hear
    started,        ///< the next byte belongs to TLS, or to whoever is behind the proxy
    not_offered,    ///< the protocol works, and the server does not know of TLS
    refused,        ///< the server knows what is wanted and says no
    other_protocol, ///< the first bytes are not those of this protocol
    closed,         ///< FIN before the dialogue was through
    reset,          ///< RST before the dialogue was through
    silent,         ///< no answer until the deadline
    garbled,        ///< began like the protocol and cannot be read on
};

/// Returns `started`, `not_offered` ... as results carry it.
std::string_view name_of(DialogueEnd end);

/// What the words of a dialogue are made of.
struct DialogueNames {
    std::string host{};     ///< the server as the client knows it: an A-label name or an address
    std::uint16_t port{};   ///< of that server; only a proxy is told
    std::string user{};     ///< for a proxy that wants credentials
    std::string password{}; ///< likewise
};

/// What a step makes of the bytes heard since its words went out. `used` is 0 while more is needed.
struct Judgement {
    std::size_t used{};                      ///< bytes that belong to the answer
    DialogueEnd end{DialogueEnd::under_way}; ///< otherwise than `under_way`: it ends here
    std::size_t skip{};                      ///< steps to leave out after this one
    std::string said{};                      ///< the answer in words; empty: its bytes as they are
};

/// One step. `words` is null where nothing is said; `judge` is null where no answer is awaited.
struct DialogueStep {
    Bytes (*words)(const DialogueNames& names){};
    Judgement (*judge)(ByteView heard){};
};

/// One dialogue under way.
class Dialogue final {
public:
    /// Begins with the first words, if the client speaks first. `steps` must outlive the dialogue.
    Dialogue(std::span<const DialogueStep> steps, DialogueNames names);

    /// Returns what is to be sent now and forgets it. A dialogue may end `started` with something
    /// left to send, which comes before TLS.
    Bytes take_output();

    /// Takes bytes from the peer, cut anywhere. Bytes after the end are kept for `take_rest`.
    void feed(ByteView bytes);

    /// The peer ended the connection, or the time is over: `closed`, `reset` or `silent`.
    void conclude(DialogueEnd how);

    /// Says how it stands.
    [[nodiscard]] DialogueEnd state() const { return state_; }

    /// Returns the last answer in the peer's words, at most 512 bytes of them, as they came: make
    /// them `harmless` before they are printed.
    [[nodiscard]] const std::string& said() const { return said_; }

    /// Returns the bytes that came after the dialogue's end and forgets them: behind a proxy the
    /// server may speak first.
    Bytes take_rest();

private:
    void say_and_judge();
    void take(const Judgement& judgement);

    std::span<const DialogueStep> steps_;
    DialogueNames names_;
    std::size_t at_{};
    bool spoken_{};
    DialogueEnd state_{DialogueEnd::under_way};
    Bytes output_{};
    Bytes heard_{};
    std::string said_{};
};

} // namespace tlsdoctor::net
