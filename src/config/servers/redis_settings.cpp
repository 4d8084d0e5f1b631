// SPDX-License-Identifier: Apache-2.0
// Files and options of Redis; see the header. [src/config.c of 7.0]
#include "config/servers/redis_settings.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

/// Every directive of TLS; another one is fatal. `tls-auth-clients-user` is of 8.
constexpr std::string_view k_redis_known[] = {
    "tls-port",
    "tls-cert-file",
    "tls-key-file",
    "tls-key-file-pass",
    "tls-client-cert-file",
    "tls-client-key-file",
    "tls-dh-params-file",
    "tls-client-key-file-pass",
    "tls-ca-cert-file",
    "tls-ca-cert-dir",
    "tls-auth-clients",
    "tls-replication",
    "tls-cluster",
    "tls-protocols",
    "tls-ciphers",
    "tls-ciphersuites",
    "tls-session-caching",
    "tls-prefer-server-ciphers",
    "tls-session-cache-size",
    "tls-session-cache-timeout",
    "tls-auth-clients-user"
};

class RedisReader final {
public:
    RedisReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}

    Settings read() {
        read_file(input_.main, {}, 0);
        read_command();
        return std::move(settings_);
    }

private:
    void read_file(const std::string& path, Place from, std::size_t depth) {
        if (depth > k_most_include_depth || reading_.sources.size() > k_most_files) {
            reading_.fatal.push_back({from, "includes are nested too deeply, or form a circle"});
            return;
        }
        const auto bytes = input_.files.read(path);
        if (!bytes) {
            const Place place = depth == 0 ? Place{reading_.sources.add(path, "")} : from;
            reading_.fatal.push_back(
                {place, fmt::format("can't open config file {}: {}", path, bytes.error().what)}
            );
            return;
        }
        const FileId file = reading_.sources.add(input_.files.real_path(path), *bytes);
        const Document document = read_key_value(reading_.sources, file, k_redis_dialect);
        for (const Remark& fault : document.faults) {
            reading_.fatal.push_back({fault.place, "Redis cannot read this: " + fault.what});
        }
        for (const Statement& statement : document.statements) {
            follow(statement, depth);
        }
    }

    void follow(const Statement& statement, std::size_t depth) {
        const std::string name = lower(statement.words.front().text);
        std::vector<std::string> values;
        for (const Word& word : statement.words) {
            values.push_back(word.text);
        }
        values.erase(values.begin());
        if (name == "include" && values.size() == 1) {
            include(values.front(), statement.place, depth);
            return;
        }
        take(name, values, statement.place, values_of(statement));
    }

    void take(
        const std::string& name, const std::vector<std::string>& values, Place statement,
        Place value
    ) {
        const bool known = std::ranges::find(k_redis_known, name) != std::end(k_redis_known);
        const bool one_word = name.starts_with("tls-") || name == "port";
        if ((name.starts_with("tls") && !known) || (one_word && values.size() != 1)) {
            reading_.fatal.push_back(
                {statement, fmt::format("bad directive or wrong number of arguments: {}", name)}
            );
        }
        settings_.add({name, joined(values, " "), statement, value});
    }

    /// A relative path begins in the working directory; a pattern may match nothing.
    void include(const std::string& what, Place place, std::size_t depth) {
        const std::string folder =
            input_.start.folder.empty() ? folder_of(input_.main) : input_.start.folder;
        const std::string path = joined_path(folder, what);
        if (!is_pattern(what) || older(reading_.server_version, "7.0")) {
            read_file(path, place, depth + 1);
            return;
        }
        for (const std::string& match : matches_of(input_.files, path)) {
            read_file(match, place, depth + 1);
        }
    }

    /// `--name value value`: all up to the next `--` are one directive.
    void read_command() {
        const auto& words = input_.start.words;
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (!words[i].text.starts_with("--") || words[i].text.size() == 2) {
                continue;
            }
            const std::size_t first = i;
            std::vector<std::string> values;
            while (i + 1 < words.size() && !words[i + 1].text.starts_with("--")) {
                values.push_back(words[++i].text);
            }
            const Place begin = words[first].place;
            const Place end = words[i].place;
            const Place value = i == first ? end : words[first + 1].place;
            take(
                lower(words[first].text.substr(2)), values, {begin.file, begin.begin, end.end},
                {value.file, value.begin, end.end}
            );
        }
    }

    const Input& input_;
    Reading& reading_;
    Settings settings_{};
};

} // namespace

Settings read_redis_settings(const Input& input, Reading& reading) {
    return RedisReader{input, reading}.read();
}

} // namespace tlsdoctor::config
