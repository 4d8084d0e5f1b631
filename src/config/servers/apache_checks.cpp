// SPDX-License-Identifier: Apache-2.0
// Refusals of Apache; see the header.
#include "config/servers/apache_checks.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/apache_protocols.hpp"

namespace tlsdoctor::config {

namespace {

/// Directives of mod_ssl that are known; what else begins with SSL is listed.
constexpr std::array<std::string_view, 50> k_ssl_directives{
    "sslcacertificatefile",
    "sslcacertificatepath",
    "sslcadnrequestfile",
    "sslcadnrequestpath",
    "sslcarevocationcheck",
    "sslcarevocationfile",
    "sslcarevocationpath",
    "sslcertificatechainfile",
    "sslcertificatefile",
    "sslcertificatekeyfile",
    "sslciphersuite",
    "sslcompression",
    "sslcryptodevice",
    "sslengine",
    "sslfips",
    "sslhonorcipherorder",
    "sslinsecurerenegotiation",
    "sslocspdefaultresponder",
    "sslocspenable",
    "sslocspnoverify",
    "sslocspoverrideresponder",
    "sslocspproxyurl",
    "sslocsprespondercertificatefile",
    "sslocsprespondertimeout",
    "sslocspresponsemaxage",
    "sslocspresponsetimeskew",
    "sslocspuserequestnonce",
    "sslopensslconfcmd",
    "ssloptions",
    "sslpassphrasedialog",
    "sslpolicy",
    "sslprotocol",
    "sslrandomseed",
    "sslrenegbuffersize",
    "sslrequire",
    "sslrequiressl",
    "sslsessioncache",
    "sslsessioncachetimeout",
    "sslsessiontickets",
    "sslsessionticketkeyfile",
    "sslsrpunknownuserseed",
    "sslsrpverifierfile",
    "sslstaplingcache",
    "sslstaplingerrorcachetimeout",
    "sslstrictsnivhostcheck",
    "sslusername",
    "sslusestapling",
    "sslverifyclient",
    "sslverifydepth",
    "sslvhostsnipolicy"
};

class ApacheChecker {
public:
    ApacheChecker(const ApacheWorld& world, const Input& input, Reading& reading)
        : world_{world}, input_{input}, reading_{reading} {}

    void check_directive(const ApacheDirective& directive);
    void check_host(std::size_t scope, bool https);

private:
    void fatal(const ApacheDirective& directive, std::string what) {
        const Place place =
            directive.origins.empty() ? directive.statement : directive.origins.front().statement;
        reading_.fatal.push_back({place, std::move(what)});
    }
    void check_name(const ApacheDirective& directive);
    void check_value(const ApacheDirective& directive);
    void check_file(const ApacheDirective& directive);
    void check_command(const ApacheDirective& directive);
    void check_ciphers(std::size_t scope);
    Place place_of(std::size_t scope) const;

    const ApacheWorld& world_;
    const Input& input_;
    Reading& reading_;
    bool told_module_{};
};

void ApacheChecker::check_directive(const ApacheDirective& directive) {
    if (!directive.asleep.empty() || !directive.name.starts_with("ssl")) {
        return;
    }
    const bool missing =
        world_.tree.modules.known && !world_.tree.modules.loaded.contains("ssl_module");
    if (missing && !told_module_) {
        told_module_ = true;
        fatal(directive, "mod_ssl is not loaded: the server does not know this directive");
    }
    check_name(directive);
    const ApacheKind kind = kind_of_apache(directive);
    const bool of_server = kind == ApacheKind::protocols || kind == ApacheKind::engine ||
                           kind == ApacheKind::command || kind == ApacheKind::certificate;
    if (of_server && !directive.within.empty()) {
        fatal(directive, "it is not allowed in " + directive.within);
    }
    check_value(directive);
}

void ApacheChecker::check_name(const ApacheDirective& directive) {
    const bool known =
        directive.name.starts_with("sslproxy") ||
        std::ranges::find(k_ssl_directives, directive.name) != k_ssl_directives.end();
    if (!known) {
        reading_.not_understood.push_back(
            {directive.statement, "no directive of mod_ssl that is known here"}
        );
    }
    const std::string_view last =
        directive.words.empty() ? "" : std::string_view{directive.words.back()};
    const std::string_view written = reading_.sources.text(directive.place);
    if (directive.origins.empty() && !written.empty() && last.size() > 0) {
        const char first = written[0];
        const bool open =
            (first == '"' || first == '\'') && std::ranges::count(written, first) % 2 != 0;
        if (open) {
            reading_.not_understood.push_back({directive.statement, "its quote is not closed"});
        }
    }
}

void ApacheChecker::check_value(const ApacheDirective& directive) {
    const std::string& name = directive.name;
    if (name == "sslprotocol" || name == "sslproxyprotocol") {
        if (const auto set = apache_protocols(directive.words); !set) {
            fatal(directive, set.error());
        }
    } else if (name == "sslengine") {
        const std::string value = directive.words.empty() ? "" : lower(directive.words.front());
        if (value != "on" && value != "off" && value != "optional") {
            fatal(directive, "SSLEngine is on, off or optional");
        }
    } else if (name == "sslopensslconfcmd") {
        check_command(directive);
    } else if (name == "sslcertificatefile" || name == "sslcertificatekeyfile") {
        check_file(directive);
    }
}

void ApacheChecker::check_command(const ApacheDirective& directive) {
    if (directive.words.size() != 2) {
        return fatal(directive, "SSLOpenSSLConfCmd takes a command and a value");
    }
    const std::string command = lower(directive.words[0]);
    const bool bound = command == "minprotocol" || command == "maxprotocol";
    if (bound && !openssl_bound(directive.words[1])) {
        fatal(directive, "OpenSSL does not know this version");
    }
}

/// A file that is not there is fatal where its folder can be looked into: a copy of a configuration
/// comes without keys, and keys are often in folders for root alone.
void ApacheChecker::check_file(const ApacheDirective& directive) {
    if (directive.words.empty() || directive.words.front().contains(':')) {
        return; // `pkcs11:...`
    }
    const std::string path = joined_path(world_.tree.server_root, directive.words.front());
    if (input_.files.kind_of(path) != FileKind::none) {
        return;
    }
    const std::string what = fmt::format("the file {} does not exist", harmless(path));
    if (input_.files.names_in(folder_of(path))) {
        fatal(directive, what);
    } else {
        reading_.warnings.push_back({directive.statement, what + " or is out of reach"});
    }
}

Place ApacheChecker::place_of(std::size_t scope) const {
    const auto engine = world_.settings.decider(ApacheKind::engine, scope);
    return engine ? world_.tree.directives[*engine].statement : world_.tree.scopes[scope].opening;
}

void ApacheChecker::check_host(std::size_t scope, bool https) {
    if (!world_.settings.is_on(scope, https)) {
        return;
    }
    const auto list = world_.settings.decider(ApacheKind::protocols, scope);
    if (list) {
        const ApacheDirective& directive = world_.tree.directives[*list];
        const auto set = apache_protocols(directive.words);
        if (set && set->empty()) {
            fatal(directive, "no version is left (AH02231): what has only `-` begins with nothing");
        }
    }
    if (world_.settings.merged(ApacheKind::certificate, scope).empty()) {
        const bool managed = std::ranges::any_of(world_.tree.directives, [](const auto& one) {
            return one.name == "mdomain" || one.name == "mdomainset" ||
                   one.name == "mdcertificatefile";
        });
        if (!managed) {
            reading_.fatal.push_back(
                {place_of(scope), "TLS is on here without SSLCertificateFile (AH02572)"}
            );
        }
    }
    check_ciphers(scope);
}

void ApacheChecker::check_ciphers(std::size_t scope) {
    const auto list = world_.settings.decider(ApacheKind::ciphers, scope);
    if (!list || !input_.knowledge.suites) {
        return;
    }
    const ApacheDirective& directive = world_.tree.directives[*list];
    const auto suites = input_.knowledge.suites(directive.words.back() + ":!aNULL:!eNULL:!EXP");
    if (!suites) {
        fatal(directive, "OpenSSL refuses the cipher list (AH01898): " + suites.error());
    }
}

} // namespace

void check_apache(
    const ApacheWorld& world, const std::vector<ApacheListener>& listeners, const Input& input,
    Reading& reading
) {
    ApacheChecker checker{world, input, reading};
    for (const ApacheDirective& directive : world.tree.directives) {
        checker.check_directive(directive);
    }
    std::set<std::size_t> https;
    for (const ApacheListener& listener : listeners) {
        if (listener.https) {
            https.insert(listener.hosts.begin(), listener.hosts.end());
        }
    }
    for (std::size_t scope = 0; scope < world.tree.scopes.size(); ++scope) {
        checker.check_host(scope, https.contains(scope));
    }
}

} // namespace tlsdoctor::config
