// SPDX-License-Identifier: Apache-2.0
// One hello, copied list by list into plain evidence.
#include "client/heard.hpp"

#include <utility>

#include "client/fingerprint.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"

namespace tlsdoctor::client {

namespace {

void note_lookalikes(const HelloFields& fields, evidence::HelloLists& lists) {
    const std::vector<Lookalike> similar = looks_like(fields);
    for (const Lookalike& one : similar) {
        lists.looks_like.emplace_back(one.id);
    }
    if (similar.empty()) {
        return;
    }
    lists.near_only = similar.front().likeness == Likeness::near;
    if (const Profile* const profile = find_profile(similar.front().id)) {
        lists.looks_like_name = profile->name;
    }
}

evidence::HelloLists lists_of(HelloFields fields) {
    evidence::HelloLists lists{
        .record_version = fields.record_version,
        .legacy_version = fields.legacy_version,
        .versions = offered_versions(fields),
        .lists_versions = has(fields, ExtensionType::supported_versions),
        .ja3 = ja3(fields),
        .ja4 = ja4(fields),
    };
    note_lookalikes(fields, lists);
    lists.cipher_suites = std::move(fields.cipher_suites);
    lists.ssl2_cipher_kinds = std::move(fields.sslv2_cipher_kinds);
    lists.extensions = std::move(fields.extensions);
    lists.groups = std::move(fields.groups);
    lists.key_share_groups = std::move(fields.key_share_groups);
    lists.signature_algorithms = std::move(fields.signature_algorithms);
    lists.alpn = std::move(fields.alpn);
    lists.sni = std::move(fields.sni);
    return lists;
}

} // namespace

void read_heard(evidence::HeardHello& heard) {
    if (heard.kind == wire::OpeningKind::clear_text) {
        heard.protocol = wire::protocol_of_client(heard.bytes);
        return;
    }
    if (heard.kind != wire::OpeningKind::hello && heard.kind != wire::OpeningKind::ssl2_hello) {
        return;
    }
    auto fields = read_hello(heard.bytes);
    if (fields) {
        heard.lists = lists_of(*std::move(fields));
    } else {
        heard.unreadable = wire::describe(fields.error());
    }
}

void read_heard(evidence::ClientVisit& visit) {
    for (evidence::HeardHello& heard : visit.hellos) {
        read_heard(heard);
    }
}

} // namespace tlsdoctor::client
