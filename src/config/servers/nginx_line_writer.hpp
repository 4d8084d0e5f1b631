// SPDX-License-Identifier: Apache-2.0
// Writes down the lines that decide for one name on one socket, and those that only look like it. A
// line that is named once is not named again with another role.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/servers/nginx_service.hpp"

namespace tlsdoctor::config {

/// Returns what an `ssl_conf_command` is about.
Aspect nginx_command_aspect(const Statement& line);

/// Writes the lines of one service. Borrows.
class NginxLineWriter final {
public:
    NginxLineWriter(const NginxScene& scene, const NginxParty& party, Service& service)
        : scene_{scene}, party_{party}, service_{service}, sources_{scene.reading.sources} {}

    /// Adds all lines to the service.
    void write();

private:
    bool is_new(const Statement& line);
    void add(const Statement& line, Aspect aspect, Role role, std::string why, Rewrite rewrite);
    void
    effective(const Statement& line, Aspect aspect, std::string why, Rewrite rewrite = nullptr);
    void inert(const Statement& line, Aspect aspect, std::string why);
    /// `the default server of 127.0.0.1:443 (/etc/nginx/nginx.conf:7)`.
    std::string standard_server() const;
    bool decides_for_others() const;
    /// The built-in versions are pinned to the line that opens the socket, or to the end of a
    /// server block that decides for other names and says nothing.
    std::string built_in() const;
    void write_listens();
    void write_tls();
    void write_versions();
    /// Several ssl_protocols of one block add up; a line whose words all stand in others is inert.
    void write_union(const std::vector<const Statement*>& lines);
    std::string union_reason(std::size_t count) const;
    /// A word that no current OpenSSL can honour.
    void write_unbuilt(const Statement& line);
    void write_commands();
    /// One ssl_conf_command of a server drops all that it would inherit.
    void write_lost_commands(const NginxServer& server);
    void write_groups();
    void write_context();
    void write_certificates();
    /// Returns `rsa`, `ecdsa` ...; empty where the file cannot be read.
    std::string key_of(const NginxCertificate& one) const;
    /// Tells whether a suite of the service's list authenticates with such a key.
    bool is_used(const std::string& key) const;
    void write_name();
    void write_losers();
    void write_idle(const NginxServer& server, const std::string& why);

    const NginxScene& scene_;
    const NginxParty& party_;
    Service& service_;
    const Sources& sources_;
    std::set<const Statement*> named_{};
};

} // namespace tlsdoctor::config
