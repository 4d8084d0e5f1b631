// SPDX-License-Identifier: Apache-2.0
// What a server accepts that stands on OpenSSL: its own versions, cut by openssl.cnf as far as that
// reaches it, by the security level, and by what suites, keys and groups allow together.
#include "config/judge_parts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "config/openssl_policy.hpp"
#include "config/openssl_suites.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_default_level = 2; ///< Debian, Ubuntu, Fedora build OpenSSL so
constexpr int k_strict_level = 1;  ///< from this level on TLS 1.1 and older cannot sign
constexpr std::string_view k_strict_since = "3.0"; ///< MD5+SHA-1 signatures count 0 bits since then
constexpr std::string_view k_no_ssl2_since = "1.1.0";
constexpr std::string_view k_no_ssl3_since = "1.1.0"; ///< distributions build `no-ssl3`
constexpr VersionSet k_old_versions{
    ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1
};

/// Judges one service; the members are the steps.
class OpensslJudge {
public:
    explicit OpensslJudge(const Hearing& hearing)
        : hearing_{hearing}, service_{hearing.service}, reach_{reach_of(hearing.server.name)} {}

    Effective judged() {
        effective_.lines = service_.lines;
        read_policy();
        settle_level();
        settle_groups();
        settle_keys();
        settle_suites();
        for (const ProtocolVersion version : k_versions) {
            const Obstacle obstacle = obstacle_to(version, service_.enabled);
            effective_.versions.push_back({version, obstacle == Obstacle::none, obstacle});
        }
        forget_what_changes_nothing();
        name_keys();
        return std::move(effective_);
    }

private:
    void read_policy() {
        const std::string& path =
            service_.openssl_conf.empty() ? hearing_.beneath.openssl_conf : service_.openssl_conf;
        if (path.empty()) {
            return;
        }
        policy_ = hearing_.policies.of(path, service_.openssl_name);
        const bool reads_minimum = reach_.min_protocol && !(service_.sets_minimum && is_stunnel());
        bound(policy_.min_protocol, reads_minimum, at_least, Aspect::versions);
        bound(policy_.max_protocol, reach_.max_protocol, at_most, Aspect::versions);
        bound(policy_.protocol, reach_.protocol, protocols_in, Aspect::versions);
    }

    bool is_stunnel() const { return hearing_.server.name == "stunnel"; }

    void bound(
        const std::optional<PolicySetting>& setting, bool reaches,
        VersionSet (*read)(std::string_view), Aspect aspect
    ) {
        if (setting) {
            note(*setting, aspect, reaches);
            allowed_ = reaches ? allowed_ & read(setting->value) : allowed_;
        }
    }

    /// Adds the line of openssl.cnf to those that decide, or seem to.
    void note(const PolicySetting& setting, Aspect aspect, bool reaches) {
        effective_.lines.push_back(
            {.statement = setting.statement,
             .value = setting.value_place,
             .aspect = aspect,
             .role = reaches ? Role::effective : Role::inert,
             .why = reaches ? std::string{"OpenSSL's own configuration, beneath the server"}
                            : fmt::format("{} overrides this setting", hearing_.server.product)}
        );
    }

    void settle_level() {
        equipment_.security_level = service_.security_level.value_or(k_default_level);
        if (policy_.cipher_string) {
            const auto level = security_level_in(policy_.cipher_string->value);
            const auto own = security_level_in(service_.ciphers);
            const bool reaches = reach_.security_level && level && !own;
            note(*policy_.cipher_string, Aspect::security_level, reaches);
            if (reaches) {
                equipment_.security_level = *level;
            }
        }
        equipment_.security_level =
            security_level_in(service_.ciphers).value_or(equipment_.security_level);
    }

    void settle_groups() {
        std::string list = service_.groups;
        if (policy_.groups) {
            const bool reaches = reach_.groups && list.empty();
            note(*policy_.groups, Aspect::groups, reaches);
            list = reaches ? policy_.groups->value : list;
        }
        GroupList groups = groups_in(list, hearing_.beneath.library_version);
        if (!groups.unknown.empty()) {
            refuse(
                Aspect::groups, fmt::format(
                                    "OpenSSL {} knows no group `{}`",
                                    hearing_.beneath.library_version, groups.unknown.front()
                                )
            );
        }
        equipment_.groups = groups.groups;
        effective_.groups = std::move(groups.groups);
    }

    void settle_keys() {
        equipment_.dh_parameters = service_.dh_parameters;
        for (const std::string& path : service_.certificates) {
            const auto pem = hearing_.input.files.read(path);
            const auto info = pem && hearing_.input.knowledge.certificate
                                  ? hearing_.input.knowledge.certificate(*pem)
                                  : std::nullopt;
            if (info) {
                equipment_.keys.push_back(info->key);
                equipment_.keys_known = true;
                weigh(*info);
            }
        }
    }

    /// A key or signature that the security level refuses stops the server when it starts.
    void weigh(const CertificateInfo& info) {
        constexpr int k_rsa_bits_of_level[] = {0, 1024, 2048, 3072, 7680, 15360};
        const int level = std::clamp(equipment_.security_level, 0, 5);
        if (info.key == "rsa" && info.bits < k_rsa_bits_of_level[level]) {
            refuse(
                Aspect::certificate,
                fmt::format(
                    "OpenSSL refuses an RSA key of {} bits at security level {}: ee key too small",
                    info.bits, level
                )
            );
        } else if (info.sha1 && level >= 1) {
            refuse(
                Aspect::certificate, fmt::format(
                                         "OpenSSL refuses a certificate signed with SHA-1 at "
                                         "security level {}: ca md too weak",
                                         level
                                     )
            );
        }
    }

    void refuse(Aspect aspect, std::string what) {
        for (const Line& line : effective_.lines) {
            if (line.aspect == aspect && line.role == Role::effective) {
                auto& fatal = hearing_.reading.fatal;
                const bool known = std::ranges::any_of(fatal, [&](const Remark& remark) {
                    return remark.place == line.statement && remark.what == what;
                });
                if (!known) {
                    fatal.push_back({line.statement, std::move(what)});
                }
                return;
            }
        }
    }

    void settle_suites() {
        std::string list = service_.ciphers;
        if (list.empty()) {
            list = policy_.cipher_string ? policy_.cipher_string->value : "DEFAULT";
        }
        const auto suites = hearing_.input.knowledge.suites
                                ? hearing_.input.knowledge.suites(list)
                                : std::expected<std::vector<CipherSuite>, std::string>{};
        for (const CipherSuite suite : suites ? *suites : std::vector<CipherSuite>{}) {
            const CipherSuiteInfo* const info = find(suite);
            if (info == nullptr || !survives_level(*info, equipment_.security_level)) {
                continue;
            }
            listed_.push_back(info);
            if (has_key(*info, equipment_) && has_exchange(*info, equipment_)) {
                effective_.suites.push_back(suite);
            }
        }
        std::string tls13 = service_.ciphersuites;
        if (policy_.ciphersuites) {
            const bool reaches = reach_.ciphersuites && tls13.empty();
            note(*policy_.ciphersuites, Aspect::ciphersuites, reaches);
            tls13 = reaches ? policy_.ciphersuites->value : tls13;
        }
        effective_.tls13_suites = tls13_suites_in(tls13);
    }

    Obstacle obstacle_to(ProtocolVersion version, VersionSet enabled) const {
        const std::string& library = hearing_.beneath.library_version;
        if (!enabled.has(version)) {
            return Obstacle::not_enabled;
        }
        if (!allowed_.has(version)) {
            return Obstacle::system_policy;
        }
        const bool built =
            (version != ProtocolVersion::ssl_2_0 || older(library, k_no_ssl2_since)) &&
            (version != ProtocolVersion::ssl_3_0 || older(library, k_no_ssl3_since)) &&
            (version != ProtocolVersion::tls_1_3 || !older(library, "1.1.1"));
        if (!built) {
            return Obstacle::not_built;
        }
        if (k_old_versions.has(version) && equipment_.security_level >= k_strict_level &&
            !older(library, k_strict_since)) {
            return Obstacle::security_level;
        }
        if (version == ProtocolVersion::tls_1_3) {
            return effective_.tls13_suites.empty() ? Obstacle::no_suite
                   : equipment_.groups.empty()     ? Obstacle::no_group
                                                   : Obstacle::none;
        }
        return obstacle_in_suites(version);
    }

    Obstacle obstacle_in_suites(ProtocolVersion version) const {
        bool any = false;
        bool with_key = false;
        bool only_dhe = true;
        for (const CipherSuiteInfo* const suite : listed_) {
            if (suite->first_version > version) {
                continue;
            }
            any = true;
            if (!has_key(*suite, equipment_)) {
                continue;
            }
            if (has_exchange(*suite, equipment_)) {
                return Obstacle::none;
            }
            with_key = true;
            only_dhe = only_dhe && suite->key_exchange == KeyExchange::dhe;
        }
        if (!any) {
            return Obstacle::no_suite;
        }
        if (!with_key) {
            return Obstacle::key_mismatch;
        }
        return only_dhe ? Obstacle::no_dh_parameters : Obstacle::no_group;
    }

    /// A version line whose additions something else takes away again decides nothing.
    void forget_what_changes_nothing() {
        const VersionSet accepted = effective_.accepted();
        if (service_.otherwise.empty() || accepted == service_.enabled) {
            return;
        }
        VersionSet without;
        for (const ProtocolVersion version : k_versions) {
            if (obstacle_to(version, service_.otherwise) == Obstacle::none) {
                without.add(version);
            }
        }
        if (without != accepted) {
            return;
        }
        for (std::size_t i = 0; i < service_.lines.size(); ++i) {
            Line& line = effective_.lines[i];
            if (line.aspect == Aspect::versions && line.role == Role::effective) {
                line.role = Role::inert;
                line.why = "what it adds to the default cannot be used here";
            }
        }
    }

    void name_keys() {
        std::ranges::sort(equipment_.keys, std::greater{}); // rsa before ecdsa
        const auto twins = std::ranges::unique(equipment_.keys);
        equipment_.keys.erase(twins.begin(), twins.end());
        for (const std::string& key : equipment_.keys) {
            effective_.certificate_key += (effective_.certificate_key.empty() ? "" : " ") + key;
        }
    }

    const Hearing& hearing_;
    const Service& service_;
    const PolicyReach& reach_;
    OpensslPolicy policy_{};
    VersionSet allowed_{VersionSet::all()};
    Equipment equipment_{};
    std::vector<const CipherSuiteInfo*> listed_{}; ///< in the list and above the security level
    Effective effective_{};
};

} // namespace

Effective judge_openssl(const Hearing& hearing) {
    return OpensslJudge{hearing}.judged();
}

} // namespace tlsdoctor::config
