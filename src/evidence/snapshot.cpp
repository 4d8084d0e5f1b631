// SPDX-License-Identifier: Apache-2.0
// Results in short.
#include "evidence/snapshot.hpp"

#include <algorithm>

namespace tlsdoctor::evidence {

namespace {

BriefAddress brief_of(const ResultEndpoint& endpoint, Words& words) {
    BriefAddress brief{
        .address = words.number_of(endpoint.address),
        .port = endpoint.port,
        .handshake = endpoint.handshake,
        .state = words.number_of(endpoint.state),
        .protocol = words.number_of(endpoint.protocol),
        .stack = words.number_of(endpoint.stack),
        .trust = words.number_of(endpoint.trust),
        .certificate_sha256 = words.number_of(endpoint.certificate_sha256),
        .certificate_expires = words.number_of(endpoint.certificate_expires),
        .certificate_key = words.number_of(endpoint.certificate_key),
    };
    for (const ResultVersion& version : endpoint.versions) {
        if (const std::size_t place = place_of(version.version); place < k_versions.size()) {
            brief.outcomes[place] = words.number_of(version.outcome);
        }
    }
    for (const ResultSuites& suites : endpoint.cipher_suites) {
        BriefSuites& kept = brief.suites.emplace_back();
        kept.version = suites.version;
        kept.complete = suites.complete;
        for (const std::string& name : suites.names) {
            kept.names.push_back(words.number_of(name));
        }
        std::ranges::sort(kept.names);
    }
    return brief;
}

} // namespace

Word Words::number_of(std::string_view text) {
    if (const auto known = numbers_.find(text); known != numbers_.end()) {
        return known->second;
    }
    const auto number = static_cast<Word>(texts_.size());
    numbers_.emplace(texts_.emplace_back(text), number);
    return number;
}

void Snapshot::add(const Result& result) {
    Brief brief{
        .identity = words_->number_of(identity_of(result)),
        .host = words_->number_of(result.host),
        .port = result.port,
        .has_sni = result.sni.has_value(),
        .has_starttls = result.starttls.has_value(),
        .interrupted = result.interrupted,
        .sni = words_->number_of(result.sni.value_or("")),
        .starttls = words_->number_of(result.starttls.value_or("")),
        .started = words_->number_of(result.started),
        .question = words_->number_of(result.question),
        .status = words_->number_of(result.status),
        .cause = words_->number_of(result.cause),
        .side = words_->number_of(result.side),
        .summary = words_->number_of(result.summary),
    };
    for (const std::string& cause : result.findings) {
        brief.findings.push_back(words_->number_of(cause));
    }
    for (const ResultEndpoint& endpoint : result.endpoints) {
        brief.addresses.push_back(brief_of(endpoint, *words_));
    }
    const auto [place, first] = places_.emplace(brief.identity, targets_.size());
    if (first) {
        targets_.push_back(std::move(brief));
    } else {
        targets_[place->second] = std::move(brief);
    }
}

const Brief* Snapshot::find(Word identity) const {
    const auto place = places_.find(identity);
    return place == places_.end() ? nullptr : &targets_[place->second];
}

int rank_of_status(std::string_view status) {
    return status == "fail" ? 3 : status == "unsure" ? 2 : status == "warn" ? 1 : 0;
}

std::size_t place_of(ProtocolVersion version) {
    return static_cast<std::size_t>(std::ranges::find(k_versions, version) - k_versions.begin());
}

} // namespace tlsdoctor::evidence
