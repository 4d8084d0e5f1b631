// SPDX-License-Identifier: Apache-2.0
// Finding a client among hundreds, and what a set of accepted versions means for each.
#include "client/profile.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

namespace tlsdoctor::client {

namespace {

using evidence::ClientOutcome;

constexpr auto k_ssl_3_0 = ProtocolVersion::ssl_3_0;
constexpr auto k_tls_1_0 = ProtocolVersion::tls_1_0;
constexpr auto k_tls_1_1 = ProtocolVersion::tls_1_1;
constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

bool connects(const ClientOutcome& outcome) {
    return outcome.outcome == evidence::ClientResult::connects;
}

const ClientOutcome* outcome_of(const std::vector<ClientOutcome>& all, std::string_view id) {
    const auto at = std::ranges::find(all, id, &ClientOutcome::id);
    return at == all.end() ? nullptr : &*at;
}

/// A client whose lowest version nobody recorded and whose highest is this.
const Profile& without_lowest(ProtocolVersion highest) {
    const auto at = std::ranges::find_if(profiles(), [&](const Profile& profile) {
        return profile.lowest == ProtocolVersion::none && profile.highest == highest;
    });
    REQUIRE(at != profiles().end());
    return *at;
}

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

TEST_CASE("a client connects with the newest version that both speak") {
    struct Row {
        std::vector<ProtocolVersion> accepted;
        bool connects;
        ProtocolVersion version;
        std::string reason;
    };
    const Row java_8[] = {
        // TLS 1.0 to 1.2
        {{k_tls_1_2, k_tls_1_3}, true, k_tls_1_2, "both speak TLS 1.2"},
        {{k_tls_1_0, k_tls_1_1}, true, k_tls_1_1, "both speak TLS 1.1"},
        {{k_tls_1_3}, false, {}, "it speaks at most TLS 1.2, the server at least TLS 1.3"},
        {{k_ssl_3_0}, false, {}, "it demands at least TLS 1.0, the server speaks at most SSL 3.0"},
    };
    for (const Row& row : java_8) {
        CAPTURE(row.reason);
        const auto all = outcomes(row.accepted);
        const ClientOutcome* const outcome = outcome_of(all, "ts-java-8u161");
        REQUIRE(outcome != nullptr);
        CHECK(outcome->name == "Java 8u161");
        CHECK(outcome->telling);
        CHECK(connects(*outcome) == row.connects);
        CHECK(outcome->version.value_or(ProtocolVersion{}) == row.version);
        CHECK(outcome->reason == row.reason);
    }
}

TEST_CASE("a client whose lowest version is unknown is counted only where it is sure") {
    const Profile& client = without_lowest(k_tls_1_2);
    struct Row {
        std::vector<ProtocolVersion> accepted;
        bool counted;
        bool connects;
    };
    const Row table[] = {
        {{k_tls_1_2}, true, true},
        {{k_tls_1_0, k_tls_1_2}, true, true},
        {{k_tls_1_3}, true, false},
        {{k_tls_1_0, k_tls_1_1}, false, false},
    };
    for (const Row& row : table) {
        const auto all = outcomes(row.accepted);
        const ClientOutcome* const outcome = outcome_of(all, client.id);
        CHECK((outcome != nullptr) == row.counted);
        CHECK((outcome != nullptr && connects(*outcome)) == row.connects);
    }
}

TEST_CASE("a server that accepts nothing has no outcomes, one that accepts all locks out nobody") {
    CHECK(outcomes({}).empty());
    const auto all = outcomes(k_versions);
    CHECK(all.size() == profiles().size());
    CHECK(std::ranges::all_of(all, connects));
}

TEST_CASE("between two accepted versions there can be a gap that a client falls into") {
    // TLS 1.1 to 1.2 against a server with TLS 1.0 and 1.3: nothing in common on either side.
    const std::vector<ProtocolVersion> accepted{k_tls_1_0, k_tls_1_3};
    const auto all = outcomes(accepted);
    for (const Profile& profile : profiles()) {
        const bool inside = profile.lowest > k_tls_1_0 && profile.highest < k_tls_1_3;
        if (inside) {
            const ClientOutcome* const outcome = outcome_of(all, profile.id);
            REQUIRE(outcome != nullptr);
            CHECK_FALSE(connects(*outcome));
            CHECK(outcome->reason.ends_with("and the server accepts none of these"));
        }
    }
}

} // namespace tlsdoctor::client
