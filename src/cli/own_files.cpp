// SPDX-License-Identifier: Apache-2.0
// Reads each file as the visit will, and forgets it.
#include "cli/own_files.hpp"

#include <string>
#include <utility>

#include <fmt/core.h>
#include <unistd.h>

#include "base/text.hpp"
#include "crypto/client_session.hpp"

namespace tlsdoctor::cli {

std::optional<UsageError> unreadable_files(const doctor::Options& visit) {
    const std::pair<std::string_view, const std::string&> files[] = {
        {"--ca", visit.ca_file}, {"--cert", visit.certificate_file}, {"--key", visit.key_file}
    };
    bool any = false;
    for (const auto& [option, file] : files) {
        any = any || !file.empty();
        if (!file.empty() && access(file.c_str(), R_OK) != 0) {
            return UsageError{.what = fmt::format("{}: cannot read {}", option, harmless(file))};
        }
    }
    if (!any) {
        return std::nullopt;
    }
    if (!visit.ca_file.empty()) {
        const auto roots = crypto::ClientSession::create({.ca_file = visit.ca_file});
        if (!roots) {
            return UsageError{
                .what = fmt::format("--ca: {}", roots.error().what),
                .hint = "a file of trusted roots in PEM is wanted"
            };
        }
    }
    const auto own = crypto::ClientSession::create(
        {.certificate_file = visit.certificate_file, .key_file = visit.key_file}
    );
    if (!own) {
        return UsageError{
            .what = fmt::format("--cert: {}", own.error().what),
            .hint = "a certificate and its key in PEM, without a password, are wanted"
        };
    }
    return std::nullopt;
}

} // namespace tlsdoctor::cli
