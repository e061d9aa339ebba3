import QtQuick
import QtQuick.Layouts
import Takeback

// What the last scan came to: a sign, one word to be read from afar, and a sentence.
Item {
    id: line

    property var flash: ({})
    readonly property bool shown: (flash.word ?? "") !== ""
    readonly property color ground: shown ? Theme.role(flash.tone) : Theme.surface
    readonly property color letters: shown ? Theme.surface : Theme.muted

    Accessible.role: Accessible.AlertMessage
    Accessible.name: shown ? flash.word + ". " + flash.text : ""
    Accessible.ignored: !shown

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        visible: line.shown
        color: line.ground
    }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.space
        anchors.rightMargin: Theme.space
        visible: line.shown
        spacing: Theme.space

        Icon {
            size: 72
            drawing: line.shown ? line.flash.icon : ""
            role: "surface"
        }

        Copy {
            text: line.flash.word ?? ""
            color: line.letters
            font.pixelSize: Math.min(72, Theme.title)
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        Copy {
            id: sentence
            Layout.fillWidth: true
            text: line.flash.text ?? ""
            color: line.letters
            // Two lines at most: it grows smaller rather than out of its place.
            font.pixelSize: Theme.body
            fontSizeMode: Text.Fit
            minimumPixelSize: 24
            Layout.maximumHeight: line.height - 16
            leading: 1
            strong: true
            Accessible.ignored: true
        }
    }
}
