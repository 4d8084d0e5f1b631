// SPDX-License-Identifier: Apache-2.0
// Weighing names and words; see the header.
#include "config/recognise.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_least_weight = 4;
constexpr int k_weight_of_name = 8;
constexpr int k_weight_of_folder = 3;
constexpr std::size_t k_most_text = 256U << 10; ///< of each file: more adds nothing

/// The first word of a line, in lower case, and how much it speaks for the server.
struct TellingWord {
    std::string_view server;
    std::string_view word;
    int weight;
};

constexpr TellingWord k_telling_words[] = {
    {"nginx", "server_name", 4},
    {"nginx", "ssl_protocols", 5},
    {"nginx", "ssl_certificate", 5},
    {"nginx", "worker_processes", 5},
    {"nginx", "events", 3},
    {"nginx", "http", 3},
    {"nginx", "server", 1},
    {"nginx", "location", 3},
    {"nginx", "proxy_pass", 4},
    {"apache", "<virtualhost", 3},
    {"apache", "sslengine", 6},
    {"apache", "sslprotocol", 6},
    {"apache", "sslciphersuite", 6},
    {"apache", "sslcertificatefile", 6},
    {"apache", "documentroot", 5},
    {"apache", "<directory", 3},
    {"apache", "customlog", 4},
    {"apache", "includeoptional", 4},
    {"apache", "serverroot", 4},
    {"apache", "servername", 1},
    {"apache", "loadmodule", 2},
    {"haproxy", "frontend", 4},
    {"haproxy", "backend", 3},
    {"haproxy", "bind", 4},
    {"haproxy", "defaults", 3},
    {"haproxy", "global", 2},
    {"haproxy", "default_backend", 5},
    {"haproxy", "ssl-default-bind-options", 7},
    {"haproxy", "ssl-default-bind-ciphers", 7},
    {"postfix", "smtpd_tls_security_level", 7},
    {"postfix", "smtpd_tls_protocols", 7},
    {"postfix", "smtpd_tls_mandatory_protocols", 7},
    {"postfix", "smtpd_tls_cert_file", 7},
    {"postfix", "smtpd_banner", 4},
    {"postfix", "mydestination", 4},
    {"postfix", "mynetworks", 4},
    {"postfix", "myhostname", 4},
    {"dovecot", "ssl_min_protocol", 6},
    {"dovecot", "ssl_cipher_list", 5},
    {"dovecot", "passdb", 5},
    {"dovecot", "userdb", 5},
    {"dovecot", "mail_location", 5},
    {"dovecot", "protocols", 2},
    {"dovecot", "ssl_cert", 1},
    {"lighttpd", "server.document-root", 6},
    {"lighttpd", "server.modules", 6},
    {"lighttpd", "server.port", 6},
    {"lighttpd", "ssl.engine", 6},
    {"lighttpd", "ssl.pemfile", 6},
    {"lighttpd", "$server[\"socket\"]", 6},
    {"stunnel", "accept", 4},
    {"stunnel", "connect", 4},
    {"stunnel", "sslversion", 6},
    {"stunnel", "sslversionmin", 6},
    {"stunnel", "foreground", 2},
    {"caddy", "reverse_proxy", 5},
    {"caddy", "file_server", 5},
    {"caddy", "respond", 4},
    {"caddy", "tls", 2},
    {"postgresql", "listen_addresses", 6},
    {"postgresql", "ssl_min_protocol_version", 7},
    {"postgresql", "ssl_max_protocol_version", 7},
    {"postgresql", "ssl_cert_file", 6},
    {"postgresql", "shared_buffers", 6},
    {"postgresql", "data_directory", 4},
    {"mariadb", "[mysqld]", 7},
    {"mariadb", "[mariadb]", 7},
    {"mariadb", "[mariadbd]", 7},
    {"mariadb", "!includedir", 4},
    {"mariadb", "innodb_buffer_pool_size", 5},
    {"redis", "tls-port", 7},
    {"redis", "tls-protocols", 7},
    {"redis", "tls-cert-file", 7},
    {"redis", "appendonly", 5},
    {"redis", "maxmemory", 4},
    {"redis", "databases", 3},
    {"openldap", "olctlsprotocolmin", 7},
    {"openldap", "tlscertificatefile", 4},
    {"openldap", "tlsverifyclient", 3},
    {"openldap", "rootdn", 5},
    {"openldap", "suffix", 3},
    {"openldap", "database", 3},
    {"vsftpd", "ssl_enable", 5},
    {"vsftpd", "rsa_cert_file", 6},
    {"vsftpd", "anonymous_enable", 6},
    {"vsftpd", "local_enable", 5},
    {"vsftpd", "ssl_tlsv1", 6},
    {"proftpd", "tlsengine", 7},
    {"proftpd", "tlsprotocol", 5},
    {"proftpd", "tlsrsacertificatefile", 7},
    {"proftpd", "servertype", 5},
    {"proftpd", "defaultroot", 4},
    {"exim4", "tls_advertise_hosts", 7},
    {"exim4", "daemon_smtp_ports", 7},
    {"exim4", "acl_smtp_rcpt", 6},
    {"exim4", "tls_require_ciphers", 5},
    {"exim4", "begin", 3},
    {"hitch", "pem-file", 7},
    {"hitch", "tls-protos", 7},
    {"hitch", "frontend", 1},
    {"hitch", "backend", 1},
    {"tomcat", "<connector", 7},
    {"tomcat", "<sslhostconfig", 7},
    {"tomcat", "<server", 3},
    {"prosody", "virtualhost", 5},
    {"prosody", "modules_enabled", 6},
    {"prosody", "c2s_ports", 6},
    {"prosody", "c2s_require_encryption", 6},
    {"mosquitto", "listener", 5},
    {"mosquitto", "allow_anonymous", 6},
    {"mosquitto", "per_listener_settings", 6},
    {"mosquitto", "certfile", 3},
    {"mosquitto", "keyfile", 2},
    {"squid", "https_port", 7},
    {"squid", "http_access", 6},
    {"squid", "http_port", 5},
    {"squid", "tls_outgoing_options", 6},
    {"squid", "cache_dir", 4},
};

using Weights = std::map<const Server*, int>;

/// The first words of all lines, in lower case, each once.
std::set<std::string> first_words(std::string_view text) {
    std::set<std::string> words;
    for (const std::string_view line : split(text.substr(0, k_most_text), '\n')) {
        const std::string_view begin = trimmed(line);
        const bool bracket = begin.starts_with('[') || begin.starts_with('$');
        const std::size_t end = begin.find_first_of(
            bracket ? std::string_view{" \t={"} : std::string_view{" \t=:;{(>"}
        );
        words.insert(lower(begin.substr(0, std::min<std::size_t>(end, 64))));
    }
    return words;
}

void weigh_name(const std::string& path, Weights& weights) {
    for (const Server& server : servers()) {
        const auto is_it = [&](std::string_view name) {
            return path == name || path.ends_with("/" + std::string{name});
        };
        if (std::ranges::any_of(server.main_files, is_it)) {
            weights[&server] += k_weight_of_name;
        }
        const auto in_its_folder = [&](std::string_view place) {
            const std::string folder = folder_of(place);
            return folder != "/etc" && path.contains(folder.substr(folder.rfind('/')) + "/");
        };
        if (std::ranges::any_of(server.places, in_its_folder)) {
            weights[&server] += k_weight_of_folder;
        }
    }
}

} // namespace

std::vector<Likelihood> likelihoods(std::span<const NamedText> files) {
    Weights weights;
    std::set<std::string> words;
    for (const NamedText& file : files) {
        weigh_name(file.path, weights);
        words.merge(first_words(file.text));
    }
    for (const TellingWord& telling : k_telling_words) {
        if (words.contains(std::string{telling.word})) {
            weights[find_server(telling.server)] += telling.weight;
        }
    }
    std::vector<Likelihood> result;
    for (const auto& [server, weight] : weights) {
        result.push_back({server, weight});
    }
    std::ranges::sort(result, [](const Likelihood& a, const Likelihood& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.server->name < b.server->name;
    });
    return result;
}

std::expected<const Server*, std::string> recognise(std::span<const NamedText> files) {
    const auto all = likelihoods(files);
    const std::string what =
        files.size() == 1 ? files.front().path : fmt::format("these {} files", files.size());
    if (all.empty() || all.front().weight < k_least_weight) {
        return std::unexpected{fmt::format(
            "nothing in {} tells whose configuration it is; say --server NAME, one of {}", what,
            names_of_servers()
        )};
    }
    // A good half more than the next one's, or it could be either.
    if (all.size() > 1 && all.front().weight * 2 < all[1].weight * 3) {
        std::string candidates{all.front().server->name};
        for (std::size_t i = 1; i < all.size() && all[i].weight * 3 > all.front().weight * 2; ++i) {
            candidates += fmt::format(", {}", all[i].server->name);
        }
        return std::unexpected{
            fmt::format("{} could be the configuration of {}; say --server NAME", what, candidates)
        };
    }
    return all.front().server;
}

std::string names_of_servers() {
    std::string names;
    for (const Server& server : servers()) {
        names += fmt::format("{}{}", names.empty() ? "" : ", ", server.name);
    }
    return names;
}

} // namespace tlsdoctor::config
