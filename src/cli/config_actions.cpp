// SPDX-License-Identifier: Apache-2.0
// From a tried fix to what was done with it.
#include "cli/config_actions.hpp"

#include "cli/config_apply.hpp"

namespace tlsdoctor::cli {

namespace {

using advise::ConfigAction;

ConfigAction action_of(const ApplyOutcome& outcome, bool apply) {
    ConfigAction action{
        .asked = apply ? "apply" : "verify",
        .applied = apply && outcome.done,
        .rolled_back = outcome.rolled_back,
        .verified = outcome.verified,
        .interrupted = outcome.interrupted,
        .backups = outcome.backups
    };
    for (const config::Step& step : outcome.steps) {
        action.steps.push_back(
            {step.what, std::string{config::name_of(step.state)}, step.command, step.detail,
             step.output}
        );
    }
    return action;
}

ConfigAction nothing_to_do(bool apply) {
    return {
        .asked = apply ? "apply" : "verify",
        .steps = {{.what = "no fix was found, so nothing was changed", .state = "skipped"}}
    };
}

} // namespace

std::optional<ConfigAction> act_on_fixes(
    const ConfigSettings& settings, const config::Examination& examination,
    const ConfigSource& source, std::vector<TriedFix>& fixes
) {
    if (!settings.apply && !settings.verify) {
        return std::nullopt;
    }
    if (fixes.empty()) {
        return nothing_to_do(settings.apply);
    }
    const config::Input input = source.input();
    const FixContext context{
        .before = examination,
        .input = input,
        .command = source.command,
        .command_path = source.command_path,
        .mended = fixes.front().mended
    };
    const ApplyOutcome outcome =
        settings.apply ? apply_fix(context, {.reload = settings.reload, .verify = settings.verify})
                       : verify_fix(context);
    fixes.front().shown.fix.verified = outcome.verified;
    return action_of(outcome, settings.apply);
}

} // namespace tlsdoctor::cli
