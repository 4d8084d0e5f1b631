// SPDX-License-Identifier: Apache-2.0
// The common answers, read in place. Whatever is not exactly one of them is left to ReplyReader: a
// record or a message that is cut, a message that spans records, anything unusual.
#include <algorithm>
#include <optional>

#include "probe/brief.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Outcome;
using wire::HandshakeType;

constexpr std::size_t k_record_start = 5;
constexpr std::size_t k_message_start = 4;

/// What is wrong with the bytes that are read; nobody but ReplyReader says.
struct Cursor {
    ByteView bytes{};
    bool failed{};

    /// Nothing is left to read, so that every loop ends.
    void fail() {
        failed = true;
        bytes = {};
    }

    std::size_t number(std::size_t size) {
        if (bytes.size() < size) {
            fail();
            return 0;
        }
        std::size_t value = 0;
        for (const std::uint8_t byte : bytes.first(size)) {
            value = value << 8U | byte;
        }
        bytes = bytes.subspan(size);
        return value;
    }

    ByteView take(std::size_t size) {
        if (bytes.size() < size) {
            fail();
            return {};
        }
        const ByteView taken = bytes.first(size);
        bytes = bytes.subspan(size);
        return taken;
    }
};

std::uint16_t narrow(std::size_t number) {
    return static_cast<std::uint16_t>(number);
}

/// What the extensions of a ServerHello say.
struct Extensions {
    std::optional<std::uint16_t> version{};
    ByteView share{};
    bool has_share{};
    bool renegotiation{};
    bool master_secret{};
};

/// Returns false where ReplyReader has to look.
bool read_in_place(Cursor block, Extensions& found) {
    while (!block.bytes.empty()) {
        const auto type = ExtensionType{narrow(block.number(2))};
        const ByteView data = block.take(block.number(2));
        switch (type) {
        case ExtensionType::supported_versions:
            if (found.version || data.size() != 2) {
                return false;
            }
            found.version = narrow(std::size_t{data[0]} << 8U | data[1]);
            break;
        case ExtensionType::key_share:
            if (found.has_share) {
                return false;
            }
            found.has_share = true;
            found.share = data;
            break;
        case ExtensionType::renegotiation_info:
            found.renegotiation = true;
            break;
        case ExtensionType::extended_master_secret:
            found.master_secret = true;
            break;
        case ExtensionType::application_layer_protocol_negotiation:
            return false;
        default:
            break;
        }
    }
    return !block.failed;
}

/// Reads the group of a share, or of the request for one.
bool read_group(const Extensions& extensions, bool retry, Brief& brief) {
    if (!extensions.has_share) {
        return true;
    }
    Cursor share{extensions.share};
    brief.group = narrow(share.number(2));
    brief.flags |= k_brief_group;
    if (!retry) {
        const std::size_t size = share.number(2);
        share.take(size);
        share.failed = share.failed || size == 0;
    }
    return !share.failed && share.bytes.empty();
}

bool read_hello(ByteView body, ProtocolVersion offered, Brief& brief) {
    Cursor in{body};
    const std::uint16_t legacy = narrow(in.number(2));
    const ByteView random = in.take(32);
    const std::size_t id_size = in.number(1);
    in.take(id_size);
    brief.suite = narrow(in.number(2));
    in.number(1);
    if (in.failed || id_size > 32) {
        return false;
    }
    Extensions extensions;
    if (!in.bytes.empty()) {
        const std::size_t size = in.number(2);
        if (size != in.bytes.size() || !read_in_place(in, extensions)) {
            return false;
        }
    }
    const bool retry = std::ranges::equal(random, wire::k_hello_retry_request_random);
    const auto version = ProtocolVersion{extensions.version.value_or(legacy)};
    if (!read_group(extensions, retry, brief) || (retry && version < ProtocolVersion::tls_1_3)) {
        return false;
    }
    brief.version = std::to_underlying(version);
    brief.flags |= k_brief_selection;
    brief.flags |= retry ? k_brief_retry : k_brief_flight;
    brief.flags |= !retry && extensions.renegotiation ? k_brief_renegotiation : 0;
    brief.flags |= !retry && extensions.master_secret ? k_brief_master_secret : 0;
    brief.stage = retry ? 0 : 1;
    if (version < ProtocolVersion::tls_1_3) {
        wire::Random whole{};
        std::ranges::copy(random, whole.begin());
        const auto sentinel = wire::downgrade_sentinel(whole);
        brief.downgrade = sentinel ? std::to_underlying(*sentinel) : 0;
    }
    brief.outcome =
        std::to_underlying(version == offered ? Outcome::accepted : Outcome::other_version);
    return true;
}

/// Takes a message behind the ServerHello down; false where ReplyReader has to look.
bool take_in_place(HandshakeType type, Brief& brief) {
    switch (type) {
    case HandshakeType::certificate:
        brief.stage = 2;
        return true;
    case HandshakeType::certificate_status:
        brief.stage = 3;
        return true;
    case HandshakeType::certificate_request:
        brief.stage = 5;
        brief.flags |= k_brief_requested;
        return true;
    case HandshakeType::server_hello_done:
        brief.stage = 6;
        return true;
    default:
        return false; // a ServerKeyExchange above all, which has to be understood
    }
}

/// Reads records of whole messages up to the end of a flight.
bool read_flight(Cursor in, ProtocolVersion offered, Brief& brief) {
    bool greeted = false;
    while (!in.bytes.empty()) {
        const std::size_t type = in.number(1);
        in.number(2);
        const std::size_t size = in.number(2);
        Cursor record{in.take(size)};
        if (in.failed || type != std::to_underlying(wire::ContentType::handshake) ||
            size > wire::k_max_ciphertext) {
            return false;
        }
        while (!record.bytes.empty()) {
            const auto message = HandshakeType{static_cast<std::uint8_t>(record.number(1))};
            const ByteView body = record.take(record.number(3));
            if (record.failed) {
                return false;
            }
            if (greeted
                    ? !take_in_place(message, brief)
                    : message != HandshakeType::server_hello || !read_hello(body, offered, brief)) {
                return false;
            }
            greeted = true;
            if (message == HandshakeType::server_hello_done ||
                ProtocolVersion{brief.version} >= ProtocolVersion::tls_1_3) {
                return true;
            }
        }
    }
    return false; // more is to come
}

bool is_fatal_alert(ByteView bytes) {
    return bytes.size() == k_record_start + 2 &&
           bytes[0] == std::to_underlying(wire::ContentType::alert) && bytes[3] == 0 &&
           bytes[4] == 2 && bytes[5] == std::to_underlying(AlertLevel::fatal);
}

} // namespace

std::optional<QuickReply>
read_quickly(ProtocolVersion offered, evidence::Shape shape, ByteView first) {
    Brief brief{.reach = std::to_underlying(evidence::Reach::open)};
    if (is_fatal_alert(first)) {
        brief.outcome = std::to_underlying(Outcome::refused);
        brief.flags = k_brief_alert;
        brief.alert_version = narrow(std::size_t{first[1]} << 8U | first[2]);
        brief.alert_level = first[5];
        brief.alert = first[6];
        return QuickReply{.brief = brief, .wants = Wants::rest};
    }
    const bool a_flight = first.size() > k_record_start + k_message_start &&
                          first[0] == std::to_underlying(wire::ContentType::handshake);
    if (!a_flight || shape == evidence::Shape::ssl2 || !read_flight({first}, offered, brief)) {
        return std::nullopt;
    }
    return QuickReply{.brief = brief, .wants = Wants::nothing};
}

} // namespace tlsdoctor::probe
