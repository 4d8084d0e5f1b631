// SPDX-License-Identifier: Apache-2.0
// The demonstration: each row is a server with one fault; the doctor must find that fault and no
// other. What is shown is what `check` would print: nothing here is prepared but the servers.
#include "cli/demo.hpp"

#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "cli/commands/commands.hpp"
#include "cli/results.hpp"
#include "crypto/authority.hpp"
#include "doctor/doctor.hpp"
#include "peer/background_servers.hpp"

namespace tlsdoctor::cli {

namespace {

using crypto::KeyType;

struct DemoCase {
    std::string_view what;  ///< the fault, as its administrator would not know it
    std::string_view cause; ///< the verdict that is right
    bool judges_trust;
};

constexpr std::array k_cases = {
    DemoCase{"A server whose administrator allowed TLS 1.3 alone", "server_only_tls13", false},
    DemoCase{"A server that was never updated", "server_only_legacy", false},
    DemoCase{"A server with ECDSA suites and an RSA certificate", "no_common_cipher", false},
    DemoCase{"A server that does not know the name it is asked for", "sni_unknown", false},
    DemoCase{"A web server without TLS on its TLS port", "not_tls_plain_http", false},
    DemoCase{"A server with an expired certificate", "cert_not_trusted", true},
    DemoCase{"A healthy server", "healthy", false},
};

constexpr std::string_view k_http_reply = "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n"
                                          "Content-Length: 0\r\nConnection: close\r\n\r\n";

/// The servers, in the order of `k_cases`.
std::expected<std::vector<peer::Behaviour>, std::string> behaviours() {
    std::vector<peer::Behaviour> all(k_cases.size());
    for (peer::Behaviour& behaviour : all) {
        behaviour.tls.emplace();
    }
    all[0].tls->min_version = ProtocolVersion::tls_1_3;
    all[1].tls->max_version = ProtocolVersion::tls_1_1;
    all[2].tls->max_version = ProtocolVersion::tls_1_2;
    all[2].tls->min_version = ProtocolVersion::tls_1_2;
    all[2].tls->cipher_list = "ECDHE-ECDSA-AES128-GCM-SHA256";
    all[2].tls->key_type = KeyType::rsa_2048;
    all[3].tls->only_names = {"shop.example"};
    all[4].tls.reset();
    all[4].script = [](ByteView) {
        const ByteView reply = as_bytes(k_http_reply);
        return Bytes(reply.begin(), reply.end());
    };
    const auto authority = crypto::make_authority();
    if (!authority) {
        return std::unexpected(authority.error().what);
    }
    const auto expired =
        crypto::issue(*authority, {"localhost"}, {.not_before_days = -90, .not_after_days = -3});
    if (!expired) {
        return std::unexpected(expired.error().what);
    }
    all[5].tls->identity = *expired;
    all[6].tls->min_version = ProtocolVersion::tls_1_2;
    all[5].tls->min_version = ProtocolVersion::tls_1_2;
    return all;
}

evidence::Target target_at(std::uint16_t port) {
    return {
        .input = fmt::format("localhost:{}", port),
        .host = "localhost",
        .port = port,
        .sni = "localhost",
    };
}

ExitCode fail(const std::string& why) {
    fmt::print(stderr, "tlsdoctor: demo: {}\n", why);
    return ExitCode::internal;
}

/// Visits one server; what was found is nullopt where the run was cut.
std::optional<std::string_view>
verdict_on(const DemoCase& demo, std::uint16_t port, const Options& options, Results& results) {
    doctor::Options visit = options.visit;
    visit.connect_address = "127.0.0.1";
    visit.insecure = !demo.judges_trust;
    std::string_view found;
    const auto show = [&](const advise::CaseFile& file) {
        found = file.diagnosis.findings.front().cause->name;
        if (const auto written = results.add(file); !written) {
            fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
        }
    };
    const std::array targets{target_at(port)};
    const bool cut = doctor::check(targets, visit, {.on_case = show});
    return cut ? std::nullopt : std::optional(found);
}

} // namespace

int run_demo(const Options& options) {
    auto wanted = behaviours();
    const auto servers = wanted ? peer::BackgroundServers::start(std::move(*wanted))
                                : std::unexpected(wanted.error());
    if (!servers) {
        return static_cast<int>(fail(servers.error()));
    }
    auto results = Results::open(options.output, true, environment());
    if (!results) {
        return static_cast<int>(fail(results.error().what));
    }
    const bool talks = !options.output.json && !options.output.quiet;
    std::size_t right = 0;
    for (std::size_t i = 0; i < k_cases.size(); ++i) {
        const DemoCase& demo = k_cases[i];
        if (talks) {
            print(
                fmt::format("{}[{}/{}] {}\n", i == 0 ? "" : "\n", i + 1, k_cases.size(), demo.what)
            );
        }
        const auto found = verdict_on(demo, servers->port(i), options, *results);
        if (!found) {
            return static_cast<int>(ExitCode::inconclusive);
        }
        if (*found == demo.cause) {
            ++right;
        }
    }
    if (const auto written = results->finish(false); !written) {
        return static_cast<int>(fail(written.error().what));
    }
    if (talks) {
        print(fmt::format("\n{} of {} verdicts are the expected ones.\n", right, k_cases.size()));
    }
    return static_cast<int>(right == k_cases.size() ? ExitCode::healthy : ExitCode::problem);
}

} // namespace tlsdoctor::cli
