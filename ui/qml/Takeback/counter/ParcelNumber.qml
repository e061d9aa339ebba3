import QtQuick
import QtQuick.Layouts
import Takeback

// A parcel's number as it stands on the label, with its carrier: read from left to right always.
ColumnLayout {
    id: line

    property string number: ""
    property string carrier: ""

    visible: number !== ""
    spacing: 0
    Accessible.role: Accessible.StaticText
    Accessible.name: carrier + " " + number

    Copy {
        text: line.carrier
        visible: text !== ""
        strong: true
        leading: 1
        font.pixelSize: Theme.small
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }

    Text {
        Layout.fillWidth: true
        text: line.number
        color: Theme.ink
        textFormat: Text.PlainText
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 24
        font.pixelSize: Theme.body
        font.weight: Font.Medium
        font.features: {
            "tnum": 1
        }
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
}
