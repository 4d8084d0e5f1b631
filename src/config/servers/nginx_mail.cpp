// SPDX-License-Identifier: Apache-2.0
// nginx as a mail proxy: TLS from the first byte, or STARTTLS; see nginx_service.hpp. It knows no
// server names.
#include <algorithm>

#include "config/servers/nginx_service.hpp"

namespace tlsdoctor::config {

namespace {

struct NginxMailPort {
    std::string_view port{};
    std::string_view protocol{};
};

// What ngx_mail guesses where there is no `protocol`.
constexpr NginxMailPort k_nginx_mail_ports[] = {
    {"25", "smtp"},  {"465", "smtp"}, {"587", "smtp"}, {"110", "pop3"},
    {"995", "pop3"}, {"143", "imap"}, {"993", "imap"},
};

std::string nginx_mail_protocol(const NginxServer& server, std::string_view address) {
    if (const auto lines = nginx_named(server.block->body, "protocol"); !lines.empty()) {
        return std::string{lines.front()->argument(0)};
    }
    const std::string_view port = address.substr(address.rfind(':') + 1);
    const auto* const row = std::ranges::find(k_nginx_mail_ports, port, &NginxMailPort::port);
    return row == std::end(k_nginx_mail_ports) ? "" : std::string{row->protocol};
}

void add_starttls(const NginxScene& scene, const NginxParty& party, Service& service) {
    const auto& lines = party.standard->server->lines(NginxKey::starttls);
    const bool offered = !lines.empty() && (lines.front()->words[1].text == "on" ||
                                            lines.front()->words[1].text == "only");
    service.starttls = nginx_mail_protocol(*party.standard->server, service.address);
    if (!offered) {
        service.door = Door::starttls_not_offered;
    } else {
        // The lines of a TLS socket: for those, the party must look like one.
        NginxSocket open = *party.socket;
        open.ssl = true;
        NginxParty inside = party;
        inside.socket = &open;
        service = nginx_service(scene, inside);
        service.starttls = nginx_mail_protocol(*party.standard->server, service.address);
    }
    for (const Statement* const line : lines) {
        service.lines.push_back(
            {.statement = line->place,
             .value = nginx_value(*line),
             .aspect = Aspect::tls,
             .role = Role::effective,
             .why = offered ? "offers STARTTLS" : "offers no STARTTLS"}
        );
    }
}

} // namespace

void add_nginx_mail_services(NginxScene& scene) {
    for (const NginxSocket& socket : scene.sockets) {
        if (socket.world != NginxWorld::mail) {
            continue;
        }
        const NginxNames names{socket};
        for (const auto& sni : {std::optional<std::string>{}, std::optional<std::string>{"*"}}) {
            const NginxParty party = nginx_party(scene, socket, names, sni);
            Service service = nginx_service(scene, party);
            if (service.door == Door::plain) {
                add_starttls(scene, party, service);
            }
            scene.reading.services.push_back(std::move(service));
        }
    }
}

} // namespace tlsdoctor::config
