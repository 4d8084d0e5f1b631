// SPDX-License-Identifier: Apache-2.0
// The table of foreign spellings, and the one pass over the words that applies it. The pass knows
// which options take a value, so that `--error -nc` is a text and not an option.
#include "cli/normalise.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::string_view k_one_version =
    "all versions are asked: '--expect tls1.2' makes the answer to one of them decide";
constexpr std::string_view k_json_only = "'-oJ FILE' writes JSON, '--json' prints it";
constexpr std::string_view k_connect_only = "'--connect IP[:PORT]' goes to that address";
constexpr std::string_view k_no_password =
    "'openssl pkey -in KEY -out PLAIN' takes the password off a key";
constexpr std::string_view k_pace = "'tlsdoctor scan' has --rate and --per-host";
constexpr std::string_view k_suites = "'-v' and '--json' name the suite that each version chose";

// clang-format off
constexpr std::array k_aliases = {
    // lists of targets: nmap, testssl.sh, sslscan, sslyze, tlsx
    Alias{"-iL",               Rewrite::rename,  "--targets"},
    Alias{"-l",                Rewrite::rename,  "--targets"},
    Alias{"-list",             Rewrite::rename,  "--targets"},
    Alias{"--list",            Rewrite::rename,  "--targets"},
    Alias{"--file",            Rewrite::rename,  "--targets"},
    Alias{"-f",                Rewrite::rename,  "--targets"},
    Alias{"--targets_in",      Rewrite::rename,  "--targets"},
    // one target: openssl s_client, tlsx, curl
    Alias{"-connect",          Rewrite::target,  ""},
    Alias{"-u",                Rewrite::target,  ""},
    Alias{"-host",             Rewrite::target,  ""},
    Alias{"--host",            Rewrite::target,  ""},
    Alias{"--url",             Rewrite::target,  ""},
    // results: testssl.sh, sslyze, tlsx, curl
    Alias{"-oJ",               Rewrite::rename,  "--json-file"},
    Alias{"-oj",               Rewrite::rename,  "--json-file"},
    Alias{"--jsonfile",        Rewrite::rename,  "--json-file"},
    Alias{"--json_out",        Rewrite::rename,  "--json-file"},
    Alias{"--jsonl",           Rewrite::rename,  "--json"},
    Alias{"-oH",               Rewrite::rename,  "--html-file"},
    Alias{"--htmlfile",        Rewrite::rename,  "--html-file"},
    Alias{"-silent",           Rewrite::rename,  "--quiet"},
    Alias{"--silent",          Rewrite::rename,  "--quiet"},
    Alias{"-debug",            Rewrite::rename,  "--evidence"},
    Alias{"-msg",              Rewrite::rename,  "--evidence"},
    Alias{"--trace",           Rewrite::rename,  "--evidence"},
    Alias{"-showcerts",        Rewrite::rename,  "--verbose"},
    // colour
    Alias{"-nc",               Rewrite::replace, "--color=never"},
    Alias{"--no-color",        Rewrite::replace, "--color=never"},
    Alias{"--no-colour",       Rewrite::replace, "--color=never"},
    Alias{"--nocolor",         Rewrite::replace, "--color=never"},
    Alias{"--colour",          Rewrite::rename,  "--color"},
    // server name and address: openssl, sslscan, nmap, testssl.sh
    Alias{"-servername",       Rewrite::rename,  "--sni"},
    Alias{"--servername",      Rewrite::rename,  "--sni"},
    Alias{"--server-name",     Rewrite::rename,  "--sni"},
    Alias{"--sni-name",        Rewrite::rename,  "--sni"},
    Alias{"-noservername",     Rewrite::rename,  "--no-sni"},
    Alias{"--noservername",    Rewrite::rename,  "--no-sni"},
    Alias{"--ip",              Rewrite::rename,  "--connect"},
    // trust: openssl, curl, sslyze
    Alias{"-CAfile",           Rewrite::rename,  "--ca"},
    Alias{"--CAfile",          Rewrite::rename,  "--ca"},
    Alias{"--cafile",          Rewrite::rename,  "--ca"},
    Alias{"--cacert",          Rewrite::rename,  "--ca"},
    // how to reach TLS: openssl, sslscan
    Alias{"--starttls-smtp",   Rewrite::replace, "--starttls=smtp"},
    Alias{"--starttls-imap",   Rewrite::replace, "--starttls=imap"},
    Alias{"--starttls-pop3",   Rewrite::replace, "--starttls=pop3"},
    Alias{"--starttls-ftp",    Rewrite::replace, "--starttls=ftp"},
    Alias{"--starttls-ldap",   Rewrite::replace, "--starttls=ldap"},
    Alias{"--starttls-irc",    Rewrite::replace, "--starttls=irc"},
    Alias{"--starttls-xmpp",   Rewrite::replace, "--starttls=xmpp"},
    Alias{"--starttls-psql",   Rewrite::replace, "--starttls=postgres"},
    Alias{"--starttls-mysql",  Rewrite::replace, "--starttls=mysql"},
    Alias{"--rdp",             Rewrite::replace, "--starttls=rdp"},
    // a proxy: sslyze
    Alias{"--https_tunnel",    Rewrite::rename,  "--proxy"},
    // limits: testssl.sh, curl, nmap
    Alias{"--socket-timeout",  Rewrite::rename,  "--timeout"},
    Alias{"--openssl-timeout", Rewrite::rename,  "--timeout"},
    Alias{"--max-time",        Rewrite::rename,  "--deadline"},
    Alias{"-m",                Rewrite::rename,  "--deadline"},
    Alias{"--host-timeout",    Rewrite::rename,  "--deadline"},
    // what to ask: testssl.sh
    Alias{"--protocols",       Rewrite::rename,  "--versions-only"},
    Alias{"--client-simulation", Rewrite::rename, "--clients"},

    // known to users of other tools and not in this version
    Alias{"-ssl2",             Rewrite::later,   k_one_version},
    Alias{"-ssl3",             Rewrite::later,   k_one_version},
    Alias{"-tls1",             Rewrite::later,   k_one_version},
    Alias{"-tls1_1",           Rewrite::later,   k_one_version},
    Alias{"-tls1_2",           Rewrite::later,   k_one_version},
    Alias{"-tls1_3",           Rewrite::later,   k_one_version},
    Alias{"--ssl2",            Rewrite::later,   k_one_version},
    Alias{"--ssl3",            Rewrite::later,   k_one_version},
    Alias{"--tls10",           Rewrite::later,   k_one_version},
    Alias{"--tls11",           Rewrite::later,   k_one_version},
    Alias{"--tls12",           Rewrite::later,   k_one_version},
    Alias{"--tls13",           Rewrite::later,   k_one_version},
    Alias{"--tlsv1.0",         Rewrite::later,   k_one_version},
    Alias{"--tlsv1.1",         Rewrite::later,   k_one_version},
    Alias{"--tlsv1.2",         Rewrite::later,   k_one_version},
    Alias{"--tlsv1.3",         Rewrite::later,   k_one_version},
    Alias{"--tls-max",         Rewrite::later,   k_one_version},
    Alias{"--max",             Rewrite::later,   k_one_version},
    Alias{"--min",             Rewrite::later,   k_one_version},
    Alias{"--only",            Rewrite::later,   "'--versions-only' leaves everything else out"},
    Alias{"--names",           Rewrite::later,   k_suites},
    Alias{"--iana-names",      Rewrite::later,   k_suites},
    Alias{"--mapping",         Rewrite::later,   k_suites},
    Alias{"-oA",               Rewrite::later,   k_json_only},
    Alias{"-oC",               Rewrite::later,   k_json_only},
    Alias{"-oG",               Rewrite::later,   k_json_only},
    Alias{"-oN",               Rewrite::later,   k_json_only},
    Alias{"-oX",               Rewrite::later,   k_json_only},
    Alias{"--xml",             Rewrite::later,   k_json_only},
    Alias{"--csvfile",         Rewrite::later,   k_json_only},
    Alias{"--pcap",            Rewrite::later,   "'--record FILE' keeps every byte as JSON"},
    Alias{"-qq",               Rewrite::later,   "'-q' prints one line; the exit code says the rest"},
    Alias{"--exit-zero",       Rewrite::later,   "the exit codes stand in 'tlsdoctor help exit-codes'"},
    Alias{"--nagios",          Rewrite::later,   "the exit codes stand in 'tlsdoctor help exit-codes'"},
    Alias{"--resolve",         Rewrite::later,   k_connect_only},
    Alias{"--connect-to",      Rewrite::later,   k_connect_only},
    Alias{"-cert",             Rewrite::rename,  "--cert"},
    Alias{"-key",              Rewrite::rename,  "--key"},
    Alias{"--pass",            Rewrite::later,   k_no_password},
    Alias{"--certs",           Rewrite::rename,  "--cert"},
    Alias{"--pk",              Rewrite::rename,  "--key"},
    Alias{"--mtls",            Rewrite::rename,  "--cert"},
    Alias{"-c",                Rewrite::rename,  "--concurrency"},
    Alias{"--delay",           Rewrite::later,   k_pace},
    Alias{"--sleep",           Rewrite::later,   k_pace},
    Alias{"--slow_connection", Rewrite::later,   k_pace},
};
// clang-format on

const Alias* find_alias(std::string_view word) {
    const auto row = std::find_if(k_aliases.begin(), k_aliases.end(), [&](const Alias& alias) {
        return alias.from == word;
    });
    return row == k_aliases.end() ? nullptr : &*row;
}

/// One pass over the words.
class Pass {
public:
    explicit Pass(std::span<const std::string> words) : left_{words} {}

    std::expected<Normalised, UsageError> run() {
        while (!left_.empty() && !error_) {
            const std::string_view word = left_.front();
            left_ = left_.subspan(1);
            if (word == "--") {
                while (!left_.empty()) {
                    const std::string_view next = left_.front();
                    left_ = left_.subspan(1);
                    operand(next);
                }
                break;
            }
            if (word.size() < 2 || word.front() != '-') {
                operand(word);
            } else {
                option(word);
            }
        }
        if (error_) {
            return std::unexpected{*error_};
        }
        return std::move(result_);
    }

private:
    void operand(std::string_view word) {
        const bool first = !command_seen_;
        command_seen_ = true;
        const auto command = first ? command_named(word) : std::nullopt;
        const auto* const future = first ? find_future_command(word) : nullptr;
        if (command) {
            result_.command = *command;
            result_.command_given = true;
        } else if (future) {
            error_ = {
                .what = fmt::format("the command '{}' is not in this version", word),
                .hint = fmt::format(
                    "{}; a host of that name is written 'check {}'", future->instead, word
                )
            };
        } else {
            result_.operands.emplace_back(word);
            if (result_.command == Command::client) { // what follows a program is the program's
                result_.operands.insert(result_.operands.end(), left_.begin(), left_.end());
                left_ = {};
            }
        }
    }

    void option(std::string_view word) {
        const std::size_t equals = word.find('=');
        const std::string_view name = word.substr(0, equals);
        const auto value = equals == std::string_view::npos
                               ? std::nullopt
                               : std::optional{std::string{word.substr(equals + 1)}};
        const OptionRow* const row = find_option(without_dashes(name));
        const bool own = row != nullptr && result_.command_given && takes(result_.command, *row);
        if (const Alias* const alias = own ? nullptr : find_alias(name)) {
            rewrite(*alias, value);
        } else if (row != nullptr) {
            append(*row, name, value); // `-json` as Go programs write it is `--json`
        } else if (!word.starts_with("--") && find_option(word[1])) {
            letters(word);
        } else {
            result_.options.emplace_back(word);
        }
    }

    void rewrite(const Alias& alias, std::optional<std::string> value) {
        switch (alias.rewrite) {
        case Rewrite::rename:
            append(*find_option(without_dashes(alias.to)), alias.from, std::move(value));
            return;
        case Rewrite::replace:
            result_.options.emplace_back(alias.to);
            return;
        case Rewrite::target:
            if (const auto target = value ? value : next(alias.from)) {
                command_seen_ = true; // `-connect lab` is a host
                result_.operands.push_back(*target);
            }
            return;
        case Rewrite::later:
            error_ = {
                .what = fmt::format("'{}' is not in this version", alias.from),
                .hint = std::string{alias.to}
            };
            return;
        }
    }

    /// Reads `-vk` and `-p443`: letters up to the first that takes a value, which is the rest.
    void letters(std::string_view word) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const OptionRow* const row = find_option(word[i]);
            if (!row) {
                result_.options.emplace_back(word); // not ours as a whole: the parser refuses it
                return;
            }
            const bool rest = !row->value.empty() && i + 1 < word.size();
            const std::size_t begin = rest && word[i + 1] == '=' ? i + 2 : i + 1;
            append(
                *row, fmt::format("-{}", word[i]),
                rest ? std::optional{std::string{word.substr(begin)}} : std::nullopt
            );
            if (rest) {
                return;
            }
        }
    }

    void append(const OptionRow& row, std::string_view typed, std::optional<std::string> value) {
        if (row.value.empty()) {
            if (value) {
                error_ = {.what = fmt::format("'{}' takes no value", typed), .hint = {}};
            }
            result_.options.push_back(fmt::format("--{}", row.name));
            return;
        }
        if (!value) {
            value = next(typed, row.value);
        }
        if (value && value->empty()) {
            error_ = {.what = fmt::format("the value of '{}' is empty", typed), .hint = {}};
        } else if (value) {
            result_.options.push_back(fmt::format("--{}={}", row.name, *value));
        }
    }

    std::optional<std::string> next(std::string_view typed, std::string_view what = "HOST") {
        if (left_.empty()) {
            error_ = {.what = fmt::format("'{}' needs a value ({})", typed, what), .hint = {}};
            return std::nullopt;
        }
        std::string value = left_.front();
        left_ = left_.subspan(1);
        return value;
    }

    static std::string_view without_dashes(std::string_view name) {
        return name.substr(std::min(name.find_first_not_of('-'), name.size()));
    }

    std::span<const std::string> left_;
    Normalised result_{};
    std::optional<UsageError> error_{};
    bool command_seen_{};
};

} // namespace

std::span<const Alias> aliases() {
    return k_aliases;
}

std::expected<Normalised, UsageError> normalise(std::span<const std::string> words) {
    return Pass{words}.run();
}

UsageError unknown_option(std::string_view word, Command command) {
    const std::string_view name = word.substr(0, word.find('='));
    std::vector<std::string> spelled;
    for (const OptionRow& row : option_rows()) {
        if (takes(command, row)) {
            spelled.push_back(fmt::format("--{}", row.name));
        }
    }
    std::vector<std::string_view> candidates(spelled.begin(), spelled.end());
    for (const Alias& alias : k_aliases) {
        if (alias.rewrite != Rewrite::later) {
            candidates.push_back(alias.from);
        }
    }
    const auto meant = nearest(name, candidates);
    return {
        .what = fmt::format("unknown option '{}'", harmless(name)),
        .hint = meant ? fmt::format("did you mean '{}'?", *meant)
                      : fmt::format("'tlsdoctor {} --help' lists the options", name_of(command))
    };
}

} // namespace tlsdoctor::cli
