// SPDX-License-Identifier: Apache-2.0
// The private folder of a trial. A folder of the configuration is mirrored in it under its whole
// path: what a change touches is written anew, everything else (keys above all) is a symbolic link
// to where it really is, so nothing secret is copied.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tlsdoctor::config {

/// A fresh folder that nobody can list; deleted at the end.
class TrialFolder final {
public:
    static std::expected<std::unique_ptr<TrialFolder>, std::string> make();

    explicit TrialFolder(std::string path) : path_{std::move(path)} {}
    ~TrialFolder();
    TrialFolder(const TrialFolder&) = delete;
    TrialFolder& operator=(const TrialFolder&) = delete;

    const std::string& path() const { return path_; }
    /// Returns the path of a file of the trial's own: its log, its sockets.
    std::string own(std::string_view name) const;

    /// Text that names `folder` (or a file) will name its mirror.
    void mirror(const std::string& folder);
    /// Returns the text with all paths of mirrored folders led into the mirrors.
    std::string led(std::string_view text) const;

    /// Makes the mirrors; `files` are new bytes by real path, `names` the sources among them whose
    /// paths must be led. Returns what could not be done, empty where all was.
    std::string fill(const std::map<std::string, std::string>& files);
    /// Writes a file of the trial's own below its folder.
    std::string write(const std::string& path, std::string_view bytes) const;
    /// Makes a symbolic link of the mirrors anew, as a start script does.
    void link(const std::string& from, const std::string& to) const;

private:
    std::string fill_folder(const std::string& folder, int depth);

    std::string path_;
    std::map<std::string, std::string> led_{}; ///< mirrored path: its real path
    std::size_t entries_{};
};

} // namespace tlsdoctor::config
