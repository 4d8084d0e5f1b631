// SPDX-License-Identifier: Apache-2.0
// PostgreSQL: one context for all addresses, without names. STARTTLS of its own kind: the client
// asks with an SSLRequest, and `N` is the answer where ssl is off.
#include <algorithm>
#include <optional>
#include <ranges>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/postgresql_settings.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_postgresql_files[] = {"postgresql.conf"};
constexpr std::string_view k_postgresql_places[] = {
    "/etc/postgresql/15/main/postgresql.conf", "/etc/postgresql/17/main/postgresql.conf",
    "/etc/postgresql/16/main/postgresql.conf", "/etc/postgresql/14/main/postgresql.conf",
    "/etc/postgresql/13/main/postgresql.conf", "/var/lib/pgsql/data/postgresql.conf"
};
constexpr std::string_view k_postgresql_ciphers = "HIGH:MEDIUM:+3DES:!aNULL";

/// The spellings of OpenSSL, in any case.
std::optional<ProtocolVersion> postgresql_version(std::string_view text) {
    for (const ProtocolVersion version : k_versions) {
        if (version >= ProtocolVersion::tls_1_0 &&
            same_ignoring_case(openssl_name(version), text)) {
            return version;
        }
    }
    return std::nullopt;
}

/// `on`, and every beginning of the words that is long enough [parse_bool_with_len].
std::optional<bool> postgresql_bool(std::string_view text) {
    struct Word {
        std::string_view whole;
        std::size_t least;
        bool value;
    };
    static constexpr Word words[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true},
                                     {"no", 1, false},  {"on", 2, true},     {"off", 2, false},
                                     {"1", 1, true},    {"0", 1, false}};
    for (const Word& word : words) {
        if (text.size() >= word.least && text.size() <= word.whole.size() &&
            same_ignoring_case(word.whole.substr(0, text.size()), text)) {
            return word.value;
        }
    }
    return std::nullopt;
}

std::optional<std::string> rewrite_postgresql_minimum(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.lowest() < ProtocolVersion::tls_1_0) {
        return std::nullopt;
    }
    return quoted_as(old, openssl_name(wanted.lowest()));
}

std::optional<std::string> rewrite_postgresql_maximum(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.highest() < ProtocolVersion::tls_1_0) {
        return std::nullopt;
    }
    return quoted_as(old, openssl_name(wanted.highest()));
}

/// Returns the statement `#name = value` of the main file: where a default is written down.
std::optional<Place>
postgresql_comment(const Reading& reading, const std::string& main, std::string_view name) {
    const auto ids = std::views::iota(std::size_t{0}, reading.sources.size());
    const auto found = std::ranges::find_if(ids, [&](std::size_t id) {
        return reading.sources.at(FileId{static_cast<std::uint32_t>(id)}).path == main;
    });
    if (found == ids.end()) {
        return std::nullopt;
    }
    const FileId file{static_cast<std::uint32_t>(*found)};
    const SourceFile& source = reading.sources.at(file);
    const std::string wanted = "#" + std::string{name};
    for (const std::size_t start : source.line_starts) {
        const Place line = reading.sources.line({file, start, start});
        const std::string_view text = reading.sources.text(line);
        const std::string_view after = text.starts_with(wanted) ? text.substr(wanted.size()) : "";
        if (!after.empty() && (after.front() == ' ' || after.front() == '=')) {
            return line;
        }
    }
    return std::nullopt;
}

/// Builds the one service that stands behind all addresses.
class PostgresqlService final {
public:
    PostgresqlService(const Input& input, Reading& reading)
        : input_{input}, reading_{reading}, read_{read_postgresql_settings(input, reading)},
          settings_{read_.settings} {}

    void build() {
        service_.starttls = "postgres";
        add_lines();
        settle_door();
        settle_versions();
        settle_rest();
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
            {"listen_addresses", Aspect::listen, nullptr},
            {"port", Aspect::listen, nullptr},
            {"ssl", Aspect::tls, nullptr},
            {"ssl_min_protocol_version", Aspect::versions, rewrite_postgresql_minimum},
            {"ssl_max_protocol_version", Aspect::versions, rewrite_postgresql_maximum},
            {"ssl_ciphers", Aspect::ciphers, nullptr},
            {"ssl_tls13_ciphers", Aspect::ciphersuites, nullptr},
            {"ssl_ecdh_curve", Aspect::groups, nullptr},
            {"ssl_groups", Aspect::groups, nullptr},
            {"ssl_cert_file", Aspect::certificate, nullptr},
            {"ssl_dh_params_file", Aspect::dh, nullptr},
        };
        for (const Row& row : rows) {
            settings_.add_lines(reading_.sources, service_, row.name, row.aspect, row.rewrite);
            if (settings_.find(row.name) == nullptr) {
                add_default(row.name, row.aspect);
            }
        }
    }

    /// A default that the file shows as a comment is named by that line.
    void add_default(std::string_view name, Aspect aspect) {
        const std::string main = input_.files.real_path(input_.main);
        const auto comment = postgresql_comment(reading_, main, name);
        if (comment &&
            (aspect == Aspect::groups || aspect == Aspect::tls || aspect == Aspect::versions)) {
            service_.lines.push_back(
                {.statement = *comment,
                 .value = *comment,
                 .aspect = aspect,
                 .role = Role::effective,
                 .why = "a comment that shows the built-in default"}
            );
        }
        if (aspect == Aspect::versions && name.contains("min")) {
            insert(comment, "ssl_min_protocol_version = '{}'", rewrite_postgresql_minimum);
        } else if (aspect == Aspect::versions) {
            insert(comment, "ssl_max_protocol_version = '{}'", rewrite_postgresql_maximum);
        }
    }

    /// Behind the comment, else behind what turns TLS on or sets the certificate.
    void insert(std::optional<Place> after, std::string text, Rewrite value) {
        for (const std::string_view name : {"ssl", "ssl_cert_file", "port"}) {
            const Setting* const setting = settings_.find(name);
            if (!after && setting != nullptr) {
                after = setting->statement;
            }
        }
        if (after) {
            service_.insertions.push_back({.after = *after, .text = std::move(text), .value = value}
            );
        }
    }

    void refuse(std::string_view name, std::string what) {
        reading_.fatal.push_back({settings_.find(name)->statement, std::move(what)});
    }

    void settle_door() {
        const auto on = postgresql_bool(settings_.value_or("ssl", "off"));
        if (!on) {
            refuse("ssl", "parameter \"ssl\" requires a Boolean value");
        }
        service_.door = on.value_or(false) ? Door::tls : Door::starttls_not_offered;
    }

    ProtocolVersion bound(std::string_view name, ProtocolVersion otherwise) {
        const Setting* const setting = settings_.find(name);
        if (setting == nullptr || (setting->value.empty() && name.contains("max"))) {
            return otherwise;
        }
        const auto version = postgresql_version(setting->value);
        if (!version) {
            refuse(
                name,
                fmt::format("invalid value for parameter \"{}\": \"{}\"", name, setting->value)
            );
        }
        return version.value_or(otherwise);
    }

    void settle_versions() {
        const ProtocolVersion least = older(reading_.server_version, "13")
                                          ? ProtocolVersion::tls_1_0
                                          : ProtocolVersion::tls_1_2; // since PostgreSQL 13
        const ProtocolVersion lowest = bound("ssl_min_protocol_version", least);
        const ProtocolVersion highest = bound("ssl_max_protocol_version", ProtocolVersion::tls_1_3);
        service_.otherwise = VersionSet::range(least, ProtocolVersion::tls_1_3);
        service_.enabled = VersionSet::range(lowest, highest);
        service_.sets_minimum = true;
        if (lowest > highest && service_.door == Door::tls) {
            refuse(
                "ssl_max_protocol_version",
                "\"ssl_min_protocol_version\" cannot be higher than \"ssl_max_protocol_version\""
            );
        }
    }

    void settle_rest() {
        const bool lists =
            !older(reading_.server_version, "18"); // ssl_groups, and curves of any kind
        service_.ciphers = settings_.value_or("ssl_ciphers", k_postgresql_ciphers);
        service_.default_ciphers = settings_.find("ssl_ciphers") == nullptr;
        service_.ciphersuites = settings_.value_or("ssl_tls13_ciphers", "");
        if (service_.door == Door::tls) {
            refuse_empty_list(input_, reading_, settings_.find("ssl_ciphers"));
        }
        const std::string curve =
            settings_.value_or("ssl_ecdh_curve", lists ? "X25519:prime256v1" : "prime256v1");
        service_.groups = settings_.value_or("ssl_groups", curve);
        const bool no_curve =
            curve.contains(':') || curve.starts_with('X') || curve.starts_with('x');
        if (!lists && no_curve && service_.door == Door::tls) {
            refuse(
                "ssl_ecdh_curve",
                fmt::format(
                    "PostgreSQL before 18 takes one curve with a key of its own kind, not `{}`",
                    curve
                )
            );
        }
        service_.dh_parameters = true; // 2048 bits are built in
        const std::string path =
            joined_path(read_.data_folder, settings_.value_or("ssl_cert_file", "server.crt"));
        service_.certificates = {original_of(input_.start, path)};
    }

    std::vector<std::string> addresses() const {
        const std::string port = settings_.value_or("port", "5432");
        std::vector<std::string> all;
        const std::string list = settings_.value_or("listen_addresses", "localhost");
        for (std::string_view host : split(list, ',')) {
            host = trimmed(host);
            if (host == "*") {
                all.insert(all.end(), {"0.0.0.0:" + port, "[::]:" + port});
            } else if (host == "localhost") {
                all.insert(all.end(), {"127.0.0.1:" + port, "[::1]:" + port});
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
    PostgresqlSettings read_;
    const Settings& settings_;
    Service service_{};
};

void read_postgresql(const Input& input, Reading& reading) {
    PostgresqlService{input, reading}.build();
}

/// Turns TLS on: the value of `ssl`, else a line of its own.
std::vector<Proposal> propose_postgresql(
    const Input& input, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    if (service.door != Door::starttls_not_offered) {
        return {};
    }
    Reading scratch;
    scratch.sources = reading.sources;
    const Settings settings = read_postgresql_settings(input, scratch).settings;
    if (const Setting* const ssl = settings.find("ssl")) {
        const std::string_view old = reading.sources.text(ssl->value_place);
        const bool option = old == "-l" || old == "--ssl";
        return option ? std::vector<Proposal>{}
                      : std::vector<Proposal>{
                            {{{ssl->value_place, quoted_as(old, "on")}}, "TLS is turned on"}
                        };
    }
    for (const Line& line : service.lines) {
        if (line.aspect == Aspect::tls || line.aspect == Aspect::listen) {
            const Place at = reading.sources.line(line.statement);
            return {{{{{at.file, at.end, at.end}, "\nssl = on"}}, "TLS is turned on"}};
        }
    }
    return {};
}

} // namespace

const Server& postgresql_server() {
    static constexpr Server row{
        .name = "postgresql",
        .product = "PostgreSQL",
        .library = Library::openssl,
        .version = "15.10",
        .main_files = k_postgresql_files,
        .places = k_postgresql_places,
        .read = read_postgresql,
        .propose = propose_postgresql,
    };
    return row;
}

} // namespace tlsdoctor::config
