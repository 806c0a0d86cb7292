// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop in front of a real fleet with 1,000,000 orders, while customers buy. Fills a folder
// once (a few minutes) and uses it again. bench_desktop [--list] [--data DIR] [--orders N] [NAME…]
#include "app/api/channels.h"
#include "app/mainwindow.h"
#include "app/widgets/charts/timechart.h"
#include "app/widgets/table/roles.h"
#include "app/widgets/table/tableview.h"
#include "app/wiring.h"
#include "figures.h"
#include "tests/system/realfleet.h"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QDir>
#include <QGridLayout>
#include <QScrollBar>
#include <QWheelEvent>

#include <cmath>
#include <cstdio>
#include <ctime>

using namespace Qt::StringLiterals;
using namespace shopfleet;

namespace {

constexpr double kFrameMs = 16.0; ///< What a frame may cost.
constexpr int kStepMs = 16; ///< How often the user's hand moves something.

double nowMs(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// How long the UI thread was busy in one go, from waking up to going to sleep again, for each time
/// it painted: input, models, news and painting together. What the user has to wait for.
class Frames final : public QObject {
    Q_OBJECT
public:
    explicit Frames(QWidget& window)
    {
        window.installEventFilter(this);
        auto* dispatcher = QAbstractEventDispatcher::instance();
        connect(dispatcher, &QAbstractEventDispatcher::awake, this, &Frames::begin);
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &Frames::end);
    }

    void clear()
    {
        m_wall.clear();
        m_cpu.clear();
    }

    /// Wall time of the shared machine against the budget, and what the thread itself worked.
    void print(const std::string& name) const
    {
        bench::figure((name + "_frame_p99").c_str(), bench::quantile(m_wall, 0.99), "ms", kFrameMs);
        bench::figure(
            (name + "_frame_p99_cpu").c_str(), bench::quantile(m_cpu, 0.99), "ms", kFrameMs);
        std::fprintf(stderr,
            "bench_desktop: %s: %zu frames; wall p50 %.1f, p95 %.1f, worst %.1f; CPU p50 %.1f, "
            "worst %.1f ms\n",
            name.c_str(), m_wall.size(), bench::quantile(m_wall, 0.5),
            bench::quantile(m_wall, 0.95), bench::quantile(m_wall, 1), bench::quantile(m_cpu, 0.5),
            bench::quantile(m_cpu, 1));
    }

private:
    void begin()
    {
        m_painted = false;
        m_wallBegan = nowMs(CLOCK_MONOTONIC);
        m_cpuBegan = nowMs(CLOCK_THREAD_CPUTIME_ID);
    }

    void end()
    {
        if (!m_painted)
            return;
        m_wall.push_back(nowMs(CLOCK_MONOTONIC) - m_wallBegan);
        m_cpu.push_back(nowMs(CLOCK_THREAD_CPUTIME_ID) - m_cpuBegan);
        m_painted = false;
    }

    bool eventFilter(QObject*, QEvent* event) override
    {
        m_painted = m_painted || event->type() == QEvent::UpdateRequest;
        return false;
    }

    bool m_painted = false;
    double m_wallBegan = 0;
    double m_cpuBegan = 0;
    std::vector<double> m_wall, m_cpu;
};

/// Calls `step` every frame, with 0 to 1, until the time is over.
void animate(int ms, const std::function<void(double)>& step)
{
    QElapsedTimer since;
    since.start();
    QTimer timer;
    QEventLoop loop;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        step(std::min(1.0, static_cast<double>(since.elapsed()) / ms));
        if (since.elapsed() >= ms)
            loop.quit();
    });
    timer.start(kStepMs);
    loop.exec();
}

/// "VmRSS", "VmHWM" of this process, in MB.
double memoryMb(const std::string& what)
{
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(what + ":"))
            return std::stod(line.substr(what.size() + 1)) / 1024;
    return 0;
}

QString addressOf(RealFleet& fleet)
{
    return QString::fromStdString(fleet.address());
}

bool runTool(RealFleet& fleet, const QStringList& arguments)
{
    QProcess tool;
    tool.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    tool.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        arguments + QStringList{u"--control"_s, addressOf(fleet)});
    return tool.waitForFinished(-1) && tool.exitCode() == 0;
}

/// From exec to the picture of the first rows: how long the whole program takes. It looks every
/// 50 ms and waits until nothing has moved for four looks, so that some 0.2 s of it are ours.
void benchFirstRows(RealFleet& fleet, const QString& folder)
{
    std::vector<double> seconds;
    for (int i = 0; i < 5; ++i) {
        QProcess desktop;
        desktop.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        const double began = nowMs(CLOCK_MONOTONIC);
        desktop.start(QStringLiteral(PROGRAMS "/shopfleet"),
            {u"--control"_s, addressOf(fleet), u"--page"_s, u"shopfleet://orders"_s, u"--grab"_s,
                folder + u"/first.png"_s});
        if (!desktop.waitForFinished(60'000) || desktop.exitCode() != 0) {
            std::fprintf(stderr, "bench_desktop: the desktop did not show its first rows\n");
            std::exit(EXIT_FAILURE);
        }
        seconds.push_back((nowMs(CLOCK_MONOTONIC) - began) / 1e3);
    }
    bench::figure("desktop_first_rows", bench::median(seconds), "s", 1.5);
}

bool showsRows(const table::TableView& view)
{
    const int row = view.rowAt(view.viewport()->height() / 2);
    return row >= 0 && !view.model()->index(row, 0).data(table::SkeletonRole).toBool();
}

void wheel(table::TableView& view, int pixels)
{
    const QPointF at = view.viewport()->rect().center();
    QWheelEvent event(at, view.viewport()->mapToGlobal(at), {0, pixels}, {0, pixels * 2},
        Qt::NoButton, Qt::NoModifier, Qt::ScrollUpdate, false);
    QApplication::sendEvent(view.viewport(), &event);
}

/// Wheel, end to end, dragged to the middle, all while customers buy.
void benchFrames(RealFleet& fleet)
{
    theme::Theme theme(theme::Mode::Light);
    theme::apply(theme);
    api::Channels channels(fleet.address());
    auto* window = new MainWindow(theme, u"bench"_s);
    new Wiring(*window, theme, channels); // Both stay, as in the program itself.
    window->resize(1440, 900);
    window->open(*Address::parse(u"shopfleet://orders"_s));
    window->show();
    if (!QTest::qWaitFor([&] { return window->page()->isReady(); }, 20'000)) {
        std::fprintf(stderr, "bench_desktop: no rows after 20 s\n");
        std::exit(EXIT_FAILURE);
    }
    auto& view = *window->page()->findChild<table::TableView*>();
    QScrollBar& bar = *view.verticalScrollBar();

    QProcess shoppers;
    shoppers.setStandardErrorFile(QProcess::nullDevice());
    shoppers.setStandardOutputFile(QProcess::nullDevice());
    shoppers.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {u"shop"_s, u"--rate"_s, u"50"_s, u"--control"_s, addressOf(fleet), u"--gateway"_s,
            QString::fromStdString(fleet.fleet().gateway_address())});
    const int before = view.model()->rowCount();
    QTest::qWait(3'000);

    Frames frames(*window);
    animate(5'000, [&](double) { wheel(view, -40); });
    frames.print("desktop_wheel");

    frames.clear();
    animate(10'000, [&](double done) {
        bar.setValue(static_cast<int>(done * static_cast<double>(bar.maximum())));
    });
    frames.print("desktop_end_to_end");

    frames.clear();
    std::vector<double> arrived;
    for (const double middle : {0.5, 0.45, 0.55, 0.4, 0.6}) { // Where no rows are yet, each time.
        bar.setSliderDown(true);
        animate(1'000, [&](double done) {
            bar.setSliderPosition(
                static_cast<int>(done * middle * static_cast<double>(bar.maximum())));
        });
        bar.setSliderDown(false);
        QElapsedTimer since;
        since.start();
        if (QTest::qWaitFor([&] { return showsRows(view); }, 10'000))
            arrived.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
        bar.setValue(0);
    }
    frames.print("desktop_drag_to_middle");
    bench::figure(
        "desktop_rows_after_drag", arrived.empty() ? 10'000 : bench::median(arrived), "ms");

    bar.setValue(0);
    QTest::qWait(1'000);
    shoppers.terminate();
    shoppers.waitForFinished();
    if (view.model()->rowCount() <= before) {
        std::fprintf(stderr, "bench_desktop: no order came in while it scrolled\n");
        std::exit(EXIT_FAILURE);
    }
    bench::figure("desktop_resident", memoryMb("VmRSS"), "MB", 300);
}

/// Twelve charts of three lines of an hour, each second one point on, as a page of them would be.
void benchCharts()
{
    constexpr int kCharts = 12;
    constexpr int kPoints = 3'600;
    theme::Theme look{theme::Mode::Light};
    theme::apply(look);
    QWidget window;
    auto* grid = new QGridLayout(&window);
    charts::ChartGroup group;
    group.setSpan(kPoints);
    std::vector<charts::TimeChart*> all;
    for (int i = 0; i < kCharts; ++i) {
        all.push_back(new charts::TimeChart(look, group, {u"Requests"_s, u" /s"_s, 1}));
        grid->addWidget(all.back(), i / 4, i % 4);
    }
    window.resize(1440, 900);
    window.show();
    const double begin = 1'790'000'000;
    QList<double> seconds, values; // Made before: what is measured is what the charts do.
    for (int i = 0; i < 2 * kPoints; ++i) {
        seconds.append(begin + i);
        values.append(100 + 40 * std::sin(i / 97.0) + 10 * (i * 37 % 11));
    }
    int second = 0;
    const auto move = [&] {
        ++second;
        group.setNow(begin + kPoints + second);
        for (auto* chart : all) {
            QList<charts::Series> lines;
            for (const auto line : {charts::Line::First, charts::Line::Second, charts::Line::Third})
                lines.append({u"line"_s, seconds.mid(second, kPoints),
                    values.mid(second + 31 * int(line), kPoints), line, false});
            chart->setSeries(lines, 1);
        }
    };
    move();
    QTest::qWait(500);
    Frames frames(window);
    QTimer each;
    QObject::connect(&each, &QTimer::timeout, &window, move);
    each.start(1'000);
    // The crosshair follows the pointer over all of them meanwhile.
    animate(15'000, [&](double at) { group.setCrosshair(begin + second + at * kPoints); });
    frames.print("desktop_charts");
}

} // namespace

int main(int argc, char** argv)
{
    QString data = QDir::tempPath() + u"/shopfleet-bench-desktop"_s;
    int orders = 1'000'000;
    std::vector<std::string> names;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--list") {
            std::puts("desktop_first_rows\ndesktop_frames\ndesktop_charts");
            return EXIT_SUCCESS;
        }
        if (argument == "--data" && i + 1 < argc)
            data = QString::fromLocal8Bit(argv[++i]);
        else if (argument == "--orders" && i + 1 < argc)
            orders = std::atoi(argv[++i]);
        else
            names.push_back(argument);
    }
    const auto wanted = [&](const char* name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("GRPC_VERBOSITY", "NONE"); // At the end the fleet goes first.
    qputenv("QT_NO_GLIB", "1"); // Qt's own dispatcher says when it goes to sleep.
    int none = 1;
    QApplication application(none, argv);
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setOrganizationName(u"shopfleet-bench"_s);
    QApplication::setStyle(u"Fusion"_s);

    if (wanted("desktop_charts"))
        benchCharts();
    if (names == std::vector<std::string>{"desktop_charts"})
        return EXIT_SUCCESS; // That needs no fleet.
    QDir().mkpath(data);
    RealFleet fleet(data);
    if (!fleet.start() || !QTest::qWaitFor([&] { return fleet.allServe(); }, 60'000)) {
        std::fprintf(stderr, "bench_desktop: the fleet did not start; see %s\n", qPrintable(data));
        return EXIT_FAILURE;
    }
    const QString sample
        = QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz");
    if (!runTool(fleet, {u"import"_s, u"online-retail"_s, sample})
        || !runTool(fleet, {u"load"_s, u"--orders"_s, QString::number(orders)}))
        return EXIT_FAILURE;
    if (wanted("desktop_first_rows"))
        benchFirstRows(fleet, data);
    if (wanted("desktop_frames"))
        benchFrames(fleet);
    std::fflush(nullptr);
    fleet.stopControl();
    std::_Exit(EXIT_SUCCESS); // As the program itself: answers may still be on their way.
}

#include "bench_desktop.moc"
