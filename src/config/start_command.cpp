// SPDX-License-Identifier: Apache-2.0
// Reading start scripts: as much of a POSIX shell as such scripts use. Words with their quotes,
// assignments, and commands one after the other; control words are passed over, so what stands
// behind a condition counts as done.
#include "config/start_command.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "config/files.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_command_words = 20'000;

/// A word as the shell cuts it.
struct ShellWord {
    CommandWord word{};
    bool plain{true};       ///< no part of it was quoted
    bool ends{};            ///< `;`, a newline, `&&` ...: the command ends here
    bool redirects{};       ///< `>file`, `2>&1`
    std::string assigned{}; ///< NAME of `NAME=value`
};

bool is_name(std::string_view text) {
    const auto fits = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9');
    };
    return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
           std::ranges::all_of(text, fits);
}

/// Cuts a script into words and expands `$NAME` by what the script itself has set so far.
class ShellReader {
public:
    ShellReader(std::string_view text, FileId file, StartCommand& command)
        : text_{text}, file_{file}, command_{command} {}

    /// Reads the next word or end of a command; false at the end of the text.
    bool next(ShellWord& word) {
        skip_blanks();
        if (at_ >= text_.size() || ++count_ > k_most_command_words) {
            return false;
        }
        word = {};
        begin_ = at_;
        if (const std::size_t length = separator(); length != 0) {
            at_ += length;
            word.ends = true;
        } else {
            read_word(word);
        }
        word.word.place = {file_, begin_, at_};
        return true;
    }

private:
    void skip_blanks() {
        while (at_ < text_.size()) {
            if (text_[at_] == '#') {
                at_ = std::min(text_.find('\n', at_), text_.size());
                return;
            }
            if (text_.substr(at_).starts_with("\\\n")) {
                at_ += 2;
            } else if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r') {
                ++at_;
            } else {
                return;
            }
        }
    }

    /// The length of a separator that stands here; 0 for none.
    std::size_t separator() const {
        constexpr std::array<std::string_view, 9> k_separators = {"&&", "||", ";;", "\n", ";",
                                                                  "|",  "&",  "(",  ")"};
        for (const std::string_view one : k_separators) {
            if (text_.substr(at_).starts_with(one)) {
                return one.size();
            }
        }
        return 0;
    }

    bool ends_word() const {
        constexpr std::string_view k_ends = " \t\r\n;|()";
        const char c = text_[at_];
        const bool ampersand = c == '&' && (at_ == begin_ || text_[at_ - 1] != '>');
        return ampersand || k_ends.find(c) != k_ends.npos;
    }

    void read_word(ShellWord& word) {
        std::string& text = word.word.text;
        while (at_ < text_.size() && !ends_word()) {
            const char c = text_[at_];
            if (c == '\'') {
                word.plain = false;
                const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
                text += text_.substr(at_ + 1, end - at_ - 1);
                at_ = std::min(end + 1, text_.size());
            } else if (c == '"') {
                word.plain = false;
                read_double_quoted(text);
            } else if (c == '\\' && at_ + 1 < text_.size()) {
                text += text_[at_ + 1] == '\n' ? "" : std::string{text_[at_ + 1]};
                at_ += 2;
            } else if (c == '$') {
                expand(text);
            } else {
                note(word, c);
                text += c;
                ++at_;
            }
        }
    }

    static void note(ShellWord& word, char c) {
        if (c == '=' && word.assigned.empty() && word.plain && is_name(word.word.text)) {
            word.assigned = word.word.text;
        }
        word.redirects = word.redirects || c == '>' || c == '<';
    }

    void read_double_quoted(std::string& text) {
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '$') {
                expand(text);
                continue;
            }
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
            }
            text += text_[at_++];
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    void expand(std::string& text) {
        const bool braces = text_.substr(at_).starts_with("${");
        const std::size_t begin = at_ + (braces ? 2 : 1);
        std::size_t end = begin;
        while (end < text_.size() && is_name(text_.substr(begin, end + 1 - begin))) {
            ++end;
        }
        const bool closed = !braces || (end < text_.size() && text_[end] == '}');
        if (end == begin || !closed) {
            text += text_[at_++]; // `$(...)`, `${x:-y}`: left as it stands
            return;
        }
        if (const CommandWord* value = command_.variable(text_.substr(begin, end - begin))) {
            text += value->text;
        }
        at_ = end + (braces ? 1 : 0);
    }

    std::string_view text_;
    FileId file_;
    StartCommand& command_;
    std::size_t at_{};
    std::size_t begin_{};
    std::size_t count_{};
};

/// What may stand in front of a command and is none.
bool is_control_word(const ShellWord& word) {
    constexpr std::array<std::string_view, 9> k_words = {"if", "then", "else", "elif", "fi",
                                                         "do", "done", "{",    "}"};
    return word.plain && std::ranges::find(k_words, word.word.text) != k_words.end();
}

/// Programs that only start another one; their options, and assignments after `env`, are passed
/// over.
bool is_wrapper(std::string_view program) {
    constexpr std::array<std::string_view, 9> k_wrappers = {"exec",   "setpriv", "env",
                                                            "nice",   "nohup",   "sudo",
                                                            "setsid", "stdbuf",  "command"};
    return std::ranges::find(k_wrappers, program.substr(program.rfind('/') + 1)) !=
           k_wrappers.end();
}

/// Programs that prepare and never are the server.
bool is_preparation(std::string_view program) {
    constexpr std::array<std::string_view, 22> k_programs = {
        "mkdir", "chmod",  "chown", "chgrp", "ln",   "cp",    "install", "rm",
        "mv",    "touch",  "cd",    "[",     "test", "echo",  "for",     "set",
        "umask", "ulimit", "sleep", "cat",   "true", "export"
    };
    return std::ranges::find(k_programs, program) != k_programs.end();
}

/// Notes what `ln -s`, `cp` and `install` make: the last word is the new name.
void note_copy(const std::vector<ShellWord>& words, StartCommand& command) {
    const std::string_view program = words.front().word.text;
    if (program != "ln" && program != "cp" && program != "install") {
        return;
    }
    std::vector<std::string> operands;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string& text = words[i].word.text;
        const bool with_value =
            program == "install" && (text == "-o" || text == "-g" || text == "-m");
        if (with_value || text.starts_with('-')) {
            i += with_value ? 1 : 0;
            continue;
        }
        operands.push_back(joined_path(command.folder, text));
    }
    if (operands.size() == 2) {
        command.copies.push_back({operands[0], operands[1]});
    }
}

/// Takes one command: assignments, what it prepares, or the server itself.
void take(std::vector<ShellWord> words, StartCommand& command) {
    const bool exported = !words.empty() && words.front().word.text == "export";
    std::size_t first = exported ? 1 : 0;
    bool wrapped = false;
    for (; first < words.size(); ++first) {
        const ShellWord& word = words[first];
        if (!word.assigned.empty()) {
            CommandWord value = word.word;
            value.text.erase(0, word.assigned.size() + 1);
            command.environment.emplace_back(word.assigned, std::move(value));
        } else if (is_wrapper(word.word.text)) {
            wrapped = true;
        } else if (!(wrapped && word.word.text.starts_with('-'))) {
            break;
        }
    }
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(first));
    if (words.empty() || exported) {
        return;
    }
    if (words.front().word.text == "cd" && words.size() > 1) {
        command.folder = joined_path(command.folder, words[1].word.text);
    }
    if (is_preparation(words.front().word.text)) {
        note_copy(words, command);
        return;
    }
    command.words.clear();
    for (ShellWord& word : words) {
        command.words.push_back(std::move(word.word));
    }
}

} // namespace

std::optional<CommandWord> StartCommand::option(std::string_view name) const {
    auto values = options(name);
    return values.empty() ? std::nullopt : std::optional{std::move(values.back())};
}

std::vector<CommandWord> StartCommand::options(std::string_view name) const {
    const bool letter = name.size() == 2 && name.front() == '-';
    std::vector<CommandWord> values;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string_view text = words[i].text;
        if (text == name) {
            if (i + 1 < words.size()) {
                values.push_back(words[++i]);
            }
            continue;
        }
        const bool joined =
            text.starts_with(name) && (letter || text.substr(name.size()).starts_with('='));
        if (joined) {
            values.push_back(
                {std::string{text.substr(name.size() + (letter ? 0 : 1))}, words[i].place}
            );
        }
    }
    return values;
}

const CommandWord* StartCommand::variable(std::string_view name) const {
    const auto last = std::find_if(environment.rbegin(), environment.rend(), [&](const auto& one) {
        return one.first == name;
    });
    return last == environment.rend() ? nullptr : &last->second;
}

std::string StartCommand::origin_of(const std::string& path) const {
    for (const Copied& copied : copies) {
        const std::string name = copied.from.substr(copied.from.rfind('/') + 1);
        if (copied.to == path || copied.to + "/" + name == path) {
            return copied.from;
        }
    }
    return path;
}

StartCommand read_start_command(
    Sources& sources, std::string path, std::string text, const std::string& folder
) {
    const FileId file = sources.add(std::move(path), std::move(text));
    StartCommand command{.folder = folder};
    ShellReader reader{sources.at(file).bytes, file, command};
    std::vector<ShellWord> words;
    ShellWord word;
    while (reader.next(word)) {
        if (word.ends) {
            take(std::exchange(words, {}), command);
        } else if (word.redirects) {
            const bool alone = word.word.text.ends_with('>') || word.word.text.ends_with('<');
            if (alone) {
                reader.next(word); // the file's name
            }
        } else if (!(words.empty() && is_control_word(word))) {
            words.push_back(std::move(word));
        }
    }
    take(std::move(words), command);
    return command;
}

} // namespace tlsdoctor::config
