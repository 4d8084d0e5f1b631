// SPDX-License-Identifier: Apache-2.0
// Whose files are these? Names and telling words are weighed; where two servers are as likely,
// nobody guesses.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// A file, or the beginning of one.
struct NamedText {
    std::string path{};
    std::string text{};
};

/// How much speaks for a server.
struct Likelihood {
    const Server* server{}; ///< never null
    int weight{};
};

/// Returns the servers that something speaks for, the likeliest first.
std::vector<Likelihood> likelihoods(std::span<const NamedText> files);

/// Returns the server that the files belong to; the error lists the candidates and says what to do.
std::expected<const Server*, std::string> recognise(std::span<const NamedText> files);

/// The names that `--server` takes, with commas.
std::string names_of_servers();

} // namespace tlsdoctor::config
