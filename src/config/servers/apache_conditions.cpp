// SPDX-License-Identifier: Apache-2.0
// Modules, versions, the command line and folders: what evaluating needs; see apache_tree.hpp.
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/apache_tree.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_compiled_in[] = {
    "core.c",      "http_core.c",     "mod_so.c",          "mod_watchdog.c", "mod_log_config.c",
    "mod_logio.c", "mod_version.c",   "mod_unixd.c",       "core_module",    "http_module",
    "so_module",   "watchdog_module", "log_config_module", "logio_module",   "version_module",
    "unixd_module"
};

/// Returns -1, 0, 1 as `a` is older, the same, newer.
int compared(std::string_view a, std::string_view b) {
    if (older(a, b)) {
        return -1;
    }
    return older(b, a) ? 1 : 0;
}

void collect_files(
    const Files& files, const std::string& path, std::size_t depth, std::vector<std::string>& found
) {
    if (files.kind_of(path) != FileKind::folder) {
        found.push_back(path);
        return;
    }
    const auto names = files.names_in(path);
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
        if (depth < k_most_include_depth && found.size() < k_most_files) {
            collect_files(files, joined_path(path, name), depth + 1, found);
        }
    }
}

} // namespace

void ApacheModules::load(const std::vector<std::string>& words) {
    if (words.size() < 2) {
        return;
    }
    known = true;
    loaded.insert(words[0]);
    std::string file = words[1].substr(words[1].rfind('/') + 1);
    file = file.substr(0, file.find('.'));
    loaded.insert(file + ".c");
    if (file.starts_with("mod_mpm_")) {
        loaded.insert(file.substr(8) + ".c"); // event.c makes mod_mpm_event.so
    }
}

/// Where no LoadModule was seen (a fragment was given, or all is compiled in), modules are taken to
/// be there; of the TLS modules, mod_ssl alone.
bool ApacheModules::has(const std::string& name) const {
    if (loaded.contains(name) ||
        std::ranges::find(k_compiled_in, name) != std::end(k_compiled_in)) {
        return true;
    }
    return !known && !name.contains("gnutls") && !name.contains("nss");
}

std::vector<Statement> apache_command_line(const Sources& sources, const CommandWord& word) {
    const std::size_t found = sources.text(word.place).find(word.text);
    if (found == std::string_view::npos) {
        return {}; // a variable is in it: there is no place to point at
    }
    Sources alone;
    const FileId file = alone.add("", word.text);
    Document document = read_sections(alone, file, k_apache_dialect);
    const auto move = [&](Place& place) {
        const std::size_t shift = word.place.begin + found;
        place = {word.place.file, place.begin + shift, place.end + shift};
    };
    std::erase_if(document.statements, [](const Statement& one) { return one.section; });
    for (Statement& statement : document.statements) {
        move(statement.place);
        for (Word& one : statement.words) {
            move(one.place);
        }
    }
    return std::move(document.statements);
}

std::vector<std::string> apache_files_below(const Files& files, const std::string& path) {
    std::vector<std::string> found;
    collect_files(files, path, 0, found);
    return found;
}

std::optional<bool>
apache_version_fits(const std::vector<std::string>& words, std::string_view version) {
    std::string sign = words.size() > 1 ? words[0] : "=";
    const std::string wanted = words.back();
    const bool negated = sign.starts_with('!');
    if (negated) {
        sign.erase(0, 1);
    }
    const bool is_pattern = wanted.starts_with('/') || sign == "~";
    if (is_pattern || wanted.empty() || wanted.find_first_not_of("0123456789.") != wanted.npos) {
        return std::nullopt;
    }
    const int order = compared(version, wanted);
    if (sign == "=" || sign == "==" || sign.empty()) {
        return (order == 0) != negated;
    }
    if (sign == ">" || sign == ">=") {
        return (order > 0 || (order == 0 && sign.size() == 2)) != negated;
    }
    if (sign == "<" || sign == "<=") {
        return (order < 0 || (order == 0 && sign.size() == 2)) != negated;
    }
    return std::nullopt;
}

} // namespace tlsdoctor::config
