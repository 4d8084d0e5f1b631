// SPDX-License-Identifier: Apache-2.0
// Dovecot's settings after includes: a flat list, each with the filters of the blocks around it,
// and which of them counts for a protocol, an address and a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// The filter blocks around a setting; empty: none of that kind.
struct DovecotFilter {
    std::string protocol{}; ///< `imap`, `!pop3`
    std::string local{};    ///< an address or net
    std::string remote{};
    std::string local_name{}; ///< one or more names, with blanks
    bool operator==(const DovecotFilter&) const = default;
};

/// One setting.
struct DovecotSetting {
    std::string path{};  ///< `ssl`, `service/imap-login/inet_listener/imaps/port`
    std::string value{}; ///< variables expanded
    bool is_file{};      ///< the value stands in the file that `value` names
    DovecotFilter filter{};
    Place statement{};
    Place value_place{};
    Place section{}; ///< the block directly around it; empty at the top
};

/// Whom a setting is looked up for.
struct DovecotClient {
    std::string protocol{};
    std::string address{};             ///< of the listener, without port
    std::optional<std::string> name{}; ///< what the client asks for
};

/// What counts.
struct DovecotChoice {
    const DovecotSetting* decides{}; ///< null: the default
    const DovecotSetting* conflicts{
    }; ///< another block sets it too, and neither is within the other
};

/// Everything that was read.
struct DovecotSettings {
    std::vector<DovecotSetting> all{};
    std::vector<Place> listeners{}; ///< `inet_listener` sections, with their paths below
    std::vector<std::string> listener_paths{};
    bool is_24{}; ///< `dovecot_config_version` stands there

    /// The most special block decides, within it the last line. Blocks of local_name count only
    /// for a client with a name.
    DovecotChoice choose(std::string_view path, const DovecotClient& client) const;
    /// The value of a setting outside of filters; the last one.
    const DovecotSetting* global(std::string_view path) const;
};

/// Reads the main file and its includes.
DovecotSettings read_dovecot_settings(const Input& input, Reading& reading, FileId file);

/// Tells whether one of the names of a local_name block (`*.a.test` among them) is `name`.
bool dovecot_name_matches(std::string_view names, std::string_view name);

} // namespace tlsdoctor::config
