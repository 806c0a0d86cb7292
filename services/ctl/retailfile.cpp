// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/retailfile.h"

#include "services/ctl/csv.h"
#include "services/ctl/inputfile.h"
#include "services/runtime/money.h"

#include <fmt/format.h>
#include <iterator>

namespace shopfleet::ctl {

absl::StatusOr<RetailFile> readRetailFile(const std::string& path)
{
    auto input = InputFile::open(path);
    if (!input.ok())
        return input.status();
    CsvReader reader([&input](char* to, size_t size) { return input->read(to, size); },
        std::size(kRetailColumns));

    CsvRecord record;
    const auto header = reader.next(&record);
    if (!header.ok())
        return header.status();
    if (!*header)
        return absl::InvalidArgumentError(fmt::format("{}: is empty: not even a header", path));
    if (const auto status = checkRetailHeader(record); !status.ok())
        return absl::InvalidArgumentError(
            fmt::format("{}: {}", path, std::string(status.message())));

    RetailFile file;
    RetailBookBuilder builder;
    RetailRow row;
    SetAside aside;
    for (;;) {
        const auto more = reader.next(&record);
        if (!more.ok())
            return more.status();
        if (!*more)
            break;
        ++file.rowsRead;
        bool taken = readRetailRow(record, &row, &aside);
        if (taken && !builder.add(row)) {
            taken = false;
            aside.reason = "the sum of all rows would be out of range";
        }
        if (taken) {
            ++file.rowsTaken;
            continue;
        }
        ++file.rowsSetAside;
        ++file.reasons[aside.field.empty() ? aside.reason
                                           : fmt::format("{} {}", aside.field, aside.reason)];
        file.setAsideMicros = runtime::checkedAdd(file.setAsideMicros, aside.amountMicros)
                                  .value_or(file.setAsideMicros);
        if (file.setAside.size() < RetailFile::kMostShown)
            file.setAside.push_back(aside);
    }
    file.book = builder.finish();
    return file;
}

} // namespace shopfleet::ctl
