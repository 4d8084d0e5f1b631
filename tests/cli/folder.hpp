// SPDX-License-Identifier: Apache-2.0
// A folder of a test's own, and small reads and writes in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <stdlib.h>

namespace tlsdoctor::test {

/// Returns what a file holds; empty where it is not there.
inline std::string content(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// A folder that disappears with its files.
class Folder final {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "tlsdoctor-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    /// Returns the path of a file in it.
    std::string file(const std::string& name) const { return (path_ / name).string(); }

    /// Makes a file and returns its path.
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream{path_ / name, std::ios::binary} << text;
        return file(name);
    }

    /// Counts what stands in it: leftovers of temporary files are mistakes.
    auto count() const {
        return std::distance(
            std::filesystem::directory_iterator{path_}, std::filesystem::directory_iterator{}
        );
    }

private:
    std::filesystem::path path_{};
};

} // namespace tlsdoctor::test
