// SPDX-License-Identifier: Apache-2.0
// Equal evidence has equal verdicts: plan, rules and report are pure. So what comes after certain
// answers is worked out once, by the ordinary code, and remembered under the answers: the next
// questions, or the finished line with slots for the target.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evidence/visit.hpp"
#include "fleet/lane.hpp"
#include "fleet/line_template.hpp"
#include "probe/brief.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::fleet {

/// What comes next in a visit.
struct Step {
    enum class Kind : std::uint8_t {
        ask,    ///< these questions, all at once
        tunnel, ///< a question for a tunnel: is it a proxy?
        line,   ///< the line is known
        judge,  ///< finished, and the line has to be made
        doctor, ///< the doctor goes on
    };
    Kind kind{};
    std::vector<probe::Ask> asks{}; ///< their name is the target's, whichever that is
    std::optional<LineTemplate> line{};
    std::optional<LineTemplate> text{};
    std::shared_ptr<const Gist> gist{};
};

using StepPtr = std::shared_ptr<const Step>;

/// An answer, with the exchange itself where a brief does not hold it.
struct Answer {
    probe::Brief brief{};
    std::unique_ptr<evidence::Exchange> odd{};
    double ms{};
};

/// A round of questions and what was answered; fewer answers where the scout found nobody.
struct Round {
    StepPtr step{};
    std::vector<Answer> answers{};
};

/// What was asked of one address so far.
struct History {
    const evidence::Target& target;
    const std::string& address;
    std::vector<Round> rounds{};
};

/// Returns the question with the name of this target.
probe::Ask ask_of(const Step& step, std::size_t index, const evidence::Target& target);

/// Returns the visit as far as it went, without its times.
evidence::Visit visit_of(const History& history);

/// Tells whether a line of this target can be a template's: its texts are plain enough to stand
/// for themselves wherever they are repeated, and no rule looks into them.
bool is_plain(const evidence::Target& target, const std::string& address);

/// Appends everything of a target that could matter beside its answers.
void put_key(const evidence::Target& target, const std::string& address, std::string& key);

/// Works out what comes next.
Step next_step(const History& history, const LaneSettings& settings);

/// Remembers steps, up to some megabytes; then it begins anew.
class Memo final {
public:
    /// Returns what is remembered under `key`; null for nothing.
    StepPtr find(std::string_view key) const;

    /// Remembers a step.
    void keep(std::string key, StepPtr step);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const {
            return std::hash<std::string_view>{}(key);
        }
    };

    std::unordered_map<std::string, StepPtr, Hash, std::equal_to<>> steps_{};
    std::size_t size_{};
};

} // namespace tlsdoctor::fleet
