// SPDX-License-Identifier: Apache-2.0
// Which settings limit which program, from texts and variables of the tests.
#include "cli/local_settings.hpp"

#include <map>

#include <doctest/doctest.h>

namespace tlsdoctor::cli {

namespace {

using PlacedTexts = std::map<std::string, std::string>;

/// `name=value @file:line`, one after the other.
std::string
placed(const LocalPlace& place, const PlacedTexts& texts, const PlacedTexts& environment) {
    const FileSource files{
        .text = [&](const std::string& path) -> std::optional<std::string> {
            const auto at = texts.find(path);
            return at == texts.end() ? std::nullopt : std::optional{at->second};
        },
        .entries =
            [](const std::string&) {
                return std::vector<std::string>{};
            }
    };
    const auto variables = [&](const char* name) -> std::optional<std::string> {
        const auto at = environment.find(name);
        return at == environment.end() ? std::nullopt : std::optional{at->second};
    };
    std::string text;
    for (const auto& one : settings_for(place, files, variables)) {
        CHECK_FALSE(one.effect.empty());
        text += (text.empty() ? "" : "; ") + one.name + "=" + one.value + " @" + one.file + ":" +
                std::to_string(one.line);
    }
    return text;
}

const std::string k_conf = "openssl_conf = a\n[a]\nssl_conf = s\n[s]\nsystem_default = t\n[t]\n";

} // namespace

TEST_CASE("each program is limited by its own settings and its library's") {
    struct Case {
        const char* name;
        LocalPlace place;
        PlacedTexts texts;
        PlacedTexts environment;
        std::string settings;
    };
    const Case k_cases[] = {
        {"nothing", {.program = "openssl", .library = "OpenSSL"}, {}, {}, ""},
        {"a level that was compiled in",
         {.program = "openssl",
          .library = "OpenSSL",
          .openssl_flags = "compiler: gcc -DOPENSSL_TLS_SECURITY_LEVEL=2 -g"},
         {},
         {},
         "security level=2 @compiled in:0"},
        {"a level that is set over it",
         {.program = "python3",
          .library = "OpenSSL",
          .openssl_folder = "/ssl",
          .openssl_flags = "-DOPENSSL_TLS_SECURITY_LEVEL=2"},
         {{"/ssl/openssl.cnf", k_conf + "CipherString = DEFAULT@SECLEVEL=1\n"}},
         {},
         "CipherString=DEFAULT@SECLEVEL=1 @/ssl/openssl.cnf:7"},
        {"another openssl.cnf",
         {.program = "openssl", .library = "OpenSSL", .openssl_folder = "/ssl"},
         {{"/ssl/openssl.cnf", k_conf + "MinProtocol = TLSv1.2\n"},
          {"/mine", k_conf + "MinProtocol = TLSv1.3\n"}},
         {{"OPENSSL_CONF", "/mine"}},
         "OPENSSL_CONF=/mine @environment:0; MinProtocol=TLSv1.3 @/mine:7"},
        {"curl's own file",
         {.program = "curl", .library = "OpenSSL"},
         {{"/home/.curlrc", "tls-max = 1.2\n"}},
         {{"HOME", "/home"}},
         "tls-max=1.2 @/home/.curlrc:1"},
        {"GnuTLS for all",
         {.program = "wget", .library = "GnuTLS"},
         {{"/etc/gnutls/config", "[overrides]\ndisabled-version = tls1.0\n"}},
         {},
         "disabled-version=tls1.0 @/etc/gnutls/config:2"},
        {"Node.js",
         {.program = "node", .library = "own OpenSSL"},
         {},
         {{"NODE_OPTIONS", "--tls-max-v1.2"}},
         "NODE_OPTIONS=--tls-max-v1.2 @environment:0"},
        {"other options of Node.js",
         {.program = "node", .library = "own OpenSSL"},
         {},
         {{"NODE_OPTIONS", "--no-warnings"}},
         ""},
        {"Java",
         {.program = "java", .library = "JSSE", .java_home = "/jvm"},
         {{"/jvm/conf/security/java.security", "a=b\njdk.tls.disabledAlgorithms=SSLv3\n"}},
         {{"JAVA_TOOL_OPTIONS", "-Djdk.tls.client.protocols=TLSv1.2"}},
         "JAVA_TOOL_OPTIONS=-Djdk.tls.client.protocols=TLSv1.2 @environment:0; "
         "jdk.tls.disabledAlgorithms=SSLv3 @/jvm/conf/security/java.security:2"},
        {"Git",
         {.program = "git", .library = "GnuTLS"},
         {{"/home/.gitconfig", "[http]\n\tsslVersion = tlsv1.2\n"}},
         {{"HOME", "/home"}},
         "sslVersion=tlsv1.2 @/home/.gitconfig:2"},
        {"Go",
         {.program = "go", .library = "crypto/tls"},
         {},
         {{"GODEBUG", "tlsrsakex=1"}},
         "GODEBUG=tlsrsakex=1 @environment:0"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        CHECK(placed(c.place, c.texts, c.environment) == c.settings);
    }
}

TEST_CASE("a setting that the offer contradicts is not followed") {
    struct Case {
        const char* name;
        const char* value;
        const char* effect;
        const char* contradicted_by;
    };
    const Case k_cases[] = {
        {"MinProtocol", "TLSv1.3", "x", "TLS 1.2, TLS 1.1"}, // Python sets its own minimum
        {"MinProtocol", "TLSv1.1", "x", ""},
        {"MinProtocol", "None", "x", ""},
        {"MaxProtocol", "TLSv1.1", "x", "TLS 1.3, TLS 1.2"},
        {"MaxProtocol", "TLSv1.3", "x", ""},
        {"MaxProtocol", "TLSv1.1", "without effect: nothing leads there", ""},
        {"NODE_OPTIONS", "--tls-min-v1.2 --x", "x", "TLS 1.1"},
        {"NODE_OPTIONS", "--tls-max-v1.2", "x", "TLS 1.3"},
        {"NODE_OPTIONS", "--tls-min-v", "x", ""},
        {"CipherString", "TLSv1.2", "x", ""},
    };
    const std::vector<ProtocolVersion> offered = {
        ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_1
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        CAPTURE(c.value);
        std::vector<evidence::LocalSetting> settings = {
            {.name = c.name, .value = c.value, .effect = c.effect}
        };
        note_contradictions(settings, offered);
        CHECK(settings[0].contradicted_by == c.contradicted_by);
        note_contradictions(settings, {});
        CHECK(settings[0].contradicted_by.empty());
    }
}

} // namespace tlsdoctor::cli
