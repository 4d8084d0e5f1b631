// SPDX-License-Identifier: Apache-2.0
// The TLS directives of an Apache configuration by virtual host and kind, and the rules by which
// they are merged: the last line of a context wins, a virtual host's own before the main server's;
// SSLOpenSSLConfCmd and certificates add up.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/servers/apache_tree.hpp"

namespace tlsdoctor::config {

/// What a directive is about.
enum class ApacheKind : std::uint8_t {
    engine,
    protocols,
    ciphers,
    ciphersuites,
    command, ///< SSLOpenSSLConfCmd
    certificate,
    backend, ///< SSLProxy*: the client side
    other
};

ApacheKind kind_of_apache(const ApacheDirective& directive);

/// What holds for one connection.
struct ApacheParties {
    std::size_t base{};   ///< the first virtual host of the address
    std::size_t host{};   ///< the one that the name chooses
    bool host_versions{}; ///< httpd is new enough to let the name choose versions
};

/// Commands of SSLOpenSSLConfCmd that mean the same.
struct ApacheCommands {
    std::vector<std::string_view> names{};
    Aspect aspect{};
    bool of_base{}; ///< the base host's holds for every name

    bool has(std::string_view name) const;
};

/// Those that are looked at, without the versions'.
const std::vector<ApacheCommands>& apache_commands();

/// Numbers are those of ApacheTree::directives.
class ApacheSettings {
public:
    explicit ApacheSettings(const ApacheTree& tree);

    const ApacheTree& tree() const { return tree_; }
    /// All of a kind in one scope that count, in order.
    const std::vector<std::size_t>& of(ApacheKind kind, std::size_t scope) const;
    /// Those of a scope that look as if they counted, and do not: asleep, in `<Directory>`, for
    /// backends.
    const std::vector<std::size_t>& idle(std::size_t scope) const { return idle_[scope]; }
    /// The main server's and the scope's own, in order.
    std::vector<std::size_t> merged(ApacheKind kind, std::size_t scope) const;
    /// The one that decides in this scope.
    std::optional<std::size_t> decider(ApacheKind kind, std::size_t scope) const;
    /// The last SSLOpenSSLConfCmd for one of these commands.
    std::optional<std::size_t>
    command(const std::vector<std::string_view>& names, std::size_t scope) const;
    /// Tells whether TLS is on in this scope, where its listener's protocol is `https` or not.
    bool is_on(std::size_t scope, bool https) const;
    /// The scope whose versions are used.
    std::size_t versions_from(const ApacheParties& parties) const;
    /// The versions, as if directive `without` were not there.
    VersionSet
    versions(const ApacheParties& parties, std::optional<std::size_t> without = std::nullopt) const;

private:
    const ApacheTree& tree_;
    std::vector<std::array<std::vector<std::size_t>, 8>> lists_{};
    std::vector<std::vector<std::size_t>> idle_{};
};

} // namespace tlsdoctor::config
