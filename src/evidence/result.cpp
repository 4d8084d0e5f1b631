// SPDX-License-Identifier: Apache-2.0
// Reads a result back. Its origin is unknown: the text is bounded in size and depth before anything
// is built from it, and every member may be missing, null or of another type.
#include "evidence/result.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "evidence/json_fields.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr std::string_view k_schema = "tlsdoctor/1";
constexpr std::array<std::string_view, 4> k_statuses{"ok", "warn", "fail", "unsure"};

struct ResultTarget {
    std::string input{};
    std::string host{};
    std::uint16_t port{};
    std::optional<std::string> sni{};
    std::optional<std::string> starttls{};
};

struct ResultVerdict {
    std::string status{};
    std::string cause{};
    std::string side{};
    std::string confidence{};
    std::string summary{};
};

struct ResultTool {
    std::string version{};
    std::string data_date{};
};

/// Null and absent are the same empty text.
void text_or_empty(const Fields& in, std::string_view name, std::string& out) {
    std::optional<std::string> text;
    in.text(name, text);
    out = std::move(text).value_or(std::string{});
}

ResultTarget read_result_target(const Fields& in) {
    ResultTarget target;
    in.text("input", target.input);
    in.text("host", target.host);
    in.number("port", target.port);
    in.text("sni", target.sni);
    in.text("starttls", target.starttls);
    in.fault(target.host.empty() ? "the target has no host" : "");
    return target;
}

ResultVerdict read_result_verdict(const Fields& in) {
    ResultVerdict verdict;
    in.text("status", verdict.status);
    in.text("cause", verdict.cause);
    in.text("side", verdict.side);
    in.text("confidence", verdict.confidence);
    in.text("summary", verdict.summary);
    const bool known = std::ranges::find(k_statuses, verdict.status) != k_statuses.end();
    in.fault(known ? "" : "the status is none of ok, warn, fail and unsure");
    in.fault(verdict.cause.empty() ? "the verdict has no cause" : "");
    return verdict;
}

ResultTool read_result_tool(const Fields& in) {
    ResultTool tool;
    text_or_empty(in, "version", tool.version);
    text_or_empty(in, "data_date", tool.data_date);
    return tool;
}

std::string read_result_cause(const Fields& in) {
    std::string cause;
    in.text("cause", cause);
    return cause;
}

struct NamedVersion {
    std::optional<ProtocolVersion> version{};
    std::string outcome{};
};

NamedVersion read_result_version(const Fields& in) {
    NamedVersion found;
    std::string name;
    in.text("version", name);
    found.version = version_named(name);
    in.text("outcome", found.outcome);
    return found;
}

struct NamedSuites {
    std::optional<ProtocolVersion> version{};
    ResultSuites suites{};
};

NamedSuites read_result_suites(const Fields& in) {
    NamedSuites found;
    std::string name;
    in.text("version", name);
    found.version = version_named(name);
    found.suites.version = found.version.value_or(ProtocolVersion::none);
    in.names("accepted", found.suites.names);
    in.flag("complete", found.suites.complete);
    return found;
}

struct ResultLeaf {
    std::string sha256{};
    std::string not_after{};
    std::string key{};
};

ResultLeaf read_result_leaf(const Fields& in) {
    ResultLeaf leaf;
    text_or_empty(in, "sha256", leaf.sha256);
    text_or_empty(in, "not_after", leaf.not_after);
    text_or_empty(in, "key", leaf.key);
    return leaf;
}

std::string read_result_stack(const Fields& in) {
    std::string name;
    text_or_empty(in, "name", name);
    return name == "unknown" ? "" : name;
}

std::string read_result_trust(const Fields& in) {
    std::string status;
    text_or_empty(in, "status", status);
    return status;
}

ResultEndpoint read_result_endpoint(const Fields& in) {
    ResultEndpoint endpoint;
    text_or_empty(in, "address", endpoint.address);
    in.number("port", endpoint.port);
    text_or_empty(in, "state", endpoint.state);
    text_or_empty(in, "protocol", endpoint.protocol);
    std::vector<NamedVersion> versions;
    in.list("versions", versions, read_result_version);
    for (NamedVersion& found : versions) {
        if (found.version) { // names of a later 1.x are not ours to judge
            endpoint.versions.push_back({*found.version, std::move(found.outcome)});
        }
    }
    std::vector<NamedSuites> suites;
    in.list("cipher_suites", suites, read_result_suites);
    for (NamedSuites& found : suites) {
        if (found.version) {
            endpoint.cipher_suites.push_back(std::move(found.suites));
        }
    }
    std::vector<ResultLeaf> chain;
    in.list("certificates", chain, read_result_leaf);
    if (!chain.empty()) {
        endpoint.certificate_sha256 = std::move(chain.front().sha256);
        endpoint.certificate_expires = std::move(chain.front().not_after);
        endpoint.certificate_key = std::move(chain.front().key);
    }
    std::optional<std::string> stack;
    in.object("stack", stack, read_result_stack);
    endpoint.stack = std::move(stack).value_or(std::string{});
    std::optional<bool> handshake;
    in.object("handshake", handshake, [](const Fields&) { return true; });
    endpoint.handshake = handshake.has_value();
    std::optional<std::string> trust;
    in.object("trust", trust, read_result_trust);
    endpoint.trust = std::move(trust).value_or(std::string{});
    return endpoint;
}

std::string read_result_policy(const Fields& in) {
    std::string name;
    text_or_empty(in, "name", name);
    return "policy " + name;
}

/// `--policy`, `--client` and `--error` make other verdicts of the same answers.
std::string question_in(const Fields& in) {
    std::optional<std::string> policy;
    in.object("policy", policy, read_result_policy);
    std::string client;
    std::string error;
    text_or_empty(in, "client_note", client);
    text_or_empty(in, "error_note", error);
    return policy.value_or("") + (client.empty() ? "" : " client") +
           (error.empty() ? "" : " error");
}

/// Tells whether a name is that of our major version: `tlsdoctor/1`, `tlsdoctor/1.4`.
bool readable(std::string_view schema) {
    return schema == k_schema ||
           (schema.starts_with(k_schema) && schema.substr(k_schema.size()).starts_with('.'));
}

/// Says why a document is no result of ours; empty where it is one.
std::string stranger(std::string_view schema, std::string_view command) {
    if (schema.starts_with("tlsdoctor-evidence/")) {
        return "this is a recording; 'tlsdoctor check --replay FILE --json' makes a result of it";
    }
    if (!readable(schema)) {
        return schema.empty()
                   ? std::string{"no result of tlsdoctor: the member 'schema' is missing"}
                   : fmt::format(
                         "the schema is '{}', and this version reads {}",
                         harmless(schema.substr(0, 40)), k_schema
                     );
    }
    if (command != "check" && command != "scan") {
        return fmt::format(
            "a result of 'check' or 'scan' is wanted, and this is one of '{}'",
            harmless(command.substr(0, 40))
        );
    }
    return {};
}

template <typename T>
T required(const Fields& in, std::string_view name, T (*read)(const Fields&)) {
    std::optional<T> found;
    in.object(name, found, read);
    if (!found) {
        in.fault(fmt::format("the member '{}' is missing", name));
    }
    return std::move(found).value_or(T{});
}

Result read_members(const Fields& in) {
    Result result;
    std::string schema;
    in.text("schema", schema);
    in.text("command", result.command);
    in.fault(stranger(schema, result.command));
    ResultTarget target = required(in, "target", read_result_target);
    result.input = std::move(target.input);
    result.host = std::move(target.host);
    result.port = target.port;
    result.sni = std::move(target.sni);
    result.starttls = std::move(target.starttls);
    ResultVerdict verdict = required(in, "verdict", read_result_verdict);
    result.status = std::move(verdict.status);
    result.cause = std::move(verdict.cause);
    result.side = std::move(verdict.side);
    result.confidence = std::move(verdict.confidence);
    result.summary = std::move(verdict.summary);
    in.text("started", result.started);
    in.real("elapsed_ms", result.elapsed_ms);
    in.flag("interrupted", result.interrupted);
    result.question = question_in(in);
    in.list("findings", result.findings, read_result_cause);
    in.list("endpoints", result.endpoints, read_result_endpoint);
    std::optional<ResultTool> tool;
    in.object("tool", tool, read_result_tool);
    if (tool) {
        result.tool_version = std::move(tool->version);
        result.data_date = std::move(tool->data_date);
    }
    return result;
}

std::string in_words(const JsonError& error) {
    return error.where.empty() ? error.what : fmt::format("{}: {}", error.where, error.what);
}

std::expected<json::value, std::string> bounded_document(std::string_view text) {
    if (text.size() > k_most_result_bytes) {
        return std::unexpected(fmt::format(
            "the result is {} bytes long, and at most {} are read", text.size(), k_most_result_bytes
        ));
    }
    auto document = parsed(text); // refuses what is nested deeper than 32
    if (!document) {
        return std::unexpected(in_words(document.error()));
    }
    return *std::move(document);
}

std::expected<Result, std::string> result_in(const json::value& document) {
    Errors errors;
    const Fields in(document, "", errors);
    Result result = read_members(in);
    if (errors.first) {
        return std::unexpected(in_words(*errors.first));
    }
    return result;
}

} // namespace

std::expected<Result, std::string> read_result(std::string_view text) {
    const auto document = bounded_document(text);
    return document ? result_in(*document) : std::unexpected(document.error());
}

std::expected<KeptResult, std::string> read_to_keep(std::string_view text) {
    auto document = bounded_document(text);
    if (!document) {
        return std::unexpected(std::move(document.error()));
    }
    auto result = result_in(*document);
    if (!result) {
        return std::unexpected(std::move(result.error()));
    }
    for (const std::string_view member : {"evidence", "clients", "what_if"}) {
        document->get_object().stable_erase(member);
    }
    return KeptResult{*std::move(result), json::serialize(*document)};
}

} // namespace tlsdoctor::evidence
