// SPDX-License-Identifier: Apache-2.0
// The public face of an engine.
#include "crypto/session.hpp"

#include <utility>

#include "crypto/engine.hpp"

namespace tlsdoctor::crypto {

namespace {

/// Returns the suite of the ServerHello. The pending one is there as soon as that was accepted, the
/// current one only when keys are in use; with neither, the version is still our own guess.
const SSL_CIPHER* suite_of(const SSL* ssl) {
    const SSL_CIPHER* current = SSL_get_current_cipher(ssl);
    return current != nullptr ? current : SSL_get_pending_cipher(ssl);
}

} // namespace

Session::Session(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Engine& Session::engine() {
    return *engine_;
}
const Engine& Session::engine() const {
    return *engine_;
}

Bytes Session::take_output() {
    return engine_->take_output();
}
void Session::feed(ByteView bytes) {
    engine_->feed(bytes);
}
void Session::end(StreamEnd how) {
    engine_->end(how);
}
SessionState Session::state() const {
    return engine_->state();
}
const std::string& Session::failure() const {
    return engine_->failure();
}
const std::string& Session::failure_after() const {
    return engine_->failure_after();
}
const std::vector<ReceivedAlert>& Session::alerts() const {
    return engine_->seen().alerts;
}
bool Session::write(std::string_view text) {
    return engine_->write(text);
}
std::string Session::read() {
    return engine_->take_data();
}
void Session::close() {
    engine_->close();
}

std::optional<ProtocolVersion> Session::version() const {
    if (suite_of(engine_->ssl()) == nullptr) {
        return std::nullopt;
    }
    return ProtocolVersion{static_cast<std::uint16_t>(SSL_version(engine_->ssl()))};
}

std::optional<CipherSuite> Session::cipher_suite() const {
    const SSL_CIPHER* suite = suite_of(engine_->ssl());
    if (suite == nullptr) {
        return std::nullopt;
    }
    return CipherSuite{SSL_CIPHER_get_protocol_id(suite)};
}

} // namespace tlsdoctor::crypto
