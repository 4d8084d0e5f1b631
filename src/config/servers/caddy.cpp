// SPDX-License-Identifier: Apache-2.0
// Caddy: one service for each address and name of the Caddyfile. Versions, suites and curves belong
// to the site whose name is asked for; a name that no site has is refused with alert 80, unless a
// site without a name is there.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/caddy_sites.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_caddy_files[] = {"Caddyfile", "caddy/Caddyfile"};
constexpr std::string_view k_caddy_places[] = {"/etc/caddy/Caddyfile"};

struct CaddyProtocol {
    std::string_view word{};
    ProtocolVersion version{};
};

constexpr CaddyProtocol k_caddy_protocols[] = {
    {"tls1.2", ProtocolVersion::tls_1_2}, {"tls1.3", ProtocolVersion::tls_1_3}
};

// What crypto/tls calls secure and Caddy lets people choose; those of TLS 1.3 cannot be chosen.
constexpr std::string_view k_caddy_suites[] = {
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
};
constexpr std::string_view k_caddy_default_suites =
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:"
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:"
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256:TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
constexpr std::string_view k_caddy_curves[] = {"x25519", "secp256r1", "secp384r1", "secp521r1"};
constexpr std::string_view k_caddy_default_curves = "x25519:secp256r1";

std::optional<ProtocolVersion> caddy_protocol(std::string_view word) {
    const auto* const row = std::ranges::find(k_caddy_protocols, word, &CaddyProtocol::word);
    return row == std::end(k_caddy_protocols) ? std::nullopt : std::optional{row->version};
}

/// `tls1.2 tls1.3`, or `tls1.3` alone: a minimum, and a maximum where it is not the newest.
std::optional<std::string> rewrite_caddy_protocols(std::string_view old, VersionSet wanted) {
    wanted = wanted & k_modern_versions;
    if (wanted.empty()) {
        return std::nullopt;
    }
    const auto word = [](ProtocolVersion version) {
        return version == ProtocolVersion::tls_1_2 ? "tls1.2" : "tls1.3";
    };
    if (wanted.lowest() == ProtocolVersion::tls_1_3 && !trimmed(old).contains(' ')) {
        return word(wanted.lowest());
    }
    return fmt::format("{} {}", word(wanted.lowest()), word(wanted.highest()));
}

Place caddy_value(const CaddyDirective& directive) {
    const auto& words = directive.statement->words;
    const Place whole = directive.statement->place;
    return words.size() < 2 ? Place{whole.file, whole.end, whole.end}
                            : Place{whole.file, words[1].place.begin, words.back().place.end};
}

VersionSet caddy_enabled(const CaddySite& site) {
    if (site.protocols == nullptr) {
        return k_modern_versions;
    }
    return VersionSet::range(
        caddy_protocol(site.protocols->argument(0)).value_or(ProtocolVersion::tls_1_2),
        caddy_protocol(site.protocols->argument(1)).value_or(ProtocolVersion::tls_1_3)
    );
}

std::string caddy_joined(const CaddyDirective* directive, std::string_view otherwise) {
    if (directive == nullptr || directive->words.size() < 2) {
        return std::string{otherwise};
    }
    return joined(std::span{directive->words}.subspan(1), ":");
}

/// What Caddy refuses in a site.
void check_caddy_site(const CaddySite& site, const Input& input, Reading& reading) {
    const auto fatal = [&](const CaddyDirective& at, std::string what) {
        reading.fatal.push_back({at.statement->place, std::move(what)});
    };
    if (site.protocols != nullptr) {
        for (std::size_t i = 1; i < site.protocols->words.size(); ++i) {
            if (!caddy_protocol(site.protocols->words[i]) || i > 2) {
                fatal(
                    *site.protocols,
                    fmt::format(
                        "Caddy knows tls1.2 and tls1.3, not {}", harmless(site.protocols->words[i])
                    )
                );
            }
        }
        if (caddy_enabled(site).empty()) {
            fatal(*site.protocols, "the minimum is above the maximum");
        }
    }
    const auto check_words = [&](const CaddyDirective* list,
                                 std::span<const std::string_view> known) {
        for (std::size_t i = 1; list != nullptr && i < list->words.size(); ++i) {
            if (std::ranges::find(known, list->words[i]) == known.end()) {
                fatal(*list, fmt::format("Caddy does not know {}", harmless(list->words[i])));
            }
        }
    };
    check_words(site.ciphers, k_caddy_suites);
    check_words(site.curves, k_caddy_curves);
    for (const std::string& path : site.certificates) {
        const bool folder = input.files.kind_of(folder_of(path)) == FileKind::folder;
        if (input.files.kind_of(path) != FileKind::file && folder) {
            fatal(*site.tls, fmt::format("there is no file {}", path));
        }
    }
}

bool caddy_covers(const std::string& pattern, const std::string& name) {
    return pattern == name || (pattern.starts_with("*.") && name.contains('.') &&
                               name.substr(name.find('.')) == pattern.substr(1));
}

/// Makes the services of all sites.
class CaddyReader final {
public:
    CaddyReader(const Input& input, Reading& reading, CaddyTree tree)
        : input_{input}, reading_{reading}, tree_{std::move(tree)}, options_{caddy_options(tree_)},
          sites_{caddy_sites(tree_, options_, folder_of(input.main), reading)} {}

    void read() {
        for (const CaddySite& site : sites_) {
            check_caddy_site(site, input_, reading_);
            for (const std::string& path : site.certificates) {
                pool_.push_back(path);
            }
        }
        for (const CaddySite& site : sites_) {
            for (const CaddyName& name : site.names) {
                for (const std::string& address : addresses(site, name.port)) {
                    by_address_[address].push_back({&site, &name});
                }
            }
        }
        for (const auto& [address, members] : by_address_) {
            add_address(address, members);
        }
    }

private:
    struct Member {
        const CaddySite* site{};
        const CaddyName* name{};
    };

    static std::vector<std::string> addresses(const CaddySite& site, const std::string& port) {
        if (site.binds.empty()) {
            return {"0.0.0.0:" + port, "[::]:" + port};
        }
        std::vector<std::string> all;
        for (const std::string& host : site.binds) {
            const bool ipv6 = host.contains(':') && !host.starts_with('[') && !host.contains('/');
            all.push_back((ipv6 ? "[" + host + "]" : host) + ":" + port);
        }
        return all;
    }

    void add_address(const std::string& address, const std::vector<Member>& members) {
        const bool tls =
            std::ranges::any_of(members, [](const Member& one) { return one.name->tls; });
        const Member* any = nullptr;
        std::set<std::string> seen;
        for (const Member& member : members) {
            if (member.name->host.empty() && any == nullptr) {
                any = &member;
            }
            if (!member.name->host.empty() && seen.insert(member.name->host).second) {
                add(address, member, member.name->host, tls);
            }
        }
        const Member nobody{members.front().site, nullptr};
        const Member& other = any == nullptr ? nobody : *any;
        add(address, other, "*", tls);
        add(address, unnamed(members, other), std::nullopt, tls);
    }

    /// A client that sends no name is taken to ask for `default_sni`.
    Member unnamed(const std::vector<Member>& members, const Member& other) const {
        for (const Member& member : members) {
            if (!options_.default_sni.empty() &&
                caddy_covers(member.name->host, options_.default_sni)) {
                return member;
            }
        }
        return other;
    }

    void
    add(const std::string& address, const Member& member, std::optional<std::string> sni,
        bool tls) {
        const CaddySite& site = *member.site;
        Service service{
            .address = address,
            .sni = std::move(sni),
            .door = tls ? Door::tls : Door::plain,
            .enabled = caddy_enabled(site),
            .ciphers = caddy_joined(site.ciphers, k_caddy_default_suites),
            .default_ciphers = site.ciphers == nullptr,
            .groups = caddy_joined(site.curves, k_caddy_default_curves)
        };
        take_certificates(member, service);
        add_lines(member, service);
        if (member.name != nullptr && site.tls != nullptr && site.protocols == nullptr) {
            add_insertion(site, service);
        }
        reading_.services.push_back(std::move(service));
    }

    void take_certificates(const Member& member, Service& service) const {
        const CaddySite& site = *member.site;
        if (member.name != nullptr) {
            service.certificates = site.certificates;
            const bool own = site.tls != nullptr && site.certificates.empty() &&
                             (options_.automatic_certificates || site.tls->words.size() > 1);
            if (!site.certificates.empty() || own) {
                return;
            }
            if (options_.automatic_certificates && !member.name->host.empty()) {
                return;
            }
        }
        const std::string name = service.sni.value_or(options_.default_sni);
        for (const std::string& path : pool_) {
            const auto bytes = input_.files.read(path);
            const auto info = bytes && input_.knowledge.certificate
                                  ? input_.knowledge.certificate(*bytes)
                                  : std::nullopt;
            if (member.name != nullptr && info &&
                std::ranges::any_of(info->names, [&](const std::string& pattern) {
                    return caddy_covers(pattern, name);
                })) {
                service.certificates.push_back(path);
                return;
            }
        }
        if (service.door == Door::tls) {
            service.door = Door::no_certificate;
        }
    }

    void add_lines(const Member& member, Service& service) const {
        const CaddySite& site = *member.site;
        const auto add = [&](const CaddyDirective* directive, Aspect aspect, std::string why,
                             Rewrite rewrite = nullptr) {
            if (directive != nullptr) {
                service.lines.push_back(
                    {directive->statement->place, caddy_value(*directive), aspect, Role::effective,
                     std::move(why), rewrite, std::nullopt, rewrite == nullptr}
                );
            }
        };
        const bool tls = service.door != Door::plain;
        const bool here = member.name != nullptr;
        add(site.block, Aspect::listen,
            !here  ? "no site has this name"
            : !tls ? "no certificate and no https here: the port speaks clear text"
                   : "");
        if (!tls || !here) {
            return;
        }
        const bool default_versions = site.protocols == nullptr;
        add(site.tls, default_versions ? Aspect::versions : Aspect::certificate,
            default_versions ? "no protocols in it: Caddy has TLS 1.2 and TLS 1.3 built in" : "");
        add(site.protocols, Aspect::versions,
            site.protocols != nullptr && site.protocols->words.size() > 2 ? "minimum and maximum"
                                                                          : "the minimum",
            rewrite_caddy_protocols);
        add(site.ciphers, Aspect::ciphers, "");
        add(site.curves, Aspect::groups, "");
    }

    static void add_insertion(const CaddySite& site, Service& service) {
        if (!site.tls->body.empty()) {
            service.insertions.push_back(
                {site.tls->body.front().statement->place, true, "protocols {}",
                 rewrite_caddy_protocols}
            );
        }
    }

    const Input& input_;
    Reading& reading_;
    CaddyTree tree_;
    CaddyOptions options_;
    std::vector<CaddySite> sites_;
    std::vector<std::string> pool_{};
    std::map<std::string, std::vector<Member>> by_address_{};
};

/// A Caddyfile with one site may do without its braces: the first line names it.
void brace_caddy(CaddyTree& tree) {
    const auto first = std::ranges::find_if(tree.root, [](const CaddyDirective& one) {
        return !one.words.empty();
    });
    if (first == tree.root.end() || first->statement->section) {
        return;
    }
    first->body.assign(
        std::make_move_iterator(first + 1), std::make_move_iterator(tree.root.end())
    );
    tree.root.erase(first + 1, tree.root.end());
}

void read_caddy(const Input& input, Reading& reading) {
    CaddyTree tree = load_caddy(input, reading);
    brace_caddy(tree);
    CaddyReader{input, reading, std::move(tree)}.read();
}

} // namespace

const Server& caddy_server() {
    static constexpr Server row{
        .name = "caddy",
        .product = "Caddy",
        .library = Library::go,
        .version = "2.6.2",
        .main_files = k_caddy_files,
        .places = k_caddy_places,
        .read = read_caddy,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
