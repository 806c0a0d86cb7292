// SPDX-License-Identifier: GPL-3.0-or-later
// A whole service in one line: what each main.cpp looks like. With TOY_NEXT it is the next version,
// whose schema goes on where this one's ends.
#include "services/runtime/server.h"
#include "tests/services/runtime/toy.h"

using namespace shopfleet;

namespace {

#ifdef TOY_NEXT
constexpr const char* kMore = R"sql(
-- @3 colours
ALTER TABLE item ADD COLUMN colour TEXT NOT NULL DEFAULT 'white';
-- @4 much to do
CREATE TABLE shade (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO shade WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i, 'shade ' || i FROM n;
)sql";
#else
constexpr const char* kMore = "";
#endif

} // namespace

int main(int argc, char** argv)
{
    const std::string schema = std::string(toy::kSchema) + kMore;
    return runtime::serviceMain(argc, argv, {"toy", schema.c_str()}, [](runtime::Host& host) {
        return std::make_unique<toy::Handler>(host.database(), host.feed());
    });
}
