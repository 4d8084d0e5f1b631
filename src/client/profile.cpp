// SPDX-License-Identifier: Apache-2.0
// The table of known clients.
#include "client/profile.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"

namespace tlsdoctor::client {

namespace {

constexpr Profile k_profiles[] = {
#include "clients.inc"
};

constexpr std::size_t k_most_similar = 5;

/// The part of an id after its origin: `java-8u161` of `ts-java-8u161`.
std::string_view without_origin(std::string_view id) {
    const std::size_t dash = id.find('-');
    return dash == std::string_view::npos ? id : id.substr(dash + 1);
}

} // namespace

std::string_view name_of(Fidelity fidelity) {
    switch (fidelity) {
    case Fidelity::captured:
        return "captured";
    case Fidelity::published_bytes:
        return "published_bytes";
    case Fidelity::published_lists:
        return "published_lists";
    case Fidelity::parrot:
        return "parrot";
    case Fidelity::documented:
        return "documented";
    }
    std::unreachable();
}

std::span<const Profile> profiles() {
    return k_profiles;
}

const Profile* find_profile(std::string_view id) {
    const auto* const exact = std::ranges::find(k_profiles, id, &Profile::id);
    if (exact != std::end(k_profiles)) {
        return exact;
    }
    const auto is_named = [&](const Profile& profile) {
        return without_origin(profile.id) == id;
    };
    const auto* const named = std::ranges::find_if(k_profiles, is_named);
    if (named != std::end(k_profiles)) {
        return named;
    }
    const auto begins = [&](const Profile& profile) {
        return without_origin(profile.id).starts_with(id);
    };
    const auto* const first = std::ranges::find_if(k_profiles, begins);
    const bool unique = !id.empty() && std::ranges::count_if(k_profiles, begins) == 1;
    return unique ? first : nullptr;
}

std::vector<std::string_view> similar_ids(std::string_view word) {
    std::vector<std::string_view> similar;
    const auto add_where = [&](auto fits) {
        for (const Profile& profile : k_profiles) {
            const bool there = std::ranges::find(similar, profile.id) != similar.end();
            if (similar.size() < k_most_similar && !there && fits(profile)) {
                similar.push_back(profile.id);
            }
        }
    };
    const std::string wanted = lower(word);
    add_where([&](const Profile& profile) { return without_origin(profile.id).starts_with(wanted); }
    );
    add_where([&](const Profile& profile) {
        return profile.id.find(wanted) != std::string_view::npos;
    });
    std::vector<std::string_view> names;
    std::ranges::transform(k_profiles, std::back_inserter(names), [](const Profile& profile) {
        return without_origin(profile.id);
    });
    if (const auto close = nearest(wanted, names)) {
        add_where([&](const Profile& profile) { return without_origin(profile.id) == *close; });
    }
    return similar;
}

} // namespace tlsdoctor::client
