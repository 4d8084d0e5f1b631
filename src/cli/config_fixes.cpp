// SPDX-License-Identifier: Apache-2.0
// What is wanted where: TLS 1.2 and 1.3 and nothing older where versions are the matter, what is
// accepted and these two where something else keeps them away, and what the user says where he
// does.
#include "cli/config_fixes.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

using advise::ConfigFile;
using config::Goal;
using config::Mended;
using config::Service;
using config::VersionSet;
using diagnose::ConfigFinding;
using diagnose::ConfigQuestion;

/// So many goals are tried for one finding; each means reading the files many times.
constexpr std::size_t k_most_goals = 4;

/// Findings that are about versions alone.
constexpr std::string_view k_version_causes[] = {"server_only_tls13",       "server_only_legacy",
                                                 "legacy_versions_enabled", "no_tls13",
                                                 "server_protocol_config",  "expectation_failed"};
/// Findings that no edit of ours mends.
constexpr std::string_view k_not_ours[] = {"sni_missing", "unknown", "healthy"};

constexpr VersionSet k_legacy = VersionSet::all() - config::k_modern_versions;

template <typename Names, typename Name>
bool is_in(const Names& names, const Name& name) {
    return std::ranges::find(names, name) != std::end(names);
}

/// What has to become of a finding's endpoints.
struct Wish {
    VersionSet wanted{};
    VersionSet unwanted{};
};

VersionSet set_of(const std::vector<ProtocolVersion>& versions) {
    VersionSet set;
    for (const ProtocolVersion version : versions) {
        set.add(version);
    }
    return set;
}

Wish wish_of(const ConfigQuestion& question) {
    Wish wish;
    if (question.target && question.target->versions) {
        wish.wanted = set_of(*question.target->versions);
        wish.unwanted = VersionSet::all() - wish.wanted;
    }
    for (const diagnose::Expectation& expected : question.expect) {
        (expected.accepted ? wish.wanted : wish.unwanted).add(expected.version);
    }
    return wish;
}

/// The wishes to try, the best first. `enabled` is what the settings enable of today's versions:
/// where something else keeps these away, nothing more is wanted than that they work.
std::vector<Wish>
wishes_for(const ConfigFinding& found, const ConfigQuestion& question, VersionSet enabled) {
    if (!question.expect.empty() || question.target) {
        return {wish_of(question)};
    }
    const bool starts = found.finding.confidence != Confidence::proven;
    if (starts && is_in(k_version_causes, found.finding.cause->name)) {
        return {{.wanted = config::k_modern_versions, .unwanted = k_legacy}};
    }
    if (!enabled.empty()) {
        return {{.wanted = enabled}, {.wanted = VersionSet{ProtocolVersion::tls_1_2}}};
    }
    return {
        {.wanted = config::k_modern_versions}, {.wanted = VersionSet{ProtocolVersion::tls_1_2}}
    };
}

/// Tries fixes for one finding after the other.
class Mender {
public:
    Mender(
        const config::Examination& examination, const ConfigSource& source, const ConfigFile& file,
        const ConfigQuestion& question
    )
        : examination_{examination}, source_{source}, file_{file}, question_{question} {}

    std::vector<TriedFix> run() {
        const auto& findings = file_.diagnosis.findings;
        for (std::size_t i = 0; i < findings.size(); ++i) {
            const bool ours = !is_in(k_not_ours, findings[i].finding.cause->name);
            if (findings[i].finding.status != Status::ok && ours) {
                mend_finding(i);
            }
        }
        return std::move(fixes_);
    }

private:
    const std::vector<Service>& services() const { return examination_.reading.services; }

    void mend_finding(std::size_t number) {
        const ConfigFinding& found = file_.diagnosis.findings[number];
        std::set<std::size_t> left(found.endpoints.begin(), found.endpoints.end());
        if (found.endpoints.empty()) { // it does not start
            left = concerned_by_the_start();
        }
        if (left.empty()) { // no service could be read: any that comes of it will do
            mend_goal(number, {}, left);
        }
        for (std::size_t tried = 0; tried < k_most_goals && !left.empty(); ++tried) {
            const std::size_t one = *left.begin();
            const Goal where = goal_at(one, left);
            std::erase_if(left, [&](std::size_t i) { return i == one || is_in_goal(where, i); });
            mend_goal(number, where, left);
        }
    }

    /// What a server that does not start is to open: what was asked for, else what speaks TLS.
    std::set<std::size_t> concerned_by_the_start() const {
        const auto& asked = question_.endpoints;
        std::set<std::size_t> concerned;
        for (std::size_t i = 0; i < services().size(); ++i) {
            if (asked ? is_in(*asked, i) : services()[i].door == config::Door::tls) {
                concerned.insert(i);
            }
        }
        return concerned;
    }

    /// Every address where all of them are concerned, every name of one address, or one name.
    Goal goal_at(std::size_t one, const std::set<std::size_t>& concerned) const {
        if (concerned.size() == services().size()) {
            return {};
        }
        const Service& service = services()[one];
        Goal goal{.address = service.address};
        for (std::size_t i = 0; i < services().size(); ++i) {
            if (services()[i].address == service.address && !concerned.contains(i)) {
                goal.any_name = false;
            }
        }
        goal.sni = goal.any_name ? std::nullopt : service.sni;
        return goal;
    }

    bool is_in_goal(const Goal& goal, std::size_t number) const {
        const Service& service = services()[number];
        return (goal.address.empty() || goal.address == service.address) &&
               (goal.any_name || goal.sni == service.sni);
    }

    /// What of today's versions every service of the goal enables.
    VersionSet enabled_in(const Goal& goal) const {
        VersionSet enabled = config::k_modern_versions;
        for (std::size_t i = 0; i < services().size(); ++i) {
            const VersionSet own = services()[i].enabled;
            enabled = is_in_goal(goal, i) && !own.empty() ? enabled & own : enabled;
        }
        return enabled;
    }

    void mend_goal(std::size_t number, Goal goal, std::set<std::size_t>& left) {
        const ConfigFinding& found = file_.diagnosis.findings[number];
        for (const Wish& wish : wishes_for(found, question_, enabled_in(goal))) {
            goal.wanted = wish.wanted;
            goal.unwanted = wish.unwanted;
            auto mended = config::mend(
                examination_, source_.input(), source_.command, source_.command_path, goal
            );
            if (mended && !mended->edits.empty()) {
                keep(number, goal, *std::move(mended), left);
                return;
            }
        }
    }

    config::Examination after(const Mended& mended) const {
        config::PatchedFiles patched{*source_.files};
        std::string command = source_.command;
        for (const auto& [path, bytes] : mended.files) {
            patched.replace(path, bytes);
            command = path == source_.command_path ? bytes : command;
        }
        const config::Input input{
            .files = patched,
            .knowledge = source_.input().knowledge,
            .main = source_.main,
            .server_version = source_.server_version,
            .library_version = source_.library_version
        };
        return config::examine(*source_.server, input, command, source_.command_path);
    }

    /// What else reaches the wish through this fix needs none of its own.
    void keep(std::size_t number, const Goal& goal, Mended mended, std::set<std::size_t>& left) {
        const config::Examination then = after(mended);
        VersionSet added;
        VersionSet removed;
        for (std::size_t i = 0; i < services().size() && i < then.effective.size(); ++i) {
            const VersionSet was = examination_.reading.fatal.empty()
                                       ? examination_.effective[i].accepted()
                                       : VersionSet{};
            const VersionSet is = then.effective[i].accepted();
            if (is_in_goal(goal, i)) {
                added = added | (is - was);
                removed = removed | (was - is);
            }
            if ((goal.wanted - is).empty() && (goal.unwanted & is).empty()) {
                left.erase(i);
            }
        }
        if (!diffs_.insert(mended.diff).second) {
            return;
        }
        advise::ConfigFix shown = shown_of(number, goal, mended);
        shown.fix.cost = advise::cost_of_versions(added.members(), removed.members());
        fixes_.push_back({std::move(shown), std::move(mended), goal});
    }

    advise::ConfigFix shown_of(std::size_t number, const Goal& goal, const Mended& mended) const {
        const ConfigFinding& found = file_.diagnosis.findings[number];
        advise::ConfigFix shown{
            .fix =
                {.side = Side::server,
                 .product = std::string{source_.server->product},
                 .where = places_of(mended),
                 .text = new_lines_of(mended),
                 .verify = verify_by(found)},
            .diff = mended.diff,
            .cause = std::string{found.finding.cause->name},
            .finding = number,
            .goal = words_of(goal),
            .others_changed = mended.others_changed
        };
        for (const config::LineEdit& edit : mended.edits) {
            shown.edits.push_back({edit.file, edit.line, edit.before, edit.after});
        }
        return shown;
    }

    static std::string places_of(const Mended& mended) {
        std::vector<std::string> places;
        for (const config::LineEdit& edit : mended.edits) {
            places.push_back(fmt::format("{}:{}", edit.file, edit.line));
        }
        return joined(places, ", ");
    }

    static std::string new_lines_of(const Mended& mended) {
        std::vector<std::string> lines;
        for (const config::LineEdit& edit : mended.edits) {
            lines.push_back(
                edit.after ? std::string{trimmed(*edit.after)}
                           : fmt::format("(without) {}", trimmed(edit.before))
            );
        }
        return joined(lines, "\n");
    }

    std::string verify_by(const ConfigFinding& found) const {
        std::string command{advise::reload_command(source_.server->name)};
        const auto& endpoints = file_.configuration.endpoints;
        const std::size_t first = found.endpoints.empty() ? 0 : found.endpoints.front();
        if (first < endpoints.size()) {
            command += (command.empty() ? "" : " && ") + advise::check_command(endpoints[first]);
        }
        return command;
    }

    static std::string words_of(const Goal& goal) {
        std::string where = goal.address.empty() ? "every address" : goal.address;
        if (!goal.any_name) {
            where += goal.sni ? " for " + *goal.sni : " without a server name";
        }
        return where + " accepts " + config::name_of(goal.wanted) +
               (goal.unwanted.empty() ? "" : ", and not " + config::name_of(goal.unwanted));
    }

    const config::Examination& examination_;
    const ConfigSource& source_;
    const ConfigFile& file_;
    const ConfigQuestion& question_;
    std::vector<TriedFix> fixes_{};
    std::set<std::string> diffs_{};
};

} // namespace

std::vector<TriedFix> fixes_for(
    const config::Examination& examination, const ConfigSource& source, const ConfigFile& file,
    const ConfigQuestion& question
) {
    return Mender{examination, source, file, question}.run();
}

} // namespace tlsdoctor::cli
