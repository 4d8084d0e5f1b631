// SPDX-License-Identifier: Apache-2.0
// How the recording server says that it will not talk, in words that the client understands.
#pragma once

#include "peer/recorder.hpp"

namespace tlsdoctor::peer {

/// Returns the answer to a complete opening: an alert, SSL 2.0's ERROR, a page for browsers that
/// came in clear, or nothing.
Bytes refusal_of(const Heard& heard, AlertDescription alert);

} // namespace tlsdoctor::peer
