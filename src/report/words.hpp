// SPDX-License-Identifier: Apache-2.0
// The words of the reports: how targets, addresses, sides and answers are called on every screen.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "advise/case_file.hpp"
#include "diagnose/stack.hpp"
#include "evidence/facts.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::report {

/// How an alert or answer is spelled where room is short.
enum class Spelling : std::uint8_t { full, brief };

/// Returns the finding that is the verdict; a diagnosis without findings is a bug.
const diagnose::Finding& verdict_of(const advise::CaseFile& file);

/// Returns `OK`, `WARN`, `FAIL` or `UNSURE`.
std::string_view word_of(Status status);

/// Says who must act in words for people: `no TLS service there (wrong port, scheme or URL)`.
std::string_view words_of(Side side);

/// Returns the stack behind one of the file's endpoints; nullopt where nothing was said of it.
std::optional<diagnose::Stack>
stack_of(const advise::CaseFile& file, const evidence::Endpoint& endpoint);

/// Says which stack it is: `OpenSSL 3.0 (likely)`, `unknown: BoringSSL or Go`.
std::string words_of(const diagnose::Stack& stack);

/// Returns `host:port`, brackets around IPv6 addresses.
std::string name_of(const evidence::Target& target);
std::string name_of(const evidence::Endpoint& endpoint);

/// Returns the command that asks the same again: `tlsdoctor mail.example:25 -t smtp`.
std::string command_for(const evidence::Target& target);

/// Returns `alert 70 protocol_version`, or `alert 70` where room is short.
std::string words_of(const evidence::Alert& alert, Spelling spelling);

/// Returns `accepted`, `refused (alert 70 protocol_version)`, `closed`, `not tested` ...
std::string words_of(const evidence::VersionAnswer& answer, Spelling spelling);

/// Says why an address could not be asked: `refused (nothing listens)`.
std::string words_of(const evidence::Endpoint& endpoint);

} // namespace tlsdoctor::report
