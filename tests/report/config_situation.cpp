// SPDX-License-Identifier: Apache-2.0
// Situations; see the header.
#include "config_situation.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::ConfigLine;
using evidence::ConfigObstacle;
using evidence::ConfiguredEndpoint;
using evidence::LineRole;

const ConfigLine k_guilty{
    .file = "/etc/nginx/sites-available/default",
    .line = 7,
    .text = "ssl_protocols TLSv1.3;",
    .role = LineRole::guilty,
    .about = "versions"
};
const ConfigLine k_ignored{
    .file = "/etc/nginx/sites-available/app",
    .line = 9,
    .text = "ssl_protocols TLSv1.2 TLSv1.3;",
    .role = LineRole::inert,
    .why = "the default server of the socket decides",
    .about = "versions"
};

ConfiguredEndpoint
endpoint_with(std::string address, std::optional<std::string> sni, bool tls_1_2) {
    ConfiguredEndpoint endpoint{
        .address = std::move(address), .sni = std::move(sni), .certificate_key = "rsa"
    };
    for (const ProtocolVersion version : k_versions) {
        const bool accepted =
            version == ProtocolVersion::tls_1_3 || (tls_1_2 && version == ProtocolVersion::tls_1_2);
        endpoint.versions.push_back(
            {version, accepted, accepted ? ConfigObstacle::none : ConfigObstacle::not_enabled}
        );
    }
    endpoint.groups = {NamedGroup{0x001d}, NamedGroup{0x0017}};
    endpoint.tls13_suites = {CipherSuite{0x1301}};
    return endpoint;
}

evidence::Configuration nginx_with(std::vector<ConfiguredEndpoint> endpoints) {
    return {
        .server = "nginx",
        .product = "nginx",
        .server_version = "1.22.1",
        .version_source = "detected",
        .library = "OpenSSL",
        .library_version = "3.0.15",
        .files = {"/etc/nginx/nginx.conf", "/etc/nginx/sites-available/default"},
        .endpoints = std::move(endpoints)
    };
}

advise::ConfigFix fix_of_default() {
    return {
        .fix =
            {.side = Side::server,
             .product = "nginx",
             .where = "/etc/nginx/sites-available/default:7",
             .text = "ssl_protocols TLSv1.2 TLSv1.3;",
             .cost = "None.",
             .verify = "nginx -t && nginx -s reload && tlsdoctor check 127.0.0.1:443"},
        .edits =
            {{.file = "/etc/nginx/sites-available/default",
              .line = 7,
              .before = "\tssl_protocols TLSv1.3;",
              .after = "\tssl_protocols TLSv1.2 TLSv1.3;"}},
        .diff = "--- /etc/nginx/sites-available/default\n+++ /etc/nginx/sites-available/default\n"
                "@@ -6,3 +6,3 @@\n \tssl_certificate a.crt;\n-\tssl_protocols TLSv1.3;\n"
                "+\tssl_protocols TLSv1.2 TLSv1.3;\n }\n",
        .cause = "server_only_tls13",
        .goal = "0.0.0.0:443 accepts TLS 1.2, TLS 1.3"
    };
}

} // namespace

advise::ConfigFile default_server_decides() {
    advise::ConfigFile file{
        .configuration = nginx_with(
            {endpoint_with("0.0.0.0:443", std::nullopt, false),
             endpoint_with("0.0.0.0:443", "app.example", false),
             endpoint_with("0.0.0.0:443", "*", false),
             endpoint_with("[::]:443", "app.example", true)}
        )
    };
    for (ConfiguredEndpoint& endpoint : file.configuration.endpoints) {
        endpoint.decided_by = {k_guilty, k_ignored};
    }
    file.configuration.not_understood = {
        {.line = {.file = "/etc/nginx/nginx.conf", .line = 3, .text = "ssl_magic on;"},
         .what = "unknown directive `ssl_magic`"}
    };
    file.diagnosis = diagnose::diagnose(file.configuration, {});
    file.diagnosis.findings.front().locked_out = {
        {.id = "java-8",
         .name = "Java 8",
         .cause = "server_requires_newer_version",
         .reason = "it speaks at most TLS 1.2",
         .telling = true}
    };
    file.fixes = {fix_of_default()};
    return file;
}

advise::ConfigFile does_not_start() {
    advise::ConfigFile file{.configuration = nginx_with({})};
    file.configuration.fatal = {
        {.line =
             {.file = "/etc/nginx/nginx.conf",
              .line = 13,
              .text = "ssl_ciphers PROFILE=SYSTEM;",
              .role = LineRole::guilty},
         .what = "OpenSSL refuses this list of cipher suites"}
    };
    file.diagnosis = diagnose::diagnose(file.configuration, {});
    return file;
}

advise::ConfigFile healthy_configuration() {
    advise::ConfigFile file{
        .configuration = nginx_with({endpoint_with("127.0.0.1:443", std::nullopt, true)})
    };
    file.diagnosis = diagnose::diagnose(file.configuration, {});
    return file;
}

} // namespace tlsdoctor::report
