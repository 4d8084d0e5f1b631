// SPDX-License-Identifier: Apache-2.0
// Ctrl-C while another program runs: it stands in a process group of its own, so the terminal's
// signal comes to us alone, and we must pass it on. One object of this kind at a time; net::Loop
// has its own way and the two must not listen at once.
#pragma once

namespace tlsdoctor::process {

/// Takes SIGINT, SIGTERM and SIGHUP for as long as it lives. The second signal ends this process as
/// if we had never asked.
class Interruption final {
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    /// Tells whether a signal came.
    bool came() const;

    /// Returns a descriptor that becomes readable with the signal and stays so, for poll(2); -1
    /// where the system had none left.
    int descriptor() const { return read_end_; }

private:
    int read_end_{-1};
    int write_end_{-1};
};

} // namespace tlsdoctor::process
