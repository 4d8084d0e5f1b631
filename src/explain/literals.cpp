// SPDX-License-Identifier: Apache-2.0
// The automaton, with all transitions worked out beforehand: one look-up for each byte.
#include "explain/literals.hpp"

#include <deque>

namespace tlsdoctor::explain {

namespace {

constexpr std::uint32_t k_root = 0;
constexpr std::uint32_t k_missing = 0xffffffff;

constexpr unsigned char lower_byte(unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + ('a' - 'A')) : c;
}

} // namespace

Literals::Literals(std::span<const std::string> literals) {
    for (const std::string& literal : literals) {
        for (const char c : literal) {
            std::uint8_t& letter = letter_of_[static_cast<unsigned char>(c)];
            if (letter == 0) {
                letter = static_cast<std::uint8_t>(letters_++);
            }
        }
    }
    for (unsigned c = 'A'; c <= 'Z'; ++c) {
        letter_of_[c] = letter_of_[lower_byte(static_cast<unsigned char>(c))];
    }
    next_.assign(letters_, k_missing);
    literal_of_.assign(1, -1);
    same_.resize(literals.size());
    seen_.assign(literals.size(), 0);
    for (std::size_t number = 0; number < literals.size(); ++number) {
        add(literals[number], static_cast<int>(number));
    }
    connect();
}

std::uint32_t& Literals::next(std::uint32_t state, std::uint8_t letter) {
    return next_[state * letters_ + letter];
}

void Literals::add(std::string_view literal, int number) {
    std::uint32_t state = k_root;
    for (const char c : literal) {
        const std::uint8_t letter = letter_of_[static_cast<unsigned char>(c)];
        if (next(state, letter) == k_missing) {
            next(state, letter) = static_cast<std::uint32_t>(literal_of_.size());
            literal_of_.push_back(-1);
            next_.resize(next_.size() + letters_, k_missing);
        }
        state = next(state, letter);
    }
    if (literal_of_[state] < 0) {
        literal_of_[state] = number;
    } else {
        same_[static_cast<std::size_t>(literal_of_[state])].push_back(number);
    }
}

/// Breadth first: the longest proper suffix of a state's text is known before the state is met.
void Literals::connect() {
    std::vector<std::uint32_t> suffix(literal_of_.size(), k_root);
    shorter_.assign(literal_of_.size(), k_root);
    std::deque<std::uint32_t> waiting{k_root};
    while (!waiting.empty()) {
        const std::uint32_t state = waiting.front();
        waiting.pop_front();
        for (std::size_t letter = 0; letter < letters_; ++letter) {
            std::uint32_t& to = next_[state * letters_ + letter];
            const std::uint32_t fallback =
                state == k_root ? k_root : next_[suffix[state] * letters_ + letter];
            if (to == k_missing) {
                to = fallback;
                continue;
            }
            suffix[to] = fallback;
            shorter_[to] = literal_of_[fallback] >= 0 ? fallback : shorter_[fallback];
            waiting.push_back(to);
        }
    }
}

void Literals::find(std::string_view text, std::vector<int>& found) {
    found.clear();
    ++pass_;
    std::uint32_t state = k_root;
    for (const char c : text) {
        state = next_[state * letters_ + letter_of_[static_cast<unsigned char>(c)]];
        std::uint32_t end = literal_of_[state] >= 0 ? state : shorter_[state];
        while (end != k_root) {
            const auto number = static_cast<std::size_t>(literal_of_[end]);
            if (seen_[number] == pass_) {
                break; // its suffixes were found with it
            }
            seen_[number] = pass_;
            found.push_back(static_cast<int>(number));
            found.insert(found.end(), same_[number].begin(), same_[number].end());
            end = shorter_[end];
        }
    }
}

} // namespace tlsdoctor::explain
