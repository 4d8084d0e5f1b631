// SPDX-License-Identifier: Apache-2.0
#include "fleet/target_source.hpp"

#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "fleet/words.hpp"

namespace tlsdoctor::fleet {
namespace {

using testing::read_word;
using testing::TemporaryFile;
using Texts = std::vector<std::string>;

/// `host:port` of every target, `!line words` of every problem.
Texts all_of(TargetSource& source) {
    REQUIRE(source.open().has_value());
    Texts shown;
    while (const auto item = source.next()) {
        if (const auto* const problem = std::get_if<SourceProblem>(&*item)) {
            shown.push_back(fmt::format("!{} {}", problem->problem.line, problem->problem.what));
        } else {
            const auto& target = std::get<evidence::Target>(*item);
            shown.push_back(fmt::format("{}:{}", target.host, target.port));
        }
    }
    return shown;
}

TEST_CASE("a source writes blocks out, puts ports to hosts and folds what came before") {
    struct Case {
        std::string name;
        std::string list;
        std::vector<std::uint16_t> ports;
        Texts items;
        std::size_t duplicates;
    };
    const Case cases[] = {
        {"nothing", "# nothing\n", {}, {}, 0},
        {"names", "b.example\na.example\n", {}, {"b.example:443", "a.example:443"}, 0},
        {"the same twice",
         "a.example\na.example:443\na.example:444\na.example\n",
         {},
         {"a.example:443", "a.example:444"},
         2},
        {"a block",
         "192.0.2.8/30\n",
         {},
         {"192.0.2.8:443", "192.0.2.9:443", "192.0.2.10:443", "192.0.2.11:443"},
         0},
        {"ports",
         "a.example\nb.example:1\n192.0.2.7/32\n",
         {443, 8443},
         {"a.example:443", "a.example:8443", "b.example:1", "192.0.2.7:443", "192.0.2.7:8443"},
         0},
        {"the own port among the ports",
         "a.example:8443\nb.example:443\n",
         {443, 8443},
         {"a.example:8443", "b.example:443"},
         0},
        {"a row's own port", "192.0.2.7,,,99\n", {443, 8443}, {"192.0.2.7:99"}, 0},
        {"an address of a block that came before",
         "192.0.2.0/31\n192.0.2.1\n192.0.2.1:444\n",
         {},
         {"192.0.2.0:443", "192.0.2.1:443", "192.0.2.1:444"},
         1},
        {"an address with a name is another target",
         "192.0.2.0/31\n192.0.2.1,a.example\n",
         {},
         {"192.0.2.0:443", "192.0.2.1:443", "192.0.2.1:443"},
         0},
        {"a block after one of its addresses",
         "192.0.2.1\n192.0.2.0/31\n",
         {},
         {"192.0.2.1:443", "192.0.2.0:443"},
         1},
        {"blocks that overlap",
         "192.0.2.4/31\n192.0.2.0/29\n192.0.2.0/29\n",
         {},
         {"192.0.2.4:443", "192.0.2.5:443", "192.0.2.0:443", "192.0.2.1:443", "192.0.2.2:443",
          "192.0.2.3:443", "192.0.2.6:443", "192.0.2.7:443"},
         10},
        {"the rest goes on",
         "a b\nc.example\nd.example:x\n",
         {},
         {"!1 a space or nothing", "c.example:443", "!3 no port"},
         0},
        {"a bad word is one problem, whatever the ports",
         "a b\n",
         {1, 2, 3},
         {"!1 a space or nothing"},
         0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const TemporaryFile file{c.list};
        TargetSource source{{.files = {file.path()}, .ports = c.ports, .read_word = read_word}};
        CHECK(all_of(source) == c.items);
        CHECK(source.counts().duplicates == c.duplicates);
        CHECK(source.counts().ended);
        CHECK(source.counts().ahead == 0);
    }
}

TEST_CASE("words of the command line come first, and several lists one after the other") {
    const TemporaryFile one{"b.example\n"};
    const TemporaryFile two{"c.example"};
    TargetSource source{{
        .words = {"a.example", "192.0.2.0/31", "x y"},
        .files = {one.path(), two.path()},
        .read_word = read_word,
    }};
    CHECK(
        all_of(source) ==
        Texts{
            "a.example:443", "192.0.2.0:443", "192.0.2.1:443", "!1 a space or nothing",
            "b.example:443", "c.example:443"
        }
    );
}

TEST_CASE("the excluded and what was done before are left out and counted") {
    Exclusion exclusion;
    REQUIRE(exclusion.add({.block = *read_block("192.0.2.0/30")}, read_word).has_value());
    REQUIRE(exclusion.add({.word = "192.0.2.6:443"}, read_word).has_value());
    REQUIRE(exclusion.add({.word = "b.example"}, read_word).has_value());
    const TemporaryFile file{"192.0.2.0/29\na.example\nb.example\nb.example:444\n192.0.2.6:444\n"};
    TargetSource source{{
        .files = {file.path()},
        .read_word = read_word,
        .exclusion = &exclusion,
        .is_done = [](const evidence::Target& target) { return target.host == "192.0.2.7"; },
    }};
    CHECK(
        all_of(source) == Texts{"192.0.2.4:443", "192.0.2.5:443", "a.example:443", "192.0.2.6:444"}
    );
    CHECK(source.counts().excluded == 7);
    CHECK(source.counts().done_before == 1);
}

TEST_CASE("a whole IPv4 Internet minus itself costs nothing") {
    Exclusion exclusion;
    REQUIRE(exclusion.add({.block = *read_block("0.0.0.0/0")}, read_word).has_value());
    TargetSource source{{.words = {"0.0.0.0/0"}, .read_word = read_word, .exclusion = &exclusion}};
    CHECK(all_of(source).empty());
    CHECK(source.counts().excluded == std::uint64_t{1} << 32U);
}

TEST_CASE("a source that is not there is an error before anything is read") {
    TargetSource source{{.files = {"/nonexistent/list"}, .read_word = read_word}};
    const auto opened = source.open();
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == "cannot open /nonexistent/list: No such file or directory");
    TargetSource folder{{.files = {"/"}, .read_word = read_word}};
    CHECK_FALSE(folder.open().has_value());
}

TEST_CASE("a source that writes out a huge block can be stopped") {
    TargetSource source{{.words = {"0.0.0.0/0"}, .read_word = read_word}};
    REQUIRE(source.open().has_value());
    std::thread stopper;
    std::size_t count = 0;
    while (source.next()) {
        if (++count == 1'000) {
            stopper = std::thread{[&] {
                source.stop();
            }};
        }
    }
    stopper.join();
    CHECK(count >= 1'000);
    CHECK_FALSE(source.counts().ended);
}

} // namespace
} // namespace tlsdoctor::fleet
