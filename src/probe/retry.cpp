// SPDX-License-Identifier: Apache-2.0
// The changes that RFC 8446 4.1.2 allows: key_share, cookie, no early data.
#include "probe/retry.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "wire/client_hello.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::probe {

namespace {

constexpr std::size_t k_hello_header = 4;
constexpr ExtensionType k_early_data{42};

/// Tells whether a client that sent this hello sends a share of the group when asked to.
bool would_send(const wire::ClientHello& hello, NamedGroup group) {
    const wire::Extension* const groups =
        wire::find(hello.extensions, ExtensionType::supported_groups);
    const wire::Extension* const shares = wire::find(hello.extensions, ExtensionType::key_share);
    const auto offered =
        groups != nullptr ? wire::read_supported_groups(groups->data) : std::vector<NamedGroup>{};
    const auto sent = shares != nullptr ? wire::read_client_shares(shares->data)
                                        : std::vector<wire::KeyShareEntry>{};
    return offered && sent && std::ranges::find(*offered, group) != offered->end() &&
           std::ranges::find(*sent, group, &wire::KeyShareEntry::group) == sent->end();
}

/// A share of a finite-field group whose secret nobody knows: some number below the prime, whose
/// highest bit is set in all of them [RFC 7919].
std::optional<Bytes> finite_field_share(NamedGroup group) {
    const NamedGroupInfo* const info = find(group);
    if (info == nullptr || info->kind != GroupKind::finite_field || info->bits < 8) {
        return std::nullopt;
    }
    Bytes share = random_bytes(system_random(), info->bits / 8U);
    share.front() &= 0x7f;
    return share;
}

/// Replaces the shares by one of `group`; its key goes into `keys`. False where none can be made.
bool replace_shares(
    wire::ClientHello& hello, NamedGroup group, std::vector<crypto::KeyShare>& keys
) {
    keys.clear();
    std::optional<Bytes> share = finite_field_share(group);
    if (!share) {
        auto pair = crypto::KeyShare::drawn(group, system_random());
        if (!pair) {
            return false;
        }
        share = pair->public_bytes();
        keys.push_back(*std::move(pair));
    }
    const wire::KeyShareEntry entry{.group = group, .key_exchange = *std::move(share)};
    const auto at =
        std::ranges::find(hello.extensions, ExtensionType::key_share, &wire::Extension::type);
    *at = wire::write_client_shares({&entry, 1});
    return true;
}

/// RFC 8446 4.2.11: pre_shared_key "MUST be the last extension", so the cookie goes before the
/// shares.
void add_cookie(wire::ClientHello& hello, const wire::Extension& cookie) {
    const auto at =
        std::ranges::find(hello.extensions, ExtensionType::key_share, &wire::Extension::type);
    hello.extensions.insert(at, cookie);
}

/// Clients that send a session id for middleboxes send ChangeCipherSpec too [RFC 8446 D.4].
Bytes second_records(const wire::ClientHello& hello, ByteView message) {
    Bytes bytes;
    if (!hello.legacy_session_id.empty()) {
        constexpr std::uint8_t k_change[] = {1};
        bytes = wire::record(
            wire::ContentType::change_cipher_spec, ProtocolVersion::tls_1_2, ByteView(k_change)
        );
    }
    const Bytes rest =
        wire::records(wire::ContentType::handshake, ProtocolVersion::tls_1_2, message);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

} // namespace

std::optional<SecondHello>
second_hello(ByteView first, const std::vector<crypto::KeyShare>& keys, ByteView request) {
    const auto asked = wire::read_server_hello(request);
    if (first.size() < k_hello_header || !asked || !is_hello_retry_request(*asked)) {
        return std::nullopt;
    }
    auto hello = wire::read_client_hello(first.subspan(k_hello_header));
    if (!hello || wire::find(hello->extensions, ExtensionType::key_share) == nullptr) {
        return std::nullopt;
    }
    SecondHello second{.keys = keys};
    if (const auto* const share = wire::find(asked->extensions, ExtensionType::key_share)) {
        const auto group = wire::read_selected_group(share->data);
        if (!group || !would_send(*hello, *group) || !replace_shares(*hello, *group, second.keys)) {
            return std::nullopt;
        }
    }
    if (const auto* const cookie = wire::find(asked->extensions, ExtensionType::cookie)) {
        add_cookie(*hello, *cookie);
    }
    std::erase_if(hello->extensions, [](const wire::Extension& extension) {
        return extension.type == k_early_data;
    });
    second.message = handshake_message(wire::HandshakeType::client_hello, write(*hello));
    second.bytes = second_records(*hello, second.message);
    return second;
}

} // namespace tlsdoctor::probe
