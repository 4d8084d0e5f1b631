// SPDX-License-Identifier: Apache-2.0
// A configuration as a document: endpoints with the lines that decide them, findings, fixes.
#include "report/config_json.hpp"

#include <boost/json/array.hpp>

#include "report/json_parts.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ConfigEdit;
using advise::ConfigFile;
using advise::ConfigFix;
using diagnose::ConfigFinding;
using evidence::ConfigLine;
using evidence::ConfigRemark;
using evidence::ConfiguredEndpoint;

/// One value for each element, made by `make`.
template <typename List, typename Make>
json::array each(const List& list, Make make) {
    json::array result;
    for (const auto& element : list) {
        result.emplace_back(make(element));
    }
    return result;
}

json::object config_line_json(const ConfigLine& line) {
    return {
        {"file", text_json(line.file)},           {"line", line.line},
        {"text", text_json(line.text)},           {"role", evidence::name_of(line.role)},
        {"about", text_unless_empty(line.about)}, {"why", text_unless_empty(line.why)},
    };
}

json::array lines_json(const std::vector<ConfigLine>& lines) {
    return each(lines, config_line_json);
}

/// What is about no file has null in place of it.
json::object remark_json(const ConfigRemark& remark) {
    const ConfigLine& line = remark.line;
    const bool placed = !line.file.empty() && line.line > 0;
    return {
        {"file", text_unless_empty(line.file)},
        {"line", placed ? json::value(line.line) : json::value(nullptr)},
        {"text", placed ? text_json(line.text) : json::value(nullptr)},
        {"what", text_json(remark.what)},
    };
}

json::object version_state_json(const evidence::ConfiguredVersion& state) {
    return {
        {"version", tlsdoctor::name_of(state.version)},
        {"accepted", state.accepted},
        {"obstacle",
         state.accepted ? json::value(nullptr) : json::value(evidence::name_of(state.obstacle))},
    };
}

template <typename T>
json::array listed_names(const std::vector<T>& list) {
    return each(list, [](T one) { return json::value(tlsdoctor::name_of(one)); });
}

json::object configured_endpoint_json(const ConfiguredEndpoint& endpoint) {
    return {
        {"address", text_json(endpoint.address)},
        {"sni", text_or_null(endpoint.sni)},
        {"starttls", text_or_null(endpoint.starttls)},
        {"door", evidence::name_of(endpoint.door)},
        {"accepted", listed_names(evidence::accepted_versions(endpoint))},
        {"versions", each(endpoint.versions, version_state_json)},
        {"cipher_suites", listed_names(endpoint.suites)},
        {"tls13_cipher_suites", listed_names(endpoint.tls13_suites)},
        {"groups", listed_names(endpoint.groups)},
        {"certificate_key", text_unless_empty(endpoint.certificate_key)},
        {"decided_by", lines_json(endpoint.decided_by)},
    };
}

/// Enough to find an endpoint among all of them.
json::object endpoint_key_json(const ConfiguredEndpoint& endpoint) {
    return {
        {"address", text_json(endpoint.address)},
        {"sni", text_or_null(endpoint.sni)},
        {"starttls", text_or_null(endpoint.starttls)},
    };
}

json::object locked_out_json(const evidence::ClientOutcome& client) {
    return {
        {"id", text_json(client.id)},
        {"name", text_json(client.name)},
        {"cause", text_unless_empty(client.cause)},
        {"reason", text_json(client.reason)},
    };
}

json::object
finding_json(const ConfigFinding& found, const evidence::Configuration& configuration) {
    json::object object = judgement_json(found.finding);
    object["refuted_by"] = text_unless_empty(found.finding.refuted_by);
    object["endpoints"] = each(found.endpoints, [&](std::size_t number) {
        return endpoint_key_json(configuration.endpoints[number]);
    });
    object["decided_by"] = lines_json(found.lines);
    object["locked_out"] = each(found.locked_out, locked_out_json);
    return object;
}

/// Bytes that a script is to write must come out as they are, tabs included; JSON can carry those
/// of valid UTF-8 alone.
json::value exact_json(const std::string& text) {
    std::string printable;
    for (const char c : text) {
        printable += c == '\t' || c == '\r' ? ' ' : c;
    }
    return safe_lines(printable) == printable ? json::value(text) : text_json(text);
}

json::object edit_json(const ConfigEdit& edit) {
    return {
        {"file", text_json(edit.file)},
        {"line", edit.line},
        {"old", exact_json(edit.before)},
        {"new", edit.after ? exact_json(*edit.after) : json::value(nullptr)},
    };
}

json::object config_fix_json(const ConfigFix& fix) {
    json::object object = fix_json(fix.fix);
    object["cause"] = fix.cause;
    object["goal"] = text_json(fix.goal);
    object["edits"] = each(fix.edits, edit_json);
    object["diff"] = exact_json(fix.diff);
    object["others_changed"] = fix.others_changed;
    return object;
}

json::object step_json(const advise::ConfigStep& step) {
    return {
        {"what", text_json(step.what)},
        {"state", step.state},
        {"command", text_unless_empty(step.command)},
        {"detail", text_unless_empty(step.detail)},
        {"output", text_unless_empty(step.output)},
    };
}

json::value action_json(const std::optional<advise::ConfigAction>& action) {
    if (!action) {
        return nullptr;
    }
    return json::object{
        {"asked", action->asked},
        {"applied", action->applied},
        {"rolled_back", action->rolled_back},
        {"verified", action->verified},
        {"interrupted", action->interrupted},
        {"steps", each(action->steps, step_json)},
        {"backups", texts_json(action->backups)},
    };
}

} // namespace

json::object to_json(const ConfigFile& file, const JsonOptions& options) {
    const evidence::Configuration& configuration = file.configuration;
    return {
        {"schema", "tlsdoctor/1"},
        {"command", "config"},
        {"tool",
         json::object{
             {"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}
         }},
        {"server", text_json(configuration.server)},
        {"product", text_json(configuration.product)},
        {"server_version", text_unless_empty(configuration.server_version)},
        {"version_source", text_unless_empty(configuration.version_source)},
        {"library", text_unless_empty(configuration.library)},
        {"library_version", text_unless_empty(configuration.library_version)},
        {"files", texts_json(configuration.files)},
        {"verdict", judgement_json(file.diagnosis.findings.front().finding)},
        {"endpoints", each(configuration.endpoints, configured_endpoint_json)},
        {"findings", each(
                         file.diagnosis.findings, [&](const ConfigFinding& found
                                                  ) { return finding_json(found, configuration); }
                     )},
        {"fixes", each(file.fixes, config_fix_json)},
        {"action", action_json(file.action)},
        {"fatal", each(configuration.fatal, remark_json)},
        {"warnings", each(configuration.warnings, remark_json)},
        {"not_understood", each(configuration.not_understood, remark_json)},
    };
}

} // namespace tlsdoctor::report
