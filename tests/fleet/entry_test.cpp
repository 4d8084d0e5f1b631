// SPDX-License-Identifier: Apache-2.0
#include "fleet/entry.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace tlsdoctor::fleet {
namespace {

/// `word port name` of an entry, `first-last port` of a block, `!` and the words of a problem.
std::string shown(const ListItem& item) {
    if (const auto* const problem = std::get_if<ListProblem>(&item)) {
        return "!" + problem->what;
    }
    const Entry& entry = std::get<Entry>(item);
    std::string text =
        entry.block ? text_of(entry.block->first) + "-" + text_of(entry.block->last) : entry.word;
    text += entry.port ? fmt::format(" :{}", *entry.port) : "";
    return entry.name.empty() ? text : text + " " + entry.name;
}

std::vector<std::string> all_shown(LineReader& reader, std::string_view line) {
    std::vector<std::string> texts;
    for (const ListItem& item : reader.read(line, 7)) {
        texts.push_back(shown(item));
    }
    return texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("a line is a word, a block, a row or nothing") {
    struct Case {
        std::string line;
        Texts items;
    };
    const Case cases[] = {
        {"", {}},
        {"  # only a comment", {}},
        {"a.example", {"a.example"}},
        {" a.example\t# ours\r", {"a.example"}},
        {"https://a.example/#top", {"https://a.example/#top"}},
        {"https://a.example/?x=1,2", {"https://a.example/?x=1,2"}},
        {"[::1]:8443", {"[::1]:8443"}},
        {"192.0.2.0/30", {"192.0.2.0-192.0.2.3"}},
        {"192.0.2.0/30:8443", {"192.0.2.0-192.0.2.3 :8443"}},
        {"2001:db8::/127", {"2001:db8::-2001:db8::1"}},
        {"[2001:db8::/127]:8443", {"2001:db8::-2001:db8::1 :8443"}},
        {"[2001:db8::/127]", {"2001:db8::-2001:db8::1"}},
        {"192.0.2.0/30:0", {"!after the block's ':' a port is wanted"}},
        {"[2001:db8::/127]x", {"!after ']' only ':PORT' may follow"}},
        {"192.0.2.0/40", {"!'40' is not a prefix of 0 to 32 bits"}},
        {"192.0.2.7,,tag,8443", {"192.0.2.7 :8443"}},
        {"192.0.2.7, a.example", {"192.0.2.7 a.example"}},
        {"\"192.0.2.7\",\"a.example\",\"\",\"8443\"", {"192.0.2.7 :8443 a.example"}},
        {",a.example,,", {"a.example"}},
        {"192.0.2.0/31,,,443", {"192.0.2.0-192.0.2.1 :443"}},
        {"192.0.2.0/31,a.example", {"!one name cannot belong to a block of addresses"}},
        {"a.example,,,443", {"!the first field is not an IP address"}},
        {"192.0.2.7,,,x", {"!the fourth field is not a port"}},
        {"192.0.2.7,,,0", {"!the fourth field is not a port"}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        LineReader reader;
        CHECK(all_shown(reader, c.line) == c.items);
    }
}

TEST_CASE("a line of nmap's grepable output gives its open TCP ports") {
    const std::string line =
        "Host: 192.0.2.7 (a.example)\tPorts: 22/open/tcp//ssh//OpenSSH 9 #1/, "
        "53/open/udp//domain///, 80/closed/tcp//http///, 443/open/tcp//https///, "
        "8443/open|filtered/tcp//x///\tIgnored State: filtered (995)";
    struct Case {
        std::string command;
        Texts items;
    };
    const Case cases[] = {
        {"", {"192.0.2.7 :22", "192.0.2.7 :443"}},
        {"# Nmap 7.93 scan initiated Mon Nov 23 10:00:00 2026 as: nmap -oG - 192.0.2.0/24",
         {"192.0.2.7 :22", "192.0.2.7 :443"}},
        {"# Nmap 7.93 scan initiated Mon Nov 23 10:00:00 2026 as: nmap -oG - A.example",
         {"192.0.2.7 :22 a.example", "192.0.2.7 :443 a.example"}},
        {"# Nmap 7.93 scan initiated Mon Nov 23 10:00:00 2026 as: nmap -n -iL hosts -oG -",
         {"192.0.2.7 :22 a.example", "192.0.2.7 :443 a.example"}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.command);
        LineReader reader;
        CHECK(all_shown(reader, c.command).empty());
        CHECK(all_shown(reader, line) == c.items);
    }
    LineReader reader;
    CHECK(all_shown(reader, "Host: 192.0.2.7 ()\tStatus: Up").empty());
    CHECK(all_shown(reader, "Host: nobody ()\tPorts: 443/open/tcp/////")[0].starts_with("!no IP"));
    CHECK(
        all_shown(reader, "Host: 2001:db8::1 ()\tPorts: 443/open/tcp/////") ==
        Texts{"2001:db8::1 :443"}
    );
}

TEST_CASE("every truncation of a grepable line is read without harm") {
    const std::string line = "Host: 192.0.2.7 (a.example)\tPorts: 22/open/tcp//ssh///, 443/open/tcp"
                             "//https///\tIgnored State: filtered (995)";
    for (std::size_t size = 0; size <= line.size(); ++size) {
        LineReader reader;
        CHECK(reader.read(std::string_view(line).substr(0, size), 1).size() <= 2);
    }
}

TEST_CASE("read_ports reads ports and ranges") {
    CHECK(read_ports("443") == std::vector<std::uint16_t>{443});
    CHECK(
        read_ports("8443, 443,440-443,8443") == std::vector<std::uint16_t>{8443, 443, 440, 441, 442}
    );
    CHECK(read_ports("1-65535")->size() == 65535);
    for (const char* const text : {"", "0", "65536", "5-", "-5", "9-5", "443,", "a"}) {
        CAPTURE(text);
        CHECK_FALSE(read_ports(text).has_value());
    }
}

} // namespace
} // namespace tlsdoctor::fleet
