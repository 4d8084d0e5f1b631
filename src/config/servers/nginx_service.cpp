// SPDX-License-Identifier: Apache-2.0
// Who answers a name, and with what; see the header.
#include "config/servers/nginx_service.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/servers/nginx_words.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_default_ciphers = "HIGH:!aNULL:!MD5";

struct NginxToggle {
    std::string_view word{};
    VersionSet versions{};
};

// What OpenSSL's `Protocol` command calls them.
constexpr NginxToggle k_nginx_toggles[] = {
    {"ALL", VersionSet::all()},
    {"SSLv2", {ProtocolVersion::ssl_2_0}},
    {"SSLv3", {ProtocolVersion::ssl_3_0}},
    {"TLSv1", {ProtocolVersion::tls_1_0}},
    {"TLSv1.1", {ProtocolVersion::tls_1_1}},
    {"TLSv1.2", {ProtocolVersion::tls_1_2}},
    {"TLSv1.3", {ProtocolVersion::tls_1_3}},
};

/// `ALL,-TLSv1.3` switches versions on and off, one after the other.
VersionSet toggled(VersionSet set, std::string_view list) {
    for (std::string_view word : split(list, ',')) {
        word = trimmed(word);
        const bool off = word.starts_with('-');
        word.remove_prefix(off || word.starts_with('+') ? 1 : 0);
        for (const NginxToggle& toggle : k_nginx_toggles) {
            if (same_ignoring_case(toggle.word, word)) {
                set = off ? set - toggle.versions : set | toggle.versions;
            }
        }
    }
    return set;
}

/// A door that is shut before versions matter; `tls` where it is open.
Door nginx_door(const NginxParty& party) {
    if (party.socket->proxy_protocol) {
        return Door::closes;
    }
    if (!nginx_speaks_tls(*party.socket)) {
        return Door::plain;
    }
    if (nginx_is_on(party.context->server->lines(NginxKey::reject_handshake))) {
        return Door::name_refused;
    }
    return Door::tls;
}

void take_certificates(const NginxScene& scene, const NginxParty& party, Service& service) {
    for (const NginxCertificate& one :
         nginx_certificates(scene, *party.context->server, party.sni)) {
        if (one.missing && service.door == Door::tls) {
            service.door = Door::no_certificate;
        } else if (!one.path.empty()) {
            service.certificates.push_back(one.path);
        }
    }
}

} // namespace

bool NginxScene::name_decides_versions() const {
    // CHANGES with nginx 1.29.2: the ClientHello callback of OpenSSL 1.1.1 comes before versions.
    return !older(reading.server_version, "1.29.2") && !older(input.library_version, "1.1.1");
}

NginxParty nginx_party(
    const NginxScene& scene, const NginxSocket& socket, const NginxNames& names,
    std::optional<std::string> sni
) {
    NginxParty party{.socket = &socket, .sni = std::move(sni), .standard = &socket.standard()};
    party.route = party.sni && *party.sni != "*" ? names.find(*party.sni) : nullptr;
    party.named = party.route == nullptr ? party.standard : &socket.members[party.route->member];
    const bool own = nginx_has_context(*party.named->server);
    party.context = own ? party.named : party.standard;
    party.decider = scene.name_decides_versions() ? party.context : party.standard;
    return party;
}

bool nginx_has_context(const NginxServer& server) {
    return !server.lines(NginxKey::certificate).empty() ||
           nginx_is_on(server.lines(NginxKey::reject_handshake)) ||
           nginx_is_on(server.lines(NginxKey::ssl));
}

bool nginx_speaks_tls(const NginxSocket& socket) {
    return socket.ssl || nginx_is_on(socket.standard().server->lines(NginxKey::ssl));
}

std::string_view
nginx_command(const NginxServer& server, std::string_view name, std::string_view other) {
    std::string_view value;
    for (const Statement* const line : server.lines(NginxKey::conf_command)) {
        if (line->words.size() > 2 && (same_ignoring_case(line->words[1].text, name) ||
                                       same_ignoring_case(line->words[1].text, other))) {
            value = line->words[2].text;
        }
    }
    return value;
}

std::string nginx_ciphers(const NginxServer& server) {
    const auto& lines = server.lines(NginxKey::ciphers);
    std::string list =
        lines.empty() ? std::string{k_nginx_default_ciphers} : lines.front()->words[1].text;
    const std::string_view command = nginx_command(server, "CipherString");
    return command.empty() ? list : std::string{command};
}

VersionSet nginx_enabled(const NginxScene& scene, const NginxParty& party) {
    const NginxServer& lister = *party.decider->server;
    const auto& lines = lister.lines(NginxKey::protocols);
    VersionSet set =
        lines.empty() ? nginx_default_versions(scene.reading.server_version) : nginx_listed(lines);
    set = toggled(set, nginx_command(lister, "Protocol"));
    // The bounds stay with the connection: SSL_set_SSL_CTX does not change them.
    const NginxServer& bounder = *party.standard->server;
    const auto lowest = nginx_protocol(nginx_command(bounder, "MinProtocol"));
    const auto highest = nginx_protocol(nginx_command(bounder, "MaxProtocol"));
    return set &
           VersionSet::range(
               lowest.value_or(ProtocolVersion::ssl_2_0), highest.value_or(ProtocolVersion::tls_1_3)
           );
}

Service nginx_service(const NginxScene& scene, const NginxParty& party) {
    const NginxServer& standard = *party.standard->server;
    const NginxServer& context = *party.context->server;
    Service service{
        .address = party.socket->address,
        .sni = party.sni,
        .door = nginx_door(party),
        .enabled = nginx_enabled(scene, party),
        .ciphers = nginx_ciphers(context),
        .default_ciphers = context.lines(NginxKey::ciphers).empty() &&
                           nginx_command(context, "CipherString").empty(),
        .ciphersuites = std::string{nginx_command(standard, "Ciphersuites")},
        .dh_parameters = !context.lines(NginxKey::dhparam).empty() ||
                         !nginx_command(context, "DHParameters").empty()
    };
    const auto& curve = standard.lines(NginxKey::curve);
    if (!curve.empty() && curve.front()->words[1].text != "auto") {
        service.groups = curve.front()->words[1].text;
    }
    if (const auto groups = nginx_command(standard, "Groups", "Curves"); !groups.empty()) {
        service.groups = groups;
    }
    take_certificates(scene, party, service);
    add_nginx_lines(scene, party, service);
    add_nginx_insertions(party, service);
    return service;
}

void add_nginx_insertions(const NginxParty& party, Service& service) {
    const NginxServer& server = *party.decider->server;
    const auto index = static_cast<std::size_t>(NginxKey::protocols);
    if (!server.own[index].empty()) {
        return; // another line would only add to it
    }
    constexpr const char* k_text = "ssl_protocols {};";
    service.insertions.push_back(
        {party.decider->listen->statement->place, false, k_text, rewrite_nginx_protocols}
    );
    if (server.inherited[index].empty() && !server.outer->body.empty()) {
        const Place first = server.outer->body.front().statement->place;
        if (first.file == server.outer->statement->place.file) {
            service.insertions.push_back({first, true, k_text, rewrite_nginx_protocols});
        }
    }
}

} // namespace tlsdoctor::config
