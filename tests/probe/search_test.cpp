// SPDX-License-Identifier: Apache-2.0
// The search against simulated servers with one culprit each, or two, or none: what it finds must
// be the culprit, and it must end within its budget whatever the answers are.
#include <algorithm>
#include <random>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "probe/plan_parts.hpp"
#include "simulation.hpp"

namespace tlsdoctor::probe {
namespace {

using evidence::Factor;
using evidence::Offer;
using evidence::Outcome;
using evidence::Pair;
using evidence::Purpose;
using evidence::Renegotiation;
using evidence::Segmentation;
using testing::Asked;
using testing::check_is_bounded;
using testing::Culprit;
using testing::proven_pairs;
using testing::Server;
using testing::visit;
using enum ProtocolVersion;

template <typename T>
bool holds(const std::vector<T>& list, T one) {
    return std::ranges::find(list, one) != list.end();
}

bool has_post_quantum(const Offer& offer) {
    return std::ranges::any_of(offer.groups, evidence::is_post_quantum);
}

bool is_for_tls_1_3(const Offer& offer) {
    return holds(offer.versions, tls_1_3);
}

std::string names_of(const std::vector<Pair>& pairs) {
    std::set<std::string> names;
    for (const Pair& pair : pairs) {
        names.emplace(evidence::name_of(pair.factors.front()));
    }
    return fmt::format("{}", fmt::join(names, " "));
}

/// Asks, and holds that every proven pair has the culprit in its refused half alone.
void check_finds(const std::string& name, const Server& server, const std::string& factors) {
    const Asked asked = visit(server);
    INFO(name, "\n", text_of(asked));
    check_is_bounded(asked);
    const std::vector<Pair> proven = proven_pairs(asked.endpoint);
    CHECK(names_of(proven) == factors);
    for (const Pair& pair : proven) {
        CHECK(server.fails(pair.refused->offer));
        CHECK_FALSE(server.fails(pair.accepted->offer));
        CHECK(times_answered(asked.endpoint, pair.accepted->offer, true) >= 2);
        CHECK(times_answered(asked.endpoint, pair.refused->offer, false) >= 2);
    }
    CHECK(unexplained_failures(asked.endpoint).empty());
}

} // namespace

TEST_CASE("a healthy server is asked at most fourteen questions, and nothing is searched for") {
    const std::vector<std::vector<ProtocolVersion>> servers = {
        {tls_1_2, tls_1_3}, {tls_1_2}, {tls_1_3}, {tls_1_0, tls_1_1, tls_1_2, tls_1_3}
    };
    for (const auto& versions : servers) {
        const Asked asked = visit(Server{.versions = versions});
        INFO(text_of(asked));
        check_is_bounded(asked);
        CHECK(asked.endpoint.exchanges.size() <= 14);
        CHECK(
            std::ranges::count(
                asked.endpoint.exchanges, Purpose::factor, &evidence::Exchange::purpose
            ) == 0
        );
        CHECK(minimal_pairs(asked.endpoint).empty());
    }
}

TEST_CASE("the versions alone are asked without a search") {
    const Server server{.fails = [](const Offer& offer) {
        return offer.grease;
    }};
    const Asked asked = visit(server, {.versions_only = true});
    CHECK(asked.ended);
    CHECK(spent(asked.endpoint) == 0);
}

TEST_CASE("one culprit is found, whichever factor it is and however it answers") {
    struct Case {
        std::string name{};
        Culprit fails{};
        std::string factor{};
        std::vector<ProtocolVersion> versions{tls_1_2, tls_1_3};
    };
    const Case cases[] = {
        {"whatever offers TLS 1.3", is_for_tls_1_3, "versions"},
        {"records of version 0301", [](const Offer& o) { return o.record_version == tls_1_0; },
         "record_version"},
        {"records of version 0303", [](const Offer& o) { return o.record_version == tls_1_2; },
         "record_version"},
        {"a suite that browsers do not offer is needed",
         [](const Offer& o) { return !holds(o.cipher_suites, CipherSuite{0x009e}); },
         "cipher_suites",
         {tls_1_2}},
        {"a suite that is not known is not ignored",
         [](const Offer& o) { return holds(o.cipher_suites, CipherSuite{0x1304}); },
         "cipher_suites"},
        {"a group that browsers do not offer is needed",
         [](const Offer& o) { return !holds(o.groups, NamedGroup::secp521r1); }, "groups"},
        {"the post-quantum group", has_post_quantum, "post_quantum"},
        {"the post-quantum group is needed", [](const Offer& o) { return !has_post_quantum(o); },
         "post_quantum"},
        {"a share of secp256r1 is needed",
         [](const Offer& o) {
             return is_for_tls_1_3(o) && !holds(o.key_shares, NamedGroup::secp256r1);
         },
         "key_shares"},
        {"a signature by SHA-1 is needed",
         [](const Offer& o) { return !holds(o.signature_algorithms, SignatureScheme{0x0201}); },
         "signature_algorithms",
         {tls_1_2}},
        {"the name", [](const Offer& o) { return o.sni == "a.example"; }, "server_name"},
        {"ALPN", [](const Offer& o) { return !o.alpn.empty(); }, "alpn"},
        {"no extended master secret",
         [](const Offer& o) { return !o.extended_master_secret && !is_for_tls_1_3(o); },
         "extended_master_secret"},
        {"the renegotiation suite",
         [](const Offer& o) { return o.renegotiation == Renegotiation::scsv; }, "renegotiation"},
        {"an unknown extension",
         [](const Offer& o) { return holds(o.extensions, ExtensionType::encrypted_client_hello); },
         "extensions"},
        {"an old extension",
         [](const Offer& o) { return holds(o.extensions, ExtensionType::status_request); },
         "extensions"},
        {"GREASE", [](const Offer& o) { return o.grease; }, "grease"},
    };
    for (const Case& c : cases) {
        for (const Outcome how :
             {Outcome::refused, Outcome::reset, Outcome::closed, Outcome::silent}) {
            CAPTURE(evidence::name_of(how));
            check_finds(c.name, {.fails = c.fails, .how = how, .versions = c.versions}, c.factor);
        }
    }
}

TEST_CASE("a PROXY header is tried where nothing else gets a word, and found where it helps") {
    for (const Outcome how : {Outcome::reset, Outcome::closed, Outcome::silent}) {
        CAPTURE(evidence::name_of(how));
        check_finds(
            "no PROXY header",
            {.fails = [](const Offer& o) { return !o.proxy_header; }, .how = how}, "proxy_header"
        );
    }
}

TEST_CASE("a path for small segments only is found by hellos of small segments") {
    check_finds(
        "whatever is answered at length",
        {.fails = [](const Offer& o) { return o.segmentation != Segmentation::small_segments; },
         .how = Outcome::silent},
        "segmentation"
    );
}

TEST_CASE("a threshold of size is closed in on to sixteen bytes") {
    for (const Outcome how : {Outcome::refused, Outcome::reset, Outcome::silent}) {
        for (const int most : {256, 300, 400, 511, 512, 600, 699, 700, 1000, 1447}) {
            const Server server{.fails = [&](const Offer& o) { return o.size > most; }, .how = how};
            const Asked asked = visit(server);
            INFO(most, " bytes\n", text_of(asked));
            check_is_bounded(asked);
            const std::vector<Pair> proven = proven_pairs(asked.endpoint);
            CHECK(names_of(proven) == "size");
            REQUIRE_FALSE(proven.empty());
            const std::uint16_t good = proven.front().accepted->offer.size;
            const std::uint16_t bad = proven.front().refused->offer.size;
            CHECK(good <= most);
            CHECK(bad > most);
            CHECK(bad - good <= 16);
        }
    }
}

TEST_CASE("a hole of sizes is found at one of its edges") {
    for (const Outcome how : {Outcome::silent, Outcome::reset}) {
        const Server server{
            .fails = [](const Offer& o) { return o.size >= 256 && o.size <= 511; }, .how = how
        };
        const Asked asked = visit(server);
        INFO(text_of(asked));
        check_is_bounded(asked);
        const std::vector<Pair> proven = proven_pairs(asked.endpoint);
        CHECK(names_of(proven) == "size");
        REQUIRE_FALSE(proven.empty());
        const int good = proven.front().accepted->offer.size;
        const int bad = proven.front().refused->offer.size;
        CHECK(server.fails(proven.front().refused->offer));
        CHECK(std::abs(good - bad) <= 16);
    }
}

TEST_CASE("what is too long by its size is told from what is too long for one segment") {
    const Server by_size{.fails = [](const Offer& o) {
        return o.size > 1'460;
    }};
    const Asked sized = visit(by_size);
    INFO(text_of(sized));
    check_is_bounded(sized);
    CHECK(names_of(proven_pairs(sized.endpoint)) == "size");

    const Server by_segment{.fails = [](const Offer& o) {
        return o.size > 1'455 || o.segmentation == Segmentation::two_segments;
    }};
    const Asked cut = visit(by_segment);
    INFO(text_of(cut));
    check_is_bounded(cut);
    CHECK(names_of(proven_pairs(cut.endpoint)).starts_with("segmentation"));
}

TEST_CASE("two culprits are both found") {
    struct Case {
        std::string name{};
        Culprit fails{};
        std::string factors{};
    };
    const Case cases[] = {
        {"a post-quantum group and no extended master secret",
         [](const Offer& o) {
             return has_post_quantum(o) || (!o.extended_master_secret && !is_for_tls_1_3(o));
         },
         "extended_master_secret post_quantum"},
        {"records of version 0303 and GREASE",
         [](const Offer& o) { return o.record_version == tls_1_2 || o.grease; },
         "grease record_version"},
        {"ALPN and no extended master secret",
         [](const Offer& o) {
             return !o.alpn.empty() || (!o.extended_master_secret && !is_for_tls_1_3(o));
         },
         "alpn extended_master_secret"},
    };
    for (const Case& c : cases) {
        check_finds(c.name, {.fails = c.fails, .how = Outcome::refused}, c.factors);
    }
}

TEST_CASE("of two culprits in the same hello one at least is found") {
    const Server either{.fails = [](const Offer& o) {
        return o.grease || !o.alpn.empty();
    }};
    const Asked asked = visit(either);
    INFO(text_of(asked));
    check_is_bounded(asked);
    const std::vector<Pair> proven = proven_pairs(asked.endpoint);
    REQUIRE_FALSE(proven.empty());
    for (const Pair& pair : proven) {
        const Factor factor = pair.factors.front();
        CHECK((factor == Factor::grease || factor == Factor::alpn));
    }
    const Server both{.fails = [](const Offer& o) {
        return o.grease && !o.alpn.empty();
    }};
    const Asked joint = visit(both);
    INFO(text_of(joint));
    check_is_bounded(joint);
    CHECK_FALSE(proven_pairs(joint.endpoint).empty());
    CHECK(unexplained_failures(joint.endpoint).empty());
}

TEST_CASE("what failed once by chance proves nothing") {
    for (std::size_t number = 1; number <= 14; ++number) {
        for (const Outcome how : {Outcome::refused, Outcome::reset, Outcome::silent}) {
            const Server once{.fails = [](const Offer&) { return true; }, .how = how};
            const Asked asked = visit([&](const Offer& offer, std::size_t n) {
                return answer_of(n == number ? once : Server{}, offer);
            });
            INFO(text_of(asked));
            check_is_bounded(asked);
            CHECK(proven_pairs(asked.endpoint).empty());
            CHECK(unexplained_failures(asked.endpoint).empty());
        }
    }
}

TEST_CASE("who shuts us out after so many hellos is not taken for a culprit") {
    for (const Outcome how : {Outcome::closed, Outcome::reset, Outcome::silent}) {
        for (std::size_t served = 0; served <= 30; ++served) {
            const Server shut{.fails = [](const Offer&) { return true; }, .how = how};
            const Asked asked = visit([&](const Offer& offer, std::size_t n) {
                return answer_of(n > served ? shut : Server{}, offer);
            });
            INFO(served, " served\n", text_of(asked));
            check_is_bounded(asked);
            CHECK(proven_pairs(asked.endpoint).empty());
        }
    }
}

TEST_CASE("a server that fails now and then does not keep a visit from ending") {
    constexpr std::uint64_t seed = 20'261'125;
    std::mt19937_64 engine(seed);
    constexpr Outcome outcomes[] = {Outcome::refused,    Outcome::closed,  Outcome::reset,
                                    Outcome::silent,     Outcome::garbled, Outcome::not_tls,
                                    Outcome::unreachable};
    for (std::size_t run = 0; run < 200; ++run) {
        const std::size_t one_in = 2 + engine() % 8;
        const Server flaky{
            .fails = [&](const Offer&) { return engine() % one_in == 0; },
            .how = outcomes[engine() % std::size(outcomes)],
        };
        const Asked asked = visit(flaky);
        INFO("seed ", seed, ", run ", run, "\n", text_of(asked));
        check_is_bounded(asked);
    }
}

TEST_CASE("a random culprit is found, or the budget was spent") {
    constexpr std::uint64_t seed = 20'261'126;
    std::mt19937_64 engine(seed);
    constexpr Outcome outcomes[] = {
        Outcome::refused, Outcome::closed, Outcome::reset, Outcome::silent
    };
    std::size_t found = 0;
    const Asked wide = visit(Server{});
    constexpr std::size_t runs = 200;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto& all = wide.endpoint.exchanges;
        const auto& some = all.at(3 + engine() % (all.size() - 3)).offer;
        const auto any_of = [&](const auto& list) {
            return list[engine() % list.size()];
        };
        Culprit fails;
        Factor factor{};
        switch (engine() % 5) {
        case 0:
            if (some.cipher_suites.empty()) {
                continue;
            }
            factor = Factor::cipher_suites;
            fails = [one = any_of(some.cipher_suites)](const Offer& o) {
                return holds(o.cipher_suites, one);
            };
            break;
        case 1:
            if (some.groups.empty()) {
                continue;
            }
            factor = Factor::groups;
            fails = [one = any_of(some.groups)](const Offer& o) {
                return holds(o.groups, one);
            };
            break;
        case 2:
            if (some.extensions.empty()) {
                continue;
            }
            factor = Factor::extensions;
            fails = [one = any_of(some.extensions)](const Offer& o) {
                return holds(o.extensions, one);
            };
            break;
        case 3:
            if (some.signature_algorithms.empty()) {
                continue;
            }
            factor = Factor::signature_algorithms;
            fails = [one = any_of(some.signature_algorithms)](const Offer& o) {
                return holds(o.signature_algorithms, one);
            };
            break;
        default:
            factor = Factor::size;
            fails = [most = 150 + engine() % 1'600](const Offer& o) {
                return o.size > most;
            };
            break;
        }
        const Server server{.fails = fails, .how = outcomes[engine() % std::size(outcomes)]};
        const Asked asked = visit(server);
        INFO("seed ", seed, ", run ", run, "\n", text_of(asked));
        check_is_bounded(asked);
        for (const Pair& pair : proven_pairs(asked.endpoint)) {
            CHECK(server.fails(pair.refused->offer));
            CHECK_FALSE(server.fails(pair.accepted->offer));
            // A share goes with its group, and a suite of TLS 1.3 with its version.
            const Factor is = pair.factors.front();
            const bool related = is == factor ||
                                 (factor == Factor::groups &&
                                  (is == Factor::post_quantum || is == Factor::key_shares)) ||
                                 is == Factor::versions;
            CHECK(related);
        }
        const bool explained = unexplained_failures(asked.endpoint).empty();
        CHECK((explained || spent(asked.endpoint) == k_budget));
        found += explained ? 1U : 0U;
    }
    CHECK(found > runs / 2);
}

} // namespace tlsdoctor::probe
