// SPDX-License-Identifier: Apache-2.0
// What `tlsdoctor scan` was asked for beyond what `check` knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tlsdoctor::cli {

/// The settings of a scan.
struct ScanSettings {
    std::vector<std::string> words{};         ///< targets and blocks on the command line
    std::vector<std::uint16_t> ports{};       ///< `--port`, where an entry names none
    std::string exclude{};                    ///< a file; empty: nobody
    bool resume{};                            ///< goes on where an earlier run was cut
    std::optional<std::uint32_t> rate{};      ///< connections a second
    std::size_t per_host{16};                 ///< connections to one address at once
    std::optional<std::size_t> concurrency{}; ///< connections at once
    std::optional<std::size_t> threads{};
    std::optional<std::uint64_t> seed{}; ///< of the order
};

} // namespace tlsdoctor::cli
