// SPDX-License-Identifier: Apache-2.0
// The quick judgement held to ReplyReader's: over the answers that servers give, each cut and
// damaged; and a brief to the exchange that it stands for.
#include "probe/brief.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "probe/answers.hpp"
#include "probe/reply.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Reach;

evidence::Shape shape_for(ProtocolVersion version) {
    return version == ProtocolVersion::ssl_2_0 ? evidence::Shape::ssl2 : evidence::Shape::cheap;
}

/// What ReplyReader makes of the bytes, and how much more it wants.
Exchange read_slowly(ProtocolVersion version, ByteView bytes, Ending ending, Wants& wants) {
    evidence::Offer offer = test::offer_of(version);
    offer.shape = shape_for(version);
    ReplyReader reader(offer, 443);
    reader.feed(bytes);
    wants = reader.wants();
    Exchange exchange{.offer = offer, .reach = Reach::open};
    reader.conclude(ending, exchange);
    return exchange;
}

/// Returns false where there was no quick judgement.
bool agree(ProtocolVersion version, ByteView bytes) {
    const auto quick = read_quickly(version, shape_for(version), bytes);
    if (!quick) {
        return false;
    }
    Wants wants{};
    const Exchange slow = read_slowly(version, bytes, Ending::ours, wants);
    CHECK(quick->wants == wants);
    const auto brief = brief_of(slow);
    REQUIRE(brief.has_value());
    CHECK(quick->brief == *brief);
    return true;
}

/// What a brief keeps of a flight; the rest concerns an enumeration alone, which makes no briefs.
std::optional<evidence::Flight> kept_of(const std::optional<evidence::Flight>& flight) {
    return flight.transform([](const evidence::Flight& all) {
        return evidence::Flight{
            .stage = all.stage,
            .renegotiation_info = all.renegotiation_info,
            .extended_master_secret = all.extended_master_secret,
            .dh_bits = all.dh_bits,
            .signature_scheme = all.signature_scheme,
            .certificate_requested = all.certificate_requested,
        };
    });
}

} // namespace

TEST_CASE("a quick judgement is the reader's, whatever the bytes") {
    constexpr std::uint64_t k_seed = 20'261'129;
    INFO("seed " << k_seed);
    std::mt19937_64 engine(k_seed);
    std::size_t judged = 0;
    for (const test::Answer& answer : test::answers()) {
        CAPTURE(answer.name);
        const std::size_t step = 1 + answer.bytes.size() / 40;
        for (std::size_t size = answer.bytes.size() % step; size <= answer.bytes.size();
             size += step) {
            const ByteView part = ByteView(answer.bytes).first(size);
            judged += agree(answer.offered, part) ? 1U : 0U;
        }
        for (int i = 0; i < 30 && !answer.bytes.empty(); ++i) {
            Bytes damaged = answer.bytes;
            const std::size_t faults = 1 + engine() % 3;
            for (std::size_t fault = 0; fault < faults; ++fault) {
                const std::size_t span = engine() % 2 == 0 ? damaged.size() : 64;
                damaged[engine() % std::min(span, damaged.size())] =
                    static_cast<std::uint8_t>(engine());
            }
            judged += agree(answer.offered, damaged) ? 1U : 0U;
        }
    }
    CHECK(judged > 100);
}

TEST_CASE("an extension that is cut in its type ends the quick judgement") {
    Bytes record = test::server_hello_record(ProtocolVersion::tls_1_2);
    record.insert(record.end(), {0, 1, 0}); // a block of one byte
    record[4] = static_cast<std::uint8_t>(record[4] + 3);
    record[8] = static_cast<std::uint8_t>(record[8] + 3);
    CHECK_FALSE(read_quickly(ProtocolVersion::tls_1_2, evidence::Shape::cheap, record));
}

TEST_CASE("a brief becomes the exchange that it was made of") {
    std::size_t kept = 0;
    for (const test::Answer& answer : test::answers()) {
        for (const Ending ending : {Ending::ours, Ending::fin, Ending::reset}) {
            CAPTURE(answer.name);
            Wants wants{};
            const Exchange exchange = read_slowly(answer.offered, answer.bytes, ending, wants);
            const auto brief = brief_of(exchange);
            if (!brief) {
                continue;
            }
            ++kept;
            const Exchange again = exchange_of(*brief, {.offer = exchange.offer});
            CHECK(test::told(again) == test::told(exchange));
            CHECK(again.flight == kept_of(exchange.flight));
            CHECK(again.reach == exchange.reach);
            CHECK(again.offer == exchange.offer);
            CHECK(brief_of(again) == brief);
        }
    }
    CHECK(kept > 10);
}

TEST_CASE("no connection has a brief with the system's words, and words in clear have none") {
    Exchange refused{.outcome = Outcome::unreachable, .reach = Reach::refused};
    refused.error = "Connection refused";
    const auto brief = brief_of(refused, 111);
    REQUIRE(brief.has_value());
    CHECK(exchange_of(*brief, {}).error == refused.error);
    CHECK_FALSE(brief_of(refused, 0).has_value());
    Exchange late{.outcome = Outcome::unreachable, .reach = Reach::filtered};
    late.error = "no answer to the connection request in time";
    REQUIRE(brief_of(late).has_value());
    CHECK(exchange_of(*brief_of(late), {}).error == late.error);
    Exchange lost{.outcome = Outcome::silent, .reach = Reach::open, .unacknowledged = true};
    REQUIRE(brief_of(lost).has_value());
    CHECK(exchange_of(*brief_of(lost), {}).unacknowledged);
    const Exchange http{.outcome = Outcome::not_tls, .reach = Reach::open, .protocol = "http"};
    CHECK_FALSE(brief_of(http).has_value());
    CHECK_FALSE(brief_of({.outcome = Outcome::not_tested}).has_value());
}

} // namespace tlsdoctor::probe
