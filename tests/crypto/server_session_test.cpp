// SPDX-License-Identifier: Apache-2.0
// The server's options, and application data in both directions.
#include "crypto/server_session.hpp"

#include <array>

#include <doctest/doctest.h>

#include "conversation.hpp"
#include "crypto/trust_store.hpp"

namespace tlsdoctor::crypto {

namespace {

using test::ask;
using test::converse;
using test::localhost;
using test::serve;
using test::trusting;

constexpr const char* k_encrypted_key = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                        "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBB2\n"
                                        "-----END ENCRYPTED PRIVATE KEY-----\n";

} // namespace

TEST_CASE("a server and a client exchange text in every version") {
    for (const auto version :
         {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2,
          ProtocolVersion::tls_1_3}) {
        CAPTURE(name_of(version));
        ServerSession server =
            serve({.min_version = version, .max_version = version, .identity = localhost()});
        ClientSession client = ask(trusting());
        CHECK_FALSE(client.write("too early"));
        converse(client, server);

        CHECK(client.write("hello"));
        CHECK(client.write(""));
        converse(client, server);
        CHECK(server.read() == "hello");
        CHECK(server.read().empty());

        const std::string much(100'000, 'x');
        CHECK(server.write(much));
        server.close();
        converse(client, server);
        CHECK(client.read() == much);
        REQUIRE(client.alerts().size() == 1);
        CHECK(client.alerts()[0].description == AlertDescription::close_notify);
        CHECK(client.failure_after().empty());
    }
}

TEST_CASE("sessions come to the same end whatever the pieces they are fed") {
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 1000U}) {
        for (const auto version : {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3}) {
            CAPTURE(piece);
            CAPTURE(name_of(version));
            ServerSession server =
                serve({.min_version = version, .max_version = version, .identity = localhost()});
            ClientSession client = ask(trusting());
            converse(client, server, piece);
            CHECK_MESSAGE(client.state() == SessionState::done, client.failure());
            CHECK_MESSAGE(server.state() == SessionState::done, server.failure());
            CHECK(client.version() == version);
        }
    }
}

TEST_CASE("a server answers with the suites that it was given and no other") {
    struct Case {
        std::string name{};
        ServerOptions options{};
        CipherSuite suite{};
    };
    const auto v12 = ProtocolVersion::tls_1_2;
    const std::array cases = {
        Case{
            "TLS 1.3 suite",
            {.tls13_suites = "TLS_CHACHA20_POLY1305_SHA256", .identity = localhost()},
            CipherSuite::TLS_CHACHA20_POLY1305_SHA256
        },
        Case{
            "TLS 1.2 suite",
            {.max_version = v12,
             .cipher_list = "ECDHE-ECDSA-AES128-GCM-SHA256",
             .identity = localhost()},
            CipherSuite{0xc02b}
        },
        Case{
            "static RSA",
            {.max_version = v12,
             .cipher_list = "AES128-SHA",
             .identity = localhost(KeyType::rsa_2048)},
            CipherSuite{0x002f}
        },
        Case{
            "finite field",
            {.max_version = v12,
             .cipher_list = "DHE-RSA-AES128-SHA",
             .identity = localhost(KeyType::rsa_2048)},
            CipherSuite{0x0033}
        },
        Case{
            "a group that the client has no share for",
            {.tls13_suites = "TLS_AES_128_GCM_SHA256", .groups = "P-384", .identity = localhost()},
            CipherSuite::TLS_AES_128_GCM_SHA256
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = serve(c.options);
        ClientSession client = ask(trusting());
        converse(client, server);
        CHECK_MESSAGE(client.state() == SessionState::done, client.failure());
        CHECK(client.cipher_suite() == c.suite);
    }
}

TEST_CASE("a server has the faults that it was given, and clients say so") {
    const auto v12 = ProtocolVersion::tls_1_2;
    const Identity& rsa = localhost(KeyType::rsa_2048);
    struct Case {
        std::string name{};
        ServerOptions options{};
        std::string failure{};
    };
    const std::array cases = {
        Case{
            "DH of 1024 bits",
            {.max_version = v12, .cipher_list = "DHE", .dh_bits = 1024, .identity = rsa},
            ""
        },
        Case{
            "DH of 2048 bits",
            {.max_version = v12, .cipher_list = "DHE", .dh_bits = 2048, .identity = rsa},
            ""
        },
        Case{
            "SHA-1 alone",
            {.max_version = v12, .signature_algorithms = "RSA+SHA1", .identity = rsa},
            ""
        },
        Case{"a protocol that the client does not ask for", {.alpn = {"h3"}, .identity = rsa}, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = serve(c.options);
        ClientSession client = ask(trusting());
        converse(client, server);
        CHECK(client.failure() == c.failure);
    }
}

TEST_CASE("a server refuses suites that its certificate cannot serve with alert 40") {
    ServerSession server = serve(
        {.max_version = ProtocolVersion::tls_1_2,
         .cipher_list = "ECDHE-ECDSA-AES128-GCM-SHA256",
         .identity = localhost(KeyType::rsa_2048)}
    );
    ClientSession client = ask(trusting());
    converse(client, server);
    CHECK(client.failure() == "the server sent alert 40 handshake_failure");
    CHECK(server.failure() == "no shared cipher");
}

TEST_CASE("a server with names of its own answers them alone") {
    struct Case {
        std::string name{};
        const char* asked{};
        SessionState state{};
    };
    const std::array cases = {
        Case{"its name", "localhost", SessionState::done},
        Case{"its name in capitals", "LOCALHOST", SessionState::done},
        Case{"another name", "other.example", SessionState::failed},
        Case{"a longer name", "localhost.example", SessionState::failed},
        Case{"no name", "127.0.0.1", SessionState::failed},
    };
    const auto context = test::must(
        ServerContext::create({.identity = localhost(), .only_names = {"www.example", "localhost"}})
    );
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = test::must(context.accept());
        ClientSession client = ask(trusting(c.asked));
        converse(client, server);
        CHECK(client.state() == c.state);
        CHECK(server.state() == c.state);
    }
}

TEST_CASE("a server makes its own certificate, which a client can be told to trust") {
    const auto context =
        test::must(ServerContext::create({.names = {"demo.example", "192.0.2.1"}}));
    for (const char* name : {"demo.example", "192.0.2.1"}) {
        ServerSession server = test::must(context.accept());
        ClientSession client =
            ask({.server_name = name, .ca_pem = context.identity().certificate_pem});
        converse(client, server);
        CHECK(client.verification().trust == Trust::trusted);
    }
}

TEST_CASE("java_trust_store makes a PKCS #12 file, or says why not") {
    const Bytes file = test::must(java_trust_store(test::authority().certificate_pem, "changeit"));
    CHECK(file.size() > 500);
    CHECK(file.front() == 0x30);
    CHECK_FALSE(java_trust_store("no certificate", "changeit").has_value());
}

TEST_CASE("a session outlives the context that it came from") {
    ServerSession server = serve({.identity = localhost(), .only_names = {"localhost"}});
    ClientSession client = ask(trusting());
    ServerSession moved = std::move(server);
    converse(client, moved);
    CHECK(moved.state() == SessionState::done);
    CHECK(moved.server_name() == "localhost");
}

TEST_CASE("a server refuses options that it cannot follow") {
    struct Case {
        std::string name{};
        ServerOptions options{};
        const char* what{};
    };
    const Identity mixed = {
        .certificate_pem = localhost().certificate_pem,
        .key_pem = localhost(KeyType::rsa_2048).key_pem,
    };
    const Identity locked = {
        .certificate_pem = localhost().certificate_pem, .key_pem = k_encrypted_key
    };
    const std::array cases = {
        Case{
            "unknown suite",
            {.cipher_list = "NO-SUCH-SUITE"},
            "cannot use the cipher list NO-SUCH-SUITE:@SECLEVEL=0"
        },
        Case{
            "unknown TLS 1.3 suite",
            {.tls13_suites = "TLS_NO"},
            "cannot use the TLS 1.3 suites TLS_NO"
        },
        Case{"unknown group", {.groups = "P-1"}, "cannot use the groups P-1"},
        Case{
            "SSL 3.0", {.min_version = ProtocolVersion::ssl_3_0}, "cannot speak SSL 3.0 to TLS 1.3"
        },
        Case{"no PEM", {.identity = {"x", "y"}}, "cannot use the certificate and its key"},
        Case{"another's key", {.identity = mixed}, "cannot use the certificate and its key"},
        Case{
            "a key under a pass phrase",
            {.identity = locked},
            "cannot use the certificate and its key"
        },
        Case{"no CA", {.client_ca_pem = "x"}, "cannot use the CA for client certificates"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto made = ServerContext::create(c.options);
        REQUIRE_FALSE(made);
        CHECK(made.error().what == c.what);
        CHECK_FALSE(made.error().cause.empty());
    }
}

} // namespace tlsdoctor::crypto
