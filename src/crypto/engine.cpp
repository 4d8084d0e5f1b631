// SPDX-License-Identifier: Apache-2.0
// Drives OpenSSL's state machine from memory to memory. The error queue is empty before and after
// each call, so that an error is always the one of this connection.
#include "crypto/engine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/err.h>

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_most_alerts = 16;
constexpr std::size_t k_most_data = std::size_t{1} << 20U;

// A peer may send records that lead nowhere (OpenSSL limits only some); no honest handshake is
// longer.
constexpr std::size_t k_most_in_handshake = std::size_t{1} << 20U;

constexpr int k_level_shift = 8; // SSL_CB_READ_ALERT gives level and description in one number

constexpr std::size_t k_record_header = 5;
constexpr std::uint8_t k_application_data = 23; // what encrypted records of TLS 1.3 pretend to be

/// Remembers type and version of the record that is being read: an alert does not say them.
void note_record(int sent, int, int content_type, const void* data, std::size_t size, SSL* ssl, void*) {
    if (sent != 0 || content_type != SSL3_RT_HEADER || size != k_record_header) {
        return;
    }
    const ByteView header{static_cast<const std::uint8_t*>(data), size};
    Observations& seen = Engine::of(ssl).seen();
    seen.record_type = header[0];
    seen.record_version = ProtocolVersion{static_cast<std::uint16_t>(header[1] << 8U | header[2])};
}

void note_alert(const SSL* ssl, int where, int value) {
    if (where != SSL_CB_READ_ALERT) {
        return;
    }
    Engine& engine = Engine::of(ssl);
    if (engine.seen().alerts.size() == k_most_alerts) {
        return;
    }
    const auto number = static_cast<unsigned>(value);
    engine.seen().alerts.push_back({
        .level = AlertLevel{static_cast<std::uint8_t>(number >> k_level_shift)},
        .description = AlertDescription{static_cast<std::uint8_t>(number & 0xffU)},
        .after_handshake = engine.state() == SessionState::done,
        .record_version = engine.seen().record_version,
        .encrypted =
            engine.state() == SessionState::done || engine.seen().record_type == k_application_data,
    });
}

} // namespace

std::unique_ptr<Engine>
Engine::make(SSL_CTX* context, Role role, std::shared_ptr<const void> keeps) {
    SslPtr ssl{SSL_new(context)};
    BioPtr input{BIO_new(BIO_s_mem())};
    BioPtr output{BIO_new(BIO_s_mem())};
    if (!ssl || !input || !output) {
        return nullptr;
    }
    BIO_set_mem_eof_return(input.get(), -1); // empty means "not yet", not "never again"
    SSL_set_bio(ssl.get(), input.release(), output.release());
    auto engine = std::make_unique<Engine>(std::move(ssl), role, std::move(keeps));
    if (SSL_set_app_data(engine->ssl(), engine.get()) != 1) {
        return nullptr;
    }
    SSL_set_info_callback(engine->ssl(), note_alert);
    SSL_set_msg_callback(engine->ssl(), note_record);
    if (role == Role::client) {
        SSL_set_connect_state(engine->ssl());
    } else {
        SSL_set_accept_state(engine->ssl());
    }
    return engine;
}

Engine::Engine(SslPtr ssl, Role role, std::shared_ptr<const void> keeps)
    : keeps_(std::move(keeps)), ssl_(std::move(ssl)), role_(role) {}

Engine& Engine::of(const SSL* ssl) {
    return *static_cast<Engine*>(SSL_get_app_data(ssl));
}

void Engine::start() {
    advance();
}

Bytes Engine::take_output() {
    BIO* output = SSL_get_wbio(ssl());
    Bytes bytes(BIO_ctrl_pending(output));
    std::size_t taken = 0;
    if (!bytes.empty() && BIO_read_ex(output, bytes.data(), bytes.size(), &taken) != 1) {
        taken = 0;
    }
    bytes.resize(taken);
    return bytes;
}

void Engine::feed(ByteView bytes) {
    if (state_ == SessionState::failed || !failure_after_.empty() || bytes.empty()) {
        return;
    }
    std::size_t written = 0;
    if (BIO_write_ex(SSL_get_rbio(ssl()), bytes.data(), bytes.size(), &written) != 1) {
        fail("out of memory");
        return;
    }
    fed_ += bytes.size();
    advance();
    if (state_ == SessionState::wants_input && fed_ > k_most_in_handshake) {
        fail(
            "the " + std::string(peer()) + " sent more than 1 MiB without finishing the handshake"
        );
    }
}

void Engine::end(StreamEnd how) {
    const std::string what =
        how == StreamEnd::closed ? " closed the connection" : " reset the connection";
    if (state_ == SessionState::wants_input) {
        fail("the " + std::string(peer()) + what + " inside the handshake");
    } else if (state_ == SessionState::done && how == StreamEnd::reset) {
        fail("the " + std::string(peer()) + what);
    }
}

bool Engine::write(std::string_view text) {
    if (state_ != SessionState::done || !failure_after_.empty()) {
        return false;
    }
    if (text.empty()) {
        return true;
    }
    ERR_clear_error();
    std::size_t written = 0;
    const bool whole =
        SSL_write_ex(ssl(), text.data(), text.size(), &written) == 1 && written == text.size();
    ERR_clear_error();
    return whole;
}

void Engine::close() {
    if (state_ == SessionState::done && failure_after_.empty()) {
        ERR_clear_error();
        SSL_shutdown(ssl());
        ERR_clear_error();
    }
}

void Engine::advance() {
    ERR_clear_error();
    if (state_ == SessionState::wants_input) {
        const int result = SSL_do_handshake(ssl());
        if (result != 1) {
            judge(result);
            return;
        }
        state_ = SessionState::done;
    }
    read_data();
}

void Engine::read_data() {
    std::array<char, 16384> buffer{};
    std::size_t got = 0;
    ERR_clear_error();
    while (SSL_read_ex(ssl(), buffer.data(), buffer.size(), &got) == 1) {
        data_.append(buffer.data(), std::min(got, k_most_data - data_.size()));
    }
    judge(0);
}

void Engine::judge(int result) {
    const int error = SSL_get_error(ssl(), result);
    const OpensslErrors errors = drain_errors();
    const std::string who = "the " + std::string(peer());
    switch (error) {
    case SSL_ERROR_SSL:
    case SSL_ERROR_SYSCALL:
        if (errors.peer_alert) {
            const auto alert = AlertDescription{static_cast<std::uint8_t>(*errors.peer_alert)};
            fail(who + " sent alert " + std::to_string(*errors.peer_alert) + " " + name_of(alert));
        } else {
            fail(errors.text.empty() ? "OpenSSL gave no reason" : errors.text);
        }
        return;
    case SSL_ERROR_ZERO_RETURN:
        if (state_ == SessionState::wants_input) {
            fail(who + " sent alert 0 close_notify inside the handshake");
        }
        return;
    default: // it wants to read more
        return;
    }
}

void Engine::fail(std::string why) {
    if (state_ == SessionState::done) {
        failure_after_ = std::move(why);
    } else {
        state_ = SessionState::failed;
        failure_ = std::move(why);
    }
}

std::string_view Engine::peer() const {
    return role_ == Role::client ? "server" : "client";
}

} // namespace tlsdoctor::crypto
