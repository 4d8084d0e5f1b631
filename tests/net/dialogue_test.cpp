// SPDX-License-Identifier: Apache-2.0
#include "net/dialogue.hpp"

#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "net/dialogues.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::net {
namespace {

using testing::all_of;
using testing::Conversation;
using testing::conversations;
using testing::dialogue_for;
using End = DialogueEnd;

/// What came out of one run.
struct Result {
    End end{};
    std::string said{};
    std::string client{};
    std::string rest{};

    bool operator==(const Result&) const = default;
};

void note_output(Dialogue& dialogue, Result& result) {
    const Bytes output = dialogue.take_output();
    result.client += as_text(output);
}

Result result_of(Dialogue& dialogue, Result result) {
    note_output(dialogue, result);
    result.end = dialogue.state();
    result.said = dialogue.said();
    const Bytes rest = dialogue.take_rest();
    result.rest = as_text(rest);
    return result;
}

Result in_pieces(const Conversation& conversation, std::string_view bytes, std::size_t size) {
    Dialogue dialogue = dialogue_for(conversation);
    Result result;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        note_output(dialogue, result);
        dialogue.feed(as_bytes(bytes.substr(at, size)));
    }
    return result_of(dialogue, result);
}

TEST_CASE("a dialogue ends as the server's words say") {
    for (const Conversation& c : conversations()) {
        CAPTURE(c.name);
        Dialogue dialogue = dialogue_for(c);
        Result result;
        for (const std::string_view answer : c.server) {
            CHECK(dialogue.state() == End::under_way);
            note_output(dialogue, result);
            dialogue.feed(as_bytes(answer));
        }
        result = result_of(dialogue, result);
        CHECK(name_of(result.end) == name_of(c.end));
        CHECK(result.said.find(c.said) != std::string::npos);
        CHECK(result.client.find(c.client) != std::string::npos);
        CHECK(result.rest == (c.end == End::started ? c.rest : std::string_view(result.rest)));
    }
}

TEST_CASE("every protocol has a conversation that starts TLS, one that does not, and a foreigner") {
    for (const StarttlsProtocol& row : starttls_protocols()) {
        CAPTURE(row.name);
        std::set<End> ends;
        for (const Conversation& c : conversations()) {
            if (c.protocol == row.name) {
                ends.insert(c.end);
            }
        }
        CHECK(ends.contains(End::started));
        const bool sibling = row.name == "lmtp" || row.name == "xmpp-server";
        CHECK((sibling || ends.contains(End::not_offered)));
        CHECK((sibling || ends.size() >= 3));
    }
}

TEST_CASE("a dialogue that is cut anywhere ends alike") {
    for (const Conversation& c : conversations()) {
        CAPTURE(c.name);
        const std::string bytes = all_of(c);
        const Result whole = in_pieces(c, bytes, bytes.size());
        for (const std::size_t size : {1U, 2U, 3U, 7U}) {
            CAPTURE(size);
            const Result cut = in_pieces(c, bytes, size);
            CHECK(cut.end == whole.end);
            CHECK(cut.client == whole.client);
            // What is foreign may be known before all of it came.
            const bool exact = c.end == End::started || c.end == End::not_offered;
            CHECK((!exact || cut.said == whole.said));
        }
        CHECK(name_of(whole.end) == name_of(c.end));
    }
}

TEST_CASE("a peer that ends or stalls at any byte ends the dialogue so") {
    for (const Conversation& c : conversations()) {
        const std::string bytes = all_of(c);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            for (const End how : {End::closed, End::reset, End::silent}) {
                Dialogue dialogue = dialogue_for(c);
                dialogue.feed(as_bytes(bytes).first(length));
                const End before = dialogue.state();
                dialogue.conclude(how);
                CAPTURE(c.name);
                CAPTURE(length);
                CHECK((dialogue.state() == (before == End::under_way ? how : before)));
                CHECK((before == End::under_way || before == c.end));
            }
        }
    }
}

TEST_CASE("after its end a dialogue takes no more answers") {
    Dialogue dialogue = dialogue_for(conversations().front());
    dialogue.conclude(End::closed);
    dialogue.conclude(End::reset);
    dialogue.feed(as_bytes("220 late\r\n"));
    CHECK(dialogue.state() == End::closed);
    CHECK(dialogue.said().empty());
}

TEST_CASE("a peer that talks on without an answer is garbled, and what is kept of it is bounded") {
    Dialogue dialogue(find_starttls("smtp")->steps, {});
    const std::string line = "220-" + std::string(1000, 'x') + "\r\n";
    for (int i = 0; i < 100; ++i) {
        dialogue.feed(as_bytes(line));
    }
    CHECK(dialogue.state() == End::garbled);
    CHECK(dialogue.said().size() <= 512);
}

TEST_CASE("changed bytes never break a dialogue, and never start TLS before its last answer") {
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (const Conversation& c : conversations()) {
        const std::string bytes = all_of(c);
        for (int round = 0; round < 300; ++round) {
            std::string changed = bytes;
            for (unsigned i = 0; i <= random() % 3; ++i) {
                changed[random() % changed.size()] = static_cast<char>(random());
            }
            changed.resize(random() % (changed.size() + 1));
            const Result whole = in_pieces(c, changed, changed.size() + 1);
            const Result cut = in_pieces(c, changed, 1);
            CAPTURE(c.name);
            CAPTURE(to_hex(as_bytes(changed)));
            REQUIRE(name_of(cut.end) == name_of(whole.end));
            REQUIRE(whole.said.size() <= 512);
        }
    }
}

TEST_CASE("the table finds protocols by name, other name and port") {
    CHECK(find_starttls("postgresql") == find_starttls("postgres"));
    CHECK(find_starttls("mariadb") == find_starttls("mysql"));
    CHECK(find_starttls("https") == nullptr);
    CHECK(find_starttls("") == nullptr);
    CHECK(starttls_on_port(587) == find_starttls("smtp"));
    CHECK(starttls_on_port(25) == find_starttls("smtp"));
    CHECK(starttls_on_port(3306) == find_starttls("mysql"));
    constexpr std::uint16_t implicit[] = {0, 443, 465, 636, 853, 990, 993, 995, 8443};
    for (const std::uint16_t port : implicit) {
        CHECK(starttls_on_port(port) == nullptr);
    }
}

} // namespace
} // namespace tlsdoctor::net
