// SPDX-License-Identifier: Apache-2.0
#include "walk/trials.hpp"

#include <set>

#include <doctest/doctest.h>

#include "peer/background_servers.hpp"

namespace tlsdoctor::walk {

namespace {

using evidence::WalkGroup;

const std::vector<WalkGroup> k_whole = {
    WalkGroup::versions, WalkGroup::key_types, WalkGroup::suites,
    WalkGroup::groups,   WalkGroup::failures,
};

} // namespace

TEST_CASE("every trial has a name of its own in its group and a server that can run") {
    peer::LabCertificates certificates{crypto::KeyType::rsa_2048};
    const auto all = trials(k_whole, certificates);
    REQUIRE(certificates.error().empty());
    std::set<std::string> names;
    std::set<WalkGroup> groups;
    std::vector<peer::Behaviour> behaviours{healthy_server(certificates)};
    for (const Trial& trial : all) {
        CAPTURE(trial.name);
        CHECK(names.insert(std::string(evidence::name_of(trial.group)) + trial.name).second);
        groups.insert(trial.group);
        behaviours.push_back(trial.behaviour);
    }
    CHECK(groups.size() == k_whole.size());
    CHECK(all.size() >= 40);
    const auto servers = peer::BackgroundServers::start(std::move(behaviours));
    CHECK_MESSAGE(servers.has_value(), servers.error());
}

TEST_CASE("trials are those of the groups that were asked for") {
    peer::LabCertificates certificates;
    for (const Trial& trial : trials({WalkGroup::versions}, certificates)) {
        CHECK(trial.group == WalkGroup::versions);
    }
    CHECK(trials({}, certificates).empty());
}

TEST_CASE("what a hello does not offer need not be tried") {
    client::HelloFields hello;
    hello.cipher_suites = {CipherSuite{0xc02f}};
    hello.groups = {NamedGroup::x25519};
    hello.signature_algorithms = {SignatureScheme::ecdsa_secp256r1_sha256};
    struct Case {
        const char* name;
        Trial trial;
        bool offered;
    };
    const Case cases[] = {
        {"one of the suites", {.suites = {0xc030, 0xc02f}}, true},
        {"none of the suites", {.suites = {0x009e}}, false},
        {"the group", {.named_group = NamedGroup::x25519}, true},
        {"another group", {.named_group = NamedGroup::x448}, false},
        {"the signature", {.signature = SignatureScheme::ecdsa_secp256r1_sha256}, true},
        {"another signature", {.signature = SignatureScheme::ed25519}, false},
        {"a question without conditions", {}, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(is_offered(c.trial, hello) == c.offered);
        CHECK(is_offered(c.trial, std::nullopt));
    }
    hello.groups.clear();
    CHECK(is_offered({.named_group = NamedGroup::x448}, hello));
}

} // namespace tlsdoctor::walk
