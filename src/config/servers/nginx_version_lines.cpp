// SPDX-License-Identifier: Apache-2.0
// The lines about versions and groups; see the header.
#include "config/servers/nginx_line_writer.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_words.hpp"

namespace tlsdoctor::config {

namespace {

/// Tells whether a setting stays what the default server said: a connection keeps its bounds, its
/// groups and its suites of TLS 1.3 when SSL_set_SSL_CTX gives it another server's context.
bool nginx_stays(Aspect aspect) {
    return aspect == Aspect::versions || aspect == Aspect::groups || aspect == Aspect::ciphersuites;
}

Rewrite nginx_rewrite(NginxKey key, Aspect aspect) {
    if (key == NginxKey::protocols) {
        return rewrite_nginx_protocols;
    }
    return key == NginxKey::conf_command && aspect == Aspect::versions ? rewrite_nginx_command
                                                                       : nullptr;
}

} // namespace

Aspect nginx_command_aspect(const Statement& line) {
    struct Named {
        std::string_view command;
        Aspect aspect;
    };
    constexpr Named k_commands[] = {
        {"MinProtocol", Aspect::versions},
        {"MaxProtocol", Aspect::versions},
        {"Protocol", Aspect::versions},
        {"CipherString", Aspect::ciphers},
        {"Ciphersuites", Aspect::ciphersuites},
        {"Groups", Aspect::groups},
        {"Curves", Aspect::groups},
        {"DHParameters", Aspect::dh},
    };
    for (const Named& one : k_commands) {
        if (line.words.size() > 1 && same_ignoring_case(one.command, line.words[1].text)) {
            return one.aspect;
        }
    }
    return Aspect::other;
}

std::string NginxLineWriter::built_in() const {
    return fmt::format(
        "no ssl_protocols in this server or above it: nginx {} has {} built in",
        scene_.reading.server_version,
        name_of(nginx_default_versions(scene_.reading.server_version))
    );
}

void NginxLineWriter::write_versions() {
    const NginxServer& decider = *party_.decider->server;
    const auto& lines = decider.lines(NginxKey::protocols);
    if (lines.empty() && decides_for_others()) {
        service_.lines.push_back(
            {.statement = decider.block->statement->closing,
             .aspect = Aspect::versions,
             .role = Role::effective,
             .why = fmt::format("the end of {}: {}", standard_server(), built_in())}
        );
    }
    write_union(lines);
    for (const Statement* const line : decider.replaced(NginxKey::protocols)) {
        inert(*line, Aspect::versions, "the server has an ssl_protocols of its own");
    }
    const NginxServer& named = *party_.named->server;
    for (const Statement* const line : named.lines(NginxKey::protocols)) {
        inert(*line, Aspect::versions, fmt::format("{} decides for every name", standard_server()));
    }
    for (const Statement* const line : named.replaced(NginxKey::protocols)) {
        inert(*line, Aspect::versions, "the server has an ssl_protocols of its own");
    }
}

void NginxLineWriter::write_union(const std::vector<const Statement*>& lines) {
    std::array<std::size_t, k_versions.size()> times{};
    for (const Statement* const line : lines) {
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            times[i] += nginx_listed({line}).has(k_versions[i]) ? 1U : 0U;
        }
    }
    for (const Statement* const line : lines) {
        const VersionSet listed = nginx_listed({line});
        bool needed = false;
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            needed = needed || (listed.has(k_versions[i]) && times[i] == 1);
        }
        if (!needed) {
            for (std::size_t i = 0; i < k_versions.size(); ++i) {
                times[i] -= listed.has(k_versions[i]) ? 1U : 0U;
            }
            inert(
                *line, Aspect::versions,
                "adds nothing: the ssl_protocols lines of a block are joined, not replaced"
            );
            continue;
        }
        effective(*line, Aspect::versions, union_reason(lines.size()), rewrite_nginx_protocols);
        write_unbuilt(*line);
    }
}

std::string NginxLineWriter::union_reason(std::size_t count) const {
    if (count > 1) {
        return "all ssl_protocols lines of a block are joined";
    }
    return decides_for_others() ? fmt::format("{} decides for every name", standard_server()) : "";
}

void NginxLineWriter::write_unbuilt(const Statement& line) {
    for (std::size_t i = 1; i < line.words.size(); ++i) {
        const auto version = nginx_protocol(line.words[i].text);
        if (version && *version <= ProtocolVersion::ssl_3_0 &&
            !older(scene_.input.library_version, "1.1.0")) {
            service_.lines.push_back(
                {.statement = line.words[i].place,
                 .aspect = Aspect::other,
                 .role = Role::inert,
                 .why = fmt::format(
                     "{} cannot be enabled: OpenSSL is built without it since 1.1.0",
                     name_of(*version)
                 )}
            );
        }
    }
}

void NginxLineWriter::write_commands() {
    const NginxServer& standard = *party_.standard->server;
    const NginxServer& context = *party_.context->server;
    write_lost_commands(standard);
    for (const Statement* const line : standard.lines(NginxKey::conf_command)) {
        const Aspect aspect = nginx_command_aspect(*line);
        if (nginx_stays(aspect)) {
            effective(*line, aspect, "", nginx_rewrite(NginxKey::conf_command, aspect));
        }
    }
    for (const Statement* const line : context.lines(NginxKey::conf_command)) {
        const Aspect aspect = nginx_command_aspect(*line);
        const bool here = !nginx_stays(aspect);
        if (here && aspect != Aspect::other) {
            effective(*line, aspect, "");
        } else if (!here) {
            inert(*line, aspect, fmt::format("{} decides for every name", standard_server()));
        }
    }
    write_lost_commands(context);
}

void NginxLineWriter::write_lost_commands(const NginxServer& server) {
    const auto& lost = server.replaced(NginxKey::conf_command);
    const auto decides = [](const Statement* line) {
        return nginx_command_aspect(*line) != Aspect::other;
    };
    const auto first = std::ranges::find_if(lost, decides);
    if (first == lost.end()) {
        return;
    }
    const Statement& own = *server.lines(NginxKey::conf_command).front();
    const Aspect aspect = nginx_command_aspect(own);
    effective(
        own, aspect == Aspect::other ? nginx_command_aspect(**first) : aspect,
        fmt::format("its presence drops the inherited {}", sources_.where((*first)->place)),
        nginx_rewrite(NginxKey::conf_command, aspect)
    );
    for (const Statement* const line : lost) {
        if (decides(line)) {
            inert(
                *line, nginx_command_aspect(*line),
                "dropped: the server has an ssl_conf_command of its own"
            );
        }
    }
}

void NginxLineWriter::write_groups() {
    for (const Statement* const line : party_.standard->server->lines(NginxKey::curve)) {
        effective(*line, Aspect::groups, decides_for_others() ? standard_server() : "");
    }
    for (const Statement* const line : party_.named->server->lines(NginxKey::curve)) {
        inert(*line, Aspect::groups, fmt::format("{} decides for every name", standard_server()));
    }
}

} // namespace tlsdoctor::config
