// SPDX-License-Identifier: Apache-2.0
// Postfix on trial: a queue and data folder of its own, the services of master.cf on ports of
// loopback and outside of chroot, and neither mail filters nor logins, whose sockets are not there.
#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/master_cf.hpp"
#include "config/trial_plan.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_chroot_column = 4;
constexpr std::array<std::string_view, 14> k_postfix_queues = {
    "active",   "bounce",  "corrupt", "defer", "deferred", "flush",    "hold",
    "incoming", "private", "saved",   "trace", "public",   "maildrop", "pid"
};
constexpr std::string_view k_logins = "smtpd_sasl_auth_enable";

std::string postfix_port(const std::string& name) {
    const servent* const service = getservbyname(name.c_str(), "tcp");
    return service == nullptr ? name
                              : std::to_string(ntohs(static_cast<std::uint16_t>(service->s_port)));
}

/// Leads one service of master.cf.
void lead_service(TrialPlan& plan, const Statement& statement) {
    const auto& words = statement.words;
    if (words[1].text == "inet") {
        const std::string& text = words[0].text;
        const std::size_t colon = text.rfind(':');
        const std::string port = postfix_port(colon == text.npos ? text : text.substr(colon + 1));
        // Without a host it listens where inet_interfaces says.
        const bool bare = colon == text.npos;
        write_over(
            plan, statement, 0, 0,
            bare ? plan.ports.port(port) : plan.ports.at({host_port_in(text).host, port})
        );
    }
    write_over(plan, statement, k_chroot_column, k_chroot_column, "n");
    for (std::size_t i = k_chroot_column + 1; i < words.size(); ++i) {
        if (words[i].text.starts_with(k_logins) && words[i].text.ends_with("yes")) {
            write_over(plan, statement, i, i, fmt::format("{}=no", k_logins));
        }
    }
}

void lead_master(TrialPlan& plan, FileId file, bool& has_log) {
    const Document document = read_master_cf(plan.sources(), file);
    for (const Statement& statement : document.statements) {
        if (statement.words.size() > k_chroot_column) {
            has_log = has_log || statement.words[0].text == "postlog";
            lead_service(plan, statement);
        }
    }
}

/// Returns a parameter of main.cf as it is written, the last time it is.
std::string
parameter(const TrialPlan& plan, FileId main, std::string_view name, std::string otherwise) {
    const Document document = read_key_value(plan.sources(), main, k_postfix_dialect);
    for (const Statement& statement : document.statements) {
        if (statement.words.size() > 1 && statement.words[0].text == name) {
            otherwise = statement.words[1].text;
        }
    }
    return otherwise;
}

/// What is otherwise on trial.
using PostfixSettings = std::vector<std::pair<std::string_view, std::string>>;

PostfixSettings settings_on_trial(TrialPlan& plan, const std::string& interfaces) {
    return {
        {"queue_directory", plan.folder.own("spool")},
        {"data_directory", plan.folder.own("data")},
        {"maillog_file", plan.folder.own("log/mail.log")},
        {"maillog_file_prefixes", plan.folder.path()},
        {"inet_interfaces", interfaces},
        {k_logins, "no"},
        {"smtpd_milters", ""},
        {"smtpd_tls_session_cache_database", ""},
        {"smtp_tls_session_cache_database", ""},
    };
}

/// Sets parameters behind main.cf and takes them out before: Postfix warns of every second entry,
/// and postlogd, which warns too, waits for itself once its queue of ten lines is full.
void lead_main(TrialPlan& plan, FileId main, const PostfixSettings& settings) {
    const Document document = read_key_value(plan.sources(), main, k_postfix_dialect);
    for (const Statement& statement : document.statements) {
        if (statement.words.empty()) {
            continue;
        }
        const std::string& name = statement.words.front().text;
        const auto key = &PostfixSettings::value_type::first;
        if (std::ranges::find(settings, name, key) != settings.end()) {
            write_over(
                plan, statement, 0, statement.words.size() - 1,
                fmt::format("# left out on trial: {}", name)
            );
        }
    }
    std::string& behind = plan.behind[plan.sources().at(main).path];
    for (const auto& [name, value] : settings) {
        behind += fmt::format("\n{} = {}", name, value);
    }
    behind += "\n";
}

/// Makes the queue as `postfix start` wants it. The folder is the trial's own; a fault shows when
/// the server starts.
void make_queue(const TrialPlan& plan, const std::string& owner, const std::string& group) {
    const passwd* const user = getpwnam(owner.c_str());
    const ::group* const drop = getgrnam(group.c_str());
    const uid_t uid = user == nullptr ? 0 : user->pw_uid;
    const gid_t gid = drop == nullptr ? 0 : drop->gr_gid;
    const std::string spool = plan.folder.own("spool");
    mkdir(plan.folder.own("").c_str(), 0755);
    mkdir(spool.c_str(), 0755);
    mkdir(plan.folder.own("data").c_str(), 0700);
    mkdir(plan.folder.own("log").c_str(), 0755);
    static_cast<void>(!chown(plan.folder.own("data").c_str(), uid, static_cast<gid_t>(-1)));
    for (const std::string_view name : k_postfix_queues) {
        const std::string folder = fmt::format("{}/{}", spool, name);
        const bool shared = name == "public" || name == "maildrop";
        mkdir(folder.c_str(), 0700);
        static_cast<void>(
            !chown(folder.c_str(), name == "pid" ? 0 : uid, shared ? gid : static_cast<gid_t>(-1))
        );
        chmod(
            folder.c_str(), name == "public"     ? 0710
                            : name == "maildrop" ? 01730
                            : name == "pid"      ? 0755
                                                 : 0700
        );
    }
}

/// Returns the loopback addresses of services that name none themselves.
std::string interfaces(TrialPlan& plan) {
    std::string all;
    for (const auto& [known, place] : plan.ports.addresses()) {
        const std::string host = host_port_in(place).host;
        if (!all.contains(host)) {
            all += (all.empty() ? "" : ", ") + host;
        }
    }
    return all.empty() ? "127.0.0.1" : all;
}

} // namespace

void prepare_postfix(TrialPlan& plan) {
    const std::string folder = folder_of(plan.input.files.real_path(plan.input.main));
    const auto main = source_at(plan, plan.input.files.real_path(folder + "/main.cf"));
    const auto master = source_at(plan, plan.input.files.real_path(folder + "/master.cf"));
    if (!is_root() || !main || !master) {
        plan.problem = !is_root() ? "Postfix can only be started by root"
                                  : "main.cf and master.cf are not in one folder";
        return;
    }
    bool has_log = false;
    lead_master(plan, *master, has_log);
    lead_main(plan, *main, settings_on_trial(plan, interfaces(plan)));
    if (!has_log) {
        plan.behind[plan.sources().at(*master).path] = "\npostlog unix-dgram n - n - 1 postlogd\n";
    }
    make_queue(
        plan, parameter(plan, *main, "mail_owner", "postfix"),
        parameter(plan, *main, "setgid_group", "postdrop")
    );
    const std::string daemons = parameter(plan, *main, "daemon_directory", "/usr/lib/postfix/sbin");
    plan.command.argv = {daemons + "/master", "-c", folder, "-d"};
}

} // namespace tlsdoctor::config
