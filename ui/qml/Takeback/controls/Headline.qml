import QtQuick
import Takeback

// The one sentence of a screen: as large as its room allows, never cut, never broken in a word.
Item {
    id: headline

    property string text: ""
    property real room: 400
    property int size: Theme.display

    implicitHeight: label.contentHeight
    Accessible.role: Accessible.Heading
    Accessible.name: text

    Text {
        id: label
        width: parent.width
        height: headline.room
        text: headline.text
        color: Theme.ink
        font.pixelSize: headline.size
        font.weight: Font.Bold
        font.letterSpacing: -font.pixelSize * 0.015 * (Theme.rightToLeft ? 0 : 1)
        fontSizeMode: Text.Fit
        minimumPixelSize: 32
        lineHeight: 1.04
        wrapMode: Text.WordWrap
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
}
