// SPDX-License-Identifier: Apache-2.0
// Doubly linked lists whose nodes stand in one vector.
#include "net/deadlines.hpp"

#include <algorithm>

namespace tlsdoctor::net {

namespace {

constexpr std::uint32_t k_no_slot = UINT32_MAX;

} // namespace

std::uint32_t Deadlines::list_of(milliseconds length) {
    const auto at = std::ranges::find(lists_, length, &List::length);
    if (at != lists_.end()) {
        return static_cast<std::uint32_t>(at - lists_.begin());
    }
    lists_.push_back({.length = length});
    return static_cast<std::uint32_t>(lists_.size() - 1);
}

void Deadlines::set(std::uint32_t slot, milliseconds length, TimePoint now) {
    take_back(slot);
    const std::uint32_t number = list_of(length);
    List& list = lists_[number];
    links_[slot] = {.at = now + length, .before = list.last, .list = number};
    if (list.last == k_no_slot) {
        list.first = slot;
    } else {
        links_[list.last].after = slot;
    }
    list.last = slot;
}

void Deadlines::take_back(std::uint32_t slot) {
    const DeadlineLink link = links_[slot];
    if (link.list == k_no_slot) {
        return;
    }
    List& list = lists_[link.list];
    (link.before == k_no_slot ? list.first : links_[link.before].after) = link.after;
    (link.after == k_no_slot ? list.last : links_[link.after].before) = link.before;
    links_[slot] = {};
}

TimePoint Deadlines::of(std::uint32_t slot) const {
    const DeadlineLink& link = links_[slot];
    return link.list == k_no_slot ? TimePoint::max() : link.at;
}

TimePoint Deadlines::earliest() const {
    TimePoint earliest = TimePoint::max();
    for (const List& list : lists_) {
        if (list.first != k_no_slot) {
            earliest = std::min(earliest, links_[list.first].at);
        }
    }
    return earliest;
}

std::uint32_t Deadlines::due(TimePoint now) const {
    for (const List& list : lists_) {
        if (list.first != k_no_slot && links_[list.first].at <= now) {
            return list.first;
        }
    }
    return k_no_slot;
}

} // namespace tlsdoctor::net
