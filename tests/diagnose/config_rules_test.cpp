// SPDX-License-Identifier: Apache-2.0
// Which cause a configured endpoint gets.
#include <doctest/doctest.h>

#include <algorithm>

#include "diagnose/config_case.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ConfigDoor;
using evidence::ConfigObstacle;
using evidence::Configuration;
using evidence::ConfiguredEndpoint;

constexpr auto k_off = ConfigObstacle::not_enabled;
constexpr auto k_on = ConfigObstacle::none;

/// TLS 1.0, 1.1, 1.2 and 1.3; SSL is never on.
using Four = std::array<ConfigObstacle, 4>;
constexpr Four k_modern{k_off, k_off, k_on, k_on};

ConfiguredEndpoint configured(
    const Four& four, ConfigDoor door = ConfigDoor::tls, std::string address = "0.0.0.0:443"
) {
    ConfiguredEndpoint endpoint{.address = std::move(address), .door = door};
    for (std::size_t i = 0; i < k_versions.size(); ++i) {
        const ConfigObstacle obstacle = i < 2 ? k_off : four[i - 2];
        endpoint.versions.push_back({k_versions[i], obstacle == k_on, obstacle});
    }
    return endpoint;
}

Configuration one_endpoint(ConfiguredEndpoint endpoint, std::string server = "nginx") {
    return {.server = server, .product = server, .library = "OpenSSL", .endpoints = {endpoint}};
}

std::string verdict_for(const Configuration& configuration, const ConfigQuestion& question = {}) {
    return std::string{diagnose(configuration, question).findings.front().finding.cause->name};
}

struct VersionsCase {
    const char* name;
    Four four;
    const char* cause;
};

} // namespace

TEST_CASE("versions and what keeps them away decide the cause") {
    constexpr auto k_level = ConfigObstacle::security_level;
    const VersionsCase cases[] = {
        {"today's versions", k_modern, "healthy"},
        {"1.3 alone", {k_off, k_off, k_off, k_on}, "server_only_tls13"},
        {"1.2 alone", {k_off, k_off, k_on, k_off}, "no_tls13"},
        {"1.1 at most", {k_on, k_on, k_off, k_off}, "server_only_legacy"},
        {"all four", {k_on, k_on, k_on, k_on}, "legacy_versions_enabled"},
        {"a hole", {k_on, k_on, k_off, k_on}, "server_protocol_config"},
        {"none", {k_off, k_off, k_off, k_off}, "server_protocol_config"},
        {"old ones blocked", {k_level, k_level, k_on, k_on}, "healthy"},
        {"all blocked", {k_level, k_level, k_level, k_level}, "seclevel_blocks_old_tls"},
        {"wrong key", {k_off, k_off, ConfigObstacle::key_mismatch, k_on}, "cert_key_type_mismatch"},
        {"no suite", {k_off, k_off, ConfigObstacle::no_suite, k_on}, "no_common_cipher"},
        {"no DH", {k_off, k_off, ConfigObstacle::no_dh_parameters, k_off}, "no_common_cipher"},
        {"no group",
         {k_off, k_off, ConfigObstacle::no_group, ConfigObstacle::no_group},
         "no_common_group"},
    };
    for (const VersionsCase& c : cases) {
        CAPTURE(c.name);
        CHECK(verdict_for(one_endpoint(configured(c.four))) == c.cause);
    }
}

TEST_CASE("a door that is not TLS has its own cause") {
    constexpr Four k_none{
        ConfigObstacle::door, ConfigObstacle::door, ConfigObstacle::door, ConfigObstacle::door
    };
    const auto cause = [&](ConfigDoor door, std::string address, std::string server = "nginx") {
        return verdict_for(one_endpoint(configured(k_none, door, std::move(address)), server));
    };
    CHECK(cause(ConfigDoor::plain, "0.0.0.0:443") == "not_tls_plain_http");
    auto clear = configured(k_none, ConfigDoor::plain, "0.0.0.0:80");
    clear.meant_for_tls = false;
    CHECK(verdict_for(one_endpoint(clear)) == "unknown");
    CHECK(cause(ConfigDoor::plain, "0.0.0.0:993", "dovecot") == "not_tls_other_protocol");
    CHECK(cause(ConfigDoor::starttls_not_offered, "0.0.0.0:25") == "starttls_not_offered");
    CHECK(cause(ConfigDoor::not_listening, "0.0.0.0:993") == "port_closed");
    CHECK(cause(ConfigDoor::no_certificate, "0.0.0.0:443") == "server_no_certificate");
    CHECK(cause(ConfigDoor::closes, "0.0.0.0:443") == "closed_after_hello");
}

TEST_CASE("a server that does not start is proven to be broken, whatever its endpoints are") {
    Configuration configuration = one_endpoint(configured(k_modern));
    configuration.fatal = {{.line = {.file = "/x.conf", .line = 3}, .what = "no such directive"}};
    const ConfigDiagnosis diagnosis = diagnose(configuration, {});
    CHECK(diagnosis.findings.size() == 1);
    CHECK(diagnosis.findings.front().finding.confidence == Confidence::proven);
    CHECK(diagnosis.findings.front().finding.summary == "nginx does not start: no such directive.");
    CHECK(diagnosis.findings.front().lines.size() == 1);
}

TEST_CASE("endpoints that are alike are one finding, and the worst is the verdict") {
    Configuration configuration = one_endpoint(configured(k_modern));
    configuration.endpoints.push_back(configured({k_off, k_off, k_off, k_on}));
    configuration.endpoints.push_back(configured({k_off, k_off, k_off, k_on}));
    const ConfigDiagnosis diagnosis = diagnose(configuration, {});
    REQUIRE(diagnosis.findings.size() == 2);
    CHECK(diagnosis.findings[0].endpoints == std::vector<std::size_t>{1, 2});
    CHECK(diagnosis.findings[1].finding.cause->name == "healthy");
}

TEST_CASE("an expectation decides, and one that is met forgives") {
    const Configuration only_1_3 = one_endpoint(configured({k_off, k_off, k_off, k_on}));
    const Expectation tls_1_2{ProtocolVersion::tls_1_2, true};
    const Expectation no_tls_1_2{ProtocolVersion::tls_1_2, false};
    CHECK(verdict_for(only_1_3, {.expect = {tls_1_2}}) == "server_only_tls13");
    const ConfigDiagnosis met = diagnose(only_1_3, {.expect = {no_tls_1_2}});
    CHECK(met.findings.front().finding.status == Status::ok);
    const Configuration modern = one_endpoint(configured(k_modern));
    CHECK(verdict_for(modern, {.expect = {no_tls_1_2}}) == "expectation_failed");
    Policy policy;
    policy.versions = std::vector{ProtocolVersion::tls_1_3};
    CHECK(verdict_for(modern, {.target = policy}) == "expectation_failed");
}

TEST_CASE("only what is asked about is judged") {
    Configuration configuration = one_endpoint(configured(k_modern));
    configuration.endpoints.push_back(configured({k_off, k_off, k_off, k_on}));
    CHECK(verdict_for(configuration, {.endpoints = std::vector<std::size_t>{0}}) == "healthy");
    CHECK(verdict_for(configuration, {.endpoints = std::vector<std::size_t>{}}) == "unknown");
}

} // namespace tlsdoctor::diagnose
