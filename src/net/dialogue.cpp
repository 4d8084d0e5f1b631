// SPDX-License-Identifier: Apache-2.0
// The engine that all dialogues share: it walks the steps and keeps the bounds. A peer that talks
// on without ever answering is garbled after 8 KiB.
#include "net/dialogue.hpp"

#include <algorithm>
#include <utility>

namespace tlsdoctor::net {

namespace {

/// No greeting, list of capabilities or refusal that was ever seen is half as long.
constexpr std::size_t k_most_heard = 8192;
constexpr std::size_t k_most_said = 512;

struct EndName {
    DialogueEnd end;
    std::string_view name;
};

constexpr EndName k_ends[] = {
    {DialogueEnd::under_way, "under_way"},
    {DialogueEnd::started, "started"},
    {DialogueEnd::not_offered, "not_offered"},
    {DialogueEnd::refused, "refused"},
    {DialogueEnd::other_protocol, "other_protocol"},
    {DialogueEnd::closed, "closed"},
    {DialogueEnd::reset, "reset"},
    {DialogueEnd::silent, "silent"},
    {DialogueEnd::garbled, "garbled"},
};

std::string bounded(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return std::string(text.substr(0, k_most_said));
}

} // namespace

std::string_view name_of(DialogueEnd end) {
    const auto* const at = std::ranges::find(k_ends, end, &EndName::end);
    return at == std::end(k_ends) ? "garbled" : at->name;
}

Dialogue::Dialogue(std::span<const DialogueStep> steps, DialogueNames names)
    : steps_(steps), names_(std::move(names)) {
    say_and_judge();
}

Bytes Dialogue::take_output() {
    return std::exchange(output_, {});
}

Bytes Dialogue::take_rest() {
    return state_ == DialogueEnd::under_way ? Bytes{} : std::exchange(heard_, {});
}

void Dialogue::feed(ByteView bytes) {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    if (state_ == DialogueEnd::under_way) {
        say_and_judge();
    }
}

void Dialogue::conclude(DialogueEnd how) {
    if (state_ != DialogueEnd::under_way) {
        return;
    }
    state_ = how;
    if (!heard_.empty()) {
        said_ = bounded(as_text(heard_)); // half an answer says more than the one before it
    }
}

/// Goes on as far as the bytes that are there allow.
void Dialogue::say_and_judge() {
    while (state_ == DialogueEnd::under_way) {
        if (at_ >= steps_.size()) {
            state_ = DialogueEnd::started;
            return;
        }
        const DialogueStep& step = steps_[at_];
        if (!spoken_ && step.words != nullptr) {
            const Bytes words = step.words(names_);
            output_.insert(output_.end(), words.begin(), words.end());
        }
        spoken_ = true;
        if (step.judge == nullptr) {
            take({});
            continue;
        }
        const Judgement judgement = heard_.empty() ? Judgement{} : step.judge(heard_);
        const bool decided = judgement.used > 0 || judgement.end != DialogueEnd::under_way;
        if (!decided && heard_.size() < k_most_heard) {
            return;
        }
        take(decided ? judgement : Judgement{.end = DialogueEnd::garbled});
    }
}

/// Writes down one answer and goes to the next step.
void Dialogue::take(const Judgement& judgement) {
    const std::size_t used = std::min(judgement.used, heard_.size());
    // What cannot be read is shown as it came.
    const std::size_t shown = judgement.end == DialogueEnd::under_way ? used : heard_.size();
    const ByteView answer = ByteView(heard_).first(used > 0 ? used : shown);
    if (!judgement.said.empty() || !answer.empty()) {
        said_ = bounded(judgement.said.empty() ? as_text(answer) : judgement.said);
    }
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(used));
    state_ = judgement.end;
    at_ += 1 + judgement.skip;
    spoken_ = false;
}

} // namespace tlsdoctor::net
