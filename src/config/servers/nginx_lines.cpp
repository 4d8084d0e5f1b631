// SPDX-License-Identifier: Apache-2.0
// The lines about listeners, names, suites and certificates; see the header.
#include "config/servers/nginx_line_writer.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "config/openssl_suites.hpp"

namespace tlsdoctor::config {

namespace {

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

} // namespace

void NginxLineWriter::write() {
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
        inert(*line, Aspect::other, "the client side: speaks of connections to upstream servers");
    }
}

bool NginxLineWriter::is_new(const Statement& line) {
    return named_.insert(&line).second;
}

void NginxLineWriter::add(
    const Statement& line, Aspect aspect, Role role, std::string why, Rewrite rewrite
) {
    if (is_new(line)) {
        const std::string_view name =
            line.words.empty() ? "" : std::string_view{line.words.front().text};
        const bool needed = name == "listen" || name == "server" || name == "server_name";
        service_.lines.push_back(
            {line.place, nginx_value(line), aspect, role, std::move(why), rewrite, {}, needed}
        );
    }
}
void NginxLineWriter::effective(
    const Statement& line, Aspect aspect, std::string why, Rewrite rewrite
) {
    add(line, aspect, Role::effective, std::move(why), rewrite);
}

void NginxLineWriter::inert(const Statement& line, Aspect aspect, std::string why) {
    add(line, aspect, Role::inert, std::move(why), nullptr);
}

std::string NginxLineWriter::standard_server() const {
    return fmt::format(
        "the default server of {} ({})", service_.address,
        sources_.where(party_.standard->server->block->statement->place)
    );
}

bool NginxLineWriter::decides_for_others() const {
    return party_.decider->server != party_.named->server;
}

void NginxLineWriter::write_listens() {
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
        inert(*own.statement, Aspect::listen, "no ssl here, but another line makes the port TLS");
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

void NginxLineWriter::write_tls() {
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

void NginxLineWriter::write_context() {
    for (const auto& [key, aspect] : k_nginx_context_keys) {
        for (const Statement* const line : party_.context->server->lines(key)) {
            effective(*line, aspect, "");
        }
        for (const Statement* const line : party_.context->server->replaced(key)) {
            inert(*line, aspect, "the server has one of its own");
        }
    }
}

void NginxLineWriter::write_certificates() {
    const NginxServer& context = *party_.context->server;
    const bool chosen = !context.lines(NginxKey::ciphers).empty();
    for (const NginxCertificate& one : nginx_certificates(scene_, context, service_.sni)) {
        const std::string key = key_of(one);
        if (one.missing) {
            effective(
                *one.line, Aspect::certificate,
                service_.sni ? fmt::format("there is no file {}", one.path)
                             : "a client that sends no name asks for a file that is not there"
            );
        } else if (chosen && !key.empty() && !is_used(key)) {
            inert(
                *one.line, Aspect::certificate,
                fmt::format("its key is {}, and no suite of ssl_ciphers uses it", key)
            );
        } else {
            effective(
                *one.line, Aspect::certificate, key.empty() ? "" : fmt::format("its key is {}", key)
            );
        }
    }
}

std::string NginxLineWriter::key_of(const NginxCertificate& one) const {
    const auto bytes = scene_.input.files.read(one.path);
    const auto info = bytes && scene_.input.knowledge.certificate
                          ? scene_.input.knowledge.certificate(*bytes)
                          : std::nullopt;
    return info ? info->key : "";
}

bool NginxLineWriter::is_used(const std::string& key) const {
    if (!scene_.input.knowledge.suites) {
        return true;
    }
    const auto suites = scene_.input.knowledge.suites(service_.ciphers);
    const Equipment equipment{.keys = {key}, .keys_known = true};
    return !suites || std::ranges::any_of(*suites, [&](CipherSuite suite) {
        const CipherSuiteInfo* const info = find(suite);
        return info != nullptr && has_key(*info, equipment);
    });
}

void NginxLineWriter::write_name() {
    for (const Statement* const line : party_.context->server->lines(NginxKey::reject_handshake)) {
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

void NginxLineWriter::write_losers() {
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

void NginxLineWriter::write_idle(const NginxServer& server, const std::string& why) {
    for (const auto& [key, aspect] : k_nginx_idle_keys) {
        for (const Statement* const line : server.lines(key)) {
            inert(*line, aspect, why);
        }
    }
}

void add_nginx_lines(const NginxScene& scene, const NginxParty& party, Service& service) {
    NginxLineWriter{scene, party, service}.write();
    std::ranges::stable_sort(service.lines, {}, [](const Line& line) {
        return std::pair{line.statement.file, line.statement.begin};
    });
}

} // namespace tlsdoctor::config
