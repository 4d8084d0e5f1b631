// SPDX-License-Identifier: Apache-2.0
// Splitting the output of nginx -T; see the header.
#include "config/servers/nginx_dump.hpp"

#include <algorithm>

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_dump_header = "# configuration file /";

/// The path in a header line; empty where the line is none.
std::string_view nginx_dumped_path(std::string_view line) {
    while (line.ends_with('\r') || line.ends_with('\n')) {
        line.remove_suffix(1);
    }
    if (!line.starts_with(k_nginx_dump_header) || !line.ends_with(':')) {
        return {};
    }
    line.remove_suffix(1);
    return line.substr(k_nginx_dump_header.size() - 1);
}

/// nginx ends each file with a newline of its own.
std::string_view without_nginx_newline(std::string_view bytes) {
    if (bytes.ends_with('\n')) {
        bytes.remove_suffix(1);
    }
    return bytes;
}

} // namespace

std::optional<NginxDump> files_of_nginx_dump(std::string_view text) {
    NginxDump dump;
    std::string path;
    std::size_t begin = 0;
    const auto keep = [&](std::size_t end) {
        if (!path.empty()) {
            dump.files.try_emplace(path, without_nginx_newline(text.substr(begin, end - begin)));
        }
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string_view name = nginx_dumped_path(text.substr(at, next - at));
        if (!name.empty()) {
            keep(at);
            path = name;
            begin = next;
            dump.main = dump.main.empty() ? path : dump.main;
        }
        at = next;
    }
    keep(text.size());
    return dump.files.empty() ? std::nullopt : std::optional{std::move(dump)};
}

} // namespace tlsdoctor::config
