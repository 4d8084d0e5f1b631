// SPDX-License-Identifier: Apache-2.0
// ASCII names are judged here and never shown to libidn2: IDNA2008 forbids names that are in daily
// use, such as `r3---sn-abc.example` (hyphens in the third and fourth place) or `_dmarc.example`.
#include "net/idn.hpp"

#include <algorithm>
#include <memory>

#include <fmt/core.h>
#include <idn2.h>

#include "base/text.hpp"

namespace tlsdoctor::net {
namespace {

constexpr std::size_t k_most_in_label = 63; // [RFC 1035 2.3.4]
constexpr std::size_t k_most_in_name = 253; // 255 octets on the wire, with the lengths and the root

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool stands_in_label(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string problem_of_label(std::string_view label) {
    if (label.empty()) {
        return "an empty label: two dots in a row, or a dot in front";
    }
    if (label.size() > k_most_in_label) {
        return fmt::format(
            "a label of {} bytes (`{}...`); {} is the limit", label.size(), label.substr(0, 16),
            k_most_in_label
        );
    }
    const auto bad = std::ranges::find_if_not(label, stands_in_label);
    if (bad != label.end()) {
        return fmt::format("the character `{}`", harmless({bad, bad + 1}));
    }
    return {};
}

std::string problem_of_name(std::string_view name) {
    if (name.empty()) {
        return "it is empty";
    }
    for (const std::string_view label : split(name, '.')) {
        if (std::string problem = problem_of_label(label); !problem.empty()) {
            return problem;
        }
    }
    if (name.size() > k_most_in_name) {
        return fmt::format("{} bytes in all; {} is the limit", name.size(), k_most_in_name);
    }
    return {};
}

std::unexpected<IdnError> refused(std::string_view host, std::string_view problem) {
    return std::unexpected(
        IdnError{.text = fmt::format("not a host name: `{}`: {}", harmless(host), problem)}
    );
}

} // namespace

std::expected<std::string, IdnError> to_ascii(std::string_view host) {
    std::string name = lower(host);
    const bool cut_short = host.contains('\0'); // libidn2 would read up to there; judged below
    if (!is_ascii(host) && !cut_short) {
        char* out = nullptr;
        const int status = idn2_lookup_u8(
            reinterpret_cast<const std::uint8_t*>(std::string(host).c_str()),
            reinterpret_cast<std::uint8_t**>(&out), IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT
        );
        const std::unique_ptr<char, void (*)(void*)> owned(out, idn2_free);
        if (status != IDN2_OK) {
            return refused(host, idn2_strerror(status));
        }
        name = lower(out);
    }
    if (name.ends_with('.')) {
        name.pop_back(); // the root: part of the DNS name, never of server_name [RFC 6066 3]
    }
    if (const std::string problem = problem_of_name(name); !problem.empty()) {
        return refused(host, problem);
    }
    return name;
}

} // namespace tlsdoctor::net
