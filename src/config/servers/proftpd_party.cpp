// SPDX-License-Identifier: Apache-2.0
// Servers of ProFTPD; see the header.
#include "config/servers/proftpd_party.hpp"

#include <map>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr VersionSet k_ftp_default =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
constexpr VersionSet k_ftp_all =
    VersionSet::range(ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_3);
constexpr std::uint32_t k_ftp_port = 21;

std::optional<ProtocolVersion> ftp_version(std::string_view word) {
    for (const ProtocolVersion version : k_ftp_all.members()) {
        if (same_ignoring_case(word, openssl_name(version))) {
            return version;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<VersionSet> ftp_protocols(const std::vector<std::string>& words) {
    const bool from_all = !words.empty() && same_ignoring_case(words.front(), "ALL");
    VersionSet set = from_all ? k_ftp_all : VersionSet{};
    for (std::size_t i = from_all ? 1 : 0; i < words.size(); ++i) {
        std::string_view word = words[i];
        const bool minus = from_all && word.starts_with('-');
        word.remove_prefix(from_all && (minus || word.starts_with('+')) ? 1 : 0);
        const auto version = ftp_version(word);
        if (version && minus) {
            set.remove(*version);
        } else if (version) {
            set.add(*version);
        } else if (same_ignoring_case(word, "SSLv23")) {
            set = set | VersionSet{ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0};
        } else {
            return std::nullopt;
        }
    }
    return set;
}

std::optional<std::string> rewritten_ftp_protocols(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.has(ProtocolVersion::ssl_2_0)) {
        return std::nullopt;
    }
    if (!lower(old.substr(0, 3)).starts_with("all")) {
        return openssl_names(wanted, " ");
    }
    const VersionSet without = k_ftp_all - wanted;
    return without.empty() ? "ALL" : "ALL -" + openssl_names(without, " -");
}

const FtpDirective* FtpParty::first(std::string_view name) const {
    const FtpDirective* const found = own->first(name);
    return found == nullptr ? global->first(name) : found;
}

const FtpDirective* FtpParty::last(std::string_view name) const {
    const FtpDirective* const found = own->last(name);
    return found == nullptr ? global->last(name) : found;
}

bool FtpParty::is(std::string_view name, std::string_view value) const {
    const FtpDirective* const found = first(name);
    return found != nullptr && same_ignoring_case(found->words.front(), value);
}

VersionSet FtpParty::versions() const {
    const FtpDirective* const list = first("tlsprotocol");
    return list == nullptr ? k_ftp_default : ftp_protocols(list->words).value_or(VersionSet{});
}

std::uint32_t FtpParty::port() const {
    const FtpDirective* const line = own->last("port");
    return line == nullptr ? k_ftp_port : number_in(line->words.front(), 65535).value_or(0);
}

const FtpDirective* FtpParty::ciphers(bool newest) const {
    for (const FtpServer* const server : {own, global}) {
        const FtpDirective* found = nullptr;
        for (const FtpDirective& one : server->directives) {
            const Aspect aspect = ftp_aspect(one);
            const bool fits = aspect == (newest ? Aspect::ciphersuites : Aspect::ciphers);
            found = fits && one.asleep.empty() ? &one : found;
        }
        if (found != nullptr) {
            return found;
        }
    }
    return nullptr;
}

Aspect ftp_aspect(const FtpDirective& directive) {
    static const std::map<std::string_view, Aspect> aspects{
        {"tlsengine", Aspect::tls},
        {"tlsoptions", Aspect::tls},
        {"tlsprotocol", Aspect::versions},
        {"tlsciphersuite", Aspect::ciphers},
        {"tlsecdhcurve", Aspect::groups},
        {"tlsdhparamfile", Aspect::dh},
        {"tlsrsacertificatefile", Aspect::certificate},
        {"tlseccertificatefile", Aspect::certificate},
        {"port", Aspect::listen},
        {"serveralias", Aspect::name},
    };
    const auto found = aspects.find(directive.name);
    if (found == aspects.end()) {
        return Aspect::other;
    }
    const bool newest = directive.name == "tlsciphersuite" && directive.words.size() > 1 &&
                        same_ignoring_case(directive.words.front(), "TLSv1.3");
    return newest ? Aspect::ciphersuites : found->second;
}

} // namespace tlsdoctor::config
