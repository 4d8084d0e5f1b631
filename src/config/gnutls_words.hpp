// SPDX-License-Identifier: Apache-2.0
// The words of GnuTLS 3.7: what exists, and what each level (`NORMAL`, `SECURE256` ...) enables.
#pragma once

#include <span>
#include <string_view>

#include "config/gnutls_policy.hpp"

namespace tlsdoctor::config {

/// A level; `alias` is another name for it.
struct GnutlsLevel {
    std::string_view name{};
    std::string_view alias{};
    std::span<const std::string_view> ciphers{};
    std::span<const std::string_view> macs{};
    std::span<const std::string_view> exchanges{};
    std::span<const std::string_view> groups{};
    std::span<const std::string_view> signatures{};
    bool tls12_only{};
};

/// A word that stands for several of a list: `GROUP-EC-ALL`.
struct GnutlsBulk {
    std::string_view word{};
    GnutlsList list{};
    std::span<const std::string_view> added{}; ///< by `+`; `-` empties the list where `all`
    bool all{};
};

/// Returns every name of a list.
std::span<const std::string_view> gnutls_names(GnutlsList list);

/// Finds a level by its name in any case; null where there is none.
const GnutlsLevel* gnutls_level(std::string_view name);

/// Finds a word for several in any case; null where there is none.
const GnutlsBulk* gnutls_bulk(std::string_view word);

/// Tells whether `%WORD` exists; here case matters.
bool gnutls_option(std::string_view word);

/// Tells whether the library knows `VERS-` + `word`, `DTLS1.2` and `SSL3.0` among them.
bool gnutls_version(std::string_view word);

} // namespace tlsdoctor::config
