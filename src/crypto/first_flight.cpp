// SPDX-License-Identifier: Apache-2.0
// From two hellos to keys, and from records to messages.
#include "crypto/first_flight.hpp"

#include <algorithm>
#include <utility>

#include "crypto/key_schedule.hpp"
#include "wire/extensions.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_message_header = 4;
constexpr std::size_t k_record_header_size = 5;

std::unexpected<CryptoError> unreadable(std::string cause) {
    return std::unexpected(
        CryptoError{.what = "cannot read on after the ServerHello", .cause = std::move(cause)}
    );
}

/// Returns the secret that our pair of the group and the server's share give.
std::expected<Bytes, CryptoError>
shared_secret(std::span<const KeyShare> keys, const wire::ServerHello& hello) {
    const wire::Extension* const extension = wire::find(hello.extensions, ExtensionType::key_share);
    if (extension == nullptr) {
        return unreadable("it has no key_share");
    }
    const auto share = wire::read_server_share(extension->data);
    if (!share) {
        return unreadable("its key_share: " + describe(share.error()));
    }
    const auto ours = std::ranges::find(keys, share->group, &KeyShare::group);
    if (ours == keys.end()) {
        return unreadable("the private key for " + name_of(share->group) + " is not known");
    }
    return ours->shared_secret(share->key_exchange);
}

/// Says why this ServerHello leads to no keys that we know; empty where it may.
std::string objection_to(const wire::ServerHello& hello) {
    if (is_hello_retry_request(hello)) {
        return "it is a HelloRetryRequest";
    }
    if (selected_version(hello) != ProtocolVersion::tls_1_3) {
        return "it does not choose TLS 1.3";
    }
    if (wire::find(hello.extensions, ExtensionType::pre_shared_key) != nullptr) {
        return "it goes on from a pre-shared key";
    }
    if (!parts_of(hello.cipher_suite)) {
        return "its suite " + name_of(hello.cipher_suite) + " is none of TLS 1.3's";
    }
    return {};
}

/// Returns the hash of the messages. RFC 8446 4.4.1: after a HelloRetryRequest "the value of
/// ClientHello1 is replaced with a special synthetic handshake message of handshake type
/// message_hash containing Hash(ClientHello1)".
Bytes transcript_hash(Hash hash, const Retry& retry, ByteView client_hello, ByteView server_hello) {
    Bytes transcript;
    if (!retry.request.empty()) {
        const Bytes first = digest(hash, retry.first_client_hello);
        transcript = handshake_message(wire::HandshakeType::message_hash, first);
        transcript.insert(transcript.end(), retry.request.begin(), retry.request.end());
    }
    transcript.insert(transcript.end(), client_hello.begin(), client_hello.end());
    transcript.insert(transcript.end(), server_hello.begin(), server_hello.end());
    return digest(hash, transcript);
}

} // namespace

std::expected<FirstFlight, CryptoError> FirstFlight::open(
    std::span<const KeyShare> keys, ByteView client_hello, ByteView server_hello, const Retry& retry
) {
    if (server_hello.size() < k_message_header) {
        return unreadable("it has no header");
    }
    const auto hello = wire::read_server_hello(server_hello.subspan(k_message_header));
    if (!hello) {
        return unreadable(describe(hello.error()));
    }
    if (std::string objection = objection_to(*hello); !objection.empty()) {
        return unreadable(std::move(objection));
    }
    const auto secret = shared_secret(keys, *hello);
    if (!secret) {
        return std::unexpected(secret.error());
    }
    const SuiteParts suite = *parts_of(hello->cipher_suite);
    const Bytes transcript = transcript_hash(suite.hash, retry, client_hello, server_hello);
    const HandshakeSecrets secrets = handshake_secrets(suite.hash, *secret, transcript);
    return FirstFlight{RecordOpener{suite.aead, traffic_key(suite, secrets.server)}};
}

void FirstFlight::take(const wire::Record& record) {
    taken_ += k_record_header_size + record.fragment.size();
    if (!failure_.empty() || record.type == wire::ContentType::change_cipher_spec) {
        return;
    }
    if (taken_ > k_most) {
        failure_ = "a flight that does not end";
        return;
    }
    if (record.type != wire::ContentType::application_data) {
        failure_ = "a record in clear where it must be in cipher";
        return;
    }
    const auto inner = opener_.open(record);
    if (!inner) {
        failure_ = "a record that the keys do not open";
        return;
    }
    take_plaintext(*inner);
}

void FirstFlight::take_plaintext(const InnerPlaintext& inner) {
    if (inner.type == wire::ContentType::alert) {
        const auto alert = wire::read_alert(inner.content);
        if (alert) {
            items_.emplace_back(*alert);
        } else {
            failure_ = "an alert that is none: " + describe(alert.error());
        }
        return;
    }
    if (inner.type != wire::ContentType::handshake) {
        failure_ = "a record that does not belong into a first flight";
        return;
    }
    messages_.feed(inner.content);
    auto message = messages_.next();
    for (; message && *message; message = messages_.next()) {
        items_.emplace_back(std::move(**message));
    }
    if (!message) {
        failure_ = "a message that is too long: " + describe(message.error());
    }
}

std::optional<FlightItem> FirstFlight::next() {
    if (given_ == items_.size()) {
        items_.clear();
        given_ = 0;
        return std::nullopt;
    }
    return std::move(items_[given_++]);
}

} // namespace tlsdoctor::crypto
