// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "cases.hpp"
#include "wire/alert.hpp"
#include "wire/record.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::wire;

namespace {

/// Everything that a reader yields from bytes that come in pieces of one size.
struct Yield {
    std::vector<Record> records{};
    std::string error{};
};

Yield yield_of(ByteView bytes, std::size_t piece) {
    Yield yield;
    RecordReader reader;
    while (!bytes.empty()) {
        const std::size_t size = std::min(piece, bytes.size());
        reader.feed(bytes.first(size));
        bytes = bytes.subspan(size);
        auto next = reader.next();
        for (; next && *next; next = reader.next()) {
            yield.records.push_back(**next);
        }
        yield.error = next ? "" : describe(next.error());
    }
    return yield;
}

} // namespace

TEST_CASE("records come out the same whatever the pieces they come in") {
    const std::vector<Record> sent = {
        {ContentType::handshake, ProtocolVersion::tls_1_2, test::hex("010000")},
        {ContentType::handshake, ProtocolVersion::tls_1_2, {}},
        {ContentType::change_cipher_spec, ProtocolVersion::tls_1_0, test::hex("01")},
        {ContentType::alert, ProtocolVersion{0x0400}, test::hex("0246")},
        {ContentType::application_data, ProtocolVersion::tls_1_2, Bytes(k_max_ciphertext, 0xab)},
    };
    Bytes stream;
    for (const Record& one : sent) {
        const Bytes bytes = write(one);
        stream.insert(stream.end(), bytes.begin(), bytes.end());
    }
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}, std::size_t{7},
          std::size_t{1460}, stream.size()}) {
        CAPTURE(piece);
        const Yield yield = yield_of(stream, piece);
        CHECK(yield.records == sent);
        CHECK(yield.error.empty());
    }
}

TEST_CASE("an alert is accepted with any record version") {
    // Seen: 0000 BearSSL, 0200, 0300 to 0304 many, 0305 and 0400 OpenSSL echoing the hello.
    for (const std::string version :
         {"0000", "0002", "0200", "0300", "0304", "0305", "0400", "ffff"}) {
        CAPTURE(version);
        const Yield yield = yield_of(test::hex("15" + version + "00020228"), 7);
        REQUIRE(yield.records.size() == 1);
        CHECK(
            read_alert(yield.records[0].fragment) ==
            Alert{.level = AlertLevel::fatal, .description = AlertDescription::handshake_failure}
        );
    }
}

TEST_CASE("bytes that cannot be TLS are refused at the byte that says so") {
    struct Case {
        std::string_view name;
        std::string_view hex;
        std::size_t records;
        std::string_view error;
    };
    constexpr Case k_cases[] = {
        {"HTTP", "485454502f312e31", 0, "type at byte 0: 72 is no content type"},
        {"one byte of SSH", "53", 0, "type at byte 0: 83 is no content type"},
        {"content type 19", "13", 0, "type at byte 0: 19 is no content type"},
        {"content type 25", "19", 0, "type at byte 0: 25 is no content type"},
        {"text after an alert",
         "15030100020228"
         "48",
         1, "type at byte 7: 72 is no content type"},
        {"too long by one", "1603014801", 0, "length at byte 3: length 18433 is over 18432"},
        {"as long as can be", "1603014800", 0, ""},
        {"heartbeat is TLS", "18030300", 0, ""},
        {"nothing", "", 0, ""},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        const Yield yield = yield_of(test::hex(c.hex), 100);
        CHECK(yield.records.size() == c.records);
        CHECK(yield.error == c.error);
    }
}

TEST_CASE("a record whose length is one more is waited for, one less leaves a byte behind") {
    CHECK(yield_of(test::hex("15030100030228"), 100).records.empty());
    CHECK(
        yield_of(test::hex("15030100010228"), 100).error == "type at byte 6: 40 is no content type"
    );
}

TEST_CASE("an error of the record layer stays") {
    RecordReader reader;
    reader.feed(test::hex("48"));
    CHECK_FALSE(reader.next());
    reader.feed(test::hex("15030100020228"));
    CHECK_FALSE(reader.next());
}

TEST_CASE("a reader knows what it used and what waits") {
    RecordReader reader;
    reader.feed(test::hex("15030100020228"
                          "160301"));
    CHECK(reader.next()->has_value());
    CHECK_FALSE(reader.next()->has_value());
    CHECK(reader.consumed() == 7);
    CHECK(to_hex(reader.pending()) == "160301");
}

TEST_CASE("records split data at 2^14 bytes") {
    const auto sizes = [](std::size_t size) {
        std::vector<std::size_t> result;
        const Bytes all = records(ContentType::handshake, ProtocolVersion::tls_1_0, Bytes(size, 1));
        for (const Record& one : yield_of(all, all.size() + 1).records) {
            result.push_back(one.fragment.size());
        }
        return result;
    };
    CHECK(sizes(0).empty());
    CHECK(sizes(1) == std::vector<std::size_t>{1});
    CHECK(sizes(16384) == std::vector<std::size_t>{16384});
    CHECK(sizes(16385) == std::vector<std::size_t>{16384, 1});
}

TEST_CASE("a fatal alert is a record of seven bytes") {
    const Bytes bytes =
        fatal_alert_record(ProtocolVersion::tls_1_2, AlertDescription::decode_error);
    CHECK(to_hex(bytes) == "15030300020232");
}
