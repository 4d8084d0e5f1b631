// SPDX-License-Identifier: Apache-2.0
// A copy of a server's folder that was put elsewhere: full paths in its files, as
// `/etc/nginx/conf.d/*.conf`, are looked for in the copy.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/files.hpp"

namespace tlsdoctor::config {

/// Says that `folder` is a copy of `at`.
struct Mount {
    std::string at{};     ///< without a `/` at its end: `/etc/nginx`; empty: the whole tree
    std::string folder{}; ///< absolute
    bool first{};         ///< the copy counts even where the original exists

    bool operator==(const Mount&) const = default;
};

/// Other files with such copies. Borrows `beneath`.
class MountedFiles final : public Files {
public:
    MountedFiles(const Files& beneath, std::vector<Mount> mounts)
        : beneath_{beneath}, mounts_{std::move(mounts)} {}
    std::expected<std::string, FileError> read(const std::string& path) const override;
    std::expected<std::vector<std::string>, FileError> names_in(const std::string& folder
    ) const override;
    FileKind kind_of(const std::string& path) const override;
    std::string real_path(const std::string& path) const override;

private:
    std::string found(const std::string& path) const;

    const Files& beneath_;
    std::vector<Mount> mounts_;
};

} // namespace tlsdoctor::config
