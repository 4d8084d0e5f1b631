// SPDX-License-Identifier: Apache-2.0
// Asking for a second opinion; see the header.
#include "config/opinion.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/installed.hpp"
#include "config/opinion_parts.hpp"
#include "process/run.hpp"

namespace tlsdoctor::config {

namespace {

/// All of them read only. `{main}` and `{folder}` are put in; words are separated by blanks.
constexpr OpinionQuestion k_opinion_questions[] = {
    {"nginx", "nginx", "-T -c {main}", true, Printed::nothing},
    {"apache", "apache2ctl", "-f {main} -t -D DUMP_CONFIG", false, Printed::everything},
    {"apache", "apachectl", "-f {main} -t -D DUMP_CONFIG", false, Printed::everything},
    {"haproxy", "haproxy", "-c -V -f {main}", true, Printed::nothing},
    {"postfix", "postconf", "-n -c {folder}", false, Printed::main_file},
    {"dovecot", "doveconf", "-n -c {main}", false, Printed::what_differs},
    {"lighttpd", "lighttpd", "-tt -f {main}", true, Printed::nothing},
    {"caddy", "caddy", "adapt --config {main} --adapter caddyfile", true, Printed::nothing},
    {"mariadb", "my_print_defaults", "--defaults-file={main} --mysqld", false, Printed::everything},
    {"openldap", "slaptest", "-u -f {main}", false, Printed::nothing},
    {"proftpd", "proftpd", "-t -c {main}", true, Printed::nothing},
    {"exim4", "exim4", "-C {main} -bV", false, Printed::nothing},
    {"hitch", "hitch", "--test --config={main}", true, Printed::nothing},
    {"prosody", "prosodyctl", "--config {main} check config", false, Printed::nothing},
    {"squid", "squid", "-k parse -f {main}", true, Printed::nothing},
};

std::string put_in(std::string text, std::string_view token, const std::string& value) {
    if (const std::size_t at = text.find(token); at != text.npos) {
        text.replace(at, token.size(), value);
    }
    return text;
}

/// Programs of servers stand in folders that not everybody has in PATH.
std::string opinion_program(const std::string& name) {
    if (const std::string path = process::path_of(name); !path.empty()) {
        return path;
    }
    const DiskFiles disk;
    for (const std::string_view folder : {"/usr/sbin/", "/usr/local/sbin/", "/sbin/"}) {
        if (disk.kind_of(std::string{folder} + name) == FileKind::file) {
            return std::string{folder} + name;
        }
    }
    return {};
}

std::optional<Answer> ask(std::vector<std::string> argv) {
    Answer answer;
    for (const std::string& word : argv) {
        answer.command += (answer.command.empty() ? "" : " ") + shell_word(word);
    }
    const process::Command command{
        .argv = std::move(argv), .deadline = milliseconds{10'000}, .output_bound = 4U << 20
    };
    const process::Result result = process::run(command);
    if (result.ending == process::Ending::not_started) {
        return std::nullopt;
    }
    answer.exit_code = result.ending == process::Ending::exited ? result.exit_code : -1;
    answer.output = result.output_tail;
    if (result.ending == process::Ending::timed_out) {
        answer.output += "\nit gave no answer within 10 s";
    }
    return answer;
}

/// `postgres -C NAME` prints one value.
std::vector<Opinion> ask_postgresql(
    const Server& server, const Reading& reading, const std::string& main, const StartCommand& start
) {
    std::vector<Opinion> result;
    const std::string program = program_of(server);
    for (const std::string_view name :
         {"ssl", "ssl_min_protocol_version", "ssl_max_protocol_version", "ssl_ciphers"}) {
        std::vector<std::string> argv{
            program, "-C", std::string{name}, "-c", "config_file=" + main
        };
        if (const auto folder = start.option("-D")) {
            argv.insert(argv.end(), {"-D", folder->text});
        }
        auto answer = program.empty() ? std::nullopt : ask(std::move(argv));
        if (!answer) {
            return {};
        }
        if (answer->exit_code == 0) {
            answer->output = fmt::format("{} = {}", name, answer->output);
        }
        std::ranges::move(opinions_in(server, reading, *answer), std::back_inserter(result));
        if (answer->exit_code != 0) {
            break; // it would say the same again
        }
    }
    return result;
}

} // namespace

const OpinionQuestion* opinion_question(std::string_view server) {
    const auto row = std::ranges::find(k_opinion_questions, server, &OpinionQuestion::server);
    return row == std::end(k_opinion_questions) ? nullptr : &*row;
}

std::vector<Opinion> opinions(
    const Server& server, const Reading& reading, const std::string& main, const StartCommand& start
) {
    if (server.name == "postgresql") {
        return ask_postgresql(server, reading, main, start);
    }
    for (const OpinionQuestion& question : k_opinion_questions) {
        const std::string program =
            question.server == server.name ? opinion_program(std::string{question.program}) : "";
        if (program.empty()) {
            continue;
        }
        std::vector<std::string> argv{program};
        for (const std::string_view word : split(question.words, ' ')) {
            argv.push_back(
                put_in(put_in(std::string{word}, "{main}", main), "{folder}", folder_of(main))
            );
        }
        const auto answer = ask(std::move(argv));
        return answer ? opinions_in(server, reading, *answer) : std::vector<Opinion>{};
    }
    return {};
}

} // namespace tlsdoctor::config
