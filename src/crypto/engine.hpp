// SPDX-License-Identifier: Apache-2.0
// Private to this module: one SSL object between two memory BIOs, and what its callbacks saw. The
// SSL points back to the engine, which therefore never moves.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/openssl.hpp"
#include "crypto/session.hpp"

namespace tlsdoctor::crypto {

/// Which end of the connection we are.
enum class Role : std::uint8_t { client, server };

/// One objection of the certificate verification, in OpenSSL's numbers.
struct Objection {
    int code{};
    int depth{};
};

/// What the callbacks wrote down.
struct Observations {
    std::vector<ReceivedAlert> alerts{};
    std::vector<Objection> objections{};
    bool verified{}; ///< the verification ran
    bool asked_for_certificate{};
    std::vector<Bytes> certificate_authorities{}; ///< of the CertificateRequest, DER
    std::uint8_t record_type{};                   ///< of the newest record from the peer
    ProtocolVersion record_version{};
    bool has_roots{true}; ///< there are trusted roots to judge by
};

/// OpenSSL's side of one connection.
class Engine {
public:
    /// Makes the SSL object; `keeps` lives as long as the engine does. Null where memory is short.
    static std::unique_ptr<Engine>
    make(SSL_CTX* context, Role role, std::shared_ptr<const void> keeps);

    /// For make() alone: the SSL object does not know the engine yet.
    Engine(SslPtr ssl, Role role, std::shared_ptr<const void> keeps);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Returns the engine that an SSL object belongs to.
    static Engine& of(const SSL* ssl);

    /// Begins the handshake: a client's first flight is then in take_output().
    void start();

    Bytes take_output();
    void feed(ByteView bytes);
    void end(StreamEnd how);
    bool write(std::string_view text);
    void close();

    SSL* ssl() const { return ssl_.get(); }
    SessionState state() const { return state_; }
    const std::string& failure() const { return failure_; }
    const std::string& failure_after() const { return failure_after_; }
    std::string take_data() { return std::exchange(data_, {}); }
    Observations& seen() { return seen_; }
    const Observations& seen() const { return seen_; }

private:
    void advance();
    void read_data();
    void judge(int result);
    void fail(std::string why);
    std::string_view peer() const;

    std::shared_ptr<const void> keeps_; // before ssl_, which may call into it until it is freed
    SslPtr ssl_;
    Role role_{};
    SessionState state_{};
    std::string failure_{};
    std::string failure_after_{};
    std::string data_{};
    std::size_t fed_{};
    Observations seen_{};
};

} // namespace tlsdoctor::crypto
