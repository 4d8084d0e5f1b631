// SPDX-License-Identifier: Apache-2.0
// An entry is a group and an opaque<1..2^16-1>; which form it stands in depends on the message.
#include "wire/key_share.hpp"

#include "wire/writer.hpp"

namespace tlsdoctor::wire {
namespace {

KeyShareEntry read_entry(Reader& in) {
    KeyShareEntry entry;
    entry.group = in.number<NamedGroup>("group");
    entry.key_exchange = in.opaque(2, "key_exchange");
    return entry;
}

void write_entry(Writer& out, const KeyShareEntry& entry) {
    out.number(entry.group);
    out.opaque(2, entry.key_exchange);
}

} // namespace

std::expected<std::vector<KeyShareEntry>, ParseError> read_client_shares(ByteView data) {
    return read_message(data, [](Reader& in) {
        std::vector<KeyShareEntry> shares;
        for (Reader list = in.block(2, "client_shares"); list.more();) {
            shares.push_back(read_entry(list));
        }
        return shares;
    });
}

Extension write_client_shares(std::span<const KeyShareEntry> client_shares) {
    Writer out;
    out.block(2, [&] {
        for (const KeyShareEntry& entry : client_shares) {
            write_entry(out, entry);
        }
    });
    return {.type = ExtensionType::key_share, .data = out.take()};
}

std::expected<KeyShareEntry, ParseError> read_server_share(ByteView data) {
    return read_message(data, read_entry);
}

Extension write_server_share(const KeyShareEntry& server_share) {
    Writer out;
    write_entry(out, server_share);
    return {.type = ExtensionType::key_share, .data = out.take()};
}

std::expected<NamedGroup, ParseError> read_selected_group(ByteView data) {
    return read_message(data, [](Reader& in) { return in.number<NamedGroup>("selected_group"); });
}

Extension write_selected_group(NamedGroup selected_group) {
    Writer out;
    out.number(selected_group);
    return {.type = ExtensionType::key_share, .data = out.take()};
}

} // namespace tlsdoctor::wire
