// SPDX-License-Identifier: Apache-2.0
// Compares endpoints by their verdict and the versions they accept.
#include "diagnose/compare.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "diagnose/diagnose.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Outcome;
using evidence::Reach;
using evidence::Visit;

/// Accepted at one address and refused at the other; a version that a cut run left out at either
/// tells nothing.
bool accept_alike(const Endpoint& a, const Endpoint& b) {
    const auto first = version_answers(a);
    const auto second = version_answers(b);
    return std::ranges::equal(first, second, [](const auto& one, const auto& other) {
        const bool tested =
            one.outcome != Outcome::not_tested && other.outcome != Outcome::not_tested;
        return !tested ||
               (one.outcome == Outcome::accepted) == (other.outcome == Outcome::accepted);
    });
}

bool alike(const EndpointFindings& a, const EndpointFindings& b) {
    return a.findings.front().cause == b.findings.front().cause &&
           accept_alike(*a.endpoint, *b.endpoint);
}

bool is_complete(const Endpoint& endpoint) {
    return std::ranges::none_of(version_answers(endpoint), [](const auto& answer) {
        return answer.outcome == Outcome::not_tested;
    });
}

/// `localhost` stands in the visitor's own hosts file [RFC 6761 6.3]: that a service listens on one
/// of its two addresses only is ordinary, and no fault of the service.
void leave_out_idle_loopback(const Visit& visit, std::vector<EndpointFindings>& endpoints) {
    const auto is_open = [](const EndpointFindings& one) {
        return one.endpoint->reach == Reach::open;
    };
    if (visit.target.host == "localhost" && std::ranges::any_of(endpoints, is_open)) {
        std::erase_if(endpoints, [&](const EndpointFindings& one) { return !is_open(one); });
    }
}

/// No way to an address, beside another that is open: most often this machine lacks IPv6, which is
/// no fault of the service. The address stays among the endpoints as unreachable.
void leave_out_unreachable(std::vector<EndpointFindings>& endpoints) {
    const auto reaches = [](Reach reach) {
        return [reach](const EndpointFindings& one) {
            return one.endpoint->reach == reach;
        };
    };
    if (std::ranges::any_of(endpoints, reaches(Reach::open))) {
        std::erase_if(endpoints, reaches(Reach::unreachable));
    }
}

Citation citation_for(const EndpointFindings& one) {
    const Finding& verdict = one.findings.front();
    return {
        .exchange = verdict.evidence.empty() ? "" : verdict.evidence.front().exchange,
        .text = fmt::format("{} -> {}", one.endpoint->address, verdict.cause->name),
    };
}

Finding inconsistent(const std::vector<EndpointFindings>& endpoints) {
    const CauseInfo* const cause = find_cause("inconsistent_addresses");
    Finding finding{
        .cause = cause,
        .status = Status::ok,
        .side = cause->side,
        .confidence = Confidence::proven,
        .summary = "The addresses of this name answer differently: ",
        .refuted_by = "the same answers from every address",
    };
    for (const EndpointFindings& one : endpoints) {
        const Finding& verdict = one.findings.front();
        finding.status = std::min({finding.status, verdict.status, Status::warn});
        finding.summary += fmt::format(
            "{}{} {}", finding.evidence.empty() ? "" : ", ", one.endpoint->address,
            verdict.cause->name
        );
        finding.evidence.push_back(citation_for(one));
    }
    finding.summary += ".";
    return finding;
}

/// An address that a cut run did not come to, or left before it failed, tells nothing about
/// differences.
void leave_out_untested(const Visit& visit, std::vector<EndpointFindings>& endpoints) {
    const auto untested = [](const EndpointFindings& one) {
        const Finding& verdict = one.findings.front();
        return verdict.cause->name == "unknown" ||
               (verdict.status != Status::fail && !is_complete(*one.endpoint));
    };
    if (visit.interrupted && !std::ranges::all_of(endpoints, untested)) {
        std::erase_if(endpoints, untested);
    } else if (visit.interrupted) {
        endpoints.resize(std::min<std::size_t>(endpoints.size(), 1));
    }
}

} // namespace

std::vector<Finding> compared(const Visit& visit, std::vector<EndpointFindings> endpoints) {
    leave_out_idle_loopback(visit, endpoints);
    leave_out_unreachable(endpoints);
    leave_out_untested(visit, endpoints);
    if (endpoints.empty()) {
        return {};
    }
    const bool same = std::ranges::all_of(endpoints, [&](const EndpointFindings& one) {
        return alike(one, endpoints.front());
    });
    if (same) {
        return std::move(endpoints.front().findings);
    }
    std::vector<Finding> all{inconsistent(endpoints)};
    for (EndpointFindings& one : endpoints) {
        for (Finding& finding : one.findings) {
            finding.address = one.endpoint->address;
        }
        std::ranges::move(one.findings, std::back_inserter(all));
    }
    return all;
}

} // namespace tlsdoctor::diagnose
