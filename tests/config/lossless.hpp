// SPDX-License-Identifier: Apache-2.0
// What every tokenizer owes: its tokens give the file's bytes again, and each word lies in exactly
// one of them; also of files that are cut anywhere or full of rubbish.
#pragma once

#include <functional>
#include <string>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Reads one file of the sources.
using Tokenizer = std::function<Document(const Sources&, FileId)>;

/// Checks one text.
void check_lossless(const std::string& text, const Tokenizer& tokenizer);

/// Checks the text, every beginning of it, and each with a byte of rubbish behind.
void check_every_truncation(const std::string& text, const Tokenizer& tokenizer);

} // namespace tlsdoctor::config
