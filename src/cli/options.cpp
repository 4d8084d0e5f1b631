// SPDX-License-Identifier: Apache-2.0
// From options as texts to values: one small reader per group, the first error wins.
#include "cli/options.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/client_option.hpp"
#include "cli/client_options.hpp"
#include "cli/config_options.hpp"
#include "cli/inputs.hpp"
#include "cli/lab_options.hpp"
#include "cli/normalise.hpp"
#include "cli/operands.hpp"
#include "cli/parser.hpp"
#include "cli/reach.hpp"
#include "cli/scan_options.hpp"
#include "cli/scope_option.hpp"
#include "cli/values.hpp"
#include "cli/what_if.hpp"
#include "explain/alert_text.hpp"

namespace tlsdoctor::cli {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// More would be an attack rather than a question.
constexpr std::uint32_t k_most_repetitions = 100;

constexpr Bounds k_wait_bounds{.least = milliseconds{50}, .most = minutes{5}};
constexpr Bounds k_deadline_bounds{.least = milliseconds{100}, .most = hours{1}};

/// Reads the parsed options group by group; after the first error the rest does nothing.
class OptionReader {
public:
    OptionReader(const ParsedOptions& parsed, Options& options)
        : parsed_{parsed}, options_{options} {}

    /// What every command shares.
    std::optional<UsageError> run() {
        read_output();
        return std::move(error_);
    }

    /// What `config` shares with `check`.
    std::optional<UsageError> run_judging() {
        read_output();
        read_judging();
        return std::move(error_);
    }

    /// What the commands share that may ask a server.
    std::optional<UsageError> run_asking() {
        read_output();
        read_reach();
        read_limits();
        read_question();
        read_judging();
        return std::move(error_);
    }

    /// All of `check`.
    std::optional<UsageError> run(std::span<const std::string> operands) {
        error_ = run_asking();
        read_sources(operands);
        error_ = error_ ? error_ : read_config_source(parsed_, options_);
        return std::move(error_);
    }

private:
    void refuse(std::string what, std::string hint = {}) {
        if (!error_) {
            error_ = UsageError{.what = std::move(what), .hint = std::move(hint)};
        }
    }

    /// Says which option's value is wrong and why.
    void refuse_value(std::string_view name, std::string_view why, std::string hint = {}) {
        refuse(fmt::format("--{}: {}", name, why), std::move(hint));
    }

    /// Takes what was read of an option's value, or says why it is wrong.
    template <typename T>
    void take(std::string_view name, std::expected<T, std::string> read, T& into) {
        if (read) {
            into = *std::move(read);
        } else {
            refuse_value(name, read.error());
        }
    }

    /// Returns the value of an option that stands once.
    std::optional<std::string> value(std::string_view name) const {
        return parsed_.has(name) ? std::optional{parsed_.all(name).front()} : std::nullopt;
    }

    void exclude(std::string_view a, std::string_view b) {
        if (parsed_.has(a) && parsed_.has(b)) {
            refuse(fmt::format("--{} and --{} exclude each other", a, b));
        }
    }

    void read_output() {
        OutputOptions& output = options_.output;
        output.json = parsed_.has("json");
        output.quiet = parsed_.has("quiet");
        output.verbose = parsed_.has("verbose");
        output.evidence = parsed_.has("evidence");
        output.clients = parsed_.has("clients");
        output.overwrite = parsed_.has("overwrite");
        output.json_file = value("json-file").value_or("");
        output.record = value("record").value_or("");
        output.html_file = value("html-file").value_or(value("output").value_or(""));
        output.db = value("db").value_or("");
        take("color", read_color(value("color").value_or("auto")), output.color);
        exclude("quiet", "verbose");
        if (auto error = mixed_outputs(output)) {
            refuse(std::move(error->what), std::move(error->hint));
        }
    }

    void read_reach() {
        exclude("sni", "no-sni");
        exclude("ipv4", "ipv6");
        doctor::Options& visit = options_.visit;
        visit.ipv4 = !parsed_.has("ipv6");
        visit.ipv6 = !parsed_.has("ipv4");
        visit.insecure = parsed_.has("insecure");
        visit.question.judge_trust = !visit.insecure;
        visit.ca_file = value("ca").value_or("");
        visit.certificate_file = value("cert").value_or("");
        visit.key_file = value("key").value_or("");
        if (!visit.key_file.empty() && visit.certificate_file.empty()) {
            refuse("--key belongs to a certificate", "--cert FILE names it");
        }
        options_.target_rules.no_sni = parsed_.has("no-sni");
        if (const auto name = value("sni")) {
            read_sni(*name);
        }
        if (const auto address = value("connect")) {
            read_connect(*address);
        }
        if (options_.command != Command::scan) { // which takes a list of them
            read_port();
        }
        read_way();
    }

    void read_port() {
        if (const auto port = read_number("port", "one port", 1, 65535)) {
            options_.target_rules.port = static_cast<std::uint16_t>(*port);
        }
    }

    /// Reads a whole number, nullopt where the option is not there or refused.
    std::optional<std::uint32_t> read_number(
        std::string_view name, std::string_view what, std::uint32_t least, std::uint32_t most
    ) {
        const auto text = value(name);
        const auto number = text ? number_in(*text, most) : std::nullopt;
        if (text && (!number || *number < least)) {
            refuse_value(
                name, fmt::format("'{}' is not {} of {} to {}", harmless(*text), what, least, most)
            );
            return std::nullopt;
        }
        return number;
    }

    void read_sni(const std::string& name) {
        auto ascii = read_name(name);
        if (ascii && name.ends_with('.')) {
            *ascii += '.'; // asked for by name: servers refuse it, and that may be the question
        }
        if (!ascii) {
            refuse_value("sni", ascii.error().what, "server_name carries DNS names alone");
            return;
        }
        options_.target_rules.sni = std::move(*ascii);
    }

    void read_connect(const std::string& text) {
        const auto address = read_address(text);
        if (!address) {
            refuse_value(
                "connect", fmt::format("'{}' is not an IP address", harmless(text)),
                "'-connect HOST:PORT' with one dash, as openssl writes it, names the target"
            );
            return;
        }
        options_.visit.connect_address = address->address;
        options_.visit.connect_port = address->port;
    }

    void read_way() {
        auto way = cli::read_way(
            value("starttls").value_or("auto"), value("proxy").value_or("none"),
            value("error").value_or("")
        );
        if (!way) {
            return refuse(std::move(way.error().what), std::move(way.error().hint));
        }
        options_.target_rules.starttls = std::move(way->starttls);
        options_.visit.proxy = std::move(way->proxy);
    }

    void read_limit(std::string_view name, Bounds bounds, milliseconds& limit) {
        const auto text = value(name);
        if (!text) {
            return;
        }
        take(name, read_duration(*text, bounds), limit);
    }

    void read_limits() {
        read_limit("timeout", k_wait_bounds, options_.visit.answer_timeout);
        read_limit("connect-timeout", k_wait_bounds, options_.visit.connect_timeout);
        read_limit("deadline", k_deadline_bounds, options_.visit.deadline);
        error_ = error_ ? error_ : read_scope(parsed_, options_);
        if (const auto times = read_number("repeat", "a number", 2, k_most_repetitions)) {
            options_.visit.repeat = *times;
        }
    }

    void read_question() {
        diagnose::Question& question = options_.visit.question;
        if (const auto word = value("client")) {
            if (auto error = read_client(*word, options_.visit, options_.client_file)) {
                refuse(std::move(error->what), std::move(error->hint));
            }
        }
        exclude("client", "clients");
        options_.visit.simulation.all = parsed_.has("clients") || parsed_.has("what-if");
        // 579 clients would be most of a fleet's output, and a third of its work.
        options_.visit.foretells_clients =
            options_.command != Command::scan || options_.visit.simulation.all;
        if (parsed_.has("what-if")) {
            client::Change change;
            take("what-if", read_change(joined(parsed_.all("what-if"), ";")), change);
            options_.visit.what_if = std::move(change);
        }
        if (const auto text = value("error")) {
            question.error_text = *text;
            question.error_alert = explain::alert_in(*text);
            question.spoke_plain = explain::is_about_plain_http(*text);
        }
        if (parsed_.has("expect")) {
            take("expect", read_expectations(joined(parsed_.all("expect"), ",")), question.expect);
        }
    }

    void read_judging() {
        if (const auto text = value("fail-on")) {
            take("fail-on", read_fail_on(*text), options_.fail_on);
        }
    }

    void read_sources(std::span<const std::string> operands) {
        options_.target_files = parsed_.all("targets");
        options_.replay = value("replay").value_or("");
        const auto standard_input = std::count(
            options_.target_files.begin(), options_.target_files.end(), std::string_view{"-"}
        );
        if (standard_input > 1) {
            refuse("standard input can be read once");
        }
        for (const std::string& operand : operands) {
            auto target = read_target(operand, options_.target_rules);
            if (!target) {
                UsageError error = refused_target(operand, target.error());
                return refuse(std::move(error.what), std::move(error.hint));
            }
            options_.targets.push_back(std::move(*target));
        }
        const bool none = options_.targets.empty() && options_.target_files.empty();
        if (!none && !options_.replay.empty()) {
            refuse("--replay takes no target: it diagnoses what was recorded");
        }
        if (none && options_.replay.empty()) {
            refuse("no target", "tlsdoctor HOST, or 'tlsdoctor --help'");
        }
    }

    const ParsedOptions& parsed_;
    Options& options_;
    std::optional<UsageError> error_{};
};

} // namespace

std::expected<Options, UsageError> read_options(std::span<const std::string> words) {
    const auto line = normalise(words);
    if (!line) {
        return std::unexpected{line.error()};
    }
    const auto parsed = parse(*line);
    if (!parsed) {
        return std::unexpected{parsed.error()};
    }
    Options options;
    options.output.words = words_to_keep(*line);
    options.command = line->command;
    options.command_given = line->command_given;
    options.help = parsed->has("help");
    options.version = parsed->has("version");
    if (options.help || options.version) {
        return options; // whatever else was typed: who asks for help gets it
    }
    OptionReader reader{*parsed, options};
    std::optional<UsageError> error;
    switch (options.command) {
    case Command::check:
        error = reader.run(line->operands);
        break;
    case Command::lab:
        error = reader.run();
        error = error ? error : read_lab(*parsed, line->operands, options.lab);
        break;
    case Command::scan:
        error = reader.run_asking();
        error = error ? error : read_scan(*parsed, line->operands, options);
        break;
    case Command::explain:
        error = reader.run_asking();
        error = error ? error : read_text(*parsed, line->operands, options);
        break;
    case Command::help:
        options.topic = joined(line->operands, " ");
        error = reader.run();
        break;
    case Command::client:
        error = reader.run();
        error = error ? error : read_client_options(*parsed, line->operands, options);
        break;
    case Command::diff:
    case Command::report:
        error = reader.run();
        error = error ? error : read_inputs(*parsed, line->operands, options);
        break;
    case Command::config:
        error = reader.run_judging();
        error = error ? error : read_config(*parsed, line->operands, options);
        break;
    case Command::demo:
    case Command::version:
        error = reader.run();
        error = error ? error : refused_operands(*line);
    }
    if (error) {
        return std::unexpected{std::move(*error)};
    }
    return options;
}

} // namespace tlsdoctor::cli
