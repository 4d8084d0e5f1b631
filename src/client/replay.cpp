// SPDX-License-Identifier: Apache-2.0
// Known clients go through the encoder; then both they and recorded hellos are refreshed by the
// same few rules.
#include "client/replay.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "client/encode.hpp"
#include "wire/extensions.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::client {
namespace {

// Sizes between these made certain load balancers hang, so clients pad them away [RFC 7685 1].
constexpr std::size_t k_padded_from = 256;
constexpr std::size_t k_padded_to = 512;

constexpr auto k_early_data = ExtensionType{0x002a};
constexpr std::size_t k_most_fallbacks = 8;

/// Resumption belongs to the connection that was recorded, not to the client.
void leave_resumption_out(wire::ClientHello& message) {
    std::erase_if(message.extensions, [](const wire::Extension& extension) {
        return extension.type == ExtensionType::pre_shared_key || extension.type == k_early_data ||
               extension.type == ExtensionType::cookie;
    });
    for (wire::Extension& extension : message.extensions) {
        if (extension.type == ExtensionType::session_ticket) {
            extension.data.clear();
        }
    }
}

void name_server(wire::ClientHello& message, const std::optional<std::string>& name) {
    const auto at =
        std::ranges::find(message.extensions, ExtensionType::server_name, &wire::Extension::type);
    if (at == message.extensions.end()) {
        return;
    }
    if (name) {
        *at = wire::write_server_name(*name);
    } else {
        message.extensions.erase(at);
    }
}

/// Keeps to the rule by which the message was padded; `recorded_size` is its size as recorded.
void pad_again(wire::ClientHello& message, std::size_t recorded_size) {
    const auto padding =
        std::ranges::find(message.extensions, ExtensionType::padding, &wire::Extension::type);
    if (padding == message.extensions.end()) {
        return;
    }
    wire::ClientHello unpadded = message;
    std::erase_if(unpadded.extensions, [](const wire::Extension& extension) {
        return extension.type == ExtensionType::padding;
    });
    const std::size_t size = message_size(unpadded);
    const bool needed = size >= k_padded_from && size < k_padded_to;
    const bool by_rule = recorded_size >= k_padded_from;
    if (by_rule && !needed) {
        message = std::move(unpadded);
    } else {
        pad(message, by_rule ? std::max(recorded_size, k_padded_from) : size);
    }
}

/// A client's own split into records is kept; what is longer than recorded goes into the last.
Bytes framed(
    const wire::ClientHello& message, ProtocolVersion version, std::span<const std::size_t> sizes
) {
    const Bytes bytes =
        wire::handshake_message(wire::HandshakeType::client_hello, wire::write(message));
    ByteView left = bytes;
    Bytes stream;
    for (const std::size_t size : sizes) {
        const bool last = &size == &sizes.back();
        if (last || size >= left.size()) {
            break;
        }
        const Bytes part = wire::record(wire::ContentType::handshake, version, left.first(size));
        stream.insert(stream.end(), part.begin(), part.end());
        left = left.subspan(size);
    }
    const Bytes rest = wire::records(wire::ContentType::handshake, version, left);
    stream.insert(stream.end(), rest.begin(), rest.end());
    return stream;
}

Bytes refreshed_message(
    wire::ClientHello message, std::size_t recorded_size, ProtocolVersion record_version,
    std::span<const std::size_t> fragments, const Fresh& fresh
) {
    leave_resumption_out(message);
    name_server(message, fresh.server_name);
    pad_again(message, recorded_size);
    return framed(message, record_version, fragments);
}

/// Telemetry did not record the names of ALPN, and an empty list is not legal [RFC 7301 3.1].
void fill_alpn(wire::ClientHello& message) {
    const std::string http = "http/1.1";
    for (wire::Extension& extension : message.extensions) {
        const bool alpn = extension.type == ExtensionType::application_layer_protocol_negotiation;
        if (alpn && extension.data == Bytes{0, 0}) {
            extension = wire::write_alpn(std::span(&http, 1));
        }
    }
}

Bytes planned_bytes(const HelloPlan& plan, const Fresh& fresh) {
    if (plan.fields.sslv2) {
        return wire::ssl2_record(wire::write(encode_ssl2(plan, fresh)));
    }
    const auto padding =
        std::ranges::find(plan.extensions, ExtensionType::padding, &ExtensionPlan::type);
    const std::size_t size = padding == plan.extensions.end() ? 0 : padding->padded_to;
    wire::ClientHello message = encode(plan, fresh);
    fill_alpn(message);
    return refreshed_message(std::move(message), size, plan.fields.record_version, {}, fresh);
}

void freshen_shares(wire::ClientHello& message, const Fresh& fresh) {
    for (wire::Extension& extension : message.extensions) {
        if (extension.type != ExtensionType::key_share) {
            continue;
        }
        auto shares = wire::read_client_shares(extension.data);
        if (!shares) {
            continue; // it is sent as it is: what is wrong with it may be the point
        }
        for (wire::KeyShareEntry& share : *shares) {
            const bool given =
                std::ranges::find(fresh.shares, share.group, &wire::KeyShareEntry::group) !=
                fresh.shares.end();
            share.key_exchange = given ? share_for(share.group, fresh) : share.key_exchange;
        }
        extension = wire::write_client_shares(*shares);
    }
}

Bytes refreshed_ssl2(ByteView record_stream, const Fresh& fresh) {
    wire::Ssl2RecordReader reader;
    reader.feed(record_stream);
    const auto record = reader.next();
    assume(record && *record, "a hello that was read before");
    auto hello = wire::read_ssl2_client_hello((*record)->data);
    assume(hello.has_value(), "a hello that was read before");
    fresh.random(hello->challenge);
    return wire::ssl2_record(wire::write(*hello));
}

} // namespace

Bytes replay_bytes(const Profile& profile, const Fresh& fresh) {
    const auto plan = hello_plan(profile.id);
    assume(plan.has_value(), "every client has a hello");
    return planned_bytes(*plan, fresh);
}

std::vector<Bytes> fallback_bytes(const Profile& profile, const Fresh& fresh) {
    std::vector<Bytes> hellos;
    for (std::size_t number = 1; number <= k_most_fallbacks; ++number) {
        const auto plan = hello_plan(fmt::format("{}#{}", profile.id, number));
        if (!plan) {
            break;
        }
        hellos.push_back(planned_bytes(*plan, fresh));
    }
    return hellos;
}

std::expected<Bytes, wire::ParseError> refreshed(ByteView record_stream, const Fresh& fresh) {
    auto recorded = read_recorded_hello(record_stream);
    if (!recorded) {
        return std::unexpected(std::move(recorded.error()));
    }
    if (recorded->fields.sslv2) {
        return refreshed_ssl2(record_stream, fresh);
    }
    wire::ClientHello& message = recorded->message;
    const std::size_t size = message_size(message);
    fresh.random(message.random);
    fresh.random(message.legacy_session_id);
    freshen_shares(message, fresh);
    return refreshed_message(
        message, size, recorded->fields.record_version, recorded->fragments, fresh
    );
}

Bytes canonical_bytes(std::string_view id, const Fresh& fresh) {
    const auto plan = hello_plan(id);
    assume(plan.has_value(), "every client has a hello");
    if (plan->fields.sslv2) {
        return wire::ssl2_record(wire::write(encode_ssl2(*plan, fresh)));
    }
    const auto padding =
        std::ranges::find(plan->extensions, ExtensionType::padding, &ExtensionPlan::type);
    wire::ClientHello message = encode(*plan, fresh);
    pad(message, padding == plan->extensions.end() ? 0 : padding->padded_to);
    return framed(message, plan->fields.record_version, {});
}

namespace {

HelloFields fields_in_table(std::string_view id) {
    const Fresh zeros{.random = [](std::span<std::uint8_t> bytes) {
        std::ranges::fill(bytes, std::uint8_t{0});
    }};
    auto fields = read_hello(canonical_bytes(id, zeros));
    assume(fields.has_value(), "our own hello can be read");
    return *std::move(fields);
}

} // namespace

HelloFields hello_of(const Profile& profile) {
    return fields_in_table(profile.id);
}

std::vector<HelloFields> hellos_of(const Profile& profile) {
    std::vector<HelloFields> hellos = {hello_of(profile)};
    for (std::size_t number = 1; number <= k_most_fallbacks; ++number) {
        const std::string id = fmt::format("{}#{}", profile.id, number);
        if (!hello_plan(id)) {
            break;
        }
        hellos.push_back(fields_in_table(id));
    }
    return hellos;
}

} // namespace tlsdoctor::client
