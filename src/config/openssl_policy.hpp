// SPDX-License-Identifier: Apache-2.0
// What an openssl.cnf prescribes to every program that uses the library: the section
// `system_default` of `ssl_conf` [config(5), SSL_CONF_cmd(3)]. Which of it reaches a server is
// another question: see `reach_of`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/files.hpp"
#include "config/source.hpp"
#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// One setting with its places.
struct PolicySetting {
    std::string value{};
    Place statement{};
    Place value_place{};
};

/// The settings that decide handshakes; nullopt where the file does not make them.
struct OpensslPolicy {
    std::optional<PolicySetting> min_protocol{};
    std::optional<PolicySetting> max_protocol{};
    std::optional<PolicySetting> protocol{};
    std::optional<PolicySetting> cipher_string{};
    std::optional<PolicySetting> ciphersuites{};
    std::optional<PolicySetting> groups{};
};

/// Reads the file and what it includes; a file that is missing prescribes nothing. `name` is the
/// application's (`openssl_conf` where it has none). Remarks go to `remarks`.
OpensslPolicy read_openssl_policy(
    const Files& files, const std::string& path, std::string_view name, Sources& sources,
    std::vector<Remark>& remarks
);

/// Reads each file once for all services of a configuration. Borrows everything.
class OpensslPolicies final {
public:
    OpensslPolicies(const Files& files, Sources& sources, std::vector<Remark>& remarks)
        : files_{files}, sources_{sources}, remarks_{remarks} {}

    /// Returns what `read_openssl_policy` says of a file and an application's name; stays good.
    const OpensslPolicy& of(const std::string& path, const std::string& name);

private:
    const Files& files_;
    Sources& sources_;
    std::vector<Remark>& remarks_;
    std::map<std::pair<std::string, std::string>, OpensslPolicy> known_{};
};

/// Which settings of the file change what a server accepts.
struct PolicyReach {
    std::string_view server{};
    bool min_protocol{};
    bool max_protocol{};
    bool security_level{};
    bool groups{};
    bool ciphersuites{};
    bool protocol{};
};

/// Returns the row of a server (measured: 23 files x 6 settings with Debian 12's packages); a
/// server without a row lets everything through.
const PolicyReach& reach_of(std::string_view server);

/// Returns the versions that `MinProtocol`, `MaxProtocol` leave, or all for values such as `None`.
VersionSet at_least(std::string_view value);
VersionSet at_most(std::string_view value);
/// Returns the versions of a list such as `ALL,-TLSv1.3` or `-ALL,TLSv1.2` [SSL_CONF_cmd(3)].
VersionSet protocols_in(std::string_view list);

/// Returns n of the last `@SECLEVEL=n` in a cipher string; nullopt where there is none.
std::optional<int> security_level_in(std::string_view cipher_string);

} // namespace tlsdoctor::config
