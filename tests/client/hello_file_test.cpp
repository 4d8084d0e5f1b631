// SPDX-License-Identifier: Apache-2.0
// The forms in which people keep a hello, each as its tool prints it.
#include "client/hello_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"
#include "client/replay.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::client {

namespace {

Bytes some_hello(std::string_view id = "cap-curl-debian12") {
    const Profile* profile = find_profile(id);
    REQUIRE(profile != nullptr);
    return replay_bytes(*profile, {.random = seeded_random(7), .server_name = "www.example.com"});
}

/// The characters' column of a dump: it may look like more bytes.
std::string letters(ByteView bytes) {
    return printable(bytes, bytes.size());
}

/// How a dump writes a line.
struct DumpStyle {
    std::string_view name{};
    std::string_view offset{};        ///< fmt's form
    std::size_t step{1};              ///< bytes written together
    std::string_view in_the_middle{}; ///< further text after eight bytes
    std::string_view before_letters{};
    bool letters{true};
};

std::string dump(ByteView bytes, const DumpStyle& style) {
    constexpr std::size_t width = 16;
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += width) {
        const ByteView line = bytes.subspan(at, std::min(width, bytes.size() - at));
        text += fmt::format(fmt::runtime(style.offset), at);
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool space = i > 0 && i % style.step == 0;
            text += i == 8 ? style.in_the_middle : "";
            text += (space && (i != 8 || style.in_the_middle != "-") ? " " : "") +
                    fmt::format("{:02x}", line[i]);
        }
        text += style.letters ? std::string{style.before_letters} + letters(line) + "\n" : "\n";
    }
    return text;
}

constexpr DumpStyle k_styles[] = {
    {"xxd", "{:08x}: ", 2, "", "  "},
    {"hexdump -C", "{:08x}  ", 1, " ", "  |"},
    {"od -tx1", "{:07o} ", 1, "", "", false},
    {"Wireshark", "{:04x}   ", 1, "", "   "},
    {"Wireshark, older", "{:04x}  ", 1, " ", "  "},
    {"openssl s_client -debug", "{:04x} - ", 1, "-", "   "},
    {"without letters", "{:04x} ", 1, "", "", false},
};

/// As OpenSSL 3.0 prints it.
std::string messages(ByteView stream) {
    const auto lines = [](ByteView bytes) {
        std::string text;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            text += (i % 16 == 0 ? "\n    " : " ") + fmt::format("{:02x}", bytes[i]);
        }
        return text + "\n";
    };
    return "CONNECTED(00000003)\n>>> TLS 1.0, RecordHeader [length 0005]" + lines(stream.first(5)) +
           ">>> TLS 1.3, Handshake [length 0200], ClientHello" + lines(stream.subspan(5)) +
           "<<< TLS 1.2, RecordHeader [length 0005]\n    15 03 03 00 02\n";
}

} // namespace

TEST_CASE("hello_in_file reads every form") {
    for (const std::string_view id : {"cap-curl-debian12", "cap-chromium-156"}) {
        const Bytes hello = some_hello(id);
        const std::string hex = to_hex(hello);
        std::string spaced;
        std::string escaped;
        for (const std::uint8_t byte : hello) {
            spaced += fmt::format("0x{:02X}, ", byte);
            escaped += fmt::format("\\x{:02x}", byte);
        }
        std::vector<std::pair<std::string_view, std::string>> forms = {
            {"binary", std::string{as_text(hello)}},
            {"binary and more", std::string{as_text(hello)} + "GET"},
            {"digits", hex},
            {"digits in lines", "# a hello\n" + hex.substr(0, 60) + "\r\n" + hex.substr(60) + "\n"},
            {"a C array", "{ " + spaced + " };\n"},
            {"a C string", "\"" + escaped + "\";"},
            {"s_client -msg", messages(hello)},
            {"a bare message", hex.substr(10)},
            {"a packet", "0000000000000000000000000800450000" + hex},
        };
        for (const DumpStyle& style : k_styles) {
            forms.emplace_back(style.name, dump(hello, style));
            forms.emplace_back(
                style.name, "write to 0x5581 [0x5581] (517 bytes)\n" + dump(hello, style) +
                                "read from 0x5581\n" + dump(as_bytes("another one"), style)
            );
        }
        for (const auto& [name, text] : forms) {
            CAPTURE(id);
            CAPTURE(name);
            const auto found = hello_in_file(as_bytes(text));
            REQUIRE_MESSAGE(found, describe(found.error()));
            CHECK(*found == hello);
        }
    }
}

TEST_CASE("hello_in_file reads a hello in SSL 2.0's format") {
    const Bytes hello = some_hello("cap-openssl-0.9.7m-s-client");
    CHECK(hello_in_file(hello).value() == hello);
    CHECK(hello_in_file(as_bytes(to_hex(hello))).value() == hello);
}

TEST_CASE("hello_in_file says what a file holds instead") {
    struct Row {
        std::string text{};
        std::string_view what{};
    };
    const std::string hex = to_hex(some_hello());
    const Row rows[] = {
        {"", "is empty"},
        {"\nhello\n", "line 2: holds neither a hello's bytes nor hexadecimal digits"},
        {hex.substr(0, 200),
         "holds hexadecimal digits, but no ClientHello: ClientHello at byte 100: the "
         "bytes end before the ClientHello does"},
        {std::string{"\x01\x02\x03", 3}, "holds no ClientHello"},
        {std::string(2U << 20U, 'a'), "is larger than 1 MiB"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const auto found = hello_in_file(as_bytes(row.text));
        REQUIRE_FALSE(found);
        CHECK(describe(found.error()).starts_with(row.what));
    }
}

TEST_CASE("hello_in_file survives any bytes") {
    const RandomSource random = seeded_random(3);
    const Bytes hello = some_hello();
    for (std::size_t i = 0; i < 2000; ++i) {
        Bytes noise = random_bytes(random, 3);
        Bytes broken = hello;
        broken[(std::size_t{noise[0]} << 8U | noise[1]) % broken.size()] = noise[2];
        const auto found = hello_in_file(broken);
        CHECK((!found || read_hello(*found)));
        const std::string text = to_hex(broken).substr(0, std::size_t{noise[0]} * 4);
        const auto in_text = hello_in_file(as_bytes(text));
        CHECK((!in_text || read_hello(*in_text)));
    }
}

} // namespace tlsdoctor::client
