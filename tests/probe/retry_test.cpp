// SPDX-License-Identifier: Apache-2.0
// The second hello that a HelloRetryRequest asks for, against OpenSSL and against requests that no
// client follows.
#include "probe/retry.hpp"

#include <array>
#include <span>
#include <string>

#include <doctest/doctest.h>

#include "crypto/flights.hpp"
#include "crypto/server_session.hpp"
#include "probe/reply.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::probe {
namespace {

using crypto::test::HelloOptions;
using crypto::test::known_hello;
using crypto::test::KnownHello;

constexpr HelloOptions (*k_two_groups)(NamedGroup) = [](NamedGroup second) {
    return HelloOptions{.groups = {NamedGroup::x25519}, .groups_without_share = {second}};
};

evidence::Offer of_tls_1_3() {
    return {.versions = {ProtocolVersion::tls_1_3}, .shape = evidence::Shape::composed};
}

wire::ClientHello read_message(ByteView message) {
    auto hello = wire::read_client_hello(message.subspan(4));
    REQUIRE(hello);
    return *std::move(hello);
}

Bytes request_for(std::vector<wire::Extension> extensions) {
    return write(wire::ServerHello{
        .random = wire::k_hello_retry_request_random,
        .cipher_suite = CipherSuite::TLS_AES_128_GCM_SHA256,
        .extensions = std::move(extensions),
    });
}

} // namespace

TEST_CASE("after a HelloRetryRequest the flight of OpenSSL is read to its end") {
    struct Case {
        NamedGroup group;
        std::string name;
    };
    const std::array cases = {
        Case{NamedGroup::secp256r1, "P-256"},
        Case{NamedGroup::secp384r1, "P-384"},
        Case{NamedGroup::secp521r1, "P-521"},
        Case{NamedGroup::x448, "X448"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const KnownHello hello = known_hello(k_two_groups(c.group));
        const auto context = crypto::ServerContext::create({.groups = c.name});
        REQUIRE(context);
        auto server = context->accept();
        REQUIRE(server);
        ReplyReader reply(
            of_tls_1_3(), 443,
            {.keys = hello.keys, .client_hello = hello.message, .look_inside = true}
        );
        server->feed(hello.record);
        reply.feed(server->take_output());
        REQUIRE_FALSE(reply.retry_request().empty());

        const auto second = second_hello(hello.message, hello.keys, reply.retry_request());
        REQUIRE(second);
        REQUIRE(second->keys.size() == 1);
        CHECK(second->keys.front().group() == c.group);
        reply.go_on({.keys = second->keys, .client_hello = second->message, .look_inside = true});
        server->feed(second->bytes);
        reply.feed(server->take_output());
        evidence::Exchange exchange;
        reply.conclude(evidence::Ending::ours, exchange);
        CHECK(exchange.outcome == evidence::Outcome::accepted);
        REQUIRE(exchange.selection);
        CHECK(exchange.selection->after_retry);
        CHECK(exchange.selection->group == c.group);
        REQUIRE(exchange.flight);
        CHECK(exchange.flight->stage == "Finished");
        CHECK(exchange.flight->failure.empty());
    }
}

TEST_CASE("a second hello differs from the first in what was asked for alone") {
    const KnownHello hello = known_hello(k_two_groups(NamedGroup::secp384r1));
    const Bytes cookie{1, 2, 3};
    const Bytes request = request_for(
        {wire::write_selected_version(ProtocolVersion::tls_1_3),
         wire::write_selected_group(NamedGroup::secp384r1), wire::write_cookie(cookie)}
    );
    const auto second = second_hello(hello.message, hello.keys, request);
    REQUIRE(second);
    const wire::ClientHello before = read_message(hello.message);
    wire::ClientHello after = read_message(second->message);
    const auto* const sent = wire::find(after.extensions, ExtensionType::cookie);
    REQUIRE(sent != nullptr);
    CHECK(wire::read_cookie(sent->data).value() == cookie);
    std::erase_if(after.extensions, [](const wire::Extension& extension) {
        return extension.type == ExtensionType::cookie;
    });
    REQUIRE(after.extensions.size() == before.extensions.size());
    for (std::size_t i = 0; i < after.extensions.size(); ++i) {
        const bool share = before.extensions[i].type == ExtensionType::key_share;
        CHECK((after.extensions[i] == before.extensions[i]) != share);
    }
    CHECK(after.random == before.random);
}

TEST_CASE("no client follows a request for what it did not offer, or has sent already") {
    const KnownHello hello = known_hello(k_two_groups(NamedGroup::secp384r1));
    const auto follows = [&](const Bytes& request) {
        return second_hello(hello.message, hello.keys, request).has_value();
    };
    const auto version = wire::write_selected_version(ProtocolVersion::tls_1_3);
    CHECK_FALSE(follows(request_for({version, wire::write_selected_group(NamedGroup::x448)})));
    CHECK_FALSE(follows(request_for({version, wire::write_selected_group(NamedGroup::x25519)})));
    CHECK_FALSE(follows(request_for({version, {.type = ExtensionType::key_share, .data = {1}}})));
    CHECK_FALSE(follows({}));
    CHECK_FALSE(second_hello({}, hello.keys, request_for({version})).has_value());
}

TEST_CASE("silence after a second hello is silence, and not a broken answer") {
    const KnownHello hello = known_hello(k_two_groups(NamedGroup::secp384r1));
    const auto context = crypto::ServerContext::create({.groups = "P-384"});
    REQUIRE(context);
    auto server = context->accept();
    REQUIRE(server);
    ReplyReader reply(of_tls_1_3(), 443, {.keys = hello.keys, .client_hello = hello.message});
    server->feed(hello.record);
    reply.feed(server->take_output());
    const auto second = second_hello(hello.message, hello.keys, reply.retry_request());
    REQUIRE(second);
    reply.go_on({.keys = second->keys, .client_hello = second->message});
    CHECK(reply.wants() == Wants::answer);
    evidence::Exchange exchange;
    reply.conclude(evidence::Ending::ours, exchange);
    CHECK(exchange.outcome == evidence::Outcome::silent);
}

} // namespace tlsdoctor::probe
