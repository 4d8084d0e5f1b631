// SPDX-License-Identifier: Apache-2.0
// From servers on sockets to services: which server block supplies which property for one name.
// Versions, groups and suites of TLS 1.3 come from the default server of the socket (versions from
// the named server since nginx 1.29.2), all else from the server that the name leads to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/servers/nginx_names.hpp"
#include "config/servers/nginx_variables.hpp"

namespace tlsdoctor::config {

/// All that the parts of the reader share. Borrows.
struct NginxScene {
    const Input& input;
    Reading& reading;
    const NginxTree& tree;
    std::vector<NginxServer> servers{};
    std::vector<NginxSocket> sockets{};
    std::map<const NginxDirective*, NginxVariables> variables{}; ///< by http and stream block

    /// Tells whether the server that a name leads to decides the versions.
    bool name_decides_versions() const;
};

/// Who answers one name on one socket.
struct NginxParty {
    const NginxSocket* socket{};
    std::optional<std::string> sni{};
    const NginxRoute* route{};     ///< null: the name is none of the socket's
    const NginxMember* standard{}; ///< the default server
    const NginxMember* named{};    ///< where the name leads; the default server without a route
    const NginxMember* decider{};  ///< whose ssl_protocols count
    const NginxMember* context{};  ///< whose ciphers and certificates count
};

/// Finds out who answers.
NginxParty nginx_party(
    const NginxScene& scene, const NginxSocket& socket, const NginxNames& names,
    std::optional<std::string> sni
);

/// Returns the versions that are enabled for a party, before the library.
VersionSet nginx_enabled(const NginxScene& scene, const NginxParty& party);

/// Returns the value of the last `ssl_conf_command` with one of two names; empty for none.
std::string_view
nginx_command(const NginxServer& server, std::string_view name, std::string_view other = {});

/// Tells whether a server has TLS settings that OpenSSL is given: a certificate, or a refusal.
bool nginx_has_context(const NginxServer& server);

/// Returns the cipher list of a server.
std::string nginx_ciphers(const NginxServer& server);

/// Makes the service of a party: values, lines and insertions.
Service nginx_service(const NginxScene& scene, const NginxParty& party);

/// Adds the lines that decide for the party, or seem to.
void add_nginx_lines(const NginxScene& scene, const NginxParty& party, Service& service);

/// Adds the places where `ssl_protocols` may be inserted.
void add_nginx_insertions(const NginxParty& party, Service& service);

/// Tells whether TLS is spoken on a socket.
bool nginx_speaks_tls(const NginxSocket& socket);

/// A certificate that a server names, as it is for one client.
struct NginxCertificate {
    const Statement* line{};
    std::string path{}; ///< absolute; empty: it depends on something that is not known
    bool missing{};
};

/// Returns the certificates of a server for a client that asks for `sni`.
std::vector<NginxCertificate> nginx_certificates(
    const NginxScene& scene, const NginxServer& server, const std::optional<std::string>& sni
);

/// Returns where the bytes of a file are: the path itself, or what the start script copies or links
/// there; nullopt where there is none.
std::optional<std::string> nginx_file(const Input& input, const std::string& path);

/// Returns the names for which a server has certificate files, where their path has the name in it.
std::vector<std::string>
nginx_certificate_names(const NginxScene& scene, const NginxServer& server);

/// Adds the services of the http and stream sockets that speak TLS, or should.
void add_nginx_services(NginxScene& scene);
/// Adds those of the mail servers.
void add_nginx_mail_services(NginxScene& scene);
/// Adds those of stream servers that pass TLS on to another socket of the same nginx. The services
/// of the sockets must be there.
void add_nginx_passed_services(NginxScene& scene);

/// Tells whether a socket hands its connections on unopened.
bool nginx_passes(const NginxSocket& socket);

/// Finds what nginx or OpenSSL would refuse in the servers' settings.
void check_nginx_servers(NginxScene& scene);

} // namespace tlsdoctor::config
