// SPDX-License-Identifier: Apache-2.0
// nginx's rules as tables: words that are written anew, addresses, names in expressions, defaults
// by version; and configurations that no server wrote.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "config/case_files.hpp"
#include "config/servers/nginx_names.hpp"
#include "config/servers/nginx_words.hpp"

namespace tlsdoctor::config {

namespace {

constexpr VersionSet k_tls12{ProtocolVersion::tls_1_2};
constexpr VersionSet k_tls13{ProtocolVersion::tls_1_3};
constexpr VersionSet k_all_tls =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

struct RewriteCase {
    const char* name;
    Rewrite rewrite;
    const char* before;
    VersionSet wanted;
    const char* after;
};

const RewriteCase k_rewrites[] = {
    {"adds at the end", rewrite_nginx_protocols, "TLSv1.2", k_modern_versions, "TLSv1.2 TLSv1.3"},
    {"adds in front", rewrite_nginx_protocols, "TLSv1.3", k_modern_versions, "TLSv1.2 TLSv1.3"},
    {"keeps quotes", rewrite_nginx_protocols, "\"TLSv1.2\"", k_modern_versions,
     "\"TLSv1.2\" TLSv1.3"},
    {"keeps the order", rewrite_nginx_protocols, "TLSv1.2 TLSv1.1", k_all_tls,
     "TLSv1.3 TLSv1.2 TLSv1.1 TLSv1"},
    {"takes away", rewrite_nginx_protocols, "TLSv1 TLSv1.1  TLSv1.2", k_tls12, "TLSv1.2"},
    {"takes away at the end", rewrite_nginx_protocols, "TLSv1.2  TLSv1.3", k_tls12, "TLSv1.2"},
    {"all others", rewrite_nginx_protocols, "SSLv3 TLSv1", k_modern_versions, "TLSv1.2 TLSv1.3"},
    {"keeps comments", rewrite_nginx_protocols, "TLSv1.2 # x\n TLSv1.1", k_tls12, "TLSv1.2 # x\n"},
    {"a new list", rewrite_nginx_protocols, "", k_modern_versions, "TLSv1.2 TLSv1.3"},
    {"a maximum", rewrite_nginx_command, "MaxProtocol TLSv1.2", k_modern_versions,
     "MaxProtocol TLSv1.3"},
    {"a minimum in quotes", rewrite_nginx_command, "minprotocol \"TLSv1\"", k_tls13,
     "minprotocol \"TLSv1.3\""},
};

} // namespace

TEST_CASE("version words are written anew, and nothing else") {
    for (const RewriteCase& c : k_rewrites) {
        CAPTURE(c.name);
        const auto after = c.rewrite(c.before, c.wanted);
        REQUIRE(after);
        CHECK(trimmed(*after) == trimmed(c.after));
    }
    CHECK(!rewrite_nginx_protocols("TLSv1.2", {}));
    CHECK(!rewrite_nginx_command("Options PrioritizeChaCha", k_modern_versions));
}

TEST_CASE("a listen line names addresses") {
    struct Case {
        const char* text;
        std::vector<std::string> addresses;
    };
    const Case cases[] = {
        {"443", {"0.0.0.0:443"}},
        {"*:443", {"0.0.0.0:443"}},
        {"127.0.0.1", {"127.0.0.1:80"}},
        {"[::]:443", {"[::]:443"}},
        {"[0:0:0::1]:443", {"[::1]:443"}},
        {"[::1]", {"[::1]:80"}},
        {"localhost:8443", {"127.0.0.1:8443", "[::1]:8443"}},
        {"8000-8001", {"0.0.0.0:8000", "0.0.0.0:8001"}},
        {"unix:/run/x", {"unix:/run/x"}},
        {"", {}},
        {":443", {}},
        {"[::1", {}},
        {"0", {}},
        {"127.0.0.1:70000", {}},
        {"9-8", {}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(nginx_addresses(c.text, "80") == c.addresses);
    }
}

TEST_CASE("names are read out of simple regular expressions only") {
    struct Case {
        const char* regex;
        const char* name;
    };
    constexpr Case k_cases[] = {
        {"~^www\\.a\\.test$", "www.a.test"},
        {"~^(?<sub>.+)\\.A\\.test$", "*.a.test"},
        {"~*^[^.]+\\.a\\.test$", "*.a.test"},
        {"~\\.a\\.test$", "*.a.test"},
        {"~^c[0-9]*\\.a\\.test$", ""},
        {"~^(www\\.)?a\\.test$", ""},
        {"~^a\\.test", ""},
        {"~^(a|b)\\.test$", ""},
        {"~", ""},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.regex);
        CHECK(nginx_regex_name(c.regex) == c.name);
    }
}

TEST_CASE("the built-in versions depend on nginx's own") {
    CHECK(
        nginx_default_versions("1.22.1") ==
        VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_2)
    );
    CHECK(nginx_default_versions("1.23.4") == k_all_tls);
    CHECK(nginx_default_versions("1.27.2") == k_all_tls);
    CHECK(nginx_default_versions("1.27.3") == k_modern_versions);
    CHECK(nginx_default_versions("1.29.5") == k_modern_versions);
}

namespace {

Examination examined(const std::string& text, const std::string& version) {
    MemoryFiles files;
    files.add("/etc/nginx/nginx.conf", text);
    Input input{
        .files = files,
        .knowledge = lab_knowledge(),
        .main = "/etc/nginx/nginx.conf",
        .server_version = version,
        .library_version = "3.0.15"
    };
    return examine(*find_server("nginx"), std::move(input), "", "");
}

} // namespace

TEST_CASE("since nginx 1.29.2 the server of the name decides the versions") {
    const std::string text = "http { server { listen 443 ssl; ssl_certificate a.crt; "
                             "ssl_certificate_key a.key; ssl_protocols TLSv1.2; }\n"
                             "server { listen 443 ssl; server_name b.test; ssl_certificate b.crt; "
                             "ssl_certificate_key b.key; ssl_protocols TLSv1.3; } }\n";
    const std::string name = "b.test";
    for (const auto& [version, expected] :
         {std::pair{"1.29.1", k_tls12}, std::pair{"1.29.2", k_tls13}}) {
        CAPTURE(version);
        const Examination examination = examined(text, version);
        CHECK(examination.reading.fatal.empty());
        const Service* const service =
            service_for(examination.reading.services, "0.0.0.0:443", &name, nullptr);
        REQUIRE(service != nullptr);
        CHECK(service->enabled == expected);
    }
}

TEST_CASE("what nginx refuses by its version is fatal") {
    const char* const k_on = "http { server { listen 443; ssl on; ssl_certificate a.crt; "
                             "ssl_certificate_key a.key; } }";
    CHECK(examined(k_on, "1.24.0").reading.fatal.empty());
    CHECK(examined(k_on, "1.25.1").reading.fatal.size() == 1);
    const char* const k_command = "http { ssl_conf_command MinProtocol TLSv1.2; }";
    CHECK(examined(k_command, "1.18.0").reading.fatal.size() == 1);
    CHECK(examined(k_command, "1.22.1").reading.fatal.empty());
    CHECK(examined("http { ssl_new_thing x; }", "1.22.1").reading.not_understood.size() == 1);
}

TEST_CASE("mail servers offer STARTTLS, or not") {
    const std::string text =
        "mail { ssl_certificate a.crt; ssl_certificate_key a.key; ssl_protocols TLSv1.2;\n"
        "server { listen 143; protocol imap; starttls on; }\n"
        "server { listen 25; protocol smtp; }\nserver { listen 993 ssl; protocol imap; } }\n";
    const Examination examination = examined(text, "1.22.1");
    const std::string imap = "imap";
    const std::string smtp = "smtp";
    const auto& services = examination.reading.services;
    const Service* const offered = service_for(services, "0.0.0.0:143", nullptr, &imap);
    const Service* const plain = service_for(services, "0.0.0.0:25", nullptr, &smtp);
    const Service* const direct = service_for(services, "0.0.0.0:993", nullptr, nullptr);
    REQUIRE((offered != nullptr && plain != nullptr && direct != nullptr));
    CHECK(offered->door == Door::tls);
    CHECK(offered->enabled == k_tls12);
    CHECK(plain->door == Door::starttls_not_offered);
    CHECK(direct->door == Door::tls);
}

TEST_CASE("hostile configurations of nginx end in a remark") {
    for (const char* const text :
         {"include nginx.conf;", "http { include nginx.conf; }", "http { server { listen",
          "http { map $a $a { default $a$a$a; } server { listen 443 ssl; ssl_certificate $a; } }",
          "}}}}", "http { server { listen 1-65535 ssl; server_name ~(((; } }", "\"",
          "http http;"}) {
        CAPTURE(text);
        const Examination examination = examined(text, "1.22.1");
        CHECK(examination.reading.services.size() < 2000);
    }
}

} // namespace tlsdoctor::config
