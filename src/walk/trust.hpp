// SPDX-License-Identifier: Apache-2.0
// How the program that is walked learns to trust our root: files in a private folder, and the
// variables of the environment that name them. The folder is removed whatever happens.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tlsdoctor::walk {

/// The folder with the root in the forms that programs read.
class TrustFolder final {
public:
    /// Makes it; the error says what could not be written.
    static std::expected<TrustFolder, std::string> make(const std::string& root_pem);
    ~TrustFolder();
    TrustFolder(TrustFolder&& other) noexcept;
    TrustFolder& operator=(TrustFolder&&) = delete;
    TrustFolder(const TrustFolder&) = delete;
    TrustFolder& operator=(const TrustFolder&) = delete;

    /// Returns the variables for OpenSSL, Python, Go, curl, Node.js, Git, Cargo, AWS and Java.
    std::vector<std::pair<std::string, std::string>> variables() const;

    /// Returns where it is.
    const std::filesystem::path& path() const { return path_; }

private:
    explicit TrustFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

} // namespace tlsdoctor::walk
