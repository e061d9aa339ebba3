import QtQuick
import Takeback

// How full something is: a bar, and the figures.
Item {
    id: meter

    property var told: ({})
    readonly property int room: told.room ?? 0

    implicitHeight: figures.implicitHeight + 12 + 24
    implicitWidth: 360
    Accessible.role: Accessible.ProgressBar
    Accessible.name: told.text ?? ""

    Copy {
        id: figures
        anchors.left: parent.left
        anchors.top: parent.top
        text: (meter.told.count ?? 0) + " / " + meter.room
        wrapMode: Text.NoWrap
        strong: true
        leading: 1
        font.pixelSize: Theme.small
        Accessible.ignored: true
    }

    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: 24
        radius: 12
        color: Theme.card
        border.width: Theme.stroke
        border.color: Theme.outline

        Rectangle {
            anchors.left: parent.left
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            radius: 12
            width: meter.room > 0 ? parent.width * Math.min(1, (meter.told.count ?? 0) / meter.room) : 0
            color: Theme.role(meter.told.tone ?? "accent")
        }
    }
}
