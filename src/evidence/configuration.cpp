// SPDX-License-Identifier: Apache-2.0
// The words of configured evidence; see the header.
#include "evidence/configuration.hpp"

#include <utility>

namespace tlsdoctor::evidence {

std::string_view name_of(LineRole role) {
    constexpr std::string_view k_names[] = {"effective", "guilty", "inert"};
    return k_names[std::to_underlying(role)];
}

std::string_view name_of(ConfigObstacle obstacle) {
    constexpr std::string_view k_names[] = {"none",         "not_enabled",      "system_policy",
                                            "not_built",    "security_level",   "no_suite",
                                            "key_mismatch", "no_dh_parameters", "no_group",
                                            "door",         "not_starting"};
    return k_names[std::to_underlying(obstacle)];
}

std::string_view name_of(ConfigDoor door) {
    constexpr std::string_view k_names[] = {"tls",           "plain",        "starttls_not_offered",
                                            "not_listening", "name_refused", "no_certificate",
                                            "closes"};
    return k_names[std::to_underlying(door)];
}

std::vector<ProtocolVersion> accepted_versions(const ConfiguredEndpoint& endpoint) {
    std::vector<ProtocolVersion> accepted;
    for (const ConfiguredVersion& version : endpoint.versions) {
        if (version.accepted) {
            accepted.push_back(version.version);
        }
    }
    return accepted;
}

} // namespace tlsdoctor::evidence
