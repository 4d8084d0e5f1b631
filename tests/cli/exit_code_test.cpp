// SPDX-License-Identifier: Apache-2.0
// Exit codes: severity, and the code of a diagnosis.
#include "cli/exit_code.hpp"

#include <doctest/doctest.h>

using tlsdoctor::CauseInfo;
using tlsdoctor::Status;
using tlsdoctor::cli::exit_code_for;
using tlsdoctor::cli::ExitCode;
using tlsdoctor::cli::FailOn;
using tlsdoctor::cli::worse;
using tlsdoctor::diagnose::Diagnosis;
using tlsdoctor::diagnose::Finding;

namespace {

constexpr ExitCode k_by_severity[] = {ExitCode::healthy,     ExitCode::usage,
                                      ExitCode::unreachable, ExitCode::inconclusive,
                                      ExitCode::problem,     ExitCode::internal};

constexpr CauseInfo k_healthy{.name = "healthy", .exit_code = 0};
constexpr CauseInfo k_warning{.name = "no_tls13", .exit_code = 0};
constexpr CauseInfo k_problem{.name = "server_only_tls13", .exit_code = 1};
constexpr CauseInfo k_closed{.name = "port_closed", .exit_code = 3};
constexpr CauseInfo k_unsure{.name = "unknown", .exit_code = 4};

Diagnosis only(const CauseInfo& cause, Status status) {
    return {.findings = {Finding{.cause = &cause, .status = status}}};
}

Diagnosis warned(const CauseInfo& verdict, Status status) {
    Diagnosis diagnosis = only(verdict, status);
    diagnosis.findings.push_back({.cause = &k_warning, .status = Status::warn});
    return diagnosis;
}

struct ExitCase {
    std::string name;
    Diagnosis diagnosis;
    bool interrupted;
    FailOn fail_on;
    ExitCode code;
};

const ExitCase k_exit_cases[] = {
    {"healthy", only(k_healthy, Status::ok), false, {}, ExitCode::healthy},
    {"a warning", only(k_warning, Status::warn), false, {}, ExitCode::healthy},
    {"a warning that counts",
     only(k_warning, Status::warn),
     false,
     {.warn = true},
     ExitCode::problem},
    {"healthy where warnings count",
     only(k_healthy, Status::ok),
     false,
     {.warn = true},
     ExitCode::healthy},
    {"a problem", only(k_problem, Status::fail), false, {}, ExitCode::problem},
    {"a problem that was expected", only(k_problem, Status::ok), false, {}, ExitCode::healthy},
    {"a difference between healthy addresses",
     only(k_problem, Status::warn),
     false,
     {},
     ExitCode::healthy},
    {"a difference that may be one",
     only(k_problem, Status::unsure),
     false,
     {},
     ExitCode::inconclusive},
    {"a closed port", only(k_closed, Status::fail), false, {}, ExitCode::unreachable},
    {"a closed port that counts",
     only(k_closed, Status::fail),
     false,
     {.unreachable = true},
     ExitCode::problem},
    {"a closed port where warnings count",
     only(k_closed, Status::fail),
     false,
     {.warn = true},
     ExitCode::unreachable},
    {"unsure", only(k_unsure, Status::unsure), false, {}, ExitCode::inconclusive},
    {"unsure, with a warning that counts",
     warned(k_unsure, Status::unsure),
     false,
     {.warn = true},
     ExitCode::problem},
    {"a problem, with a warning", warned(k_problem, Status::fail), false, {}, ExitCode::problem},
    {"interrupted", only(k_healthy, Status::ok), true, {}, ExitCode::inconclusive},
    {"interrupted with a problem",
     only(k_problem, Status::fail),
     true,
     {.warn = true},
     ExitCode::inconclusive},
};

} // namespace

TEST_CASE("worse returns the more severe code, whichever comes first") {
    for (const ExitCode& a : k_by_severity) {
        for (const ExitCode& b : k_by_severity) {
            const ExitCode expected = &a < &b ? b : a;
            CHECK(worse(a, b) == expected);
            CHECK(worse(b, a) == expected);
        }
    }
}

TEST_CASE("exit_code_for returns the verdict's code") {
    for (const ExitCase& c : k_exit_cases) {
        CAPTURE(c.name);
        CHECK(exit_code_for(c.diagnosis, c.interrupted, c.fail_on) == c.code);
    }
}
