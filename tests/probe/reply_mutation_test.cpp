// SPDX-License-Identifier: Apache-2.0
// The reply reader against answers that nobody sends on purpose: random bytes, and real answers
// with random damage. What holds for any bytes: it ends, it decides, it keeps at most 16 KiB.
#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "probe/answers.hpp"
#include "probe/reply.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;

constexpr std::uint64_t k_seed = 20'261'123;
constexpr ProtocolVersion k_offered[] = {
    ProtocolVersion::ssl_2_0, ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0,
    ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3,
};
constexpr Ending k_endings[] = {Ending::ours, Ending::fin, Ending::reset};

/// Repeatable choices.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    /// Returns a number below `end`.
    std::size_t below(std::size_t end) { return engine_() % end; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(engine_() & 0xffU); }

    Bytes bytes(std::size_t size) {
        Bytes result(size);
        std::ranges::generate(result, [&] { return byte(); });
        return result;
    }

    template <typename List>
    const auto& one_of(const List& list) {
        return list[below(std::size(list))];
    }

private:
    std::mt19937_64 engine_;
};

/// Bytes that mean something at the start of a record, a message or a length.
constexpr std::uint8_t k_telling[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x0b, 0x0c, 0x0e, 0x14,
                                      0x15, 0x16, 0x17, 0x18, 0x46, 0x70, 0x80, 0xff};

void damage(Bytes& bytes, Dice& dice) {
    const std::size_t at = dice.below(bytes.size() + 1);
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (dice.below(5)) {
    case 0:
        bytes.insert(place, dice.one_of(k_telling));
        break;
    case 1:
        bytes.erase(place, bytes.end());
        break;
    case 2: {
        const Bytes more = dice.one_of(test::answers()).bytes;
        bytes.insert(place, more.begin(), more.end());
        break;
    }
    default:
        if (at < bytes.size()) {
            *place = dice.below(2) == 0 ? dice.byte() : dice.one_of(k_telling);
        }
        break;
    }
}

Exchange judged(const Bytes& bytes, ProtocolVersion offered, Ending ending, std::size_t piece) {
    ReplyReader reader(test::offer_of(offered), 443);
    for (ByteView left = bytes; !left.empty();) {
        const std::size_t size = std::min(piece, left.size());
        reader.feed(left.first(size));
        left = left.subspan(size);
    }
    Exchange exchange;
    reader.conclude(ending, exchange);
    return exchange;
}

/// Tells whether bytes that came can have been judged so.
bool is_decided(const Exchange& exchange) {
    switch (exchange.outcome) {
    case Outcome::accepted:
    case Outcome::other_version:
        return exchange.selection.has_value();
    case Outcome::refused:
        return exchange.alert.has_value();
    case Outcome::not_tls:
        return !exchange.protocol.empty();
    case Outcome::garbled:
        return true;
    default:
        return false;
    }
}

void check_properties(const Bytes& bytes, Dice& dice) {
    const ProtocolVersion offered = dice.one_of(k_offered);
    const Ending ending = dice.one_of(k_endings);
    const Exchange whole = judged(bytes, offered, ending, bytes.size() + 1);
    const Exchange pieces = judged(bytes, offered, ending, 1 + dice.below(40));
    INFO("seed " << k_seed << ", bytes " << to_hex(bytes));
    CHECK(test::told(pieces) == test::told(whole));
    CHECK(whole.received.size() <= 16'384);
    CHECK(whole.ending == ending);
    CHECK((bytes.empty() || is_decided(whole)));
}

} // namespace

TEST_CASE("real answers with random damage are judged, and alike however they are cut") {
    Dice dice(k_seed);
    for (int round = 0; round < 6'000; ++round) {
        Bytes bytes = dice.one_of(test::answers()).bytes;
        for (std::size_t wounds = 1 + dice.below(4); wounds > 0; --wounds) {
            damage(bytes, dice);
        }
        check_properties(bytes, dice);
    }
}

TEST_CASE("random bytes are judged, and alike however they are cut") {
    Dice dice(k_seed);
    for (int round = 0; round < 6'000; ++round) {
        check_properties(dice.bytes(dice.below(200)), dice);
    }
}

TEST_CASE("random bytes behind a TLS header are judged, and alike however they are cut") {
    Dice dice(k_seed);
    for (int round = 0; round < 6'000; ++round) {
        Bytes bytes{dice.one_of(k_telling), 3, 3, 0, static_cast<std::uint8_t>(dice.below(64))};
        const Bytes rest = dice.bytes(dice.below(200));
        bytes.insert(bytes.end(), rest.begin(), rest.end());
        check_properties(bytes, dice);
    }
}

TEST_CASE("more random bytes than are kept are judged, and alike however they are cut") {
    Dice dice(k_seed);
    for (int round = 0; round < 20; ++round) {
        check_properties(dice.bytes(10'000 + dice.below(90'000)), dice);
    }
}

} // namespace tlsdoctor::probe
