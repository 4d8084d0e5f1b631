// SPDX-License-Identifier: Apache-2.0
// The command line as plain values: everything that was typed, checked as far as the words alone
// can be. Files are not opened (but a policy's is) and targets are not resolved here.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/config_settings.hpp"
#include "cli/exit_code.hpp"
#include "cli/lab_options.hpp"
#include "cli/option_table.hpp"
#include "cli/scan_settings.hpp"
#include "cli/target.hpp"
#include "cli/terminal.hpp"
#include "cli/usage_error.hpp"
#include "doctor/doctor.hpp"
#include "evidence/visit.hpp"
#include "evidence/walk.hpp"

namespace tlsdoctor::cli {

/// What is printed, and where.
struct OutputOptions {
    bool json{};
    bool quiet{};      ///< one line per target
    bool verbose{};    ///< all facts
    bool evidence{};   ///< hexadecimal of every exchange
    bool clients{};    ///< every known client by name
    bool tables{true}; ///< of an enumeration, on the screen
    bool overwrite{};
    ColorChoice color{};
    std::string json_file{}; ///< empty for none, `-` for standard output
    std::string record{};    ///< where the visits are recorded; empty for none
    std::string html_file{}; ///< `-oH`, and `-o` of `report`; `-` for standard output
    std::string db{};        ///< the database that keeps the results; empty for none
    std::string words{};     ///< the command line as the database keeps it, without secrets
};

/// What `client` is asked to do.
struct ClientOptions {
    std::vector<std::string> command{};   ///< the program and its words; empty: it listens
    std::string listen_address{};         ///< empty: both loopback addresses
    std::uint16_t listen_port{};          ///< 0: the system chooses
    std::optional<std::uint32_t> count{}; ///< ends after so many connections
    std::optional<milliseconds> deadline{};
    bool walks{true}; ///< runs the command again and again: what it accepts
    std::vector<evidence::WalkGroup> walk_groups{}; ///< empty: all of them
    bool serial{};                                  ///< one run at a time
    bool local{};                                   ///< inspects the programs of this machine
};

/// Everything that was typed.
struct Options {
    Command command{};
    bool command_given{}; ///< so that `--help` alone shows the front page
    bool help{};
    bool version{};
    std::string topic{};                     ///< of `help`, the words joined
    std::string text{};                      ///< of `explain`, the words joined
    std::vector<std::string> inputs{};       ///< of `diff` and `report`
    bool run{};                              ///< `explain --run`: ask the host in the text
    std::vector<evidence::Target> targets{}; ///< in their order
    std::vector<std::string> target_files{}; ///< `-iL`, each read after the targets
    std::string client_file{};               ///< `--client FILE`, empty for none
    std::string replay{};                    ///< a recording to diagnose instead of visiting
    TargetRules target_rules{};              ///< for the lines of `target_files`
    OutputOptions output{};
    FailOn fail_on{};
    LabOptions lab{};
    ScanSettings scan{};
    ConfigSettings config{}; ///< of `config`, and of `check --config`
    doctor::Options visit{};
    ClientOptions client{};
};

/// Reads the words after the program's name.
std::expected<Options, UsageError> read_options(std::span<const std::string> words);

} // namespace tlsdoctor::cli
