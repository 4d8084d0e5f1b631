// SPDX-License-Identifier: Apache-2.0
// Reading and writing priority strings; see the header. What a word does was measured on
// gnutls_priority_init of GnuTLS 3.7.9.
#include "config/gnutls_policy.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/gnutls_words.hpp"

namespace tlsdoctor::config {

namespace {

/// More words than that are not read by the library either.
constexpr std::size_t k_most_priority_words = 64;

constexpr VersionSet k_gnutls_versions =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

void add_to(std::vector<std::string_view>& list, std::string_view name) {
    if (std::ranges::find(list, name) == list.end()) {
        list.push_back(name);
    }
}

void add_all(std::vector<std::string_view>& list, std::span<const std::string_view> names) {
    for (const std::string_view name : names) {
        add_to(list, name);
    }
}

void apply_level(GnutlsPolicy& policy, const GnutlsLevel& level) {
    add_all(policy.ciphers, level.ciphers);
    add_all(policy.macs, level.macs);
    add_all(policy.exchanges, level.exchanges);
    add_all(policy.groups, level.groups);
    add_all(policy.signatures, level.signatures);
    if (level.tls12_only) {
        policy.versions.add(ProtocolVersion::tls_1_2);
    }
}

void apply_to_list(std::vector<std::string_view>& list, std::string_view name, bool add) {
    if (add) {
        add_to(list, name);
    } else {
        std::erase(list, name);
    }
}

void apply_bulk(GnutlsPolicy& policy, const GnutlsBulk& bulk, bool add) {
    auto& list = policy.list(bulk.list);
    if (!add && bulk.all) {
        list.clear();
        return;
    }
    for (const std::string_view name : bulk.added) {
        apply_to_list(list, name, add);
    }
}

/// `ALL`, `TLS-ALL`, `TLS1.2`, `DTLS1.0` ...; false where there is no such version.
bool apply_version(GnutlsPolicy& policy, std::string_view word, bool add) {
    const bool all = same_ignoring_case(word, "ALL") || same_ignoring_case(word, "TLS-ALL");
    if (all) {
        policy.versions = add ? policy.versions | k_gnutls_versions : VersionSet{};
        return true;
    }
    if (same_ignoring_case(word, "DTLS-ALL")) {
        return true;
    }
    if (!gnutls_version(word)) {
        return false;
    }
    const auto version = version_named(word);
    if (version && k_gnutls_versions.has(*version)) {
        add ? policy.versions.add(*version) : policy.versions.remove(*version);
    }
    return true;
}

/// Words with a prefix that says what they are; nullopt where the word has none of them.
std::optional<bool> apply_prefixed(GnutlsPolicy& policy, std::string_view word, bool add) {
    const std::string low = lower(word);
    if (low.starts_with("vers-")) {
        return apply_version(policy, word.substr(5), add);
    }
    if (low.starts_with("comp-") || low.starts_with("ctype-")) {
        return true;
    }
    const bool group = low.starts_with("group-") || low.starts_with("curve-");
    if (!group && !low.starts_with("sign-")) {
        return std::nullopt;
    }
    const GnutlsList which = group ? GnutlsList::groups : GnutlsList::signatures;
    const std::string_view name = gnutls_name(which, word.substr(group ? 6 : 5));
    if (!name.empty()) {
        apply_to_list(policy.list(which), name, add);
    }
    return !name.empty();
}

/// A word behind `+`, `-` or `!`.
bool apply_word(GnutlsPolicy& policy, std::string_view word, bool add) {
    if (const GnutlsLevel* level = gnutls_level(word); level != nullptr && add) {
        apply_level(policy, *level);
        return true;
    }
    if (const GnutlsBulk* bulk = gnutls_bulk(word)) {
        apply_bulk(policy, *bulk, add);
        return true;
    }
    if (same_ignoring_case(word, "GOST")) {
        for (const char* part :
             {"CIPHER-GOST-ALL", "MAC-GOST-ALL", "KX-GOST-ALL", "SIGN-GOST-ALL", "GROUP-GOST-ALL"
             }) {
            apply_bulk(policy, *gnutls_bulk(part), add);
        }
        return true;
    }
    if (const auto known = apply_prefixed(policy, word, add)) {
        return *known;
    }
    for (const GnutlsList which : {GnutlsList::macs, GnutlsList::ciphers, GnutlsList::exchanges}) {
        if (const std::string_view name = gnutls_name(which, word); !name.empty()) {
            apply_to_list(policy.list(which), name, add);
            return true;
        }
    }
    return false;
}

bool apply_any(GnutlsPolicy& policy, std::string_view word, bool first) {
    if (word.empty()) {
        return false;
    }
    if (word.front() == '+' || word.front() == '-' || word.front() == '!') {
        return apply_word(policy, word.substr(1), word.front() == '+');
    }
    if (word.front() == '%') {
        return gnutls_option(word.substr(1));
    }
    const GnutlsLevel* const level = gnutls_level(word);
    if (level == nullptr) {
        return first && same_ignoring_case(word, "NONE");
    }
    if (first && !level->tls12_only) {
        policy.versions = k_gnutls_versions;
    }
    apply_level(policy, *level);
    return true;
}

/// Replaces `@A,B` at the beginning by what the system says.
std::optional<std::string> resolved(std::string_view text, const GnutlsSystem& system) {
    if (!text.starts_with('@')) {
        return std::string{text};
    }
    const GnutlsSetting* const setting = system_keyword(text, system);
    if (setting == nullptr) {
        return std::nullopt;
    }
    return setting->value + std::string{text.substr(std::min(text.find(':'), text.size()))};
}

/// What cannot be negotiated goes, as the library does it at the end.
void drop_impossible(GnutlsPolicy& policy) {
    if (policy.groups.empty()) {
        policy.versions.remove(ProtocolVersion::tls_1_3);
    }
    if (policy.signatures.empty()) {
        policy.versions = policy.versions - k_modern_versions;
    }
}

GnutlsPolicy enabled_by(const GnutlsSystem& system) {
    GnutlsPolicy policy;
    for (const GnutlsSetting& one : system.settings) {
        if (one.key == "enabled-version") {
            apply_version(policy, one.value, true);
        } else if (one.key == "secure-sig") {
            apply_word(policy, "SIGN-" + one.value, true);
        } else if (one.key == "tls-enabled-group") {
            apply_word(policy, one.value, true) || apply_word(policy, "GROUP-" + one.value, true);
        } else if (one.key.starts_with("tls-enabled-")) {
            apply_word(policy, one.value, true);
        }
    }
    return policy;
}

struct VersionWord {
    std::string text{};
    std::optional<ProtocolVersion> version{};
    bool add{};
};

std::vector<VersionWord> words_of_priority(std::string_view text) {
    std::vector<VersionWord> words;
    for (const std::string_view part : split(text, ':')) {
        VersionWord word{.text = std::string{part}, .add = trimmed(part).starts_with('+')};
        const std::string low = lower(trimmed(part));
        if (low.size() > 6 && low.substr(1).starts_with("vers-tls")) {
            word.version = version_named(low.substr(6));
        }
        words.push_back(std::move(word));
    }
    return words;
}

std::string put_together(const std::vector<VersionWord>& words) {
    std::string text;
    for (const VersionWord& word : words) {
        text += text.empty() ? word.text : ":" + word.text;
    }
    return text;
}

VersionSet versions_in(const std::string& text) {
    const auto policy = read_priority(text, {});
    return policy ? policy->versions : VersionSet{};
}

/// Makes one version on or off: a word that says the contrary goes, else one is appended.
std::string with_version(const std::string& text, ProtocolVersion version, bool on) {
    auto words = words_of_priority(text);
    std::erase_if(words, [&](const VersionWord& word) {
        return word.version == version && word.add != on;
    });
    std::string changed = put_together(words);
    if (versions_in(changed).has(version) != on) {
        changed += std::string{on ? ":+VERS-TLS" : ":-VERS-TLS"} + name_of(version).substr(4);
    }
    return changed;
}

} // namespace

std::vector<std::string_view>& GnutlsPolicy::list(GnutlsList which) {
    switch (which) {
    case GnutlsList::ciphers:
        return ciphers;
    case GnutlsList::macs:
        return macs;
    case GnutlsList::exchanges:
        return exchanges;
    case GnutlsList::groups:
        return groups;
    case GnutlsList::signatures:
        break;
    }
    return signatures;
}

const GnutlsSetting* system_keyword(std::string_view text, const GnutlsSystem& system) {
    if (!text.starts_with('@')) {
        return nullptr;
    }
    text = text.substr(1, std::min(text.find(':'), text.size()) - 1);
    for (const std::string_view keyword : split(text, ',')) {
        for (const GnutlsSetting& one : system.settings) {
            const bool holds = one.section.empty() || one.section == "priorities";
            if (holds && one.name == keyword) {
                return &one;
            }
        }
    }
    return nullptr;
}

std::expected<GnutlsPolicy, PriorityFault>
read_priority(std::string_view text, const GnutlsSystem& system) {
    const auto whole = resolved(text, system);
    if (!whole) {
        if (system.allow_list && text.starts_with("@SYSTEM")) {
            return enabled_by(system);
        }
        return std::unexpected{PriorityFault{std::string{text}, 0}};
    }
    GnutlsPolicy policy;
    const auto words = split(*whole, ':');
    std::size_t offset = 0;
    for (std::size_t i = 0; i < std::min(words.size(), k_most_priority_words); ++i) {
        const std::size_t blanks = std::min(words[i].find_first_not_of(' '), words[i].size());
        const std::string_view word = words[i].substr(blanks);
        if (!apply_any(policy, word, i == 0)) {
            return std::unexpected{PriorityFault{std::string{word}, offset + blanks}};
        }
        offset += words[i].size() + 1;
    }
    drop_impossible(policy);
    return policy;
}

std::optional<std::string> priority_fault(std::string_view text, const GnutlsSystem& system) {
    auto policy = read_priority(text, system);
    if (!policy) {
        return fmt::format(
            "GnuTLS does not take this priority string: it stops at `{}`",
            harmless(policy.error().word)
        );
    }
    for (const GnutlsSetting& one : system.settings) {
        restrict_by(*policy, system, one);
    }
    // DTLS left over is enough for the library, and no use to the server.
    if (policy->versions.empty() && lower(text).contains("vers-all")) {
        return "GnuTLS does not take this priority string: no version is left";
    }
    return std::nullopt;
}

std::optional<std::string> rewritten_priority(std::string_view old, VersionSet wanted) {
    const bool quoted = old.size() > 1 && old.front() == '"' && old.back() == '"';
    std::string text{quoted ? old.substr(1, old.size() - 2) : old};
    if (text.starts_with('@')) {
        text += ":-VERS-ALL";
        for (const ProtocolVersion version : (wanted & k_gnutls_versions).members()) {
            text += ":+VERS-TLS" + name_of(version).substr(4);
        }
        return quoted ? '"' + text + '"' : text;
    }
    if (!read_priority(text, {})) {
        text = "NORMAL";
    }
    for (const ProtocolVersion version : k_gnutls_versions.members()) {
        if (versions_in(text).has(version) != wanted.has(version)) {
            text = with_version(text, version, wanted.has(version));
        }
    }
    if ((versions_in(text) & wanted).empty()) {
        return std::nullopt;
    }
    return quoted ? '"' + text + '"' : text;
}

} // namespace tlsdoctor::config
