// SPDX-License-Identifier: Apache-2.0
// What a server's own directives say for one listening address and one server name, after the
// server's own rules of merging: the common form that every reader (servers/) produces. The
// library beneath (OpenSSL, GnuTLS, Java, Go) is judged later and for all servers alike
// (judge.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/source.hpp"
#include "config/version_set.hpp"

namespace tlsdoctor::config {

/// What a line is about; the judge marks those lines guilty whose aspect explains what is wrong.
enum class Aspect : std::uint8_t {
    listen,       ///< opens the address; TLS or not
    tls,          ///< turns TLS on or off: `ssl on`, `SSLEngine`, `smtpd_tls_security_level`
    name,         ///< chooses by server name, or refuses names
    versions,     ///< a list of versions, or a minimum, or a maximum
    ciphers,      ///< suites of TLS 1.2 and older, with OpenSSL's `@SECLEVEL`
    ciphersuites, ///< suites of TLS 1.3
    groups,
    dh,
    certificate,
    security_level,
    other, ///< anything else that looks as if it decided: the client side, another section
};

/// Whether a line decides. Readers say `effective` or `inert`; `guilty` is the judge's word.
enum class Role : std::uint8_t { effective, guilty, inert };

/// Writes a value anew so that it enables `wanted` (or as much of it as this line can say): gets
/// the bytes of the value as they stand, quotes included, and returns the new bytes; nullopt where
/// that cannot be said in this place.
using Rewrite = std::optional<std::string> (*)(std::string_view old, VersionSet wanted);

/// A line that decides something for a service, or looks as if it did.
struct Line {
    Place statement{}; ///< from the first byte of the directive to its last, `;` or `>` in it
    Place value{};     ///< the bytes that an edit replaces: the words after the name
    Aspect aspect{};
    Role role{};
    std::string why{}; ///< half a sentence, where it is not plain: `the default server decides`
    Rewrite rewrite{}; ///< null where the value is not a list or bound of versions
    std::optional<Place> also{}; ///< where the same is written too and must change with it
    bool needed{}; ///< opens the listener, or names the server: no fix takes the line away
};

/// What answers when somebody connects and asks for this name.
enum class Door : std::uint8_t {
    tls,
    plain,                ///< clear text: TLS is not enabled on the port
    starttls_not_offered, ///< or offered and refused
    not_listening,        ///< the server does not open it
    name_refused,         ///< alert 112: ssl_reject_handshake, strict-sni
    no_certificate,       ///< alert 80: none for this name, or its file is missing
    closes,               ///< TCP close without a word: the process dies, PROXY protocol expected
};

/// Where a new directive for this service may be inserted, and how.
struct Insertion {
    Place after{};      ///< the statement behind which it goes, on a line of its own
    bool before{};      ///< goes in front of that statement instead
    std::string text{}; ///< the line without indentation: `ssl_protocols {};`, `{}` is the value
    Rewrite value{};    ///< writes the value (its `old` is empty)
};

/// One address and name.
struct Service {
    std::string address{};            ///< `127.0.0.1:443`, `[::1]:443`, `0.0.0.0:443`
    std::optional<std::string> sni{}; ///< nullopt: no name; `*` any other; `*.example.com`
    std::optional<std::string> starttls{
    }; ///< `smtp`, `imap`, `pop3`, `ftp`, `ldap`, `postgres`, `mysql`, `xmpp`
    Door door{};
    VersionSet otherwise{}; ///< what would be enabled without the version lines; empty: not known
    VersionSet enabled{};   ///< by directives and built-in default, before the library
    std::string ciphers{};  ///< the list for TLS 1.2 and older in the library's own language
    bool default_ciphers{}; ///< no directive: `ciphers` is the built-in default
    std::string ciphersuites{}; ///< of TLS 1.3, with colons; empty: the library's default
    std::string groups{};       ///< with colons; empty: the library's default
    std::optional<int> security_level{
    }; ///< set by the server itself beneath the cipher list (Postfix 0)
    bool dh_parameters{}; ///< DHE can be had: a file, or the server's automatic ones
    bool sets_minimum{
    }; ///< a directive sets the lowest version (stunnel: then MinProtocol is inert)
    std::vector<std::string> certificates{}; ///< absolute paths of PEM files, all that are offered
    std::string openssl_conf{
    }; ///< a file of its own (Postfix' tls_config_file); empty: the process's
    std::string openssl_name{}; ///< the application's name in that file; empty: `openssl_conf`
    std::vector<Line> lines{};  ///< all that decide here or seem to; in reading order
    std::vector<Insertion> insertions{}; ///< the best place first
};

/// Another way to reach a goal than by writing versions anew: `ssl` on a listen line, `SSLEngine
/// on`.
struct Edit {
    Place range{}; ///< empty where something is inserted
    std::string text{};
};

/// Edits that belong together.
struct Proposal {
    std::vector<Edit> edits{};
    std::string why{};
};

/// What a reader made of a configuration.
struct Reading {
    Sources sources{};
    std::string server_version{};
    std::vector<Service> services{};
    std::vector<Remark> fatal{};    ///< with these the server does not start
    std::vector<Remark> warnings{}; ///< the server starts, and does something else than it seems
    std::vector<Remark> not_understood{}; ///< never skipped silently
};

} // namespace tlsdoctor::config
