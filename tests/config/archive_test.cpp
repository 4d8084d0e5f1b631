// SPDX-License-Identifier: Apache-2.0
// Archives: what comes out of good ones, and what is said of hostile or broken ones.
#include "config/archive.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <zlib.h>

namespace tlsdoctor::config {

namespace {

/// One entry of a tar file with its content.
std::string tar_entry(
    const std::string& name, char type, const std::string& content, const std::string& target = ""
) {
    std::string header(512, '\0');
    const auto put = [&](std::size_t at, const std::string& text) {
        header.replace(at, text.size(), text);
    };
    put(0, name.substr(0, 100));
    put(100, "0000644");
    put(124, fmt::format("{:011o}", content.size()));
    header[156] = type;
    put(157, target);
    put(257, std::string{"ustar\00000", 8});
    put(148, "        ");
    unsigned sum = 0;
    for (const char c : header) {
        sum += static_cast<unsigned char>(c);
    }
    put(148, fmt::format("{:06o}", sum) + std::string{"\0 ", 2});
    std::string padded = content;
    padded.resize((content.size() + 511) / 512 * 512, '\0');
    return header + padded;
}

std::string tar_of(const std::vector<std::string>& entries) {
    std::string text;
    for (const std::string& entry : entries) {
        text += entry;
    }
    return text + std::string(1024, '\0');
}

std::string deflated(const std::string& text, int window) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string result(deflateBound(&stream, text.size()), '\0');
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    result.resize(stream.total_out);
    deflateEnd(&stream);
    return result;
}

std::string little(std::size_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * i));
    }
    return bytes;
}

/// A zip file with one entry.
std::string zip_of(
    const std::string& name, const std::string& content, int method, unsigned mode = 0x81A4,
    unsigned flags = 0
) {
    const std::string packed = method == 8 ? deflated(content, -15) : content;
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    const std::string common = little(20, 2) + little(flags, 2) +
                               little(static_cast<std::size_t>(method), 2) + little(0, 4) +
                               little(crc, 4) + little(packed.size(), 4) +
                               little(content.size(), 4) + little(name.size(), 2) + little(0, 2);
    const std::string local = "PK\x03\x04" + common + name + packed;
    const std::string central = "PK\x01\x02" + little(0x031E, 2) + common + little(0, 2) +
                                little(0, 2) + little(0, 2) + little(std::size_t{mode} << 16, 4) +
                                little(0, 4) + name;
    return local + central + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
           little(central.size(), 4) + little(local.size(), 4) + little(0, 2);
}

std::string error_of(const std::string& bytes) {
    MemoryFiles files;
    const auto result = read_archive(bytes, files);
    return result ? "" : result.error();
}

} // namespace

TEST_CASE("read_archive reads tar, tar.gz and zip") {
    const std::string tar = tar_of(
        {tar_entry("./etc/", '5', ""), tar_entry("./etc/a.conf", '0', "hello\n"),
         tar_entry("etc/b", '2', "", "a.conf"), tar_entry("etc/c", '1', "", "etc/a.conf"),
         tar_entry("x", 'x', "24 path=etc/long/d.conf\n"), tar_entry("short", '0', "pax"),
         tar_entry("././@LongLink", 'L', std::string("etc/gnu.conf\0", 13)),
         tar_entry("s", '0', "gnu"), tar_entry("dev/null", '3', "")}
    );
    for (const std::string& bytes : {tar, deflated(tar, 15 + 16)}) {
        MemoryFiles files;
        REQUIRE(is_archive(bytes));
        REQUIRE(read_archive(bytes, files));
        CHECK(files.read("/etc/a.conf").value() == "hello\n");
        CHECK(files.read("/etc/b").value() == "hello\n");
        CHECK(files.read("/etc/c").value() == "hello\n");
        CHECK(files.read("/etc/long/d.conf").value() == "pax");
        CHECK(files.read("/etc/gnu.conf").value() == "gnu");
        CHECK(files.kind_of("/dev/null") == FileKind::none);
    }
    for (const int method : {0, 8}) {
        MemoryFiles files;
        const std::string bytes = zip_of("etc/a.conf", std::string(1000, 'a'), method);
        REQUIRE(is_archive(bytes));
        REQUIRE(read_archive(bytes, files));
        CHECK(files.read("/etc/a.conf").value() == std::string(1000, 'a'));
    }
}

TEST_CASE("read_archive says what is wrong with hostile and broken archives") {
    const std::string good = tar_of({tar_entry("a", '0', std::string(600, 'x'))});
    std::string damaged = good;
    damaged[0] = 'b';
    std::vector<std::string> many(k_most_files + 1, tar_entry("a", '0', ""));
    const std::string zip = zip_of("a", "text", 8);
    const std::pair<std::string, const char*> cases[] = {
        {tar_of({tar_entry("../../etc/passwd", '0', "x")}), "leads out of it"},
        {tar_of({tar_entry("a/b", '2', "", "../../x")}), "leads out of it"},
        {tar_of({tar_entry("a", '2', "", "/../x")}), "leads out of it"},
        {good.substr(0, 700), "cut off within `a`"},
        {good.substr(0, 512 + 1024 + 100), "cut off within a header"},
        {damaged, "header at byte 0 is damaged"},
        {tar_of(many), "more than 5000 entries"},
        {tar_of({}) + std::string(0, ' '), "is not"},
        {deflated(std::string((64 << 20) + 1, '\0'), 15 + 16), "more than 64 MiB"},
        {deflated(good, 15 + 16).substr(0, 40), "cut off"},
        {deflated("no tar", 15 + 16), "no tar in this gzip"},
        {std::string{"\xFD"
                     "7zXZ"
         } + good,
         "xz -d"},
        {zip_of("../a", "x", 0), "leads out of it"},
        {zip_of("a", "/../../etc/shadow", 0, 0xA1FF), "leads out of it"},
        {zip_of("a", "x", 0, 0x81A4, 1), "encrypted"},
        {zip_of("a", "x", 12), "a method that is not read"},
        {zip.substr(0, zip.size() - 10), "its directory is missing"},
    };
    for (const auto& [bytes, words] : cases) {
        CAPTURE(words);
        const std::string error = error_of(bytes);
        CAPTURE(error);
        CHECK((error.contains(words) || (std::string{words} == "is not" && error.contains("empty")))
        );
    }
}

TEST_CASE("read_archive survives every truncation and every changed byte") {
    const std::string tar = tar_of({tar_entry("a", '0', "x"), tar_entry("b", '2', "", "a")});
    for (const std::string& whole : {deflated(tar, 15 + 16), zip_of("a/b", "some text", 8)}) {
        for (std::size_t i = 0; i < whole.size(); ++i) {
            CHECK_FALSE(error_of(whole.substr(0, i)).empty());
            std::string changed = whole;
            changed[i] = static_cast<char>(~changed[i]);
            error_of(changed);
        }
    }
}

} // namespace tlsdoctor::config
