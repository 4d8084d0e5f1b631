// SPDX-License-Identifier: Apache-2.0
#include "walk/trust.hpp"

#include <filesystem>
#include <map>

#include <doctest/doctest.h>

#include "crypto/authority.hpp"

namespace tlsdoctor::walk {

namespace fs = std::filesystem;

TEST_CASE("a trust folder is private, holds what its variables name, and disappears") {
    const auto authority = crypto::make_authority();
    REQUIRE(authority.has_value());
    fs::path path;
    {
        auto made = TrustFolder::make(authority->certificate_pem);
        REQUIRE_MESSAGE(made.has_value(), made.error());
        const TrustFolder folder = std::move(*made);
        path = folder.path();
        CHECK((fs::status(path).permissions() & fs::perms::mask) == fs::perms::owner_all);
        std::map<std::string, std::string> set;
        for (const auto& [name, value] : folder.variables()) {
            set[name] = value;
        }
        for (const char* const name :
             {"SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE",
              "GIT_SSL_CAINFO"}) {
            CAPTURE(name);
            CHECK(fs::file_size(set[name]) == authority->certificate_pem.size());
        }
        CHECK(set["JAVA_TOOL_OPTIONS"].contains("-Djavax.net.ssl.trustStore=" + path.string()));
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a root that is none makes no folder") {
    CHECK_FALSE(TrustFolder::make("no certificate").has_value());
}

} // namespace tlsdoctor::walk
