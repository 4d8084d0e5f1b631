// SPDX-License-Identifier: Apache-2.0
// Finding certificates; see the header. What the start script copies counts as being there.
#include "config/servers/prosody_certificates.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_prosody_folder_depth = 3;

} // namespace

ProsodyCertificates::ProsodyCertificates(
    const Input& input, const ProsodyOptions& options, Reading& reading
)
    : input_{input}, options_{options} {
    const ProsodyOption* const option = options.own("*", "certificates");
    folder_ = joined_path(options.folder, option == nullptr ? "certs" : option->value.text);
    if (option != nullptr && input.files.kind_of(folder_) == FileKind::folder &&
        !input.files.names_in(folder_)) {
        reading.warnings.push_back({option->statement, "this folder cannot be read here"});
    }
    index(folder_, k_prosody_folder_depth);
}

void ProsodyCertificates::index(const std::string& folder, int depth) {
    if (depth == 0) {
        return;
    }
    std::set<std::string> names;
    if (const auto found = input_.files.names_in(folder)) {
        names.insert(found->begin(), found->end());
    }
    for (const Copied& copy : input_.start.copies) {
        if (copy.to.starts_with(folder + "/")) {
            const std::string below = copy.to.substr(folder.size() + 1);
            names.insert(below.substr(0, below.find('/')));
        }
    }
    for (const std::string& name : names) {
        const std::string path = folder + "/" + name;
        if (is_file(path)) {
            index_file(path);
        } else if (!name.starts_with('.')) {
            index(path, depth - 1);
        }
    }
}

void ProsodyCertificates::index_file(const std::string& path) {
    if (!path.ends_with(".crt") && !path.substr(path.rfind('/')).contains("fullchain")) {
        return;
    }
    const auto bytes = input_.files.read(original_of(input_.start, path));
    if (!bytes || !bytes->starts_with("-----BEGIN CERTIFICATE-----")) {
        return;
    }
    if (const auto certificate = input_.knowledge.certificate(*bytes)) {
        for (const std::string& name : certificate->names) {
            by_name_.try_emplace(lower(name), path);
        }
    }
}

bool ProsodyCertificates::is_file(const std::string& path) const {
    return input_.files.kind_of(original_of(input_.start, path)) == FileKind::file;
}

std::string
ProsodyCertificates::by_file_name(const ProsodyOption* option, const std::string& name) const {
    const std::string base =
        option == nullptr ? folder_ : joined_path(options_.folder, option->value.text);
    for (const std::string& path :
         {base, base + "/" + name + ".crt", base + "/" + name + "/fullchain.pem",
          base + "/" + name + ".pem"}) {
        if (is_file(path)) {
            return path;
        }
    }
    return {};
}

std::string ProsodyCertificates::for_host(const std::string& host) const {
    for (std::string name = host; !name.empty();) {
        const std::size_t dot = name.find('.');
        const std::string parent = dot == name.npos ? "" : name.substr(dot + 1);
        for (const std::string& key : {name, "*." + parent}) {
            if (const auto found = by_name_.find(key); found != by_name_.end()) {
                return found->second;
            }
        }
        const std::string path = by_file_name(options_.find(name, "certificate"), name);
        if (!path.empty()) {
            return path;
        }
        name = parent;
    }
    return {};
}

std::string ProsodyCertificates::for_service(const std::string& service) const {
    if (!by_name_.empty()) {
        return by_name_.begin()->second; // any; which one is left to chance
    }
    return by_file_name(options_.own("*", service + "_certificate"), service);
}

} // namespace tlsdoctor::config
