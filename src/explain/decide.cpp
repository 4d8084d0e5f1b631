// SPDX-License-Identifier: Apache-2.0
// Sightings and conclusions; see the header.
#include "explain/decide.hpp"

#include <algorithm>
#include <utility>

#include "explain/codes.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr std::size_t k_most_candidates = 6;
constexpr std::size_t k_most_questions = 4;
constexpr double k_least_weight = 0.02;
constexpr std::size_t k_most_joined = 8'192;
constexpr int k_alert_specificity = 1;

/// A row that matched, with the text that it matched.
struct Contender {
    const MessageRow* row{};
    int index{};
    std::size_t line{};
    Extent extent{};
};

/// Rows that matched anywhere in a message.
class Contest {
public:
    explicit Contest(const Matcher& matcher) : matcher_{matcher} {}

    /// Holds one line to all rows.
    void hold(std::string_view text, std::size_t line) {
        matcher_.match(text, matches_);
        about_tls_ = about_tls_ || matches_.about_tls;
        for (const int message : matches_.messages) {
            enter(message, line, text);
        }
    }

    bool about_tls() const { return about_tls_; }
    bool empty() const { return best_.row == nullptr; }
    const Contender& best() const { return best_; }

    /// Returns the alert of the most specific row that has one.
    std::optional<int> alert() const { return alert_; }

private:
    void enter(int message, std::size_t line, std::string_view text) {
        const MessageRow& row = message_rows()[static_cast<std::size_t>(message)];
        const bool lends_alert = row.alert >= 0 || row.pattern.find("P<alert>") != row.pattern.npos;
        const bool may_win = best_.row == nullptr || row.specificity >= best_.row->specificity;
        if (!may_win && !(lends_alert && row.specificity > alert_specificity_)) {
            return;
        }
        const Contender next{&row, message, line, matcher_.extent(message, text)};
        if (lends_alert && row.specificity > alert_specificity_) {
            const std::optional<int> own = row.alert >= 0 ? std::optional{row.alert} : std::nullopt;
            alert_ = next.extent.alert ? next.extent.alert : own ? own : alert_;
            alert_specificity_ = row.specificity;
        }
        if (best_.row == nullptr || row.specificity > best_.row->specificity ||
            (may_win && next.extent.length > best_.extent.length)) {
            best_ = next;
        }
    }

    const Matcher& matcher_;
    Matches matches_{};
    Contender best_{};
    std::optional<int> alert_{};
    int alert_specificity_{-1};
    bool about_tls_{};
};

/// The lines of a message as one, for texts that were wrapped.
std::string joined_lines(const Message& message) {
    std::string text;
    for (const std::string& line : message.lines) {
        text += text.empty() ? "" : " ";
        text += line;
        if (text.size() > k_most_joined) {
            text.resize(k_most_joined);
            break;
        }
    }
    return text;
}

Candidate candidate_of(const Share& share, double weight) {
    const CauseInfo* const cause = find_cause(share.cause);
    return {
        .cause = cause,
        .side = share.side.value_or(cause->side),
        .weight = weight,
        .why = share.why.empty() ? cause->title : share.why
    };
}

Candidate* candidate_named(std::vector<Candidate>& candidates, std::string_view cause) {
    const auto found = std::ranges::find_if(candidates, [&](const Candidate& candidate) {
        return candidate.cause->name == cause;
    });
    return found == candidates.end() ? nullptr : &*found;
}

void shift(std::vector<Candidate>& candidates, const HintRow& hint) {
    constexpr double k_entry = 10; // a factor of 10 brings a new cause in with a weight of 1
    for (const Share& factor : hint.factors) {
        if (Candidate* const known = candidate_named(candidates, factor.cause)) {
            known->weight *= factor.weight;
            known->side = factor.side.value_or(known->side);
            known->why = factor.why.empty() ? known->why : factor.why;
        } else if (factor.weight > 1) {
            candidates.push_back(candidate_of(factor, factor.weight / k_entry));
        }
    }
}

/// Best first, without what is hardly possible, so that the weights are 1 together.
void settle(std::vector<Candidate>& candidates) {
    const auto sum = [&] {
        double all = 0;
        for (const Candidate& candidate : candidates) {
            all += candidate.weight;
        }
        return all;
    };
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::weight);
    const double least = sum() * k_least_weight;
    std::erase_if(candidates, [&](const Candidate& candidate) {
        return candidate.weight <= least;
    });
    candidates.resize(std::min(candidates.size(), k_most_candidates));
    const double all = sum();
    for (Candidate& candidate : candidates) {
        candidate.weight /= all;
    }
}

void add_questions(std::vector<std::string_view>& ask, std::span<const std::string_view> more) {
    for (const std::string_view question : more) {
        if (ask.size() < k_most_questions && std::ranges::find(ask, question) == ask.end()) {
            ask.push_back(question);
        }
    }
}

/// The causes of a row for clients that a server printed: an alert there came from the client.
/// Empty where nobody says what it means.
std::span<const Share> shares_of_server(const Sighting& sighting, const AlertRow* alert) {
    const MessageRow* const row = sighting.row;
    if (row == nullptr || row->observer == Observer::server || !row->server_causes.empty()) {
        return row != nullptr ? row->server_causes : std::span<const Share>{};
    }
    const bool received = row->raised == Raised::peer_alert && alert != nullptr;
    return received ? alert->server_causes : std::span<const Share>{};
}

/// The causes to begin with: the alert's own where the row stands for any alert, and knows no more.
std::span<const Share>
shares_of(const Sighting& sighting, const AlertRow* alert, Observer observer) {
    constexpr int k_usual = 50;
    const auto of_server = shares_of_server(sighting, alert);
    if (observer == Observer::server && !of_server.empty()) {
        return of_server;
    }
    const bool any_alert =
        sighting.row == nullptr || (sighting.alert_in_text && sighting.row->specificity < k_usual);
    return any_alert && alert != nullptr ? alert->causes
           : sighting.row != nullptr     ? sighting.row->causes
                                         : std::span<const Share>{};
}

/// The hints that count for a message, each once, in the order of the data.
std::vector<const HintRow*> hints_of(const Sighting& sighting, const std::vector<int>& around) {
    std::vector<int> numbers = sighting.hints;
    numbers.insert(numbers.end(), around.begin(), around.end());
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    const std::string_view id = sighting.row != nullptr ? sighting.row->id : std::string_view{};
    std::vector<const HintRow*> hints;
    for (const int number : numbers) {
        const HintRow& hint = hint_rows()[static_cast<std::size_t>(number)];
        if (counts_for(hint, id)) {
            hints.push_back(&hint);
        }
    }
    return hints;
}

/// What ssh prints, which has resets and handshakes of its own, and no TLS.
bool is_of_ssh(std::string_view line) {
    constexpr std::string_view k_words[] = {
        "kex_exchange_identification",  "ssh_exchange_identification", "ssh_dispatch_run_fatal",
        "client_loop: send disconnect", "ssh: connect to host",
    };
    return std::ranges::any_of(k_words, [&](std::string_view word) {
        return line.find(word) != std::string_view::npos;
    });
}

} // namespace

Sighting Looker::look(const Message& message, bool around) const {
    Contest contest{matcher_};
    for (std::size_t at = 0; at < message.lines.size(); ++at) {
        if (is_of_ssh(message.lines[at])) {
            continue;
        }
        contest.hold(message.lines[at], at);
        const std::string codes = spelled_codes(message.lines[at]);
        if (!codes.empty()) {
            contest.hold(codes, at);
        }
    }
    if (contest.empty() && message.lines.size() > 1 && contest.about_tls()) {
        contest.hold(joined_lines(message), 0);
    }
    Sighting sighting;
    sighting.row = contest.best().row;
    sighting.line = contest.best().line;
    sighting.begin = contest.best().extent.begin;
    sighting.alert = contest.best().extent.alert;
    sighting.alert_in_text = sighting.alert.has_value();
    const bool local = sighting.row != nullptr && sighting.row->raised != Raised::peer_alert &&
                       sighting.row->raised != Raised::unknown;
    if (sighting.row != nullptr && sighting.row->alert >= 0) {
        sighting.alert = sighting.row->alert;
        sighting.alert_in_text = false;
    } else if (!sighting.alert && !local && contest.alert()) {
        sighting.alert = contest.alert();
    }
    const bool wanted =
        sighting.row == nullptr ? contest.about_tls() : sighting.row->raised == Raised::peer_alert;
    for (std::size_t at = 0; wanted && !sighting.alert && at < message.lines.size(); ++at) {
        sighting.alert = alerts_.find(spelled_codes(message.lines[at]) + " " + message.lines[at]);
        sighting.line = sighting.row == nullptr ? at : sighting.line;
    }
    if (sighting.row == nullptr && sighting.alert && alert_row(*sighting.alert) == nullptr) {
        sighting.alert.reset(); // nobody says what it would mean
    }
    const std::string_view id = sighting.row != nullptr ? sighting.row->id : std::string_view{};
    for (const std::string& line : message.lines) {
        if (around) {
            matcher_.match_hints(line, nullptr, sighting.hints);
        } else if (sighting) {
            matcher_.match_hints(line, &id, sighting.hints);
        }
    }
    std::ranges::sort(sighting.hints);
    return sighting;
}

Meaning decide(const Sighting& sighting, const std::vector<int>& around) {
    Meaning meaning;
    const AlertRow* const alert = sighting.alert ? alert_row(*sighting.alert) : nullptr;
    meaning.raised = Raised::peer_alert;
    meaning.specificity = k_alert_specificity;
    if (const MessageRow* const row = sighting.row) {
        meaning.observer = row->observer;
        meaning.raised = row->raised;
        meaning.stack = row->stack;
        meaning.specificity = row->specificity;
        add_questions(meaning.ask, row->ask);
    }
    if (sighting.alert) {
        meaning.alert = static_cast<AlertDescription>(*sighting.alert);
    }
    const std::vector<const HintRow*> hints = hints_of(sighting, around);
    for (const HintRow* const hint : hints) {
        meaning.observer = hint->observer.value_or(meaning.observer);
        meaning.stack = hint->stack.empty() ? meaning.stack : hint->stack;
    }
    for (const Share& share : shares_of(sighting, alert, meaning.observer)) {
        meaning.candidates.push_back(candidate_of(share, share.weight));
    }
    for (const HintRow* const hint : hints) {
        shift(meaning.candidates, *hint);
        add_questions(meaning.ask, hint->ask);
    }
    if (alert != nullptr) {
        add_questions(meaning.ask, alert->ask);
    }
    settle(meaning.candidates);
    return meaning;
}

} // namespace tlsdoctor::explain
