// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor client --local`: finds the TLS clients of this machine, runs each against the
// recording server, and reads the settings that limit it.
#pragma once

#include <functional>
#include <string>

#include "cli/client_recording.hpp"
#include "evidence/local_machine.hpp"

namespace tlsdoctor::cli {

/// Inspects this machine, two programs at a time, until the deadline; hears about each program on
/// the calling thread or one of its own, one at a time.
evidence::LocalMachine inspect_machine(
    milliseconds deadline, const process::Interruption& interruption,
    const std::function<void(const std::string&)>& on_progress
);

} // namespace tlsdoctor::cli
