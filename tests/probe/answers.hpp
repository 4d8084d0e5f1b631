// SPDX-License-Identifier: Apache-2.0
// What servers really answer to a hello, with the judgement that it deserves: the table that
// several tests of the reply reader go through.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"

namespace tlsdoctor::probe::test {

/// One answer.
struct Answer {
    std::string name{};
    ProtocolVersion offered{}; ///< alone; `ssl_2_0` in the shape of SSL 2.0
    Bytes bytes{};
    evidence::Ending ending{};
    std::string told{}; ///< as `told` puts it
    std::uint16_t port{443};
};

/// Returns answers of at most some kilobytes, which tests can afford to cut anywhere.
const std::vector<Answer>& answers();

/// Returns answers that go on for longer than is kept, or say that they will.
const std::vector<Answer>& long_answers();

/// Says everything that the reader decided, except for the bytes: `refused, alert fatal 70 in
/// 0x0400, fin`.
std::string told(const evidence::Exchange& exchange);

/// Returns the offer of a question that offers this version alone.
evidence::Offer offer_of(ProtocolVersion version);

/// Returns a ServerHello, its message and its record, of this version, without extensions.
Bytes server_hello_record(ProtocolVersion version);

} // namespace tlsdoctor::probe::test
