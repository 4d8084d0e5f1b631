// SPDX-License-Identifier: Apache-2.0
// Versions of a bind line, after ssl_sock_initial_ctx() and ssl_sock_prepare_ctx() of HAProxy's
// src/ssl_sock.c (2.6).
#include "config/servers/haproxy_tls.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

namespace tlsdoctor::config {

namespace {

struct HaproxyName {
    ProtocolVersion version;
    std::string_view value; ///< of ssl-min-ver
    std::string_view word;  ///< of no- and force-
};

constexpr HaproxyName k_haproxy_names[] = {
    {ProtocolVersion::ssl_3_0, "SSLv3", "sslv3"},
    {ProtocolVersion::tls_1_0, "TLSv1.0", "tlsv10"},
    {ProtocolVersion::tls_1_1, "TLSv1.1", "tlsv11"},
    {ProtocolVersion::tls_1_2, "TLSv1.2", "tlsv12"},
    {ProtocolVersion::tls_1_3, "TLSv1.3", "tlsv13"},
};

const HaproxyName* find_haproxy_name(std::string_view text, std::string_view HaproxyName::* field) {
    const auto found = std::ranges::find(k_haproxy_names, text, field);
    return found == std::end(k_haproxy_names) ? nullptr : &*found;
}

/// Between a minimum and a maximum, without what is excluded; holes are filled, as OpenSSL gets no
/// more than the ends.
VersionSet haproxy_range(ProtocolVersion minimum, ProtocolVersion maximum, VersionSet excluded) {
    const auto lowest = minimum == ProtocolVersion::none ? ProtocolVersion::ssl_3_0 : minimum;
    const auto highest = maximum == ProtocolVersion::none ? ProtocolVersion::tls_1_3 : maximum;
    const VersionSet left = VersionSet::range(lowest, highest) - excluded;
    return left.empty() ? left : VersionSet::range(left.lowest(), left.highest());
}

void take_text(HaproxyText& own, const HaproxyText& other) {
    if (!own.text) {
        own = other;
    }
}

/// What a word says about versions.
enum class HaproxySays : std::uint8_t { nothing, minimum, maximum, excludes, forces };

HaproxySays said_by(std::string_view word) {
    if (word == "ssl-min-ver") {
        return HaproxySays::minimum;
    }
    if (word == "ssl-max-ver") {
        return HaproxySays::maximum;
    }
    const std::size_t dash = word.find('-');
    if (dash == word.npos || !find_haproxy_name(word.substr(dash + 1), &HaproxyName::word)) {
        return HaproxySays::nothing;
    }
    const std::string_view verb = word.substr(0, dash);
    return verb == "no"      ? HaproxySays::excludes
           : verb == "force" ? HaproxySays::forces
                             : HaproxySays::nothing;
}

/// `old` with other bytes between its quotes.
std::string in_quotes_of(std::string_view old, std::string_view value) {
    const bool quoted = old.size() > 1 && (old[0] == '"' || old[0] == '\'') && old.back() == old[0];
    const std::string_view quote = quoted ? old.substr(0, 1) : "";
    return fmt::format("{}{}{}", quote, value, quote);
}

/// Rewrites the words of options, keeping the bytes between those that stay.
class HaproxyOptions {
public:
    HaproxyOptions(std::string_view old, VersionSet wanted)
        : lowest_{wanted.lowest()}, highest_{wanted.highest()},
          file_{sources_.add("", std::string{old})},
          document_{read_haproxy_lines(sources_, file_)} {}

    std::optional<std::string> rewrite();

private:
    void keep(const Word& word, std::string_view bytes);
    void put(std::string_view words) {
        out_ += out_.empty() ? "" : " ";
        out_ += words;
    }
    void put_missing();
    void take(HaproxySays says, const Word& word, const Word* value);

    ProtocolVersion lowest_;
    ProtocolVersion highest_;
    Sources sources_{};
    FileId file_;
    Document document_;
    std::string out_{};
    std::size_t behind_{}; ///< the last word, in the old bytes
    bool minimum_{};       ///< is written
    bool maximum_{};
};

void HaproxyOptions::keep(const Word& word, std::string_view bytes) {
    // Blanks as they stand between words that stay; a single one where some were taken away.
    const std::string_view before = sources_.text({file_, behind_, word.place.begin});
    const bool blank = before.find_first_not_of(" \t") == before.npos && !before.empty();
    out_ += out_.empty() ? "" : blank ? before : " ";
    out_ += bytes;
    behind_ = word.place.end;
}

void HaproxyOptions::put_missing() {
    // TLS 1.2 is what HAProxy begins with where nothing is said, and there is no upper end.
    if (!minimum_ && lowest_ != ProtocolVersion::tls_1_2) {
        put(fmt::format("ssl-min-ver {}", haproxy_name(lowest_)));
    }
    minimum_ = true;
    if (!maximum_ && highest_ != ProtocolVersion::tls_1_3) {
        put(fmt::format("ssl-max-ver {}", haproxy_name(highest_)));
    }
    maximum_ = true;
}

void HaproxyOptions::take(HaproxySays says, const Word& word, const Word* value) {
    const bool minimum = says == HaproxySays::minimum;
    bool& done = minimum ? minimum_ : maximum_;
    const ProtocolVersion version = minimum ? lowest_ : highest_;
    if (value == nullptr || done || (!minimum && version == ProtocolVersion::tls_1_3)) {
        behind_ = value == nullptr ? word.place.end : value->place.end;
        return;
    }
    if (!minimum && !minimum_ && lowest_ != ProtocolVersion::tls_1_2) {
        put(fmt::format("ssl-min-ver {}", haproxy_name(lowest_)));
        minimum_ = true;
    }
    keep(word, sources_.text(word.place));
    keep(*value, in_quotes_of(sources_.text(value->place), haproxy_name(version)));
    done = true;
}

std::optional<std::string> HaproxyOptions::rewrite() {
    if (document_.statements.size() != 1 || lowest_ == ProtocolVersion::none) {
        return std::nullopt;
    }
    const auto& words = document_.statements[0].words;
    const HaproxyEnvironment nothing;
    std::vector<std::string> missing;
    const auto says_at = [&](std::size_t i) {
        return said_by(resolve_haproxy(words[i], nothing, missing)[0].text);
    };
    // A minimum further behind must not be written a second time.
    bool later_minimum = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        later_minimum = later_minimum || says_at(i) == HaproxySays::minimum;
    }
    bool changed = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const HaproxySays says = says_at(i);
        if (says == HaproxySays::nothing) {
            keep(words[i], sources_.text(words[i].place));
            continue;
        }
        changed = true;
        if (says == HaproxySays::excludes || says == HaproxySays::forces) {
            behind_ = words[i].place.end;
            continue;
        }
        const bool has_value = i + 1 < words.size();
        if (says == HaproxySays::maximum && later_minimum && !minimum_) {
            minimum_ = true;
            take(says, words[i], has_value ? &words[i + 1] : nullptr);
            minimum_ = false;
        } else {
            take(says, words[i], has_value ? &words[i + 1] : nullptr);
        }
        i += has_value ? 1U : 0U;
    }
    if (!changed) {
        return std::nullopt;
    }
    put_missing();
    return out_.empty() ? std::nullopt : std::optional{out_};
}

} // namespace

HaproxyTls merged(HaproxyTls own, const HaproxyTls& defaults) {
    if (own.minimum.version == ProtocolVersion::none) {
        own.minimum = defaults.minimum;
    }
    if (own.maximum.version == ProtocolVersion::none) {
        own.maximum = defaults.maximum;
    }
    own.excluded = own.excluded | defaults.excluded;
    own.excluders.insert(
        own.excluders.begin(), defaults.excluders.begin(), defaults.excluders.end()
    );
    take_text(own.ciphers, defaults.ciphers);
    take_text(own.ciphersuites, defaults.ciphersuites);
    take_text(own.groups, defaults.groups);
    return own;
}

HaproxyVersions versions_of_bind(const HaproxyTls& tls, ProtocolVersion default_minimum) {
    ProtocolVersion minimum = tls.minimum.version;
    const ProtocolVersion maximum = tls.maximum.version;
    const bool bounded = minimum != ProtocolVersion::none || maximum != ProtocolVersion::none;
    if (minimum == ProtocolVersion::none) {
        const bool below = maximum != ProtocolVersion::none && maximum < default_minimum;
        minimum = below ? maximum : default_minimum;
    }
    return {
        haproxy_range(minimum, maximum, bounded ? VersionSet{} : tls.excluded),
        bounded && !tls.excluded.empty()
    };
}

VersionSet versions_of_entry(const HaproxyTls& entry, VersionSet of_bind) {
    const bool lower = entry.minimum.version != ProtocolVersion::none;
    const bool upper = entry.maximum.version != ProtocolVersion::none;
    return haproxy_range(
        lower ? entry.minimum.version : of_bind.lowest(),
        upper ? entry.maximum.version : of_bind.highest(), {}
    );
}

HaproxyTaken take_version_word(
    std::span<const HaproxyWord> words, std::size_t& at, HaproxyTls& tls,
    std::optional<std::size_t> default_line
) {
    const HaproxySays says = said_by(words[at].text);
    if (says == HaproxySays::nothing) {
        return HaproxyTaken::no;
    }
    HaproxyMaker maker{default_line, words[at].variable, words[at].place};
    if (says == HaproxySays::excludes || says == HaproxySays::forces) {
        const std::string_view word =
            std::string_view{words[at].text}.substr(words[at].text.find('-') + 1);
        const ProtocolVersion version = find_haproxy_name(word, &HaproxyName::word)->version;
        if (says == HaproxySays::excludes) {
            tls.excluded.add(version);
            tls.excluders.push_back(std::move(maker));
        } else {
            tls.minimum = {version, maker};
            tls.maximum = {version, std::move(maker)};
        }
        return HaproxyTaken::yes;
    }
    if (++at >= words.size()) {
        --at;
        return HaproxyTaken::bad;
    }
    const HaproxyName* const name = find_haproxy_name(words[at].text, &HaproxyName::value);
    if (name == nullptr) {
        return HaproxyTaken::bad;
    }
    maker = {default_line, words[at].variable, words[at].place};
    (says == HaproxySays::minimum ? tls.minimum : tls.maximum) = {name->version, std::move(maker)};
    return HaproxyTaken::yes;
}

std::string_view haproxy_name(ProtocolVersion version) {
    const auto found = std::ranges::find(k_haproxy_names, version, &HaproxyName::version);
    // SSL 2.0 has no name there; the lowest that has one is as near as it gets.
    return found == std::end(k_haproxy_names) ? k_haproxy_names[0].value : found->value;
}

std::optional<std::string> rewrite_haproxy_options(std::string_view old, VersionSet wanted) {
    return HaproxyOptions{old, wanted}.rewrite();
}

std::optional<std::string> rewrite_haproxy_minimum(std::string_view old, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{in_quotes_of(old, haproxy_name(wanted.lowest()))};
}

std::optional<std::string> rewrite_haproxy_maximum(std::string_view old, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{in_quotes_of(old, haproxy_name(wanted.highest()))};
}

std::string haproxy_options_for(VersionSet wanted, bool with_minimum) {
    std::string text;
    if (with_minimum || wanted.lowest() != ProtocolVersion::tls_1_2) {
        text += fmt::format(" ssl-min-ver {}", haproxy_name(wanted.lowest()));
    }
    if (wanted.highest() != ProtocolVersion::tls_1_3) {
        text += fmt::format(" ssl-max-ver {}", haproxy_name(wanted.highest()));
    }
    return text;
}

} // namespace tlsdoctor::config
