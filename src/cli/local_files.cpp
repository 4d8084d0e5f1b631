// SPDX-License-Identifier: Apache-2.0
// The grammar of openssl.cnf is that of config(5ossl), as far as these settings need it.
#include "cli/local_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "base/text.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::LocalSetting;

constexpr std::size_t k_most_bytes = 1024 * 1024UL;
constexpr int k_deepest_include = 8;
constexpr std::size_t k_most_lines = 100'000;

/// One `name = value` and where it stands.
struct Entry {
    std::string name{};
    std::string value{};
    std::string file{};
    std::size_t line{};
};

using Sections = std::map<std::string, std::vector<Entry>, std::less<>>;

/// A line without what follows `#`, and without quotes around a value.
std::string_view before_comment(std::string_view line) {
    return trimmed(line.substr(0, line.find('#')));
}

std::string without_quotes(std::string_view text) {
    const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    return std::string{quoted ? text.substr(1, text.size() - 2) : text};
}

/// Lines joined where one ends with a backslash; each with the number of its first.
std::vector<std::pair<std::string, std::size_t>> whole_lines(std::string_view text) {
    std::vector<std::pair<std::string, std::size_t>> lines;
    bool continues = false;
    std::size_t number = 0;
    for (std::string_view line : split(text, '\n')) {
        if (++number > k_most_lines) {
            break;
        }
        line = line.substr(0, line.find_last_not_of('\r') + 1);
        const bool goes_on = line.ends_with('\\');
        const std::string part{goes_on ? line.substr(0, line.size() - 1) : line};
        if (continues) {
            lines.back().first = std::string{trimmed(lines.back().first)} + " ";
            lines.back().first += trimmed(part);
        } else {
            lines.emplace_back(part, number);
        }
        continues = goes_on;
    }
    return lines;
}

/// Reads a file of OpenSSL and what it includes.
class OpensslReader {
public:
    explicit OpensslReader(const FileSource& files) : files_{files} {}

    Sections read(const std::string& path) {
        include(path, 0);
        return std::move(sections_);
    }

private:
    void include(const std::string& path, int depth) {
        if (depth > k_deepest_include) {
            return;
        }
        const auto text = files_.text(path);
        if (!text) {
            for (const std::string& name : files_.entries(path)) { // a folder
                if (name.ends_with(".cnf") || name.ends_with(".conf")) {
                    include(path + "/" + name, depth + 1);
                }
            }
            return;
        }
        for (const auto& [line, number] : whole_lines(*text)) {
            take(before_comment(line), path, number, depth);
        }
    }

    void take(std::string_view line, const std::string& path, std::size_t number, int depth) {
        if (line.starts_with(".include")) {
            std::string_view target = trimmed(line.substr(std::string_view{".include"}.size()));
            target = target.starts_with('=') ? trimmed(target.substr(1)) : target;
            return include(without_quotes(target), depth + 1);
        }
        if (line.starts_with('[') && line.ends_with(']')) {
            section_ = trimmed(line.substr(1, line.size() - 2));
            return;
        }
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos) {
            sections_[section_].push_back(
                {.name = std::string{trimmed(line.substr(0, equals))},
                 .value = without_quotes(trimmed(line.substr(equals + 1))),
                 .file = path,
                 .line = number}
            );
        }
    }

    const FileSource& files_;
    Sections sections_{};
    std::string section_{"default"};
};

/// The last value of a name in a section; empty where there is none.
std::string value_in(const Sections& sections, std::string_view section, std::string_view name) {
    const auto at = sections.find(section);
    std::string value;
    if (at != sections.end()) {
        for (const Entry& entry : at->second) {
            value = entry.name == name ? entry.value : value;
        }
    }
    return value;
}

bool is_about_tls(std::string_view name) {
    constexpr std::string_view k_names[] = {"MinProtocol",  "MaxProtocol",  "Protocol",
                                            "CipherString", "Ciphersuites", "Groups",
                                            "Curves",       "Options",      "SignatureAlgorithms"};
    return std::ranges::any_of(k_names, [&](std::string_view known) {
        return same_ignoring_case(known, name);
    });
}

LocalSetting setting_of(const Entry& entry, std::string effect) {
    return {
        .name = entry.name,
        .value = entry.value,
        .file = entry.file,
        .line = entry.line,
        .effect = std::move(effect),
    };
}

/// `DEFAULT@SECLEVEL=2` has the level 2.
std::string_view level_in(std::string_view value) {
    constexpr std::string_view k_word = "@SECLEVEL=";
    const std::size_t at = value.find(k_word);
    return at == std::string_view::npos ? "" : value.substr(at + k_word.size(), 1);
}

} // namespace

FileSource this_machine() {
    return {
        .text = [](const std::string& path) -> std::optional<std::string> {
            std::error_code error;
            if (!std::filesystem::is_regular_file(path, error) ||
                std::filesystem::file_size(path, error) > k_most_bytes) {
                return std::nullopt;
            }
            std::ifstream file{path, std::ios::binary};
            return std::string{std::istreambuf_iterator<char>{file}, {}};
        },
        .entries =
            [](const std::string& folder) {
                std::vector<std::string> names;
                std::error_code error;
                for (std::filesystem::directory_iterator at{folder, error}, end;
                     !error && at != end && names.size() < 1'000; at.increment(error)) {
                    names.push_back(at->path().filename().string());
                }
                std::ranges::sort(names);
                return names;
            }
    };
}

std::string effect_of_openssl(std::string_view name, std::string_view value) {
    if (same_ignoring_case(name, "MinProtocol") || same_ignoring_case(name, "MaxProtocol")) {
        const auto version = version_named(value);
        const bool least = same_ignoring_case(name, "MinProtocol");
        return version
                   ? fmt::format(
                         "nothing {} {}", least ? "below" : "above", tlsdoctor::name_of(*version)
                     )
                   : "no version that is known here";
    }
    const std::string_view level = level_in(value);
    if (level == "0") {
        return "no security level: TLS 1.0, SHA-1 and small keys too";
    }
    if (!level.empty()) {
        return fmt::format(
            "security level {}: TLS 1.0 and 1.1 and SHA-1 are refused{}", level,
            level >= "2" ? ", and RSA and DH below 2048 bits" : ""
        );
    }
    return same_ignoring_case(name, "Options") ? "switches of the library" : "nothing else";
}

std::vector<LocalSetting> openssl_settings(const std::string& path, const FileSource& files) {
    const Sections sections = OpensslReader{files}.read(path);
    const std::string ssl =
        value_in(sections, value_in(sections, "default", "openssl_conf"), "ssl_conf");
    const std::string effective = value_in(sections, ssl, "system_default");
    std::vector<LocalSetting> settings;
    for (const auto& [section, entries] : sections) {
        const bool counts = !effective.empty() && section == effective;
        for (const Entry& entry : entries) {
            const bool protocol = entry.name == "MinProtocol" || entry.name == "MaxProtocol" ||
                                  entry.name == "CipherString";
            if (counts && is_about_tls(entry.name)) {
                settings.push_back(setting_of(entry, effect_of_openssl(entry.name, entry.value)));
            } else if (!counts && protocol) {
                settings.push_back(setting_of(
                    entry,
                    fmt::format("without effect: nothing leads from openssl_conf to [{}]", section)
                ));
            }
        }
    }
    // A file that is included twice says nothing twice.
    const auto place = [](const LocalSetting& one) {
        return std::tie(one.file, one.line);
    };
    std::ranges::sort(settings, {}, place);
    const auto [first, last] = std::ranges::unique(settings, {}, place);
    settings.erase(first, last);
    return settings;
}

std::vector<LocalSetting> named_settings(
    const std::string& path, const std::vector<std::string_view>& names, const FileSource& files,
    bool last_counts
) {
    std::vector<LocalSetting> settings;
    const auto text = files.text(path);
    if (!text) {
        return settings;
    }
    for (const auto& [whole, number] : whole_lines(*text)) {
        std::string_view line = before_comment(whole);
        line = line.substr(std::min(line.find_first_not_of('-'), line.size()));
        const std::size_t end = line.find_first_of("=: \t");
        const std::string_view name = line.substr(0, end);
        const bool wanted = std::ranges::any_of(names, [&](std::string_view one) {
            return same_ignoring_case(one, name);
        });
        if (!wanted) {
            continue;
        }
        std::string_view value = end == std::string_view::npos ? "" : line.substr(end);
        value = value.substr(std::min(value.find_first_not_of("=: \t"), value.size()));
        if (last_counts) {
            std::erase_if(settings, [&](const LocalSetting& one) {
                return same_ignoring_case(one.name, name);
            });
        }
        settings.push_back(
            {.name = std::string{name},
             .value = without_quotes(trimmed(value)),
             .file = path,
             .line = number}
        );
    }
    return settings;
}

} // namespace tlsdoctor::cli
