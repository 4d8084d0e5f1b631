// SPDX-License-Identifier: Apache-2.0
// How Prosody makes a TLS context: layers of `ssl` tables, a later one overriding an earlier field
// by field, on top of a profile (core/certmanager.lua, util/sslconfig.lua of 0.12).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/servers/prosody_options.hpp"

namespace tlsdoctor::config {

/// The layers, put on one by one.
class ProsodyContext final {
public:
    /// Begins with the defaults of this version of the server, and the profile that `tls_profile`
    /// names; `option` may be null.
    ProsodyContext(std::string_view server_version, const ProsodyOption* profile);

    /// Puts a table on top; null and what is no table change nothing.
    void apply(const ProsodyOption* option);
    /// Puts the table on top that stands in the option under this name (a port or an interface).
    void apply_inner(const ProsodyOption* option, std::string_view name);
    /// Puts a certificate on top that was found in the folder of certificates.
    void apply_certificate(const std::string& path);
    /// The table would be expected to count and does not: its versions are shown as inert.
    void pass_over(const ProsodyOption* option, const std::string& why);

    bool has_certificate() const { return fields_.contains("certificate"); }
    /// Tells whether LuaSec knows the protocol; without one no context can be made.
    bool can_be_made() const;

    /// Writes what a connection gets into the service: versions and groups.
    void fill_versions(Service& service) const;
    /// Writes suites and certificate: with a name, those of another context than the versions.
    void fill_names(const Input& input, const std::string& folder, Service& service) const;

private:
    struct Field {
        std::string text{};
        Place statement{};
        Place value{};
        bool is_default{};
    };

    void apply_table(const LuaValue& table);
    void set(const std::string& name, Field field);
    void set_default(const std::string& name, std::string_view text);
    void take_options(const LuaField& field);
    std::string text_of(const std::string& name) const;
    void add_line(Service& service, const std::string& name, Aspect aspect, Rewrite rewrite) const;
    void add_profile_line(Service& service) const;

    const ProsodyOption* profile_{};
    std::map<std::string, Field> fields_{};
    std::map<std::string, Field> switches_{}; ///< of `options`: `no_tlsv1` and whether it is on
    std::vector<Line> inert_{};
};

/// Writes `protocol`: `"tlsv1_2+"`.
std::optional<std::string> rewrite_prosody_protocol(std::string_view old, VersionSet wanted);
/// Writes `tls_profile`: `"intermediate"`.
std::optional<std::string> rewrite_prosody_profile(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
