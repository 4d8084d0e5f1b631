// SPDX-License-Identifier: Apache-2.0
// Lists as people, spreadsheets and scanners write them, cut anywhere.
#include "fleet/list_reader.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace tlsdoctor::fleet {
namespace {

/// What a list gives: `word:port name`, or `!line words`.
std::vector<std::string> read_all(std::string_view text, std::size_t piece) {
    ListReader reader;
    std::vector<std::string> shown;
    const auto take = [&] {
        while (const auto item = reader.take()) {
            if (const auto* const problem = std::get_if<ListProblem>(&*item)) {
                shown.push_back(fmt::format("!{} {}", problem->line, problem->what));
                continue;
            }
            const Entry& entry = std::get<Entry>(*item);
            std::string words = entry.block ? text_of(entry.block->first) + "/" : entry.word;
            words += entry.port ? fmt::format(":{}", *entry.port) : "";
            shown.push_back(entry.name.empty() ? words : words + " " + entry.name);
        }
    };
    for (std::size_t at = 0; at < text.size(); at += piece) {
        reader.feed(text.substr(at, piece));
        take();
    }
    reader.finish();
    take();
    return shown;
}

using Items = std::vector<std::string>;

const std::string k_nmap_xml = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<nmaprun scanner="nmap" args="nmap -oX - 192.0.2.0/24">
<host><status state="up" reason="syn-ack"/><address addr="192.0.2.7" addrtype="ipv4"/>
<address addr="00:00:5E:00:53:01" addrtype="mac" vendor="x"/>
<hostnames><hostname name="a.example" type="user"/><hostname name="ptr.example" type="PTR"/></hostnames>
<ports><extraports state="closed" count="998"/>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack"/><service name="https"/></port>
<port protocol="udp" portid="443"><state state="open"/></port>
<port protocol="tcp" portid="444"><state state="closed"/></port></ports></host>
<host><status state="up"/><address addr="2001:db8::1" addrtype="ipv6"/>
<hostnames><hostname name="ptr.example" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="8443"><state state="open"/></port></ports></host>
<host><status state="down"/><address addr="192.0.2.8" addrtype="ipv4"/></host>
<host><status state="up"/><address addr="192.0.2.9" addrtype="ipv4"/></host>
</nmaprun>
)";

TEST_CASE("a list is read the same however it is cut into pieces") {
    struct Case {
        std::string name;
        std::string text;
        Items items;
    };
    const Case cases[] = {
        {"nothing", "", {}},
        {"one without a newline", "a.example", {"a.example"}},
        {"windows lines", "a.example\r\n\r\nb.example\r\n", {"a.example", "b.example"}},
        {"a byte order mark",
         "\xef\xbb\xbf"
         "a.example\n",
         {"a.example"}},
        {"a byte order mark alone", "\xef\xbb\xbf", {}},
        {"UTF-16",
         std::string(
             "\xff\xfe"
             "a\0\n\0",
             6
         ),
         {"!1 the list is UTF-16; it is read as UTF-8 or ASCII"}},
        {"blocks and rows",
         "192.0.2.0/24\n192.0.2.7,a.example,,8443\n",
         {"192.0.2.0/", "192.0.2.7:8443 a.example"}},
        {"a bad line in the middle",
         "a.example\n192.0.2.0/64\nb.example\n",
         {"a.example", "!2 '64' is not a prefix of 0 to 32 bits", "b.example"}},
        {"nmap's XML", k_nmap_xml, {"192.0.2.7:443 a.example", "2001:db8::1:8443", "192.0.2.9"}},
        {"a line that is too long",
         "a.example\n" + std::string(70'000, 'x') + "\nb.example\n",
         {"a.example", "!2 a line of more than 64 KiB is no target", "b.example"}},
        {"a long line at the end",
         std::string(70'000, 'x'),
         {"!1 a line of more than 64 KiB is no target"}},
        {"a line of just the right length",
         std::string(65'536, 'x') + "\n",
         {std::string(65'536, 'x')}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1'000}}) {
            CAPTURE(piece);
            CHECK(read_all(c.text, piece) == c.items);
        }
        CHECK(read_all(c.text, c.text.size() + 1) == c.items);
    }
}

TEST_CASE("every truncation of nmap's XML keeps what came before, and says that it ends") {
    const std::size_t whole = k_nmap_xml.rfind("</nmaprun>") + 10;
    for (std::size_t size = 0; size < k_nmap_xml.size(); ++size) {
        CAPTURE(size);
        const Items items = read_all(std::string_view(k_nmap_xml).substr(0, size), 4'096);
        const bool complains = !items.empty() && items.back().starts_with("!");
        if (size > 0) {
            CHECK(complains == (size < whole));
        }
        CHECK(items.size() <= 4);
    }
}

TEST_CASE("hostile XML is refused and bounded") {
    const std::string bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE nmaprun [<!ENTITY a \"aaaaaaaaaa\">"
        "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>"
        "<nmaprun><host><status state=\"up\"/><address addr=\"&c;\" "
        "addrtype=\"ipv4\"/></host></nmaprun>";
    CHECK(read_all(bomb, 100) == Items{"!1 it declares entities, which nmap does not"});
    const std::string endless = "<nmaprun a=\"" + std::string(6'000'000, 'x');
    const Items items = read_all(endless, 65'536);
    REQUIRE(items.size() == 1);
    CHECK(items[0] == "!1 not the XML of nmap: a tag that does not end");
    CHECK(read_all("<html><p>no list</html>", 100).size() == 1);
    CHECK(read_all("<\xff\xff", 100).size() == 1);
    std::string deep;
    for (int i = 0; i < 20'000; ++i) {
        deep += "<host>";
    }
    CHECK(read_all(deep, 1'000).size() == 1);
}

} // namespace
} // namespace tlsdoctor::fleet
