// SPDX-License-Identifier: Apache-2.0
// Private to this module: in which order a hello lists its suites, and what was asked already.
#pragma once

#include <span>
#include <vector>

#include "evidence/suite_answers.hpp"

namespace tlsdoctor::probe {

/// Lists suites, the first of which is expected to be the server's choice by its own order, so that
/// the choice cannot be the client's: the other way round. Something with AES-GCM stands first
/// where ChaCha20 is among others: OpenSSL's PrioritizeChaCha and Go (crypto/tls) choose by what
/// the client lists first.
std::vector<CipherSuite>
against_the_server(const evidence::SuiteAnswers& answers, std::span<const CipherSuite> by_server);

/// Tells whether exactly this list was offered.
bool was_listed(const evidence::SuiteAnswers& answers, std::span<const CipherSuite> list);

/// Cuts a list into parts of equal size that any server can read.
std::vector<std::vector<CipherSuite>> in_parts(std::span<const CipherSuite> list, std::size_t most);

} // namespace tlsdoctor::probe
