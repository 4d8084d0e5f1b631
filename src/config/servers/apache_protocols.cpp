// SPDX-License-Identifier: Apache-2.0
// Lists of versions; see the header.
#include "config/servers/apache_protocols.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

constexpr VersionSet k_apache_all =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

std::optional<ProtocolVersion> apache_version(std::string_view word) {
    for (const ProtocolVersion version : k_versions) {
        if (same_ignoring_case(word, openssl_name(version))) {
            return version;
        }
    }
    return std::nullopt;
}

char sign_of(std::string_view word) {
    return word.starts_with('+') || word.starts_with('-') ? word.front() : '\0';
}

std::string_view unsigned_word(std::string_view word) {
    return word.substr(sign_of(word) == '\0' ? 0 : 1);
}

bool is_all(std::string_view word) {
    return same_ignoring_case(unsigned_word(word), "all");
}

std::string plus_list(VersionSet wanted) {
    return "+" + openssl_names(wanted, " +");
}

/// `all -SSLv3 -TLSv1`: words that forbid what is wanted go, those that are missing come last.
std::string minus_list(const std::vector<std::string>& words, VersionSet wanted) {
    std::string text = "all";
    VersionSet forbidden;
    for (const std::string& word : words) {
        const auto version = apache_version(unsigned_word(word));
        if (version && sign_of(word) == '-' && !wanted.has(*version)) {
            text += " -" + std::string{unsigned_word(word)};
            forbidden.add(*version);
        }
    }
    if (words.size() == 1) {
        forbidden = forbidden - VersionSet{ProtocolVersion::ssl_3_0};
    }
    for (const ProtocolVersion version : (k_apache_all - wanted - forbidden).members()) {
        text += " -" + std::string{openssl_name(version)};
    }
    return text;
}

std::string in_quotes_if_needed(const std::string& text, std::string_view old) {
    const bool quoted = old.starts_with('"') || old.starts_with('\'');
    return quoted || text.contains(' ') ? "\"" + text + "\"" : text;
}

} // namespace

std::expected<VersionSet, std::string> apache_protocols(const std::vector<std::string>& words) {
    VersionSet set;
    for (const std::string& word : words) {
        const char sign = sign_of(word);
        const std::string_view name = unsigned_word(word);
        const auto version = apache_version(name);
        if (!version && !is_all(word)) {
            return std::unexpected{"SSLProtocol: Illegal protocol '" + harmless(name) + "'"};
        }
        if (version && *version < ProtocolVersion::tls_1_0) {
            if (sign != '-') {
                return std::unexpected{
                    std::string{openssl_name(*version)} + " is not supported by this OpenSSL"
                };
            }
            continue;
        }
        const VersionSet meant = version ? VersionSet{*version} : k_apache_all;
        set = sign == '-' ? set - meant : sign == '+' ? set | meant : meant;
    }
    return set;
}

VersionSet without_hole(VersionSet versions) {
    VersionSet range;
    const auto members = versions.members();
    for (auto one = k_versions.rbegin(); one != k_versions.rend(); ++one) {
        if (versions.has(*one)) {
            range.add(*one);
        } else if (!range.empty()) {
            break;
        }
    }
    return range;
}

std::optional<ProtocolVersion> openssl_bound(std::string_view text) {
    if (same_ignoring_case(text, "None")) {
        return ProtocolVersion::none;
    }
    const auto version = apache_version(text);
    return version == ProtocolVersion::ssl_2_0 ? std::nullopt : version;
}

VersionSet forbidden_by(std::string_view list) {
    VersionSet forbidden;
    for (const std::string_view part : split(list, ',')) {
        const std::string_view word = trimmed(part);
        const auto version = apache_version(unsigned_word(word));
        const VersionSet meant = is_all(word) ? VersionSet::all()
                                 : version    ? VersionSet{*version}
                                              : VersionSet{};
        forbidden = sign_of(word) == '-' ? forbidden | meant : forbidden - meant;
    }
    return forbidden;
}

std::optional<std::string> rewritten_protocols(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.lowest() < ProtocolVersion::tls_1_0) {
        return std::nullopt;
    }
    const auto words = section_words(old, k_apache_dialect);
    const bool minus = std::ranges::all_of(words, [](const std::string& word) {
        return is_all(word) ? sign_of(word) != '-' : sign_of(word) == '-';
    });
    if (minus && !words.empty()) {
        return minus_list(words, wanted);
    }
    const bool plus =
        std::ranges::all_of(words, [](const std::string& word) { return sign_of(word) == '+'; });
    return (plus && !words.empty() ? "" : "-all ") + plus_list(wanted);
}

std::optional<std::string> rewritten_protocol_word(std::string_view old, VersionSet wanted) {
    std::string_view text = old;
    if (text.size() > 1 && (text.front() == '"' || text.front() == '\'')) {
        text = text.substr(1, text.size() - 2);
    }
    const auto list = rewritten_protocols(text, wanted);
    return list ? std::optional{in_quotes_if_needed(*list, old)} : std::nullopt;
}

std::optional<std::string> rewritten_protocol_piece(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.lowest() < ProtocolVersion::tls_1_0 || old.contains('-')) {
        return std::nullopt;
    }
    return in_quotes_if_needed(openssl_names(wanted, " +"), old);
}

std::optional<std::string> rewritten_minimum(std::string_view /*old*/, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.lowest())}};
}

std::optional<std::string> rewritten_maximum(std::string_view /*old*/, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.highest())}};
}

std::optional<std::string> rewritten_openssl_list(std::string_view old, VersionSet wanted) {
    const std::string_view quote = old.starts_with('"') ? "\"" : "";
    return std::string{quote} + "-ALL," + openssl_names(wanted, ",") + std::string{quote};
}

} // namespace tlsdoctor::config
