// SPDX-License-Identifier: Apache-2.0
// Version by version; what was not tested is no difference.
#include "cli/config_compare.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/config_question.hpp"
#include "cli/config_source.hpp"
#include "config/examine.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::Configuration;
using evidence::ConfiguredEndpoint;

std::string with_port(const std::string& address, std::uint16_t port) {
    return address.contains(':') ? fmt::format("[{}]:{}", address, port)
                                 : fmt::format("{}:{}", address, port);
}

/// The configured endpoint that should answer; behind a proxy or NAT only the port may be the same.
const ConfiguredEndpoint* endpoint_behind(
    const evidence::Visit& visit, const evidence::Endpoint& seen, const Configuration& configuration
) {
    const auto& sni = visit.target.sni;
    auto found = endpoints_for(configuration, with_port(seen.address, seen.port), false, sni);
    if (found.empty()) {
        found = endpoints_for(configuration, std::to_string(seen.port), false, sni);
    }
    return found.empty() ? nullptr : &configuration.endpoints[found.front()];
}

/// Where the line is that says so.
std::string place_of(const ConfiguredEndpoint& endpoint) {
    for (const evidence::ConfigLine& line : endpoint.decided_by) {
        if (line.role != evidence::LineRole::inert && line.about == "versions") {
            return fmt::format(" ({}:{})", line.file, line.line);
        }
    }
    return {};
}

bool is_accepted(const ConfiguredEndpoint& endpoint, ProtocolVersion version) {
    return std::ranges::any_of(endpoint.versions, [&](const evidence::ConfiguredVersion& state) {
        return state.version == version && state.accepted;
    });
}

/// Versions that the files allow and the port refuses, or the reverse.
std::vector<std::string>
differing(const evidence::Endpoint& seen, const ConfiguredEndpoint& endpoint, bool allowed) {
    std::vector<std::string> names;
    for (const evidence::VersionAnswer& answer : evidence::version_answers(seen)) {
        const bool works = answer.outcome == evidence::Outcome::accepted;
        const bool tested = works || evidence::is_no(answer.outcome);
        if (tested && works != allowed && is_accepted(endpoint, answer.version) == allowed) {
            names.push_back(name_of(answer.version));
        }
    }
    return names;
}

void add(std::string& note, const std::string& sentence) {
    note += (note.empty() ? "" : " ") + sentence;
}

} // namespace

std::expected<std::optional<Configuration>, UsageError>
files_to_compare(const ConfigSettings& settings) {
    if (settings.input.empty()) {
        return std::nullopt;
    }
    const auto sources = find_configs(settings);
    if (!sources) {
        return std::unexpected{sources.error()};
    }
    if (sources->size() > 1) {
        return std::unexpected{UsageError{
            .what = "these files belong to several servers", .hint = "--server NAME chooses one"
        }};
    }
    const ConfigSource& source = sources->front();
    return config::evidence_of(
        config::examine(*source.server, source.input(), source.command, source.command_path)
    );
}

std::string note_on_files(const evidence::Visit& visit, const Configuration& configuration) {
    constexpr std::string_view k_meaning =
        "another process or a proxy answers, or the server has not read these files";
    std::string note;
    bool compared = false;
    for (const evidence::Endpoint& seen : visit.endpoints) {
        const ConfiguredEndpoint* const endpoint = endpoint_behind(visit, seen, configuration);
        if (endpoint == nullptr || seen.reach != evidence::Reach::open) {
            continue;
        }
        compared = true;
        const auto refused = differing(seen, *endpoint, true);
        const auto accepted = differing(seen, *endpoint, false);
        if (!refused.empty()) {
            add(note, fmt::format(
                          "The files allow {}{}, the port refuses it: {}.", joined(refused, ", "),
                          place_of(*endpoint), k_meaning
                      ));
        }
        if (!accepted.empty()) {
            add(note, fmt::format(
                          "The files leave out {}{}, the port accepts it: {}.",
                          joined(accepted, ", "), place_of(*endpoint), k_meaning
                      ));
        }
    }
    if (!compared) {
        return fmt::format(
            "The files of {} do not open this port, or it does not answer.", configuration.product
        );
    }
    return note.empty() ? "The port does what its files say." : note;
}

} // namespace tlsdoctor::cli
