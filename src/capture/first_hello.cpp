// SPDX-License-Identifier: Apache-2.0
// A connection is watched from the first segment that begins as a hello does. Segments that came
// before it wait for a while: a later one may have overtaken it.
#include "capture/first_hello.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "capture/packet.hpp"
#include "client/hello.hpp"
#include "client/hello_file.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::capture {

namespace {

constexpr std::size_t k_most_connections = 4096;
constexpr std::size_t k_most_waiting = 32;      ///< segments of one connection
constexpr std::size_t k_most_bytes = 64 * 1024; ///< of one hello
constexpr std::uint32_t k_window = 256 * 1024;  ///< how far ahead a segment may be

using Connection = std::pair<End, End>;

/// Tells whether a payload may be the start of a hello.
bool may_begin(ByteView payload) {
    constexpr std::size_t type_at = 5; // behind the record's header
    if (payload.size() > type_at && payload[0] == 0x16) {
        return payload[1] == 3 && payload[type_at] == 1;
    }
    return payload.size() > 2 && wire::framing_of(payload) == wire::Framing::ssl2 &&
           payload[2] == 1;
}

/// What is held of one direction of a connection.
class Flow final {
public:
    /// Takes a segment; the hello's stream where it is complete now.
    std::optional<Bytes> take(const Segment& segment) {
        if (segment.payload.empty()) {
            return std::nullopt;
        }
        if (!begun_ && may_begin(segment.payload)) {
            begun_ = true;
            next_ = segment.sequence;
        }
        if (!begun_) {
            keep(segment.sequence, segment.payload);
            return std::nullopt;
        }
        append(segment.sequence, segment.payload);
        return complete();
    }

private:
    void keep(std::uint32_t sequence, ByteView payload) {
        if (payload.size() > k_most_bytes) {
            return;
        }
        if (waiting_.size() >= k_most_waiting) {
            waiting_.pop_front();
        }
        waiting_.emplace_back(sequence, Bytes(payload.begin(), payload.end()));
    }

    /// Sequence numbers wrap around; their difference does not mind.
    void append(std::uint32_t sequence, ByteView payload) {
        if (!join(sequence, payload)) {
            keep(sequence, payload);
            return;
        }
        for (bool grown = true; grown;) {
            const auto fitting = std::ranges::find_if(waiting_, [&](const auto& one) {
                return join(one.first, one.second);
            });
            grown = fitting != waiting_.end();
            if (grown) {
                waiting_.erase(fitting);
            }
        }
    }

    /// Adds what is new in a segment that touches the end; false where it is ahead of that, or
    /// brings nothing.
    bool join(std::uint32_t sequence, ByteView payload) {
        const std::uint32_t overlap = next_ - sequence;
        if (overlap >= payload.size() || overlap > k_window) {
            return false;
        }
        const ByteView added = payload.subspan(overlap);
        stream_.insert(stream_.end(), added.begin(), added.end());
        next_ += static_cast<std::uint32_t>(added.size());
        return true;
    }

    std::optional<Bytes> complete() {
        const auto fields = client::read_hello(stream_);
        if (fields) {
            stream_.resize(fields->size);
            return std::exchange(stream_, {});
        }
        if (!client::is_cut_short(fields.error()) || stream_.size() > k_most_bytes) {
            begun_ = false; // it only looked like one
            stream_.clear();
        }
        return std::nullopt;
    }

    bool begun_{};
    std::uint32_t next_{};
    Bytes stream_{};
    std::deque<std::pair<std::uint32_t, Bytes>> waiting_{};
};

/// All connections of a file.
class Watch final {
public:
    /// Takes a packet; false where no more are wanted.
    bool take(const Packet& packet) {
        ++packets_;
        if (!is_known(packet.link_type)) {
            unknown_links_.insert(packet.link_type);
            return true;
        }
        const auto segment = segment_of(packet);
        if (!segment) {
            return true;
        }
        ++segments_;
        cut_ = cut_ || !packet.whole;
        auto stream = flow_of({segment->from, segment->to}).take(*segment);
        if (!stream) {
            return true;
        }
        found_ = CapturedHello{
            .stream = *std::move(stream),
            .from = text_of(segment->from),
            .to = text_of(segment->to),
            .packet = packet.number,
        };
        return false;
    }

    std::expected<CapturedHello, CaptureError> result() && {
        if (found_) {
            return *std::move(found_);
        }
        if (packets_ == 0) {
            return std::unexpected(CaptureError{.what = "holds no packet"});
        }
        if (segments_ == 0 && !unknown_links_.empty()) {
            return std::unexpected(CaptureError{
                .what = fmt::format(
                    "holds packets of link type {}, which is not read here; wanted are Ethernet, "
                    "Linux cooked, loopback or IP",
                    fmt::join(unknown_links_, ", ")
                )
            });
        }
        return std::unexpected(CaptureError{
            .what = fmt::format(
                "holds no whole ClientHello in {} packet{}, {} of them with a TCP segment{}",
                packets_, packets_ == 1 ? "" : "s", segments_,
                cut_ ? "; the packets were cut when they were captured (snapshot length)" : ""
            )
        });
    }

private:
    Flow& flow_of(const Connection& connection) {
        const auto [at, is_new] = flows_.try_emplace(connection);
        if (is_new) {
            order_.push_back(connection);
            if (order_.size() > k_most_connections) {
                flows_.erase(order_.front());
                order_.pop_front();
            }
        }
        return at->second;
    }

    std::map<Connection, Flow> flows_{};
    std::deque<Connection> order_{};
    std::set<std::uint16_t> unknown_links_{};
    std::size_t packets_{};
    std::size_t segments_{};
    bool cut_{};
    std::optional<CapturedHello> found_{};
};

} // namespace

std::expected<CapturedHello, CaptureError> first_hello(ByteView file) {
    Watch watch;
    const auto done =
        for_each_packet(file, [&](const Packet& packet) { return watch.take(packet); });
    if (!done) {
        return std::unexpected(done.error());
    }
    return std::move(watch).result();
}

std::expected<CapturedHello, CaptureError> hello_of_file(ByteView file) {
    if (is_capture(file)) {
        return first_hello(file);
    }
    auto hello = client::hello_in_file(file);
    if (!hello) {
        return std::unexpected(CaptureError{.what = describe(hello.error())});
    }
    return CapturedHello{.stream = *std::move(hello)};
}

} // namespace tlsdoctor::capture
