// SPDX-License-Identifier: Apache-2.0
// What a stunnel configuration says: the defaults and the services, each option with its place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// An option with its value.
struct StunnelOption {
    std::string text{};
    Place statement{};
    Place value{};
};

/// A service, or the defaults.
struct StunnelService {
    std::string name{};
    Place statement{};
    std::map<std::string, StunnelOption> options{}; ///< lower case; the last one counts
    std::vector<std::pair<std::string, StunnelOption>> repeated{
    }; ///< `options`, `config`: all count
    std::vector<StunnelOption> overridden{}; ///< the same option comes again
};

/// All of it.
struct StunnelModel {
    StunnelService defaults{};
    std::vector<StunnelService> services{};

    /// Returns the service's own option, else the default; null where neither is there.
    const StunnelOption* option(const StunnelService& service, const std::string& key) const;
};

/// Writes the value of sslVersionMin.
std::optional<std::string> stunnel_minimum(std::string_view old, VersionSet wanted);

/// Writes the value of sslVersionMax.
std::optional<std::string> stunnel_maximum(std::string_view old, VersionSet wanted);

/// Works out the versions of a service, and adds the lines that decide them.
void judge_stunnel_versions(
    const StunnelModel& model, const StunnelService& own, Reading& reading, Service& service
);

/// Makes services of the sections.
void serve_stunnel(const Input& input, const StunnelModel& model, Reading& reading);

} // namespace tlsdoctor::config
