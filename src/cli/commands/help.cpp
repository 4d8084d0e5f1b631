// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor help TOPIC`: our own pages first, then the report's about causes and alerts.
#include "cli/commands/commands.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/help_text.hpp"
#include "report/help.hpp"

namespace tlsdoctor::cli {

ExitCode run_help(const Options& options) {
    const std::string_view topic = options.topic;
    if (topic.empty()) {
        return print(front_page());
    }
    if (const auto command = command_named(topic)) {
        return print(help_text(*command));
    }
    if (topic == "exit-codes" || topic == "exit codes") {
        return print(exit_codes_page());
    }
    const Environment seen = environment();
    const report::Look look{
        .color = wants_color(options.output.color, seen),
        .utf8 = speaks_utf8(seen),
        .columns = columns(seen)
    };
    if (const auto page = report::help_page(topic, look)) {
        return print(*page);
    }
    const auto similar = report::similar_topic(topic);
    return complain(
        {.what = fmt::format("no help about '{}'", harmless(topic)),
         .hint = similar ? fmt::format("did you mean '{}'?", *similar)
                         : "'tlsdoctor help topics' lists what can be explained"}
    );
}

} // namespace tlsdoctor::cli
