// SPDX-License-Identifier: Apache-2.0
// The certificate files of a server, also those whose path has the client's name in it; see
// nginx_service.hpp.
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/nginx_service.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_nginx_certificate_names = 1000;

const NginxVariables& nginx_variables_of(const NginxScene& scene, const NginxServer& server) {
    static const NginxVariables none;
    const auto found = scene.variables.find(server.outer);
    return found == scene.variables.end() ? none : found->second;
}

/// A path around the one variable that is the client's name: `/certs/` and `.crt`.
struct NginxNamedPath {
    std::string before{};
    std::string after{};
};

std::optional<NginxNamedPath> nginx_named_path(const NginxScene& scene, std::string_view path) {
    for (const std::string_view variable : {"$ssl_server_name", "${ssl_server_name}"}) {
        const std::size_t at = path.find(variable);
        if (at != path.npos && !path.substr(at + 1).contains('$')) {
            return NginxNamedPath{
                joined_path(scene.tree.folder, path.substr(0, at)) +
                    (at > 0 && path[at - 1] == '/' ? "/" : ""),
                std::string{path.substr(at + variable.size())}
            };
        }
    }
    return std::nullopt;
}

/// Adds the part of `path` that is the name, where it has the shape.
void add_nginx_name_in(
    std::string_view path, const NginxNamedPath& shape, std::vector<std::string>& names
) {
    if (!path.starts_with(shape.before)) {
        return;
    }
    path.remove_prefix(shape.before.size());
    if (shape.after.starts_with('/')) {
        path = path.substr(0, path.find('/'));
    } else if (path.ends_with(shape.after)) {
        path.remove_suffix(shape.after.size());
    } else {
        return;
    }
    if (path.contains('.') && !path.contains('/') && !path.starts_with('.') &&
        names.size() < k_most_nginx_certificate_names) {
        names.emplace_back(path);
    }
}

} // namespace

std::optional<std::string> nginx_file(const Input& input, const std::string& path) {
    if (input.files.kind_of(path) == FileKind::file) {
        return path;
    }
    for (const Copied& copied : input.start.copies) {
        const std::string below =
            joined_path(copied.to, copied.from.substr(copied.from.rfind('/') + 1));
        if ((copied.to == path || below == path) &&
            input.files.kind_of(copied.from) == FileKind::file) {
            return copied.from;
        }
    }
    return std::nullopt;
}

std::vector<NginxCertificate> nginx_certificates(
    const NginxScene& scene, const NginxServer& server, const std::optional<std::string>& sni
) {
    std::vector<NginxCertificate> certificates;
    for (const Statement* const line : server.lines(NginxKey::certificate)) {
        NginxCertificate& one = certificates.emplace_back(NginxCertificate{.line = line});
        const std::string& text = line->words[1].text;
        std::vector<const Statement*> used;
        const auto path =
            nginx_variables_of(scene, server).expanded(text, nginx_sample_name(sni), used);
        if (!path || path->starts_with("data:") || path->empty()) {
            continue;
        }
        const std::string whole = joined_path(scene.tree.folder, *path);
        const auto file = nginx_file(scene.input, whole);
        // A path without variables that is not there is another matter: nginx does not start.
        one.missing = !file && text.contains('$');
        one.path = file.value_or(whole);
    }
    return certificates;
}

std::vector<std::string>
nginx_certificate_names(const NginxScene& scene, const NginxServer& server) {
    std::vector<std::string> names;
    for (const Statement* const line : server.lines(NginxKey::certificate)) {
        const auto shape = nginx_named_path(scene, line->words[1].text);
        if (!shape) {
            continue;
        }
        const std::string folder = folder_of(shape->before + "x");
        if (const auto inside = scene.input.files.names_in(folder)) {
            for (const std::string& name : *inside) {
                add_nginx_name_in(folder + "/" + name, *shape, names);
            }
        }
        for (const Copied& copied : scene.input.start.copies) {
            add_nginx_name_in(copied.to, *shape, names);
        }
    }
    return names;
}

} // namespace tlsdoctor::config
