// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/command.h"
#include "services/ctl/importreport.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/progress.h"
#include "services/ctl/retailfile.h"
#include "services/ctl/retailimport.h"

#include <fmt/format.h>
#include <optional>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kDetails
    = R"(FILE is CSV as UCI's Online Retail has it, plain or gzip; the first bytes decide.
Every row is taken or set aside, and the report says which and why:
  codes         upper case, trimmed. POST, DOT, C2 are shipping; D discount; BANK CHARGES,
                AMAZONFEE, CRUK fees; M, S, B, PADS, GIFT_... adjustments; any other a product.
  products      titled as most of its lines with a price say; priced as most of them were.
  customers     17850.0 is 17850. Lines without one make an order of a guest.
  orders        one per invoice, at its earliest time (read as UTC), at the lines' own prices.
                C... are credits, with negative amounts. An invoice without money is a stock
                adjustment.
  duplicates    are kept: the file's own sum counts them.
  amounts       exact; a line's total is rounded to the penny, half away from zero.
  set aside     what cannot be used: not eight fields, a field missing, no number, no date, no
                UTF-8.
  stock         what was sold in the file is received, up to the next hundred; orders are
                delivered and paid, credits refunded.
Running it again, also after an interruption, ends in the same state and changes nothing twice.
JSON: rows_read, rows_taken, rows_set_aside, sum, sum_set_aside, sum_minor, reasons{},
set_aside[].{line, field, reason, value}, {customers, products, stock, orders, shipments,
payments}.{created, updated, unchanged}, retries, seconds.
)";

void describe(po::options_description& flags)
{
    flags.add_options()("check", "read and report only; ask no service")("patience",
        po::value<int>()->default_value(60), "seconds to go on when a service does not answer");
}

std::string progressText(const StoreCounts& counts)
{
    return fmt::format("{} of {} sent: orders {}, customers {}, products {}, stock {}, shipments "
                       "{}, payments {}{}",
        counts.sent(), counts.wanted(), counts.orders.sent(), counts.customers.sent(),
        counts.products.sent(), counts.stock.sent(), counts.shipments.sent(),
        counts.payments.sent(),
        counts.retries > 0
            ? fmt::format("; {} retries, last: {}", counts.retries.load(), counts.lastTrouble())
            : "");
}

ExitCode run(const Invocation& invocation)
{
    if (invocation.value<std::string>("online-retail") != "online-retail")
        return invocation.refuse(
            fmt::format("import: \"{}\" is no known form of data; online-retail is",
                invocation.value<std::string>("online-retail")));
    const int patience = invocation.value<int>("patience");
    if (patience < 0 || patience > 86'400)
        return invocation.refuse("import: --patience is not between 0 and 86400");

    const auto begin = Clock::now();
    const auto file = readRetailFile(invocation.value<std::string>("FILE"));
    if (!file.ok())
        return invocation.fail(file.status());

    std::optional<RetailImport> import;
    absl::Status status;
    if (!invocation.has("check")) {
        import.emplace(invocation.fleet, file->book, std::chrono::seconds(patience));
        const InterruptWatch watch;
        const Progress progress(
            invocation.err, [&import] { return progressText(import->counts()); });
        status = import->run(interrupted());
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const StoreCounts* counts = import ? &import->counts() : nullptr;
    if (absl::IsCancelled(status))
        status = absl::CancelledError("interrupted; run it again and it goes on where it was");
    if (!status.ok())
        return invocation.fail(status);
    if (invocation.json)
        invocation.out << toText(reportJson(*file, counts, seconds)) << '\n';
    else
        writeReport(*file, counts, seconds, invocation.out);
    return kDone;
}

} // namespace

const Command kImportCommand = {.name = "import",
    .usage = "online-retail FILE[.gz]",
    .summary = "Brings a file of past orders into the store",
    .details = kDetails,
    .arguments = {{"online-retail"}, {"FILE"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
