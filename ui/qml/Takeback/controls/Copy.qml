import QtQuick
import Takeback

// Running text: wraps, mirrors, is read out.
Text {
    property bool strong: false
    property real leading: 1.15
    readonly property bool high: Theme.arabic.test(text)

    color: Theme.ink
    font.pixelSize: Theme.body
    font.weight: strong ? Font.DemiBold : Font.Medium
    lineHeightMode: high ? Text.FixedHeight : Text.ProportionalHeight
    lineHeight: high ? font.pixelSize * Theme.arabicLine : leading
    topPadding: high ? -font.pixelSize * Theme.arabicRise : 0
    bottomPadding: -topPadding
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    horizontalAlignment: Text.AlignLeft
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text.length === 0
}
