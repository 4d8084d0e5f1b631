// SPDX-License-Identifier: Apache-2.0
// From a plan to a running server and back: the private folder, the start, the wait for its ports,
// the question, the end.
#include "config/trial.hpp"

#include <algorithm>
#include <utility>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "config/mend.hpp"
#include "config/trial_plan.hpp"
#include "process/background.hpp"

namespace tlsdoctor::config {

namespace {

constexpr milliseconds k_ready_deadline{20'000};
constexpr milliseconds k_stop_grace{3'000};
constexpr int k_between_tries_ms = 50;
constexpr std::size_t k_kept_output = 20'000;

/// Tells whether somebody accepts connections there.
bool answers_at(const std::string& address) {
    const HostPort parts = host_port_in(address);
    const bool six = parts.host.starts_with('[');
    const std::string host = six ? parts.host.substr(1, parts.host.size() - 2) : parts.host;
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), parts.port.c_str(), &hints, &found) != 0) {
        return false;
    }
    const process::Descriptor peer(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const bool answers = connect(peer.get(), found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    return answers;
}

/// Returns the folder, not one that half of the machine shares.
bool is_shared_folder(const std::string& folder) {
    return std::ranges::count(folder, '/') < 2;
}

/// A trial under way.
class TrialRun {
public:
    TrialRun(
        const Examination& examination, const Input& input, std::unique_ptr<TrialFolder> folder,
        process::Shelter& shelter
    )
        : folder_(std::move(folder)), ports_(addresses_of(examination)),
          plan_{.examination = examination, .input = input, .folder = *folder_, .ports = ports_},
          shelter_(shelter) {}

    Trial finish(const TrialProbe& probe) {
        if (!prepare()) {
            return std::move(trial_);
        }
        trial_.possible = true;
        if (start()) {
            trial_.started = true;
            Step asked = probe(addresses_in_use());
            trial_.probed = asked.state == StepState::done && !shelter_.came();
            if (asked.state == StepState::failed) {
                asked.output = said();
            }
            trial_.steps.push_back(std::move(asked));
            server_->stop();
        }
        return std::move(trial_);
    }

private:
    static std::vector<std::string> addresses_of(const Examination& examination) {
        std::vector<std::string> all;
        for (const Service& service : examination.reading.services) {
            all.push_back(service.address);
        }
        return all;
    }

    /// Where services that listen are reached.
    TrialAddresses addresses_in_use() {
        TrialAddresses used;
        const auto all = ports_.addresses();
        for (const Service& service : plan_.examination.reading.services) {
            const HostPort parts = host_port_in(service.address);
            const auto place = all.find(fmt::format("{}:{}", parts.host, parts.port));
            if (service.door != Door::not_listening && place != all.end()) {
                used[service.address] = place->second;
            }
        }
        return used;
    }

    bool not_tried(std::string why) {
        trial_.steps.push_back(
            {.what = fmt::format("put {} on trial", plan_.examination.server->product),
             .state = StepState::skipped,
             .detail = "not verified: " + std::move(why)}
        );
        return false;
    }

    /// Leads the files into the private folder.
    bool prepare() {
        trial_of(plan_.examination.server->name)(plan_);
        addresses_in_use(); // every address has its place now, or the plan its problem
        if (plan_.problem.empty()) {
            plan_.problem = ports_.problem();
        }
        if (!plan_.problem.empty()) {
            return not_tried(plan_.problem);
        }
        choose_mirrors();
        if (std::string fault = folder_->fill(changed_files()); !fault.empty()) {
            return not_tried(std::move(fault));
        }
        for (const Copied& copy : plan_.input.start.copies) {
            folder_->link(copy.from, copy.to);
        }
        lead_command();
        return true;
    }

    /// The folder of the main file, and that of every source that is changed.
    void choose_mirrors() {
        const auto add = [&](const std::string& path) {
            const std::string folder = folder_of(path);
            folder_->mirror(is_shared_folder(folder) ? path : folder);
        };
        add(plan_.input.main);
        add(plan_.input.files.real_path(plan_.input.main));
        for (const auto& [file, edits] : plan_.edits) {
            add(plan_.sources().at(file).path);
        }
        for (std::size_t i = 0; i < plan_.sources().size(); ++i) {
            const SourceFile& source = plan_.sources().at(static_cast<FileId>(i));
            const auto on_disk = DiskFiles{}.read(source.path);
            if (on_disk && *on_disk != source.bytes) {
                add(source.path); // the fix changes it
            }
        }
    }

    /// The new bytes of all sources that differ from what is on the disk.
    std::map<std::string, std::string> changed_files() {
        std::map<std::string, std::string> files;
        for (std::size_t i = 0; i < plan_.sources().size(); ++i) {
            const auto file = static_cast<FileId>(i);
            const SourceFile& source = plan_.sources().at(file);
            std::string bytes = folder_->led(spliced(source.bytes, plan_.edits[file]));
            if (const auto more = plan_.behind.find(source.path); more != plan_.behind.end()) {
                bytes += more->second;
            }
            const auto on_disk = DiskFiles{}.read(source.path);
            if (on_disk && *on_disk != bytes) {
                files[source.path] = std::move(bytes);
            }
        }
        return files;
    }

    void lead_command() {
        process::Command& command = plan_.command;
        for (std::string& word : command.argv) {
            word = folder_->led(word);
        }
        for (auto& [name, value] : command.set) {
            value = folder_->led(value);
        }
        lead_library();
        command.folder = folder_->led(command.folder);
        if (command.folder.empty()) {
            command.folder = folder_->path();
        }
        command.argv.insert(command.argv.end(), plan_.own_words.begin(), plan_.own_words.end());
        command.grace = k_stop_grace;
        command.output_bound = k_kept_output;
    }

    /// A changed openssl.cnf of the system is used only by those who are told.
    void lead_library() {
        const std::string& conf = plan_.examination.beneath.openssl_conf;
        const std::string led =
            conf.empty() ? conf : folder_->led(plan_.input.files.real_path(conf));
        const auto& set = plan_.command.set;
        const bool told =
            std::ranges::any_of(set, [](const auto& one) { return one.first == "OPENSSL_CONF"; });
        if (!told && led != conf && !led.empty()) {
            plan_.command.set.emplace_back("OPENSSL_CONF", led);
        }
    }

    std::string said() { return last_lines(server_->output_tail()); }

    bool start() {
        Step step{
            .what = fmt::format(
                "start {} on trial, in a private folder", plan_.examination.server->product
            ),
            .command = shown(plan_.command)
        };
        auto server = process::Background::start(plan_.command);
        if (!server) {
            step.state = StepState::failed;
            step.detail = std::move(server.error());
        } else {
            server_ = *std::move(server);
            step.detail = why_not_ready();
            step.state = step.detail.empty() ? StepState::done : StepState::failed;
            step.output = step.detail.empty() ? "" : output_of_all();
        }
        trial_.steps.push_back(step);
        return step.state == StepState::done;
    }

    /// What it said, to us or into its log.
    std::string output_of_all() {
        server_->stop();
        std::string text = said();
        for (const std::string_view log : {"error.log", "log/mail.log"}) {
            if (const auto bytes = DiskFiles{}.read(folder_->own(log)); bytes && !bytes->empty()) {
                text += (text.empty() ? "" : "\n") + last_lines(*bytes);
            }
        }
        return text;
    }

    /// Waits until every address answers.
    std::string why_not_ready() {
        const auto addresses = addresses_in_use();
        const TimePoint until = Clock::now() + k_ready_deadline;
        for (const auto& [known, place] : addresses) {
            while (!answers_at(place)) {
                if (shelter_.came()) {
                    return "interrupted";
                }
                if (server_->has_ended()) {
                    return "it ended at once";
                }
                if (Clock::now() > until) {
                    return fmt::format(
                        "{} (here {}) does not answer after {} seconds", known, place,
                        k_ready_deadline.count() / 1000
                    );
                }
                poll(nullptr, 0, k_between_tries_ms);
            }
        }
        return {};
    }

    std::unique_ptr<TrialFolder> folder_;
    TrialPorts ports_;
    TrialPlan plan_;
    process::Shelter& shelter_;
    std::unique_ptr<process::Background> server_{};
    Trial trial_{};
};

} // namespace

bool has_trial(const Server& server) {
    return trial_of(server.name) != nullptr;
}

Trial try_out(
    const Examination& examination, const Input& input, const TrialProbe& probe,
    process::Shelter& shelter
) {
    const Server& server = *examination.server;
    auto folder = TrialFolder::make();
    if (!has_trial(server) || !folder) {
        const std::string why =
            has_trial(server) ? folder.error() : fmt::format("no trial for {}", server.product);
        return {
            .steps =
                {{.what = fmt::format("put {} on trial", server.product),
                  .state = StepState::skipped,
                  .detail = "not verified: " + why}}
        };
    }
    return TrialRun{examination, input, *std::move(folder), shelter}.finish(probe);
}

} // namespace tlsdoctor::config
