// SPDX-License-Identifier: Apache-2.0
// Which kind of archive, and the bounds; see the header.
#include "config/archive.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/core.h>
#include <zlib.h>

#include "base/text.hpp"
#include "config/archive_parts.hpp"

namespace tlsdoctor::config {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view k_gzip_magic = "\x1F\x8B"sv;
constexpr std::string_view k_zip_magic = "PK\x03\x04"sv;
constexpr std::string_view k_empty_zip_magic = "PK\x05\x06"sv;
constexpr std::size_t k_ustar_offset = 257;

/// Kinds that we do not read, with the program that does.
struct ForeignArchive {
    std::string_view magic;
    std::string_view kind;
    std::string_view program;
};
constexpr ForeignArchive k_foreign_archives[] = {
    {"\xFD"
     "7zXZ"sv,
     "xz", "xz -d"},
    {"BZh"sv, "bzip2", "bunzip2"},
    {"\x28\xB5\x2F\xFD"sv, "Zstandard", "zstd -d"},
    {"7z\xBC\xAF"sv, "7-Zip", "7z x"},
    {"Rar!"sv, "RAR", "unrar x"},
};

bool is_tar(std::string_view bytes) {
    return bytes.size() > k_ustar_offset + 5 && bytes.substr(k_ustar_offset, 5) == "ustar";
}

/// zlib wants its own type, and never writes to its input.
Bytef* zlib_input(std::string_view bytes) {
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
}

/// Ends a stream of zlib at the end of the scope.
struct ZlibEnd {
    z_stream& stream;
    explicit ZlibEnd(z_stream& of) : stream{of} {}
    ZlibEnd(const ZlibEnd&) = delete;
    ZlibEnd& operator=(const ZlibEnd&) = delete;
    ~ZlibEnd() { inflateEnd(&stream); }
};

} // namespace

std::expected<std::string, std::string>
inflated(std::string_view bytes, int window, std::size_t most) {
    z_stream stream{};
    if (bytes.size() > std::numeric_limits<uInt>::max() || inflateInit2(&stream, window) != Z_OK) {
        return std::unexpected{"zlib could not begin"};
    }
    const ZlibEnd end{stream};
    stream.next_in = zlib_input(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string result;
    std::array<char, 1 << 16> piece{};
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        result.append(piece.data(), piece.size() - stream.avail_out);
        if (result.size() > most) {
            return std::unexpected{
                fmt::format("it unpacks to more than {} MiB", k_most_archive_bytes >> 20)
            };
        }
        if (status == Z_STREAM_END) {
            const bool more = window > 0 && zlib_input(bytes) + bytes.size() != stream.next_in &&
                              *stream.next_in == 0x1F; // gzip members one after the other
            if (!more || inflateReset(&stream) != Z_OK) {
                return result;
            }
        } else if (status == Z_BUF_ERROR ||
                   (status == Z_OK && stream.avail_in == 0 && stream.avail_out == piece.size())) {
            return std::unexpected{"it is cut off: the compressed data has no end"};
        } else if (status != Z_OK) {
            return std::unexpected{"its compressed data is damaged"};
        }
    }
}

std::expected<std::string, std::string> Unpacked::path_of(std::string_view name) {
    if (++count_ > k_most_files) {
        return std::unexpected{fmt::format("it has more than {} entries", k_most_files)};
    }
    if (name.contains('\0')) {
        return std::unexpected{"a name in it has a zero byte"};
    }
    for (const std::string_view part : split(name, '/')) {
        if (part == "..") {
            return std::unexpected{
                fmt::format("the name `{}` leads out of it", harmless(name.substr(0, 200)))
            };
        }
    }
    return joined_path("/", name);
}

ArchiveResult Unpacked::add_file(std::string_view name, std::string bytes) {
    const auto path = path_of(name);
    if (!path) {
        return std::unexpected{path.error()};
    }
    bytes_ += bytes.size();
    if (bytes_ > k_most_archive_bytes) {
        return std::unexpected{
            fmt::format("it unpacks to more than {} MiB", k_most_archive_bytes >> 20)
        };
    }
    files_.add(*path, std::move(bytes));
    return {};
}

ArchiveResult Unpacked::add_link(std::string_view name, std::string_view target) {
    const auto path = path_of(name);
    if (!path) {
        return std::unexpected{path.error()};
    }
    // How far `..` goes up: further than the link's folder is deep leads out.
    std::ptrdiff_t depth = target.starts_with('/') ? 0 : std::ranges::count(*path, '/') - 1;
    for (const std::string_view part : split(target, '/')) {
        depth += part == ".." ? -1 : part.empty() || part == "." ? 0 : 1;
        if (depth < 0) {
            return std::unexpected{fmt::format(
                "the link `{}` to `{}` leads out of it", harmless(name.substr(0, 200)),
                harmless(target.substr(0, 200))
            )};
        }
    }
    files_.link(*path, joined_path(folder_of(*path), target));
    return {};
}

ArchiveResult Unpacked::add_twin(std::string_view name, std::string_view target) {
    return add_link(name, "/" + std::string{target});
}

bool is_archive(std::string_view bytes) {
    const bool foreign = std::ranges::any_of(k_foreign_archives, [&](const ForeignArchive& kind) {
        return bytes.starts_with(kind.magic);
    });
    return foreign || bytes.starts_with(k_gzip_magic) || bytes.starts_with(k_zip_magic) ||
           bytes.starts_with(k_empty_zip_magic) || is_tar(bytes);
}

std::expected<void, std::string> read_archive(std::string_view bytes, MemoryFiles& files) {
    for (const ForeignArchive& kind : k_foreign_archives) {
        if (bytes.starts_with(kind.magic)) {
            return std::unexpected{fmt::format(
                "this is a {} file, and tar, tar.gz and zip are read; unpack it with `{}` first",
                kind.kind, kind.program
            )};
        }
    }
    Unpacked unpacked{files};
    ArchiveResult result;
    if (bytes.starts_with(k_zip_magic) || bytes.starts_with(k_empty_zip_magic)) {
        result = read_zip(bytes, unpacked);
    } else if (bytes.starts_with(k_gzip_magic)) {
        const auto tar = inflated(bytes, 15 + 32, k_most_archive_bytes);
        if (!tar) {
            result = std::unexpected{tar.error()};
        } else if (!is_tar(*tar)) {
            result = std::unexpected{"there is no tar in this gzip file; `gunzip` gives the file"};
        } else {
            result = read_tar(*tar, unpacked);
        }
    } else {
        result = read_tar(bytes, unpacked);
    }
    if (!result) {
        return std::unexpected{"cannot read the archive: " + result.error()};
    }
    if (unpacked.count() == 0) {
        return std::unexpected{"the archive is empty"};
    }
    return {};
}

} // namespace tlsdoctor::config
