// SPDX-License-Identifier: Apache-2.0
// Several addresses of one name: do they answer alike? Clients take any of them, so a difference is
// a failure that comes and goes, and a cause of its own.
#pragma once

#include <vector>

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// What was found at one address, worst first; borrows the endpoint.
struct EndpointFindings {
    const evidence::Endpoint* endpoint{};
    std::vector<Finding> findings{};
};

/// Joins the findings of all addresses: one set where they agree, else each address's own with
/// `inconsistent_addresses` added.
std::vector<Finding>
compared(const evidence::Visit& visit, std::vector<EndpointFindings> endpoints);

} // namespace tlsdoctor::diagnose
