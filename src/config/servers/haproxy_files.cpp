// SPDX-License-Identifier: Apache-2.0
// Which files HAProxy reads, in its order: those of `-f` and behind `--`; of a folder every *.cfg
// that is not hidden, by name.
#include <algorithm>

#include <fmt/core.h>

#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

void add_haproxy_path(
    const Input& input, const std::string& path, std::vector<std::string>& paths
) {
    if (input.files.kind_of(path) != FileKind::folder) {
        paths.push_back(path);
        return;
    }
    const auto names = input.files.names_in(path);
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
        const std::string whole = fmt::format("{}/{}", path, name);
        const bool read = name.ends_with(".cfg") && !name.starts_with('.') &&
                          input.files.kind_of(whole) == FileKind::file;
        if (read && paths.size() < k_most_files) {
            paths.push_back(whole);
        }
    }
}

} // namespace

std::vector<std::string> haproxy_paths(const Input& input, const std::string& base) {
    std::vector<CommandWord> given = input.start.options("-f");
    const auto& words = input.start.words;
    const auto dashes = std::ranges::find(words, "--", &CommandWord::text);
    if (dashes != words.end()) {
        given.insert(given.end(), dashes + 1, words.end());
    }
    std::vector<std::string> paths;
    for (const CommandWord& word : given) {
        add_haproxy_path(input, joined_path(base, word.text), paths);
    }
    if (paths.empty()) {
        add_haproxy_path(input, input.main, paths);
    }
    return paths;
}

} // namespace tlsdoctor::config
