// SPDX-License-Identifier: Apache-2.0
// Merging TLS directives; see the header.
#include "config/servers/apache_settings.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "config/servers/apache_protocols.hpp"

namespace tlsdoctor::config {

ApacheKind kind_of_apache(const ApacheDirective& directive) {
    static const std::map<std::string_view, ApacheKind> kinds{
        {"sslengine", ApacheKind::engine},          {"sslprotocol", ApacheKind::protocols},
        {"sslopensslconfcmd", ApacheKind::command}, {"sslcertificatefile", ApacheKind::certificate},
        {"sslproxyprotocol", ApacheKind::backend},  {"sslproxyciphersuite", ApacheKind::backend},
        {"sslproxyengine", ApacheKind::backend},
    };
    if (directive.name == "sslciphersuite") {
        const bool newest =
            directive.words.size() > 1 && same_ignoring_case(directive.words.front(), "TLSv1.3");
        return newest ? ApacheKind::ciphersuites : ApacheKind::ciphers;
    }
    const auto found = kinds.find(directive.name);
    return found == kinds.end() ? ApacheKind::other : found->second;
}

bool ApacheCommands::has(std::string_view name) const {
    return std::ranges::any_of(names, [&](std::string_view one) {
        return same_ignoring_case(one, name);
    });
}

const std::vector<ApacheCommands>& apache_commands() {
    static const std::vector<ApacheCommands> rows{
        {{"Groups", "Curves", "ECDHParameters"}, Aspect::groups, true},
        {{"CipherString"}, Aspect::ciphers, false},
        {{"Ciphersuites"}, Aspect::ciphersuites, false},
        {{"DHParameters"}, Aspect::dh, false},
    };
    return rows;
}

ApacheSettings::ApacheSettings(const ApacheTree& tree)
    : tree_{tree}, lists_(tree.scopes.size()), idle_(tree.scopes.size()) {
    for (std::size_t i = 0; i < tree.directives.size(); ++i) {
        const ApacheDirective& one = tree.directives[i];
        const ApacheKind kind = kind_of_apache(one);
        const bool counts = one.asleep.empty() && one.within.empty() && !one.words.empty();
        if (counts) {
            lists_[one.scope][std::to_underlying(kind)].push_back(i);
        }
        if (kind == ApacheKind::backend || (!counts && kind != ApacheKind::other)) {
            idle_[one.scope].push_back(i);
        }
    }
}

const std::vector<std::size_t>& ApacheSettings::of(ApacheKind kind, std::size_t scope) const {
    return lists_[scope][std::to_underlying(kind)];
}

std::vector<std::size_t> ApacheSettings::merged(ApacheKind kind, std::size_t scope) const {
    std::vector<std::size_t> all = of(kind, 0);
    if (scope != 0) {
        const auto& own = of(kind, scope);
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

std::optional<std::size_t> ApacheSettings::decider(ApacheKind kind, std::size_t scope) const {
    const auto all = merged(kind, scope);
    return all.empty() ? std::nullopt : std::optional{all.back()};
}

std::optional<std::size_t>
ApacheSettings::command(const std::vector<std::string_view>& names, std::size_t scope) const {
    std::optional<std::size_t> last;
    for (const std::size_t one : merged(ApacheKind::command, scope)) {
        const std::string& name = tree_.directives[one].words.front();
        if (std::ranges::any_of(names, [&](std::string_view wanted) {
                return same_ignoring_case(name, wanted);
            })) {
            last = one;
        }
    }
    return last;
}

/// A listener with the protocol `https` and a certificate turn TLS on where SSLEngine says nothing.
bool ApacheSettings::is_on(std::size_t scope, bool https) const {
    const auto engine = decider(ApacheKind::engine, scope);
    if (!engine) {
        return https && !merged(ApacheKind::certificate, scope).empty();
    }
    return same_ignoring_case(tree_.directives[*engine].words.front(), "on");
}

/// mod_ssl takes the versions of the named host over only if an SSLProtocol holds for it, be it the
/// main server's (ssl_engine_kernel.c, protocol_set); httpd before 2.4.42 never does.
std::size_t ApacheSettings::versions_from(const ApacheParties& parties) const {
    const bool own =
        parties.host_versions && decider(ApacheKind::protocols, parties.host).has_value();
    return own ? parties.host : parties.base;
}

VersionSet
ApacheSettings::versions(const ApacheParties& parties, std::optional<std::size_t> without) const {
    const std::size_t owner = versions_from(parties);
    const auto list = decider(ApacheKind::protocols, owner);
    VersionSet range = VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
    if (list && list != without) {
        range = without_hole(apache_protocols(tree_.directives[*list].words).value_or(range));
    }
    ProtocolVersion low = range.lowest();
    ProtocolVersion high = range.highest();
    VersionSet forbidden;
    const auto look = [&](std::size_t scope, bool bounds) {
        for (const std::size_t one : merged(ApacheKind::command, scope)) {
            const auto& words = tree_.directives[one].words;
            const auto bound = words.size() < 2 ? std::nullopt : openssl_bound(words[1]);
            if (one == without || words.size() < 2) {
                continue;
            }
            if (bounds && bound && same_ignoring_case(words[0], "MinProtocol")) {
                low = std::max(*bound, ProtocolVersion::tls_1_0);
            } else if (bounds && bound && same_ignoring_case(words[0], "MaxProtocol")) {
                high = *bound == ProtocolVersion::none ? ProtocolVersion::tls_1_3 : *bound;
            } else if (same_ignoring_case(words[0], "Protocol")) {
                forbidden = forbidden | forbidden_by(words[1]);
            }
        }
    };
    look(owner, true);
    look(parties.base, false); // SSL_OP_NO_TLSv1_x of the base host stay on the connection
    look(parties.host, false);
    return VersionSet::range(low, high) - forbidden;
}

} // namespace tlsdoctor::config
