// SPDX-License-Identifier: Apache-2.0
// hitch: one set of versions and suites for the process; a frontend block has its own only where it
// has a certificate of its own. Its files are near enough to lighttpd's for the same tokens.
#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/lighttpd.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_hitch_files[] = {"hitch.conf"};
constexpr std::string_view k_hitch_places[] = {"/etc/hitch/hitch.conf"};
constexpr std::string_view k_hitch_suites = "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH";
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

/// A value and where it stands.
struct HitchValue {
    std::string text{};
    Place statement{};
    Place value{};
};

/// What a block says, or the file outside of blocks.
struct HitchBlock {
    Place statement{};
    std::string host{};
    std::string port{"443"};
    std::optional<HitchValue> versions{};
    VersionSet enabled{};
    std::vector<HitchValue> overridden{}; ///< version lines that a later one replaces
    std::optional<HitchValue> ciphers{};
    std::optional<HitchValue> ciphersuites{};
    std::optional<HitchValue> groups{};
    std::vector<HitchValue> certificates{};
    bool refuses_names{};
    bool dh_parameters{};
};

std::optional<std::string> hitch_versions(std::string_view, VersionSet wanted) {
    std::string text;
    for (const HitchVersion& one : k_hitch_versions) {
        if (wanted.has(one.version)) {
            text += (text.empty() ? "" : " ") + std::string{one.name};
        }
    }
    return text.empty() ? std::nullopt : std::optional{text};
}

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
    void serve(const HitchBlock& block);
    void add_version_lines(const HitchBlock& block, bool own, Service& service) const;
    void put_names(Service service, const std::vector<HitchValue>& certificates);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    HitchBlock global_{};
    std::vector<HitchBlock> frontends_{};
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
    frontends_.push_back(std::move(block));
}

void HitchReader::read_frontend(const Statement& statement) {
    HitchBlock block{.statement = statement.place};
    read_block(statement.body, block, false);
    frontends_.push_back(std::move(block));
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
        read_versions("tls-protos", {versions->text, versions->place, versions->place}, global_);
    }
    if (const auto ciphers = input_.start.option("--ciphers")) {
        global_.ciphers = HitchValue{ciphers->text, ciphers->place, ciphers->place};
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
    read_block(document.statements, global_, true);
    read_command();
    for (std::size_t i = 0; i < frontends_.size() && i < k_most_files; ++i) {
        serve(frontends_[i]);
    }
}

void HitchReader::add_version_lines(const HitchBlock& block, bool own, Service& service) const {
    const auto add = [&](const HitchValue& value, Role role, std::string why) {
        const bool list = reading_.sources.text(value.statement).starts_with("tls-protos");
        service.lines.push_back(
            {value.statement, value.value, Aspect::versions, role, std::move(why),
             role == Role::effective && list ? hitch_versions : nullptr}
        );
    };
    const bool by_block = own && block.versions;
    for (const HitchValue& old : global_.overridden) {
        add(old, Role::inert, "a later line replaces it");
    }
    if (block.versions) {
        add(*block.versions, own ? Role::effective : Role::inert,
            own ? "" : "a frontend's own versions count only with a pem-file of its own");
    }
    if (global_.versions) {
        add(*global_.versions, by_block ? Role::inert : Role::effective,
            by_block ? "the frontend has its own" : "");
    }
    if (!by_block && !global_.versions) {
        service.lines.push_back({block.statement, block.statement, Aspect::listen, Role::effective}
        );
        if (!frontends_.empty()) {
            service.insertions.push_back(
                {frontends_.front().statement, true, "tls-protos = {}", hitch_versions}
            );
        }
    }
}

void HitchReader::serve(const HitchBlock& block) {
    const bool own = !block.certificates.empty();
    const auto& certificates = own ? block.certificates : global_.certificates;
    Service service;
    service.otherwise = k_modern_versions;
    service.enabled = own && block.versions ? block.enabled
                      : global_.versions    ? global_.enabled
                                            : k_modern_versions;
    service.ciphers = k_hitch_suites;
    service.default_ciphers = true;
    const auto text = [&](const auto& mine, const auto& all, Aspect aspect, std::string& into) {
        const auto& chosen = own && mine ? mine : all;
        if (chosen) {
            into = chosen->text;
            service.lines.push_back({chosen->statement, chosen->value, aspect, Role::effective});
        }
        return chosen.has_value();
    };
    if (text(block.ciphers, global_.ciphers, Aspect::ciphers, service.ciphers)) {
        service.default_ciphers = false;
        if (const auto refused = refusal_of_ciphers(input_.knowledge, service.ciphers)) {
            fatal(service.lines.back().statement, *refused);
        }
    }
    text(block.ciphersuites, global_.ciphersuites, Aspect::ciphersuites, service.ciphersuites);
    if (text(block.groups, global_.groups, Aspect::groups, service.groups) &&
        service.groups == "auto") {
        service.groups.clear();
    }
    service.dh_parameters = global_.dh_parameters;
    add_version_lines(block, own, service);
    if (certificates.empty()) {
        fatal(block.statement, "hitch needs a pem-file");
    }
    const std::string host = block.host.empty() || block.host == "*" ? "" : block.host;
    const std::string shown = host.contains(':') ? "[" + host + "]" : host;
    service.address = fmt::format("{}:{}", host.empty() ? "0.0.0.0" : shown, block.port);
    put_names(service, certificates);
    if (host.empty()) {
        service.address = fmt::format("[::]:{}", block.port);
        put_names(service, certificates);
    }
}

/// Names come from the certificates; the last one is the default.
void HitchReader::put_names(Service service, const std::vector<HitchValue>& certificates) {
    std::vector<std::pair<std::string, std::string>> names;
    for (const HitchValue& value : certificates) {
        const std::string path = joined_path(folder_of(input_.main), value.text);
        note_missing_file(input_, reading_, path, value.statement);
        service.certificates = {input_.files.real_path(path)};
        const auto pem = input_.files.read(path);
        const auto info = pem ? input_.knowledge.certificate(*pem) : std::nullopt;
        if (pem && pem->contains("BEGIN DH PARAMETERS")) {
            service.dh_parameters = true;
        }
        for (const std::string& name : info ? info->names : std::vector<std::string>{}) {
            names.emplace_back(lower(name), service.certificates[0]);
        }
    }
    const Service base = service;
    reading_.services.push_back(base);
    for (const auto& [name, path] : names) {
        service.sni = name;
        service.certificates = {path};
        reading_.services.push_back(service);
    }
    service = base;
    service.sni = "*";
    service.door = global_.refuses_names ? Door::name_refused : Door::tls;
    reading_.services.push_back(std::move(service));
}

void read_hitch(const Input& input, Reading& reading) {
    HitchReader{input, reading}.read();
}

} // namespace

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
