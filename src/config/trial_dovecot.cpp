// SPDX-License-Identifier: Apache-2.0
// Dovecot on trial: what it should do otherwise stands behind its main file, where the last word
// wins. Which listeners it has is Dovecot's own word (doveconf): most of them are built in.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/operation.hpp"
#include "config/trial_plan.hpp"

namespace tlsdoctor::config {

namespace {

constexpr milliseconds k_doveconf_deadline{10'000};
constexpr std::size_t k_doveconf_bytes = 1 << 20;

/// Reads doveconf's output line by line and writes what must be otherwise.
class DovecotOverrides {
public:
    explicit DovecotOverrides(TrialPlan& plan) : plan_(plan) {}

    void take(std::string_view line) {
        const auto words = split(trimmed(line), ' ');
        if (line.starts_with("service ") && words.size() > 1) {
            service_ = words[1];
        } else if (words.size() > 1 && words.back() == "{") {
            listener_ = std::string{words[0]};
            name_ = std::string{words[1]};
            if (listener_ != "inet_listener" && name_.starts_with('/')) {
                // A socket in a folder of somebody else: the running server's.
                add("mode = 0");
            }
        } else if (listener_ == "inet_listener" && words.size() > 2 && words[0] == "port") {
            lead(std::string{words[2]});
        }
    }

    const std::string& text() const { return text_; }

private:
    void lead(const std::string& port) {
        if (port == "0") {
            return;
        }
        std::string hosts;
        std::string new_port;
        for (const std::string& place : plan_.ports.all_at({"0.0.0.0", port})) {
            const HostPort parts = host_port_in(place);
            const bool six = parts.host.starts_with('[');
            hosts += hosts.empty() ? "" : " ";
            hosts += six ? parts.host.substr(1, parts.host.size() - 2) : parts.host;
            new_port = parts.port;
        }
        add(fmt::format("address = {}\n    port = {}", hosts, new_port));
    }

    void add(const std::string& setting) {
        text_ += fmt::format(
            "service {} {{\n  {} {} {{\n    {}\n  }}\n}}\n", service_, listener_, name_, setting
        );
    }

    TrialPlan& plan_;
    std::string service_{};
    std::string listener_{};
    std::string name_{};
    std::string text_{};
};

} // namespace

void prepare_dovecot(TrialPlan& plan) {
    if (!is_root()) {
        plan.problem = "Dovecot can only be started by root";
        return;
    }
    const process::Result listed = process::run(
        {.argv = {"doveconf", "-c", plan.input.main, "service"},
         .deadline = k_doveconf_deadline,
         .output_bound = k_doveconf_bytes}
    );
    if (listed.ending != process::Ending::exited || listed.exit_code != 0) {
        plan.problem = "doveconf does not list its listeners: " +
                       (listed.error.empty() ? listed.output_tail.substr(0, 300) : listed.error);
        return;
    }
    DovecotOverrides overrides{plan};
    for (const std::string_view line : split(listed.output_tail, '\n')) {
        overrides.take(line);
    }
    plan.behind[plan.input.files.real_path(plan.input.main)] = fmt::format(
        "\nbase_dir = {0}\nstate_dir = {0}\nlog_path = /dev/stderr\ninfo_log_path =\n"
        "debug_log_path =\n{1}",
        plan.folder.own("run"), overrides.text()
    );
    plan.command = start_of(*plan.examination.server, plan.input);
    plan.own_words = {"-F"};
}

} // namespace tlsdoctor::config
