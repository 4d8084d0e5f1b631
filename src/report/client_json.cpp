// SPDX-License-Identifier: Apache-2.0
// Hellos stand in `hellos`, list by list; connections that carried none stand in `others`.
#include "report/client_json.hpp"

#include <cmath>
#include <iterator>

#include <boost/json/array.hpp>

#include "report/json_parts.hpp"
#include "report/walk.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::HeardHello;
using evidence::HelloLists;

template <typename Number>
json::array names_json(const std::vector<Number>& numbers) {
    json::array list;
    for (const Number number : numbers) {
        list.emplace_back(tlsdoctor::name_of(number));
    }
    return list;
}

json::array texts_in(const std::vector<std::string>& texts) {
    json::array list;
    for (const std::string& text : texts) {
        list.emplace_back(text_json(text));
    }
    return list;
}

json::value version_or_null(ProtocolVersion version) {
    return version == ProtocolVersion::none ? json::value(nullptr)
                                            : json::value(tlsdoctor::name_of(version));
}

bool offers_post_quantum(const HelloLists& lists) {
    for (const NamedGroup group : lists.groups) {
        const NamedGroupInfo* const info = find(group);
        if (info != nullptr &&
            (info->kind == GroupKind::hybrid || info->kind == GroupKind::post_quantum)) {
            return true;
        }
    }
    return false;
}

json::object hello_json(const HeardHello& hello) {
    const HelloLists& lists = *hello.lists;
    return {
        {"id", hello.id},
        {"ms", rounded_ms(hello.ms)},
        {"format", hello.kind == wire::OpeningKind::ssl2_hello ? "ssl2" : "tls"},
        {"record_version", version_or_null(lists.record_version)},
        {"legacy_version", version_or_null(lists.legacy_version)},
        {"versions", names_json(lists.versions)},
        {"cipher_suites", names_json(lists.cipher_suites)},
        {"extensions", names_json(lists.extensions)},
        {"groups", names_json(lists.groups)},
        {"key_shares", names_json(lists.key_share_groups)},
        {"signature_algorithms", names_json(lists.signature_algorithms)},
        {"alpn", texts_in(lists.alpn)},
        {"sni", text_or_null(lists.sni)},
        {"post_quantum", offers_post_quantum(lists)},
        {"ja3", lists.ja3},
        {"ja4", lists.ja4},
        {"size", hello.bytes.size()},
        {"bytes", to_hex(hello.bytes)},
        {"looks_like", texts_in(lists.looks_like)},
        {"looks_like_name", text_unless_empty(lists.looks_like_name)},
        {"likeness", lists.looks_like.empty() ? json::value(nullptr)
                     : lists.near_only        ? json::value("similar")
                                              : json::value("same")},
    };
}

json::object other_json(const HeardHello& hello) {
    return {
        {"id", hello.id},
        {"ms", rounded_ms(hello.ms)},
        {"kind", wire::name_of(hello.kind)},
        {"protocol", text_unless_empty(hello.protocol)},
        {"ending", hello.ending},
        {"error", text_unless_empty(hello.unreadable)},
        {"bytes", to_hex(hello.bytes)},
    };
}

json::value program_json(const std::optional<evidence::ProgramRun>& program) {
    if (!program) {
        return nullptr;
    }
    return json::object{
        {"command", texts_in(program->command)},
        {"ending", program->ending},
        {"signal", program->signal ? json::value(*program->signal) : json::value(nullptr)},
        {"error", text_unless_empty(program->error)},
    };
}

json::object tool_json(const JsonOptions& options) {
    return {{"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}};
}

} // namespace

json::object to_json(const advise::ClientFile& file, const JsonOptions& options) {
    const evidence::ClientVisit& visit = file.visit;
    json::array hellos;
    json::array others;
    for (const HeardHello& hello : visit.hellos) {
        if (hello.lists) {
            hellos.emplace_back(hello_json(hello));
        } else {
            others.emplace_back(other_json(hello));
        }
    }
    const bool ran = visit.program.has_value();
    const bool ended = ran && visit.program->exit_code.has_value();
    return {
        {"schema", "tlsdoctor/1"},
        {"command", "client"},
        {"tool", tool_json(options)},
        {"label", text_unless_empty(visit.label)},
        {"host", text_unless_empty(visit.host)},
        {"port", visit.port},
        {"started", text_json(visit.started)},
        {"elapsed_ms", static_cast<std::int64_t>(std::llround(visit.elapsed_ms))},
        {"interrupted", visit.interrupted},
        {"program", program_json(visit.program)},
        {"connections", visit.connections},
        {"hellos", std::move(hellos)},
        {"others", std::move(others)},
        {"accepts", accepts_json(visit.walk)},
        {"exit_code", ended ? json::value(*visit.program->exit_code) : json::value(nullptr)},
        {"output_tail", ran ? text_json(visit.program->output_tail) : json::value("")},
        {"verdict", judgement_json(file.diagnosis.findings.front())},
        {"findings", findings_json(file.diagnosis)},
        {"fixes", fixes_json(file.fixes)},
    };
}

} // namespace tlsdoctor::report
