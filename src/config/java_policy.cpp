// SPDX-License-Identifier: Apache-2.0
// Java's policy; see the header.
#include "config/java_policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_disabled_key = "jdk.tls.disabledAlgorithms";
/// java.security of JDK 17.0.21.
constexpr std::string_view k_jdk17_disabled =
    "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, "
    "3DES_EDE_CBC, anon, NULL, ECDH, TLS_RSA_*";
constexpr std::array<std::string_view, 4> k_java_security_places{
    "/usr/lib/jvm/default-java/conf/security/java.security",
    "/usr/lib/jvm/default-runtime/conf/security/java.security",
    "/etc/java-17-openjdk/security/java.security", "/etc/java-21-openjdk/security/java.security"
};
constexpr std::array<std::string_view, 5> k_java_variables{
    "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JAVA_OPTS", "CATALINA_OPTS", "_JAVA_OPTIONS"
};

bool is_property_blank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
}

/// Returns the end of the line with its continuations, without the last line end.
std::size_t logical_end(std::string_view bytes, std::size_t at) {
    for (;;) {
        const std::size_t newline = std::min(bytes.find('\n', at), bytes.size());
        std::size_t last = newline;
        last -= last > at && bytes[last - 1] == '\r' ? 1U : 0U;
        std::size_t slashes = 0;
        while (slashes < last - at && bytes[last - 1 - slashes] == '\\') {
            ++slashes;
        }
        if (slashes % 2 == 0 || newline == bytes.size()) {
            return last;
        }
        at = newline + 1;
    }
}

/// Joins continuations and takes escapes away.
std::string unescaped(std::string_view raw) {
    std::string text;
    for (std::size_t at = 0; at < raw.size(); ++at) {
        if (raw[at] != '\\' || at + 1 == raw.size()) {
            text += raw[at];
            continue;
        }
        ++at;
        at += raw[at] == '\r' && at + 1 < raw.size() ? 1U : 0U;
        if (raw[at] != '\n') {
            text += raw[at];
            continue;
        }
        while (at + 1 < raw.size() && is_property_blank(raw[at + 1])) {
            ++at;
        }
    }
    return text;
}

std::vector<std::string> words_of_list(std::string_view list) {
    std::vector<std::string> words;
    for (const std::string_view part : split(list, ',')) {
        if (const std::string_view word = trimmed(part); !word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

std::optional<ProtocolVersion> java_version_named(std::string_view word) {
    for (const ProtocolVersion version : k_versions) {
        if (same_ignoring_case(word, openssl_name(version)) &&
            version != ProtocolVersion::ssl_2_0) {
            return version;
        }
    }
    return std::nullopt;
}

/// Where a word of a list stands, and the comma behind it with its blanks.
struct ListWord {
    std::size_t begin{};
    std::size_t end{};
    std::size_t next{};
};

std::vector<ListWord> places_in_list(std::string_view list) {
    const std::string_view blanks = " \t\r\n\\";
    std::vector<ListWord> words;
    for (std::size_t at = list.find_first_not_of(blanks); at < list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        const std::size_t last = list.substr(at, comma - at).find_last_not_of(blanks);
        const std::size_t end = last == list.npos ? at : at + last + 1;
        const std::size_t next =
            comma == list.size() ? comma
                                 : std::min(list.find_first_not_of(" \t", comma + 1), list.size());
        words.push_back({at, end, next});
        at = list.find_first_not_of(blanks, next);
    }
    return words;
}

std::string java_file_of(std::string_view value) {
    for (const std::string_view scheme : {"file://", "file:"}) {
        if (value.starts_with(scheme)) {
            return std::string{value.substr(scheme.size())};
        }
    }
    return std::string{value};
}

} // namespace

std::vector<JavaProperty> java_properties(const Sources& sources, FileId file) {
    const std::string_view bytes = sources.at(file).bytes;
    std::vector<JavaProperty> properties;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = std::min(bytes.find_first_not_of(" \t\f\r\n", at), bytes.size());
        if (begin == bytes.size()) {
            break;
        }
        if (bytes[begin] == '#' || bytes[begin] == '!') {
            at = std::min(bytes.find('\n', begin), bytes.size());
            continue;
        }
        const std::size_t end = logical_end(bytes, begin);
        const std::string_view line = bytes.substr(begin, end - begin);
        const std::size_t key = std::min(line.find_first_of("=: \t\f"), line.size());
        std::size_t value = std::min(line.find_first_not_of(" \t\f", key), line.size());
        if (value < line.size() && (line[value] == '=' || line[value] == ':')) {
            value = std::min(line.find_first_not_of(" \t\f", value + 1), line.size());
        }
        properties.push_back(
            {.key = std::string{line.substr(0, key)},
             .value = unescaped(line.substr(value)),
             .statement = {file, begin, end},
             .place = {file, begin + value, end}}
        );
        at = end;
    }
    return properties;
}

std::optional<std::string> java_system_property(const StartCommand& start, std::string_view name) {
    const std::string prefix = fmt::format("-D{}=", name);
    std::optional<std::string> found;
    const auto look = [&](std::string_view word) {
        if (word.starts_with(prefix)) {
            found = std::string{word.substr(prefix.size())};
        }
    };
    for (const std::string_view variable : k_java_variables) {
        if (const CommandWord* const options = start.variable(variable)) {
            for (const std::string_view word : split(options->text, ' ')) {
                look(word);
            }
        }
    }
    for (const CommandWord& word : start.words) {
        look(word.text);
    }
    return found;
}

std::vector<std::string> java_security_files(const Input& input) {
    std::vector<std::string> candidates;
    if (const CommandWord* const home = input.start.variable("JAVA_HOME")) {
        candidates.push_back(home->text + "/conf/security/java.security");
    }
    if (!input.start.words.empty() && input.start.words.front().text.ends_with("/bin/java")) {
        const std::string home = folder_of(folder_of(input.start.words.front().text));
        candidates.push_back(home + "/conf/security/java.security");
    }
    candidates.insert(
        candidates.end(), k_java_security_places.begin(), k_java_security_places.end()
    );
    std::vector<std::string> files;
    const auto own = std::ranges::find_if(candidates, [&](const std::string& path) {
        return input.files.kind_of(path) == FileKind::file;
    });
    if (own != candidates.end()) {
        files.push_back(*own);
    }
    if (const auto extra = java_system_property(input.start, "java.security.properties")) {
        const bool replaces = extra->starts_with('=');
        if (replaces) {
            files.clear();
        }
        const std::string name = java_file_of(std::string_view{*extra}.substr(replaces ? 1 : 0));
        files.push_back(joined_path(input.start.folder, name));
    }
    return files;
}

JavaPolicy java_policy(const std::vector<std::string>& files, const Files& tree, Reading& reading) {
    JavaPolicy policy{.disabled = words_of_list(k_jdk17_disabled)};
    for (const std::string& path : files) {
        auto bytes = tree.read(path);
        if (!bytes) {
            const Place nowhere{FileId{}, 0, 0};
            reading.not_understood.push_back(
                {nowhere, fmt::format("{}: {}", harmless(path), bytes.error().what)}
            );
            continue;
        }
        const FileId file = reading.sources.add(tree.real_path(path), std::move(*bytes));
        for (const JavaProperty& property : java_properties(reading.sources, file)) {
            if (property.key != k_disabled_key) {
                continue;
            }
            for (Line& line : policy.lines) {
                line.role = Role::inert;
                line.why = "a later line takes its place";
            }
            policy.disabled = words_of_list(property.value);
            policy.lines.push_back(
                {.statement = property.statement,
                 .value = property.place,
                 .aspect = Aspect::versions,
                 .role = Role::effective,
                 .why = "Java's policy stands beneath the server",
                 .rewrite = rewritten_disabled_versions}
            );
        }
    }
    return policy;
}

std::optional<std::string> rewritten_disabled_versions(std::string_view old, VersionSet wanted) {
    VersionSet missing =
        VersionSet::range(ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_3) - wanted;
    std::string result;
    std::size_t at = 0;
    std::optional<std::size_t> behind; // the last version that stays, in `result`
    for (const ListWord& word : places_in_list(old)) {
        const auto version = java_version_named(old.substr(word.begin, word.end - word.begin));
        if (!version) {
            continue;
        }
        result += old.substr(at, word.begin - at);
        at = word.begin;
        if (wanted.has(*version)) {
            at = word.next;
            continue;
        }
        missing.remove(*version);
        result += old.substr(at, word.end - at);
        at = word.end;
        behind = result.size();
    }
    result += old.substr(at);
    const std::string added = openssl_names(missing, ", ");
    if (added.empty()) {
        return result;
    }
    if (behind) {
        return result.insert(*behind, ", " + added);
    }
    return added + (trimmed(result).empty() ? "" : ", ") + result;
}

} // namespace tlsdoctor::config
