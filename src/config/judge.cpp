// SPDX-License-Identifier: Apache-2.0
// The library beneath; see the header.
#include "config/judge.hpp"

#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

VersionSet Effective::accepted() const {
    VersionSet set;
    for (const VersionState& state : versions) {
        if (state.accepted) {
            set.add(state.version);
        }
    }
    return set;
}

std::vector<VersionState> states_of(VersionSet accepted, Obstacle obstacle) {
    std::vector<VersionState> states;
    for (const ProtocolVersion version : k_versions) {
        const bool in = accepted.has(version);
        states.push_back({version, in, in ? Obstacle::none : obstacle});
    }
    return states;
}

namespace {

constexpr std::string_view k_openssl_conf = "/etc/ssl/openssl.cnf"; ///< Debian's

/// The value of a variable of the start command as an absolute path; empty where it is not set.
std::string path_in(const StartCommand& start, std::string_view variable) {
    const CommandWord* const word = start.variable(variable);
    return word == nullptr || word->text.empty() ? "" : joined_path(start.folder, word->text);
}

Effective judged(const Hearing& hearing) {
    if (hearing.service.door != Door::tls) {
        return {.versions = states_of({}, Obstacle::door), .lines = hearing.service.lines};
    }
    switch (hearing.server.library) {
    case Library::openssl:
        return judge_openssl(hearing);
    case Library::gnutls:
        return judge_gnutls(hearing);
    case Library::java:
        return judge_java(hearing);
    case Library::go:
        return judge_go(hearing);
    }
    return {};
}

} // namespace

Beneath beneath(const Input& input, const Server& /*server*/) {
    Beneath found{
        .library_version = input.library_version, .gnutls_conf = gnutls_conf_beneath(input)
    };
    found.openssl_conf = path_in(input.start, "OPENSSL_CONF");
    if (found.openssl_conf.empty() &&
        input.files.kind_of(std::string{k_openssl_conf}) == FileKind::file) {
        found.openssl_conf = k_openssl_conf;
    }
    return found;
}

std::vector<Effective>
judge_all(const Server& server, const Beneath& beneath, const Input& input, Reading& reading) {
    OpensslPolicies policies{input.files, reading.sources, reading.not_understood};
    std::vector<Effective> all;
    for (const Service& service : reading.services) {
        all.push_back(judged({server, service, beneath, input, reading, policies}));
    }
    return all;
}

} // namespace tlsdoctor::config
