// SPDX-License-Identifier: Apache-2.0
// Known clients, and the hello of a file.
#include "cli/client_option.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "capture/first_hello.hpp"
#include "cli/output.hpp"
#include "client/profile.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::array<std::string_view, 6> k_suffixes = {".hex",  ".bin",    ".txt",
                                                        ".pcap", ".pcapng", ".cap"};

bool names_a_file(const std::string& word) {
    return word.find('/') != std::string::npos ||
           std::ranges::any_of(k_suffixes, [&](std::string_view suffix) {
               return word.ends_with(suffix);
           });
}

UsageError unknown_client(const std::string& word) {
    std::vector<std::string> similar;
    for (const std::string_view other : client::similar_ids(word)) {
        similar.emplace_back(other);
    }
    return {
        .what = fmt::format("--client: '{}' is not a known client", harmless(word)),
        .hint = similar.empty()
                    ? "'tlsdoctor check HOST --clients -v' lists the known ones; a file is "
                      "named with a '/' in it"
                    : fmt::format("similar ones: {}", joined(similar, ", "))
    };
}

} // namespace

std::optional<UsageError> read_client_file(const std::string& file, doctor::Options& visit) {
    const auto content = read_whole(file);
    if (!content) {
        return UsageError{.what = "--client: " + content.error()};
    }
    auto hello = capture::hello_of_file(as_bytes(*content));
    if (!hello) {
        return UsageError{
            .what = fmt::format("--client: {} {}", harmless(file), hello.error().what),
            .hint =
                "wanted are the bytes of a ClientHello, raw or in hexadecimal, or a packet capture"
        };
    }
    visit.simulation.recorded = std::move(hello->stream);
    visit.simulation.label = file.substr(file.rfind('/') + 1);
    visit.question.client_name = visit.simulation.label;
    return std::nullopt;
}

std::optional<UsageError>
read_client(const std::string& word, doctor::Options& visit, std::string& file) {
    const client::Profile* const profile = client::find_profile(word);
    if (profile == nullptr && names_a_file(word)) {
        file = word;
        return std::nullopt;
    }
    if (profile == nullptr) {
        return unknown_client(word);
    }
    visit.simulation.one = profile;
    visit.question.client =
        diagnose::VersionRange{.lowest = profile->lowest, .highest = profile->highest};
    visit.question.client_name = std::string{profile->name};
    return std::nullopt;
}

} // namespace tlsdoctor::cli
