// SPDX-License-Identifier: Apache-2.0
// Members of every kind; each wrong type has its sentence.
#include "evidence/json_fields.hpp"

#include <boost/json/parser.hpp>

namespace tlsdoctor::evidence {

std::expected<json::value, JsonError> parsed(std::string_view text) {
    boost::system::error_code error;
    json::parser parser;
    const std::size_t read = parser.write(text.data(), text.size(), error);
    if (error) {
        return std::unexpected(
            JsonError{.what = error.message(), .where = fmt::format("byte {}", read)}
        );
    }
    return parser.release();
}

void Errors::note(std::string what, std::string where) {
    if (!first) {
        first = JsonError{.what = std::move(what), .where = std::move(where)};
    }
}

Fields::Fields(const json::value& value, std::string path, Errors& errors)
    : object_(value.if_object()), path_(std::move(path)), errors_(&errors) {
    if (object_ == nullptr) {
        errors_->note("an object is wanted", path_);
    }
}

void Fields::text(std::string_view name, std::string& out) const {
    const json::value* const value = member(name);
    if (value == nullptr) {
        return;
    }
    if (const json::string* const found = value->if_string()) {
        out.assign(found->data(), found->size());
    } else {
        wrong(name, "a string is wanted");
    }
}

void Fields::text(std::string_view name, std::optional<std::string>& out) const {
    const json::value* const value = member(name);
    if (value != nullptr && !value->is_null()) {
        text(name, out.emplace());
    }
}

void Fields::texts(std::string_view name, std::vector<std::string>& out) const {
    const json::array* const array = elements(name);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        if (const json::string* const found = (*array)[i].if_string()) {
            out.emplace_back(found->data(), found->size());
        } else {
            wrong(fmt::format("{}[{}]", name, i), "a string is wanted");
        }
    }
}

void Fields::names(std::string_view name, std::vector<std::string>& out) const {
    const json::array* const array = elements(name);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        const json::object* const object = (*array)[i].if_object();
        const json::value* const value =
            object == nullptr ? &(*array)[i] : object->if_contains("name");
        if (value != nullptr && value->is_string()) {
            const json::string& found = value->get_string();
            out.emplace_back(found.data(), found.size());
        } else {
            wrong(fmt::format("{}[{}]", name, i), "a name is wanted");
        }
    }
}

void Fields::flag(std::string_view name, bool& out) const {
    const json::value* const value = member(name);
    if (value == nullptr) {
        return;
    }
    if (const bool* const found = value->if_bool()) {
        out = *found;
    } else {
        wrong(name, "true or false is wanted");
    }
}

void Fields::real(std::string_view name, double& out) const {
    const json::value* const value = member(name);
    if (value == nullptr) {
        return;
    }
    boost::system::error_code error;
    const double found = value->to_number<double>(error);
    if (error) {
        wrong(name, "a number is wanted");
    } else {
        out = found;
    }
}

void Fields::bytes(std::string_view name, Bytes& out) const {
    std::string found;
    text(name, found);
    if (auto read = from_hex(found)) {
        out = *std::move(read);
    } else {
        wrong(name, "hexadecimal digits are wanted");
    }
}

void Fields::fault(std::string_view what) const {
    if (!what.empty()) {
        errors_->note(std::string{what}, path_);
    }
}

const json::value* Fields::member(std::string_view name) const {
    return object_ == nullptr ? nullptr : object_->if_contains(name);
}

const json::array* Fields::elements(std::string_view name) const {
    const json::value* const value = member(name);
    if (value == nullptr) {
        return nullptr;
    }
    const json::array* const array = value->if_array();
    if (array == nullptr) {
        wrong(name, "an array is wanted");
    }
    return array;
}

std::vector<std::uint16_t> Fields::hex_numbers(std::string_view name) const {
    std::string found;
    text(name, found);
    std::vector<std::uint16_t> numbers;
    if (found.empty()) {
        return numbers;
    }
    for (const std::string_view part : split(found, ' ')) {
        std::uint16_t value = 0;
        const char* const end = part.data() + part.size();
        const auto read = std::from_chars(part.data(), end, value, 16);
        if (read.ec != std::errc{} || read.ptr != end) {
            wrong(name, fmt::format("'{}' is not a hexadecimal number", harmless(part)));
            break;
        }
        numbers.push_back(value);
    }
    return numbers;
}

bool Fields::whole(std::string_view name, std::uint64_t most, std::uint64_t& out) const {
    const json::value* const value = member(name);
    if (value == nullptr) {
        return false;
    }
    boost::system::error_code error;
    out = value->to_number<std::uint64_t>(error);
    if (error || out > most) {
        wrong(name, fmt::format("a whole number up to {} is wanted", most));
        return false;
    }
    return true;
}

std::string Fields::under(std::string_view name) const {
    return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
}

void Fields::wrong(std::string_view name, std::string what) const {
    errors_->note(std::move(what), under(name));
}

} // namespace tlsdoctor::evidence
