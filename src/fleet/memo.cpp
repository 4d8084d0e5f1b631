// SPDX-License-Identifier: Apache-2.0
// From answers to the next step. The invented targets of a template are alike in everything that
// the key holds, and differ in everything that is a slot, in length too.
#include "fleet/memo.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "doctor/bookkeeping.hpp"
#include "doctor/doctor.hpp"
#include "doctor/door.hpp"
#include "evidence/facts.hpp"
#include "fleet/gist.hpp"
#include "probe/hello.hpp"

namespace tlsdoctor::fleet {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Target;
using Kind = Step::Kind;

constexpr std::size_t k_most_remembered = std::size_t{24} << 20U;

/// Ports below it may mean something to somebody, and stand in the key.
constexpr std::uint16_t k_plain_port = 10'000;

bool is_ldh(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/// A name of at least two labels, lower case, the last of which begins with a letter.
bool is_plain_name(std::string_view name) {
    const auto labels = split(name, '.');
    const auto is_bad = [](std::string_view label) {
        return label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
               label.starts_with("xn--") || !std::ranges::all_of(label, is_ldh);
    };
    return name.size() <= 253 && labels.size() >= 2 && std::ranges::none_of(labels, is_bad) &&
           labels.back().front() >= 'a';
}

bool is_plain_address(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
    });
}

bool is_plain_input(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_ldh(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == ':';
    });
}

/// One of two invented targets, which have no text in common.
struct Invented {
    Target target{};
    std::string address{};
    std::string port{};
    std::string started{};
    double elapsed_ms{};
    std::string elapsed{};
};

Invented invented_like(const Target& target, const std::string& address, bool second) {
    const bool v6 = address.find(':') != std::string::npos;
    Invented made{.target = target};
    made.address = v6 ? (second ? "2001:db8:7a5:11::9d" : "2001:db8:6b3::51c")
                      : (second ? "203.0.113.9" : "198.51.100.213");
    made.target.host = target.host == address ? made.address
                                              : (second ? "another.longer-host.wqk.example"
                                                        : "invented-host.xqz.example");
    if (target.sni) {
        made.target.sni = *target.sni == target.host
                              ? made.target.host
                              : (second ? "a-second-name.wkq.example" : "sent-name.zxq.example");
    }
    made.target.input = target.input == target.host
                            ? made.target.host
                            : (second ? "second-written.kwq.example:9" : "as-written.qxz.example");
    if (target.port >= k_plain_port) {
        made.target.port = second ? 50'917 : 61'043;
        made.port = std::to_string(made.target.port);
    }
    made.started = second ? "1984-08-09T10:11:12Z" : "1971-07-06T05:04:03Z";
    made.elapsed_ms = second ? 73'829'164'550.0 : 918'273'645.0;
    made.elapsed = second ? "73829164550" : "918273645";
    return made;
}

SlotTexts texts_of(const Invented& made) {
    SlotTexts texts{};
    at(texts, Slot::host) = made.target.host;
    at(texts, Slot::sni) = made.target.sni ? std::string_view(*made.target.sni) : "";
    at(texts, Slot::input) = made.target.input;
    at(texts, Slot::address) = made.address;
    at(texts, Slot::started) = made.started;
    at(texts, Slot::elapsed) = made.elapsed;
    at(texts, Slot::port) = made.port;
    return texts;
}

Judged judged_for(const Invented& made, const History& history, const LaneSettings& settings) {
    History like{.target = made.target, .address = made.address};
    for (const Round& round : history.rounds) {
        Round& copy = like.rounds.emplace_back(Round{.step = round.step});
        for (const Answer& answer : round.answers) {
            copy.answers.push_back({.brief = answer.brief, .ms = answer.ms});
        }
    }
    evidence::Visit visit = visit_of(like);
    visit.started = made.started;
    visit.elapsed_ms = made.elapsed_ms;
    return judged(doctor::review(std::move(visit), settings.visit), settings);
}

/// The line as a template, where it can be one.
Step line_step(const History& history, const LaneSettings& settings) {
    const Invented first = invented_like(history.target, history.address, false);
    const Invented second = invented_like(history.target, history.address, true);
    const Judged one = judged_for(first, history, settings);
    const Judged other = judged_for(second, history, settings);
    Step step{.kind = Kind::line, .gist = one.gist};
    step.line = LineTemplate::of(one.line, texts_of(first), other.line, texts_of(second));
    step.text = LineTemplate::of(one.text, texts_of(first), other.text, texts_of(second));
    if (!step.line || !step.text || one.exhausted) {
        step = {.kind = Kind::judge};
    }
    return step;
}

bool is_keyed(const History& history) {
    return std::ranges::all_of(history.rounds, [](const Round& round) {
        return std::ranges::all_of(round.answers, [](const Answer& answer) { return !answer.odd; });
    });
}

/// What the doctor would do where no question is left; see doctor/visit.cpp.
Step last_step(const History& history, const Endpoint& endpoint, const LaneSettings& settings) {
    const bool asked = history.rounds.back().step->kind == Kind::tunnel;
    const bool open = endpoint.reach == evidence::Reach::open;
    if (!asked && open && history.target.listens && doctor::greeting_in(endpoint) != nullptr) {
        return {.kind = Kind::doctor};
    }
    if (!asked && open && doctor::may_be_a_proxy(endpoint)) {
        const bool mute = foreign_protocol(endpoint).empty();
        return {.kind = mute ? Kind::tunnel : Kind::doctor};
    }
    const bool plain = is_keyed(history) && is_plain(history.target, history.address);
    return plain ? line_step(history, settings) : Step{.kind = Kind::judge};
}

/// A tunnel that nobody answered, as probe::ask_for_tunnel writes it down.
Exchange unanswered_tunnel() {
    Exchange exchange{.purpose = evidence::Purpose::trait, .reach = evidence::Reach::open};
    exchange.offer.shape = evidence::Shape::nothing;
    exchange.dialogue = {.protocol = "http-connect", .result = "silent"};
    exchange.error = "a question for a tunnel, not for TLS";
    return exchange;
}

Exchange exchange_in(const Round& round, std::size_t index, const Target& target) {
    const Answer& answer = round.answers[index];
    if (answer.odd) {
        return *answer.odd;
    }
    if (round.step->kind == Kind::tunnel) {
        return unanswered_tunnel();
    }
    // The scout's answer stands alone, and is that of the last question.
    const bool scout = round.answers.size() < round.step->asks.size();
    const std::size_t asked = scout ? round.step->asks.size() - 1 : index;
    const probe::Ask ask = ask_of(*round.step, asked, target);
    static const RandomSource k_zeros = [](std::span<std::uint8_t> out) {
        std::ranges::fill(out, std::uint8_t{0});
    };
    Exchange exchange = exchange_of(answer.brief, probe::make_question(ask, k_zeros));
    exchange.ms = answer.ms;
    return exchange;
}

template <typename T>
void put(T value, std::string& key) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    key.append(bytes, sizeof value);
}

} // namespace

probe::Ask ask_of(const Step& step, std::size_t index, const Target& target) {
    probe::Ask ask = step.asks[index];
    if (ask.sni == "target") {
        ask.sni = target.sni;
    } else if (ask.sni == "host") {
        ask.sni = target.host;
    }
    return ask;
}

evidence::Visit visit_of(const History& history) {
    evidence::Visit visit{.target = history.target};
    Endpoint& endpoint = visit.endpoints.emplace_back(
        Endpoint{.address = history.address, .port = history.target.port}
    );
    for (const Round& round : history.rounds) {
        for (std::size_t i = 0; i < round.answers.size(); ++i) {
            endpoint.exchanges.push_back(exchange_in(round, i, history.target));
        }
    }
    visit.connections = static_cast<std::uint32_t>(endpoint.exchanges.size());
    endpoint.reach = doctor::reach_of(endpoint);
    endpoint.reach_error = doctor::reach_error_of(endpoint);
    doctor::number(visit);
    visit.interrupted = doctor::anything_untested(visit);
    return visit;
}

bool is_plain(const Target& target, const std::string& address) {
    const bool host = target.literal ? is_plain_address(target.host) : is_plain_name(target.host);
    return host && is_plain_address(address) && is_plain_input(target.input) &&
           (!target.sni || is_plain_name(*target.sni));
}

void put_key(const Target& target, const std::string& address, std::string& key) {
    const bool v6 = address.find(':') != std::string::npos;
    const bool named = target.sni.has_value();
    const bool facts[] = {
        v6,
        target.literal,
        target.listens,
        target.host == address,
        target.input == target.host,
        named,
        named && *target.sni == target.host,
    };
    std::uint8_t bits = 0;
    for (const bool fact : facts) {
        bits = static_cast<std::uint8_t>(bits * 2U + (fact ? 1U : 0U));
    }
    put(bits, key);
    put(target.port < k_plain_port ? target.port : std::uint16_t{0}, key);
    put(static_cast<std::uint16_t>(target.scheme.size()), key);
    put(static_cast<std::uint16_t>(target.options.size()), key);
    key += target.scheme;
    key += target.options;
}

Step next_step(const History& history, const LaneSettings& settings) {
    const evidence::Visit visit = visit_of(history);
    const Endpoint& endpoint = visit.endpoints.front();
    const Target& target = history.target;
    if (!history.rounds.empty() && history.rounds.back().step->kind == Kind::tunnel) {
        return last_step(history, endpoint, settings);
    }
    std::vector<probe::Ask> asks =
        probe::next_round(target, endpoint, {.versions_only = true, .cheaply = true});
    if (asks.empty()) {
        return last_step(history, endpoint, settings);
    }
    for (probe::Ask& ask : asks) {
        const bool known = !ask.sni || ask.sni == target.sni || *ask.sni == target.host;
        if (!known || ask.after_back_off || ask.shape == evidence::Shape::composed) {
            return {.kind = Kind::doctor};
        }
        if (ask.sni) {
            ask.sni = ask.sni == target.sni ? "target" : "host";
        }
    }
    return {.kind = Kind::ask, .asks = std::move(asks)};
}

StepPtr Memo::find(std::string_view key) const {
    const auto at = steps_.find(key);
    return at == steps_.end() ? nullptr : at->second;
}

void Memo::keep(std::string key, StepPtr step) {
    constexpr std::size_t k_of_a_node = 200;
    const std::size_t size =
        key.size() + k_of_a_node + sizeof(Step) + step->asks.size() * sizeof(probe::Ask) +
        (step->line ? step->line->size() : 0) + (step->text ? step->text->size() : 0);
    if (size_ + size > k_most_remembered) {
        steps_.clear();
        size_ = 0;
    }
    size_ += size;
    steps_.emplace(std::move(key), std::move(step));
}

} // namespace tlsdoctor::fleet
