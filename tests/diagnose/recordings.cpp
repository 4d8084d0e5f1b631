// SPDX-License-Identifier: Apache-2.0
// Reads tests/causes/<cause>/<case>.json.
#include "recordings.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::diagnose {

namespace {

std::string text_of(const json::object& from, std::string_view member) {
    const json::value* const value = from.if_contains(member);
    return value == nullptr ? "" : json::value_to<std::string>(*value);
}

ProtocolVersion version_of(std::string_view word) {
    const auto version = version_named(word);
    REQUIRE_MESSAGE(version, "not a version: ", word);
    return *version;
}

/// Reads `tls1.2,!tls1.0`.
std::vector<Expectation> expectations_of(const std::string& text) {
    std::vector<Expectation> expectations;
    for (const std::string_view word : split(text, ',')) {
        const bool wanted = !word.starts_with("!");
        expectations.push_back(
            {.version = version_of(word.substr(wanted ? 0 : 1)), .accepted = wanted}
        );
    }
    return expectations;
}

/// Reads how the user's client fared, as client/outcome.hpp worked it out: `cause`, `refused_by`
/// and `exchange`; it connects where no cause is given.
evidence::ClientOutcome client_outcome_of(const json::object& from, const std::string& name) {
    const std::string cause = text_of(from, "cause");
    const bool by_client = text_of(from, "refused_by") == "client";
    return {
        .id = name,
        .name = name,
        .outcome = cause.empty() ? evidence::ClientResult::connects : evidence::ClientResult::fails,
        .based_on = evidence::ClientBasis::replay,
        .refused_by = cause.empty() ? evidence::Refuser::nobody
                      : by_client   ? evidence::Refuser::client
                                    : evidence::Refuser::server,
        .cause = cause,
        .reason = text_of(from, "reason"),
        .exchange = text_of(from, "exchange"),
    };
}

Question question_of(const json::object& from) {
    Question question{.client_name = text_of(from, "client_name")};
    if (const json::value* const range = from.if_contains("client")) {
        const auto words = json::value_to<std::vector<std::string>>(*range);
        REQUIRE(words.size() == 2);
        question.client = {.lowest = version_of(words[0]), .highest = version_of(words[1])};
    }
    if (const json::value* const outcome = from.if_contains("client_outcome")) {
        question.client_outcome = client_outcome_of(outcome->as_object(), question.client_name);
    }
    if (const std::string expect = text_of(from, "expect"); !expect.empty()) {
        question.expect = expectations_of(expect);
    }
    question.error_text = text_of(from, "error");
    if (const json::value* const alert = from.if_contains("error_alert")) {
        question.error_alert = static_cast<AlertDescription>(json::value_to<int>(*alert));
    }
    const json::value* const insecure = from.if_contains("insecure");
    question.judge_trust = insecure == nullptr || !insecure->as_bool();
    return question;
}

Recording recording_in(const std::filesystem::path& path) {
    const std::string name = path.parent_path().filename().string() + "/" + path.stem().string();
    INFO("the recording ", name);
    std::ifstream file(path);
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const json::object document = json::parse(text).as_object();
    Recording recording{.name = name, .what = text_of(document, "what")};
    if (const json::value* const question = document.if_contains("question")) {
        recording.question = question_of(question->as_object());
    }
    recording.verdict = text_of(document, "verdict");
    recording.must = json::value_to<std::vector<std::string>>(document.at("must"));
    recording.must_not = json::value_to<std::vector<std::string>>(document.at("must_not"));
    recording.visit_text = json::serialize(document.at("visit"));
    auto visit = evidence::visit_from_json(recording.visit_text);
    REQUIRE_MESSAGE(visit, name, ": ", visit.error().where, ": ", visit.error().what);
    recording.visit = *std::move(visit);
    return recording;
}

std::vector<Recording> read_all() {
    std::vector<std::filesystem::path> paths;
    const std::filesystem::path folder{TLSDOCTOR_SOURCE_DIR "/tests/causes"};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        // Recordings of clients have a reader of their own (client_recordings_test.cpp).
        const bool of_client = entry.path().filename().string().starts_with("client_");
        if (entry.path().extension() == ".json" && !of_client) {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    std::vector<Recording> all;
    std::ranges::transform(paths, std::back_inserter(all), recording_in);
    return all;
}

} // namespace

const std::vector<Recording>& recordings() {
    static const std::vector<Recording> all = read_all();
    return all;
}

} // namespace tlsdoctor::diagnose
