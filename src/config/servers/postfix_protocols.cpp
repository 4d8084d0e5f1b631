// SPDX-License-Identifier: Apache-2.0
// Reading and writing Postfix' lists of versions; see the header. Measured on Postfix 3.7.11.
#include "config/servers/postfix_protocols.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_postfix_separators = ", \t\r\n:";

constexpr VersionSet k_postfix_tls =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

/// What a list says, before it is put together.
struct PostfixList {
    VersionSet included{};
    VersionSet excluded{};
    ProtocolVersion lowest{ProtocolVersion::none};
    ProtocolVersion highest{ProtocolVersion::none};
    bool bounded{};
};

std::vector<std::string_view> postfix_words(std::string_view list) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < list.size();) {
        at = std::min(list.find_first_not_of(k_postfix_separators, at), list.size());
        const std::size_t end = std::min(list.find_first_of(k_postfix_separators, at), list.size());
        if (end > at) {
            words.push_back(list.substr(at, end - at));
        }
        at = end;
    }
    return words;
}

std::optional<ProtocolVersion> postfix_version(std::string_view word) {
    for (const ProtocolVersion version : k_versions) {
        if (same_ignoring_case(word, openssl_name(version))) {
            return version;
        }
    }
    return std::nullopt;
}

/// In a bound a number is allowed too (`0303`), and nothing: no bound (measured).
std::optional<ProtocolVersion> bound_in(std::string_view word) {
    if (word.empty()) {
        return ProtocolVersion::none;
    }
    for (const ProtocolVersion version : k_versions) {
        const auto number = static_cast<std::uint32_t>(version);
        if (word.size() == 4 && word.starts_with("03") &&
            number_in(word.substr(2), 99) == (number & 0xffU) && number >= 0x300) {
            return version;
        }
    }
    return postfix_version(word);
}

bool take_word(PostfixList& list, std::string_view word, bool with_bounds) {
    const bool lower = word.starts_with(">=");
    const bool upper = word.starts_with("<=");
    if (lower || upper) {
        const auto version = bound_in(word.substr(2));
        if (version) {
            (lower ? list.lowest : list.highest) = *version;
            list.bounded = true;
        }
        return version.has_value() && with_bounds;
    }
    const bool excludes = word.starts_with('!');
    const auto version = postfix_version(word.substr(excludes ? 1 : 0));
    if (version) {
        (excludes ? list.excluded : list.included).add(*version);
    }
    return version.has_value();
}

std::optional<PostfixList> read_list(std::string_view text, bool with_bounds) {
    PostfixList list;
    for (const std::string_view word : postfix_words(text)) {
        if (!take_word(list, word, with_bounds)) {
            return std::nullopt;
        }
    }
    return list;
}

std::string separator_in(std::string_view old, std::string_view otherwise) {
    if (old.contains(", ")) {
        return ", ";
    }
    for (const char one : {',', ':', ' '}) {
        if (trimmed(old).contains(one)) {
            return {one};
        }
    }
    return std::string{otherwise};
}

std::string put_together(
    const std::vector<std::string>& words, std::string_view old, std::string_view otherwise
) {
    return joined(words, separator_in(old, otherwise));
}

/// Words that exclude: those that stand there and are not wanted, then what is missing.
std::vector<std::string> exclusions(std::string_view old, VersionSet wanted, VersionSet within) {
    std::vector<std::string> words;
    VersionSet known;
    for (const std::string_view word : postfix_words(old)) {
        const auto version = word.starts_with('!') ? postfix_version(word.substr(1)) : std::nullopt;
        if (version && !wanted.has(*version)) {
            words.emplace_back(word);
            known.add(*version);
        }
    }
    for (const ProtocolVersion version : (within - wanted - known).members()) {
        words.push_back("!" + std::string{openssl_name(version)});
    }
    return words;
}

/// A list with bounds: the old words where they still hold.
std::vector<std::string> bounds(std::string_view old, const PostfixList& list, VersionSet wanted) {
    const VersionSet modern = wanted & k_postfix_tls;
    const VersionSet within = VersionSet::range(modern.lowest(), modern.highest());
    const bool open_above = modern.highest() == ProtocolVersion::tls_1_3;
    const bool open_below = modern.lowest() == ProtocolVersion::tls_1_0;
    std::vector<std::string> words;
    if (list.lowest != ProtocolVersion::none || !open_below || open_above) {
        words.push_back(">=" + std::string{openssl_name(modern.lowest())});
    }
    if (list.highest != ProtocolVersion::none && list.lowest == ProtocolVersion::none &&
        open_below) {
        words.clear();
    }
    if (list.highest != ProtocolVersion::none || !open_above) {
        words.push_back("<=" + std::string{openssl_name(modern.highest())});
    }
    for (std::string& word : exclusions(old, wanted, within)) {
        words.push_back(std::move(word));
    }
    return words;
}

std::optional<std::string>
rewritten(std::string_view old, VersionSet wanted, bool with_bounds, std::string_view separator) {
    if (old.contains('$') || (wanted & k_postfix_tls).empty()) {
        return std::nullopt;
    }
    auto list = read_list(old, true).value_or(PostfixList{});
    if (!list.included.empty() && !list.bounded) {
        std::vector<std::string> words;
        for (const ProtocolVersion version : (wanted & k_postfix_tls).members()) {
            words.emplace_back(openssl_name(version));
        }
        return put_together(words, old, separator);
    }
    const bool excludes = !list.bounded && !list.excluded.empty();
    if (excludes || !with_bounds) {
        const auto words = exclusions(old, wanted, k_postfix_tls);
        return words.empty() ? "!SSLv2" : put_together(words, old, separator);
    }
    return put_together(bounds(old, list, wanted), old, separator);
}

} // namespace

std::optional<VersionSet> postfix_protocols(std::string_view text, bool with_bounds) {
    const auto list = read_list(text, with_bounds);
    if (!list) {
        return std::nullopt;
    }
    VersionSet enabled = list->included.empty() ? VersionSet::all() : list->included;
    enabled = enabled - list->excluded - VersionSet{ProtocolVersion::ssl_2_0};
    if (list->lowest != ProtocolVersion::none) {
        enabled = enabled & VersionSet::range(list->lowest, ProtocolVersion::tls_1_3);
    }
    if (list->highest != ProtocolVersion::none) {
        enabled = enabled & VersionSet::range(ProtocolVersion::ssl_2_0, list->highest);
    }
    return enabled;
}

std::optional<std::string> rewritten_postfix_list(std::string_view old, VersionSet wanted) {
    return rewritten(old, wanted, true, ", ");
}

std::optional<std::string> rewritten_master_list(std::string_view old, VersionSet wanted) {
    return rewritten(old, wanted, true, ",");
}

std::optional<std::string> rewritten_postfix_exclusions(std::string_view old, VersionSet wanted) {
    return rewritten(old, wanted, false, ",");
}

std::optional<std::string> rewritten_postfix_floor(std::string_view /*old*/, VersionSet wanted) {
    const VersionSet modern = wanted & k_postfix_tls;
    return modern.empty() ? std::nullopt
                          : std::optional<std::string>{openssl_name(modern.lowest())};
}

std::optional<std::string> rewritten_postfix_ceiling(std::string_view /*old*/, VersionSet wanted) {
    const VersionSet modern = wanted & k_postfix_tls;
    return modern.empty() ? std::nullopt
                          : std::optional<std::string>{openssl_name(modern.highest())};
}

} // namespace tlsdoctor::config
