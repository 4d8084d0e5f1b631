// SPDX-License-Identifier: Apache-2.0
// Who the client is, which of its hellos counts, and how its connections and words are cited.
#include "diagnose/client_case.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::HeardHello;
using evidence::HelloLists;

constexpr std::size_t k_most_of_a_line = 200;

/// A program by the beginning of its file's name, and what brings TLS 1.2 to it.
struct KnownProgram {
    std::string_view begins{};
    std::string_view name{};
    std::string_view upgrade{};
};

constexpr std::string_view k_openssl_upgrade =
    "a build with OpenSSL 1.0.1 (2012) or later; OpenSSL 3 is today's";

// clang-format off
constexpr KnownProgram k_programs[] = {
    {"python",     "Python",     "Python 3.4 (2.7.9) or later, built with OpenSSL 1.0.1 or later"},
    {"pip",        "pip",        "Python 3.4 (2.7.9) or later, built with OpenSSL 1.0.1 or later"},
    {"java",       "Java",       "Java 8 or later"},
    {"keytool",    "Java",       "Java 8 or later"},
    {"nodejs",     "Node.js",    "Node.js 12 or later"},
    {"node",       "Node.js",    "Node.js 12 or later"},
    {"npm",        "npm",        "Node.js 12 or later"},
    {"curl",       "curl",       k_openssl_upgrade},
    {"wget",       "Wget",       "a build with OpenSSL 1.0.1 or GnuTLS 3 or later"},
    {"openssl",    "OpenSSL",    "OpenSSL 1.0.1 (2012) or later; OpenSSL 3 is today's"},
    {"gnutls-cli", "GnuTLS",     "GnuTLS 3 or later"},
    {"go",         "Go",         "Go 1.13 or later"},
    {"git",        "Git",        "a build whose libcurl has OpenSSL 1.0.1 or GnuTLS 3 or later"},
    {"ruby",       "Ruby",       "Ruby 2.2 or later, built with OpenSSL 1.0.1 or later"},
    {"php",        "PHP",        "PHP 5.6 or later, built with OpenSSL 1.0.1 or later"},
    {"perl",       "Perl",       "Net::SSLeay with OpenSSL 1.0.1 or later"},
    {"pwsh",       "PowerShell", ".NET Framework 4.7 or .NET 6 or later"},
    {"dotnet",     ".NET",       ".NET Framework 4.7 or .NET 6 or later"},
    {"chrom",      "Chromium",   "a release of the last year"},
    {"firefox",    "Firefox",    "a release of the last year"},
    {"mysql",      "mysql",      k_openssl_upgrade},
    {"psql",       "psql",       k_openssl_upgrade},
    {"lua",        "Lua",        k_openssl_upgrade},
};
// clang-format on

const KnownProgram* known_program(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string file = lower(slash == std::string_view::npos ? path : path.substr(slash + 1));
    const auto* const at = std::ranges::find_if(k_programs, [&](const KnownProgram& program) {
        if (!file.starts_with(program.begins)) {
            return false;
        }
        // `go` is not `gopher`: behind a short name comes a version or nothing.
        const std::string_view rest = std::string_view{file}.substr(program.begins.size());
        const bool ends = rest.empty() || rest.front() < 'a' || rest.front() > 'z';
        return ends || program.begins.size() > 4;
    });
    return at == std::end(k_programs) ? nullptr : &*at;
}

/// The program itself, behind `env NAME=value` and `sudo`.
std::string_view program_in(const std::vector<std::string>& command) {
    const auto at = std::ranges::find_if(command, [](const std::string& word) {
        return word != "env" && word != "sudo" && word.find('=') == std::string::npos;
    });
    return at == command.end() ? std::string_view{} : std::string_view{*at};
}

const KnownProgram* program_of(const evidence::ClientVisit& visit) {
    return visit.program ? known_program(program_in(visit.program->command)) : nullptr;
}

std::string who_is(const evidence::ClientVisit& visit, const HeardHello* best) {
    if (const KnownProgram* const program = program_of(visit)) {
        return std::string{program->name};
    }
    if (best != nullptr && !best->lists->looks_like_name.empty() && !best->lists->near_only) {
        return best->lists->looks_like_name;
    }
    return "The client";
}

std::string versions_of_hello(const HelloLists& lists) {
    std::string text;
    for (const ProtocolVersion version : lists.versions) {
        text += (text.empty() ? "" : " + ") + name_of(version);
    }
    return text.empty() ? "no known version" : text;
}

std::string hello_words(const HeardHello& hello) {
    const HelloLists& lists = *hello.lists;
    const std::size_t suites = std::max(lists.cipher_suites.size(), lists.ssl2_cipher_kinds.size());
    return fmt::format(
        "{}{}, {} suites, {}, {} bytes", versions_of_hello(lists),
        hello.kind == wire::OpeningKind::ssl2_hello ? " in SSL 2.0's format" : "", suites,
        lists.sni ? "SNI " + harmless(*lists.sni) : "no SNI", hello.bytes.size()
    );
}

std::string end_words(const HeardHello& hello) {
    if (hello.ending == "closed") {
        return "closed by the client";
    }
    if (hello.ending == "reset") {
        return "reset by the client";
    }
    if (hello.ending == "timed_out") {
        return "open, with nothing more said";
    }
    return hello.ending == "displaced" ? "given up for newer ones" : "answered";
}

std::string opening_words(const HeardHello& hello) {
    constexpr std::size_t k_most_shown = 40;
    switch (hello.kind) {
    case wire::OpeningKind::hello:
    case wire::OpeningKind::ssl2_hello:
        return "a hello that cannot be read: " + hello.unreadable;
    case wire::OpeningKind::nothing:
        return "a connection without a byte";
    case wire::OpeningKind::other_tls:
        return "a TLS record that is no hello";
    case wire::OpeningKind::clear_text:
        return fmt::format(
            "clear text{}: \"{}\"", hello.protocol.empty() ? "" : " (" + hello.protocol + ")",
            printable(hello.bytes, k_most_shown)
        );
    case wire::OpeningKind::partial:
        return fmt::format("the first {} bytes of a hello", hello.bytes.size());
    case wire::OpeningKind::garbled:
        return fmt::format("{} bytes that are no hello", hello.bytes.size());
    }
    return "";
}

} // namespace

ClientCase open_client_case(const evidence::ClientVisit& visit) {
    const HeardHello* best = nullptr;
    const auto newest = [](const HeardHello& hello) {
        return hello.lists->versions.empty() ? ProtocolVersion::none
                                             : hello.lists->versions.front();
    };
    for (const HeardHello& hello : visit.hellos) {
        if (hello.lists && (best == nullptr || newest(hello) > newest(*best))) {
            best = &hello;
        }
    }
    return {.visit = visit, .best = best, .who = who_is(visit, best)};
}

bool refuses(const ClientCase& client, ProtocolVersion version) {
    if (!client.visit.walk) {
        return false;
    }
    const std::string name = name_of(version);
    bool accepts_another = false;
    bool refused = false;
    for (const evidence::WalkStep& step : client.visit.walk->steps) {
        const bool about_versions = step.group == evidence::WalkGroup::versions;
        accepts_another =
            accepts_another || (about_versions && step.acceptance == evidence::Reaction::accepted);
        // Where the server found nothing in common, the version is not what the client minded.
        refused = refused || (about_versions && step.name == name &&
                              step.acceptance == evidence::Reaction::refused &&
                              step.how.starts_with("the client"));
    }
    return refused && accepts_another;
}

ProtocolVersion newest_offered(const ClientCase& client) {
    if (client.best == nullptr) {
        return ProtocolVersion::none;
    }
    for (const ProtocolVersion version : client.best->lists->versions) {
        if (!refuses(client, version)) {
            return version;
        }
    }
    return ProtocolVersion::none;
}

const HelloLists& lists_of(const ClientCase& client) {
    assume(client.best != nullptr, "a client without a hello has no lists");
    return *client.best->lists;
}

bool carries(const ClientCase& client, ExtensionType type) {
    const auto& extensions = lists_of(client).extensions;
    return std::ranges::find(extensions, type) != extensions.end();
}

Citation cite(const HeardHello& hello) {
    return {
        .exchange = hello.id,
        .text = hello.lists ? hello_words(hello)
                            : fmt::format("{} -> {}", opening_words(hello), end_words(hello)),
    };
}

Proof cite_best(const ClientCase& client) {
    return client.best == nullptr ? std::nullopt : Proof(std::vector{cite(*client.best)});
}

Proof printed(const ClientCase& client, std::span<const std::string_view> phrases) {
    if (!client.visit.program) {
        return std::nullopt;
    }
    for (const std::string_view line : split(client.visit.program->output_tail, '\n')) {
        const std::string small = lower(line);
        const bool found = std::ranges::any_of(phrases, [&](std::string_view phrase) {
            return small.find(phrase) != std::string::npos;
        });
        if (found) {
            const std::string shown = harmless(trimmed(line).substr(0, k_most_of_a_line));
            return std::vector{Citation{.text = fmt::format("it printed -> \"{}\"", shown)}};
        }
    }
    return std::nullopt;
}

std::string_view program_name(std::string_view path) {
    const KnownProgram* const program = known_program(path);
    return program == nullptr ? std::string_view{} : program->name;
}

std::string upgrade_for(const ClientCase& client) {
    if (const KnownProgram* const program = program_of(client.visit)) {
        return std::string{program->upgrade};
    }
    const std::string looks = client.best == nullptr ? "" : lower(lists_of(client).looks_like_name);
    for (const KnownProgram& program : k_programs) {
        if (looks.find(program.begins) != std::string::npos && program.begins.size() > 3) {
            return std::string{program.upgrade};
        }
    }
    return "a release whose TLS library has TLS 1.2";
}

} // namespace tlsdoctor::diagnose
