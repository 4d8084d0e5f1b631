// SPDX-License-Identifier: Apache-2.0
// What mod_ssl makes a handshake of; see apache_service.hpp.
#include "base/text.hpp"
#include "config/servers/apache_service.hpp"

namespace tlsdoctor::config {

namespace {

/// mod_ssl appends this to every list, its default too.
constexpr std::string_view k_apache_never = ":!aNULL:!eNULL:!EXP";

/// A word of a directive; empty where there is none.
std::string
apache_word(const ApacheTree& tree, std::optional<std::size_t> directive, std::size_t from) {
    if (!directive || tree.directives[*directive].words.size() <= from) {
        return {};
    }
    return tree.directives[*directive].words[from];
}

} // namespace

void fill_apache_service(const ApacheWorld& world, const ApacheParties& parties, Service& service) {
    const ApacheSettings& settings = world.settings;
    const ApacheTree& tree = world.tree;
    service.dh_parameters = true; // mod_ssl makes its own
    service.enabled = settings.versions(parties);
    const auto ciphers = settings.decider(ApacheKind::ciphers, parties.host);
    service.default_ciphers = !ciphers;
    service.ciphers = ciphers ? tree.directives[*ciphers].words.back() : "DEFAULT";
    service.ciphers += k_apache_never;
    if (const auto command = settings.command({"CipherString"}, parties.host)) {
        service.ciphers = apache_word(tree, command, 1);
        service.default_ciphers = false;
    }
    const auto suites = settings.command({"Ciphersuites"}, parties.host);
    service.ciphersuites = apache_word(
        tree, suites ? suites : settings.decider(ApacheKind::ciphersuites, parties.host), 1
    );
    // A connection's groups are fixed before the name is known: the base host's.
    service.groups = apache_word(
        tree, settings.command({"Groups", "Curves", "ECDHParameters"}, parties.base), 1
    );
    if (same_ignoring_case(service.groups, "auto")) {
        service.groups.clear();
    }
    for (const std::size_t one : settings.merged(ApacheKind::certificate, parties.host)) {
        service.certificates.push_back(joined_path(tree.server_root, apache_word(tree, one, 0)));
    }
}

} // namespace tlsdoctor::config
