// SPDX-License-Identifier: Apache-2.0
// Reads a question's bytes back with wire's own readers, however they are cut.
#pragma once

#include <string>
#include <vector>

#include "probe/hello.hpp"
#include "wire/client_hello.hpp"

namespace tlsdoctor::probe::testing {

/// The shapes in which every version is asked for.
inline constexpr evidence::Shape k_shapes[] = {
    evidence::Shape::openssl, evidence::Shape::browser, evidence::Shape::cheap
};

/// The versions whose hellos are of one format.
inline constexpr ProtocolVersion k_ssl_3_0_and_later[] = {
    ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1,
    ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3,
};

/// A hello as its receiver reads it.
struct ReadHello {
    std::string before{};                           ///< what went ahead of the first record
    std::vector<ProtocolVersion> record_versions{}; ///< one for each record
    std::size_t message_size{};                     ///< with its header
    wire::ClientHello hello{};
};

/// Fails the test where the bytes are anything but one hello.
ReadHello read_hello(const Question& question);

/// Makes the question of a composed offer and reads it back.
ReadHello read_offer(const evidence::Offer& offer, std::uint64_t seed = 1);

/// Returns an extension's data; the test ends where it is missing.
ByteView data_of(const wire::ClientHello& hello, ExtensionType type);

/// Tells whether a number is one of the 16 reserved ones [RFC 8701 2].
bool is_grease(unsigned number);

/// Returns the numbers of a list without the reserved ones.
template <typename T>
std::vector<T> without_grease(std::vector<T> list) {
    std::erase_if(list, [](T one) { return is_grease(static_cast<unsigned>(one)); });
    return list;
}

} // namespace tlsdoctor::probe::testing
