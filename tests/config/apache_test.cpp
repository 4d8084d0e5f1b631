// SPDX-License-Identifier: Apache-2.0
// Apache's rules of merging, each row measured on httpd 2.4, and configurations that are none.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "config/case_files.hpp"
#include "config/servers/apache_dump.hpp"
#include "config/servers/apache_protocols.hpp"
#include "config/servers/apache_tree.hpp"

namespace tlsdoctor::config {

namespace {

const std::string k_certificate =
    "SSLCertificateFile /pki/a.crt\nSSLCertificateKeyFile /pki/a.key\n";
const std::string k_tls = "SSLEngine on\n" + k_certificate;

std::string host(const std::string& addresses, const std::string& name, const std::string& more) {
    return "<VirtualHost " + addresses + ">\nServerName " + name + "\n" + k_tls + more +
           "\n</VirtualHost>\n";
}

Examination examined(
    MemoryFiles& files, const std::string& text, const std::string& version = "2.4.62",
    const std::string& start = "apache2 -f /case/apache2.conf -DFOREGROUND -DMODERN"
) {
    files.add("/case/apache2.conf", text);
    files.add("/pki/a.crt", "-----BEGIN CERTIFICATE-----\na\n");
    files.add("/pki/a.key", "-");
    Input input{
        .files = files,
        .knowledge = lab_knowledge(),
        .main = "/case/apache2.conf",
        .server_version = version,
        .library_version = "3.0.15"
    };
    return examine(*find_server("apache"), std::move(input), start, "/case/start.sh");
}

std::string
versions_at(const Examination& examination, const std::string& address, std::string name) {
    const Service* const service =
        service_for(examination.reading.services, address, name.empty() ? nullptr : &name, nullptr);
    if (!examination.reading.fatal.empty()) {
        return "fatal: " + examination.reading.fatal.front().what;
    }
    if (service == nullptr) {
        return "nobody";
    }
    return service->door == Door::tls ? openssl_names(service->enabled, " ") : "no TLS";
}

} // namespace

TEST_CASE("Apache's directives are merged as httpd merges them") {
    const std::string old_all = "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3";
    struct Row {
        const char* name;
        std::string text;
        const char* address;
        const char* sni;
        std::string want;
    };
    const Row rows[] = {
        {"no SSLProtocol: all", "Listen 443\n" + host("*:443", "a", ""), "1.2.3.4:443", "a", old_all
        },
        {"bare words replace", "Listen 443\n" + host("*:443", "a", "SSLProtocol TLSv1.2 TLSv1.3"),
         "1.2.3.4:443", "a", "TLSv1.3"},
        {"plus begins with nothing",
         "SSLProtocol -all +TLSv1.2\nListen 443\n" + host("*:443", "a", "SSLProtocol +TLSv1.3"),
         "1.2.3.4:443", "a", "TLSv1.3"},
        {"a hole is cut off from the top",
         "Listen 443\n" + host("*:443", "a", "SSLProtocol -all +TLSv1 +TLSv1.2 +TLSv1.3"),
         "1.2.3.4:443", "a", "TLSv1.2 TLSv1.3"},
        {"names have no case", "Listen 443\n" + host("*:443", "a", "sslprotocol -ALL +tlsv1.2"),
         "1.2.3.4:443", "A", "TLSv1.2"},
        {"a later line of the context wins, main server's behind the hosts too",
         "Listen 443\n" + host("*:443", "a", "") +
             "SSLProtocol -all +TLSv1.2\nSSLProtocol -all +TLSv1.3\n",
         "1.2.3.4:443", "a", "TLSv1.3"},
        {"the base host decides for a host that says nothing",
         "Listen 443\n" + host("*:443", "d", "SSLProtocol -all +TLSv1.2") + host("*:443", "a", ""),
         "1.2.3.4:443", "a", "TLSv1.2"},
        {"the main server's line comes before the base host's",
         "SSLProtocol -all +TLSv1.3\nListen 443\n" +
             host("*:443", "d", "SSLProtocol -all +TLSv1.2") + host("*:443", "a", ""),
         "1.2.3.4:443", "a", "TLSv1.3"},
        {"a minimum of OpenSSL takes the place of the list's",
         "Listen 443\n" +
             host("*:443", "a", "SSLProtocol -all +TLSv1.3\nSSLOpenSSLConfCmd MinProtocol TLSv1.2"),
         "1.2.3.4:443", "a", "TLSv1.2 TLSv1.3"},
        {"what the base host's Protocol forbids stays forbidden",
         "Listen 443\n" + host("*:443", "d", "SSLOpenSSLConfCmd Protocol -TLSv1.3") +
             host("*:443", "a", "SSLProtocol -all +TLSv1.2 +TLSv1.3"),
         "1.2.3.4:443", "a", "TLSv1.2"},
        {"a host by address comes before one for any",
         "Listen 443\n" + host("*:443", "a", "SSLProtocol -all +TLSv1.3") +
             host("127.0.0.2", "b", "SSLProtocol -all +TLSv1.2"),
         "127.0.0.2:443", "a", "TLSv1.2"},
        {"several addresses in one section",
         "Listen 443\n" + host("*:80 [::1]:443", "a", "SSLProtocol -all +TLSv1.3"), "[::1]:443", "",
         "TLSv1.3"},
        {"the first host whose pattern fits",
         "Listen 443\n" + host("*:443", "a", "ServerAlias www.*\nSSLProtocol -all +TLSv1.3") +
             host("*:443", "www.b", "SSLProtocol -all +TLSv1.2"),
         "1.2.3.4:443", "www.b", "TLSv1.3"},
        {"a port of https and a certificate are enough",
         "Listen 443\n<VirtualHost *:443>\n" + k_certificate + "</VirtualHost>\n", "1.2.3.4:443",
         "", old_all},
        {"on another port they are not",
         "Listen 8443\n<VirtualHost *:8443>\n" + k_certificate + "</VirtualHost>\n", "1.2.3.4:8443",
         "", "no TLS"},
        {"Define and its value at this point",
         "Define v TLSv1.2\nListen 443\n" + host("*:443", "a", "SSLProtocol -all +${v}") +
             "Define v TLSv1.3\n",
         "1.2.3.4:443", "a", "TLSv1.2"},
        {"-D on the command line and its opposite",
         "<IfDefine MODERN>\nSSLProtocol -all +TLSv1.3\n</IfDefine>\n<IfDefine "
         "!MODERN>\nSSLProtocol "
         "-all +TLSv1.2\n</IfDefine>\nListen 443\n" +
             host("*:443", "a", ""),
         "1.2.3.4:443", "a", "TLSv1.3"},
        {"IfVersion",
         "<IfVersion >= 2.5>\nSSLProtocol -all +TLSv1.3\n</IfVersion>\n<IfVersion < "
         "2.5>\nSSLProtocol "
         "-all +TLSv1.2\n</IfVersion>\nListen 443\n" +
             host("*:443", "a", ""),
         "1.2.3.4:443", "a", "TLSv1.2"},
        {"macros in macros",
         "<Macro One $p>\nSSLProtocol $p\n</Macro>\n<Macro Two $n $p>\nListen 443\n" +
             host("*:443", "$n", "Use One \"$p\"") + "</Macro>\nUse Two a \"-all +TLSv1.2\"\n",
         "1.2.3.4:443", "a", "TLSv1.2"},
        {"a list in quotes is one word",
         "Listen 443\n" + host("*:443", "a", "SSLProtocol \"-all +TLSv1.2\""), "1.2.3.4:443", "a",
         "fatal: SSLProtocol: Illegal protocol 'all +TLSv1.2'"},
        {"only minus leaves nothing", "Listen 443\n" + host("*:443", "a", "SSLProtocol -SSLv3"),
         "1.2.3.4:443", "a",
         "fatal: no version is left (AH02231): what has only `-` begins with nothing"},
        {"versions in a Location",
         "Listen 443\n" + host("*:443", "a", "<Location /x>\nSSLProtocol all\n</Location>"),
         "1.2.3.4:443", "a", "fatal: it is not allowed in <Location /x>"},
        {"a comment swallows the next line",
         "# x \\\nSSLProtocol -all +TLSv1.2\nListen 443\n" + host("*:443", "a", ""), "1.2.3.4:443",
         "a", old_all},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        MemoryFiles files;
        CHECK(versions_at(examined(files, row.text), row.address, row.sni) == row.want);
    }
}

TEST_CASE("before Apache 2.4.42 the base host decides for every name") {
    MemoryFiles files;
    const auto old = examined(
        files,
        "Listen 443\n" + host("*:443", "d", "SSLProtocol -all +TLSv1.2") +
            host("*:443", "a", "SSLProtocol -all +TLSv1.3"),
        "2.4.41"
    );
    CHECK(versions_at(old, "1.2.3.4:443", "a") == "TLSv1.2");
}

TEST_CASE("hostile Apache configurations end in a remark") {
    struct Row {
        const char* name;
        std::string text;
    };
    std::string bomb = "Define a0 xxxxxxxxxxxxxxxx\n";
    std::string macros = "<Macro M0>\nListen 80\n</Macro>\n";
    for (int i = 1; i < 40; ++i) {
        const std::string n = std::to_string(i);
        const std::string before = std::to_string(i - 1);
        bomb += "Define a" + n + " ${a" + before + "}${a" + before + "}\n";
        macros += "<Macro M" + n + ">\nUse M" + before + "\nUse M" + before + "\n</Macro>\n";
    }
    const Row rows[] = {
        {"an include of itself", "Include apache2.conf\n"},
        {"a macro that uses itself", "<Macro M>\nUse M\n</Macro>\nUse M\n"},
        {"macros that double", macros + "Use M39\n"},
        {"an include that is not there", "Include nothing.conf\n"},
        {"a pattern that matches nothing", "Include nothing/*.conf\n"},
        {"a section that is open", "<VirtualHost *:443>\nSSLEngine on\n"},
        {"zero bytes", std::string("SSL\0Protocol\n", 13)},
        {"an open quote", "SSLProtocol \"all -SSLv3\nListen 443\n"},
        {"a variable that nobody defines", "Listen 443\nSSLProtocol ${NOBODY}\n"},
        {"an unknown directive", "Listen 443\nSSLProtokoll all\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        MemoryFiles files;
        const Reading reading = examined(files, row.text).reading;
        CHECK(reading.fatal.size() + reading.not_understood.size() > 0);
    }
    MemoryFiles files;
    CHECK(examined(files, bomb + "Listen 443\nSSLProtocol ${a39}\n").reading.fatal.size() > 0);
}

TEST_CASE("a list of versions is written anew in its own style") {
    struct Row {
        Rewrite rewrite;
        const char* old;
        const char* want;
    };
    const Row rows[] = {
        {rewritten_protocols, "all -SSLv3", "all -SSLv3 -TLSv1 -TLSv1.1"},
        {rewritten_protocols, "all -SSLv2 -SSLv3 -TLSv1.2", "all -SSLv2 -SSLv3 -TLSv1 -TLSv1.1"},
        {rewritten_protocols, "-all +TLSv1.3", "-all +TLSv1.2 +TLSv1.3"},
        {rewritten_protocols, "+TLSv1.3", "+TLSv1.2 +TLSv1.3"},
        {rewritten_protocols, "TLSv1.2 TLSv1.3", "-all +TLSv1.2 +TLSv1.3"},
        {rewritten_protocols, "", "-all +TLSv1.2 +TLSv1.3"},
        {rewritten_protocol_word, "\"-all +TLSv1.2\"", "\"-all +TLSv1.2 +TLSv1.3\""},
        {rewritten_protocol_word, "TLSv1.2", "\"-all +TLSv1.2 +TLSv1.3\""},
        {rewritten_protocol_piece, "TLSv1.2", "\"TLSv1.2 +TLSv1.3\""},
        {rewritten_minimum, "TLSv1", "TLSv1.2"},
        {rewritten_openssl_list, "\"-ALL,TLSv1.3\"", "\"-ALL,TLSv1.2,TLSv1.3\""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.old);
        CHECK(row.rewrite(row.old, k_modern_versions) == row.want);
    }
}

TEST_CASE("IfVersion compares versions") {
    struct Row {
        std::vector<std::string> words;
        std::optional<bool> want;
    };
    const Row rows[] = {
        {{">=", "2.4"}, true},        {{"<", "2.4.62"}, false}, {{"2.4.62"}, true},
        {{"!=", "2.4.62"}, false},    {{"=", "2.4.1"}, false},  {{"!>", "2.4.63"}, true},
        {{"~", "2.4"}, std::nullopt}, {{"/^2/"}, std::nullopt}, {{"<=", "2.5"}, true},
    };
    for (const Row& row : rows) {
        CAPTURE(joined(row.words, " "));
        CHECK(apache_version_fits(row.words, "2.4.62") == row.want);
    }
}

TEST_CASE("the dump of mod_info becomes files with the same lines") {
    const std::string dump = "# In file: /e/modules.conf\n#   2:\nServerName localhost\n"
                             "# In file: /e/apache2.conf\n#   2:\nListen 443\n#   4:\n"
                             "<VirtualHost *:443>\n  #   5:\n  ServerName a\n"
                             "# In file: /e/le/options.conf\n  #  10:\n  SSLProtocol all -SSLv3\n"
                             "# In file: /e/apache2.conf\n</VirtualHost>\n"
                             "# In file: macro 'm' (defined on line 11 of \"/e/x.conf\") used on "
                             "line 17 of \"/e/x.conf\"\n"
                             "#   1:\nSSLCipherSuite HIGH\nSyntax OK";
    REQUIRE(is_apache_dump(dump));
    const ApacheDump read = files_of_apache_dump(dump);
    CHECK(read.main == "/e/modules.conf");
    REQUIRE(read.files.size() == 4);
    CHECK(read.files[0].second == "\nServerName localhost\nInclude \"/e/apache2.conf\"\n");
    CHECK(
        read.files[1].second ==
        "\nListen 443\n\n<VirtualHost *:443>\nServerName a\nInclude \"/e/le/options.conf\"\n"
        "</VirtualHost>\nInclude \"/e/x.conf:17 macro m\"\n"
    );
    CHECK(read.files[2].second == "\n\n\n\n\n\n\n\n\nSSLProtocol all -SSLv3\n");
    CHECK(read.files[3].second == "SSLCipherSuite HIGH\n");
    CHECK(!is_apache_dump("SSLProtocol all\n"));
    CHECK(files_of_apache_dump("# In file: /x\n# 4000000000:\nA\n").files.size() == 1);
}

} // namespace tlsdoctor::config
