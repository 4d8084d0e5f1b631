// SPDX-License-Identifier: Apache-2.0
// Private to this module: what an enumeration asks beside its predictions. Answers that decide
// nothing are asked for again; at last the order of what is accepted is completed.
#pragma once

#include <vector>

#include "evidence/suite_order.hpp"

namespace tlsdoctor::probe {

/// Returns the lists to offer once more: the same where there was no word, halves where an alert
/// may mean the length of the list or one suite in it.
std::vector<std::vector<CipherSuite>> lists_to_repeat(const evidence::SuiteAnswers& answers);

/// Returns lists of accepted suites that show whose order decides, and the server's order. None
/// where that is known, or where further answers would not tell.
std::vector<std::vector<CipherSuite>>
lists_for_order(const evidence::SuiteAnswers& answers, const evidence::SuiteOrder& order);

} // namespace tlsdoctor::probe
