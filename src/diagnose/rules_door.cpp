// SPDX-License-Identifier: Apache-2.0
// The wrong door: a dialogue in clear that does not come to TLS, or clear text where TLS begins at
// once.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/proof.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Exchange;
using evidence::Purpose;

// A dialogue that does not come to TLS.

struct DialogueNames {
    std::string_view protocol;
    std::string_view spelled;
    std::string_view request;
};

constexpr DialogueNames k_dialogue_names[] = {
    {"smtp", "SMTP", "STARTTLS"},
    {"lmtp", "LMTP", "STARTTLS"},
    {"imap", "IMAP", "STARTTLS"},
    {"pop3", "POP3", "STLS"},
    {"ftp", "FTP", "AUTH TLS"},
    {"nntp", "NNTP", "STARTTLS"},
    {"sieve", "ManageSieve", "STARTTLS"},
    {"irc", "IRC", "STARTTLS"},
    {"xmpp", "XMPP", "starttls"},
    {"xmpp-server", "XMPP between servers", "starttls"},
    {"ldap", "LDAP", "the StartTLS operation"},
    {"postgres", "PostgreSQL", "SSL"},
    {"mysql", "MySQL", "SSL"},
    {"rdp", "RDP", "TLS"},
    {"mssql", "TDS (SQL Server)", "encryption"},
};

DialogueNames dialogue_names(std::string_view protocol) {
    const auto* const at = std::ranges::find(k_dialogue_names, protocol, &DialogueNames::protocol);
    return at == std::end(k_dialogue_names) ? DialogueNames{protocol, protocol, "TLS"} : *at;
}

struct EndWords {
    std::string_view result;
    std::string_view words;
};

constexpr EndWords k_ends[] = {
    {"not_offered", "TLS is not offered"},
    {"refused", "refused"},
    {"silent", "no answer"},
    {"closed", "closed (FIN)"},
    {"reset", "reset (RST)"},
    {"other_protocol", "another protocol"},
};

/// Cites what the server said in clear: no hello was sent.
Proof shown_in_dialogue(const Exchange* exchange) {
    if (exchange == nullptr) {
        return std::nullopt;
    }
    const evidence::Dialogue& dialogue = *exchange->dialogue;
    const auto* const at = std::ranges::find(k_ends, dialogue.result, &EndWords::result);
    const std::string said = dialogue.said.empty() ? "" : ": " + quoted(dialogue.said);
    return std::vector<Citation>{
        {.exchange = exchange->id,
         .text = fmt::format(
             "{} dialogue -> {}{}", dialogue_names(dialogue.protocol).spelled,
             at == std::end(k_ends) ? "garbled" : at->words, said
         )}
    };
}

/// The dialogue that ended so, of a question that was meant to reach TLS by it.
const Exchange* dialogue_that(const Case& visit, std::string_view result) {
    return first_that(visit, [&](const Exchange& one) {
        return one.purpose != Purpose::trait && one.dialogue && one.dialogue->result == result;
    });
}

Proof not_offered(const Case& visit) {
    return shown_in_dialogue(dialogue_that(visit, "not_offered"));
}
Proof upgrade_refused(const Case& visit) {
    return shown_in_dialogue(dialogue_that(visit, "refused"));
}
Proof dialogue_silent(const Case& visit) {
    return shown_in_dialogue(dialogue_that(visit, "silent"));
}
Proof dialogue_closed(const Case& visit) {
    return shown_in_dialogue(dialogue_that(visit, "closed"));
}
Proof dialogue_reset(const Case& visit) {
    return shown_in_dialogue(dialogue_that(visit, "reset"));
}

std::string starttls_not_offered(const Case& visit) {
    const evidence::Dialogue& dialogue = *dialogue_that(visit, "not_offered")->dialogue;
    const DialogueNames names = dialogue_names(dialogue.protocol);
    return fmt::format(
        "Port {} speaks {} and does not offer {}: all that is said there goes in clear.",
        visit.endpoint.port, names.spelled, names.request
    );
}

std::string starttls_refused(const Case& visit) {
    const evidence::Dialogue& dialogue = *dialogue_that(visit, "refused")->dialogue;
    const DialogueNames names = dialogue_names(dialogue.protocol);
    return fmt::format(
        "Port {} speaks {} and refused before TLS could begin: {}.", visit.endpoint.port,
        names.spelled, quoted(dialogue.said)
    );
}

std::string said_nothing(const Case& visit, std::string_view result, std::string_view how) {
    const evidence::Dialogue& dialogue = *dialogue_that(visit, result)->dialogue;
    const std::string last =
        dialogue.said.empty() ? "" : " after it had said " + quoted(dialogue.said);
    return fmt::format(
        "Port {} {} in the {} dialogue{}; TLS did not begin, and at once it is not spoken either.",
        visit.endpoint.port, how, dialogue_names(dialogue.protocol).spelled, last
    );
}

std::string silent_in_dialogue(const Case& visit) {
    return said_nothing(visit, "silent", "does not answer");
}
std::string closed_in_dialogue(const Case& visit) {
    return said_nothing(visit, "closed", "closes the connection");
}
std::string reset_in_dialogue(const Case& visit) {
    return said_nothing(visit, "reset", "resets the connection");
}

// Clear text where TLS is expected.

/// A hello that was sent at once, where a dialogue had come to nothing, and was accepted.
const Exchange* accepted_at_once(const Case& visit) {
    return first_that(visit, [](const Exchange& one) {
        return one.purpose == Purpose::trait && !one.dialogue && evidence::succeeded(one);
    });
}

const Exchange* failed_dialogue(const Case& visit) {
    return first_that(visit, [](const Exchange& one) {
        return one.purpose != Purpose::trait && one.dialogue && one.dialogue->result != "started";
    });
}

Proof dialogue_failed(const Case& visit) {
    return shown_in_dialogue(failed_dialogue(visit));
}
Proof tls_at_once(const Case& visit) {
    return shown_by(accepted_at_once(visit));
}
/// Both hellos that were sent at once got a "no".
Proof no_tls_at_once(const Case& visit) {
    const auto noes = std::ranges::count_if(visit.endpoint.exchanges, [](const Exchange& one) {
        return one.purpose == Purpose::trait && !one.dialogue && evidence::is_no(one.outcome);
    });
    return holds_if(accepted_at_once(visit) == nullptr && noes >= 2);
}

std::string starttls_on_tls_port(const Case& visit) {
    return fmt::format(
        "Port {} speaks TLS from the first byte: a client that begins there with {} in clear gets "
        "no answer.",
        visit.endpoint.port, dialogue_names(failed_dialogue(visit)->dialogue->protocol).spelled
    );
}

constexpr Condition k_not_offered[] = {
    {"nothing was accepted", nothing_accepted},
    {"the dialogue went well, and TLS was not offered in it", not_offered},
};
constexpr Condition k_upgrade_refused[] = {
    {"nothing was accepted", nothing_accepted},
    {"TLS is not spoken at once", no_tls_at_once},
    {"the server refused in the dialogue", upgrade_refused},
};
constexpr Condition k_starttls_on_tls[] = {
    {"nothing was accepted", nothing_accepted},
    {"the dialogue came to nothing", dialogue_failed},
    {"a hello that was sent at once was accepted", tls_at_once},
};
constexpr Condition k_dialogue_silent[] = {
    {"nothing was accepted", nothing_accepted},
    {"TLS is not spoken at once", no_tls_at_once},
    {"the dialogue got no answer", dialogue_silent},
};
constexpr Condition k_dialogue_closed[] = {
    {"nothing was accepted", nothing_accepted},
    {"TLS is not spoken at once", no_tls_at_once},
    {"the dialogue was ended by FIN", dialogue_closed},
};
constexpr Condition k_dialogue_reset[] = {
    {"nothing was accepted", nothing_accepted},
    {"TLS is not spoken at once", no_tls_at_once},
    {"the dialogue was ended by RST", dialogue_reset},
};

constexpr std::string_view k_foreign[] = {"not_tls_other_protocol"};

constexpr Rule k_door_rules[] = {
    {.cause = "starttls_not_offered",
     .all_of = k_not_offered,
     .confidence = proven,
     .summary = starttls_not_offered,
     .refuted_by = "a dialogue with this server in which it offers TLS"},
    {.cause = "starttls_not_offered",
     .all_of = k_upgrade_refused,
     .confidence = likely,
     .summary = starttls_refused,
     .refuted_by = "a dialogue with this server that comes to TLS, for instance later"},
    {.cause = "client_speaks_plain_to_tls",
     .all_of = k_starttls_on_tls,
     .confidence = proven,
     .summary = starttls_on_tls_port,
     .refuted_by = "a greeting in clear from this port",
     .overrides = k_foreign},
    {.cause = "silent_after_hello",
     .all_of = k_dialogue_silent,
     .confidence = likely,
     .summary = silent_in_dialogue,
     .refuted_by = "any answer, for instance with a longer --timeout"},
    {.cause = "closed_after_hello",
     .all_of = k_dialogue_closed,
     .confidence = likely,
     .summary = closed_in_dialogue,
     .refuted_by = "a dialogue that comes to TLS"},
    {.cause = "reset_after_hello",
     .all_of = k_dialogue_reset,
     .confidence = likely,
     .summary = reset_in_dialogue,
     .refuted_by = "a dialogue that comes to TLS"},
};

} // namespace

std::span<const Rule> door_rules() {
    return k_door_rules;
}

} // namespace tlsdoctor::diagnose
