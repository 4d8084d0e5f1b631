// SPDX-License-Identifier: Apache-2.0
// The compiled rows; tools/gen_messages.py made and checked them.
#include "explain/knowledge.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace tlsdoctor::explain {

namespace {

constexpr std::string_view k_texts[] = {
#include "message_texts.inc"
};

constexpr Share k_shares[] = {
#include "message_shares.inc"
};

constexpr std::span<const std::string_view> texts(std::size_t at, std::size_t count) {
    return std::span{k_texts}.subspan(at, count);
}

constexpr std::span<const Share> shares(std::size_t at, std::size_t count) {
    return std::span{k_shares}.subspan(at, count);
}

constexpr auto k_messages = std::to_array<MessageRow>({
#include "message_rows.inc"
});

constexpr auto k_hints = std::to_array<HintRow>({
#include "hint_rows.inc"
});

constexpr auto k_alerts = std::to_array<AlertRow>({
#include "alert_rows.inc"
});

} // namespace

std::span<const MessageRow> message_rows() {
    return k_messages;
}

std::span<const HintRow> hint_rows() {
    return k_hints;
}

bool counts_for(const HintRow& hint, std::string_view message) {
    const auto names = [&](std::string_view wanted) {
        return wanted.ends_with('*') ? message.starts_with(wanted.substr(0, wanted.size() - 1))
                                     : message == wanted;
    };
    return hint.when.empty() || std::ranges::any_of(hint.when, names);
}

const AlertRow* alert_row(int number) {
    const auto row = std::ranges::lower_bound(k_alerts, number, {}, &AlertRow::number);
    return row != k_alerts.end() && row->number == number ? &*row : nullptr;
}

std::string_view name_of(Raised raised) {
    switch (raised) {
    case Raised::local_before_send:
        return "local_before_send";
    case Raised::local_after_receive:
        return "local_after_receive";
    case Raised::peer_alert:
        return "peer_alert";
    case Raised::bytes_not_tls:
        return "bytes_not_tls";
    case Raised::transport:
        return "transport";
    case Raised::timeout:
        return "timeout";
    case Raised::unknown:
        return "unknown";
    }
    std::unreachable();
}

std::string_view name_of(Observer observer) {
    switch (observer) {
    case Observer::client:
        return "client";
    case Observer::server:
        return "server";
    case Observer::proxy_upstream:
        return "proxy_upstream";
    case Observer::both:
        return "both";
    case Observer::unknown:
        return "unknown";
    }
    std::unreachable();
}

} // namespace tlsdoctor::explain
