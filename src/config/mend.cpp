// SPDX-License-Identifier: Apache-2.0
// Trying candidates. Each round looks at the configuration as it has become, tries every candidate
// on a copy in memory, and keeps the one that comes nearest to the goal; ties go to the one that
// changes less elsewhere, then to fewer lines, then to the more natural one.
#include "config/mend.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "config/candidates.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_rounds = 6;
constexpr std::size_t k_most_candidates = 400; ///< that one round tries
constexpr std::size_t k_not_starting =
    1000;                                ///< how far a server is from any goal that does not start
constexpr std::size_t k_not_enabled = 3; ///< a version that is not even enabled
constexpr std::size_t k_hindered = 1;    ///< one that is, and fails for another reason

/// How good an attempt is, smaller is better: services broken, distance left, others changed,
/// managed files and lines touched.
using Rank = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t, std::size_t>;
/// One line that reaches the goal and changes nothing else; ties go to the first.
constexpr Rank k_perfect{0, 0, 0, 0, 1};

using ChangedFiles = std::map<std::string, std::string>;

/// A configuration with some files changed, and what came of reading it.
struct Attempt {
    ChangedFiles files{};
    Examination examination{};
    std::string why{};
};

bool meets(const Goal& goal, const Service& service) {
    return (goal.address.empty() || goal.address == service.address) &&
           (goal.any_name || goal.sni == service.sni);
}

/// How far a service is from the goal; 0 is there.
std::size_t distance(const Goal& goal, const Effective& effective) {
    std::size_t sum = 0;
    for (const VersionState& state : effective.versions) {
        if (goal.wanted.has(state.version) && !state.accepted) {
            sum += state.obstacle == Obstacle::not_enabled ? k_not_enabled : k_hindered;
        }
        if (goal.unwanted.has(state.version) && state.accepted) {
            sum += k_not_enabled;
        }
    }
    return sum;
}

const Effective* same_service(const Examination& examination, const Service& service) {
    const auto& services = examination.reading.services;
    for (std::size_t i = 0; i < services.size(); ++i) {
        if (services[i].address == service.address && services[i].sni == service.sni &&
            services[i].starttls == service.starttls) {
            return &examination.effective[i];
        }
    }
    return nullptr;
}

/// How far the services of the goal are from it; those that were there before and are gone are far,
/// and a goal that no service meets is.
std::size_t distance(const Goal& goal, const Examination& before, const Examination& then) {
    std::size_t sum = then.reading.fatal.size() * k_not_starting;
    bool met = goal.wanted.empty();
    for (std::size_t i = 0; i < then.effective.size(); ++i) {
        if (meets(goal, then.reading.services[i])) {
            sum += distance(goal, then.effective[i]);
            met = true;
        }
    }
    for (const Service& service : before.reading.services) {
        const bool gone = meets(goal, service) && same_service(then, service) == nullptr;
        sum += gone && !goal.wanted.empty() ? k_not_starting : 0;
    }
    return sum + (met ? 0 : k_not_starting);
}

/// What an attempt changes that nobody asked for.
struct Collateral {
    std::size_t broken{};  ///< services that worked and work no more
    std::size_t changed{}; ///< services beyond the goal, and versions that nobody mentioned
};

/// Tells whether a goal wants no TLS at all; a port that is closed is closed for every name.
bool closes_port(const Goal& goal) {
    return goal.wanted.empty() && goal.unwanted == VersionSet::all();
}

bool is_meant(const Goal& goal, const Service& service) {
    return meets(goal, service) || (closes_port(goal) && goal.address == service.address);
}

Collateral collateral(const Goal& goal, const Examination& now, const Examination& then) {
    Collateral harm;
    for (std::size_t i = 0; i < now.effective.size(); ++i) {
        const Service& service = now.reading.services[i];
        const VersionSet before = now.effective[i].accepted();
        const Effective* const other = same_service(then, service);
        const VersionSet after = other == nullptr ? VersionSet{} : other->accepted();
        const bool meant = is_meant(goal, service) && (before - goal.unwanted).empty();
        harm.broken += !before.empty() && after.empty() && !meant ? 1U : 0U;
        const VersionSet mentioned =
            is_meant(goal, service) ? goal.wanted | goal.unwanted : VersionSet{};
        harm.changed += (before - mentioned) == (after - mentioned) ? 0U : 1U;
    }
    return harm;
}

/// Files that another program writes, or a package owns: better left alone.
bool is_managed(const std::string& path) {
    return path.find("/letsencrypt/options-ssl-") != path.npos ||
           path.find("/crypto-policies/") != path.npos || path.starts_with("/usr/");
}

/// Tries changes on copies.
class Mender {
public:
    Mender(
        const Input& input, const std::string& command, const std::string& command_path,
        const Examination& now, const Goal& goal
    )
        : input_{input}, command_{command}, command_path_{command_path}, now_{now}, goal_{goal} {}

    std::optional<Attempt> best() {
        Attempt current{.examination = look({})};
        std::size_t far = distance(goal_, now_, current.examination);
        for (std::size_t round = 0; round < k_most_rounds && far != 0; ++round) {
            auto next = nearer(current, far);
            if (!next) {
                return std::nullopt;
            }
            current = std::move(*next);
            far = distance(goal_, now_, current.examination);
        }
        return far == 0 && !current.files.empty() ? std::optional{std::move(current)}
                                                  : std::nullopt;
    }

private:
    Examination look(const ChangedFiles& files) const {
        PatchedFiles patched{input_.files};
        for (const auto& [path, bytes] : files) {
            patched.replace(path, bytes);
        }
        const auto script = files.find(command_path_);
        return examine(
            *now_.server, with_files(patched), script == files.end() ? command_ : script->second,
            command_path_
        );
    }

    Input with_files(const Files& files) const {
        return {
            .files = files,
            .knowledge = input_.knowledge,
            .main = input_.main,
            .server_version = input_.server_version,
            .library_version = input_.library_version
        };
    }

    static bool same(const Proposal& a, const Proposal& b) {
        return std::ranges::equal(a.edits, b.edits, [](const Edit& one, const Edit& other) {
            return one.range == other.range && one.text == other.text;
        });
    }

    Attempt with(const Attempt& current, const Proposal& proposal) const {
        Attempt attempt{.files = current.files, .why = proposal.why};
        const Sources& sources = current.examination.reading.sources;
        std::map<std::string, std::vector<Edit>> by_file;
        for (const Edit& edit : proposal.edits) {
            by_file[sources.at(edit.range.file).path].push_back(edit);
        }
        for (auto& [path, edits] : by_file) {
            const FileId file = edits.front().range.file;
            attempt.files[path] = spliced(sources.at(file).bytes, std::move(edits));
        }
        attempt.examination = look(attempt.files);
        return attempt;
    }

    /// The rank of an attempt; smaller is better.
    Rank rank_of(const Attempt& attempt, std::size_t far) const {
        const Collateral harm = collateral(goal_, now_, attempt.examination);
        std::size_t lines = 0;
        std::size_t managed = 0;
        for (const auto& [path, bytes] : attempt.files) {
            for (const Hunk& hunk : changes_between(original(path), bytes)) {
                lines += std::max(hunk.old_end - hunk.old_begin, hunk.new_end - hunk.new_begin);
            }
            managed += is_managed(path) ? 1U : 0U;
        }
        return {harm.broken, far, harm.changed, managed, lines};
    }

    std::string original(const std::string& path) const {
        if (path == command_path_) {
            return command_;
        }
        return input_.files.read(path).value_or("");
    }

    /// What a round has tried, and the best of it.
    struct Round {
        const Attempt& current;
        std::size_t far{};
        std::vector<Proposal> tried{};
        std::optional<Attempt> best{};
        Rank rank{};

        bool over() const { return rank == k_perfect || tried.size() >= k_most_candidates; }
    };

    /// Tries the candidates of one service after the other, each edit once, until none can be
    /// better.
    std::optional<Attempt> nearer(const Attempt& current, std::size_t far) const {
        Round round{.current = current, .far = far};
        const Examination& examination = current.examination;
        const bool starts = examination.reading.fatal.empty();
        for (std::size_t i = 0; i < examination.effective.size() && !round.over(); ++i) {
            const bool done = starts && distance(goal_, examination.effective[i]) == 0;
            if (meets(goal_, examination.reading.services[i]) && !done) {
                const Input input = with_files(input_.files);
                try_all(candidates_for(examination, input, i, goal_.wanted, goal_.unwanted), round);
            }
        }
        try_all(candidates_for_the_start(examination), round);
        return std::move(round.best);
    }

    void try_all(std::vector<Proposal> proposals, Round& round) const {
        for (Proposal& proposal : proposals) {
            const bool known = std::ranges::any_of(round.tried, [&](const Proposal& other) {
                return same(proposal, other);
            });
            if (known || round.over()) {
                continue;
            }
            Attempt attempt = with(round.current, proposal);
            round.tried.push_back(std::move(proposal));
            const std::size_t far = distance(goal_, now_, attempt.examination);
            if (far >= round.far) {
                continue;
            }
            const Rank rank = rank_of(attempt, far);
            if (!round.best || rank < round.rank) {
                round.best = std::move(attempt);
                round.rank = rank;
            }
        }
    }

    const Input& input_;
    const std::string& command_;
    const std::string& command_path_;
    const Examination& now_;
    const Goal& goal_;
};

} // namespace

std::optional<Mended> mend(
    const Examination& examination, const Input& input, const std::string& command,
    const std::string& command_path, const Goal& goal
) {
    auto attempt = Mender{input, command, command_path, examination, goal}.best();
    if (!attempt) {
        return std::nullopt;
    }
    Mended mended{.files = std::move(attempt->files), .why = std::move(attempt->why)};
    for (const auto& [path, bytes] : mended.files) {
        const std::string before =
            path == command_path ? command : input.files.read(path).value_or("");
        auto edits = line_edits(path, before, bytes);
        mended.edits.insert(mended.edits.end(), edits.begin(), edits.end());
        mended.diff += unified_diff(path, before, bytes);
    }
    mended.others_changed = collateral(goal, examination, attempt->examination).changed;
    return mended;
}

} // namespace tlsdoctor::config
