// SPDX-License-Identifier: Apache-2.0
// The settings in openssl.cnf and its relatives, from texts.
#include "cli/local_files.hpp"

#include <map>

#include <doctest/doctest.h>

namespace tlsdoctor::cli {

namespace {

using Texts = std::map<std::string, std::string>;

FileSource source_of(const Texts& texts) {
    return {
        .text = [&texts](const std::string& path) -> std::optional<std::string> {
            const auto at = texts.find(path);
            return at == texts.end() ? std::nullopt : std::optional{at->second};
        },
        .entries =
            [&texts](const std::string& folder) {
                std::vector<std::string> names;
                for (const auto& [path, text] : texts) {
                    if (path.starts_with(folder + "/")) {
                        names.push_back(path.substr(folder.size() + 1));
                    }
                }
                return names;
            }
    };
}

/// `file:line name=value`, one after the other.
std::string shown(const std::vector<evidence::LocalSetting>& settings) {
    std::string text;
    for (const auto& one : settings) {
        text += (text.empty() ? "" : "; ") + one.file + ":" + std::to_string(one.line) + " " +
                one.name + "=" + one.value;
    }
    return text;
}

const std::string k_head = "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n";

} // namespace

TEST_CASE("the settings of openssl.cnf are found with file and line") {
    struct Case {
        const char* name;
        Texts texts;
        std::string settings;
    };
    const Case k_cases[] = {
        {"none", {{"c", "[req]\nbits = 2048\n"}}, ""},
        {"no file", {}, ""},
        {"a minimum",
         {{"c", k_head + "system_default = tls\n[tls]\nMinProtocol = TLSv1.2 # old\n"}},
         "c:7 MinProtocol=TLSv1.2"},
        {"a section to which nothing leads",
         {{"c", "[system_default_sect]\nMinProtocol = TLSv1.2\nOptions = x\n"}},
         "c:2 MinProtocol=TLSv1.2"},
        {"an included file",
         {{"c", k_head + "system_default = tls\n.include d\n"},
          {"d", "[tls]\nCipherString = DEFAULT@SECLEVEL=2\n"}},
         "d:2 CipherString=DEFAULT@SECLEVEL=2"},
        {"an included folder",
         {{"c", k_head + "system_default = tls\n.include = \"f\"\n"},
          {"f/1.cnf", "[tls]\nMaxProtocol=TLSv1.2\n"},
          {"f/2.txt", "[tls]\nMinProtocol=TLSv1.3\n"}},
         "f/1.cnf:2 MaxProtocol=TLSv1.2"},
        {"a circle", {{"c", ".include c\n[x]\nMinProtocol = TLSv1\n"}}, "c:3 MinProtocol=TLSv1"},
        {"a line that goes on",
         {{"c", k_head + "system_default = tls\n[tls]\nCipherString = \\\n HIGH\n"}},
         "c:7 CipherString=HIGH"},
    };
    for (const Case& c : k_cases) {
        CAPTURE(c.name);
        CHECK(shown(openssl_settings("c", source_of(c.texts))) == c.settings);
    }
}

TEST_CASE("what openssl.cnf settings mean is said") {
    CHECK(effect_of_openssl("MinProtocol", "TLSv1.2") == "nothing below TLS 1.2");
    CHECK(effect_of_openssl("maxprotocol", "TLSv1.2") == "nothing above TLS 1.2");
    CHECK(effect_of_openssl("CipherString", "DEFAULT@SECLEVEL=2").starts_with("security level 2:"));
    CHECK(effect_of_openssl("CipherString", "ALL@SECLEVEL=0").starts_with("no security level"));
    CHECK(effect_of_openssl("MinProtocol", "None") == "no version that is known here");
}

TEST_CASE("named settings are read in the spellings of other programs") {
    const Texts texts = {
        {"curlrc", "# tlsv1.0\n--tls-max 1.2\ntlsv1.2\nurl = x\n"},
        {"security",
         "jdk.tls.disabledAlgorithms=SSLv3, \\\n    TLSv1, TLSv1.1\n#jdk.tls.client.protocols=x\n"},
        {"twice", "secure_protocol = auto\nSecure_Protocol = TLSv1_2\n"},
    };
    const FileSource files = source_of(texts);
    CHECK(
        shown(named_settings("curlrc", {"tls-max", "tlsv1.2", "tlsv1.0"}, files, false)) ==
        "curlrc:2 tls-max=1.2; curlrc:3 tlsv1.2="
    );
    CHECK(
        shown(named_settings(
            "security", {"jdk.tls.disabledAlgorithms", "jdk.tls.client.protocols"}, files, true
        )) == "security:1 jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1"
    );
    CHECK(
        shown(named_settings("twice", {"secure_protocol"}, files, true)) ==
        "twice:2 Secure_Protocol=TLSv1_2"
    );
    CHECK(named_settings("nowhere", {"x"}, files, true).empty());
}

} // namespace tlsdoctor::cli
