// SPDX-License-Identifier: Apache-2.0
// What a hitch configuration says, for the process and for each frontend; every value keeps its
// place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// A value and where it stands.
struct HitchValue {
    std::string text{};
    Place statement{};
    Place value{};
};

/// What a block says, or the file outside of blocks.
struct HitchBlock {
    Place statement{};
    std::string host{};
    std::string port{"443"};
    std::optional<HitchValue> versions{};
    VersionSet enabled{};
    std::vector<HitchValue> overridden{}; ///< version lines that a later one replaces
    std::optional<HitchValue> ciphers{};
    std::optional<HitchValue> ciphersuites{};
    std::optional<HitchValue> groups{};
    std::vector<HitchValue> certificates{};
    bool refuses_names{};
    bool dh_parameters{};
};

/// All of it.
struct HitchModel {
    HitchBlock global{};
    std::vector<HitchBlock> frontends{};
};

/// Writes the value of tls-protos.
std::optional<std::string> hitch_versions(std::string_view old, VersionSet wanted);

/// Makes services of the frontends.
void serve_hitch(const Input& input, const HitchModel& model, Reading& reading);

} // namespace tlsdoctor::config
