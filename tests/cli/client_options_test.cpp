// SPDX-License-Identifier: Apache-2.0
// How the command line of `client` is read: the program's own options are the program's.
#include <doctest/doctest.h>

#include "cli/options.hpp"

namespace tlsdoctor::cli {

namespace {

using Words = std::vector<std::string>;

Options client_read(const Words& words) {
    auto options = read_options(words);
    REQUIRE_MESSAGE(options.has_value(), options.error().what);
    REQUIRE(options->command == Command::client);
    return std::move(*options);
}

} // namespace

TEST_CASE("what follows the program belongs to it") {
    struct Case {
        Words words;
        Words command;
        bool json;
    };
    const Case k_cases[] = {
        {{"client"}, {}, false},
        {{"client", "--", "curl", "-k", "https://{}/"}, {"curl", "-k", "https://{}/"}, false},
        {{"client", "--json", "curl", "-v", "--json", "--", "x"},
         {"curl", "-v", "--json", "--", "x"},
         true},
        {{"client", "--", "-odd", "--help"}, {"-odd", "--help"}, false},
        {{"client", "-q", "--", "check"}, {"check"}, false},
    };
    for (const Case& c : k_cases) {
        const Options options = client_read(c.words);
        CHECK(options.client.command == c.command);
        CHECK(options.output.json == c.json);
    }
}

TEST_CASE("what is walked") {
    using evidence::WalkGroup;
    struct Case {
        Words words;
        bool walks;
        std::vector<WalkGroup> groups;
    };
    const Case k_cases[] = {
        {{"client", "--", "x"}, true, {}},
        {{"client", "--no-walk", "--", "x"}, false, {}},
        {{"client", "--walk", "all", "--", "x"}, true, {}},
        {{"client", "--walk=versions,failures", "--", "x"},
         true,
         {WalkGroup::versions, WalkGroup::failures}},
    };
    for (const Case& c : k_cases) {
        const Options options = client_read(c.words);
        CHECK(options.client.walks == c.walks);
        CHECK(options.client.walk_groups == c.groups);
        CHECK_FALSE(options.client.serial);
    }
    const std::pair<Words, std::string> k_wrong[] = {
        {{"client", "--walk", "colours", "--", "x"}, "--walk: 'colours' is not one of versions"},
        {{"client", "--walk", "all", "--no-walk", "--", "x"}, "--walk and --no-walk exclude"},
        {{"client", "--walk", "all"}, "--walk needs a command to run"},
    };
    for (const auto& [words, what] : k_wrong) {
        const auto refused = read_options(words);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().what.starts_with(what));
    }
}

TEST_CASE("where and how long it listens") {
    struct Case {
        Words words;
        std::string address;
        std::uint16_t port;
    };
    const Case k_cases[] = {
        {{"client"}, "", 0},
        {{"client", "--listen", "8443"}, "", 8443},
        {{"client", "--listen=127.0.0.1:8443"}, "127.0.0.1", 8443},
        {{"client", "--listen", "[::1]:8443"}, "::1", 8443},
        {{"client", "--listen", ":8443"}, "0.0.0.0", 8443},
    };
    for (const Case& c : k_cases) {
        const Options options = client_read(c.words);
        CHECK(options.client.listen_address == c.address);
        CHECK(options.client.listen_port == c.port);
    }
    const Options bounded = client_read({"client", "--count", "3", "--deadline", "1.5"});
    CHECK(bounded.client.count == 3U);
    CHECK(bounded.client.deadline == milliseconds{1500});
}

TEST_CASE("contradictions are usage errors") {
    const Words k_cases[] = {
        {"client", "--listen", "80x"},
        {"client", "--listen", "localhost:8443"},
        {"client", "--listen", "127.0.0.1"},
        {"client", "--listen", "70000"},
        {"client", "--listen", "8443", "--", "curl"},
        {"client", "--count", "0"},
        {"client", "--count", "3", "curl", "{}"},
        {"client", "--deadline", "0"},
        {"client", "--replay", "x", "curl"},
        {"client", "--replay", "x", "--listen", "1"},
        {"client", "--local", "--listen", "1"},
        {"client", "--local", "--", "curl"},
        {"client", "--fail-on", "tuesday"},
        {"client", "--sni", "x"},
        {"client", "--", ""},
    };
    for (const Words& words : k_cases) {
        CAPTURE(words.back());
        CHECK_FALSE(read_options(words).has_value());
    }
}

} // namespace tlsdoctor::cli
