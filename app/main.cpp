// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/channels.h"
#include "app/grab.h"
#include "app/language.h"
#include "app/mainwindow.h"
#include "app/options.h"
#include "app/widgets/theme/systemtheme.h"
#include "app/wiring.h"

#include <QApplication>
#include <QSettings>

#include <cstdio>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace {

/// As the user chose; "system" is what the desktop around us has at the moment.
theme::Mode modeOf(const QString& name, const theme::SystemTheme& system)
{
    using theme::Mode;
    return name == "light"_L1   ? Mode::Light
        : name == "dark"_L1     ? Mode::Dark
        : name == "contrast"_L1 ? Mode::HighContrast
                                : system.mode();
}

QStringList arguments(int argc, char** argv)
{
    QStringList all;
    for (int i = 1; i < argc; ++i)
        all.append(QString::fromLocal8Bit(argv[i]));
    return all;
}

/// The window, until it is closed.
int show(const Options& options)
{
    theme::SystemTheme system;
    QApplication::setStyle(u"Fusion"_s);
    QSettings settings;
    QString mode = options.theme.isEmpty() ? settings.value(u"theme"_s, u"system"_s).toString()
                                           : options.theme;
    theme::Theme theme(modeOf(mode, system));
    theme.setZoom(settings.value(u"zoom"_s, 100).toInt());
    theme::apply(theme);

    api::Channels channels(options.control.toStdString());
    MainWindow window(
        theme, options.environment.isEmpty() ? MainWindow::tr("Local") : options.environment);
    Wiring wiring(window, theme, channels);
    QObject::connect(&system, &theme::SystemTheme::changed, &window, [&] {
        if (mode == "system"_L1)
            window.setMode(modeOf(mode, system));
    });
    QObject::connect(&window, &MainWindow::modeWanted, &window, [&](const QString& wanted) {
        mode = wanted;
        settings.setValue(u"theme"_s, mode);
        window.setMode(modeOf(mode, system));
    });

    window.resize(options.size);
    if (options.grab.isEmpty())
        window.restoreGeometry(settings.value(u"window"_s).toByteArray());
    window.open(options.page.value_or(Address{u"overview"_s, {}, {}}));
    window.show();
    if (!options.grab.isEmpty())
        grabWhenReady(window, options.grab);
    const int code = QApplication::exec();
    if (options.grab.isEmpty()) {
        settings.setValue(u"window"_s, window.saveGeometry());
        settings.setValue(u"zoom"_s, theme.zoom());
    }
    settings.sync();
    // Answers may still be on their way on gRPC's threads: ending here is sooner, and safer, than
    // taking Qt away from under them.
    std::fflush(nullptr);
    std::_Exit(code);
}

} // namespace

int main(int argc, char** argv)
{
    const auto parsed = Options::parse(arguments(argc, argv));
    if (const auto* wrong = std::get_if<QString>(&parsed)) {
        std::fprintf(stderr, "shopfleet: %s\n%s", qPrintable(*wrong), qPrintable(Options::usage()));
        return 2;
    }
    const auto* options = std::get_if<Options>(&parsed);
    if (options->help || options->version) {
        std::printf("%s",
            options->help ? qPrintable(Options::usage()) : "shopfleet " SHOPFLEET_VERSION "\n");
        return 0;
    }
    // A picture needs no display.
    if (!options->grab.isEmpty() && qEnvironmentVariableIsEmpty("DISPLAY")
        && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");

    argc = 1; // What is left is ours, and has been read.
    QApplication application(argc, argv);
    QApplication::setOrganizationName(u"shopfleet"_s);
    QApplication::setApplicationName(u"shopfleet"_s);
    QApplication::setApplicationDisplayName(u"Shopfleet"_s);
    QApplication::setDesktopFileName(u"io.github.shopfleet.Shopfleet"_s);
    QIcon::setThemeSearchPaths(QIcon::themeSearchPaths() << u"/usr/share/icons"_s);
    QIcon::setThemeName(u"breeze"_s);
    QApplication::setWindowIcon(QIcon(u":/icons/shopfleet.svg"_s));
    installLanguage(options->language);
    return show(*options);
}
