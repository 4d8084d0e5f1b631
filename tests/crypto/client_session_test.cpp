// SPDX-License-Identifier: Apache-2.0
// Whole handshakes in memory: what the client negotiates, how it judges certificates, how it fails.
#include "crypto/client_session.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "conversation.hpp"
#include "crypto/certificate.hpp"

namespace tlsdoctor::crypto {

namespace {

using test::ask;
using test::authority;
using test::converse;
using test::localhost;
using test::serve;
using test::trusting;

/// Sets a variable of the environment for one test.
class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) {
        setenv(name, value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { unsetenv(name_); }

private:
    const char* name_;
};

/// A PEM file that is gone after the test.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text) {
        const int file = mkstemp(path_.data());
        REQUIRE(file >= 0);
        ::close(file);
        std::ofstream(path_) << text;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { unlink(path_.c_str()); }
    const std::string& path() const { return path_; }

private:
    std::string path_ = std::filesystem::temp_directory_path() / "tlsdoctor-test-XXXXXX";
};

} // namespace

TEST_CASE("a client completes every version with RSA and ECDSA certificates") {
    struct Case {
        ProtocolVersion version{};
        KeyType key{};
        std::string facts{};
    };
    const std::array cases = {
        Case{ProtocolVersion::tls_1_0, KeyType::rsa_2048, "RSA 2048"},
        Case{ProtocolVersion::tls_1_0, KeyType::ecdsa_p256, "EC P-256"},
        Case{ProtocolVersion::tls_1_1, KeyType::rsa_2048, "RSA 2048"},
        Case{ProtocolVersion::tls_1_1, KeyType::ecdsa_p256, "EC P-256"},
        Case{ProtocolVersion::tls_1_2, KeyType::rsa_2048, "RSA 2048"},
        Case{ProtocolVersion::tls_1_2, KeyType::ecdsa_p256, "EC P-256"},
        Case{ProtocolVersion::tls_1_2, KeyType::ed25519, "Ed25519"},
        Case{ProtocolVersion::tls_1_3, KeyType::rsa_2048, "RSA 2048"},
        Case{ProtocolVersion::tls_1_3, KeyType::ecdsa_p256, "EC P-256"},
        Case{ProtocolVersion::tls_1_3, KeyType::ed25519, "Ed25519"},
    };
    for (const Case& c : cases) {
        CAPTURE(name_of(c.version));
        CAPTURE(c.facts);
        ServerSession server =
            serve({.min_version = c.version, .max_version = c.version, .identity = localhost(c.key)}
            );
        ClientSession client = ask(trusting());
        CHECK(client.state() == SessionState::wants_input);
        CHECK_FALSE(client.version());
        CHECK(client.verification().trust == Trust::not_judged);

        converse(client, server);

        CHECK_MESSAGE(client.state() == SessionState::done, client.failure());
        CHECK_MESSAGE(server.state() == SessionState::done, server.failure());
        CHECK(client.version() == c.version);
        REQUIRE(client.cipher_suite());
        CHECK(client.cipher_suite() == server.cipher_suite());
        CHECK(find(*client.cipher_suite())->last_version >= c.version);
        CHECK(client.verification().trust == Trust::trusted);
        CHECK(client.failure_after().empty());
        CHECK(client.alerts().empty());
        REQUIRE(client.chain().size() == 1);
        CHECK(test::must(read_certificate(client.chain().front())).key == c.facts);
    }
}

TEST_CASE("a client says why a certificate is not trusted, and completes the handshake") {
    struct Case {
        std::string name{};
        std::vector<std::string> names{};
        IssueOptions options{};
        std::string asked{};
        Trust trust{};
        const char* error{};
    };
    const std::array cases = {
        Case{"good", {"a.example"}, {}, "a.example", Trust::trusted, ""},
        Case{"name in capitals", {"a.example"}, {}, "A.Example", Trust::trusted, ""},
        Case{"absolute name", {"a.example"}, {}, "a.example.", Trust::trusted, ""},
        Case{"wildcard", {"*.example.com"}, {}, "a.example.com", Trust::trusted, ""},
        Case{"no name asked", {"a.example"}, {}, "", Trust::trusted, ""},
        Case{"IPv4", {"192.0.2.7"}, {}, "192.0.2.7", Trust::trusted, ""},
        Case{"IPv6", {"2001:db8::7"}, {}, "2001:DB8:0::7", Trust::trusted, ""},
        Case{"IPv6 with a zone", {"fe80::7"}, {}, "fe80::7%eth0", Trust::trusted, ""},
        Case{
            "expired",
            {"a.example"},
            {.not_before_days = -9, .not_after_days = -2},
            "a.example",
            Trust::expired,
            "certificate has expired"
        },
        Case{
            "not yet valid",
            {"a.example"},
            {.not_before_days = 2},
            "a.example",
            Trust::not_yet_valid,
            "certificate is not yet valid"
        },
        Case{
            "other name", {"a.example"}, {}, "b.example", Trust::name_mismatch, "hostname mismatch"
        },
        Case{
            "wildcard one level up",
            {"*.example.com"},
            {},
            "a.b.example.com",
            Trust::name_mismatch,
            "hostname mismatch"
        },
        Case{
            "partial wildcard",
            {"a*.example.com"},
            {},
            "ab.example.com",
            Trust::name_mismatch,
            "hostname mismatch"
        },
        Case{
            "NUL inside the name",
            {std::string("a.example\0.evil.example", 23)},
            {},
            "a.example",
            Trust::name_mismatch,
            "hostname mismatch"
        },
        Case{"common name alone", {}, {}, "nameless", Trust::name_mismatch, "hostname mismatch"},
        Case{
            "other IP", {"192.0.2.7"}, {}, "192.0.2.8", Trust::name_mismatch, "IP address mismatch"
        },
        Case{
            "IP as a DNS name only",
            {"192.0.2.7.example"},
            {},
            "192.0.2.7",
            Trust::name_mismatch,
            "IP address mismatch"
        },
        Case{
            "expired before other name",
            {"a.example"},
            {.not_before_days = -9, .not_after_days = -2},
            "b.example",
            Trust::expired,
            "certificate has expired"
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server =
            serve({.identity = test::must(issue(authority(), c.names, c.options))});
        ClientSession client = ask(trusting(c.asked));

        converse(client, server);

        CHECK_MESSAGE(client.state() == SessionState::done, client.failure());
        CHECK(name_of(client.verification().trust) == name_of(c.trust));
        CHECK(client.verification().error == c.error);
        CHECK(client.verification().depth == 0);
    }
}

TEST_CASE("a client tells a self-signed certificate from an unknown issuer") {
    const Identity own = test::must(self_signed({"localhost"}));
    const TestAuthority other = test::must(make_authority("Another root"));
    const Identity foreign = test::must(issue(other, {"localhost"}));
    const Identity with_root = {
        .certificate_pem = foreign.certificate_pem + other.certificate_pem,
        .key_pem = foreign.key_pem,
    };
    struct Case {
        std::string name{};
        Identity shown{};
        std::string trusted{};
        std::string asked{};
        Trust trust{};
        const char* error{};
        int depth{};
        std::size_t sent{};
    };
    const std::string& root = authority().certificate_pem;
    const std::array cases = {
        Case{
            "self-signed", own, root, "localhost", Trust::self_signed, "self-signed certificate", 0,
            1
        },
        Case{
            "self-signed and trusted", own, own.certificate_pem, "localhost", Trust::trusted, "", 0,
            1
        },
        Case{
            "self-signed, other name", own, root, "a.example", Trust::name_mismatch,
            "hostname mismatch", 0, 1
        },
        Case{
            "unknown issuer", foreign, root, "localhost", Trust::unknown_issuer,
            "unable to get local issuer certificate", 0, 1
        },
        Case{
            "unknown issuer that sends its root", with_root, root, "localhost",
            Trust::unknown_issuer, "self-signed certificate in certificate chain", 1, 2
        },
        Case{
            "unknown issuer made known", foreign, other.certificate_pem, "localhost",
            Trust::trusted, "", 0, 1
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = serve({.identity = c.shown});
        ClientSession client = ask({.server_name = c.asked, .ca_pem = c.trusted});

        converse(client, server);

        CHECK_MESSAGE(client.state() == SessionState::done, client.failure());
        CHECK(name_of(client.verification().trust) == name_of(c.trust));
        CHECK(client.verification().error == c.error);
        CHECK(client.verification().depth == c.depth);
        CHECK(client.chain().size() == c.sent);
    }
}

TEST_CASE("a verification lists every objection beside the one that it reports") {
    ServerSession server = serve({.identity = test::must(self_signed({"a.example"}))});
    ClientSession client = ask(trusting("b.example"));

    converse(client, server);

    const Verification result = client.verification();
    CHECK(result.trust == Trust::name_mismatch);
    REQUIRE(result.problems.size() == 2);
    CHECK(result.problems[0].trust == Trust::self_signed);
    CHECK(result.problems[1].trust == Trust::name_mismatch);
}

TEST_CASE("trusted roots come from a file, from the system, or from nowhere") {
    const TemporaryFile root(authority().certificate_pem);
    const auto trust_with = [](const ClientOptions& options) {
        ServerSession server = serve({.identity = localhost()});
        ClientSession client = ask(options);
        converse(client, server);
        return client.verification();
    };
    SUBCASE("from a file") {
        CHECK(
            trust_with({.server_name = "localhost", .ca_file = root.path()}).trust == Trust::trusted
        );
    }
    SUBCASE("from the system") {
        const Variable file("SSL_CERT_FILE", root.path());
        CHECK(trust_with({.server_name = "localhost"}).trust == Trust::trusted);
    }
    SUBCASE("a machine without roots does not blame the server") {
        const Variable file("SSL_CERT_FILE", "/nonexistent");
        const Variable folder("SSL_CERT_DIR", "/nonexistent:/nowhere");
        CHECK(trust_with({.server_name = "localhost"}).trust == Trust::not_judged);
        CHECK(
            trust_with({.server_name = "localhost"}).error ==
            "this machine has no trusted root certificates"
        );
        CHECK(trust_with({.server_name = "a.example"}).trust == Trust::name_mismatch);
    }
}

TEST_CASE("a client refuses options that it cannot follow") {
    struct Case {
        std::string name{};
        ClientOptions options{};
        const char* what{};
    };
    const std::array cases = {
        Case{
            "no such file",
            {.ca_file = "/nonexistent.pem"},
            "cannot read certificates from /nonexistent.pem"
        },
        Case{"no certificates", {.ca_pem = "hello"}, "cannot read the trusted certificates"},
        Case{"name too long", {.server_name = std::string(256, 'a')}, "cannot send the name "},
        Case{"NUL in the name", {.server_name = std::string("a\0b", 3)}, "cannot send the name "},
        Case{
            "SSL 3.0", {.min_version = ProtocolVersion::ssl_3_0}, "cannot speak SSL 3.0 to TLS 1.3"
        },
        Case{
            "empty range",
            {.min_version = ProtocolVersion::tls_1_3, .max_version = ProtocolVersion::tls_1_2},
            "cannot speak TLS 1.3 to TLS 1.2"
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const auto made = ClientSession::create(c.options);
        REQUIRE_FALSE(made);
        CHECK(made.error().what.starts_with(c.what));
    }
}

TEST_CASE("a client sends DNS names, and never IP literals") {
    struct Case {
        std::string name{};
        ClientOptions options{};
        const char* heard{};
    };
    const std::array cases = {
        Case{"name", {.server_name = "localhost"}, "localhost"},
        Case{"absolute name", {.server_name = "localhost."}, "localhost"},
        Case{"IPv4", {.server_name = "127.0.0.1"}, ""},
        Case{"IPv6", {.server_name = "::1"}, ""},
        Case{"told not to", {.server_name = "localhost", .send_server_name = false}, ""},
        Case{"no name", {}, ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = serve({.identity = localhost()});
        ClientOptions options = c.options;
        options.ca_pem = authority().certificate_pem;
        ClientSession client = ask(options);

        converse(client, server);

        CHECK(server.server_name() == c.heard);
        CHECK(client.verification().trust == Trust::trusted);
    }
}

TEST_CASE("a client hears alerts that come instead of a ServerHello and after the handshake") {
    struct Case {
        std::string name{};
        ServerOptions server{};
        SessionState state{};
        const char* failure{};
        const char* failure_after{};
        bool after_handshake{};
        bool asked{};
    };
    const std::string& ca = authority().certificate_pem;
    const auto v12 = ProtocolVersion::tls_1_2;
    const auto v13 = ProtocolVersion::tls_1_3;
    const std::array cases = {
        Case{
            "unknown name",
            {.identity = localhost(), .only_names = {"other.example"}},
            SessionState::failed,
            "the server sent alert 112 unrecognized_name",
            "",
            false,
            false
        },
        Case{
            "unknown name in TLS 1.2",
            {.max_version = v12, .identity = localhost(), .only_names = {"other.example"}},
            SessionState::failed,
            "the server sent alert 112 unrecognized_name",
            "",
            false,
            false
        },
        Case{
            "client certificate in TLS 1.2",
            {.max_version = v12, .identity = localhost(), .client_ca_pem = ca},
            SessionState::failed,
            "the server sent alert 40 handshake_failure",
            "",
            false,
            true
        },
        Case{
            "client certificate in TLS 1.3",
            {.min_version = v13, .identity = localhost(), .client_ca_pem = ca},
            SessionState::done,
            "",
            "the server sent alert 116 certificate_required",
            true,
            true
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ServerSession server = serve(c.server);
        ClientSession client = ask(trusting());

        converse(client, server);

        CHECK(client.state() == c.state);
        CHECK(client.failure() == c.failure);
        CHECK(client.failure_after() == c.failure_after);
        REQUIRE(client.alerts().size() == 1);
        CHECK(client.alerts()[0].level == AlertLevel::fatal);
        CHECK(client.alerts()[0].after_handshake == c.after_handshake);
        CHECK(client.alerts()[0].encrypted == c.after_handshake);
        const bool refused_at_once = !client.version();
        CHECK((refused_at_once || client.alerts()[0].record_version == v12));
        CHECK(client.asked_for_certificate() == c.asked);
        CHECK(server.state() == SessionState::failed);
        CHECK_FALSE(server.failure().empty());
    }
}

TEST_CASE("a client shows its own certificate to a server that asks") {
    struct Case {
        const char* name{};
        Identity identity{};
        bool in_one_file{};
        bool taken{};
    };
    const auto own = issue(authority(), {"client.example"});
    const auto strange = self_signed({"client.example"});
    REQUIRE(own);
    REQUIRE(strange);
    const std::array cases = {
        Case{"certificate and key in two files", *own, false, true},
        Case{"both in one file", *own, true, true},
        Case{"of nobody that the server trusts", *strange, false, false},
    };
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        for (const Case& c : cases) {
            CAPTURE(c.name);
            CAPTURE(name_of(version));
            const TemporaryFile certificate(
                c.identity.certificate_pem + (c.in_one_file ? c.identity.key_pem : "")
            );
            const TemporaryFile key(c.identity.key_pem);
            ServerSession server = serve(
                {.max_version = version,
                 .identity = localhost(),
                 .client_ca_pem = authority().certificate_pem}
            );
            ClientOptions options = trusting();
            options.certificate_file = certificate.path();
            options.key_file = c.in_one_file ? "" : key.path();
            ClientSession client = ask(options);
            converse(client, server);
            CHECK(client.asked_for_certificate());
            CHECK((server.state() == SessionState::done) == c.taken);
            CHECK((client.failure() + client.failure_after()).empty() == c.taken);
        }
    }
}

TEST_CASE("a certificate of our own that is of no use is refused before anything is sent") {
    const auto one = issue(authority(), {"client.example"});
    const auto other = issue(authority(), {"client.example"});
    REQUIRE(one);
    REQUIRE(other);
    const TemporaryFile certificate(one->certificate_pem);
    const TemporaryFile wrong_key(other->key_pem);
    const TemporaryFile no_pem("not PEM");
    const std::string missing = certificate.path() + ".missing";
    const std::array<ClientOptions, 4> cases = {
        ClientOptions{.certificate_file = missing},
        ClientOptions{.certificate_file = no_pem.path()},
        ClientOptions{.certificate_file = certificate.path()}, // without its key
        ClientOptions{.certificate_file = certificate.path(), .key_file = wrong_key.path()},
    };
    for (const ClientOptions& options : cases) {
        const auto session = ClientSession::create(options);
        REQUIRE_FALSE(session.has_value());
        CAPTURE(session.error().what);
        CHECK(session.error().what.starts_with("cannot read "));
    }
}

TEST_CASE("a client knows the certificate of a server that then refuses it") {
    ServerSession server = serve(
        {.max_version = ProtocolVersion::tls_1_2,
         .identity = localhost(),
         .client_ca_pem = authority().certificate_pem}
    );
    ClientSession client = ask(trusting());

    converse(client, server);

    CHECK(client.state() == SessionState::failed);
    CHECK(client.version() == ProtocolVersion::tls_1_2);
    CHECK(client.cipher_suite());
    CHECK(client.chain().size() == 1);
    CHECK(client.verification().trust == Trust::trusted);
}

TEST_CASE("a client and a server without a common version fail with alert 70") {
    ServerSession server =
        serve({.min_version = ProtocolVersion::tls_1_3, .identity = localhost()});
    ClientOptions options = trusting();
    options.max_version = ProtocolVersion::tls_1_2;
    ClientSession client = ask(options);

    converse(client, server);

    CHECK(client.failure() == "the server sent alert 70 protocol_version");
    CHECK(server.failure() == "unsupported protocol");
    CHECK_FALSE(client.version());
    CHECK(client.chain().empty());
    CHECK(client.verification().trust == Trust::not_judged);
}

TEST_CASE("a client names what came instead of TLS, and how the stream ended") {
    struct Case {
        std::string name{};
        Bytes bytes{};
        StreamEnd end{};
        const char* failure{};
    };
    const auto text = [](std::string_view words) {
        return Bytes(words.begin(), words.end());
    };
    const std::array cases = {
        Case{
            "alert 40", {0x15, 3, 1, 0, 2, 2, 40}, {}, "the server sent alert 40 handshake_failure"
        },
        Case{
            "unknown alert",
            {0x15, 3, 3, 0, 2, 2, 200},
            {},
            "the server sent alert 200 unknown(200)"
        },
        Case{
            "close_notify",
            {0x15, 3, 3, 0, 2, 1, 0},
            {},
            "the server sent alert 0 close_notify inside the handshake"
        },
        Case{"HTTP", text("HTTP/1.1 400 Bad Request\r\n\r\n"), {}, "wrong version number"},
        Case{"SSH", text("SSH-2.0-OpenSSH_9.2\r\n"), {}, "wrong version number"},
        Case{
            "closed at once",
            {},
            StreamEnd::closed,
            "the server closed the connection inside the handshake"
        },
        Case{
            "reset at once",
            {},
            StreamEnd::reset,
            "the server reset the connection inside the handshake"
        },
        Case{
            "closed in a record",
            {0x16, 3, 3, 0},
            StreamEnd::closed,
            "the server closed the connection inside the handshake"
        },
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        ClientSession client = ask(trusting());
        client.feed(c.bytes);
        client.end(c.end);
        CHECK(client.state() == SessionState::failed);
        CHECK(client.failure() == c.failure);
        client.feed(c.bytes); // changes nothing any more
        CHECK(client.failure() == c.failure);
    }
}

TEST_CASE("the end of the stream after the handshake is a failure only when it is a reset") {
    for (const StreamEnd end : {StreamEnd::closed, StreamEnd::reset}) {
        ServerSession server = serve({.identity = localhost()});
        ClientSession client = ask(trusting());
        converse(client, server);
        client.end(end);
        CHECK(client.state() == SessionState::done);
        CHECK(
            client.failure_after() ==
            (end == StreamEnd::reset ? "the server reset the connection" : "")
        );
    }
}

} // namespace tlsdoctor::crypto
