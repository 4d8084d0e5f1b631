// SPDX-License-Identifier: Apache-2.0
// Tomcat's XML, its lists, and Java's policy beneath.
#include <doctest/doctest.h>

#include "config/case_files.hpp"
#include "config/java_policy.hpp"
#include "config/servers/tomcat_values.hpp"
#include "config/syntax/xml.hpp"

namespace tlsdoctor::config {

namespace {

const std::string k_odd_xml =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE a [ <!ENTITY x \"y\"> ]>\n<!-- <Connector port='1'> -->\n"
    "<Server port = '-1'\n  note=\"a > b &amp; &#99;\"><Connector/>\r\n<![CDATA[ <x> ]]>\n"
    "<Service name=\"s\"><Connector port='8443'\n\tSSLEnabled=\"true\" /></Service>\n</Server>\n";

std::string printed(const Sources& sources, const XmlDocument& document) {
    std::string text;
    for (const Place token : document.tokens) {
        text += sources.text(token);
    }
    return text;
}

} // namespace

TEST_CASE("read_xml loses no byte, however the file is cut") {
    for (std::size_t length = 0; length <= k_odd_xml.size(); ++length) {
        CAPTURE(length);
        Sources sources;
        const std::string text = k_odd_xml.substr(0, length);
        const FileId file = sources.add("/x.xml", text);
        CHECK(printed(sources, read_xml(sources, file)) == text);
    }
}

TEST_CASE("read_xml finds elements and attributes") {
    Sources sources;
    const FileId file = sources.add("/x.xml", k_odd_xml);
    const XmlDocument document = read_xml(sources, file);
    CHECK(document.faults.empty());
    REQUIRE(document.roots.size() == 1);
    const XmlElement& server = document.roots.front();
    CHECK(server.value_of("note") == "a > b & c");
    REQUIRE(server.children.size() == 2);
    const XmlElement& connector = server.children[1].children.at(0);
    CHECK(connector.value_of("port") == "8443");
    CHECK(sources.text(connector.find("SSLEnabled")->place) == "SSLEnabled=\"true\"");
    CHECK(sources.line_of(connector.find("SSLEnabled")->place) == 8);
}

TEST_CASE("read_xml says what it cannot read, and goes on") {
    std::string deep;
    for (int i = 0; i < 20'000; ++i) {
        deep += "<a>";
    }
    const std::string rows[] = {
        "<a><b></a>",
        "</a>",
        "<a",
        "<a b>",
        "<a b=c/>",
        "<a b='&nobody;'/>",
        "<!-- open",
        deep,
        std::string(1 << 20, '<'),
        "<a b=\"" + std::string(1 << 20, 'x'),
    };
    for (const std::string& text : rows) {
        Sources sources;
        const FileId file = sources.add("/x.xml", text);
        const XmlDocument document = read_xml(sources, file);
        CHECK(!document.faults.empty());
        CHECK(printed(sources, document) == text);
    }
}

TEST_CASE("Tomcat's lists of versions") {
    struct Row {
        const char* list;
        const char* want;
        const char* anew;
    };
    const Row rows[] = {
        {"all", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "TLSv1.2+TLSv1.3"},
        {"all,-TLSv1,-TLSv1.1", "TLSv1.2 TLSv1.3", "TLSv1.2+TLSv1.3"},
        {"TLSv1.2, TLSv1.3", "TLSv1.2 TLSv1.3", "TLSv1.2, TLSv1.3"},
        {"+TLSv1.2+TLSv1.3-TLSv1.3", "TLSv1.2", "TLSv1.2+TLSv1.3"},
        {"tlsv1.2", "", "TLSv1.2+TLSv1.3"},
        {"-TLSv1.3", "", "TLSv1.2+TLSv1.3"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.list);
        CHECK(openssl_names(tomcat_protocols(row.list), " ") == row.want);
        CHECK(rewritten_tomcat_list(row.list, k_modern_versions) == row.anew);
    }
    CHECK(
        tomcat_ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256") ==
        "ECDHE-RSA-AES128-GCM-SHA256"
    );
}

TEST_CASE("java_properties reads continuations, separators and escapes") {
    Sources sources;
    const FileId file =
        sources.add("/p", "# c \\\na=1\n  b : x, \\\n   y\\\r\n\tz\n! no\nc two\\\\\nd\n");
    const auto properties = java_properties(sources, file);
    REQUIRE(properties.size() == 4);
    CHECK(properties[0].value == "1");
    CHECK(properties[1].key == "b");
    CHECK(properties[1].value == "x, yz");
    CHECK(properties[2].value == "two\\");
    CHECK(properties[3].key == "d");
}

TEST_CASE("a list of disabled algorithms changes where versions stand in it") {
    struct Row {
        const char* old;
        const char* want;
    };
    const Row rows[] = {
        {"SSLv3, RC4, \\\n    NULL", "SSLv3, TLSv1, TLSv1.1, RC4, \\\n    NULL"},
        {"SSLv3, TLSv1, TLSv1.1, TLSv1.2, RC4", "SSLv3, TLSv1, TLSv1.1, RC4"},
        {"RC4", "SSLv3, TLSv1, TLSv1.1, RC4"},
        {"SSLv3, TLSv1, TLSv1.1, TLSv1.3", "SSLv3, TLSv1, TLSv1.1, "},
        {"", "SSLv3, TLSv1, TLSv1.1"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.old);
        CHECK(rewritten_disabled_versions(row.old, k_modern_versions) == row.want);
    }
}

TEST_CASE("java_security_files follows the command line") {
    MemoryFiles files;
    files.add("/etc/java-17-openjdk/security/java.security", "");
    const auto found = [&](const std::string& command) {
        Sources sources;
        const Input input{
            .files = files,
            .knowledge = lab_knowledge(),
            .start = read_start_command(sources, "/s", command, "/case")
        };
        return java_security_files(input);
    };
    const std::vector<std::string> own{"/etc/java-17-openjdk/security/java.security"};
    CHECK(found("java -jar x") == own);
    CHECK(found("java -Djava.security.properties=/a x").back() == "/a");
    CHECK(found("java -Djava.security.properties==/a x") == std::vector<std::string>{"/a"});
    CHECK(found("java -Djava.security.properties=file:/a x").back() == "/a");
}

} // namespace tlsdoctor::config
