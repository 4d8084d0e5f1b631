// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "cases.hpp"
#include "wire/ssl2_record.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

TEST_CASE("records of SSL 2.0 are read with both headers and written as they were") {
    struct Case {
        std::string_view name;
        std::string_view hex;
        Ssl2Record record;
    };
    const Case k_cases[] = {
        {"two bytes", "8003000001", {.data = test::hex("000001")}},
        {"three bytes", "000300000001", {.data = test::hex("000001"), .three_byte_header = true}},
        {"padding",
         "000502000001ffee",
         {.data = test::hex("000001"), .padding = test::hex("ffee"), .three_byte_header = true}},
        {"escape",
         "40010007",
         {.data = test::hex("07"), .security_escape = true, .three_byte_header = true}},
        {"padding alone",
         "000101ff",
         {.data = {}, .padding = test::hex("ff"), .three_byte_header = true}},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        Ssl2RecordReader reader;
        for (const std::uint8_t byte : test::hex(c.hex)) {
            CHECK(reader.next().value() == std::optional<Ssl2Record>());
            reader.feed(ByteView(&byte, 1));
        }
        CHECK(reader.next().value() == std::optional(c.record));
        CHECK(reader.pending().empty());
        CHECK(to_hex(write(c.record)) == c.hex);
    }
}

TEST_CASE("records that SSL 2.0 cannot have are refused") {
    struct Case {
        std::string_view hex;
        std::string_view error;
    };
    constexpr Case k_cases[] = {
        {"8000", "RECORD-LENGTH at byte 0: the record is empty"},
        {"000000", "RECORD-LENGTH at byte 0: the record is empty"},
        {"000304", "PADDING at byte 2: padding is longer than the record"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.hex);
        Ssl2RecordReader reader;
        reader.feed(test::hex(c.hex));
        const auto next = reader.next();
        REQUIRE_FALSE(next);
        CHECK(describe(next.error()) == c.error);
    }
}

TEST_CASE("the first bytes of a stream tell TLS, SSL 2.0 and anything else apart") {
    struct Case {
        std::string_view name;
        std::string_view hex;
        Framing framing;
    };
    constexpr Case k_cases[] = {
        {"nothing yet", "", Framing::need_more},
        {"TLS handshake", "16", Framing::tls},
        {"TLS alert with any version", "1504000002", Framing::tls},
        {"SSL 2.0 header alone", "8003", Framing::need_more},
        {"SSL 2.0 ERROR", "8003000001", Framing::ssl2},
        {"ERROR of a wrong length", "8004000001", Framing::unknown},
        {"SSL 2.0 SERVER-HELLO", "802b0400010002", Framing::ssl2},
        {"SERVER-HELLO that is too short", "800a04", Framing::unknown},
        {"SSL 2.0 CLIENT-HELLO", "807a010301", Framing::ssl2},
        {"CLIENT-HELLO that is too short", "800801", Framing::unknown},
        {"SSL 2.0 CLIENT-FINISHED, which starts nothing", "801103", Framing::unknown},
        {"HTTP", "485454", Framing::unknown},
        {"SSH", "5353482d", Framing::unknown},
        {"MySQL's greeting", "4a0000000a", Framing::unknown},
        {"Latin-1 text", "e9e8e9", Framing::unknown},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        CHECK(framing_of(test::hex(c.hex)) == c.framing);
    }
}

TEST_CASE("a message goes into a record with the short header") {
    CHECK(to_hex(ssl2_record(test::hex("000001"))) == "8003000001");
}
