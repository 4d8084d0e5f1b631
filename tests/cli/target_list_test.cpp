// SPDX-License-Identifier: Apache-2.0
// Lists as people, spreadsheets and scanners write them.
#include "cli/target_list.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using tlsdoctor::cli::read_target_list;

namespace {

struct ListCase {
    std::string name;
    std::string text;
    std::vector<std::string> hosts;
    std::vector<std::size_t> bad_lines;
};

const ListCase k_list_cases[] = {
    {"nothing", "", {}, {}},
    {"one", "a.example", {"a.example"}, {}},
    {"unix lines", "a.example\nb.example\n", {"a.example", "b.example"}, {}},
    {"windows lines", "a.example\r\nb.example\r\n", {"a.example", "b.example"}, {}},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "a.example\n",
     {"a.example"},
     {}},
    {"blank lines", "\n\n a.example \n\t\n", {"a.example"}, {}},
    {"comments", "# all\na.example # main\n  # b.example\n", {"a.example"}, {}},
    {"a fragment is no comment", "https://a.example/#top\n", {"a.example"}, {}},
    {"the same twice stays twice", "a.example\na.example\n", {"a.example", "a.example"}, {}},
    {"the rest goes on",
     "a.example\nb:b:b\n\nc.example:0\nd.example\n",
     {"a.example", "d.example"},
     {2, 4}},
    {"zgrab2 address", "192.0.2.7,,tag,8443\n", {"192.0.2.7"}, {}},
    {"zgrab2 address and name", "192.0.2.7,a.example\n", {"192.0.2.7"}, {}},
    {"zgrab2 name", ",a.example,,\n", {"a.example"}, {}},
    {"zgrab2 name in the wrong field", "a.example,,,443\n", {}, {1}},
    {"zgrab2 port", "192.0.2.7,,,x\n192.0.2.8,,,0\n", {}, {1, 2}},
    {"zgrab2 network", "192.0.2.0/24,,,443\n", {}, {1}},
    {"zgrab2 of nothing", ",,,443\n", {}, {1}},
};

} // namespace

TEST_CASE("read_target_list reads every line that can be read") {
    for (const ListCase& c : k_list_cases) {
        CAPTURE(c.name);
        const auto list = read_target_list(c.text, {});
        std::vector<std::string> hosts;
        for (const auto& target : list.targets) {
            hosts.push_back(target.host);
        }
        std::vector<std::size_t> bad_lines;
        for (const auto& problem : list.problems) {
            bad_lines.push_back(problem.line);
        }
        CHECK(hosts == c.hosts);
        CHECK(bad_lines == c.bad_lines);
    }
}

TEST_CASE("a row of zgrab2 gives address, name and port") {
    const auto list = read_target_list("192.0.2.7, a.example, tag, 8443\n", {});
    REQUIRE(list.targets.size() == 1);
    CHECK(list.targets[0].host == "192.0.2.7");
    CHECK(list.targets[0].literal);
    CHECK(list.targets[0].sni == "a.example");
    CHECK(list.targets[0].port == 8443);
}

TEST_CASE("--sni and --no-sni are stronger than a row's name") {
    CHECK(
        read_target_list("192.0.2.7,a.example", {.sni = "b.example"}).targets[0].sni == "b.example"
    );
    CHECK(read_target_list("192.0.2.7,a.example", {.no_sni = true}).targets[0].sni == std::nullopt);
}
