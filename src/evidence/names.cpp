// SPDX-License-Identifier: Apache-2.0
// One table for each enumeration.
#include "evidence/names.hpp"

#include <array>
#include <utility>

namespace tlsdoctor::evidence {

namespace {

template <typename T>
struct Spelling {
    T value;
    std::string_view text;
};

constexpr Spelling<Outcome> k_outcomes[] = {
    {Outcome::not_tested, "not_tested"},
    {Outcome::accepted, "accepted"},
    {Outcome::other_version, "other_version"},
    {Outcome::refused, "refused"},
    {Outcome::closed, "closed"},
    {Outcome::reset, "reset"},
    {Outcome::silent, "silent"},
    {Outcome::garbled, "garbled"},
    {Outcome::not_tls, "not_tls"},
    {Outcome::unreachable, "unreachable"},
};

constexpr Spelling<Reach> k_reaches[] = {
    {Reach::untried, "untried"},         {Reach::open, "open"},
    {Reach::refused, "refused"},         {Reach::filtered, "filtered"},
    {Reach::unreachable, "unreachable"}, {Reach::dns_failure, "dns_failure"},
};

constexpr Spelling<Ending> k_endings[] = {
    {Ending::ours, "ours"},
    {Ending::fin, "fin"},
    {Ending::reset, "reset"},
};

constexpr Spelling<Purpose> k_purposes[] = {
    {Purpose::version, "version"},     {Purpose::name, "name"},
    {Purpose::banner, "banner"},       {Purpose::control, "control"},
    {Purpose::handshake, "handshake"}, {Purpose::client, "client"},
    {Purpose::factor, "factor"},       {Purpose::trait, "trait"},
    {Purpose::plain, "plain"},         {Purpose::repeat, "repeat"},
    {Purpose::replay, "replay"},       {Purpose::inventory, "inventory"},
    {Purpose::suites, "suites"},
};

constexpr Spelling<Shape> k_shapes[] = {
    {Shape::openssl, "openssl"}, {Shape::browser, "browser"},   {Shape::ssl2, "ssl2"},
    {Shape::nothing, "nothing"}, {Shape::composed, "composed"}, {Shape::plain, "plain"},
    {Shape::cheap, "cheap"},
};

constexpr Spelling<Renegotiation> k_renegotiations[] = {
    {Renegotiation::none, "none"},
    {Renegotiation::scsv, "scsv"},
    {Renegotiation::extension, "extension"},
};

constexpr Spelling<Segmentation> k_segmentations[] = {
    {Segmentation::whole, "whole"},
    {Segmentation::two_segments, "two_segments"},
    {Segmentation::two_records, "two_records"},
    {Segmentation::small_segments, "small_segments"},
};

constexpr Spelling<Trust> k_trusts[] = {
    {Trust::not_judged, "not_judged"},
    {Trust::trusted, "trusted"},
    {Trust::expired, "expired"},
    {Trust::not_yet_valid, "not_yet_valid"},
    {Trust::name_mismatch, "name_mismatch"},
    {Trust::self_signed, "self_signed"},
    {Trust::unknown_issuer, "unknown_issuer"},
    {Trust::other, "other"},
};

constexpr Spelling<ClientResult> k_client_results[] = {
    {ClientResult::connects, "connects"},
    {ClientResult::fails, "fails"},
    {ClientResult::unsure, "unsure"},
    {ClientResult::not_tested, "not_tested"},
};

constexpr Spelling<ClientBasis> k_client_bases[] = {
    {ClientBasis::versions, "versions"},
    {ClientBasis::negotiation, "negotiation"},
    {ClientBasis::replay, "replay"},
};

constexpr Spelling<Refuser> k_refusers[] = {
    {Refuser::nobody, ""},
    {Refuser::server, "server"},
    {Refuser::client, "client"},
};

template <typename T, std::size_t N>
std::string_view word_for(const Spelling<T> (&table)[N], T value) {
    for (const Spelling<T>& row : table) {
        if (row.value == value) {
            return row.text;
        }
    }
    std::unreachable();
}

template <typename T, std::size_t N>
std::optional<T> value_for(const Spelling<T> (&table)[N], std::string_view text) {
    for (const Spelling<T>& row : table) {
        if (row.text == text) {
            return row.value;
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view name_of(Outcome outcome) {
    return word_for(k_outcomes, outcome);
}
std::string_view name_of(Reach reach) {
    return word_for(k_reaches, reach);
}
std::string_view name_of(Ending ending) {
    return word_for(k_endings, ending);
}
std::string_view name_of(Purpose purpose) {
    return word_for(k_purposes, purpose);
}
std::string_view name_of(Shape shape) {
    return word_for(k_shapes, shape);
}
std::string_view name_of(Renegotiation renegotiation) {
    return word_for(k_renegotiations, renegotiation);
}
std::string_view name_of(Segmentation segmentation) {
    return word_for(k_segmentations, segmentation);
}
std::string_view name_of(Trust trust) {
    return word_for(k_trusts, trust);
}
std::string_view name_of(ClientResult result) {
    return word_for(k_client_results, result);
}
std::string_view name_of(ClientBasis basis) {
    return word_for(k_client_bases, basis);
}
std::string_view name_of(Refuser refuser) {
    return word_for(k_refusers, refuser);
}

std::optional<Outcome> outcome_named(std::string_view word) {
    return value_for(k_outcomes, word);
}
std::optional<Reach> reach_named(std::string_view word) {
    return value_for(k_reaches, word);
}
std::optional<Ending> ending_named(std::string_view word) {
    return value_for(k_endings, word);
}
std::optional<Purpose> purpose_named(std::string_view word) {
    return value_for(k_purposes, word);
}
std::optional<Shape> shape_named(std::string_view word) {
    return value_for(k_shapes, word);
}
std::optional<Renegotiation> renegotiation_named(std::string_view word) {
    return value_for(k_renegotiations, word);
}
std::optional<Segmentation> segmentation_named(std::string_view word) {
    return value_for(k_segmentations, word);
}
std::optional<Trust> trust_named(std::string_view word) {
    return value_for(k_trusts, word);
}

} // namespace tlsdoctor::evidence
