// SPDX-License-Identifier: Apache-2.0
// What is known of a HAProxy configuration while and after its lines are read: bind lines with
// their certificates, and every line that sets a default or seems to.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "config/servers/haproxy_tls.hpp"

namespace tlsdoctor::config {

/// Why a line that is for `server` lines decides nothing.
inline constexpr std::string_view k_haproxy_client = "for HAProxy as a client of its servers";

/// A certificate of a bind line: a word behind `crt`, a file of its folder, or a line of a
/// crt-list.
struct HaproxyCertificate {
    std::vector<std::string> paths{};   ///< the file, or those of a bundle
    std::vector<std::string> filters{}; ///< lower case, `!` in front of what is excluded
    std::string key{};                  ///< `rsa`, `ecdsa`; empty where it could not be read
    HaproxyTls own{};                   ///< from the brackets of its line
    Place statement{};
    Place options{}; ///< between the brackets; empty where there are none
    bool from_list{};
    bool has_versions{};  ///< a version stands in the brackets
    bool dh_parameters{}; ///< stand in the file
};

/// One bind line.
struct HaproxyBind {
    Place statement{};
    Place options{}; ///< the words behind the address
    std::size_t proxy{};
    std::vector<std::string> addresses{}; ///< `0.0.0.0:443`
    bool ssl{};
    bool accept_proxy{};
    bool strict_sni{};
    Place strict_sni_place{};
    HaproxyTls own{};
    HaproxyTls defaults{};       ///< as they were when the line was read
    std::size_t defaults_seen{}; ///< how many default lines came before it
    bool own_versions{};         ///< a version word stands on it
    std::vector<HaproxyCertificate> certificates{};
};

/// A line that sets a default, or looks as if it did.
struct HaproxyDefaultLine {
    Place statement{};
    Place value{};
    Aspect aspect{};
    std::string why{};                  ///< not empty: it never decides
    std::optional<std::size_t> proxy{}; ///< only for this one
};

/// A frontend, listen, backend ... section.
struct HaproxyProxy {
    std::string kind{};
    std::string name{};
    Place statement{};
    bool tcp{};
    bool disabled{};
    std::vector<std::string> backends{}; ///< that it names
};

/// All of it.
struct HaproxyModel {
    std::vector<HaproxyProxy> proxies{};
    std::vector<HaproxyBind> binds{};
    std::vector<HaproxyDefaultLine> default_lines{};
    std::optional<Place> global{};       ///< the first global section's line
    std::optional<Place> last_option{};  ///< the last ssl-default-bind-options that was alive
    HaproxyTls defaults{};               ///< as they are now
    std::string certificate_folder{};    ///< crt-base
    std::string folder{};                ///< relative names begin here
    std::optional<int> security_level{}; ///< ssl-security-level
    bool dh_parameters{};                ///< by a global directive
};

/// Finds the certificate that answers a name on a bind: those chosen (RSA and ECDSA may both be
/// there, by preference), empty where none has the name. `name` may be a pattern `*.example.com`.
std::vector<const HaproxyCertificate*>
chosen_certificates(const HaproxyBind& bind, const std::string& name);

/// Adds the certificates of `crt NAME`: a file, a bundle of files, or a folder.
void load_haproxy_certificates(
    const Input& input, Reading& reading, const HaproxyModel& model, const std::string& name,
    Place place, HaproxyBind& bind
);

/// Adds those of `crt-list NAME`.
void load_haproxy_list(
    const Input& input, Reading& reading, const HaproxyModel& model, const std::string& name,
    Place place, HaproxyBind& bind
);

/// Reads a bind line: `words` with `bind` first.
void read_haproxy_bind(
    const Input& input, Reading& reading, HaproxyModel& model, std::span<const HaproxyWord> words,
    Place statement, const HaproxyEnvironment& environment
);

/// Returns the addresses of `127.0.0.1:443,[::1]:443`, and what is wrong with one.
std::expected<std::vector<std::string>, std::string> haproxy_addresses(std::string_view text);

/// Returns the files of all `-f`, in order, those behind `--` too; relative names begin at `base`.
std::vector<std::string> haproxy_paths(const Input& input, const std::string& base);

/// Returns where the words behind the first one stand.
Place haproxy_values(std::span<const HaproxyWord> words);

/// Takes an ssl-default-* line; false where it is none. One that is not `alive` is only noted.
bool read_haproxy_default(
    HaproxyModel& model, Reading& reading, std::span<const HaproxyWord> words, Place statement,
    bool alive
);

/// Adds what decides for a service of a bind line: for a name that `chosen` certificates have, or
/// that none has.
void add_haproxy_lines(
    const HaproxyModel& model, const HaproxyBind& bind, const HaproxyTls& tls,
    const HaproxyVersions& versions, const std::vector<const HaproxyCertificate*>& chosen,
    Service& service
);

/// Makes services of all bind lines.
void serve_haproxy(const Input& input, const HaproxyModel& model, Reading& reading);

/// Other edits; see Server::propose.
std::vector<Proposal> propose_haproxy(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
