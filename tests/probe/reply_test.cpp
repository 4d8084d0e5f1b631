// SPDX-License-Identifier: Apache-2.0
// The reply reader against a table of real answers, however the network cuts them.
#include "probe/reply.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "probe/answers.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using test::Answer;
using test::told;

ReplyReader reader_for(const Answer& answer) {
    return ReplyReader(test::offer_of(answer.offered), answer.port);
}

Exchange concluded(ReplyReader& reader, Ending ending) {
    Exchange exchange;
    reader.conclude(ending, exchange);
    return exchange;
}

/// Feeds the answer in pieces of `piece` bytes.
Exchange read_in_pieces(const Answer& answer, std::size_t piece) {
    ReplyReader reader = reader_for(answer);
    for (ByteView left = answer.bytes; !left.empty();) {
        const std::size_t size = std::min(piece, left.size());
        reader.feed(left.first(size));
        left = left.subspan(size);
    }
    return concluded(reader, answer.ending);
}

/// Feeds the answer in two pieces.
Exchange read_cut(const Answer& answer, std::size_t cut) {
    ReplyReader reader = reader_for(answer);
    reader.feed(ByteView(answer.bytes).first(cut));
    reader.feed(ByteView(answer.bytes).subspan(cut));
    return concluded(reader, answer.ending);
}

} // namespace

TEST_CASE("an answer is judged as it deserves") {
    for (const Answer& answer : test::answers()) {
        CAPTURE(answer.name);
        const Exchange exchange = read_in_pieces(answer, 100'000);
        CHECK(told(exchange) == answer.told);
        CHECK(exchange.received == answer.bytes);
    }
}

TEST_CASE("an answer is judged alike wherever the network cuts it") {
    for (const Answer& answer : test::answers()) {
        for (std::size_t cut = 0; cut <= answer.bytes.size(); ++cut) {
            CAPTURE(answer.name);
            CAPTURE(cut);
            CHECK(told(read_cut(answer, cut)) == answer.told);
        }
    }
}

TEST_CASE("an answer that comes byte by byte is judged alike") {
    for (const Answer& answer : test::answers()) {
        CAPTURE(answer.name);
        CHECK(told(read_in_pieces(answer, 1)) == answer.told);
    }
}

TEST_CASE("a long answer is judged alike in pieces of any size, and 16 KiB of it are kept") {
    for (const Answer& answer : test::long_answers()) {
        for (const std::size_t piece : {1U, 7U, 1'000U, 4'096U, 16'384U, 200'000U}) {
            CAPTURE(answer.name);
            CAPTURE(piece);
            const Exchange exchange = read_in_pieces(answer, piece);
            CHECK(told(exchange) == answer.told);
            CHECK(exchange.received.size() <= 16'384);
            CHECK(std::ranges::equal(
                exchange.received, ByteView(answer.bytes).first(exchange.received.size())
            ));
        }
    }
}

TEST_CASE("an empty piece changes nothing") {
    for (const Answer& answer : test::answers()) {
        CAPTURE(answer.name);
        ReplyReader reader = reader_for(answer);
        reader.feed({});
        reader.feed(answer.bytes);
        reader.feed({});
        CHECK(told(concluded(reader, answer.ending)) == answer.told);
    }
}

TEST_CASE("every proper prefix of a ServerHello is garbled, whichever way it ended") {
    const Bytes whole = test::server_hello_record(ProtocolVersion::tls_1_2);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        for (const Ending ending : {Ending::fin, Ending::reset, Ending::ours}) {
            CAPTURE(size);
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const Answer answer{.offered = ProtocolVersion::tls_1_2, .bytes = part};
            ReplyReader reader = reader_for(answer);
            reader.feed(part);
            CHECK(reader.wants() == Wants::answer);
            CHECK(concluded(reader, ending).outcome == Outcome::garbled);
        }
    }
}

TEST_CASE("what more is wanted depends on what can still come") {
    struct Case {
        const char* name{};
        std::string answer{};
        Wants wants{};
    };
    const Case cases[] = {
        {"nothing, then FIN", "nothing at all", Wants::answer},
        {"an alert: more text or a FIN", "alert 70 of OpenSSL", Wants::rest},
        {"a warning: a ServerHello", "a warning and nothing more", Wants::answer},
        {"TLS 1.3: all else is encrypted", "TLS 1.3", Wants::nothing},
        {"HelloRetryRequest", "HelloRetryRequest", Wants::nothing},
        {"a ServerHello of TLS 1.2: its flight", "TLS 1.2 in answer to TLS 1.3", Wants::rest},
        {"a whole flight", "a whole flight of TLS 1.2", Wants::nothing},
        {"half a ServerHello", "half a ServerHello, then FIN", Wants::answer},
        {"a short greeting: its end", "SSH", Wants::rest},
        {"a record too long", "a record longer than any may be", Wants::nothing},
        {"SERVER-HELLO", "SSL 2.0 SERVER-HELLO", Wants::nothing},
        {"ERROR", "SSL 2.0 ERROR", Wants::rest},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto at = std::ranges::find(test::answers(), c.answer, &Answer::name);
        REQUIRE(at != test::answers().end());
        ReplyReader reader = reader_for(*at);
        CHECK(reader.wants() == Wants::answer);
        reader.feed(at->bytes);
        CHECK(reader.wants() == c.wants);
    }
}

TEST_CASE("after the whole answer more bytes are neither judged nor kept") {
    const auto at = std::ranges::find(test::answers(), "TLS 1.3", &Answer::name);
    REQUIRE(at != test::answers().end());
    ReplyReader reader = reader_for(*at);
    reader.feed(at->bytes);
    reader.feed(as_bytes("more"));
    const Exchange exchange = concluded(reader, Ending::ours);
    CHECK(exchange.received == at->bytes);
    CHECK(told(exchange) == at->told);
}

TEST_CASE("the conclusion leaves what was asked as it stands") {
    Exchange exchange{.id = "e3", .purpose = evidence::Purpose::name, .sent = Bytes{1, 2, 3}};
    exchange.offer.sni = "www.example.com";
    ReplyReader reader(exchange.offer, 443);
    reader.feed(as_bytes("SSH-2.0-x\r\n"));
    reader.conclude(Ending::fin, exchange);
    CHECK(exchange.id == "e3");
    CHECK(exchange.purpose == evidence::Purpose::name);
    CHECK(exchange.sent == Bytes{1, 2, 3});
    CHECK(exchange.offer.sni == "www.example.com");
    CHECK(exchange.protocol == "ssh");
}

} // namespace tlsdoctor::probe
