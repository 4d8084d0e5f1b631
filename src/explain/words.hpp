// SPDX-License-Identifier: Apache-2.0
// Alerts in texts that no row knows. Every library names the alert that it got in some spelling, so
// the alert is understood where the text is certainly about TLS.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace tlsdoctor::explain {

/// The patterns, compiled once.
class AlertFinder final {
public:
    AlertFinder();
    ~AlertFinder();
    AlertFinder(const AlertFinder&) = delete;
    AlertFinder& operator=(const AlertFinder&) = delete;

    /// Returns the alert that a line reports; nullopt where it is not about TLS, or tells no alert.
    /// English prose and ordinary log lines tell none.
    std::optional<int> find(std::string_view line) const;

private:
    struct Shapes;
    std::unique_ptr<Shapes> shapes_;
};

} // namespace tlsdoctor::explain
