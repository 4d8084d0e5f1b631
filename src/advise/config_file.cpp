// SPDX-License-Identifier: Apache-2.0
// What a changed configuration costs, and how to put it into effect.
#include "advise/config_file.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/case.hpp"

namespace tlsdoctor::advise {

namespace {

struct Reload {
    std::string_view server{};
    std::string_view command{};
};

/// Debian's names of services. Where a reload is not enough to change TLS, the server is restarted.
constexpr Reload k_reloads[] = {
    {"nginx", "nginx -t && nginx -s reload"},
    {"apache", "apachectl -t && apachectl graceful"},
    {"haproxy", "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy"},
    {"postfix", "postfix check && postfix reload"},
    {"dovecot", "doveconf -n >/dev/null && doveadm reload"},
    {"lighttpd", "lighttpd -tt -f /etc/lighttpd/lighttpd.conf && systemctl restart lighttpd"},
    {"stunnel", "systemctl restart stunnel4"},
    {"caddy", "caddy validate --config /etc/caddy/Caddyfile && systemctl reload caddy"},
    {"postgresql", "psql -c 'SELECT pg_reload_conf()'"},
    {"mariadb", "systemctl restart mariadb"},
    {"redis", "systemctl restart redis-server"},
    {"openldap", "slaptest -u && systemctl restart slapd"},
    {"vsftpd", "systemctl restart vsftpd"},
    {"proftpd", "proftpd -t && systemctl restart proftpd"},
    {"exim4", "exim4 -bV >/dev/null && systemctl restart exim4"},
    {"hitch", "hitch -t --config=/etc/hitch/hitch.conf && systemctl reload hitch"},
    {"tomcat", "systemctl restart tomcat10"},
    {"prosody", "prosodyctl check config && systemctl restart prosody"},
    {"mosquitto", "systemctl restart mosquitto"},
    {"squid", "squid -k parse && squid -k reconfigure"},
};

constexpr std::string_view k_any_hosts[] = {"0.0.0.0", "[::]", "*"};

/// A wildcard address is asked through this machine.
std::string reachable(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    const std::string_view host = address.substr(0, colon);
    if (colon == std::string_view::npos ||
        std::ranges::find(k_any_hosts, host) == std::end(k_any_hosts)) {
        return std::string{address};
    }
    return (host == "[::]" ? "[::1]" : "127.0.0.1") + std::string{address.substr(colon)};
}

} // namespace

std::string cost_of_versions(
    const std::vector<ProtocolVersion>& added, const std::vector<ProtocolVersion>& removed
) {
    std::vector<ProtocolVersion> old = added;
    std::erase_if(old, [](ProtocolVersion version) { return version >= ProtocolVersion::tls_1_2; });
    if (!old.empty()) {
        return fmt::format(
            "{} come back, which RFC 8996 forbids: for clients that have nothing newer alone.",
            diagnose::list_of(old)
        );
    }
    std::vector<ProtocolVersion> gone = removed;
    std::erase_if(gone, [](ProtocolVersion version) {
        return version >= ProtocolVersion::tls_1_2;
    });
    if (!gone.empty()) {
        return fmt::format(
            "None; clients that have nothing newer than {} lose access.", name_of(gone.back())
        );
    }
    return removed.empty() ? "None." : "None; clients without TLS 1.3 lose access.";
}

std::string_view reload_command(std::string_view server) {
    const auto* const row = std::ranges::find(k_reloads, server, &Reload::server);
    return row == std::end(k_reloads) ? std::string_view{} : row->command;
}

std::string check_command(const evidence::ConfiguredEndpoint& endpoint) {
    const bool real_name = endpoint.sni && !endpoint.sni->starts_with('*');
    return fmt::format(
        "tlsdoctor check {}{}{}", reachable(endpoint.address),
        real_name ? " --sni " + shell_word(*endpoint.sni) : "",
        endpoint.starttls ? " -t " + *endpoint.starttls : ""
    );
}

} // namespace tlsdoctor::advise
