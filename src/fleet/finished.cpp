// SPDX-License-Identifier: Apache-2.0
// A target is known again by what its line says of it, spelled as the line spells it.
#include "fleet/finished.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "registry/version.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::fleet {

namespace {

/// The words of the list, and not what the visit made of them: a server that greets in clear
/// changes how it is asked, and is the same target.
std::string words_of_target(
    std::string_view input, std::string_view host, std::uint16_t port,
    const std::optional<std::string>& sni
) {
    return fmt::format(
        "{}\n{}\n{}\n{}", report::safe_lines(input), report::safe_lines(host), port,
        report::safe_lines(sni.value_or(""))
    );
}

Status status_named(std::string_view name) {
    constexpr std::array k_statuses = {Status::ok, Status::warn, Status::fail, Status::unsure};
    const auto* const at =
        std::ranges::find_if(k_statuses, [&](Status status) { return name_of(status) == name; });
    return at == k_statuses.end() ? Status::unsure : *at;
}

void note_versions(const evidence::ResultEndpoint& endpoint, Gist& gist) {
    for (const evidence::ResultVersion& answer : endpoint.versions) {
        const auto* const at = std::ranges::find(k_versions, answer.version);
        if (at != k_versions.end() && answer.outcome == "accepted") {
            gist.accepted |= static_cast<std::uint8_t>(1U << (at - k_versions.begin()));
        }
    }
}

} // namespace

Gist gist_of(const evidence::Result& result) {
    Gist gist{.status = status_named(result.status), .cause = result.cause, .side = result.side};
    for (const evidence::ResultEndpoint& endpoint : result.endpoints) {
        gist.reached = gist.reached || endpoint.state == "open";
        gist.stack = gist.stack.empty() ? endpoint.stack : gist.stack;
        note_versions(endpoint, gist);
    }
    return gist;
}

bool Finished::contains(const evidence::Target& target) const {
    return targets_.contains(words_of_target(target.input, target.host, target.port, target.sni));
}

std::expected<void, std::string> Finished::read_line(std::string_view line) {
    ++lines_;
    const auto result = evidence::read_result(line);
    if (!result) {
        return std::unexpected(
            fmt::format("line {} is not a result of a scan: {}", lines_, result.error())
        );
    }
    targets_.add(words_of_target(result->input, result->host, result->port, result->sni));
    if (on_result) {
        on_result(*result, line);
    }
    return {};
}

std::expected<void, std::string> Finished::feed(std::string_view bytes) {
    for (;;) {
        const std::size_t end = bytes.find('\n');
        if (begun_.size() + std::min(end, bytes.size()) > k_longest_result) {
            return std::unexpected(fmt::format("line {} is too long", lines_ + 1));
        }
        if (end == std::string_view::npos) {
            begun_ += bytes;
            return {};
        }
        const std::string whole = std::exchange(begun_, {}) + std::string(bytes.substr(0, end));
        if (auto read = read_line(whole); !read) {
            return read;
        }
        complete_ += whole.size() + 1;
        bytes.remove_prefix(end + 1);
    }
}

} // namespace tlsdoctor::fleet
