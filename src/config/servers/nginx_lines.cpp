// SPDX-License-Identifier: Apache-2.0
// The lines that decide for one name on one socket, and those that only look like it; see
// nginx_service.hpp. A line that is named once is not named again with another role.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_service.hpp"
#include "config/servers/nginx_words.hpp"

namespace tlsdoctor::config {

namespace {

/// What an ssl_conf_command is about.
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

struct NginxAspect {
    NginxKey key{};
    Aspect aspect{};
};

/// What the server of the name supplies.
constexpr NginxAspect k_nginx_context_keys[] = {
    {NginxKey::ciphers, Aspect::ciphers}, {NginxKey::dhparam, Aspect::dh}
};
/// What looks as if it decided in a server that is not asked.
constexpr NginxAspect k_nginx_idle_keys[] = {
    {NginxKey::protocols, Aspect::versions},
    {NginxKey::ciphers, Aspect::ciphers},
    {NginxKey::curve, Aspect::groups},
    {NginxKey::conf_command, Aspect::versions},
    {NginxKey::certificate, Aspect::certificate},
};

class NginxLineWriter final {
public:
    NginxLineWriter(const NginxScene& scene, const NginxParty& party, Service& service)
        : scene_{scene}, party_{party}, service_{service}, sources_{scene.reading.sources} {}

    void write() {
        write_listens();
        write_tls();
        if (!nginx_speaks_tls(*party_.socket)) {
            write_idle(
                *party_.named->server,
                fmt::format("{} speaks clear text: no listen line has ssl", service_.address)
            );
            return;
        }
        write_versions();
        write_commands();
        write_groups();
        write_context();
        write_certificates();
        write_name();
        write_losers();
        for (const Statement* const line : party_.named->server->client_side) {
            inert(
                *line, Aspect::other, "the client side: speaks of connections to upstream servers"
            );
        }
    }

private:
    bool is_new(const Statement& line) { return named_.insert(&line).second; }

    void add(const Statement& line, Aspect aspect, Role role, std::string why, Rewrite rewrite) {
        if (is_new(line)) {
            const std::string_view name =
                line.words.empty() ? "" : std::string_view{line.words.front().text};
            const bool needed = name == "listen" || name == "server" || name == "server_name";
            service_.lines.push_back(
                {line.place, nginx_value(line), aspect, role, std::move(why), rewrite, {}, needed}
            );
        }
    }
    void
    effective(const Statement& line, Aspect aspect, std::string why, Rewrite rewrite = nullptr) {
        add(line, aspect, Role::effective, std::move(why), rewrite);
    }
    void inert(const Statement& line, Aspect aspect, std::string why) {
        add(line, aspect, Role::inert, std::move(why), nullptr);
    }

    /// `the default server of 127.0.0.1:443 (/etc/nginx/nginx.conf:7)`.
    std::string standard_server() const {
        return fmt::format(
            "the default server of {} ({})", service_.address,
            sources_.where(party_.standard->server->block->statement->place)
        );
    }

    bool decides_for_others() const { return party_.decider->server != party_.named->server; }

    /// The built-in versions are pinned to the line that opens the socket, or to the end of a
    /// server block that decides for other names and says nothing.
    std::string built_in() const {
        return fmt::format(
            "no ssl_protocols in this server or above it: nginx {} has {} built in",
            scene_.reading.server_version,
            name_of(nginx_default_versions(scene_.reading.server_version))
        );
    }

    void write_listens() {
        const NginxMember& standard = *party_.standard;
        const bool default_list = party_.decider->server->lines(NginxKey::protocols).empty() &&
                                  nginx_speaks_tls(*party_.socket);
        if (default_list && !decides_for_others()) {
            effective(*party_.decider->listen->statement, Aspect::versions, built_in());
        }
        effective(
            *standard.listen->statement, Aspect::listen,
            fmt::format(
                "its server is the default of {}{}", service_.address,
                standard.listen->is_default         ? ""
                : party_.socket->members.size() > 1 ? ": the first that is read"
                                                    : ""
            )
        );
        const NginxListen& own = *party_.named->listen;
        if (party_.socket->ssl && !own.ssl) {
            inert(
                *own.statement, Aspect::listen, "no ssl here, but another line makes the port TLS"
            );
        } else if (own.ssl && !standard.listen->ssl) {
            effective(
                *own.statement, Aspect::listen, "this ssl makes the port TLS for all its servers"
            );
        } else {
            effective(*own.statement, Aspect::listen, "");
        }
        for (const NginxMember& member : party_.socket->members) {
            if (member.listen->ssl && !standard.listen->ssl && !own.ssl) {
                effective(
                    *member.listen->statement, Aspect::tls,
                    "this ssl makes the port TLS for all its servers"
                );
                return;
            }
        }
    }

    void write_tls() {
        for (const Statement* const line : party_.standard->server->lines(NginxKey::ssl)) {
            if (nginx_is_on({line})) {
                effective(*line, Aspect::tls, "turns every listen line of its server into TLS");
            } else {
                inert(*line, Aspect::tls, "off is the default; the listen lines decide");
            }
        }
        for (const Statement* const line : party_.named->server->lines(NginxKey::ssl)) {
            inert(*line, Aspect::tls, "only the default server's counts");
        }
    }

    void write_versions() {
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
            inert(
                *line, Aspect::versions, fmt::format("{} decides for every name", standard_server())
            );
        }
        for (const Statement* const line : named.replaced(NginxKey::protocols)) {
            inert(*line, Aspect::versions, "the server has an ssl_protocols of its own");
        }
    }

    /// Several ssl_protocols of one block add up; a line whose words all stand in others is inert.
    void write_union(const std::vector<const Statement*>& lines) {
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

    std::string union_reason(std::size_t count) const {
        if (count > 1) {
            return "all ssl_protocols lines of a block are joined";
        }
        return decides_for_others() ? fmt::format("{} decides for every name", standard_server())
                                    : "";
    }

    /// A word that no current OpenSSL can honour.
    void write_unbuilt(const Statement& line) {
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

    void write_commands() {
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

    /// One ssl_conf_command of a server drops all that it would inherit.
    void write_lost_commands(const NginxServer& server) {
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

    void write_groups() {
        for (const Statement* const line : party_.standard->server->lines(NginxKey::curve)) {
            effective(*line, Aspect::groups, decides_for_others() ? standard_server() : "");
        }
        for (const Statement* const line : party_.named->server->lines(NginxKey::curve)) {
            inert(
                *line, Aspect::groups, fmt::format("{} decides for every name", standard_server())
            );
        }
    }

    void write_context() {
        for (const auto& [key, aspect] : k_nginx_context_keys) {
            for (const Statement* const line : party_.context->server->lines(key)) {
                effective(*line, aspect, "");
            }
            for (const Statement* const line : party_.context->server->replaced(key)) {
                inert(*line, aspect, "the server has one of its own");
            }
        }
    }

    void write_certificates() {
        const NginxServer& context = *party_.context->server;
        const bool chosen = !context.lines(NginxKey::ciphers).empty();
        for (const NginxCertificate& one : nginx_certificates(scene_, context, service_.sni)) {
            if (one.missing) {
                effective(
                    *one.line, Aspect::certificate,
                    service_.sni ? fmt::format("there is no file {}", one.path)
                                 : "a client that sends no name asks for a file that is not there"
                );
            } else if (chosen) {
                inert(*one.line, Aspect::certificate, key_of(one));
            } else {
                effective(*one.line, Aspect::certificate, key_of(one));
            }
        }
    }

    /// `a rsa key`, where the file can be read.
    std::string key_of(const NginxCertificate& one) const {
        const auto bytes = scene_.input.files.read(one.path);
        const auto info = bytes && scene_.input.knowledge.certificate
                              ? scene_.input.knowledge.certificate(*bytes)
                              : std::nullopt;
        return info ? fmt::format("its key is {}", info->key) : "";
    }

    void write_name() {
        for (const Statement* const line :
             party_.context->server->lines(NginxKey::reject_handshake)) {
            if (nginx_is_on({line})) {
                effective(*line, Aspect::name, "refuses every name that leads here with alert 112");
            }
        }
        if (party_.route == nullptr) {
            return;
        }
        const bool bare = party_.context != party_.named;
        effective(
            *party_.route->line, Aspect::name,
            bare ? "its server has no ssl_certificate: the default server's answers for it"
            : party_.route->regex ? "only the names that the expression matches"
                                  : ""
        );
        if (bare) {
            write_idle(*party_.named->server, "its server has no ssl_certificate");
        }
    }

    void write_losers() {
        if (party_.route == nullptr) {
            return;
        }
        for (const NginxMember& loser : party_.route->losers) {
            write_idle(
                *loser.server,
                fmt::format(
                    "the name stands in an earlier server too ({}), so this one never answers",
                    sources_.where(party_.route->line->place)
                )
            );
        }
    }

    void write_idle(const NginxServer& server, const std::string& why) {
        for (const auto& [key, aspect] : k_nginx_idle_keys) {
            for (const Statement* const line : server.lines(key)) {
                inert(*line, aspect, why);
            }
        }
    }

    const NginxScene& scene_;
    const NginxParty& party_;
    Service& service_;
    const Sources& sources_;
    std::set<const Statement*> named_{};
};

} // namespace

void add_nginx_lines(const NginxScene& scene, const NginxParty& party, Service& service) {
    NginxLineWriter{scene, party, service}.write();
    std::ranges::stable_sort(service.lines, {}, [](const Line& line) {
        return std::pair{line.statement.file, line.statement.begin};
    });
}

} // namespace tlsdoctor::config
