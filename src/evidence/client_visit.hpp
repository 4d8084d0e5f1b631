// SPDX-License-Identifier: Apache-2.0
// What was observed of a client: its connections to the recording server, hello by hello, and how
// the program that made them ended. It can be written to a file and diagnosed again
// (evidence/client_json.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "evidence/walk.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/extension_type.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"
#include "wire/opening.hpp"

namespace tlsdoctor::evidence {

/// The lists of a hello, in their order on the wire, GREASE included; they follow from the bytes.
struct HelloLists {
    ProtocolVersion record_version{}; ///< none in SSL 2.0's format
    ProtocolVersion legacy_version{};
    std::vector<ProtocolVersion> versions{}; ///< on offer, highest first, without GREASE
    bool lists_versions{}; ///< supported_versions says so; else anything below may be fine too
    std::vector<CipherSuite> cipher_suites{};
    std::vector<std::uint32_t> ssl2_cipher_kinds{};
    std::vector<ExtensionType> extensions{};
    std::vector<NamedGroup> groups{};
    std::vector<NamedGroup> key_share_groups{};
    std::vector<SignatureScheme> signature_algorithms{};
    std::vector<std::string> alpn{};
    std::optional<std::string> sni{};
    std::string ja3{};
    std::string ja4{};
    std::vector<std::string> looks_like{}; ///< ids of known clients, best first
    std::string looks_like_name{};         ///< the best one's name; empty for none
    bool near_only{}; ///< no known client sends the same: the best is only similar
};

/// One connection of the client, as the recording server heard it.
struct HeardHello {
    std::string id{}; ///< `e1`, in the order of the connections
    wire::OpeningKind kind{};
    std::string ending{}; ///< `answered`, `closed`, `reset`, `timed_out`, `displaced`
    Bytes bytes{};
    double ms{}; ///< after the recording began

    std::optional<HelloLists> lists{}; ///< of a hello that could be read
    std::string unreadable{};          ///< why a whole hello could not be read
    std::string protocol{};            ///< of clear text: `http`, `smtp` ...; empty where unknown
};

/// The program that was run.
struct ProgramRun {
    std::vector<std::string> command{}; ///< as it was started
    std::string ending{}; ///< `exited`, `signalled`, `timed_out`, `interrupted`, `not_started`
    std::optional<int> exit_code{};
    std::optional<int> signal{};
    std::string output_tail{};
    std::string error{}; ///< why it was not started
};

/// Everything observed of one client.
struct ClientVisit {
    std::string started{}; ///< RFC 3339
    double elapsed_ms{};
    std::string label{}; ///< who this is among several; empty for the program that was run
    std::string host{};  ///< the name that the client was given
    std::uint16_t port{};
    std::size_t connections{}; ///< accepted, those that were not kept included
    std::vector<HeardHello> hellos{};
    std::optional<ProgramRun> program{};
    std::optional<Walk> walk{}; ///< what it accepts, where that was tried
    bool interrupted{};
};

} // namespace tlsdoctor::evidence
