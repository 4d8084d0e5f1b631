// SPDX-License-Identifier: Apache-2.0
// What a server accepts that stands on java; see judge_parts.hpp.
#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

Effective judge_java(const Hearing& hearing) {
    const Service& service = hearing.service;
    return {.versions = states_of(service.enabled, Obstacle::not_enabled), .lines = service.lines};
}

} // namespace tlsdoctor::config
