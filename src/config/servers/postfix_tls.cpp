// SPDX-License-Identifier: Apache-2.0
// TLS of one smtpd; see the header. Measured on Postfix 3.7.11: level `may` reads
// smtpd_tls_protocols, everything stricter smtpd_tls_mandatory_protocols.
#include "config/servers/postfix_tls.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/postfix_lines.hpp"
#include "config/servers/postfix_protocols.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

enum class PostfixLevel : std::uint8_t { none, may, encrypt, wrong };

constexpr std::pair<std::string_view, PostfixLevel> k_postfix_levels[] = {
    {"none", PostfixLevel::none},       {"may", PostfixLevel::may},
    {"encrypt", PostfixLevel::encrypt}, {"verify", PostfixLevel::encrypt},
    {"secure", PostfixLevel::encrypt},  {"fingerprint", PostfixLevel::encrypt},
};

constexpr std::string_view k_postfix_grades[] = {"high", "medium", "low", "export", "null"};

constexpr std::string_view k_postfix_certificates[] = {
    "smtpd_tls_cert_file", "smtpd_tls_dcert_file", "smtpd_tls_eccert_file"
};

/// Follows name, ssl_conf and system_default through the sections of an openssl.cnf: an empty or
/// missing one on the way is an error for Postfix. An unknown name is none.
bool postfix_openssl_fails(const Files& files, const std::string& path, std::string_view name) {
    Sources sources;
    const auto bytes = files.read(path);
    if (!bytes || name.empty()) {
        return false;
    }
    const Document document = read_key_value(sources, sources.add(path, *bytes), k_openssl_dialect);
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> sections;
    for (const Statement& statement : document.statements) {
        const std::string section =
            statement.section && !statement.words.empty() ? statement.words.front().text : "";
        auto& settings = sections[section];
        for (const Statement& line : statement.section ? statement.body : std::vector{statement}) {
            if (!line.words.empty()) {
                settings[line.words.front().text] = trimmed(value_of(line));
            }
        }
    }
    std::string at = sections[""][std::string{name}];
    for (const char* const next : {"ssl_conf", "system_default", ""}) {
        if (at.empty()) {
            return false;
        }
        const auto section = sections.find(at);
        if (section == sections.end() || section->second.empty()) {
            return true;
        }
        const auto value = section->second.find(next);
        at = value == section->second.end() ? "" : value->second;
    }
    return false;
}

class PostfixTls {
public:
    PostfixTls(
        const Input& input, Reading& reading, const Settings& main, const PostfixDaemon& daemon
    )
        : input_{input}, reading_{reading}, daemon_{daemon},
          parameters_{main, daemon.options, reading.server_version} {}

    Service service();

private:
    void settle_level();
    void settle_protocols();
    void settle_ciphers();
    void settle_certificates();
    void settle_openssl();
    void shut(Door door) { service_.door = service_.door == Door::tls ? door : service_.door; }
    std::string protocols_name() const {
        return enforced_ ? "smtpd_tls_mandatory_protocols" : "smtpd_tls_protocols";
    }

    const Input& input_;
    Reading& reading_;
    const PostfixDaemon& daemon_;
    PostfixParameters parameters_;
    Service service_{.door = Door::tls};
    PostfixLines lines_{reading_, parameters_, daemon_, service_};
    bool enforced_{};
    bool wrapper_{};
};

/// The level decides; the old switches where it is not set; wrapper mode enforces in any case.
void PostfixTls::settle_level() {
    wrapper_ = parameters_.yes("smtpd_tls_wrappermode");
    const PostfixValue level = parameters_.value("smtpd_tls_security_level");
    const bool set = !level.text.empty();
    bool used = parameters_.yes("smtpd_use_tls") || parameters_.yes("smtpd_enforce_tls");
    enforced_ = parameters_.yes("smtpd_enforce_tls");
    PostfixLevel meant = PostfixLevel::wrong;
    for (const auto& [name, value] : k_postfix_levels) {
        meant = same_ignoring_case(name, level.text) ? value : meant;
    }
    if (set) {
        used = meant != PostfixLevel::none;
        enforced_ = meant == PostfixLevel::encrypt;
    }
    if (set && meant == PostfixLevel::wrong) {
        shut(Door::closes);
        remark_once(
            reading_.warnings, level.from->statement,
            fmt::format("smtpd dies at every connection: it knows no level `{}`", level.text)
        );
    }
    enforced_ = enforced_ || wrapper_;
    if (!used && !wrapper_) {
        shut(Door::starttls_not_offered);
    }
    if (!wrapper_) {
        service_.starttls = "smtp";
    }
    const std::string old = set ? "smtpd_tls_security_level decides" : "";
    lines_.add("smtpd_tls_security_level", Aspect::tls, "");
    lines_.add_used(level, Aspect::tls);
    lines_.add("smtpd_use_tls", Aspect::tls, old);
    lines_.add("smtpd_enforce_tls", Aspect::tls, old);
    lines_.add("smtpd_tls_wrappermode", Aspect::tls, "");
}

void PostfixTls::settle_protocols() {
    const std::string name = protocols_name();
    const PostfixValue list = parameters_.value(name);
    const bool with_bounds = !older(parameters_.version(), "3.6");
    const auto versions = postfix_protocols(list.text, with_bounds);
    service_.enabled = versions.value_or(VersionSet{});
    const Settings none;
    const std::string usual =
        PostfixParameters{none, none, reading_.server_version}.value(name).text;
    service_.otherwise = postfix_protocols(usual, with_bounds).value_or(VersionSet{});
    service_.sets_minimum = true;
    if (!versions || list.endless) {
        shut(wrapper_ ? Door::closes : Door::starttls_not_offered);
        const Place place = list.from != nullptr ? list.from->statement : daemon_.line;
        remark_once(
            reading_.warnings, place,
            "Postfix does not know a name in this list: every handshake is refused (454)"
        );
    }
    const bool off = service_.door != Door::tls && versions.has_value();
    const std::string other = enforced_ ? "smtpd_tls_protocols" : "smtpd_tls_mandatory_protocols";
    lines_.add(name, Aspect::versions, off ? "TLS is off here" : "");
    lines_.add_used(list, Aspect::versions);
    lines_.add(
        other, Aspect::versions,
        enforced_ ? "it is for level `may`; here smtpd_tls_mandatory_protocols decides"
                  : "it is for level `encrypt`; with `may` smtpd_tls_protocols decides"
    );
}

void PostfixTls::settle_ciphers() {
    const std::string grade_name = enforced_ ? "smtpd_tls_mandatory_ciphers" : "smtpd_tls_ciphers";
    const PostfixValue grade = parameters_.value(grade_name);
    const std::string low = lower(grade.text);
    if (std::ranges::find(k_postfix_grades, low) == std::end(k_postfix_grades)) {
        shut(Door::closes);
        remark_once(
            reading_.warnings, grade.from != nullptr ? grade.from->statement : daemon_.line,
            "smtpd dies at every connection: there is no such grade of ciphers"
        );
        lines_.add(grade_name, Aspect::ciphers, "");
        return;
    }
    const std::string list_name = fmt::format("tls_{}_cipherlist", low);
    const PostfixValue list = parameters_.value(list_name);
    service_.ciphers = list.text;
    std::vector<std::string> excluded =
        postfix_list(parameters_.value("smtpd_tls_exclude_ciphers").text);
    if (enforced_) {
        for (std::string& one :
             postfix_list(parameters_.value("smtpd_tls_mandatory_exclude_ciphers").text)) {
            excluded.push_back(std::move(one));
        }
    }
    if (parameters_.yes("smtpd_tls_ask_ccert") || parameters_.yes("smtpd_tls_req_ccert")) {
        excluded.emplace_back("aNULL");
    }
    for (const std::string& words : excluded) {
        for (const std::string_view word : split(words, ':')) {
            service_.ciphers += word.empty() ? "" : ":!" + std::string{word};
        }
    }
    service_.default_ciphers = list.from == nullptr && grade.from == nullptr && excluded.empty();
    const std::string off = service_.door == Door::tls ? "" : "TLS is off here";
    const std::string mandatory = enforced_ ? off : "it is for level `encrypt`";
    const std::string opportunistic = enforced_ ? "it is for level `may`" : off;
    lines_.add("smtpd_tls_ciphers", Aspect::ciphers, opportunistic);
    lines_.add("smtpd_tls_mandatory_ciphers", Aspect::ciphers, mandatory);
    lines_.add("smtpd_tls_exclude_ciphers", Aspect::ciphers, off);
    lines_.add("smtpd_tls_mandatory_exclude_ciphers", Aspect::ciphers, mandatory);
    for (const std::string_view one : k_postfix_grades) {
        const std::string name = fmt::format("tls_{}_cipherlist", one);
        lines_.add(name, Aspect::ciphers, one == low ? off : grade_name + " chooses another grade");
    }
}

void PostfixTls::settle_certificates() {
    const PostfixValue chain = parameters_.value("smtpd_tls_chain_files");
    std::vector<std::string> paths = postfix_list(chain.text);
    for (const std::string_view name : k_postfix_certificates) {
        const std::string path =
            paths.empty() || chain.text.empty() ? parameters_.value(name).text : "";
        if (chain.text.empty() && !path.empty()) {
            paths.push_back(path);
        }
        lines_.add(
            name, Aspect::certificate, chain.text.empty() ? "" : "smtpd_tls_chain_files decides"
        );
    }
    lines_.add("smtpd_tls_chain_files", Aspect::certificate, "");
    lines_.add(
        "smtpd_tls_key_file", Aspect::certificate,
        chain.text.empty() ? "" : "smtpd_tls_chain_files decides"
    );
    if (paths.empty()) {
        shut(wrapper_ ? Door::closes : Door::starttls_not_offered);
    }
    for (const std::string& path : paths) {
        if (path == "none") {
            continue;
        }
        const std::string whole =
            original_of(input_.start, joined_path(folder_of(input_.main), path));
        if (is_missing(input_, reading_, whole)) {
            shut(wrapper_ ? Door::closes : Door::starttls_not_offered);
        }
        service_.certificates.push_back(whole);
    }
}

/// tls_config_file and tls_config_name: a file that is missing, and a section that is empty, keep
/// TLS from starting (454).
void PostfixTls::settle_openssl() {
    const std::string file = parameters_.value("tls_config_file").text;
    service_.openssl_name = parameters_.value("tls_config_name").text;
    lines_.add("tls_config_file", Aspect::other, "");
    lines_.add("tls_config_name", Aspect::other, "");
    service_.openssl_conf = openssl_conf_without_environment(input_);
    if (file == "default" || file.empty()) {
        return;
    }
    service_.openssl_conf = file;
    if (file == "none") {
        return;
    }
    if (is_missing(input_, reading_, file) ||
        postfix_openssl_fails(input_.files, file, service_.openssl_name)) {
        shut(wrapper_ ? Door::closes : Door::starttls_not_offered);
    }
}

Service PostfixTls::service() {
    service_.lines.push_back(
        {.statement = daemon_.line,
         .value = daemon_.line,
         .aspect = Aspect::listen,
         .role = Role::effective}
    );
    settle_level();
    settle_certificates();
    settle_openssl();
    settle_protocols();
    settle_ciphers();
    // Postfix sets level 0 itself, so that old versions can be had at all; and its own parameters
    // for DHE. Grades of curves other than `auto` leave OpenSSL's own groups (measured).
    service_.security_level = 0;
    service_.dh_parameters = true;
    if (parameters_.value("smtpd_tls_eecdh_grade").text == "auto") {
        service_.groups =
            joined(postfix_list(parameters_.value("tls_eecdh_auto_curves").text), ":");
    }
    lines_.add("smtpd_tls_eecdh_grade", Aspect::groups, "");
    lines_.add("tls_eecdh_auto_curves", Aspect::groups, "");
    lines_.add_clients();
    lines_.add_insertions(protocols_name());
    return std::move(service_);
}

} // namespace

Service postfix_service(
    const Input& input, Reading& reading, const Settings& main, const PostfixDaemon& daemon
) {
    return PostfixTls{input, reading, main, daemon}.service();
}

} // namespace tlsdoctor::config
