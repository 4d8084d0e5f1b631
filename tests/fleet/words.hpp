// SPDX-License-Identifier: Apache-2.0
// What the tests of this module share: a reader of words that knows `host`, `host:port` and
// addresses, and lists in temporary files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "fleet/entry.hpp"
#include "fleet/ip.hpp"

namespace tlsdoctor::fleet::testing {

/// Reads a word as the command line would, as far as these tests need it.
inline std::expected<evidence::Target, WordError> read_word(const Word& word) {
    const auto ip = ip_in(word.text);
    const std::size_t colon = ip ? std::string_view::npos : word.text.rfind(':');
    evidence::Target target{.input = std::string(word.input.empty() ? word.text : word.input)};
    target.host = word.text.substr(0, colon);
    target.port = word.port.value_or(443);
    if (colon != std::string_view::npos) {
        const auto port = number_in(word.text.substr(colon + 1), 65535);
        if (!port) {
            return std::unexpected(WordError{.what = "no port", .column = colon + 2});
        }
        target.port = static_cast<std::uint16_t>(*port);
    }
    if (target.host.contains(' ') || target.host.empty()) {
        return std::unexpected(WordError{.what = "a space or nothing"});
    }
    target.literal = ip_in(target.host).has_value();
    if (!word.name.empty()) {
        target.sni = std::string(word.name);
    } else if (!target.literal) {
        target.sni = target.host;
    }
    return target;
}

/// A file that is removed.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text) {
        const int file = mkstemp(path_.data());
        REQUIRE(file >= 0);
        std::ofstream(path_, std::ios::binary) << text;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }

    const std::string& path() const { return path_; }

private:
    std::string path_{std::filesystem::temp_directory_path() / "tlsdoctor-fleet-XXXXXX"};
};

} // namespace tlsdoctor::fleet::testing
