// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor help TOPIC`: the page of a cause, an alert explained, and the list of both. The pages
// are the files of docs/causes/, carried in the program.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// Returns the page about a topic: a cause (`server_only_tls13`), an alert (`alert 70`,
/// `alert protocol_version`, `protocol_version`), `alerts`, `causes` or `topics`; nullopt for any
/// other.
std::optional<std::string> help_page(std::string_view topic, const Look& look);

/// Returns the topic nearest to a word that `help_page` does not know, where one is near.
std::optional<std::string> similar_topic(std::string_view word);

/// Returns the pages of causes, sorted by name; they live as long as the program.
std::span<const EmbeddedFile> cause_pages();

} // namespace tlsdoctor::report
