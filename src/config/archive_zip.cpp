// SPDX-License-Identifier: Apache-2.0
// zip: the central directory at the end says where each file begins and how long it is [APPNOTE.TXT
// 4.3]. Stored and deflated files are read; encrypted ones and ZIP64 are refused.
#include <algorithm>

#include <fmt/core.h>
#include <zlib.h>

#include "base/text.hpp"
#include "config/archive_parts.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_zip_end_size = 22;
constexpr std::size_t k_zip_entry_size = 46;
constexpr std::size_t k_zip_local_size = 30;
constexpr std::uint32_t k_zip_end = 0x06054b50;
constexpr std::uint32_t k_zip_entry = 0x02014b50;
constexpr std::uint32_t k_zip_local = 0x04034b50;
constexpr std::uint32_t k_zip_link = 0xA000; ///< S_IFLNK in the upper half of the attributes

/// Little-endian; what is outside is 0.
std::uint32_t zip_number(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = size; i-- > 0;) {
        const std::size_t index = at + static_cast<std::size_t>(i);
        value = value << 8 | (index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0U);
    }
    return value;
}

/// One entry of the central directory.
struct ZipEntry {
    std::string_view name;
    std::uint32_t flags;
    std::uint32_t method;
    std::uint32_t crc;
    std::uint32_t packed;
    std::uint32_t size;
    std::uint32_t mode;
    std::uint32_t offset;
};

std::expected<std::string, std::string> zip_content(std::string_view bytes, const ZipEntry& entry) {
    const std::string name = harmless(entry.name.substr(0, 200));
    if ((entry.flags & 1U) != 0) {
        return std::unexpected{fmt::format("`{}` is encrypted", name)};
    }
    if (zip_number(bytes, entry.offset, 4) != k_zip_local) {
        return std::unexpected{fmt::format("`{}` is not where it should be", name)};
    }
    const std::size_t begin = entry.offset + k_zip_local_size +
                              zip_number(bytes, entry.offset + 26, 2) +
                              zip_number(bytes, entry.offset + 28, 2);
    if (begin > bytes.size() || entry.packed > bytes.size() - begin) {
        return std::unexpected{fmt::format("it is cut off within `{}`", name)};
    }
    const std::string_view packed = bytes.substr(begin, entry.packed);
    std::expected<std::string, std::string> content{std::string{packed}};
    if (entry.method == 8) {
        content = inflated(packed, -15, std::min<std::size_t>(entry.size, k_most_archive_bytes));
    } else if (entry.method != 0) {
        return std::unexpected{fmt::format("`{}` is packed by a method that is not read", name)};
    }
    const auto sum = [](const std::string& text) {
        return crc32(
            0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())
        );
    };
    if (content && (content->size() != entry.size || sum(*content) != entry.crc)) {
        return std::unexpected{fmt::format("`{}` is damaged", name)};
    }
    return content;
}

ArchiveResult take_zip_entry(std::string_view bytes, const ZipEntry& entry, Unpacked& unpacked) {
    if (entry.name.ends_with('/')) {
        return {};
    }
    auto content = zip_content(bytes, entry);
    if (!content) {
        return std::unexpected{content.error()};
    }
    return (entry.mode & 0xF000U) == k_zip_link
               ? unpacked.add_link(entry.name, *content)
               : unpacked.add_file(entry.name, std::move(*content));
}

} // namespace

ArchiveResult read_zip(std::string_view bytes, Unpacked& unpacked) {
    const std::size_t end = bytes.rfind("PK\x05\x06");
    if (end == bytes.npos || bytes.size() - end < k_zip_end_size ||
        zip_number(bytes, end, 4) != k_zip_end) {
        return std::unexpected{"it is cut off: its directory is missing"};
    }
    const std::uint32_t count = zip_number(bytes, end + 10, 2);
    std::size_t at = zip_number(bytes, end + 16, 4);
    if (count == 0xFFFF || at == 0xFFFFFFFF) {
        return std::unexpected{"it is a ZIP64 file, far too large for a configuration"};
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        if (zip_number(bytes, at, 4) != k_zip_entry || at + k_zip_entry_size > bytes.size()) {
            return std::unexpected{"its directory is damaged"};
        }
        const std::size_t name = zip_number(bytes, at + 28, 2);
        const ZipEntry entry{
            .name = bytes.substr(at + k_zip_entry_size, name),
            .flags = zip_number(bytes, at + 8, 2),
            .method = zip_number(bytes, at + 10, 2),
            .crc = zip_number(bytes, at + 16, 4),
            .packed = zip_number(bytes, at + 20, 4),
            .size = zip_number(bytes, at + 24, 4),
            .mode = zip_number(bytes, at + 40, 2),
            .offset = zip_number(bytes, at + 42, 4)
        };
        const ArchiveResult result = take_zip_entry(bytes, entry, unpacked);
        if (!result) {
            return result;
        }
        at +=
            k_zip_entry_size + name + zip_number(bytes, at + 30, 2) + zip_number(bytes, at + 32, 2);
    }
    return {};
}

} // namespace tlsdoctor::config
