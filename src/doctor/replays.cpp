// SPDX-License-Identifier: Apache-2.0
// Who sends which hello, and the connections.
#include "doctor/replays.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/assume.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"
#include "client/replay.hpp"
#include "doctor/patience.hpp"
#include "evidence/facts.hpp"
#include "net/group.hpp"
#include "probe/ask.hpp"
#include "probe/hello.hpp"

namespace tlsdoctor::doctor {

namespace {

using client::HelloFields;
using client::Profile;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Outcome;
using evidence::Replay;

constexpr std::size_t k_dialogues_side_by_side = 3; // as for our own hellos

/// One hello and the clients that send it; without any it is a recorded one.
struct Impersonation {
    std::vector<const Profile*> profiles{};
    std::vector<Replay> replays{};
};

/// Values that no server can choose: GREASE [RFC 8701] and signals.
bool is_suite(CipherSuite suite) {
    return find(suite) != nullptr;
}

std::vector<ProtocolVersion> versions_in(const HelloFields& fields) {
    if (client::has(fields, ExtensionType::supported_versions)) {
        return client::offered_versions(fields);
    }
    std::vector<ProtocolVersion> versions;
    for (const ProtocolVersion version : k_versions) {
        const bool in_tls_format = version > ProtocolVersion::ssl_2_0 || fields.sslv2;
        if (version <= fields.legacy_version && in_tls_format) {
            versions.insert(versions.begin(), version);
        }
    }
    return versions;
}

evidence::Renegotiation renegotiation_in(const HelloFields& fields) {
    constexpr auto k_signal = CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV;
    const bool signal = std::ranges::find(fields.cipher_suites, k_signal) != //
                        fields.cipher_suites.end();
    return client::has(fields, ExtensionType::renegotiation_info)
               ? evidence::Renegotiation::extension
               : (signal ? evidence::Renegotiation::scsv : evidence::Renegotiation::none);
}

/// Writes down what a hello offers.
Offer offer_of(const HelloFields& fields) {
    Offer offer{
        .versions = versions_in(fields),
        .shape = fields.sslv2 ? evidence::Shape::ssl2 : evidence::Shape::composed,
        .groups = fields.groups,
        .sni = fields.sni,
        .legacy_version = fields.legacy_version,
        .record_version = fields.record_version,
        .key_shares = fields.key_share_groups,
        .signature_algorithms = fields.signature_algorithms,
        .alpn = fields.alpn,
        .renegotiation = renegotiation_in(fields),
        .extended_master_secret = client::has(fields, ExtensionType::extended_master_secret),
        .size = static_cast<std::uint16_t>(fields.size),
    };
    std::ranges::copy_if(fields.cipher_suites, std::back_inserter(offer.cipher_suites), is_suite);
    return offer;
}

/// Returns the bytes of an attempt: 0 is the first hello.
Bytes hello_bytes(
    const Options& options, const Profile* profile, std::size_t attempt, const client::Fresh& fresh
) {
    if (profile == nullptr) {
        auto bytes = client::refreshed(options.simulation.recorded, fresh);
        assume(bytes.has_value(), "a recorded hello was read before it came here");
        return *std::move(bytes);
    }
    return attempt == 0 ? client::replay_bytes(*profile, fresh)
                        : client::fallback_bytes(*profile, fresh)[attempt - 1];
}

/// Makes the hello twice: what the first one says decides which key shares the second one gets.
probe::Question question_for(const AtDoor& context, const Profile* profile, std::size_t attempt) {
    client::Fresh fresh{.random = context.random, .server_name = context.visit.target.sni};
    const Bytes draft = hello_bytes(context.options, profile, attempt, fresh);
    const auto drafted = client::read_hello(draft);
    probe::Question question{
        .purpose = evidence::Purpose::replay, .answers_retry = true, .look_inside = true
    };
    for (const NamedGroup group : drafted ? drafted->key_share_groups : std::vector<NamedGroup>{}) {
        if (auto key = crypto::KeyShare::drawn(group, context.random)) {
            fresh.shares.push_back({.group = group, .key_exchange = key->public_bytes()});
            question.keys.push_back(*std::move(key));
        }
    }
    question.bytes = hello_bytes(context.options, profile, attempt, fresh);
    if (const auto fields = client::read_hello(question.bytes)) {
        question.offer = offer_of(*fields);
    }
    return question;
}

/// Tells whether the server or the path said "no" without a word.
bool is_wordless(const Exchange& exchange) {
    return exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset ||
           exchange.outcome == Outcome::silent;
}

bool time_is_over(const AtDoor& context) {
    return probe::out_of_time(context.loop, context.patience);
}

asio::awaitable<Exchange>
ask_as(const AtDoor& context, const Profile* profile, std::size_t attempt, milliseconds usual) {
    const probe::Question question = question_for(context, profile, attempt);
    Exchange exchange{.purpose = question.purpose, .offer = question.offer};
    const auto permit = co_await context.places.enter(context.patience.deadline);
    if (!permit) {
        co_return exchange;
    }
    ++context.visit.connections;
    const probe::Patience patience = patience_for_one_of_many(context.patience, usual);
    const probe::Route& route = context.door.route;
    exchange = co_await probe::ask(context.loop, context.door.server, question, patience, route);
    co_return exchange;
}

/// The same, and once more where the connection ended without a word.
asio::awaitable<Exchange> ask_twice_as(
    const AtDoor& context, const Profile* profile, std::size_t attempt, milliseconds usual
) {
    Exchange exchange = co_await ask_as(context, profile, attempt, usual);
    if (is_wordless(exchange) && !time_is_over(context)) {
        exchange = co_await ask_as(context, profile, attempt, usual);
    }
    co_return exchange;
}

std::vector<std::string> ids_of(const std::vector<const Profile*>& profiles) {
    std::vector<std::string> ids;
    std::ranges::transform(profiles, std::back_inserter(ids), [](const Profile* profile) {
        return std::string(profile->id);
    });
    return ids;
}

bool was_refused(const Exchange& exchange) {
    return exchange.outcome == Outcome::refused || is_wordless(exchange);
}

/// Goes on as a client does whose first hello was refused.
asio::awaitable<void>
fall_back(const AtDoor& context, const Profile* profile, milliseconds usual, Impersonation& who) {
    const std::size_t attempts =
        client::fallback_bytes(*profile, {.random = context.random}).size();
    for (std::size_t attempt = 1; attempt <= attempts; ++attempt) {
        Exchange exchange = co_await ask_twice_as(context, profile, attempt, usual);
        const bool goes_on = was_refused(exchange) && !time_is_over(context);
        who.replays.push_back(
            {.clients = {std::string(profile->id)},
             .attempt = static_cast<std::uint8_t>(attempt),
             .exchange = std::move(exchange)}
        );
        if (!goes_on) {
            co_return;
        }
    }
}

asio::awaitable<void> impersonate(const AtDoor& context, milliseconds usual, Impersonation& who) {
    constexpr std::size_t first = 0;
    const Profile* const profile = who.profiles.empty() ? nullptr : who.profiles.front();
    Exchange exchange = co_await ask_twice_as(context, profile, first, usual);
    const bool refused = was_refused(exchange) && !time_is_over(context);
    std::vector<std::string> ids = ids_of(who.profiles);
    if (ids.empty()) {
        ids.push_back(context.options.simulation.label);
    }
    who.replays.push_back({.clients = std::move(ids), .exchange = std::move(exchange)});
    for (std::size_t i = 0; refused && i < who.profiles.size(); ++i) {
        const Profile* const one = who.profiles[i];
        co_await fall_back(context, one, usual, who);
    }
}

/// Returns whose hellos to send, equal ones together, in the order of the table.
std::vector<Impersonation> impersonations(const Simulation& simulation) {
    if (!simulation.recorded.empty()) {
        return {Impersonation{}};
    }
    std::vector<Impersonation> all;
    if (simulation.one != nullptr) {
        all.push_back({.profiles = {simulation.one}});
        return all;
    }
    std::map<std::string_view, std::size_t> places;
    for (const Profile& profile : client::profiles()) {
        const auto [at, is_new] = places.try_emplace(profile.hello_class, all.size());
        if (is_new) {
            all.emplace_back();
        }
        all[at->second].profiles.push_back(&profile);
    }
    return all;
}

} // namespace

bool wants_replays(const Options& options, const Endpoint& endpoint) {
    const Simulation& simulation = options.simulation;
    if (options.versions_only || !came_to_tls(endpoint)) {
        return false;
    }
    const bool one = simulation.one != nullptr || !simulation.recorded.empty();
    const bool spoke = std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.outcome == Outcome::accepted || exchange.outcome == Outcome::refused ||
               exchange.outcome == Outcome::other_version;
    });
    const bool ended = std::ranges::any_of(endpoint.exchanges, [](const Exchange& exchange) {
        return exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset ||
               exchange.outcome == Outcome::garbled;
    });
    return one ? spoke || (ended && foreign_protocol(endpoint).empty())
               : simulation.all && !accepted_versions(endpoint).empty();
}

asio::awaitable<void> replay_clients(const AtDoor& context, Endpoint& endpoint) {
    std::vector<Impersonation> all = impersonations(context.options.simulation);
    const milliseconds usual = usual_answer_time(endpoint);
    const bool in_dialogue = context.door.route.starttls != nullptr;
    const std::size_t at_once = in_dialogue ? k_dialogues_side_by_side : all.size();
    for (std::size_t begin = 0; begin < all.size(); begin += at_once) {
        net::Group group(context.loop);
        for (std::size_t i = begin; i < std::min(begin + at_once, all.size()); ++i) {
            group.spawn(impersonate(context, usual, all[i]));
        }
        co_await group.wait();
    }
    for (Impersonation& who : all) {
        for (Replay& replay : who.replays) {
            const bool cut = replay.exchange.outcome == Outcome::not_tested;
            context.visit.interrupted = context.visit.interrupted || cut;
            endpoint.replays.push_back(std::move(replay));
        }
    }
}

} // namespace tlsdoctor::doctor
