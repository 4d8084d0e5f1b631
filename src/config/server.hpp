// SPDX-License-Identifier: Apache-2.0
// The servers that are known, one row each: how their files are called, which library they stand
// on, who reads them. Everything that differs between servers is behind a row of this table.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/files.hpp"
#include "config/service.hpp"
#include "config/start_command.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::config {

/// The facts of a certificate that decide handshakes.
struct CertificateInfo {
    std::string key{};                ///< `rsa`, `ecdsa`, `ed25519`, `ed448`, `dsa`
    int bits{};                       ///< of the key
    std::string curve{};              ///< `P-256`, with `ecdsa`
    bool sha1{};                      ///< signed with SHA-1 or MD5
    std::vector<std::string> names{}; ///< DNS names, the common name where there are none
};

/// What only a TLS library knows; tests bring their own.
struct Knowledge {
    /// Suites of TLS 1.2 and older that an OpenSSL cipher string selects at security level 0, best
    /// first; the error says why OpenSSL refuses the string. `@SECLEVEL=n` in it is allowed.
    std::function<std::expected<std::vector<CipherSuite>, std::string>(const std::string&)> suites{
    };
    /// The first certificate of a PEM text; nullopt where there is none that can be read.
    std::function<std::optional<CertificateInfo>(const std::string& pem)> certificate{};
};

/// What a reader gets.
struct Input {
    const Files& files;
    const Knowledge& knowledge;
    std::string main{}; ///< absolute path of the file that the server reads first
    StartCommand start{};
    std::string server_version{};  ///< `1.22.1`: given, detected, or what Debian 12 has
    std::string library_version{}; ///< `3.0.15`
};

/// The library whose rules apply beneath the server's own.
enum class Library : std::uint8_t { openssl, gnutls, java, go };

/// A row of the table.
struct Server {
    std::string_view name{};    ///< as `--server` takes it
    std::string_view product{}; ///< as people write it: `nginx`, `Apache`; as in data/fixes.tsv
    Library library{};
    std::string_view version{}; ///< assumed where none is given or detected: Debian 12's
    std::span<const std::string_view> main_files{}; ///< names below a folder, the likeliest first
    std::span<const std::string_view> places{
    }; ///< full paths where distributions put the main file
    /// Reads the configuration into `reading`, whose sources already hold the start command. Never
    /// fails: what is wrong goes into the reading's remarks.
    void (*read)(const Input& input, Reading& reading){};
    /// Other edits that could make `service` accept `wanted`; may be null. The engine tries each on
    /// a copy and keeps what leads to the goal.
    std::vector<Proposal> (*propose)(
        const Input& input, const Reading& reading, const Service& service, VersionSet wanted
    ){};
};

/// All servers, in the order of the manual.
std::span<const Server> servers();

/// Finds a server by its name; null where there is none.
const Server* find_server(std::string_view name);

/// Tells whether version `a` is older than `b`: numbers between dots are compared as numbers, what
/// is missing is 0. An empty `a` is older than nothing.
bool older(std::string_view a, std::string_view b);

} // namespace tlsdoctor::config
