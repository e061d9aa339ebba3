pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Takeback

// Nothing that is done now counts: stripes and words over the whole width, on every screen.
Rectangle {
    id: band

    property string text: ""

    visible: text !== ""
    color: Theme.role("caution")
    clip: true
    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Row {
        anchors.fill: parent
        spacing: 28
        opacity: 0.35

        Repeater {
            model: 60

            Rectangle {
                width: 22
                height: band.height * 2
                y: -band.height / 2
                rotation: 35
                color: Theme.surface
            }
        }
    }

    Rectangle {
        anchors.centerIn: parent
        width: words.implicitWidth + 72
        height: parent.height
        color: Theme.role("caution")
    }

    RowLayout {
        id: words
        anchors.centerIn: parent
        spacing: 18

        Icon {
            size: 40
            drawing: "learn"
            role: "surface"
        }

        Copy {
            text: band.text
            color: Theme.surface
            strong: true
            leading: 1
            font.pixelSize: Math.min(40, Theme.small)
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }
    }
}
