// SPDX-License-Identifier: Apache-2.0
// hitch: its file and command line, read into what the process and each frontend say. The file is
// near enough to lighttpd's for the same tokens. What comes of it: hitch_services.cpp.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/hitch_model.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/lighttpd.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_hitch_files[] = {"hitch.conf"};
constexpr std::string_view k_hitch_places[] = {"/etc/hitch/hitch.conf"};
constexpr VersionSet k_hitch_tls =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

struct HitchVersion {
    std::string_view name;
    ProtocolVersion version;
};
constexpr HitchVersion k_hitch_versions[] = {
    {"SSLv3", ProtocolVersion::ssl_3_0},   {"TLSv1.0", ProtocolVersion::tls_1_0},
    {"TLSv1.1", ProtocolVersion::tls_1_1}, {"TLSv1.2", ProtocolVersion::tls_1_2},
    {"TLSv1.3", ProtocolVersion::tls_1_3},
};

class HitchReader {
public:
    HitchReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}
    void read();

private:
    void read_block(const std::vector<Statement>& statements, HitchBlock& block, bool outer);
    void read_statement(const Statement& statement, HitchBlock& block, bool outer);
    void read_frontend(const Statement& statement);
    void read_frontend_text(const HitchValue& value);
    void read_certificate(const Statement& statement, HitchBlock& block);
    void read_versions(const std::string& key, const HitchValue& value, HitchBlock& block);
    void read_command();
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    HitchModel model_{};
};

/// `[host]:port`, with `+certificate` behind.
void HitchReader::read_frontend_text(const HitchValue& value) {
    HitchBlock block{.statement = value.statement};
    std::string_view text = value.text;
    const std::size_t close = text.find(']');
    if (!text.starts_with('[') || close == text.npos || !text.substr(close + 1).starts_with(':')) {
        fatal(value.statement, "a frontend is written `[HOST]:PORT`");
        return;
    }
    block.host = text.substr(1, close - 1);
    text.remove_prefix(close + 2);
    const std::size_t plus = text.find('+');
    block.port = text.substr(0, plus);
    if (plus != text.npos) {
        block.certificates.push_back(
            {std::string{text.substr(plus + 1)}, value.statement, value.value}
        );
    }
    model_.frontends.push_back(std::move(block));
}

void HitchReader::read_frontend(const Statement& statement) {
    HitchBlock block{.statement = statement.place};
    read_block(statement.body, block, false);
    model_.frontends.push_back(std::move(block));
}

void HitchReader::read_certificate(const Statement& statement, HitchBlock& block) {
    if (!statement.section) {
        if (statement.words.size() > 2) {
            const Word& word = statement.words[2];
            block.certificates.push_back({word.text, statement.place, word.place});
        }
        return;
    }
    for (const Statement& inner : statement.body) {
        if (inner.words.size() > 2 && inner.words[0].text == "cert") {
            block.certificates.push_back(
                {inner.words[2].text, statement.place, inner.words[2].place}
            );
        }
    }
}

void HitchReader::read_versions(
    const std::string& key, const HitchValue& value, HitchBlock& block
) {
    VersionSet enabled;
    if (key != "tls-protos") {
        if (value.text != "on") {
            return;
        }
        enabled = key == "tls" ? k_hitch_tls : k_hitch_tls | VersionSet{ProtocolVersion::ssl_3_0};
    } else {
        for (const std::string_view word : split(value.text, ' ')) {
            const auto known = std::ranges::find(k_hitch_versions, word, &HitchVersion::name);
            if (known == std::end(k_hitch_versions)) {
                fatal(value.statement, "hitch knows SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3");
                return;
            }
            enabled.add(known->version);
        }
    }
    if (block.versions) {
        fatal(value.statement, "hitch takes one of tls-protos, tls and ssl, and that once");
        block.overridden.push_back(*block.versions);
    }
    block.versions = value;
    block.enabled = enabled;
}

void HitchReader::read_statement(const Statement& statement, HitchBlock& block, bool outer) {
    const std::string& key = statement.words[0].text;
    if (key == "frontend" && outer && statement.section) {
        read_frontend(statement);
        return;
    }
    if (key == "pem-file") {
        read_certificate(statement, block);
        return;
    }
    if (statement.words.size() < 3 || statement.words[1].text != "=") {
        if (!statement.section) {
            fatal(statement.place, "hitch cannot read this line");
        }
        return;
    }
    HitchValue value{
        "",
        statement.place,
        {statement.place.file, statement.words[2].place.begin, statement.place.end}
    };
    for (std::size_t i = 2; i < statement.words.size(); ++i) {
        value.text += (i == 2 ? "" : " ") + statement.words[i].text;
    }
    if (key == "frontend" && outer) {
        read_frontend_text(value);
    } else if (key == "tls-protos" || key == "tls" || key == "ssl") {
        read_versions(key, value, block);
    } else if (key == "ciphers") {
        block.ciphers = std::move(value);
    } else if (key == "ciphersuites") {
        block.ciphersuites = std::move(value);
    } else if (key == "ecdh-curve") {
        block.groups = std::move(value);
    } else if (key == "sni-nomatch-abort") {
        block.refuses_names = value.text == "on";
    } else if (key == "dhparam") {
        block.dh_parameters = true;
    } else if (key == "host" && !outer) {
        block.host = value.text;
    } else if (key == "port" && !outer) {
        block.port = value.text;
    } else if (key.starts_with("tls-") || key.starts_with("cipher") || key.starts_with("ssl-p")) {
        fatal(statement.place, fmt::format("hitch knows no setting `{}`", harmless(key)));
    }
}

void HitchReader::read_block(
    const std::vector<Statement>& statements, HitchBlock& block, bool outer
) {
    for (const Statement& statement : statements) {
        read_statement(statement, block, outer);
    }
}

/// Options of the command line come after the file.
void HitchReader::read_command() {
    if (const auto versions = input_.start.option("--tls-protos")) {
        read_versions(
            "tls-protos", {versions->text, versions->place, versions->place}, model_.global
        );
    }
    if (const auto ciphers = input_.start.option("--ciphers")) {
        model_.global.ciphers = HitchValue{ciphers->text, ciphers->place, ciphers->place};
    }
}

void HitchReader::read() {
    const auto given = input_.start.option("--config");
    const std::string main = given ? joined_path(input_.start.folder, given->text) : input_.main;
    auto bytes = input_.files.read(main);
    if (!bytes) {
        reading_.not_understood.push_back(
            {{}, fmt::format("{}: {}", harmless(main), bytes.error().what)}
        );
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(main), std::move(*bytes));
    const Document document = read_lighttpd_syntax(reading_.sources, file);
    for (const Remark& fault : document.faults) {
        fatal(fault.place, fault.what);
    }
    read_block(document.statements, model_.global, true);
    read_command();
    serve_hitch(input_, model_, reading_);
}

void read_hitch(const Input& input, Reading& reading) {
    HitchReader{input, reading}.read();
}

} // namespace

std::optional<std::string> hitch_versions(std::string_view, VersionSet wanted) {
    std::string text;
    for (const HitchVersion& one : k_hitch_versions) {
        if (wanted.has(one.version)) {
            text += (text.empty() ? "" : " ") + std::string{one.name};
        }
    }
    return text.empty() ? std::nullopt : std::optional{text};
}

const Server& hitch_server() {
    static constexpr Server row{
        .name = "hitch",
        .product = "hitch",
        .library = Library::openssl,
        .version = "1.7.2",
        .main_files = k_hitch_files,
        .places = k_hitch_places,
        .read = read_hitch,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
