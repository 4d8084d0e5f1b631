// SPDX-License-Identifier: Apache-2.0
// Mirroring folders; see the header. Sockets, pipes, logs and process numbers are left out: a
// server on trial must not write where the running one does.
#include "config/trial_folder.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/files.hpp"

namespace tlsdoctor::config {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_most_mirrored = 20'000;
constexpr int k_most_mirrored_depth = 20;
constexpr std::array<std::string_view, 3> k_state_endings = {".log", ".pid", ".lock"};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

/// Gives a mirror the owner and mode of what it mirrors, as far as that is allowed.
void make_alike(const std::string& from, const std::string& to) {
    struct stat facts{};
    if (geteuid() == 0 && stat(from.c_str(), &facts) == 0) {
        static_cast<void>(!chown(to.c_str(), facts.st_uid, facts.st_gid));
        chmod(to.c_str(), facts.st_mode & 07777);
    }
}

std::string real_path_of(const std::string& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return error ? std::string{} : real.string();
}

bool is_below(const std::string& path, const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
}

} // namespace

std::expected<std::unique_ptr<TrialFolder>, std::string> TrialFolder::make() {
    std::error_code error;
    const fs::path place = fs::temp_directory_path(error);
    std::string name = (error ? fs::path{"/tmp"} : place) / "tlsdoctor-trial-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        return std::unexpected{std::string{"no private folder can be made"}};
    }
    if (geteuid() == 0) {
        // Servers give up root for users of their own, who must be able to pass through.
        chmod(name.c_str(), 0711);
    }
    return std::make_unique<TrialFolder>(name);
}

TrialFolder::~TrialFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string TrialFolder::own(std::string_view name) const {
    return fmt::format("{}/own/{}", path_, name);
}

void TrialFolder::mirror(const std::string& folder) {
    if (!folder.empty()) {
        const std::string real = real_path_of(folder);
        led_[folder] = real.empty() ? folder : real;
        led_[led_[folder]] = led_[folder];
    }
}

std::string TrialFolder::led(std::string_view text) const {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        const std::pair<const std::string, std::string>* best = nullptr;
        for (const auto& one : led_) {
            const std::size_t end = one.first.size();
            const bool fits = rest.starts_with(one.first) &&
                              (at == 0 || !is_name_character(text[at - 1])) &&
                              (rest.size() == end || !is_name_character(rest[end]));
            best = fits && (best == nullptr || end > best->first.size()) ? &one : best;
        }
        if (best == nullptr) {
            // Paths begin with a slash: everything up to the next one stays.
            const std::size_t next = std::min(rest.find('/', 1), rest.size());
            result += rest.substr(0, next);
            at += next;
            continue;
        }
        result += path_ + best->second;
        at += best->first.size();
    }
    return result;
}

std::string TrialFolder::fill(const std::map<std::string, std::string>& files) {
    for (const auto& [shown, real] : led_) {
        std::error_code error;
        if (shown == real && fs::is_directory(real, error)) {
            if (std::string fault = fill_folder(real, 0); !fault.empty()) {
                return fault;
            }
        }
    }
    for (const auto& [real, bytes] : files) {
        if (std::string fault = write(path_ + real, bytes); !fault.empty()) {
            return fault;
        }
        make_alike(real, path_ + real);
    }
    std::error_code ignored;
    fs::create_directories(own("run"), ignored); // Apache looks for it before it makes it
    return {};
}

std::string TrialFolder::fill_folder(const std::string& folder, int depth) {
    std::error_code error;
    fs::create_directories(path_ + folder, error);
    if (error || depth > k_most_mirrored_depth) {
        return fmt::format("{} cannot be mirrored", folder);
    }
    for (const fs::directory_entry& entry : fs::directory_iterator{folder, error}) {
        const std::string path = entry.path().string();
        const std::string real = real_path_of(path);
        if (++entries_ > k_most_mirrored) {
            return fmt::format("{} holds more than {} files", folder, k_most_mirrored);
        }
        std::error_code kind;
        if (entry.is_directory(kind) && !entry.is_symlink(kind)) {
            if (std::string fault = fill_folder(path, depth + 1); !fault.empty()) {
                return fault;
            }
        } else if (entry.is_symlink(kind) || entry.is_regular_file(kind)) {
            const bool state = std::ranges::any_of(k_state_endings, [&](std::string_view ending) {
                return path.ends_with(ending);
            });
            if (!state && !real.empty()) {
                link(real, path);
            }
        }
    }
    make_alike(folder, path_ + folder);
    return error ? fmt::format("{} cannot be read: {}", folder, error.message()) : "";
}

std::string TrialFolder::write(const std::string& path, std::string_view bytes) const {
    std::error_code ignored;
    fs::create_directories(folder_of(path), ignored);
    fs::remove(path, ignored);
    std::ofstream file{path, std::ios::binary};
    file << bytes;
    file.close();
    return file ? "" : fmt::format("{} cannot be written", path);
}

void TrialFolder::link(const std::string& from, const std::string& to) const {
    // A link to something that is mirrored too must lead to the mirror, where the changes are.
    const bool mirrored = std::ranges::any_of(led_, [&](const auto& one) {
        return is_below(from, one.second) && from != to;
    });
    std::error_code ignored;
    fs::create_directories(folder_of(path_ + to), ignored);
    fs::remove(path_ + to, ignored);
    fs::create_symlink(mirrored ? path_ + from : from, path_ + to, ignored);
}

} // namespace tlsdoctor::config
