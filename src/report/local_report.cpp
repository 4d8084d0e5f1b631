// SPDX-License-Identifier: Apache-2.0
// One paragraph, or one object, for each program: what it offers, and what limits it.
#include "report/local_report.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json/array.hpp>
#include <fmt/core.h>

#include "base/text.hpp"
#include "report/client_screen.hpp"
#include "report/json_parts.hpp"
#include "report/layout.hpp"
#include "report/page.hpp"
#include "report/walk.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ClientFile;
using advise::LocalFile;
using evidence::LocalProgram;
using evidence::LocalSetting;

/// The lists of the first hello; null where none came.
const evidence::HelloLists* offered_by(const LocalProgram& program) {
    for (const evidence::HeardHello& hello : program.visit.hellos) {
        if (hello.lists) {
            return &*hello.lists;
        }
    }
    return nullptr;
}

std::string offer_words(const LocalProgram& program) {
    const evidence::HelloLists* const lists = offered_by(program);
    if (lists == nullptr) {
        return "sent no hello";
    }
    std::string text = "offers ";
    for (const ProtocolVersion version : lists->versions) {
        text += (text.ends_with(' ') ? "" : ", ") + tlsdoctor::name_of(version);
    }
    return fmt::format("{}; {} suites", text, lists->cipher_suites.size());
}

/// The versions that a walk found like that, newest first.
std::string versions_that(const evidence::Walk& walk, evidence::Reaction acceptance) {
    std::string text;
    for (const evidence::WalkStep& step : walk.steps) {
        if (step.group == evidence::WalkGroup::versions && step.acceptance == acceptance) {
            text = words_for(step) + (text.empty() ? "" : ", ") + text;
        }
    }
    return text;
}

std::string acceptance_words(const evidence::Walk& walk) {
    const std::string accepted = versions_that(walk, evidence::Reaction::accepted);
    const std::string refused = versions_that(walk, evidence::Reaction::refused);
    return fmt::format(
        "accepts {}{}", accepted.empty() ? "none of them" : accepted,
        refused.empty() ? "" : "; refuses " + refused
    );
}

json::object versions_json(const LocalProgram& program) {
    json::object versions;
    if (program.visit.walk) {
        for (const evidence::WalkStep& step : program.visit.walk->steps) {
            if (step.group == evidence::WalkGroup::versions) {
                versions[step.name] = evidence::name_of(step.acceptance);
            }
        }
    }
    return versions;
}

std::string setting_words(const LocalSetting& setting) {
    const std::string place =
        setting.line == 0 ? setting.file : fmt::format("{}:{}", setting.file, setting.line);
    return fmt::format(
        "{} = {}  ({}): {}{}", safe_text(setting.name), clipped(safe_text(setting.value), 80),
        safe_text(place), setting.effect,
        setting.contradicted_by.empty()
            ? ""
            : fmt::format("; not followed: it offers {}", setting.contradicted_by)
    );
}

const diagnose::Finding& verdict_about(const ClientFile& client) {
    return client.diagnosis.findings.front();
}

std::string summary_of(const LocalFile& file) {
    const diagnose::Finding* const worst = advise::worst_of(file);
    if (worst == nullptr) {
        return "No TLS client that is known here was found on this machine.";
    }
    if (worst->status != Status::ok) {
        return worst->summary;
    }
    return fmt::format(
        "{} TLS client{} of this machine, and {} what today's servers accept.", file.clients.size(),
        file.clients.size() == 1 ? "" : "s", file.clients.size() == 1 ? "it offers" : "all offer"
    );
}

void write_installed(Page& page, const LocalProgram& program, const ClientFile& client) {
    constexpr std::size_t k_indent = 10;
    const diagnose::Finding& verdict = verdict_about(client);
    page.put(
        {.indent = 2,
         .word = word_of(verdict.status),
         .hang = k_indent,
         .paint = paint_of(verdict.status)},
        fmt::format(
            "{}: {}  ({})", program.name, safe_text(program.version), safe_text(program.path)
        )
    );
    page.put({.hang = k_indent}, offer_words(program) + "; " + program.library);
    if (program.visit.walk) {
        page.put({.hang = k_indent}, acceptance_words(*program.visit.walk));
    }
    if (verdict.status != Status::ok) {
        page.put({.hang = k_indent}, verdict.summary);
    }
    for (const LocalSetting& setting : program.settings) {
        page.put({.hang = k_indent}, setting_words(setting));
    }
}

json::array settings_json(const std::vector<LocalSetting>& settings) {
    json::array list;
    for (const LocalSetting& setting : settings) {
        list.emplace_back(json::object{
            {"name", text_json(setting.name)},
            {"value", text_json(setting.value)},
            {"file", text_json(setting.file)},
            {"line", setting.line == 0 ? json::value(nullptr) : json::value(setting.line)},
            {"effect", text_json(setting.effect)},
            {"contradicted_by", text_unless_empty(setting.contradicted_by)},
        });
    }
    return list;
}

json::object installed_json(const LocalProgram& program, const ClientFile& client) {
    json::array offers;
    if (const evidence::HelloLists* const lists = offered_by(program)) {
        for (const ProtocolVersion version : lists->versions) {
            offers.emplace_back(tlsdoctor::name_of(version));
        }
    }
    const evidence::HelloLists* const lists = offered_by(program);
    const auto& run = program.visit.program;
    return {
        {"name", program.name},
        {"path", text_json(program.path)},
        {"version", text_json(program.version)},
        {"library", program.library},
        {"offers", std::move(offers)},
        {"accepts", versions_json(program)},
        {"ja4", lists == nullptr ? json::value(nullptr) : json::value(lists->ja4)},
        {"settings", settings_json(program.settings)},
        {"output_tail", run ? text_json(run->output_tail) : json::value("")},
        {"verdict", judgement_json(verdict_about(client))},
        {"fixes", fixes_json(client.fixes)},
    };
}

json::value verdict_json(const LocalFile& file) {
    const diagnose::Finding* const worst = advise::worst_of(file);
    if (worst == nullptr) {
        return nullptr;
    }
    json::object verdict = judgement_json(*worst);
    verdict["summary"] = text_json(summary_of(file));
    return verdict;
}

} // namespace

std::string screen(const LocalFile& file, const ScreenOptions& options) {
    Page page{
        {.color = options.color,
         .utf8 = options.utf8,
         .columns = std::max<std::size_t>(options.columns, 40)}
    };
    const diagnose::Finding* const worst = advise::worst_of(file);
    const Status status = worst == nullptr ? Status::unsure : worst->status;
    const std::string_view word = word_of(status);
    page.put(
        {.word = word, .hang = std::max<std::size_t>(6, word.size() + 2), .paint = paint_of(status)
        },
        summary_of(file)
    );
    page.blank();
    for (std::size_t i = 0; i < file.clients.size(); ++i) {
        write_installed(page, file.machine.programs[i], file.clients[i]);
    }
    for (const LocalSetting& setting : file.machine.settings) {
        page.put({.indent = 2, .word = "System", .hang = 10}, setting_words(setting));
    }
    page.put(
        {.indent = 2, .hang = 2},
        fmt::format(
            "{} programs, {:.1f} s{}.", file.clients.size(), file.machine.elapsed_ms / 1'000,
            file.machine.interrupted ? "; the run was cut short" : ""
        )
    );
    return page.text();
}

std::string quiet_lines(const LocalFile& file, bool utf8) {
    std::string text;
    for (std::size_t i = 0; i < file.clients.size(); ++i) {
        ClientFile named = file.clients[i];
        named.visit.label = file.machine.programs[i].name;
        text += quiet_line(named, utf8);
    }
    return text;
}

json::object to_json(const LocalFile& file, const JsonOptions& options) {
    json::array programs;
    for (std::size_t i = 0; i < file.clients.size(); ++i) {
        programs.emplace_back(installed_json(file.machine.programs[i], file.clients[i]));
    }
    return {
        {"schema", "tlsdoctor/1"},
        {"command", "client"},
        {"tool",
         json::object{
             {"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}
         }},
        {"started", text_json(file.machine.started)},
        {"elapsed_ms", static_cast<std::int64_t>(std::llround(file.machine.elapsed_ms))},
        {"interrupted", file.machine.interrupted},
        {"verdict", verdict_json(file)},
        {"programs", std::move(programs)},
        {"settings", settings_json(file.machine.settings)},
    };
}

} // namespace tlsdoctor::report
