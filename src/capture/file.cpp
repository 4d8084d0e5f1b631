// SPDX-License-Identifier: Apache-2.0
// Both formats are blocks with their length in front; only pcapng names them and may hold several
// interfaces and sections.
#include "capture/file.hpp"

#include <optional>
#include <vector>

#include <fmt/core.h>

namespace tlsdoctor::capture {

namespace {

constexpr std::uint32_t k_pcap = 0xa1b2c3d4;
constexpr std::uint32_t k_pcap_nanoseconds = 0xa1b23c4d;
constexpr std::size_t k_pcap_header = 24;
constexpr std::size_t k_pcap_record = 16;

constexpr std::uint32_t k_section_header = 0x0a0d0d0a;
constexpr std::uint32_t k_byte_order = 0x1a2b3c4d;
constexpr std::uint32_t k_interface = 1;
constexpr std::uint32_t k_old_packet = 2;
constexpr std::uint32_t k_simple_packet = 3;
constexpr std::uint32_t k_enhanced_packet = 6;
constexpr std::size_t k_block_overhead = 12; // type, length, length again
constexpr std::size_t k_most_interfaces = 1024;

using Take = std::function<bool(const Packet&)>;
using Done = std::expected<void, CaptureError>;

/// Numbers in the order of bytes of who wrote the file.
class Numbers final {
public:
    Numbers(ByteView bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return number(at, 4); }
    [[nodiscard]] std::uint16_t u16(std::size_t at) const {
        return static_cast<std::uint16_t>(number(at, 2));
    }

private:
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t width) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < width && at + i < bytes_.size(); ++i) {
            const std::size_t place = big_endian_ ? width - 1 - i : i;
            value |= std::uint32_t{bytes_[at + i]} << (8 * place);
        }
        return value;
    }

    ByteView bytes_;
    bool big_endian_;
};

/// Tells in which order of bytes the number is this one; nullopt for another number.
std::optional<bool> is_big_endian(ByteView bytes, std::size_t at, std::uint32_t number) {
    if (bytes.size() < at + 4) {
        return std::nullopt;
    }
    if (Numbers(bytes, true).u32(at) == number) {
        return true;
    }
    return Numbers(bytes, false).u32(at) == number ? std::optional(false) : std::nullopt;
}

std::optional<bool> pcap_order(ByteView file) {
    const auto order = is_big_endian(file, 0, k_pcap);
    return order ? order : is_big_endian(file, 0, k_pcap_nanoseconds);
}

Done read_pcap(ByteView file, bool big_endian, const Take& take) {
    if (file.size() < k_pcap_header) {
        return std::unexpected(CaptureError{.what = "the capture ends within its header"});
    }
    const Numbers numbers(file, big_endian);
    const auto link_type = numbers.u16(big_endian ? 22 : 20); // the upper half holds flags
    std::size_t number = 0;
    for (std::size_t at = k_pcap_header; file.size() - at >= k_pcap_record;) {
        const std::size_t captured = numbers.u32(at + 8);
        const std::size_t original = numbers.u32(at + 12);
        at += k_pcap_record;
        if (captured > file.size() - at) {
            break;
        }
        const Packet packet{
            .number = ++number,
            .link_type = link_type,
            .bytes = file.subspan(at, captured),
            .whole = captured >= original,
        };
        if (!take(packet)) {
            break;
        }
        at += captured;
    }
    return {};
}

/// Walks the blocks of a pcapng file.
class PcapngReader final {
public:
    PcapngReader(ByteView file, const Take& take) : left_(file), take_(take) {}

    void read() {
        while (left_.size() >= k_block_overhead && take_block()) {
        }
    }

private:
    bool take_block() {
        const bool section = Numbers(left_, true).u32(0) == k_section_header;
        if (section) {
            const auto order = is_big_endian(left_, 8, k_byte_order);
            if (!order) {
                return false;
            }
            big_endian_ = *order;
            link_types_.clear();
        }
        const Numbers numbers(left_, big_endian_);
        const std::size_t size = numbers.u32(4);
        if (size < k_block_overhead || size % 4 != 0 || size > left_.size()) {
            return false;
        }
        const ByteView body = left_.subspan(8, size - k_block_overhead);
        const std::uint32_t type = numbers.u32(0);
        left_ = left_.subspan(size);
        return section || take_body(type, body);
    }

    bool take_body(std::uint32_t type, ByteView body) {
        const Numbers numbers(body, big_endian_);
        switch (type) {
        case k_interface:
            if (link_types_.size() >= k_most_interfaces) {
                return false;
            }
            link_types_.push_back(numbers.u16(0));
            return true;
        case k_enhanced_packet:
            return take_packet(body, numbers.u32(0), 20, numbers.u32(12), numbers.u32(16));
        case k_old_packet:
            return take_packet(body, numbers.u16(0), 20, numbers.u32(12), numbers.u32(16));
        case k_simple_packet:
            return take_packet(body, 0, 4, numbers.u32(0), numbers.u32(0));
        default:
            return true;
        }
    }

    bool take_packet(
        ByteView body, std::size_t interface, std::size_t header, std::size_t captured,
        std::size_t original
    ) {
        ++number_;
        if (interface >= link_types_.size() || body.size() < header) {
            return true;
        }
        const ByteView bytes = body.subspan(header);
        const std::size_t size = captured < bytes.size() ? captured : bytes.size();
        return take_(Packet{
            .number = number_,
            .link_type = link_types_[interface],
            .bytes = bytes.first(size),
            .whole = size >= original,
        });
    }

    ByteView left_;
    const Take& take_;
    std::vector<std::uint16_t> link_types_{};
    std::size_t number_{};
    bool big_endian_{};
};

} // namespace

bool is_capture(ByteView start) {
    const bool pcapng = start.size() >= k_block_overhead &&
                        Numbers(start, true).u32(0) == k_section_header &&
                        is_big_endian(start, 8, k_byte_order).has_value();
    return pcapng || pcap_order(start).has_value();
}

std::expected<void, CaptureError>
for_each_packet(ByteView file, const std::function<bool(const Packet&)>& take) {
    if (!is_capture(file)) {
        return std::unexpected(CaptureError{.what = "is neither pcap nor pcapng"});
    }
    if (const auto big_endian = pcap_order(file)) {
        return read_pcap(file, *big_endian, take);
    }
    PcapngReader(file, take).read();
    return {};
}

} // namespace tlsdoctor::capture
