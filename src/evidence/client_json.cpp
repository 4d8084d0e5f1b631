// SPDX-License-Identifier: Apache-2.0
// The same members in both directions.
#include "evidence/client_json.hpp"

#include <algorithm>
#include <iterator>

#include <boost/json/array.hpp>

#include "evidence/json_fields.hpp"
#include "evidence/walk_json.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr wire::OpeningKind k_opening_kinds[] = {
    wire::OpeningKind::nothing,   wire::OpeningKind::hello,      wire::OpeningKind::ssl2_hello,
    wire::OpeningKind::other_tls, wire::OpeningKind::clear_text, wire::OpeningKind::partial,
    wire::OpeningKind::garbled,
};

std::optional<wire::OpeningKind> opening_named(std::string_view name) {
    const auto* const at = std::ranges::find_if(k_opening_kinds, [&](wire::OpeningKind kind) {
        return wire::name_of(kind) == name;
    });
    return at == std::end(k_opening_kinds) ? std::nullopt : std::optional(*at);
}

json::object hello_json(const HeardHello& hello) {
    return {
        {"id", hello.id}, {"kind", wire::name_of(hello.kind)}, {"ending", hello.ending},
        {"ms", hello.ms}, {"bytes", to_hex(hello.bytes)},
    };
}

json::object program_json(const ProgramRun& program) {
    json::object object{
        {"command", json::array(program.command.begin(), program.command.end())},
        {"ending", program.ending},
        {"output_tail", program.output_tail},
    };
    if (program.exit_code) {
        object["exit_code"] = *program.exit_code;
    }
    if (program.signal) {
        object["signal"] = *program.signal;
    }
    if (!program.error.empty()) {
        object["error"] = program.error;
    }
    return object;
}

HeardHello read_heard(const Fields& in) {
    HeardHello hello;
    in.text("id", hello.id);
    in.word("kind", hello.kind, opening_named);
    in.text("ending", hello.ending);
    in.real("ms", hello.ms);
    in.bytes("bytes", hello.bytes);
    return hello;
}

/// Exit codes and signals are small and never negative.
void read_small(const Fields& in, std::string_view name, std::optional<int>& out) {
    std::optional<std::uint8_t> number;
    in.number(name, number);
    if (number) {
        out = *number;
    }
}

ProgramRun read_program(const Fields& in) {
    ProgramRun program;
    in.texts("command", program.command);
    in.text("ending", program.ending);
    read_small(in, "exit_code", program.exit_code);
    read_small(in, "signal", program.signal);
    in.text("output_tail", program.output_tail);
    in.text("error", program.error);
    return program;
}

} // namespace

json::object to_json(const ClientVisit& visit) {
    json::array hellos;
    std::ranges::transform(visit.hellos, std::back_inserter(hellos), hello_json);
    json::object object{
        {"started", visit.started},    {"elapsed_ms", visit.elapsed_ms},
        {"label", visit.label},        {"host", visit.host},
        {"port", visit.port},          {"connections", visit.connections},
        {"hellos", std::move(hellos)}, {"interrupted", visit.interrupted},
    };
    if (visit.program) {
        object["program"] = program_json(*visit.program);
    }
    if (visit.walk) {
        object["walk"] = to_json(*visit.walk);
    }
    return object;
}

std::expected<ClientVisit, JsonError> client_visit_from_json(std::string_view text) {
    const auto document = parsed(text);
    if (!document) {
        return std::unexpected(document.error());
    }
    Errors errors;
    const Fields in(*document, "", errors);
    ClientVisit visit;
    in.text("started", visit.started);
    in.real("elapsed_ms", visit.elapsed_ms);
    in.text("label", visit.label);
    in.text("host", visit.host);
    in.number("port", visit.port);
    in.number("connections", visit.connections);
    in.list("hellos", visit.hellos, read_heard);
    in.object("program", visit.program, read_program);
    in.object("walk", visit.walk, read_walk);
    in.flag("interrupted", visit.interrupted);
    if (errors.first) {
        return std::unexpected(*errors.first);
    }
    return visit;
}

} // namespace tlsdoctor::evidence
