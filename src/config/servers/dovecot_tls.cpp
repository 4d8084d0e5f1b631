// SPDX-License-Identifier: Apache-2.0
// TLS of one listener; see the header. Measured on Dovecot 2.3.19.1: protocol, local and remote
// blocks decide; local_name chooses certificate, suites and DH parameters only; and a setting that
// stands both in a protocol block and in the local_name block of the client's name kills the login
// process.
#include "config/servers/dovecot_tls.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"
#include "config/servers/listening.hpp"

namespace tlsdoctor::config {

namespace {

constexpr const char* k_dovecot_ciphers =
    "ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:"
    "!PSK:!RC4:!ADH:!LOW@STRENGTH";

/// A setting, what it is about, and whether local_name blocks count for it.
struct DovecotRow {
    std::string_view path{};
    Aspect aspect{};
    bool by_name{};
};

constexpr DovecotRow k_dovecot_rows[] = {
    {"ssl", Aspect::tls, false},
    {"ssl_min_protocol", Aspect::versions, false},
    {"ssl_protocols", Aspect::versions, false},
    {"ssl_cipher_list", Aspect::ciphers, true},
    {"ssl_cipher_suites", Aspect::ciphersuites, false},
    {"ssl_curve_list", Aspect::groups, false},
    {"ssl_dh", Aspect::dh, true},
    {"ssl_cert", Aspect::certificate, true},
    {"ssl_alt_cert", Aspect::certificate, true},
    {"ssl_key", Aspect::certificate, true},
};

/// Only the lowest version can be said.
std::optional<std::string> rewritten_dovecot_minimum(std::string_view old, VersionSet wanted) {
    const VersionSet modern =
        wanted & VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
    if (modern.empty()) {
        return std::nullopt;
    }
    return quoted_as(old, openssl_name(modern.lowest()));
}

std::optional<std::string>
rewritten_dovecot_protocols(std::string_view /*old*/, VersionSet wanted) {
    std::string text;
    for (const ProtocolVersion version : k_versions) {
        if (!wanted.has(version) && version < ProtocolVersion::tls_1_3) {
            text += (text.empty() ? "!" : " !") + std::string{openssl_name(version)};
        }
    }
    return text;
}

class DovecotTls {
public:
    DovecotTls(
        const Input& input, Reading& reading, const DovecotSettings& settings,
        const DovecotEndpoint& endpoint
    )
        : input_{input}, reading_{reading}, settings_{settings}, endpoint_{endpoint},
          nameless_{endpoint.client} {
        nameless_.name = std::nullopt;
    }

    Service service();

private:
    const DovecotSetting* find(std::string_view path, bool by_name = false) const {
        return settings_.choose(path, by_name ? endpoint_.client : nameless_).decides;
    }
    std::string
    value(std::string_view path, std::string_view otherwise, bool by_name = false) const {
        const DovecotSetting* const found = find(path, by_name);
        return found == nullptr ? std::string{otherwise} : found->value;
    }
    void settle_door();
    void settle_versions();
    void settle_old_protocols(const DovecotSetting& list);
    void settle_conflicts();
    void settle_certificates();
    void add_lines(const DovecotRow& row);
    void add_insertions();
    void dies(const DovecotSetting* place, const std::string& why);

    const Input& input_;
    Reading& reading_;
    const DovecotSettings& settings_;
    const DovecotEndpoint& endpoint_;
    DovecotClient nameless_;
    Service service_{.door = Door::tls};
};

/// The login process says BYE to everybody, or the connection is closed.
void DovecotTls::dies(const DovecotSetting* place, const std::string& why) {
    service_.door = endpoint_.implicit ? Door::closes : Door::starttls_not_offered;
    if (place != nullptr) {
        remark_once(reading_.warnings, place->statement, why);
    }
}

void DovecotTls::settle_door() {
    const DovecotSetting* const ssl = find("ssl");
    const bool off = ssl != nullptr && ssl->value == "no";
    if (!off) {
        return;
    }
    const bool everywhere = ssl->filter == DovecotFilter{};
    service_.door = !endpoint_.implicit ? Door::starttls_not_offered
                    : everywhere        ? Door::not_listening
                                        : Door::closes;
}

/// 2.2's list, which 2.3 turns into a minimum as far as it can: TLS 1.3 is not known to it.
void DovecotTls::settle_old_protocols(const DovecotSetting& list) {
    VersionSet named;
    VersionSet excluded;
    for (const std::string_view word : split(list.value, ' ')) {
        const bool excludes = word.starts_with('!');
        if (const auto version = version_named(word.substr(excludes ? 1 : 0))) {
            (excludes ? excluded : named).add(*version);
        }
    }
    const VersionSet known = VersionSet::range(ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_2);
    const VersionSet left = (named.empty() ? known : named) - excluded;
    if (older(reading_.server_version, "2.3")) {
        service_.enabled =
            left | (named.empty() ? VersionSet{ProtocolVersion::tls_1_3} : VersionSet{});
    } else if (!left.empty()) {
        service_.enabled = VersionSet::range(left.lowest(), ProtocolVersion::tls_1_3);
    }
}

void DovecotTls::settle_versions() {
    const std::string& version = reading_.server_version;
    ProtocolVersion lowest = ProtocolVersion::tls_1_2;
    if (older(version, "2.3.15")) {
        lowest = ProtocolVersion::tls_1_0;
    }
    service_.enabled = VersionSet::range(lowest, ProtocolVersion::tls_1_3);
    service_.otherwise = service_.enabled;
    if (const DovecotSetting* const list = find("ssl_protocols")) {
        settle_old_protocols(*list);
    }
    const DovecotSetting* const minimum = find("ssl_min_protocol");
    if (minimum == nullptr) {
        return;
    }
    const auto named = version_named(minimum->value);
    const bool spelled = named && openssl_name(*named) == minimum->value;
    if (minimum->value == "ANY") {
        service_.enabled = VersionSet::all();
    } else if (minimum->value == "LATEST") {
        service_.enabled = {ProtocolVersion::tls_1_3};
    } else if (spelled && *named != ProtocolVersion::ssl_2_0) {
        service_.enabled = VersionSet::range(*named, ProtocolVersion::tls_1_3);
    } else {
        dies(minimum, "Dovecot does not know this version: everybody is sent away (BYE TLS)");
    }
}

/// What a protocol block and a local_name block both set.
void DovecotTls::settle_conflicts() {
    for (const DovecotSetting& one : settings_.all) {
        const bool concerns = one.path.starts_with("ssl");
        const DovecotChoice choice =
            concerns ? settings_.choose(one.path, endpoint_.client) : DovecotChoice{};
        if (choice.conflicts == nullptr) {
            continue;
        }
        service_.door = Door::closes;
        for (const auto& [line, other] :
             {std::pair{choice.decides, choice.conflicts},
              std::pair{choice.conflicts, choice.decides}}) {
            service_.lines.push_back(
                {.statement = line->statement,
                 .value = line->value_place,
                 .aspect = Aspect::name,
                 .role = Role::effective,
                 .why = fmt::format(
                     "it conflicts with {}: the login process dies for this name",
                     reading_.sources.where(other->statement)
                 )}
            );
        }
        remark_once(
            reading_.warnings, choice.conflicts->statement,
            fmt::format(
                "the login process dies: {} sets the same for others",
                reading_.sources.where(choice.decides->statement)
            )
        );
        return;
    }
}

void DovecotTls::settle_certificates() {
    for (const char* const path : {"ssl_cert", "ssl_alt_cert"}) {
        const DovecotSetting* const found = find(path, true);
        if (found != nullptr && found->is_file) {
            service_.certificates.push_back(found->value);
        } else if (found != nullptr && !found->value.empty()) {
            dies(found, "the value must begin with `<`, or be a certificate itself");
        }
    }
    if (find("ssl_cert") == nullptr || find("ssl_cert")->value.empty()) {
        dies(nullptr, "");
    }
}

/// Why a setting does not count, where it does not.
std::string reason(
    const Sources& sources, const DovecotSetting& one, const DovecotSetting* decides,
    const DovecotRow& row
) {
    if (!row.by_name && !one.filter.local_name.empty()) {
        return "local_name does not change it: names choose certificates and suites only";
    }
    if (decides == nullptr) {
        return "it is for other connections";
    }
    const bool special = !(one.filter == decides->filter);
    return fmt::format(
        fmt::runtime(
            special ? "{} stands in a block that is more special"
                    : "{} is read later and overrides it"
        ),
        sources.where(decides->statement)
    );
}

void DovecotTls::add_lines(const DovecotRow& row) {
    const DovecotSetting* const decides = find(row.path, row.by_name);
    const bool off =
        service_.door != Door::tls && find("ssl") != nullptr && find("ssl")->value == "no";
    for (const DovecotSetting& one : settings_.all) {
        if (one.path != row.path) {
            continue;
        }
        Line line{
            .statement = one.statement,
            .value = one.value_place,
            .aspect = row.aspect,
            .role = &one == decides ? Role::effective : Role::inert
        };
        if (row.path == "ssl_min_protocol") {
            line.rewrite = rewritten_dovecot_minimum;
        } else if (row.path == "ssl_protocols") {
            line.rewrite = rewritten_dovecot_protocols;
        }
        if (&one != decides) {
            line.why = reason(reading_.sources, one, decides, row);
        } else if (off && row.aspect != Aspect::tls) {
            line.role = Role::inert;
            line.why = "TLS is off: ssl = no";
        }
        service_.lines.push_back(std::move(line));
    }
}

void DovecotTls::add_insertions() {
    if (older(reading_.server_version, "2.3")) {
        return;
    }
    for (const char* const path : {"ssl_key", "ssl_cert", "ssl"}) {
        if (const DovecotSetting* const place = settings_.global(path)) {
            service_.insertions.push_back(
                {.after = place->statement,
                 .text = "ssl_min_protocol = {}",
                 .value = rewritten_dovecot_minimum}
            );
            return;
        }
    }
}

/// Login processes get no environment but what import_environment names.
std::string imported_openssl_conf(const Input& input, const DovecotSettings& settings) {
    const DovecotSetting* const import = settings.global("import_environment");
    for (const std::string_view word :
         split(import == nullptr ? std::string_view{} : import->value, ' ')) {
        if (word == "OPENSSL_CONF") {
            return {};
        }
        if (word.starts_with("OPENSSL_CONF=")) {
            return std::string{word.substr(13)};
        }
    }
    return openssl_conf_without_environment(input);
}

Service DovecotTls::service() {
    service_.sni = endpoint_.client.name;
    service_.address = fmt::format("{}:{}", endpoint_.client.address, endpoint_.port);
    if (!endpoint_.implicit) {
        service_.starttls =
            endpoint_.client.protocol == "submission" ? "smtp" : endpoint_.client.protocol;
    }
    service_.lines.push_back(
        {.statement = endpoint_.listener,
         .value = endpoint_.listener,
         .aspect = Aspect::listen,
         .role = Role::effective}
    );
    settle_versions();
    settle_certificates();
    service_.ciphers = value("ssl_cipher_list", k_dovecot_ciphers, true);
    service_.default_ciphers = find("ssl_cipher_list", true) == nullptr;
    service_.ciphersuites = value("ssl_cipher_suites", "");
    service_.groups = value("ssl_curve_list", "");
    service_.dh_parameters = !value("ssl_dh", "", true).empty();
    service_.openssl_conf = imported_openssl_conf(input_, settings_);
    if (!input_.knowledge.suites(service_.ciphers)) {
        dies(
            find("ssl_cipher_list", true),
            "OpenSSL does not take this list: everybody is sent away (BYE TLS)"
        );
    }
    settle_door();
    settle_conflicts();
    for (const DovecotRow& row : k_dovecot_rows) {
        add_lines(row);
    }
    add_insertions();
    return std::move(service_);
}

} // namespace

Service dovecot_service(
    const Input& input, Reading& reading, const DovecotSettings& settings,
    const DovecotEndpoint& endpoint
) {
    return DovecotTls{input, reading, settings, endpoint}.service();
}

} // namespace tlsdoctor::config
