// SPDX-License-Identifier: GPL-3.0-or-later
// replica DIR: one of several processes on a database. Says when it writes, then writes for ever
// and says each number that it was told is durable. For tests that kill it.
#include "services/runtime/database.h"
#include "services/runtime/text.h"

#include <cstdio>
#include <thread>

using namespace shopfleet::runtime;

namespace {

void say(const std::string& line)
{
    std::puts(line.c_str());
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    auto opened = Database::open({argc > 1 ? argv[1] : ".", "test",
        "-- @1 numbers\nCREATE TABLE number (value INTEGER PRIMARY KEY, pid INTEGER NOT NULL);"});
    if (!opened.ok()) {
        say(text("refused ", opened.status().message()));
        return 1;
    }
    Database& database = **opened;
    say("open");
    while (!database.isWriter())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    say("writer");
    while (true) {
        std::int64_t number = 0;
        const auto status = database.writeAndWait([&number](Connection& db) {
            const auto last = db.selectOne("SELECT coalesce(max(value), 0) FROM number",
                [](std::int64_t value) { return value; });
            if (!last.ok())
                return last.status();
            number = last->value_or(0) + 1;
            return db.execute("INSERT INTO number (value, pid) VALUES (:1, 1)", number).status();
        });
        if (!status.ok()) {
            say(text("failed ", status.message()));
            return 1;
        }
        say(text("wrote ", number));
    }
}
