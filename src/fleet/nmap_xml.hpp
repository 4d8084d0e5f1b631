// SPDX-License-Identifier: Apache-2.0
// nmap's XML output as it comes: the open TCP ports of hosts that are up. The parser sees the file
// in blocks and keeps nothing of it but the host at hand.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/entry.hpp"

namespace tlsdoctor::fleet {

/// Reads one document, piece by piece. Documents that declare entities are refused, and so is a
/// tag that does not end; what stood before a fault counts.
class NmapXml final {
public:
    NmapXml();
    ~NmapXml();
    NmapXml(const NmapXml&) = delete;
    NmapXml& operator=(const NmapXml&) = delete;

    /// Reads on; does nothing after a fault.
    void feed(std::string_view bytes);

    /// Ends the document.
    void finish();

    /// Returns what was read since the last call.
    std::vector<ListItem> take();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

} // namespace tlsdoctor::fleet
