// SPDX-License-Identifier: Apache-2.0
// Places and lines; see the header.
#include "config/source.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_shown = 200;

std::vector<std::size_t> starts_of_lines(std::string_view bytes) {
    std::vector<std::size_t> starts{0};
    for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
        starts.push_back(at + 1);
    }
    return starts;
}

} // namespace

FileId Sources::add(std::string path, std::string bytes) {
    const auto known =
        std::ranges::find_if(files_, [&](const SourceFile& file) { return file.path == path; });
    if (known != files_.end()) {
        return FileId{static_cast<std::uint32_t>(known - files_.begin())};
    }
    auto starts = starts_of_lines(bytes);
    files_.push_back({std::move(path), std::move(bytes), std::move(starts)});
    return FileId{static_cast<std::uint32_t>(files_.size() - 1)};
}

const SourceFile& Sources::at(FileId file) const {
    assume(std::to_underlying(file) < files_.size(), "the file is one of these sources");
    return files_[std::to_underlying(file)];
}

std::size_t Sources::line_of(Place place) const {
    const auto& starts = at(place.file).line_starts;
    return static_cast<std::size_t>(std::ranges::upper_bound(starts, place.begin) - starts.begin());
}

std::string_view Sources::text(Place place) const {
    const std::string_view bytes = at(place.file).bytes;
    assume(place.begin <= place.end && place.end <= bytes.size(), "the place is in its file");
    return bytes.substr(place.begin, place.end - place.begin);
}

Place Sources::line(Place place) const {
    const SourceFile& file = at(place.file);
    const std::size_t number = line_of(place);
    const std::size_t begin = file.line_starts[number - 1];
    std::size_t end =
        number < file.line_starts.size() ? file.line_starts[number] - 1 : file.bytes.size();
    if (end > begin && file.bytes[end - 1] == '\r') {
        --end;
    }
    return {place.file, begin, end};
}

std::string Sources::shown_line(Place place) const {
    std::string_view shown = trimmed(text(line(place)));
    if (shown.size() <= k_most_shown) {
        return harmless(shown);
    }
    return harmless(shown.substr(0, k_most_shown)) + "...";
}

std::string_view Sources::indentation(Place place) const {
    const std::string_view whole = text(line(place));
    return whole.substr(0, std::min(whole.find_first_not_of(" \t"), whole.size()));
}

std::string Sources::where(Place place) const {
    return fmt::format("{}:{}", at(place.file).path, line_of(place));
}

} // namespace tlsdoctor::config
