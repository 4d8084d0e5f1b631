// SPDX-License-Identifier: Apache-2.0
// One row for each cause that has a question of its own; every other is asked by a plain check.
#include "explain/next.hpp"

#include <algorithm>
#include <iterator>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr std::size_t k_most = 4;

/// A cause and the command that asks for it. `{t}` is the target, `{s}` the STARTTLS protocol of
/// its port, `{r}` a client of the stack.
struct Question {
    std::string_view cause{};
    std::string_view command{};
};

// clang-format off
constexpr Question k_questions[] = {
    {"sni_missing",                 "tlsdoctor check {t} --no-sni"},
    {"sni_unknown",                 "tlsdoctor check {t} --sni NAME"},
    {"starttls_needed",             "tlsdoctor check {t} --starttls {s}"},
    {"starttls_not_offered",        "tlsdoctor check {t} --starttls {s}"},
    {"not_tls_plain_http",          "tlsdoctor check {t}"},
    {"not_tls_other_protocol",      "tlsdoctor check {t} --starttls none"},
    {"proxy_scheme_wrong",          "tlsdoctor check {t} --proxy http://PROXY:3128"},
    {"proxy_refused",               "tlsdoctor check {t} --proxy http://PROXY:3128"},
    {"client_version_pinned",       "tlsdoctor client -- {r}"},
    {"client_tls12_not_enabled",    "tlsdoctor client -- {r}"},
    {"no_protocols_enabled",        "tlsdoctor client -- {r}"},
    {"java_disabled_algorithms",    "tlsdoctor client -- {r}"},
    {"server_requires_newer_version", "tlsdoctor client -- {r}"},
    {"client_only_tls13",           "tlsdoctor client -- {r}"},
    {"client_speaks_plain_to_tls",  "tlsdoctor client --listen"},
    {"sni_illegal",                 "tlsdoctor client -- {r}"},
    {"fallback_scsv",               "tlsdoctor client -- {r}"},
    {"no_common_group",             "tlsdoctor client -- {r}"},
    {"client_cert_required",        "tlsdoctor check {t} --cert CERT.pem --key KEY.pem"},
    {"cert_not_trusted",            "tlsdoctor check {t} --ca ROOTS.pem"},
    {"mtu_blackhole",               "tlsdoctor check {t} --repeat 3"},
    {"rst_firewall",                "tlsdoctor check {t} --repeat 3"},
    {"inconsistent_backends",       "tlsdoctor check {t} --repeat 10"},
    {"truncated_by_peer",           "tlsdoctor check {t} --repeat 5"},
    {"backend_unreachable",         "tlsdoctor check {t} --repeat 3"},
    {"no_common_cipher",            "tlsdoctor check {t} --clients"},
    {"ats_policy",                  "tlsdoctor check {t} --expect tls1.2"},
    {"server_only_tls13",           "tlsdoctor check {t} --clients"},
};

struct Upgrade {
    std::uint16_t port{};
    std::string_view protocol{};
};

constexpr Upgrade k_upgrades[] = {
    {25, "smtp"},  {587, "smtp"}, {2525, "smtp"}, {143, "imap"},      {110, "pop3"},
    {389, "ldap"}, {21, "ftp"},   {119, "nntp"},  {5432, "postgres"}, {3306, "mysql"},
    {5222, "xmpp"}, {4190, "sieve"}, {1433, "mssql"}, {3389, "rdp"},
};

/// How a client of a stack is run against the recording server.
struct Runner {
    std::string_view stack{};
    std::string_view command{};
};

constexpr Runner k_runners[] = {
    {"curl",    "curl https://{}/"},
    {"wget",    "wget -O- https://{}/"},
    {"openssl", "openssl s_client -connect {}"},
    {"gnutls",  "gnutls-cli --port {port} {host}"},
    {"git",     "git ls-remote https://{}/x"},
    {"node",    "node -e \"fetch('https://{}/')\""},
    {"nodejs",  "node -e \"fetch('https://{}/')\""},
    {"npm",     "npm ping --registry https://{}/"},
    {"php",     "php -r \"file_get_contents('https://{}/');\""},
    {"ruby",    "ruby -ropen-uri -e \"URI.open('https://{}/')\""},
    {"python",  "python3 -c \"import urllib.request as u; u.urlopen('https://{}/')\""},
    {"mosquitto", "mosquitto_sub -h {host} -p {port} -t x --capath /etc/ssl/certs"},
    {"mysql",   "mysql -h 127.0.0.1 -P {port} --ssl-mode=REQUIRED"},
    {"ldap",    "ldapsearch -x -H ldaps://{}"},
    {"docker",  "docker pull {}/x"},
    {"postgresql", "psql 'host={host} port={port} sslmode=require'"},
};
// clang-format on

std::string_view upgrade_of(std::uint16_t port) {
    const auto row = std::ranges::find(k_upgrades, port, &Upgrade::port);
    return row != std::end(k_upgrades) ? row->protocol : "auto";
}

std::string_view runner_of(std::string_view stack) {
    const auto row = std::ranges::find(k_runners, stack, &Runner::stack);
    return row != std::end(k_runners) ? row->command : "";
}

void replace(std::string& text, std::string_view what, std::string_view with) {
    if (const std::size_t at = text.find(what); at != std::string::npos) {
        text.replace(at, what.size(), with);
    }
}

void add(std::vector<std::string>& commands, std::string command) {
    if (commands.size() < k_most && std::ranges::find(commands, command) == commands.end()) {
        commands.push_back(std::move(command));
    }
}

} // namespace

std::vector<std::string> next_commands(const Meaning& meaning, const Place& place) {
    std::vector<std::string> commands;
    const std::string target = shell_word(target_text(place));
    for (const Candidate& candidate : meaning.candidates) {
        const auto row = std::ranges::find(k_questions, candidate.cause->name, &Question::cause);
        std::string command{row != std::end(k_questions) ? row->command : "tlsdoctor check {t}"};
        const std::string_view runner = runner_of(meaning.stack);
        const bool somebody_elses = meaning.observer == Observer::server || runner.empty();
        if (command.find("{r}") != std::string::npos && somebody_elses) {
            command = "tlsdoctor client --listen"; // nobody knows how that client is started
        }
        replace(command, "{t}", target);
        replace(command, "{s}", upgrade_of(place.port));
        replace(command, "{r}", runner);
        add(commands, std::move(command));
        if (commands.size() + 1 == k_most) {
            break;
        }
    }
    if (!meaning.candidates.empty()) {
        add(commands, "tlsdoctor check " + target);
    }
    return commands;
}

} // namespace tlsdoctor::explain
