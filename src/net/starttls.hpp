// SPDX-License-Identifier: Apache-2.0
// The protocols that begin in clear and become TLS on request: one row for each, with its dialogue.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "net/dialogue.hpp"

namespace tlsdoctor::net {

/// A row of the table.
struct StarttlsProtocol {
    std::string_view name{};     ///< `smtp`, as options and results carry it
    std::string_view also{};     ///< another name that is taken for it, empty for none
    std::string_view spelled{};  ///< `SMTP`
    std::string_view request{};  ///< `STARTTLS`: what asks for TLS there
    std::uint16_t port{};        ///< where TLS is expected to begin so; 0: on none
    std::uint16_t second_port{}; ///< another such port, 0 for none
    bool in_packets{};           ///< the handshake is wrapped in packets of the protocol (TDS)
    std::span<const DialogueStep> steps{};
};

/// Returns the whole table.
std::span<const StarttlsProtocol> starttls_protocols();

/// Finds a protocol by either of its names in lower case; null where there is none.
const StarttlsProtocol* find_starttls(std::string_view name);

/// Finds the protocol that is customary on a port; null for ports where TLS begins at once and for
/// ports that say nothing.
const StarttlsProtocol* starttls_on_port(std::uint16_t port);

/// The dialogues of lines of text, and those of binary messages; for the table.
std::span<const DialogueStep> smtp_dialogue();
std::span<const DialogueStep> lmtp_dialogue();
std::span<const DialogueStep> imap_dialogue();
std::span<const DialogueStep> pop3_dialogue();
std::span<const DialogueStep> ftp_dialogue();
std::span<const DialogueStep> nntp_dialogue();
std::span<const DialogueStep> sieve_dialogue();
std::span<const DialogueStep> irc_dialogue();
std::span<const DialogueStep> xmpp_client_dialogue();
std::span<const DialogueStep> xmpp_server_dialogue();
std::span<const DialogueStep> ldap_dialogue();
std::span<const DialogueStep> postgres_dialogue();
std::span<const DialogueStep> mysql_dialogue();
std::span<const DialogueStep> rdp_dialogue();
std::span<const DialogueStep> tds_dialogue();

} // namespace tlsdoctor::net
