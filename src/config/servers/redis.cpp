// SPDX-License-Identifier: Apache-2.0
// Redis: one port with TLS and one without, the same context for all addresses and names.
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/redis_settings.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_redis_files[] = {"redis.conf", "valkey.conf"};
constexpr std::string_view k_redis_places[] = {
    "/etc/redis/redis.conf", "/etc/redis.conf", "/etc/valkey/valkey.conf"
};

std::optional<ProtocolVersion> redis_version(std::string_view word) {
    for (const ProtocolVersion version : k_versions) {
        if (version >= ProtocolVersion::tls_1_0 &&
            same_ignoring_case(openssl_name(version), word)) {
            return version;
        }
    }
    return std::nullopt;
}

/// A list of several needs its quotes.
std::optional<std::string> rewrite_redis_protocols(std::string_view old, VersionSet wanted) {
    wanted = wanted - VersionSet{ProtocolVersion::ssl_2_0, ProtocolVersion::ssl_3_0};
    if (wanted.empty()) {
        return std::nullopt;
    }
    const std::string list = openssl_names(wanted, " ");
    const bool bare = old.empty() || (old.front() != '"' && old.front() != '\'');
    return quoted_as(bare && wanted.members().size() > 1 ? "\"" : old, list);
}

/// Builds the services of the two ports.
class RedisServices final {
public:
    RedisServices(const Input& input, Reading& reading)
        : input_{input}, reading_{reading}, settings_{read_redis_settings(input, reading)} {}

    void build() {
        const std::string tls_port = settings_.value_or("tls-port", "0");
        if (tls_port != "0") {
            fill_tls();
            emit(tls_, tls_port);
        }
        const std::string port = settings_.value_or("port", "6379");
        if (port != "0") {
            Service plain{.door = Door::plain};
            settings_.add_lines(reading_.sources, plain, "port", Aspect::listen);
            settings_.add_lines(reading_.sources, plain, "bind", Aspect::listen);
            emit(plain, port);
        }
    }

private:
    void fill_tls() {
        struct Row {
            std::string_view name;
            Aspect aspect;
            Rewrite rewrite;
        };
        static constexpr Row rows[] = {
            {"tls-port", Aspect::listen, nullptr},
            {"bind", Aspect::listen, nullptr},
            {"tls-protocols", Aspect::versions, rewrite_redis_protocols},
            {"tls-ciphers", Aspect::ciphers, nullptr},
            {"tls-ciphersuites", Aspect::ciphersuites, nullptr},
            {"tls-dh-params-file", Aspect::dh, nullptr},
            {"tls-cert-file", Aspect::certificate, nullptr},
        };
        for (const Row& row : rows) {
            settings_.add_lines(reading_.sources, tls_, row.name, row.aspect, row.rewrite);
        }
        fill_versions();
        tls_.ciphers = settings_.value_or("tls-ciphers", "DEFAULT");
        tls_.default_ciphers = settings_.find("tls-ciphers") == nullptr;
        tls_.ciphersuites = settings_.value_or("tls-ciphersuites", "");
        refuse_empty_list(input_, reading_, settings_.find("tls-ciphers"));
        const Setting* const suites = settings_.find("tls-ciphersuites");
        if (suites != nullptr && tls13_suites_in(suites->value).empty()) {
            reading_.fatal.push_back({suites->statement, "OpenSSL knows none of these suites"});
        }
        // Redis 7 with OpenSSL 3 asks for automatic parameters, measured with 7.0.15
        tls_.dh_parameters =
            !older(input_.library_version, "3") || settings_.find("tls-dh-params-file") != nullptr;
        check_files();
    }

    void fill_versions() {
        tls_.enabled = k_modern_versions;
        tls_.otherwise = k_modern_versions;
        const Setting* const list = settings_.find("tls-protocols");
        const Place after =
            list != nullptr ? list->statement : settings_.find("tls-port")->statement;
        if (list == nullptr) {
            tls_.insertions.push_back(
                {.after = after, .text = "tls-protocols {}", .value = rewrite_redis_protocols}
            );
        }
        if (list == nullptr || trimmed(list->value).empty()) {
            return;
        }
        tls_.enabled = {};
        for (const std::string_view word : split(list->value, ' ')) {
            const auto version = redis_version(word);
            if (version) {
                tls_.enabled.add(*version);
            } else if (!word.empty()) {
                reading_.fatal.push_back(
                    {list->statement, fmt::format("invalid tls-protocols: `{}`", harmless(word))}
                );
            }
        }
    }

    void check_files() {
        const Place place = settings_.find("tls-port")->statement;
        for (const std::string_view name : {"tls-cert-file", "tls-key-file"}) {
            if (settings_.value_or(name, "").empty()) {
                reading_.fatal.push_back({place, fmt::format("no {} is configured", name)});
            }
        }
        const bool asks = settings_.value_or("tls-auth-clients", "yes") != "no";
        const bool has_ca = !settings_.value_or("tls-ca-cert-file", "").empty() ||
                            !settings_.value_or("tls-ca-cert-dir", "").empty();
        if (asks && !has_ca) {
            const Setting* const auth = settings_.find("tls-auth-clients");
            reading_.fatal.push_back(
                {auth == nullptr ? place : auth->statement,
                 "tls-auth-clients is on and needs tls-ca-cert-file or tls-ca-cert-dir"}
            );
        }
        const std::string certificate = settings_.value_or("tls-cert-file", "");
        if (!certificate.empty()) {
            const std::string folder =
                input_.start.folder.empty() ? folder_of(input_.main) : input_.start.folder;
            tls_.certificates = {original_of(input_.start, joined_path(folder, certificate))};
        }
    }

    void emit(const Service& service, const std::string& port) {
        for (const std::string& address : addresses(port)) {
            Service one = service;
            one.address = address;
            add_for_all_names(reading_, std::move(one));
        }
    }

    /// A `-` in front means that the address may be missing on this machine.
    std::vector<std::string> addresses(const std::string& port) const {
        std::vector<std::string> all;
        const std::string list = settings_.value_or("bind", "* -::*");
        for (std::string_view host : split(list, ' ')) {
            host.remove_prefix(host.starts_with('-') ? 1 : 0);
            if (host == "*") {
                all.push_back("0.0.0.0:" + port);
            } else if (host == "::*") {
                all.push_back("[::]:" + port);
            } else if (!host.empty()) {
                all.push_back(
                    fmt::format(fmt::runtime(host.contains(':') ? "[{}]:{}" : "{}:{}"), host, port)
                );
            }
        }
        return all;
    }

    const Input& input_;
    Reading& reading_;
    Settings settings_;
    Service tls_{};
};

void read_redis(const Input& input, Reading& reading) {
    RedisServices{input, reading}.build();
}

/// Makes the plain port one with TLS, where there is a certificate.
std::vector<Proposal> propose_redis(
    const Input& input, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    Reading scratch;
    scratch.sources = reading.sources;
    const Settings settings = read_redis_settings(input, scratch);
    const Setting* const port = settings.find("port");
    if (service.door != Door::plain || port == nullptr || settings.find("tls-port") != nullptr ||
        settings.find("tls-cert-file") == nullptr) {
        return {};
    }
    const Place end = port->statement;
    return {
        {{{port->value_place, "0"}, {{end.file, end.end, end.end}, "\ntls-port " + port->value}},
         "the port speaks TLS instead of plain text"}
    };
}

} // namespace

const Server& redis_server() {
    static constexpr Server row{
        .name = "redis",
        .product = "Redis",
        .library = Library::openssl,
        .version = "7.0.15",
        .main_files = k_redis_files,
        .places = k_redis_places,
        .read = read_redis,
        .propose = propose_redis,
    };
    return row;
}

} // namespace tlsdoctor::config
