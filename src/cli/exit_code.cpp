// SPDX-License-Identifier: Apache-2.0
// Severity of exit codes and the code of a diagnosis.
#include "cli/exit_code.hpp"

#include <algorithm>
#include <array>

#include "base/assume.hpp"

namespace tlsdoctor::cli {

namespace {

/// From mild to severe.
constexpr std::array k_by_severity = {ExitCode::healthy,     ExitCode::usage,
                                      ExitCode::unreachable, ExitCode::inconclusive,
                                      ExitCode::problem,     ExitCode::internal};

auto severity(ExitCode code) {
    return std::find(k_by_severity.begin(), k_by_severity.end(), code) - k_by_severity.begin();
}

/// The finding's own status counts before its cause's: what was expected, or is a difference
/// between healthy addresses only, is no failure.
ExitCode code_of(const diagnose::Finding& verdict) {
    switch (verdict.status) {
    case Status::ok:
    case Status::warn:
        return ExitCode::healthy;
    case Status::unsure:
        return ExitCode::inconclusive;
    case Status::fail:
        break;
    }
    return static_cast<ExitCode>(verdict.cause->exit_code);
}

} // namespace

ExitCode worse(ExitCode a, ExitCode b) {
    return severity(a) < severity(b) ? b : a;
}

ExitCode exit_code_for(const diagnose::Diagnosis& diagnosis, bool interrupted, FailOn fail_on) {
    if (interrupted) {
        return ExitCode::inconclusive;
    }
    assume(!diagnosis.findings.empty(), "a diagnosis has a verdict");
    ExitCode code = code_of(diagnosis.findings.front());
    if (code == ExitCode::unreachable && fail_on.unreachable) {
        code = ExitCode::problem;
    }
    const bool warned = std::any_of(
        diagnosis.findings.begin(), diagnosis.findings.end(),
        [](const diagnose::Finding& finding) { return finding.status == Status::warn; }
    );
    return warned && fail_on.warn ? worse(code, ExitCode::problem) : code;
}

} // namespace tlsdoctor::cli
