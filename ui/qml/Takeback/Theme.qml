pragma Singleton
import QtQuick

// Every size, colour and duration of the screens. Sizes are design pixels: the canvas is at least
// 1080 wide and 1920 high (or turned), and scaled as a whole to the window.
QtObject {
    property var roles: ({})
    property string scheme: ""
    property string brand: ""
    property real logo: 0  // a merchant's logo, width by height; 0 for none
    property real scale: 1       // device pixels a design pixel
    property real mm: 2.71       // design pixels a millimetre of the panel
    property bool landscape: false
    property bool largeText: false
    property bool highContrast: false
    property bool lowReach: false
    property bool rightToLeft: false
    property bool still: false   // reduced motion
    property bool keys: false    // the last input came from a keyboard: show where the focus is

    // Steps of type. Inter's capitals are 0.727 em high: 7.3 mm for body, 4.8 mm for small.
    // Large text is half as large again; where a screen would lose something, `squeeze` takes
    // back as much as needed, never below 85 % of the normal size (still over 4.8 mm capitals).
    property real squeeze: 1
    readonly property real enlarged: Math.max(0.85, (largeText ? 1.5 : 1) * squeeze)
    readonly property int small: Math.max(32, Math.ceil(4.8 * mm / 0.727)) * enlarged
    readonly property int body: Math.max(40, Math.ceil(7.3 * mm / 0.727)) * enlarged
    readonly property int title: 64 * enlarged
    readonly property int display: 88 * enlarged

    // Arabic needs 0.99 em above the line and 0.47 below, but its font asks for 1.37 and 0.74: lines
    // would stand twice as far apart as Latin ones. Set in lines of `arabicLine`, raised by
    // `arabicRise`, which puts the letters in the middle.
    readonly property var arabic: /[\u0600-\u08ff]/
    readonly property real arabicLine: 1.5
    readonly property real arabicRise: 0.35

    // Touch: 20 mm, apart by 4 mm.
    readonly property int target: Math.max(96, Math.ceil(20 * mm))
    readonly property int gap: Math.max(24, Math.ceil(4 * mm))
    readonly property int margin: 56
    readonly property int space: 32
    readonly property int radius: 36
    readonly property int stroke: highContrast ? 5 : 3

    readonly property color surface: roles.surface ?? "transparent"
    readonly property color card: roles.card ?? "transparent"
    readonly property color panel: roles.panel ?? "transparent"
    readonly property color ink: roles.ink ?? "transparent"
    readonly property color muted: roles.muted ?? "transparent"
    readonly property color outline: roles.outline ?? "transparent"
    readonly property color hairline: roles.hairline ?? "transparent"
    readonly property color accent: roles.accent ?? "transparent"
    readonly property color inkOnAccent: roles.inkOnAccent ?? "transparent"
    readonly property color soft: roles.soft ?? "transparent"
    readonly property color inkOnSoft: roles.inkOnSoft ?? "transparent"
    readonly property color focus: roles.focus ?? "transparent"

    function role(name: string): color {
        return roles[name] ?? "transparent";
    }

    function toned(tone: string): color {
        return role(tone === "muted" ? "muted" : tone);
    }

    function softly(tone: string): color {
        return role(tone === "muted" ? "surface" : tone + "Soft");
    }

    // A duration in milliseconds, none where motion is not wanted.
    function motion(ms: int): int {
        return still ? 0 : ms;
    }
}
