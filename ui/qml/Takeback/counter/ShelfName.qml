import QtQuick
import Takeback

// Where to go, to be read from two metres: 200 pixels, less only where a name is very long.
Item {
    id: shelf

    property string name: ""
    property string label: ""       // what stands above it
    property string tone: "accent"

    implicitHeight: words.implicitHeight + letters.implicitHeight
    implicitWidth: Math.max(words.implicitWidth, metrics.advanceWidth)
    Accessible.role: Accessible.StaticText
    Accessible.name: label + " " + name

    Copy {
        id: words
        width: parent.width
        text: shelf.label
        color: Theme.muted
        font.pixelSize: Theme.small
        Accessible.ignored: true
    }

    TextMetrics {
        id: metrics
        text: shelf.name
        font.pixelSize: 200
        font.weight: Font.Bold
    }

    Text {
        id: letters
        anchors.top: words.bottom
        width: parent.width
        text: shelf.name
        color: Theme.role(shelf.tone)
        font.pixelSize: shelf.width > 0 ? Math.min(200, Math.floor(200 * shelf.width / Math.max(1, metrics.advanceWidth))) : 200
        font.weight: Font.Bold
        horizontalAlignment: Text.AlignLeft
        Accessible.ignored: true
    }
}
