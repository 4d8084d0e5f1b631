// SPDX-License-Identifier: Apache-2.0
// A receiver that reads the whole hello.
#include "reading.hpp"

#include <doctest/doctest.h>

#include "wire/extension.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::probe::testing {

ReadHello read_hello(const Question& question) {
    ReadHello read;
    const std::string_view all = as_text(question.bytes);
    if (all.starts_with("PROXY ")) {
        read.before = all.substr(0, all.find('\n') + 1);
    }
    wire::RecordReader records;
    records.feed(ByteView(question.bytes).subspan(read.before.size()));
    wire::HandshakeReader messages;
    for (auto record = records.next(); record && *record; record = records.next()) {
        CHECK((*record)->type == wire::ContentType::handshake);
        read.record_versions.push_back((*record)->version);
        messages.feed((*record)->fragment);
        read.message_size += (*record)->fragment.size();
    }
    CHECK(records.pending().empty());
    const auto message = messages.next();
    REQUIRE(message.has_value());
    REQUIRE(message->has_value());
    CHECK(messages.pending() == 0);
    CHECK((*message)->type == wire::HandshakeType::client_hello);
    auto hello = wire::read_client_hello((*message)->body);
    REQUIRE(hello.has_value());
    read.hello = *std::move(hello);
    return read;
}

ReadHello read_offer(const evidence::Offer& offer, std::uint64_t seed) {
    const Ask ask{.shape = evidence::Shape::composed, .composed = offer};
    return read_hello(make_question(ask, seeded_random(seed)));
}

ByteView data_of(const wire::ClientHello& hello, ExtensionType type) {
    const wire::Extension* const extension = wire::find(hello.extensions, type);
    REQUIRE(extension != nullptr);
    return extension->data;
}

bool is_grease(unsigned number) {
    return (number & 0x0f0fU) == 0x0a0aU && number >> 8U == (number & 0xffU);
}

} // namespace tlsdoctor::probe::testing
