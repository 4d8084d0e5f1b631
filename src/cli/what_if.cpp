// SPDX-License-Identifier: Apache-2.0
// One statement after the other; its first word says what it is about.
#include "cli/what_if.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "crypto/cipher_string.hpp"
#include "registry/lookup.hpp"
#include "registry/policy.hpp"

namespace tlsdoctor::cli {

namespace {

using client::Change;

using Words = std::vector<std::string>;

/// What a statement sets, whatever server it is from.
enum class Setting : std::uint8_t { versions, suites, tls13_suites, groups, least, most };

struct Directive {
    std::string_view word; ///< lower case
    Setting setting;
};

constexpr Directive k_directives[] = {
    {"ssl_protocols", Setting::versions},
    {"sslprotocol", Setting::versions},
    {"ssl_min_protocol", Setting::least}, // Dovecot, PostgreSQL's ssl_min_protocol_version below
    {"ssl_min_protocol_version", Setting::least},
    {"ssl_max_protocol_version", Setting::most},
    {"ssl-min-ver", Setting::least},
    {"ssl-max-ver", Setting::most},
    {"minprotocol", Setting::least},
    {"maxprotocol", Setting::most},
    {"tls_version", Setting::versions},
    {"smtpd_tls_protocols", Setting::versions},
    {"smtpd_tls_mandatory_protocols", Setting::versions},
    {"ssl_ciphers", Setting::suites},
    {"sslciphersuite", Setting::suites},
    {"ssl_cipher_list", Setting::suites},
    {"cipherstring", Setting::suites},
    {"ciphers", Setting::suites},
    {"ssl-default-bind-ciphers", Setting::suites},
    {"ciphersuites", Setting::tls13_suites},
    {"ssl-default-bind-ciphersuites", Setting::tls13_suites},
    {"ssl_ecdh_curve", Setting::groups},
    {"curves", Setting::groups},
    {"groups", Setting::groups},
    {"ssl-default-bind-curves", Setting::groups},
};

/// Words that only introduce the one that counts.
constexpr std::string_view k_introductions[] = {
    "ssl_conf_command", "sslopensslconfcmd", "ssl-default-bind-options", "bind", "mozilla", "=",
};

constexpr std::array k_of_today = {
    ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2,
    ProtocolVersion::tls_1_3
};

Words statement_words(std::string_view statement) {
    Words words;
    std::string word;
    for (const char c : statement) {
        const bool between = c == ' ' || c == '\t' || c == ',';
        if (!between && c != '\'' && c != '"') {
            word += c;
        } else if (between && !word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty()) {
        words.push_back(std::move(word));
    }
    return words;
}

/// Reads the words that stand for versions into one change.
class VersionWords {
public:
    /// False where the word is none.
    bool take(std::string_view word) {
        const bool off = word.starts_with('!') || word.starts_with('-');
        const bool on = word.starts_with('+');
        const std::string name = lower(word.substr(off || on ? 1 : 0));
        const std::vector<ProtocolVersion> meant = versions_named(name);
        if (meant.empty()) {
            return false;
        }
        if (name == "all" || (!on && !off)) {
            exact_ = true;
        }
        std::vector<ProtocolVersion>& into = off ? off_ : on_;
        into.insert(into.end(), meant.begin(), meant.end());
        // What comes later counts: `-all +TLSv1.2`.
        std::vector<ProtocolVersion>& other = off ? on_ : off_;
        std::erase_if(other, [&](ProtocolVersion version) {
            return std::ranges::find(meant, version) != meant.end();
        });
        return true;
    }

    void apply_to(Change& change) const {
        if (exact_) {
            change.versions = on_;
            return;
        }
        change.on.insert(change.on.end(), on_.begin(), on_.end());
        change.off.insert(change.off.end(), off_.begin(), off_.end());
    }

private:
    static std::vector<ProtocolVersion> versions_named(const std::string& name) {
        if (name == "all") {
            return {k_of_today.begin(), k_of_today.end()};
        }
        const auto version = version_named(name);
        return version ? std::vector{*version} : std::vector<ProtocolVersion>{};
    }

    bool exact_{};
    std::vector<ProtocolVersion> on_{};
    std::vector<ProtocolVersion> off_{};
};

/// Returns the versions from `least` to `most`, those of today unless older ones are named.
std::vector<ProtocolVersion> range(ProtocolVersion least, ProtocolVersion most) {
    std::vector<ProtocolVersion> versions;
    std::ranges::copy_if(k_versions, std::back_inserter(versions), [&](ProtocolVersion version) {
        return version >= least && version <= most;
    });
    return versions;
}

std::string not_understood(std::string_view word) {
    return fmt::format(
        "'{}' is neither a version, a policy (modern, intermediate, old) nor a directive known "
        "here",
        harmless(word)
    );
}

/// One spec under construction.
class ChangeReader {
public:
    std::string read(const Words& words) {
        std::size_t first = 0;
        while (first < words.size() && introduces(words[first])) {
            ++first;
        }
        if (first == words.size()) {
            return "it says nothing";
        }
        Words rest(words.begin() + static_cast<std::ptrdiff_t>(first) + 1, words.end());
        std::erase(rest, "=");
        const std::string word = lower(words[first]);
        const auto* const directive = std::ranges::find(k_directives, word, &Directive::word);
        if (directive != std::end(k_directives)) {
            return read_setting(directive->setting, rest);
        }
        if (const PublishedPolicy* const policy = find_policy(word); policy && rest.empty()) {
            return apply(*policy);
        }
        rest.insert(rest.begin(), words[first]);
        return read_versions(rest);
    }

    Change take() { return std::move(change_); }

private:
    static bool introduces(std::string_view word) {
        return std::ranges::find(k_introductions, lower(word)) != std::end(k_introductions);
    }

    std::string read_setting(Setting setting, const Words& rest) {
        switch (setting) {
        case Setting::versions:
            return read_versions(rest);
        case Setting::least:
        case Setting::most:
            return read_bound(setting, rest);
        case Setting::suites:
            // Apache: `SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256`
            return !rest.empty() && rest.size() == 2 && version_named(rest.front())
                       ? read_tls13_suites({rest.back()})
                       : read_suites(rest);
        case Setting::tls13_suites:
            return read_tls13_suites(rest);
        case Setting::groups:
            return read_groups(rest);
        }
        std::unreachable();
    }

    std::string read_versions(const Words& words) {
        VersionWords versions;
        for (const std::string& word : words) {
            if (const std::string option = lower(word);
                option.starts_with("no-tls") || option.starts_with("no-ssl")) {
                versions.take("!" + option.substr(3)); // HAProxy
            } else if (option.starts_with("force-tls")) {
                versions.take(option.substr(6));
            } else if (option.starts_with(">=")) { // Postfix
                read_bound(Setting::least, {option.substr(2)});
            } else if (!versions.take(word)) {
                return not_understood(word);
            }
        }
        versions.apply_to(change_);
        return words.empty() ? "no version is named" : "";
    }

    std::string read_bound(Setting setting, const Words& words) {
        const auto version = words.empty() ? std::nullopt : version_named(words.front());
        if (!version) {
            return words.empty() ? "no version is named" : not_understood(words.front());
        }
        if (setting == Setting::least) {
            least_ = *version;
        } else {
            most_ = *version;
        }
        change_.versions = range(least_, most_);
        return "";
    }

    std::string read_suites(const Words& words) {
        auto suites = crypto::suites_in(joined(words, ":"));
        if (!suites) {
            return fmt::format("'{}' selects no cipher suite", harmless(joined(words, ":")));
        }
        change_.suites = *std::move(suites);
        return "";
    }

    std::string read_tls13_suites(const Words& words) {
        std::vector<CipherSuite> suites;
        const std::string list = joined(words, ":");
        for (const std::string_view name : split(list, ':')) {
            const auto rows = cipher_suites();
            const auto at = std::ranges::find(rows, name, &CipherSuiteInfo::name);
            if (at == rows.end() || at->first_version != ProtocolVersion::tls_1_3) {
                return fmt::format("'{}' is no cipher suite of TLS 1.3", harmless(name));
            }
            suites.push_back(at->id);
        }
        change_.tls13_suites = std::move(suites);
        return "";
    }

    std::string read_groups(const Words& words) {
        std::vector<NamedGroup> groups;
        const std::string list = joined(words, ":");
        for (const std::string_view part : split(list, ':')) {
            const auto group = group_named(part);
            if (!group) {
                return fmt::format("'{}' is no group known here", harmless(part));
            }
            groups.push_back(*group);
        }
        change_.groups = std::move(groups);
        return "";
    }

    std::string apply(const PublishedPolicy& policy) {
        std::string error = read_versions(statement_words(policy.versions));
        error = error.empty() ? read_tls13_suites({std::string(policy.tls13_suites)}) : error;
        error = error.empty() ? read_groups({std::string(policy.groups)}) : error;
        if (error.empty() && !policy.cipher_suites.empty()) {
            error = read_suites({std::string(policy.cipher_suites)});
        }
        return error;
    }

    Change change_{};
    ProtocolVersion least_{ProtocolVersion::tls_1_0};
    ProtocolVersion most_{ProtocolVersion::tls_1_3};
};

} // namespace

std::expected<Change, std::string> read_change(std::string_view text) {
    ChangeReader reader;
    std::string statements(text);
    std::ranges::replace(statements, '\n', ';');
    bool any = false;
    for (const std::string_view statement : split(statements, ';')) {
        const Words words = statement_words(statement);
        if (words.empty()) {
            continue;
        }
        any = true;
        if (std::string error = reader.read(words); !error.empty()) {
            return std::unexpected(std::move(error));
        }
    }
    if (!any) {
        return std::unexpected("it says nothing");
    }
    Change change = reader.take();
    change.text = trimmed(text);
    return change;
}

} // namespace tlsdoctor::cli
