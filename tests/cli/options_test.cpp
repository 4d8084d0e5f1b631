// SPDX-License-Identifier: Apache-2.0
// The command line as a whole: what arrives in Options, and what is refused with which words.
#include "cli/options.hpp"

#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using tlsdoctor::AlertDescription;
using tlsdoctor::milliseconds;
using tlsdoctor::ProtocolVersion;
using tlsdoctor::cli::ColorChoice;
using tlsdoctor::cli::Command;
using tlsdoctor::cli::Options;
using tlsdoctor::cli::read_options;

namespace {

using Words = std::vector<std::string>;

struct OptionCase {
    std::string name;
    Words words;
    std::function<bool(const Options&)> holds;
};

const OptionCase k_option_cases[] = {
    {"a target",
     {"example.com"},
     [](const Options& o) {
         return o.command == Command::check && o.targets.size() == 1 && !o.command_given;
     }},
    {"several targets keep their order",
     {"a.example", "b.example"},
     [](const Options& o) {
         return o.targets[0].host == "a.example" && o.targets[1].host == "b.example";
     }},
    {"defaults",
     {"h"},
     [](const Options& o) {
         return o.visit.answer_timeout == milliseconds{5'000} &&
                o.visit.connect_timeout == milliseconds{3'000} &&
                o.visit.deadline == milliseconds{30'000} && o.visit.ipv4 && o.visit.ipv6 &&
                !o.visit.insecure && o.visit.question.judge_trust &&
                o.output.color == ColorChoice::automatic && !o.fail_on.warn;
     }},
    {"output",
     {"h", "-j", "-v", "--evidence", "--clients", "--overwrite"},
     [](const Options& o) {
         return o.output.json && o.output.verbose && o.output.evidence && o.output.clients &&
                o.output.overwrite;
     }},
    {"-vv is -v",
     {"h", "-vv"},
     [](const Options& o) {
         return o.output.verbose;
     }},
    {"files",
     {"h", "-oJ", "r.json", "--record", "v.json"},
     [](const Options& o) {
         return o.output.json_file == "r.json" && o.output.record == "v.json";
     }},
    {"a client certificate",
     {"h", "--cert", "c.pem", "--key", "k.pem"},
     [](const Options& o) {
         return o.visit.certificate_file == "c.pem" && o.visit.key_file == "k.pem";
     }},
    {"a client certificate, as sslscan names it",
     {"h", "--certs=c.pem", "--pk=k.pem"},
     [](const Options& o) {
         return o.visit.certificate_file == "c.pem" && o.visit.key_file == "k.pem";
     }},
    {"repetitions",
     {"h", "--repeat", "8"},
     [](const Options& o) {
         return o.visit.repeat == 8;
     }},
    {"a message about clear text on a TLS port",
     {"h", "--error", "400 The plain HTTP request was sent to HTTPS port"},
     [](const Options& o) {
         return o.visit.question.spoke_plain && !o.visit.question.error_alert;
     }},
    {"colour",
     {"h", "--colour=always"},
     [](const Options& o) {
         return o.output.color == ColorChoice::always;
     }},
    {"no colour",
     {"h", "-nc"},
     [](const Options& o) {
         return o.output.color == ColorChoice::never;
     }},
    {"a name for an address",
     {"192.0.2.7", "--sni", "A.Example."},
     [](const Options& o) {
         return o.targets[0].sni == "a.example." && o.targets[0].literal; // the dot is asked for
     }},
    {"the dot of a target is the root's and no part of its name",
     {"A.Example."},
     [](const Options& o) {
         return o.targets[0].sni == "a.example";
     }},
    {"an international name",
     {"192.0.2.7", "--sni",
      "b\xc3\xbc"
      "cher.example"},
     [](const Options& o) {
         return o.targets[0].sni == "xn--bcher-kva.example";
     }},
    {"no name",
     {"h", "--no-sni"},
     [](const Options& o) {
         return !o.targets[0].sni.has_value();
     }},
    {"another address",
     {"h", "--connect", "[2001:db8::1]:8443"},
     [](const Options& o) {
         return o.visit.connect_address == "2001:db8::1" && o.visit.connect_port == 8443;
     }},
    {"another address, same port",
     {"h", "--ip", "192.0.2.1"},
     [](const Options& o) {
         return o.visit.connect_address == "192.0.2.1" && !o.visit.connect_port;
     }},
    {"IPv4 only",
     {"h", "-4"},
     [](const Options& o) {
         return o.visit.ipv4 && !o.visit.ipv6;
     }},
    {"IPv6 only",
     {"h", "-6"},
     [](const Options& o) {
         return !o.visit.ipv4 && o.visit.ipv6;
     }},
    {"a port",
     {"a.example", "b.example:1", "-p", "8443"},
     [](const Options& o) {
         return o.targets[0].port == 8443 && o.targets[1].port == 1;
     }},
    {"STARTTLS of the scheme",
     {"smtp://h", "-t", "auto"},
     [](const Options& o) {
         return o.targets[0].starttls == "smtp";
     }},
    {"no STARTTLS",
     {"smtp://h", "-t", "none"},
     [](const Options& o) {
         return !o.targets[0].starttls;
     }},
    {"STARTTLS of a protocol, by another name",
     {"h:1", "-t", "PostgreSQL"},
     [](const Options& o) {
         return o.targets[0].starttls == "postgres" && !o.targets[0].listens;
     }},
    {"sslscan's STARTTLS",
     {"h:1", "--starttls-imap"},
     [](const Options& o) {
         return o.targets[0].starttls == "imap";
     }},
    {"an error of a client that met clear text: it did not upgrade",
     {"h:25", "--error", "error:0A00010B:SSL routines::wrong version number"},
     [](const Options& o) {
         return !o.targets[0].starttls && !o.targets[0].listens;
     }},
    {"another error changes no door",
     {"h:25", "--error", "alert handshake failure"},
     [](const Options& o) {
         return o.targets[0].starttls == "smtp";
     }},
    {"a proxy",
     {"h", "-x", "socks5://me:pw@p.example:1"},
     [](const Options& o) {
         return o.visit.proxy && o.visit.proxy->kind == tlsdoctor::net::ProxyKind::socks5 &&
                o.visit.proxy->port == 1 && o.visit.proxy->user == "me";
     }},
    {"a proxy without a scheme",
     {"h", "--https_tunnel", "p.example:3128"},
     [](const Options& o) {
         return o.visit.proxy && o.visit.proxy->kind == tlsdoctor::net::ProxyKind::http;
     }},
    {"no proxy",
     {"h", "--proxy", "none"},
     [](const Options& o) {
         return !o.visit.proxy;
     }},
    {"trust",
     {"h", "-k"},
     [](const Options& o) {
         return o.visit.insecure && !o.visit.question.judge_trust;
     }},
    {"roots",
     {"h", "--cacert", "ca.pem"},
     [](const Options& o) {
         return o.visit.ca_file == "ca.pem";
     }},
    {"versions only",
     {"h", "--versions-only"},
     [](const Options& o) {
         return o.visit.versions_only;
     }},
    {"limits",
     {"h", "--timeout", "0.5", "--connect-timeout=1", "--max-time", "2m"},
     [](const Options& o) {
         return o.visit.answer_timeout == milliseconds{500} &&
                o.visit.connect_timeout == milliseconds{1'000} &&
                o.visit.deadline == milliseconds{120'000};
     }},
    {"expectations, also in two options",
     {"h", "--expect", "tls1.2", "--expect=!tls1.0"},
     [](const Options& o) {
         const auto& expect = o.visit.question.expect;
         return expect.size() == 2 && expect[0].accepted &&
                expect[1].version == ProtocolVersion::tls_1_0 && !expect[1].accepted;
     }},
    {"what fails",
     {"h", "--fail-on", "warn,unreachable"},
     [](const Options& o) {
         return o.fail_on.warn && o.fail_on.unreachable;
     }},
    {"an error with an alert",
     {"h", "--error", "tlsv1 alert protocol version"},
     [](const Options& o) {
         return o.visit.question.error_alert == AlertDescription::protocol_version &&
                o.visit.question.error_text == "tlsv1 alert protocol version";
     }},
    {"an error without an alert",
     {"h", "--error", "connection reset"},
     [](const Options& o) {
         return !o.visit.question.error_alert && !o.visit.question.error_text.empty();
     }},
    {"a client",
     {"h", "--client", "java-8u161"},
     [](const Options& o) {
         return o.visit.question.client &&
                o.visit.question.client->highest == ProtocolVersion::tls_1_2 &&
                o.visit.question.client_name.find("Java 8u161") != std::string::npos;
     }},
    {"lists",
     {"-iL", "a", "-l", "-"},
     [](const Options& o) {
         return o.target_files == Words{"a", "-"} && o.targets.empty();
     }},
    {"a list and its rules",
     {"-iL", "a", "--port=1"},
     [](const Options& o) {
         return o.target_rules.port == 1;
     }},
    {"a replay",
     {"--replay", "v.json"},
     [](const Options& o) {
         return o.replay == "v.json";
     }},
    {"a question to a replay",
     {"--replay", "v.json", "--expect", "tls1.2"},
     [](const Options& o) {
         return o.visit.question.expect.size() == 1;
     }},
    {"help alone",
     {"--help"},
     [](const Options& o) {
         return o.help && !o.command_given;
     }},
    {"help of a command",
     {"demo", "-h"},
     [](const Options& o) {
         return o.help && o.command == Command::demo;
     }},
    {"help is stronger than mistakes in values",
     {"check", "--port=x", "-h"},
     [](const Options& o) {
         return o.help;
     }},
    {"version",
     {"-V"},
     [](const Options& o) {
         return o.version;
     }},
    {"version as a command",
     {"version"},
     [](const Options& o) {
         return o.command == Command::version;
     }},
    {"a topic",
     {"help", "alert", "70"},
     [](const Options& o) {
         return o.topic == "alert 70";
     }},
    {"the lab",
     {"lab", "-p", "20000", "--ca", "ca.pem", "--deadline=90", "-j", "alert_40", "reset"},
     [](const Options& o) {
         return o.command == Command::lab && o.lab.port == 20000 && o.lab.ca_file == "ca.pem" &&
                o.lab.deadline == milliseconds{90'000} && o.output.json && !o.lab.list &&
                o.lab.cases == Words{"alert_40", "reset"};
     }},
    {"the lab's list, which is no list of targets",
     {"lab", "--list"},
     [](const Options& o) {
         return o.lab.list && o.target_files.empty();
     }},
    {"the demo's output",
     {"demo", "--json", "--color=never"},
     [](const Options& o) {
         return o.output.json && o.output.color == ColorChoice::never;
     }},
};

struct OptionRefused {
    std::string name;
    Words words;
    std::string what; ///< parts
    std::string hint;
};

const OptionRefused k_option_refused[] = {
    {"nothing", {}, "no target", "--help"},
    {"an unknown option", {"h", "--snii", "x"}, "unknown option '--snii'", "'--sni'"},
    {"an unknown option with a value",
     {"h", "--tmeout=5"},
     "unknown option '--tmeout'",
     "'--timeout'"},
    {"an unknown letter", {"h", "-Z"}, "unknown option '-Z'", ""},
    {"an option of another command",
     {"demo", "--sni", "x"},
     "'--sni' is no option of 'demo'",
     "demo --help"},
    {"a value for a switch", {"h", "--json=x"}, "'--json' takes no value", ""},
    {"a missing value", {"h", "--sni"}, "'--sni' needs a value (NAME)", ""},
    {"an empty value", {"h", "--sni="}, "the value of '--sni' is empty", ""},
    {"twice", {"h", "--sni=a", "--sni=b"}, "'--sni' is given 2 times", ""},
    {"a bad target", {"h:99999"}, "'h:99999' is not a target: '99999' is not a port", "host:port"},
    {"its column", {"h:99999"}, "(column 3)", ""},
    {"a dash as target", {"-"}, "'-' is not a target", "-iL -"},
    {"a bad port", {"h", "-p", "443,8443"}, "--port: '443,8443' is not one port", ""},
    {"a bad colour", {"h", "--color=sometimes"}, "--color: 'sometimes' is not one of", ""},
    {"a name that is an address",
     {"h", "--sni", "192.0.2.7"},
     "--sni: an IP address is not a name",
     "DNS names"},
    {"an address that is a name",
     {"h", "--connect", "b.example"},
     "--connect: 'b.example' is not an IP",
     "-connect"},
    {"name and no name", {"h", "--sni=a", "--no-sni"}, "--sni and --no-sni exclude each other", ""},
    {"both families", {"h", "-4", "-6"}, "--ipv4 and --ipv6 exclude each other", ""},
    {"quiet and verbose", {"h", "-q", "-v"}, "exclude each other", ""},
    {"JSON twice on stdout", {"h", "--json", "-oJ", "-"}, "same on standard output", ""},
    {"record and JSON on stdout", {"h", "--json", "--record", "-"}, "would mix", ""},
    {"an unknown STARTTLS",
     {"h", "-t", "gopher"},
     "'gopher' is no protocol known",
     "auto, none, smtp"},
    {"a key without a certificate",
     {"h", "--key", "k.pem"},
     "--key belongs to a certificate",
     "--cert FILE"},
    {"one repetition", {"h", "--repeat", "1"}, "--repeat: '1' is not a number of 2 to 100"},
    {"too many repetitions", {"h", "--repeat", "101"}, "--repeat: '101' is not a number of 2 to 100"
    },
    {"a deadline too long",
     {"h", "--deadline", "2000m"},
     "--deadline: '2000m' is not within 0.1 to 3600",
     ""},
    {"a timeout of nothing", {"h", "--timeout", "0"}, "--timeout: '0' is not within 0.05 to 300", ""
    },
    {"no version", {"h", "--expect", "tls9"}, "--expect: 'tls9' is no version", ""},
    {"no condition", {"h", "--fail-on", "x"}, "--fail-on: 'x' is not one of", ""},
    {"no client",
     {"h", "--client", "jaava-8u161"},
     "--client: 'jaava-8u161' is not a known client",
     "java"},
    {"replay with a target", {"h", "--replay", "f"}, "--replay takes no target", ""},
    {"standard input twice", {"-iL", "-", "-iL", "-"}, "standard input can be read once", ""},
    {"lab with a bad port", {"lab", "-p", "0"}, "--port: '0' is not one port", ""},
    {"lab with a bad time", {"lab", "--deadline", "x"}, "--deadline: ", ""},
    {"lab with a foreign option", {"lab", "--sni", "x"}, "'--sni' is no option of 'lab'", "lab"},
    {"demo with an operand", {"demo", "x"}, "'demo' takes no operand, and got 'x'", "check demo"},
    {"a proxy of another kind", {"h", "-x", "ftp://p:1"}, "--proxy: this is no proxy", "socks5://"},
    {"a proxy with a bad port",
     {"h", "-x", "http://me:pw@p:0"},
     "--proxy: this is no proxy: its port",
     ""},
    {"a terminal's escape", {"h", "--\x1b[2J"}, "unknown option '--\\x1b[2J'", ""},
};

} // namespace

TEST_CASE("read_options reads the whole command line") {
    for (const OptionCase& c : k_option_cases) {
        CAPTURE(c.name);
        const auto options = read_options(c.words);
        REQUIRE(options.has_value());
        CHECK(c.holds(*options));
    }
}

TEST_CASE("read_options refuses with words that name the mistake and the way out") {
    for (const OptionRefused& c : k_option_refused) {
        CAPTURE(c.name);
        const auto options = read_options(c.words);
        REQUIRE_FALSE(options.has_value());
        CAPTURE(options.error().what);
        CAPTURE(options.error().hint);
        CHECK(options.error().what.find(c.what) != std::string::npos);
        CHECK(options.error().hint.find(c.hint) != std::string::npos);
    }
}
