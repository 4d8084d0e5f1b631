// SPDX-License-Identifier: Apache-2.0
// Prosody: what helps where a port has no certificate, or STARTTLS is not offered.
#include "config/servers/prosody_proposals.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "config/servers/prosody_options.hpp"

namespace tlsdoctor::config {

namespace {

bool prosody_has_certificate(const LuaValue& table) {
    return table.field("certificate") != nullptr && table.field("key") != nullptr;
}

/// The table with the certificate of the host that is asked for, else of any host.
const ProsodyOption* prosody_table_with_certificate(
    const ProsodyOptions& options, const std::optional<std::string>& name
) {
    const ProsodyOption* any = nullptr;
    for (const ProsodyOption& option : options.options) {
        if (option.name == "ssl" && prosody_has_certificate(option.value)) {
            any = any == nullptr || option.host == name ? &option : any;
        }
    }
    return any;
}

/// The name of the service whose ports are set by a line: `c2s_direct_tls_ports = ...`.
std::string prosody_service_of(const Reading& reading, const Service& service) {
    for (const Line& line : service.lines) {
        const std::string_view text = reading.sources.text(line.statement);
        const std::size_t end = text.find("_ports");
        if (line.aspect == Aspect::listen && end != text.npos) {
            return std::string{text.substr(0, end)};
        }
    }
    return "https";
}

std::vector<Proposal>
prosody_certificate(const ProsodyOptions& options, const Reading& reading, const Service& service) {
    const ProsodyOption* const table = prosody_table_with_certificate(options, service.sni);
    if (table == nullptr || options.hosts.empty() || service.starttls) {
        return {};
    }
    const std::string name = prosody_service_of(reading, service);
    const Place first = options.hosts.front().statement;
    const Place line = reading.sources.line(first);
    std::string text = fmt::format("{}_ssl = {}\n", name, reading.sources.text(table->value.place));
    return {
        {.edits = {{{line.file, line.begin, line.begin}, std::move(text)}},
         .why = "the port gets the certificate of " + table->host}
    };
}

std::vector<Proposal> prosody_module(const ProsodyOptions& options) {
    const ProsodyOption* const modules = options.own("*", "modules_enabled");
    if (modules == nullptr || modules->value.kind != LuaKind::table) {
        return {};
    }
    const Place at = modules->value.place;
    return {
        {.edits = {{{at.file, at.begin + 1, at.begin + 1}, " \"tls\";"}},
         .why = "mod_tls offers STARTTLS"}
    };
}

} // namespace

std::vector<Proposal> propose_prosody(
    const Input& input, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    Reading scratch;
    scratch.sources = reading.sources;
    const ProsodyOptions options = read_prosody_options(input, scratch);
    if (service.door == Door::no_certificate) {
        return prosody_certificate(options, scratch, service);
    }
    if (service.door == Door::starttls_not_offered) {
        return prosody_module(options);
    }
    return {};
}

} // namespace tlsdoctor::config
