// SPDX-License-Identifier: Apache-2.0
// Copies of folders; see the header.
#include "config/mounted_files.hpp"

namespace tlsdoctor::config {

std::string MountedFiles::found(const std::string& path) const {
    const bool exists = beneath_.kind_of(path) != FileKind::none;
    for (const Mount& mount : mounts_) {
        const bool within = path == mount.at || path.starts_with(mount.at + "/");
        if (!within || (exists && !mount.first)) {
            continue;
        }
        std::string copy = mount.folder + path.substr(mount.at.size());
        if (beneath_.kind_of(copy) != FileKind::none) {
            return copy;
        }
    }
    return path;
}

std::expected<std::string, FileError> MountedFiles::read(const std::string& path) const {
    return beneath_.read(found(path));
}

std::expected<std::vector<std::string>, FileError> MountedFiles::names_in(const std::string& folder
) const {
    return beneath_.names_in(found(folder));
}

FileKind MountedFiles::kind_of(const std::string& path) const {
    return beneath_.kind_of(found(path));
}

std::string MountedFiles::real_path(const std::string& path) const {
    return beneath_.real_path(found(path));
}

} // namespace tlsdoctor::config
