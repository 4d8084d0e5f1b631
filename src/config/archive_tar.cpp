// SPDX-License-Identifier: Apache-2.0
// tar: headers of 512 bytes, each with its checksum, and the contents in blocks of 512 [POSIX pax,
// "ustar Interchange Format"]. GNU's long names and pax' `path`, `linkpath` and `size` are known.
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/archive_parts.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_tar_block = 512;

/// A field up to its first zero byte.
std::string_view tar_text(std::string_view header, std::size_t at, std::size_t size) {
    const std::string_view field = header.substr(at, size);
    return field.substr(0, field.find('\0'));
}

/// Octal, or GNU's base 256 where the first bit is set.
std::optional<std::size_t> tar_number(std::string_view header, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    const std::string_view field = header.substr(at, size);
    if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
        for (std::size_t i = 1; i < field.size(); ++i) {
            if (value > (k_most_archive_bytes << 4)) {
                return std::nullopt;
            }
            value = value * 256 + static_cast<unsigned char>(field[i]);
        }
        return value;
    }
    for (const char c : trimmed(tar_text(header, at, size))) {
        if (c < '0' || c > '7') {
            return std::nullopt;
        }
        value = value * 8 + static_cast<std::size_t>(c - '0');
    }
    return value;
}

/// The sum of all bytes, those of the checksum taken as blanks.
bool tar_checks(std::string_view header) {
    std::size_t sum = 8 * ' ';
    for (std::size_t i = 0; i < header.size(); ++i) {
        sum += i >= 148 && i < 156 ? 0U : static_cast<unsigned char>(header[i]);
    }
    return tar_number(header, 148, 8) == sum;
}

/// `27 path=/etc/nginx/x\n`, one after the other.
std::map<std::string, std::string> pax_records(std::string_view text) {
    std::map<std::string, std::string> records;
    while (!text.empty()) {
        const std::size_t blank = text.find(' ');
        const auto length = number_in(text.substr(0, blank), 1U << 24);
        if (blank == text.npos || !length || *length <= blank || *length > text.size()) {
            break;
        }
        const std::string_view record = text.substr(blank + 1, *length - blank - 2);
        const std::size_t equals = record.find('=');
        if (equals != record.npos) {
            records[std::string{record.substr(0, equals)}] = record.substr(equals + 1);
        }
        text.remove_prefix(*length);
    }
    return records;
}

/// Reads entry by entry; what an extended header says holds for the next one.
class TarReader final {
public:
    TarReader(std::string_view bytes, Unpacked& unpacked) : bytes_{bytes}, unpacked_{unpacked} {}

    ArchiveResult read() {
        while (at_ + k_tar_block <= bytes_.size()) {
            const std::string_view header = bytes_.substr(at_, k_tar_block);
            if (header.find_first_not_of('\0') == header.npos) {
                return {}; // the end is two blocks of zeros
            }
            at_ += k_tar_block;
            const ArchiveResult result = entry(header);
            if (!result) {
                return result;
            }
        }
        if (at_ != bytes_.size()) {
            return std::unexpected{"it is cut off within a header"};
        }
        return {};
    }

private:
    ArchiveResult entry(std::string_view header) {
        auto size = tar_number(header, 124, 12);
        if (!tar_checks(header) || !size) {
            return std::unexpected{
                fmt::format("the header at byte {} is damaged", at_ - k_tar_block)
            };
        }
        const char type = header[156];
        if (const auto pax = next_.find("size"); pax != next_.end() && type != 'x') {
            size = number_in(pax->second, static_cast<std::uint32_t>(k_most_archive_bytes) * 2);
        }
        if (!size || *size > bytes_.size() - at_) {
            return std::unexpected{fmt::format(
                "it is cut off within `{}`", harmless(name_of_entry(header).substr(0, 200))
            )};
        }
        const std::string_view content = bytes_.substr(at_, *size);
        at_ = std::min(bytes_.size(), at_ + (*size + k_tar_block - 1) / k_tar_block * k_tar_block);
        if (type == 'x') {
            next_ = pax_records(content);
            return {};
        }
        if (type == 'L' || type == 'K') { // GNU's long name, long target
            next_[type == 'L' ? "path" : "linkpath"] = content.substr(0, content.find('\0'));
            return {};
        }
        const ArchiveResult result = take(header, type, content);
        if (type != 'g') {
            next_.clear();
        }
        return result;
    }

    ArchiveResult take(std::string_view header, char type, std::string_view content) {
        const std::string name = name_of_entry(header);
        switch (type) {
        case '0':
        case '\0':
        case '7':
            return name.ends_with('/') ? ArchiveResult{}
                                       : unpacked_.add_file(name, std::string{content});
        case '1':
            return unpacked_.add_twin(name, target_of_entry(header));
        case '2':
            return unpacked_.add_link(name, target_of_entry(header));
        default:
            return {}; // folders make themselves; devices and pipes are no configuration
        }
    }

    std::string name_of_entry(std::string_view header) const {
        if (const auto known = next_.find("path"); known != next_.end()) {
            return known->second;
        }
        const bool posix = header.substr(257, 6) == std::string_view{"ustar\0", 6};
        const std::string_view prefix = posix ? tar_text(header, 345, 155) : std::string_view{};
        const std::string_view name = tar_text(header, 0, 100);
        return prefix.empty() ? std::string{name} : fmt::format("{}/{}", prefix, name);
    }

    std::string target_of_entry(std::string_view header) const {
        const auto known = next_.find("linkpath");
        return known != next_.end() ? known->second : std::string{tar_text(header, 157, 100)};
    }

    std::string_view bytes_;
    Unpacked& unpacked_;
    std::size_t at_{};
    std::map<std::string, std::string> next_{};
};

} // namespace

ArchiveResult read_tar(std::string_view bytes, Unpacked& unpacked) {
    return TarReader{bytes, unpacked}.read();
}

} // namespace tlsdoctor::config
