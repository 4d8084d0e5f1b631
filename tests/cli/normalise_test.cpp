// SPDX-License-Identifier: Apache-2.0
// Foreign spellings become our own options, and values are never taken for options.
#include "cli/normalise.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace std::string_literals;
using tlsdoctor::cli::Alias;
using tlsdoctor::cli::Command;
using tlsdoctor::cli::find_option;
using tlsdoctor::cli::normalise;
using tlsdoctor::cli::Rewrite;

namespace {

using Words = std::vector<std::string>;

struct NormaliseCase {
    std::string name;
    Words words;
    Command command;
    Words options;
    Words operands;
};

const NormaliseCase k_normalise_cases[] = {
    {"nothing", {}, Command::check, {}, {}},
    {"a target alone is checked", {"example.com"}, Command::check, {}, {"example.com"}},
    {"a command", {"check", "example.com"}, Command::check, {}, {"example.com"}},
    {"a host named like a command", {"check", "demo"}, Command::check, {}, {"demo"}},
    {"a command after an option", {"-v", "demo"}, Command::demo, {"--verbose"}, {}},
    {"a command is a command only in front", {"h", "demo"}, Command::check, {}, {"h", "demo"}},
    {"a help topic of two words", {"help", "alert", "70"}, Command::help, {}, {"alert", "70"}},
    {"nmap's list", {"-iL", "hosts"}, Command::check, {"--targets=hosts"}, {}},
    {"a list from stdin", {"-iL", "-"}, Command::check, {"--targets=-"}, {}},
    {"tlsx's list", {"-l", "hosts"}, Command::check, {"--targets=hosts"}, {}},
    {"sslscan's list", {"--targets=hosts"}, Command::check, {"--targets=hosts"}, {}},
    {"sslyze's list", {"--targets_in=hosts"}, Command::check, {"--targets=hosts"}, {}},
    {"testssl's JSON", {"-oJ", "out.json"}, Command::check, {"--json-file=out.json"}, {}},
    {"testssl's long JSON", {"--jsonfile=o"}, Command::check, {"--json-file=o"}, {}},
    {"a Go program's JSON", {"-json"}, Command::check, {"--json"}, {}},
    {"openssl's target and name",
     {"-connect", "192.0.2.1:443", "-servername", "a.example"},
     Command::check,
     {"--sni=a.example"},
     {"192.0.2.1:443"}},
    {"openssl's target named like a command", {"-connect", "demo"}, Command::check, {}, {"demo"}},
    {"our --connect is an address", {"--connect", "::1"}, Command::check, {"--connect=::1"}, {}},
    {"testssl's address", {"--ip", "192.0.2.1"}, Command::check, {"--connect=192.0.2.1"}, {}},
    {"sslscan's name", {"--sni-name=a.example"}, Command::check, {"--sni=a.example"}, {}},
    {"curl-like name", {"--servername", "a"}, Command::check, {"--sni=a"}, {}},
    {"tlsx's name", {"-sni", "a"}, Command::check, {"--sni=a"}, {}},
    {"openssl without a name", {"-noservername"}, Command::check, {"--no-sni"}, {}},
    {"sslscan's STARTTLS", {"--starttls-smtp"}, Command::check, {"--starttls=smtp"}, {}},
    {"openssl's STARTTLS", {"-starttls", "smtp"}, Command::check, {"--starttls=smtp"}, {}},
    {"no colour, American", {"--no-color"}, Command::check, {"--color=never"}, {}},
    {"no colour, British", {"--no-colour"}, Command::check, {"--color=never"}, {}},
    {"no colour, tlsx", {"-nc"}, Command::check, {"--color=never"}, {}},
    {"openssl's roots", {"-CAfile", "ca.pem"}, Command::check, {"--ca=ca.pem"}, {}},
    {"curl's roots", {"--cacert", "ca.pem"}, Command::check, {"--ca=ca.pem"}, {}},
    {"curl's limit", {"-m", "5"}, Command::check, {"--deadline=5"}, {}},
    {"nmap's limit", {"--host-timeout", "30s"}, Command::check, {"--deadline=30s"}, {}},
    {"addresses", {"-4", "-6"}, Command::check, {"--ipv4", "--ipv6"}, {}},
    {"letters together", {"-vk"}, Command::check, {"--verbose", "--insecure"}, {}},
    {"a value behind its letter", {"-p443"}, Command::check, {"--port=443"}, {}},
    {"a value behind letters", {"-kp", "443"}, Command::check, {"--insecure", "--port=443"}, {}},
    {"a value with =", {"-p=443"}, Command::check, {"--port=443"}, {}},
    {"a text that looks like an option", {"--error", "-nc"}, Command::check, {"--error=-nc"}, {}},
    {"a text with =", {"--error", "a=b"}, Command::check, {"--error=a=b"}, {}},
    {"behind -- everything is a target", {"--", "-v"}, Command::check, {}, {"-v"}},
    {"a single dash is an operand", {"-"}, Command::check, {}, {"-"}},
    {"an unknown option stays", {"--snii"}, Command::check, {"--snii"}, {}},
    {"an unknown letter stays", {"-Z"}, Command::check, {"-Z"}, {}},
};

struct NormaliseRefused {
    std::string name;
    Words words;
    std::string what;
    std::string hint; ///< a part of it
};

const NormaliseRefused k_normalise_refused[] = {
    {"a value is missing", {"--sni"}, "'--sni' needs a value (NAME)", ""},
    {"a value is empty", {"--sni="}, "the value of '--sni' is empty", ""},
    {"a separate value is empty", {"-iL", ""}, "the value of '-iL' is empty", ""},
    {"a switch takes no value", {"--json=x"}, "'--json' takes no value", ""},
    {"an alias's value is missing", {"-iL"}, "'-iL' needs a value (FILE)", ""},
    {"openssl's target is missing", {"-connect"}, "'-connect' needs a value (HOST)", ""},
    {"openssl's single version", {"-tls1_2"}, "'-tls1_2' is not in this version", "--expect tls1.2"
    },
    {"sslscan's single version", {"--tls12"}, "'--tls12' is not in this version", "--expect tls1.2"
    },
    {"nmap's XML", {"-oX", "f"}, "'-oX' is not in this version", "-oJ FILE"},
    {"a key's password", {"--pass=a"}, "'--pass' is not in this version", "openssl pkey"},
    {"a later command",
     {"capture", "x"},
     "the command 'capture' is not in this version",
     "check HOST"},
    {"another one", {"serve"}, "the command 'serve' is not in this version", "check serve"},
};

} // namespace

TEST_CASE("normalise turns every spelling into our long options") {
    for (const NormaliseCase& c : k_normalise_cases) {
        CAPTURE(c.name);
        const auto line = normalise(c.words);
        REQUIRE(line.has_value());
        CHECK(line->command == c.command);
        CHECK(line->options == c.options);
        CHECK(line->operands == c.operands);
    }
}

TEST_CASE("normalise says what is missing and what is not in this version") {
    for (const NormaliseRefused& c : k_normalise_refused) {
        CAPTURE(c.name);
        const auto line = normalise(c.words);
        REQUIRE_FALSE(line.has_value());
        CHECK(line.error().what == c.what);
        CHECK(line.error().hint.find(c.hint) != std::string::npos);
    }
}

TEST_CASE("every alias leads somewhere, and none hides an option of check") {
    for (const Alias& alias : tlsdoctor::cli::aliases()) {
        CAPTURE(std::string{alias.from});
        const std::string name{alias.to.substr(alias.to.find_first_not_of('-') == 2 ? 2 : 0)};
        const bool renames = alias.rewrite == Rewrite::rename || alias.rewrite == Rewrite::replace;
        CHECK((!renames || find_option(name.substr(0, name.find('='))) != nullptr));
        CHECK((alias.rewrite == Rewrite::target) == alias.to.empty());
        const auto* const own =
            alias.from.starts_with("--") ? find_option(alias.from.substr(2)) : nullptr;
        CHECK_FALSE((own != nullptr && takes(Command::check, *own)));
        CHECK_FALSE((alias.from.size() == 2 && find_option(alias.from[1]) != nullptr));
    }
}

TEST_CASE("an unknown option names the nearest one") {
    struct {
        std::string word;
        std::string hint;
    } const cases[] = {
        {"--snii", "did you mean '--sni'?"},
        {"--jsn=x", "did you mean '--json'?"},
        {"--version-only", "did you mean '--versions-only'?"},
        {"--no-colr", "did you mean '--no-color'?"},
        {"-servernam", "did you mean '-servername'?"},
        {"--frobnicate", "'tlsdoctor check --help' lists the options"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.word);
        CHECK(unknown_option(c.word, Command::check).hint == c.hint);
    }
}
