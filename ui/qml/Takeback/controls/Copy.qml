import QtQuick
import Takeback

// Running text: wraps, mirrors, is read out.
Text {
    property bool strong: false

    color: Theme.ink
    font.pixelSize: Theme.body
    font.weight: strong ? Font.DemiBold : Font.Medium
    lineHeight: 1.15
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    horizontalAlignment: Text.AlignLeft
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text.length === 0
}
