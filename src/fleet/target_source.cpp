// SPDX-License-Identifier: Apache-2.0
// Pulls: who asks for the next target makes the source read on. Of a block the next address is
// known, and nothing else.
#include "fleet/target_source.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tlsdoctor::fleet {

namespace {

constexpr std::size_t k_block_size = std::size_t{16} * 1024;

std::string normal_host(const evidence::Target& target) {
    const auto ip = target.literal ? ip_in(target.host) : std::nullopt;
    return ip ? text_of(*ip) : target.host;
}

} // namespace

std::string identity_of(const evidence::Target& target) {
    return fmt::format(
        "{}\n{}\n{}\n{}{}", normal_host(target), target.port, target.sni.value_or(""),
        target.starttls.value_or(""), target.listens ? "?" : ""
    );
}

TargetSource::~TargetSource() {
    if (stop_event_ >= 0) {
        close(stop_event_);
    }
}

void TargetSource::stop() {
    stopped_ = true;
    static_cast<void>(eventfd_write(stop_event_, 1));
}

std::expected<void, std::string> TargetSource::open() {
    stop_event_ = eventfd(0, EFD_CLOEXEC);
    bool all_regular = true;
    for (const std::string& path : options_.files) {
        auto input = Input::open(path);
        if (!input) {
            return std::unexpected(std::move(input.error()));
        }
        all_regular = all_regular && input->size() > 0;
        bytes_ += input->size();
        inputs_.push_back(std::move(*input));
    }
    bytes_ = all_regular ? bytes_ : 0;
    return {};
}

SourceProblem TargetSource::problem(ListProblem what) {
    ++counts_.problems;
    return {.file = file_, .problem = std::move(what)};
}

bool TargetSource::begin_next_list() {
    const bool of_the_line = word_ < options_.words.size();
    if (!of_the_line && input_ == inputs_.size()) {
        return false;
    }
    reader_.emplace();
    ended_ = of_the_line;
    if (of_the_line) {
        reader_->feed(options_.words[word_++]);
        reader_->finish();
    } else {
        file_ = inputs_[input_++].name();
    }
    return true;
}

/// The next entry or problem of the words and lists.
std::optional<ListItem> TargetSource::next_item() {
    for (;;) {
        if (auto item = reader_ ? reader_->take() : std::nullopt) {
            return item;
        }
        if (!reader_ || ended_) {
            if (!begin_next_list()) {
                return std::nullopt;
            }
            continue;
        }
        std::array<char, k_block_size> block{};
        const auto size = inputs_[input_ - 1].read(block, stop_event_);
        if (!size || *size == 0) {
            ended_ = true;
            reader_->finish();
        } else {
            counts_.bytes_read += *size;
            reader_->feed({block.data(), *size});
        }
        if (!size) {
            return ListProblem{.what = size.error()};
        }
    }
}

bool TargetSource::is_in_a_block(const evidence::Target& target) const {
    const auto ip = target.literal ? ip_in(target.host) : std::nullopt;
    const auto ranges = blocks_.find(target.port);
    if (!ip || ranges == blocks_.end() || !ranges->second.contains(*ip)) {
        return false;
    }
    const auto there = options_.read_word({.text = target.host, .port = target.port});
    return there && identity_of(*there) == identity_of(target);
}

bool TargetSource::is_duplicate(const evidence::Target& target) {
    const std::string identity = identity_of(target);
    // Of a block the range is kept, not each address.
    const bool known = entry_ && entry_->block ? singles_.contains(identity)
                                               : is_in_a_block(target) || !singles_.add(identity);
    return known && options_.folds;
}

std::optional<TargetSource::Item> TargetSource::checked(evidence::Target target) {
    if (options_.exclusion != nullptr && options_.exclusion->excludes(target)) {
        ++counts_.excluded;
        return std::nullopt;
    }
    if (is_duplicate(target)) {
        ++counts_.duplicates;
        return std::nullopt;
    }
    if (options_.is_done && options_.is_done(target)) {
        ++counts_.done_before;
        return std::nullopt;
    }
    ++counts_.targets;
    return target;
}

std::optional<TargetSource::Item> TargetSource::read_at(const Word& word, std::size_t line) {
    auto target = options_.read_word(word);
    if (!target) {
        entry_.reset();
        return problem(
            {.line = line, .column = target.error().column, .what = std::move(target.error().what)}
        );
    }
    // A word with a port of its own takes no other: it is one target, not one for each port.
    const bool has_its_own = word.port && target->port != *word.port;
    if (has_its_own && port_ > 1) {
        entry_.reset();
        return std::nullopt;
    }
    auto item = checked(std::move(*target));
    if (has_its_own) {
        entry_.reset();
    }
    return item;
}

std::optional<TargetSource::Item> TargetSource::next_of_word() {
    if (port_ >= std::max<std::size_t>(1, entry_ports_.size())) {
        entry_.reset();
        return std::nullopt;
    }
    const Entry entry = *entry_;
    const auto port = entry_ports_.empty() ? std::nullopt : std::optional(entry_ports_[port_]);
    ++port_;
    return read_at(
        {.text = entry.word, .port = port, .name = entry.name, .input = entry.input}, entry.line
    );
}

std::optional<TargetSource::Item> TargetSource::next_of_block() {
    const Block block = *entry_->block;
    const std::size_t ports = std::max<std::size_t>(1, entry_ports_.size());
    const auto port = entry_ports_.empty() ? std::nullopt : std::optional(entry_ports_[port_]);
    const auto sample = options_.read_word({.text = text_of(address_), .port = port});
    IpSet& known = blocks_[sample ? sample->port : 0];
    std::optional<Block> skipped = options_.folds ? known.around(address_) : std::nullopt;
    std::atomic<std::size_t>* counter = &counts_.duplicates;
    if (!skipped && options_.exclusion != nullptr) {
        skipped = options_.exclusion->around(address_);
        counter = &counts_.excluded;
    }
    const Ip last = skipped ? std::min(skipped->last, block.last) : address_;
    if (skipped) {
        *counter += size_of({.first = address_, .last = last});
    }
    const bool ends = last == block.last;
    counts_.ahead = ends ? 0 : size_of({.first = last, .last = block.last}) - 1;
    counts_.ahead += (ports - 1 - port_) * size_of(block);
    std::optional<Item> item;
    if (!skipped) {
        const std::string text = text_of(address_);
        const std::string shown = !port         ? text
                                  : address_.v6 ? fmt::format("[{}]:{}", text, *port)
                                                : fmt::format("{}:{}", text, *port);
        item = read_at({.text = text, .port = port, .input = shown}, entry_->line);
    }
    if (!entry_) {
        return item; // the rules refuse every address
    }
    address_ = ends ? block.first : after(last);
    if (ends) {
        known.add(block);
        ++port_;
    }
    if (port_ >= ports) {
        entry_.reset();
    }
    return item;
}

void TargetSource::begin(Entry entry) {
    entry_ = std::move(entry);
    port_ = 0;
    entry_ports_ = entry_->port ? std::vector{*entry_->port} : options_.ports;
    if (entry_->block) {
        address_ = entry_->block->first;
    }
}

std::optional<TargetSource::Item> TargetSource::next() {
    for (;;) {
        while (entry_ && !stopped_) {
            auto item = entry_->block ? next_of_block() : next_of_word();
            if (item) {
                return item;
            }
        }
        auto read = stopped_ ? std::nullopt : next_item();
        if (!read) {
            counts_.ended = !stopped_;
            return std::nullopt;
        }
        if (auto* const what = std::get_if<ListProblem>(&*read)) {
            return problem(std::move(*what));
        }
        begin(std::get<Entry>(std::move(*read)));
    }
}

} // namespace tlsdoctor::fleet
