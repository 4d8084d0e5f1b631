// SPDX-License-Identifier: Apache-2.0
// Makes visits out of words, in the form and order in which a real visit asks (src/probe/plan.cpp):
// one hello for each version, a second one of another shape where the first got a "no", other names
// where nothing was accepted, and the control probe at the end.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

inline constexpr auto k_tls_1_0 = ProtocolVersion::tls_1_0;
inline constexpr auto k_tls_1_1 = ProtocolVersion::tls_1_1;
inline constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
inline constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

/// One answer in the spelling of stacks.tsv: `S0303`, `H0304`, `A70/0301`, `FIN`, `RST`, `TIMEOUT`,
/// `DATA:imap`, `HALF` (garbled), `-` (not tested); fails the test for any other word.
evidence::Exchange answer(std::string_view word);

/// The same with what was asked.
evidence::Exchange asked(
    ProtocolVersion version, evidence::Shape shape, std::optional<std::string> sni,
    std::string_view word, evidence::Purpose purpose = evidence::Purpose::version
);

/// The six answers, oldest version first, in the words of `answer`.
struct Words {
    std::string_view ssl2{"FIN"};
    std::string_view ssl3{"A40/0300"};
    std::string_view tls10{"A70/0301"};
    std::string_view tls11{"A70/0302"};
    std::string_view tls12{"S0303"};
    std::string_view tls13{"S0304"};
    std::optional<std::string> sni{"server.example"}; ///< the name that the hellos carry
    std::optional<std::string> other{};               ///< the name of the hellos with another one
    std::string_view other12{"-"};                    ///< their answers; `-` asks none
    std::string_view other13{"-"};
};

/// An open endpoint that gives these answers.
evidence::Endpoint endpoint(const Words& words, std::string address = "192.0.2.7");

/// A visit of `server.example` with these endpoints.
evidence::Visit visit(std::vector<evidence::Endpoint> endpoints);
evidence::Visit visit(const Words& words);

/// The causes of all findings, the verdict first.
std::vector<std::string> causes_of(const Diagnosis& diagnosis);

/// Diagnoses without a question.
std::vector<std::string> causes_of(const evidence::Visit& visit);

/// Diagnoses, and returns the verdict's cause.
std::string verdict_of(const evidence::Visit& visit, const Question& question = {});

/// Tells whether a cause is among them.
bool has(const std::vector<std::string>& causes, std::string_view cause);

} // namespace tlsdoctor::diagnose
