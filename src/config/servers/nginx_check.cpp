// SPDX-License-Identifier: Apache-2.0
// What nginx or OpenSSL refuses when it loads the servers' settings, so that the whole server does
// not start; see nginx_service.hpp. Only servers that get an SSL context are looked at: nginx does
// not care about the list of a server without a certificate.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_service.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_commands[] = {
    "SignatureAlgorithms",
    "ClientSignatureAlgorithms",
    "Curves",
    "Groups",
    "MinProtocol",
    "MaxProtocol",
    "CipherString",
    "Ciphersuites",
    "Protocol",
    "Options",
    "VerifyMode",
    "Certificate",
    "PrivateKey",
    "ServerInfoFile",
    "ChainCAPath",
    "ChainCAFile",
    "VerifyCAPath",
    "VerifyCAFile",
    "RequestCAFile",
    "ClientCAFile",
    "RequestCAPath",
    "ClientCAPath",
    "DHParameters",
    "RecordPadding",
    "NumTickets",
    "ECDHParameters",
    "TxCertificateCompression",
    "RxCertificateCompression",
    "KTLS",
    "PreferNoDHEKEX",
};

class NginxServerChecker final {
public:
    explicit NginxServerChecker(NginxScene& scene) : scene_{scene}, reading_{scene.reading} {}

    void check(const NginxServer& server) {
        if (!nginx_has_context(server)) {
            return;
        }
        check_keys(server);
        check_files(server);
        for (const Statement* const line : server.lines(NginxKey::ciphers)) {
            if (first_time(line)) {
                check_ciphers(*line, line->words[1].text);
            }
        }
        for (const Statement* const line : server.lines(NginxKey::curve)) {
            if (first_time(line) && line->words[1].text != "auto") {
                check_groups(*line, line->words[1].text);
            }
        }
        for (const Statement* const line : server.lines(NginxKey::conf_command)) {
            if (first_time(line)) {
                check_command(*line);
            }
        }
    }

    /// A TLS socket needs a certificate in its default server; where that one refuses all names, in
    /// every other.
    void check(const NginxSocket& socket) {
        if (!nginx_speaks_tls(socket)) {
            return;
        }
        const NginxServer& standard = *socket.standard().server;
        if (!standard.lines(NginxKey::certificate).empty()) {
            return;
        }
        const bool refuses = nginx_is_on(standard.lines(NginxKey::reject_handshake));
        for (const NginxMember& member : socket.members) {
            const bool matters = refuses || &member == &socket.standard();
            if (matters && member.server->lines(NginxKey::certificate).empty() &&
                !nginx_is_on(member.server->lines(NginxKey::reject_handshake))) {
                no_certificate(socket, member);
            }
        }
    }

private:
    bool first_time(const Statement* line) { return checked_.insert(line).second; }

    void fatal(const Statement& line, std::string what) {
        reading_.fatal.push_back({line.place, std::move(what)});
    }

    void no_certificate(const NginxSocket& socket, const NginxMember& member) {
        std::string what = fmt::format(
            "{} speaks TLS, and its {} has no ssl_certificate", socket.address,
            &member == &socket.standard() ? "default server" : "server"
        );
        if (older(reading_.server_version, "1.15.0")) {
            reading_.warnings.push_back({member.listen->statement->place, std::move(what)});
        } else {
            fatal(*member.listen->statement, std::move(what));
        }
    }

    void check_keys(const NginxServer& server) {
        const auto& certificates = server.lines(NginxKey::certificate);
        const std::size_t keys = server.lines(NginxKey::certificate_key).size();
        if (keys < certificates.size() && first_time(certificates[keys])) {
            fatal(*certificates[keys], "there is no ssl_certificate_key for this ssl_certificate");
        }
    }

    void check_files(const NginxServer& server) {
        for (const NginxKey key :
             {NginxKey::certificate, NginxKey::certificate_key, NginxKey::dhparam}) {
            for (const Statement* const line : server.lines(key)) {
                const std::string& text = line->words[1].text;
                const bool path = !text.contains('$') && !text.starts_with("data:") &&
                                  !text.starts_with("engine:") && !text.starts_with("store:");
                if (path && first_time(line)) {
                    check_file(*line, joined_path(scene_.tree.folder, text));
                }
            }
        }
    }

    void check_file(const Statement& line, const std::string& path) {
        if (nginx_file(scene_.input, path)) {
            return;
        }
        std::string what = fmt::format("there is no file {}", path);
        if (is_real_folder(folder_of(path))) {
            fatal(line, std::move(what));
        } else {
            // A copy of the configuration alone, or a folder that only root may list.
            reading_.warnings.push_back(
                {line.place, what + " here: nginx would not start without it"}
            );
        }
    }

    /// Tells whether a folder holds more than this configuration's own files, as it does on the
    /// machine itself and not in a dump.
    bool is_real_folder(const std::string& folder) const {
        const auto names = scene_.input.files.names_in(folder);
        return names && std::ranges::any_of(*names, [&](const std::string& name) {
                   const std::string path = scene_.input.files.real_path(folder + "/" + name);
                   if (scene_.input.files.kind_of(path) != FileKind::file) {
                       return false;
                   }
                   for (std::size_t i = 0; i < reading_.sources.size(); ++i) {
                       if (reading_.sources.at(FileId{static_cast<std::uint32_t>(i)}).path ==
                           path) {
                           return false;
                       }
                   }
                   return true;
               });
    }

    void check_ciphers(const Statement& line, const std::string& list) {
        if (!scene_.input.knowledge.suites) {
            return;
        }
        if (const auto suites = scene_.input.knowledge.suites(list); !suites) {
            const bool tls13 = list.contains("TLS_") || list.contains("TLS13");
            fatal(
                line,
                fmt::format(
                    "OpenSSL refuses the cipher list \"{}\": {}{}", harmless(list), suites.error(),
                    tls13 ? " (suites of TLS 1.3 are set by ssl_conf_command Ciphersuites)" : ""
                )
            );
        }
    }

    void check_groups(const Statement& line, std::string_view list) {
        for (const std::string_view word : split(list, ':')) {
            const auto group = group_named(word);
            const auto* const info = group ? find(*group) : nullptr;
            // OpenSSL 3.5 brought ML-KEM, and marks as `?X25519MLKEM768`, which excuse a group.
            const bool old = older(scene_.input.library_version, "3.5.0");
            const bool quantum = info != nullptr && (info->kind == GroupKind::hybrid ||
                                                     info->kind == GroupKind::post_quantum);
            if (old && (!group || quantum)) {
                fatal(
                    line, fmt::format(
                              "OpenSSL {} has no group \"{}\"", scene_.input.library_version,
                              harmless(word)
                          )
                );
                return;
            }
        }
    }

    void check_command(const Statement& line) {
        const std::string_view name = line.words[1].text;
        const std::string_view value =
            line.words.size() > 2 ? std::string_view{line.words[2].text} : "";
        const bool known = std::ranges::any_of(k_nginx_commands, [&](std::string_view one) {
            return same_ignoring_case(one, name);
        });
        if (!known || line.words.size() != 3) {
            fatal(line, fmt::format("OpenSSL knows no command \"{}\"", harmless(name)));
        } else if (same_ignoring_case(name, "MinProtocol") ||
                   same_ignoring_case(name, "MaxProtocol")) {
            const auto version = nginx_protocol(value);
            const bool exact = version && openssl_name(*version) == value;
            if (!exact && !same_ignoring_case(value, "None")) {
                fatal(line, fmt::format("OpenSSL knows no version \"{}\"", harmless(value)));
            }
        } else if (same_ignoring_case(name, "CipherString")) {
            check_ciphers(line, std::string{value});
        } else if (same_ignoring_case(name, "Groups") || same_ignoring_case(name, "Curves")) {
            check_groups(line, value);
        }
    }

    NginxScene& scene_;
    Reading& reading_;
    std::set<const Statement*> checked_{};
};

} // namespace

void check_nginx_servers(NginxScene& scene) {
    NginxServerChecker checker{scene};
    for (const NginxServer& server : scene.servers) {
        checker.check(server);
    }
    for (const NginxSocket& socket : scene.sockets) {
        checker.check(socket);
    }
}

} // namespace tlsdoctor::config
