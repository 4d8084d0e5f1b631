// SPDX-License-Identifier: Apache-2.0
// Which versions a stunnel service speaks: sslVersion, sslVersionMin and sslVersionMax, then the
// flags of `options` and the commands of `config`, those of the defaults first; and the lines that
// say so.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_policy.hpp"
#include "config/servers/stunnel_model.hpp"

namespace tlsdoctor::config {

namespace {

/// A name of a version.
struct StunnelVersion {
    std::string_view name;
    ProtocolVersion version;
};
constexpr StunnelVersion k_stunnel_versions[] = {
    {"SSLv3", ProtocolVersion::ssl_3_0},   {"TLSv1", ProtocolVersion::tls_1_0},
    {"TLSv1.1", ProtocolVersion::tls_1_1}, {"TLSv1.2", ProtocolVersion::tls_1_2},
    {"TLSv1.3", ProtocolVersion::tls_1_3},
};
/// Names of `options =` about versions, as in OpenSSL's SSL_OP_ names.
constexpr StunnelVersion k_stunnel_flags[] = {
    {"NO_SSLv2", ProtocolVersion::ssl_2_0},   {"NO_SSLv3", ProtocolVersion::ssl_3_0},
    {"NO_TLSv1", ProtocolVersion::tls_1_0},   {"NO_TLSv1_1", ProtocolVersion::tls_1_1},
    {"NO_TLSv1_2", ProtocolVersion::tls_1_2}, {"NO_TLSv1_3", ProtocolVersion::tls_1_3},
};
constexpr std::string_view k_stunnel_other_flags[] = {
    "ALL",
    "ALLOW_CLIENT_RENEGOTIATION",
    "ALLOW_NO_DHE_KEX",
    "ALLOW_UNSAFE_LEGACY_RENEGOTIATION",
    "CIPHER_SERVER_PREFERENCE",
    "CISCO_ANYCONNECT",
    "CLEANSE_PLAINTEXT",
    "COOKIE_EXCHANGE",
    "CRYPTOPRO_TLSEXT_BUG",
    "DISABLE_TLSEXT_CA_NAMES",
    "DONT_INSERT_EMPTY_FRAGMENTS",
    "ENABLE_KTLS",
    "ENABLE_MIDDLEBOX_COMPAT",
    "EPHEMERAL_RSA",
    "IGNORE_UNEXPECTED_EOF",
    "LEGACY_SERVER_CONNECT",
    "MICROSOFT_BIG_SSLV3_BUFFER",
    "MICROSOFT_SESS_ID_BUG",
    "MSIE_SSLV2_RSA_PADDING",
    "NETSCAPE_CA_DN_BUG",
    "NETSCAPE_CHALLENGE_BUG",
    "NETSCAPE_DEMO_CIPHER_CHANGE_BUG",
    "NETSCAPE_REUSE_CIPHER_CHANGE_BUG",
    "NO_ANTI_REPLAY",
    "NO_COMPRESSION",
    "NO_DTLSv1",
    "NO_DTLSv1_2",
    "NO_ENCRYPT_THEN_MAC",
    "NO_EXTENDED_MASTER_SECRET",
    "NO_QUERY_MTU",
    "NO_RENEGOTIATION",
    "NO_SESSION_RESUMPTION_ON_RENEGOTIATION",
    "NO_TICKET",
    "PKCS1_CHECK_1",
    "PKCS1_CHECK_2",
    "PRIORITIZE_CHACHA",
    "SAFARI_ECDHE_ECDSA_BUG",
    "SINGLE_DH_USE",
    "SINGLE_ECDH_USE",
    "SSLEAY_080_CLIENT_DH_BUG",
    "SSLREF2_REUSE_CERT_TYPE_BUG",
    "TLSEXT_PADDING",
    "TLS_BLOCK_PADDING_BUG",
    "TLS_D5_BUG",
    "TLS_ROLLBACK_BUG",
};

template <std::size_t N>
const StunnelVersion* stunnel_version(const StunnelVersion (&table)[N], std::string_view name) {
    const auto found = std::ranges::find_if(table, [&](const StunnelVersion& one) {
        return same_ignoring_case(one.name, name);
    });
    return found == std::end(table) ? nullptr : &*found;
}

/// `sslVersion` can say one version, or all.
std::optional<std::string> stunnel_single(std::string_view, VersionSet wanted) {
    if (wanted.empty()) {
        return std::nullopt;
    }
    const bool one = wanted.lowest() == wanted.highest();
    return one ? std::string{openssl_name(wanted.lowest())} : "all";
}

/// Judges the versions of services.
class StunnelJudge {
public:
    StunnelJudge(const StunnelModel& model, Reading& reading) : model_{model}, reading_{reading} {}
    void judge(const StunnelService& own, Service& service);

private:
    std::optional<ProtocolVersion>
    bound(const StunnelService& own, const std::string& key, Rewrite rewrite, Service& service);
    void take_flags(const StunnelService& from, Service& service);
    void take_flag(const StunnelOption& flag, Service& service);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const StunnelModel& model_;
    Reading& reading_;
};

std::optional<ProtocolVersion> StunnelJudge::bound(
    const StunnelService& own, const std::string& key, Rewrite rewrite, Service& service
) {
    const StunnelOption* const found = model_.option(own, key);
    if (found == nullptr) {
        return std::nullopt;
    }
    const StunnelVersion* const version = stunnel_version(k_stunnel_versions, found->text);
    if (version == nullptr && !same_ignoring_case(found->text, "all")) {
        fatal(
            found->statement, "stunnel knows all, SSLv3, TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3 here"
        );
    }
    service.lines.push_back(
        {found->statement, found->value, Aspect::versions, Role::effective, "", rewrite}
    );
    // `all` sets no bound, and is none of OpenSSL's either.
    return version == nullptr ? ProtocolVersion::none : version->version;
}

void StunnelJudge::take_flag(const StunnelOption& flag, Service& service) {
    std::string_view name = flag.text;
    const bool clears = name.starts_with('-');
    name.remove_prefix(clears ? 1 : 0);
    const StunnelVersion* const version = stunnel_version(k_stunnel_flags, name);
    if (version == nullptr) {
        const bool known = std::ranges::any_of(k_stunnel_other_flags, [&](std::string_view one) {
            return same_ignoring_case(one, name);
        });
        if (!known) {
            fatal(flag.statement, fmt::format("`{}` is no option of OpenSSL", harmless(name)));
        }
        return;
    }
    const bool changes = service.enabled.has(version->version) != clears;
    if (clears) {
        service.enabled.add(version->version);
    } else {
        service.enabled.remove(version->version);
    }
    const bool old = version->version <= ProtocolVersion::ssl_3_0;
    Line line{
        flag.statement, flag.value, Aspect::versions,
        changes && !old ? Role::effective : Role::inert
    };
    if (line.role == Role::inert) {
        line.why = "that version is not enabled anyway";
    }
    service.lines.push_back(std::move(line));
}

void StunnelJudge::take_flags(const StunnelService& from, Service& service) {
    for (const auto& [key, flag] : from.repeated) {
        if (key == "options") {
            take_flag(flag, service);
            continue;
        }
        const std::size_t colon = flag.text.find(':');
        const std::string command = lower(flag.text.substr(0, colon));
        const std::string value = colon == flag.text.npos ? "" : flag.text.substr(colon + 1);
        if (command == "cipherstring") {
            service.ciphers = value;
            service.default_ciphers = false;
            service.lines.push_back({flag.statement, flag.value, Aspect::ciphers, Role::effective});
        }
        const bool minimum = command == "minprotocol";
        if (minimum || command == "maxprotocol" || command == "protocol") {
            service.enabled = service.enabled & (minimum                 ? at_least(value)
                                                 : command == "protocol" ? protocols_in(value)
                                                                         : at_most(value));
            service.lines.push_back({flag.statement, flag.value, Aspect::versions, Role::effective}
            );
        }
    }
}

void StunnelJudge::judge(const StunnelService& own, Service& service) {
    const auto single = bound(own, "sslversion", stunnel_single, service);
    auto lowest = single;
    auto highest = single;
    if (!single) {
        lowest = bound(own, "sslversionmin", stunnel_minimum, service);
        highest = bound(own, "sslversionmax", stunnel_maximum, service);
    }
    service.sets_minimum = lowest.has_value();
    const auto or_else = [](std::optional<ProtocolVersion> version, ProtocolVersion otherwise) {
        return version && *version != ProtocolVersion::none ? *version : otherwise;
    };
    const ProtocolVersion from = or_else(lowest, ProtocolVersion::tls_1_0);
    const ProtocolVersion to = or_else(highest, ProtocolVersion::tls_1_3);
    service.enabled = VersionSet::range(from, to);
    if (from > to) {
        fatal(
            model_.option(own, "sslversionmin")->statement, "sslVersionMin is above sslVersionMax"
        );
    }
    service.otherwise = VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
    take_flags(model_.defaults, service);
    take_flags(own, service);
    for (const StunnelOption& old : own.overridden) {
        service.lines.push_back(
            {old.statement, old.value, Aspect::other, Role::inert,
             "the same option comes again below"}
        );
    }
    for (const char* const key : {"sslversion", "sslversionmin", "sslversionmax"}) {
        const auto above = model_.defaults.options.find(key);
        if (above != model_.defaults.options.end() && own.options.contains(key)) {
            service.lines.push_back(
                {above->second.statement, above->second.value, Aspect::versions, Role::inert,
                 "the service sets it itself"}
            );
        }
    }
}

} // namespace

std::optional<std::string> stunnel_minimum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.lowest())}};
}

std::optional<std::string> stunnel_maximum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.highest())}};
}
void judge_stunnel_versions(
    const StunnelModel& model, const StunnelService& own, Reading& reading, Service& service
) {
    StunnelJudge{model, reading}.judge(own, service);
}

} // namespace tlsdoctor::config
