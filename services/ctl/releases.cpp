// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/requestid.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <filesystem>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kListDetails
    = "Newest first; the last one is what the control plane came with. JSON: releases[] (fields of "
      "shopfleet.control.v1.Release).\n";
constexpr std::string_view kAddDetails
    = "DIRECTORY is on the control plane's machine and holds programs of the fleet's services, one "
      "or more; it is\ncopied. Nothing runs it until it is rolled out. JSON: release.\n";

template <class Texts>
std::string joined(const Texts& texts)
{
    std::string all;
    for (const auto& text : texts)
        all += (all.empty() ? "" : " ") + text;
    return all;
}

void write(
    const google::protobuf::RepeatedPtrField<control::v1::Release>& releases, std::ostream& out)
{
    Table table({"VERSION", "ADDED", "RUN BY", "PROGRAMS", "NOTES"});
    for (const auto& release : releases)
        table.add({release.version(),
            release.has_added_at() ? formatTime(release.added_at().seconds()) : "built in",
            shortened(joined(release.running_services()), 40),
            shortened(joined(release.programs()), 40), shortened(release.notes(), 50)});
    table.write(out);
}

void describeNothing(po::options_description&) { }

ExitCode runList(const Invocation& invocation)
{
    control::v1::ListReleasesRequest request;
    request.set_page_size(1'000);
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto found
        = call(invocation.fleet, "control", *stub, &Control::Stub::ListReleases, request);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json)
        invocation.out << toText(toJson(*found)) << '\n';
    else
        write(found->releases(), invocation.out);
    return kDone;
}

void describeAdd(po::options_description& flags)
{
    flags.add_options()(
        "notes", po::value<std::string>()->default_value(""), "what is new in it, for people");
}

ExitCode runAdd(const Invocation& invocation)
{
    control::v1::AddReleaseRequest request;
    request.set_request_id(newRequestId());
    auto& release = *request.mutable_release();
    release.set_version(invocation.value<std::string>("VERSION"));
    release.set_directory(
        std::filesystem::absolute(invocation.value<std::string>("DIRECTORY")).lexically_normal());
    release.set_notes(invocation.value<std::string>("notes"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto added
        = call(invocation.fleet, "control", *stub, &Control::Stub::AddRelease, request);
    if (!added.ok())
        return invocation.fail(added.status());
    if (invocation.json) {
        invocation.out << toText(Json{{"release", toJson(*added)}}) << '\n';
        return kDone;
    }
    google::protobuf::RepeatedPtrField<control::v1::Release> one;
    *one.Add() = *added;
    write(one, invocation.out);
    return kDone;
}

} // namespace

const Command kReleasesCommand = {.name = "releases",
    .usage = "",
    .summary = "Lists the versions that can be rolled out",
    .details = kListDetails,
    .arguments = {},
    .describe = describeNothing,
    .run = runList};

const Command kReleaseCommand = {.name = "release",
    .usage = "VERSION DIRECTORY",
    .summary = "Adds a directory of programs as a version",
    .details = kAddDetails,
    .arguments = {{"VERSION"}, {"DIRECTORY"}},
    .describe = describeAdd,
    .run = runAdd};

} // namespace shopfleet::ctl
