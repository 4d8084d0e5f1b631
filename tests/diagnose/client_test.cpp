// SPDX-License-Identifier: Apache-2.0
// What the user brought: --client, --expect, --error.
#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

const Words k_tls_1_2_alone{.tls13 = "A70/0303"};
const Words k_old{.tls10 = "S0301", .tls11 = "S0302", .tls12 = "A70/0303", .tls13 = "A70/0303"};

Question of_client(ProtocolVersion lowest, ProtocolVersion highest) {
    return {
        .client = VersionRange{.lowest = lowest, .highest = highest}, .client_name = "Some client"
    };
}

Question of_error(std::optional<AlertDescription> alert) {
    return {.error_alert = alert, .error_text = "an error"};
}

} // namespace

TEST_CASE("a client is held against the accepted versions") {
    struct Row {
        const char* name;
        Words words;
        Question question;
        std::string verdict;
        std::string note;
    };
    const Row table[] = {
        {"too old",
         {},
         of_client(k_tls_1_0, k_tls_1_1),
         "server_requires_newer_version",
         "Some client fails: it speaks TLS 1.0 to TLS 1.1, the server accepts TLS 1.2 and TLS 1.3."
        },
        {"fits",
         {},
         of_client(k_tls_1_0, k_tls_1_2),
         "healthy",
         "Some client connects, as far as versions decide: both speak TLS 1.2."},
        {"too new", k_tls_1_2_alone, of_client(k_tls_1_3, k_tls_1_3), "client_only_tls13",
         "Some client fails: it speaks TLS 1.3 to TLS 1.3, the server accepts TLS 1.2."},
        {"the server is at fault", k_old, of_client(k_tls_1_3, k_tls_1_3), "server_only_legacy",
         "Some client fails: it speaks TLS 1.3 to TLS 1.3, the server accepts TLS 1.0 and TLS 1.1."
        },
        {"fits an old server", k_old, of_client(k_tls_1_0, k_tls_1_0), "server_only_legacy",
         "Some client connects, as far as versions decide: both speak TLS 1.0."},
        {"nothing accepted",
         {.tls12 = "A70/0303", .tls13 = "A70/0303", .other12 = "A70/0303", .other13 = "A70/0303"},
         of_client(k_tls_1_0, k_tls_1_2),
         "refuses_every_hello",
         "Some client fails like every client: no version was accepted."},
        {"its version was not tested",
         {.tls11 = "-"},
         of_client(k_tls_1_0, k_tls_1_1),
         "unknown",
         "Some client fails: it speaks TLS 1.0 to TLS 1.1, the server accepts TLS 1.2 and TLS 1.3."
        },
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        const Diagnosis diagnosis = diagnose(visit(row.words), row.question);
        CHECK(causes_of(diagnosis).front() == row.verdict);
        CHECK(diagnosis.client_note == row.note);
    }
}

TEST_CASE("a client whose own hello was sent is judged by its answer") {
    struct Row {
        const char* name;
        Words words;
        bool connects;
        const char* cause; ///< of its failure; empty where none is known
        std::string verdict;
        Status status;
        Side side;
    };
    const Words refuses_all{
        .ssl2 = "FIN",
        .ssl3 = "A80/0300",
        .tls10 = "A80/0301",
        .tls11 = "A80/0302",
        .tls12 = "A80/0303",
        .tls13 = "A80/0303",
        .other12 = "A80/0303",
        .other13 = "A80/0303",
    };
    constexpr auto unclear = Side::unclear;
    const Row table[] = {
        {"like every other", refuses_all, false, "", "refuses_every_hello", Status::fail,
         Side::server},
        {"alone, and nothing says why", {}, false, "", "unknown", Status::unsure, unclear},
        {"alone, and something says why",
         {},
         false,
         "no_common_cipher",
         "no_common_cipher",
         Status::fail,
         Side::server},
        {"connects", {}, true, "", "healthy", Status::ok, Side::none},
        {"connects where others are locked out",
         {.tls12 = "A70/0303"},
         true,
         "",
         "healthy",
         Status::ok,
         Side::none},
        {"connects to an old server, as others do not", k_old, true, "", "sigalg_mismatch",
         Status::warn, unclear},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        evidence::Visit answered = visit(row.words);
        evidence::Exchange own = asked(
            k_tls_1_2, evidence::Shape::composed, "server.example",
            row.connects ? "S0303" : "A80/0303", evidence::Purpose::replay
        );
        own.id = "r1";
        answered.endpoints[0].replays.push_back({.clients = {"x"}, .exchange = own});
        const Question question{
            .client_outcome =
                evidence::ClientOutcome{
                    .id = "x",
                    .name = "Some client",
                    .outcome = row.connects ? evidence::ClientResult::connects
                                            : evidence::ClientResult::fails,
                    .based_on = evidence::ClientBasis::replay,
                    .refused_by =
                        row.connects ? evidence::Refuser::nobody : evidence::Refuser::server,
                    .cause = row.cause,
                    .reason = "a reason",
                    .exchange = "r1",
                },
        };
        const Diagnosis diagnosis = diagnose(answered, question);
        const Finding& verdict = diagnosis.findings.front();
        CHECK(verdict.cause->name == row.verdict);
        CHECK(verdict.status == row.status);
        CHECK(verdict.side == row.side);
    }
}

TEST_CASE("an expectation fails only on an answer that is sure") {
    struct Row {
        const char* name;
        Words words;
        std::vector<Expectation> expect;
        std::string verdict;
    };
    const Row table[] = {
        {"met", {}, {{k_tls_1_2}, {k_tls_1_3}, {k_tls_1_0, false}}, "healthy"},
        {"too much", {.tls10 = "S0301"}, {{k_tls_1_2}, {k_tls_1_0, false}}, "expectation_failed"},
        {"too little",
         {.tls10 = "S0301", .tls12 = "A70/0303"},
         {{k_tls_1_2}, {k_tls_1_3}},
         "expectation_failed"},
        {"not tested", {.tls12 = "-"}, {{k_tls_1_2}}, "unknown"},
        {"TLS 1.3 alone, as wanted",
         {.tls12 = "A70/0303"},
         {{k_tls_1_3}, {k_tls_1_2, false}},
         "server_only_tls13"},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        CHECK(verdict_of(visit(row.words), Question{.expect = row.expect}) == row.verdict);
    }
    const Question wanted{.expect = {{k_tls_1_3}, {k_tls_1_2, false}}};
    const Diagnosis met = diagnose(visit(Words{.tls12 = "A70/0303"}), wanted);
    CHECK(met.findings.front().status == Status::ok);
}

TEST_CASE("the user's error is compared with the answers") {
    struct Row {
        const char* name;
        Words words;
        Question question;
        std::string note;
    };
    const Row table[] = {
        {"no error", {}, {}, ""},
        {"no alert in it",
         {},
         of_error(std::nullopt),
         "Your error names no TLS alert, so it could not be compared with the answers."},
        {"met by the verdict",
         {.ssl2 = "FIN", .ssl3 = "FIN", .tls10 = "FIN", .tls11 = "FIN", .tls12 = "A70/0303"},
         of_error(AlertDescription::protocol_version),
         "Your error is alert 70 (protocol_version), and matches this verdict: the hello that "
         "shows "
         "it got the same [e8]."},
        {"met by the verdict and by others before it",
         {.tls12 = "A70/0303"},
         of_error(AlertDescription::protocol_version),
         "Your error is alert 70 (protocol_version), and matches this verdict: the hello that "
         "shows "
         "it got the same [e8]."},
        {"met elsewhere",
         {.tls11 = "A80/0302", .tls12 = "A70/0303"},
         of_error(AlertDescription::internal_error),
         "Your error is alert 80 (internal_error), which the TLS 1.1 hello got too [e6]."},
        {"not met",
         {},
         of_error(AlertDescription::certificate_required),
         "Your error is alert 116 (certificate_required); none of the hellos sent here got it, so "
         "your client offers something else, or meets another server."},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        CHECK(diagnose(visit(row.words), row.question).error_note == row.note);
    }
}

TEST_CASE("alert 70 in the user's error asks which version its client lacks") {
    const Question error = of_error(AlertDescription::protocol_version);
    CHECK(verdict_of(visit(Words{}), error) == "server_requires_newer_version");
    CHECK(verdict_of(visit(Words{.tls10 = "S0301"}), error) == "legacy_versions_enabled");
    CHECK(verdict_of(visit(Words{.tls11 = "-"}), error) == "unknown");
    CHECK(verdict_of(visit(Words{.tls10 = "-"}), error) == "unknown");
    const Diagnosis likely = diagnose(visit(Words{}), error);
    CHECK(likely.findings.front().confidence == Confidence::likely);
    const Question other = of_error(AlertDescription::handshake_failure);
    CHECK(verdict_of(visit(Words{}), other) == "healthy");
}

TEST_CASE("an alert that came without a hello can be the user's error too") {
    evidence::Visit one = visit(Words{});
    evidence::Exchange banner = answer("A80/0303");
    banner.id = "e77";
    banner.purpose = evidence::Purpose::banner;
    one.endpoints.front().exchanges.push_back(banner);
    const Diagnosis diagnosis = diagnose(one, of_error(AlertDescription::internal_error));
    CHECK(diagnosis.error_note.ends_with("which the connection without a byte got too [e77]."));
}

} // namespace tlsdoctor::diagnose
