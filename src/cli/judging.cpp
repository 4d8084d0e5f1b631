// SPDX-License-Identifier: Apache-2.0
// Visits to what `explain` knows of them.
#include "cli/judging.hpp"

#include <algorithm>

#include "cli/reach.hpp"
#include "evidence/facts.hpp"
#include "explain/alert_text.hpp"
#include "report/explanation.hpp"

namespace tlsdoctor::cli {

explain::Probed probed_by(const advise::CaseFile& file) {
    explain::Probed probed;
    const diagnose::Finding& verdict = file.diagnosis.findings.front();
    probed.verdict = verdict.cause->name;
    for (const diagnose::Finding& finding : file.diagnosis.findings) {
        probed.findings.push_back(finding.cause->name);
    }
    probed.healthy = verdict.status == Status::ok || verdict.status == Status::warn;
    probed.reached = std::ranges::any_of(file.visit.endpoints, [](const auto& endpoint) {
        return !evidence::accepted_versions(endpoint).empty();
    });
    const auto takes = [&](ProtocolVersion version) {
        return std::ranges::any_of(file.visit.endpoints, [&](const auto& endpoint) {
            const auto accepted = evidence::accepted_versions(endpoint);
            return std::ranges::find(accepted, version) != accepted.end();
        });
    };
    probed.takes_1_2 = takes(ProtocolVersion::tls_1_2);
    probed.takes_1_3 = takes(ProtocolVersion::tls_1_3);
    probed.upgraded = file.visit.target.starttls.has_value();
    probed.trusted = probed.healthy && std::ranges::none_of(probed.findings, [](auto cause) {
                         return cause == "cert_not_trusted";
                     });
    return probed;
}

advise::CaseFile with_error_judged(advise::CaseFile file, const explain::Reading& error) {
    if (error.groups.empty()) {
        return file;
    }
    const auto judged = explain::judge(error.groups.front().meaning.candidates, probed_by(file));
    const std::string text = report::judged_text(judged);
    std::string& note = file.diagnosis.error_note;
    if (!error.groups.front().meaning.alert) {
        note.clear(); // that it names no alert says less than what it means
    }
    note += (note.empty() || text.empty() ? "" : " ") + text;
    return file;
}

void ask_about(const explain::Group& group, Options& options) {
    diagnose::Question& question = options.visit.question;
    question.error_text = group.sample;
    question.error_alert =
        group.meaning.raised == explain::Raised::peer_alert ? group.meaning.alert : std::nullopt;
    question.spoke_plain = explain::is_about_plain_http(group.sample);
    if (options.target_rules.starttls == "auto" && shows_clear_text(group.sample)) {
        options.target_rules.starttls = "none"; // it asked so, and the question is what it met
    }
}

} // namespace tlsdoctor::cli
