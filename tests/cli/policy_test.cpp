// SPDX-License-Identifier: Apache-2.0
// Policies from the table and from files, and what is wrong with some.
#include "cli/policy_option.hpp"

#include <doctest/doctest.h>

#include "cli/options.hpp"

namespace tlsdoctor::cli {

namespace {

/// The error of a file's text, or what it became.
std::string read(std::string_view text) {
    const auto words = policy_words_in(text, "own.json");
    if (!words) {
        return words.error().what;
    }
    const auto policy = policy_from(*words);
    return policy ? "" : policy.error();
}

std::expected<Options, UsageError> options_of(std::vector<std::string> words) {
    return read_options(words);
}

} // namespace

TEST_CASE("every published policy is readable") {
    for (const PublishedPolicy& row : published_policies()) {
        CAPTURE(row.name);
        CAPTURE(row.guideline);
        const auto policy = policy_from(policy_words(row));
        REQUIRE(policy);
        CHECK(policy->versions->back() == ProtocolVersion::tls_1_3);
        CHECK(policy->tls13_suites->size() == 3);
        CHECK(policy->groups->size() >= 3);
        CHECK_FALSE(policy->certificate_signatures->empty());
        CHECK((row.name == "modern") == policy->suites->empty());
        CHECK((row.name == "old") == policy->server_order);
    }
}

TEST_CASE("policy_words_in reads Mozilla's members and this program's") {
    const auto words = policy_words_in(
        R"({"tls_versions": ["TLSv1.2"], "ciphers": {"openssl": ["AES128-SHA"], "go": ["x"]},
            "ciphersuites": ["TLS_AES_128_GCM_SHA256"], "tls_curves": ["prime256v1"],
            "signature_algorithms": ["rsa_pkcs1_sha256"], "certificate_types": ["RSA"],
            "rsa_key_size": 3072, "dh_param_size": null, "maximum_certificate_lifespan": 90,
            "server_preferred_order": true, "hsts_min_age": 1, "oldest_clients": ["IE 8"]})",
        "own.json"
    );
    REQUIRE(words);
    const auto policy = policy_from(*words);
    REQUIRE(policy);
    CHECK(policy->name == "own.json");
    CHECK(policy->versions == std::vector{ProtocolVersion::tls_1_2});
    CHECK(policy->suites == std::vector{CipherSuite{0x002f}});
    CHECK(policy->groups == std::vector{NamedGroup::secp256r1});
    CHECK(policy->certificate_types == std::vector<std::string>{"rsa"});
    CHECK(policy->rsa_bits == 3072);
    CHECK_FALSE(policy->dh_bits);
    CHECK(policy->server_order);
    CHECK(policy->not_judged == std::vector<std::string>{"hsts_min_age"});
}

TEST_CASE("policy files that make no sense are refused, and the error says where") {
    struct Case {
        std::string_view text;
        std::string_view error;
    };
    const Case cases[] = {
        {"{\n\"tls_versions\": [\n\"TLSv1.2\",]}", "own.json:3: no JSON"},
        {"", "own.json:1: no JSON"},
        {"[]", "own.json:1: an object is wanted"},
        {"{}", "the policy: it has no member that is judged"},
        {R"({"hsts_min_age": 1})", "the policy: it has no member that is judged"},
        {R"({"tls_version": ["TLSv1.2"]})", "tls_version: no member of a policy is called so"},
        {R"({"tls_versions": "TLSv1.2"})", "tls_versions: an array of names is wanted"},
        {R"({"tls_versions": [12]})", "tls_versions: an array of names is wanted"},
        {R"({"tls_versions": []})", "tls_versions: no version is permitted"},
        {R"({"tls_versions": ["TLSv1.4"]})", "tls_versions: 'TLSv1.4' is no version known here"},
        {R"({"ciphers": ["AES128-SHA", "AES-128-SHA"]})", "ciphers: 'AES-128-SHA' is no cipher"},
        {R"({"ciphers": ["TLS_AES_128_GCM_SHA256"]})", "belongs into ciphersuites"},
        {R"({"ciphersuites": ["AES128-SHA"]})", "belongs into ciphers"},
        {R"({"tls_versions": ["TLSv1.2"], "ciphers": []})", "and no suite of it"},
        {R"({"tls_curves": ["P256"]})", "tls_curves: 'P256' is no group known here"},
        {R"({"certificate_types": ["dh"]})", "certificate_types: 'dh' is none of"},
        {R"({"rsa_key_size": -1})", "rsa_key_size: a whole number of 1"},
        {R"({"rsa_key_size": "2048"})", "rsa_key_size: a whole number of 1"},
        {R"({"server_preferred_order": 1})", "server_preferred_order: true or false"},
        {R"({"configurations": {"a": {}, "b": {}}})", "configurations: one is wanted"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const std::string error = read(c.text);
        CHECK_MESSAGE(error.find(c.error) != std::string::npos, error);
    }
}

TEST_CASE("--policy asks for all that a policy is about") {
    const auto options = options_of({"check", "host", "--policy", "old@5.7"});
    REQUIRE(options);
    CHECK(options->visit.question.policy->name == "old@5.7");
    CHECK(options->visit.inventory.suites);
    CHECK(options->visit.inventory.rest);
    CHECK_FALSE(options->output.tables);
    CHECK(options_of({"check", "host", "--policy", "old", "--full"})->output.tables);
    const std::pair<std::vector<std::string>, std::string_view> wrong[] = {
        {{"check", "host", "--policy", "intermedate"}, "'intermedate' is not a known policy"},
        {{"check", "host", "--policy", "old@9"}, "not a known policy"},
        {{"check", "host", "--policy", "./none.json"}, "cannot open ./none.json"},
        {{"check", "host", "--policy", "old", "--versions-only"}, "exclude each other"},
        {{"check", "host", "--policy", "old", "--suites-only"}, "exclude each other"},
    };
    for (const auto& [words, error] : wrong) {
        CAPTURE(error);
        const auto refused = options_of(words);
        REQUIRE_FALSE(refused);
        CHECK_MESSAGE(refused.error().what.find(error) != std::string::npos, refused.error().what);
    }
}

} // namespace tlsdoctor::cli
