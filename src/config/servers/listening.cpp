// SPDX-License-Identifier: Apache-2.0
// What simple readers share; see the header.
#include "config/servers/listening.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::pair<std::string_view, std::string_view> k_port_names[] = {
    {"smtp", "25"},   {"smtps", "465"},      {"submissions", "465"}, {"ssmtp", "465"},
    {"urd", "465"},   {"submission", "587"}, {"imap", "143"},        {"imap2", "143"},
    {"imaps", "993"}, {"pop3", "110"},       {"pop-3", "110"},       {"pop3s", "995"},
    {"ldap", "389"},  {"ldaps", "636"},      {"ftp", "21"},          {"ftps", "990"},
};

constexpr std::uint32_t k_most_port = 65535;

} // namespace

std::optional<FileId> open_source(const Input& input, Reading& reading, const std::string& path) {
    if (reading.sources.size() > k_most_files) {
        return std::nullopt;
    }
    auto bytes = input.files.read(path);
    if (!bytes) {
        return std::nullopt;
    }
    return reading.sources.add(input.files.real_path(path), std::move(*bytes));
}

std::optional<FileId> open_main(const Input& input, Reading& reading) {
    const auto file = open_source(input, reading, input.main);
    if (!file) {
        const FileId empty = reading.sources.add(input.main, "");
        reading.fatal.push_back({{empty, 0, 0}, "the configuration cannot be read"});
    }
    return file;
}

bool is_missing(const Input& input, const Reading& reading, const std::string& path) {
    const std::string whole = original_of(input.start, path);
    if (input.files.kind_of(whole) != FileKind::none ||
        input.files.kind_of(folder_of(whole)) != FileKind::folder) {
        return false;
    }
    // The script is the first source; what it names at all it may well make.
    const std::string_view name = std::string_view{whole}.substr(folder_of(whole).size() + 1);
    const bool script = !input.start.words.empty() && reading.sources.size() > 0;
    return !script || !reading.sources.at(FileId{0}).bytes.contains(name);
}

std::string openssl_conf_without_environment(const Input& input) {
    return input.start.variable("OPENSSL_CONF") == nullptr ? "" : "/etc/ssl/openssl.cnf";
}

std::string endpoint(std::string_view host, std::string_view port) {
    const bool bare = host.contains(':') && !host.starts_with('[');
    return fmt::format(fmt::runtime(bare ? "[{}]:{}" : "{}:{}"), host, port);
}

std::string port_number(std::string_view text) {
    if (number_in(text, k_most_port)) {
        return std::string{text};
    }
    for (const auto& [name, number] : k_port_names) {
        if (name == text) {
            return std::string{number};
        }
    }
    return {};
}

void add_for_all_names(Reading& reading, Service service) {
    service.sni = std::nullopt;
    reading.services.push_back(service);
    service.sni = "*";
    reading.services.push_back(std::move(service));
}

void remark_once(std::vector<Remark>& remarks, Place place, std::string what) {
    const bool known = std::ranges::any_of(remarks, [&](const Remark& one) {
        return one.place == place && one.what == what;
    });
    if (!known) {
        remarks.push_back({place, std::move(what)});
    }
}

} // namespace tlsdoctor::config
