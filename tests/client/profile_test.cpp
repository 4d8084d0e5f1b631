// SPDX-License-Identifier: Apache-2.0
// Finding a client among hundreds.
#include "client/profile.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

namespace tlsdoctor::client {

namespace {

constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

} // namespace

TEST_CASE("the table has hundreds of clients, each with its own id and a range that makes sense") {
    CHECK(profiles().size() >= 500);
    std::set<std::string_view> ids;
    for (const Profile& profile : profiles()) {
        CAPTURE(profile.id);
        CHECK(ids.insert(profile.id).second);
        CHECK_FALSE(profile.name.empty());
        CHECK(profile.lowest <= profile.highest);
        CHECK(profile.highest >= ProtocolVersion::ssl_2_0);
        CHECK(profile.highest <= k_tls_1_3);
    }
    const auto telling = std::ranges::count_if(profiles(), &Profile::telling);
    CHECK(telling >= 20);
    CHECK(telling <= 60);
}

TEST_CASE("a client is found by its id or by what stands for no other") {
    struct Row {
        std::string_view word;
        std::string_view id; ///< empty for none
    };
    const Row table[] = {
        {"ts-java-8u161", "ts-java-8u161"},
        {"java-8u161", "ts-java-8u161"},
        {"java-6u", "ts-java-6u45"},
        {"curl-debian12", "cap-curl-debian12"},
        {"java", ""}, // several
        {"", ""},
        {"-", ""},
        {"no-such-client", ""},
        {"JAVA-8U161", ""},
    };
    for (const Row& row : table) {
        CAPTURE(row.word);
        const Profile* const found = find_profile(row.word);
        CHECK((found == nullptr ? std::string_view{} : found->id) == row.id);
    }
}

TEST_CASE("every id finds its own client") {
    for (const Profile& profile : profiles()) {
        CHECK(find_profile(profile.id) == &profile);
    }
}

TEST_CASE("a word that finds nothing gets ids that look like it") {
    const auto java = similar_ids("java-8");
    REQUIRE(java.size() == 5);
    for (const std::string_view id : java) {
        CHECK(id.find("java-8") != std::string_view::npos);
    }
    CHECK(similar_ids("JAVA-8") == java);
    const auto typing_error = similar_ids("jaav-8u161");
    REQUIRE_FALSE(typing_error.empty());
    CHECK(typing_error.front() == "ts-java-8u161");
    CHECK(similar_ids("qqqqqqqqqqqqqq").empty());
    for (const std::string_view word : {"a", "curl", "chrome"}) {
        const auto similar = similar_ids(word);
        CHECK(similar.size() <= 5);
        CHECK(std::set(similar.begin(), similar.end()).size() == similar.size());
    }
}

} // namespace tlsdoctor::client
