// SPDX-License-Identifier: Apache-2.0
// A judged configuration as evidence: places become files and line numbers.
#include "config/examine.hpp"
#include "config/guilt.hpp"

#include <utility>

namespace tlsdoctor::config {

namespace {

evidence::LineRole role_of(Role role) {
    return static_cast<evidence::LineRole>(std::to_underlying(role));
}

/// What a line is about, in a word.
std::string_view about(Aspect aspect) {
    constexpr std::string_view k_words[] = {"listen",         "tls",     "name",
                                            "versions",       "ciphers", "ciphersuites",
                                            "groups",         "dh",      "certificate",
                                            "security_level", "other"};
    return k_words[std::to_underlying(aspect)];
}

/// Where a reader should look: the value that decides, where a statement spans several lines; a
/// value that begins with a comment or a continuation begins behind it.
Place shown_place(const Sources& sources, const Line& line) {
    const Place first = sources.line(line.statement);
    const bool has_value = line.value.file == line.statement.file &&
                           line.value.begin < line.value.end &&
                           line.value.begin >= line.statement.begin;
    if (!has_value || line.statement.end <= first.end) {
        return line.statement;
    }
    std::string_view rest = sources.text(line.value);
    for (bool at_word = false; !at_word;) {
        const std::size_t begin = rest.find_first_not_of(" \t\r\n");
        if (begin == rest.npos) {
            return line.statement;
        }
        rest.remove_prefix(begin);
        at_word = !rest.starts_with('#') || rest.find('\n') == rest.npos;
        rest.remove_prefix(at_word ? 0 : rest.find('\n'));
    }
    return {line.value.file, line.value.end - rest.size(), line.value.end};
}

evidence::ConfigLine line_of(const Sources& sources, const Line& line) {
    const Place at = shown_place(sources, line);
    return {
        .file = sources.at(at.file).path,
        .line = sources.line_of(at),
        .text = sources.shown_line(at),
        .role = role_of(line.role),
        .why = line.why,
        .about = std::string{about(line.aspect)}
    };
}

evidence::ConfigRemark remark_of(const Sources& sources, const Remark& remark, Role role) {
    evidence::ConfigLine line = line_of(sources, {.statement = remark.place, .role = role});
    line.about.clear();
    return {.line = std::move(line), .what = remark.what};
}

std::vector<evidence::ConfigRemark>
remarks_of(const Sources& sources, const std::vector<Remark>& remarks, Role role) {
    std::vector<evidence::ConfigRemark> all;
    for (const Remark& remark : remarks) {
        all.push_back(remark_of(sources, remark, role));
    }
    return all;
}

evidence::ConfiguredEndpoint
endpoint_of(const Sources& sources, const Service& service, const Effective& effective) {
    evidence::ConfiguredEndpoint endpoint{
        .address = service.address,
        .sni = service.sni,
        .starttls = service.starttls,
        .door = static_cast<evidence::ConfigDoor>(std::to_underlying(service.door)),
        .meant_for_tls = meant_for_tls(service, effective),
        .suites = effective.suites,
        .tls13_suites = effective.tls13_suites,
        .groups = effective.groups,
        .certificate_key = effective.certificate_key
    };
    for (const VersionState& state : effective.versions) {
        const auto obstacle =
            static_cast<evidence::ConfigObstacle>(std::to_underlying(state.obstacle));
        endpoint.versions.push_back({state.version, state.accepted, obstacle});
    }
    for (const Line& line : effective.lines) {
        endpoint.decided_by.push_back(line_of(sources, line));
    }
    return endpoint;
}

std::string_view library_name(Library library) {
    constexpr std::string_view k_names[] = {"OpenSSL", "GnuTLS", "Java", "Go"};
    return k_names[std::to_underlying(library)];
}

} // namespace

evidence::Configuration evidence_of(const Examination& examination) {
    const Reading& reading = examination.reading;
    evidence::Configuration configuration{
        .server = std::string{examination.server->name},
        .product = std::string{examination.server->product},
        .server_version = reading.server_version,
        .library = std::string{library_name(examination.server->library)},
        .library_version = examination.beneath.library_version,
        .fatal = remarks_of(reading.sources, reading.fatal, Role::guilty),
        .warnings = remarks_of(reading.sources, reading.warnings, Role::inert),
        .not_understood = remarks_of(reading.sources, reading.not_understood, Role::inert)
    };
    for (std::size_t i = 0; i < reading.sources.size(); ++i) {
        const FileId file{static_cast<std::uint32_t>(i)};
        configuration.files.push_back(reading.sources.at(file).path);
    }
    for (std::size_t i = 0; i < reading.services.size(); ++i) {
        configuration.endpoints.push_back(
            endpoint_of(reading.sources, reading.services[i], examination.effective[i])
        );
    }
    return configuration;
}

} // namespace tlsdoctor::config
