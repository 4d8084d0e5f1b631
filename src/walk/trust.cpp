// SPDX-License-Identifier: Apache-2.0
// Writes the root as PEM and as the trust store that Java reads.
#include "walk/trust.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "crypto/trust_store.hpp"

namespace tlsdoctor::walk {

namespace {

namespace fs = std::filesystem;

constexpr const char* k_pem_name = "root.pem";
constexpr const char* k_java_name = "root.p12";
constexpr const char* k_java_password = "changeit"; // Java's own default; it guards nothing

constexpr const char* k_pem_variables[] = {
    "SSL_CERT_FILE",      "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT",
    "CARGO_HTTP_CAINFO",  "DENO_CERT",      "AWS_CA_BUNDLE",
};

bool written(const fs::path& path, std::string_view text) {
    std::ofstream file{path, std::ios::binary};
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    return !file.fail();
}

} // namespace

std::expected<TrustFolder, std::string> TrustFolder::make(const std::string& root_pem) {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "tlsdoctor-walk-XXXXXX").string();
    if (error || mkdtemp(name.data()) == nullptr) { // mode 700
        return std::unexpected("cannot make a temporary folder");
    }
    TrustFolder folder{name};
    const auto store = crypto::java_trust_store(root_pem, k_java_password);
    if (!store) {
        return std::unexpected(store.error().what);
    }
    if (!written(folder.path_ / k_pem_name, root_pem) ||
        !written(folder.path_ / k_java_name, as_text(*store))) {
        return std::unexpected(fmt::format("cannot write into {}", name));
    }
    return folder;
}

TrustFolder::TrustFolder(TrustFolder&& other) noexcept
    : path_(std::exchange(other.path_, fs::path{})) {}

TrustFolder::~TrustFolder() {
    if (!path_.empty()) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

std::vector<std::pair<std::string, std::string>> TrustFolder::variables() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const char* const name : k_pem_variables) {
        all.emplace_back(name, (path_ / k_pem_name).string());
    }
    const char* const before = std::getenv("JAVA_TOOL_OPTIONS"); // NOLINT(concurrency-mt-unsafe)
    all.emplace_back(
        "JAVA_TOOL_OPTIONS",
        fmt::format(
            "{}{}-Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStoreType=PKCS12 "
            "-Djavax.net.ssl.trustStorePassword={}",
            before == nullptr ? "" : before, before == nullptr ? "" : " ",
            (path_ / k_java_name).string(), k_java_password
        )
    );
    return all;
}

} // namespace tlsdoctor::walk
