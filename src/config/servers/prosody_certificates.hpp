// SPDX-License-Identifier: Apache-2.0
// How Prosody finds certificates by itself: in the folder of `certificates`, by the names in them,
// else by the names of the files (core/certmanager.lua of 0.12).
#pragma once

#include <map>
#include <string>

#include "config/servers/prosody_options.hpp"

namespace tlsdoctor::config {

/// The certificates that can be found.
class ProsodyCertificates final {
public:
    ProsodyCertificates(const Input& input, const ProsodyOptions& options, Reading& reading);

    /// Returns the path for a host, or for the domain that it is in; empty where there is none.
    std::string for_host(const std::string& host) const;
    /// Returns the path for a port of a service such as `https`; empty where there is none.
    std::string for_service(const std::string& service) const;

private:
    void index(const std::string& folder, int depth);
    void index_file(const std::string& path);
    std::string by_file_name(const ProsodyOption* option, const std::string& name) const;
    bool is_file(const std::string& path) const;

    const Input& input_;
    const ProsodyOptions& options_;
    std::string folder_{};
    std::map<std::string, std::string> by_name_{}; ///< the path for each name, `*.example.test` too
};

} // namespace tlsdoctor::config
