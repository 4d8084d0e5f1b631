// SPDX-License-Identifier: Apache-2.0
// MariaDB: one context for all addresses. Whatever sets a file or cipher of TLS turns it on, unless
// `skip_ssl` stands behind it; without a certificate there is none (before 11.4).
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/mariadb_options.hpp"
#include "config/servers/servers.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_mariadb_files[] = {"my.cnf", "mariadb.cnf"};
constexpr std::string_view k_mariadb_places[] = {
    "/etc/mysql/my.cnf", "/etc/mysql/mariadb.cnf", "/etc/my.cnf"
};

/// Options that turn TLS on by being set [include/sslopt-case.h].
constexpr std::string_view k_mariadb_switches[] = {"ssl_ca",     "ssl_capath", "ssl_cert",
                                                   "ssl_cipher", "ssl_crl",    "ssl_crlpath",
                                                   "ssl_key"};

/// `TLSv1.0`, in any case: here TLS 1.0 is written with its zero.
std::string mariadb_version_name(ProtocolVersion version) {
    return version == ProtocolVersion::tls_1_0 ? "TLSv1.0" : std::string{openssl_name(version)};
}

std::optional<std::string> rewrite_mariadb_versions(std::string_view old, VersionSet wanted) {
    std::vector<std::string> names;
    for (const ProtocolVersion version : wanted.members()) {
        if (version >= ProtocolVersion::tls_1_0) {
            names.push_back(mariadb_version_name(version));
        }
    }
    if (names.empty()) {
        return std::nullopt;
    }
    return quoted_as(old, joined(names, ","));
}

/// nullopt: the server does not know a word of the list.
std::optional<VersionSet> mariadb_versions(std::string_view list) {
    if (list.empty()) {
        return VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
    }
    VersionSet set;
    for (const std::string_view word : split(list, ',')) {
        const auto found = std::ranges::find_if(k_versions, [&](ProtocolVersion version) {
            return version >= ProtocolVersion::tls_1_0 &&
                   same_ignoring_case(mariadb_version_name(version), word);
        });
        if (found == k_versions.end()) {
            return std::nullopt;
        }
        set.add(*found);
    }
    return set;
}

bool mariadb_is_on(std::string_view value) {
    return value == "1" || same_ignoring_case(value, "on") || same_ignoring_case(value, "true");
}

/// Builds the service that stands behind all addresses.
class MariadbService final {
public:
    MariadbService(const Input& input, Reading& reading)
        : input_{input}, reading_{reading}, settings_{read_mariadb_options(input, reading)} {}

    void build() {
        service_.starttls = "mysql";
        add_lines();
        settle_door();
        settle_versions();
        settle_ciphers();
        for (const std::string& address : addresses()) {
            Service one = service_;
            one.address = address;
            add_for_all_names(reading_, std::move(one));
        }
    }

private:
    void add_lines() {
        struct Row {
            std::string_view name;
            Aspect aspect;
            Rewrite rewrite;
        };
        static constexpr Row rows[] = {
            {"bind_address", Aspect::listen, nullptr},
            {"port", Aspect::listen, nullptr},
            {"extra_port", Aspect::listen, nullptr},
            {"ssl", Aspect::tls, nullptr},
            {"tls_version", Aspect::versions, rewrite_mariadb_versions},
            {"ssl_cipher", Aspect::ciphers, nullptr},
            {"ssl_cert", Aspect::certificate, nullptr},
        };
        for (const Row& row : rows) {
            settings_.add_lines(reading_.sources, service_, row.name, row.aspect, row.rewrite);
        }
    }

    /// The last word on TLS: what turned it on, or off; null where nothing did.
    const Setting* last_switch() const {
        const Setting* last = nullptr;
        for (const Setting& one : settings_.all()) {
            const bool turns_on =
                std::ranges::find(k_mariadb_switches, one.name) != std::end(k_mariadb_switches);
            if (one.ignored.empty() && (turns_on || one.name == "ssl")) {
                last = &one;
            }
        }
        return last;
    }

    void settle_door() {
        const Setting* const last = last_switch();
        const bool by_itself = !older(reading_.server_version, "11.4"); // makes a certificate
        const bool on =
            last == nullptr ? by_itself : last->name != "ssl" || mariadb_is_on(last->value);
        service_.door = on ? Door::tls : Door::starttls_not_offered;
        if (!on) {
            return;
        }
        std::string certificate = settings_.value_or("ssl_cert", "");
        const std::string key = settings_.value_or("ssl_key", "");
        certificate = certificate.empty() ? key : certificate; // one file for both
        if (certificate.empty()) {
            if (!by_itself) {
                reading_.fatal.push_back({last->statement, "TLS is on and ssl_cert is missing"});
            }
            return;
        }
        const std::string path = original_of(input_.start, joined_path(data_folder(), certificate));
        service_.certificates = {path};
        if (key.empty() && !holds_key(path)) {
            reading_.fatal.push_back(
                {settings_.find("ssl_cert")->statement, "there is no key for it: ssl_key is missing"
                }
            );
        }
    }

    /// Tells whether there is a key in the file, or nobody can say.
    bool holds_key(const std::string& path) const {
        const auto bytes = input_.files.read(path);
        return !bytes || bytes->contains("PRIVATE KEY");
    }

    std::string data_folder() const {
        return joined_path(folder_of(input_.main), settings_.value_or("datadir", "/var/lib/mysql"));
    }

    void settle_versions() {
        const std::string& server = reading_.server_version;
        const ProtocolVersion least = older(server, "10.4.6")  ? ProtocolVersion::tls_1_0
                                      : older(server, "10.11") ? ProtocolVersion::tls_1_1
                                                               : ProtocolVersion::tls_1_2;
        service_.enabled = VersionSet::range(least, ProtocolVersion::tls_1_3);
        service_.otherwise = service_.enabled;
        const Setting* const list = settings_.find("tls_version");
        if (list == nullptr) {
            insert();
            return;
        }
        const auto versions = mariadb_versions(list->value);
        if (!versions) {
            reading_.fatal.push_back(
                {list->statement,
                 fmt::format(
                     "error while setting value '{}' to 'tls_version'", harmless(list->value)
                 )}
            );
        }
        service_.enabled = versions.value_or(VersionSet{});
    }

    void insert() {
        for (const std::string_view name : {"ssl_key", "ssl_cert", "port"}) {
            if (const Setting* const setting = settings_.find(name)) {
                service_.insertions.push_back(
                    {.after = setting->statement,
                     .text = "tls_version = {}",
                     .value = rewrite_mariadb_versions}
                );
                return;
            }
        }
    }

    /// Names of TLS 1.3 in the list choose its suites, all others those of older versions; with
    /// only the former TLS 1.2 has none left. Measured with 10.11.19.
    void settle_ciphers() {
        service_.dh_parameters = true; // built in
        service_.ciphers = "DEFAULT";
        const Setting* const list = settings_.find("ssl_cipher");
        service_.default_ciphers = list == nullptr;
        if (list == nullptr) {
            return;
        }
        std::vector<std::string> suites;
        std::vector<std::string> ciphers;
        for (const std::string_view word : split(list->value, ':')) {
            (word.starts_with("TLS_") ? suites : ciphers).emplace_back(word);
        }
        service_.ciphersuites = joined(suites, ":");
        service_.ciphers = joined(ciphers, ":");
        if (suites.empty() && service_.door == Door::tls) {
            refuse_empty_list(input_, reading_, list);
        }
        if (ciphers.empty()) {
            service_.ciphers = "DEFAULT";
            service_.enabled = service_.enabled & VersionSet{ProtocolVersion::tls_1_3};
        }
    }

    std::vector<std::string> addresses() const {
        const Setting* const off = settings_.find("networking"); // of skip_networking
        std::vector<std::string> all;
        if (off != nullptr && !mariadb_is_on(off->value)) {
            return all;
        }
        const std::string list = settings_.value_or("bind_address", "*");
        for (const std::string_view name : {"port", "extra_port"}) {
            const std::string port = settings_.value_or(name, name == "port" ? "3306" : "0");
            for (std::string_view host : split(list, ',')) {
                host = trimmed(host);
                if (port == "0" || host.empty()) {
                    continue;
                }
                if (host == "*" || host == "::") {
                    all.insert(all.end(), {"0.0.0.0:" + port, "[::]:" + port});
                } else if (host == "localhost") {
                    all.insert(all.end(), {"127.0.0.1:" + port, "[::1]:" + port});
                } else {
                    all.push_back(fmt::format(
                        fmt::runtime(host.contains(':') ? "[{}]:{}" : "{}:{}"), host, port
                    ));
                }
            }
        }
        return all;
    }

    const Input& input_;
    Reading& reading_;
    Settings settings_;
    Service service_{};
};

void read_mariadb(const Input& input, Reading& reading) {
    MariadbService{input, reading}.build();
}

/// Takes away what turned TLS off.
std::vector<Proposal> propose_mariadb(
    const Input& input, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    Reading scratch;
    scratch.sources = reading.sources;
    const Settings settings = read_mariadb_options(input, scratch);
    const Setting* const off = settings.find("ssl");
    if (service.door != Door::starttls_not_offered || off == nullptr || mariadb_is_on(off->value) ||
        settings.find("ssl_cert") == nullptr) {
        return {};
    }
    return {{{{off->statement, "ssl = 1"}}, "TLS is turned on"}};
}

} // namespace

const Server& mariadb_server() {
    static constexpr Server row{
        .name = "mariadb",
        .product = "MariaDB",
        .library = Library::openssl,
        .version = "10.11.6",
        .main_files = k_mariadb_files,
        .places = k_mariadb_places,
        .read = read_mariadb,
        .propose = propose_mariadb,
    };
    return row;
}

} // namespace tlsdoctor::config
