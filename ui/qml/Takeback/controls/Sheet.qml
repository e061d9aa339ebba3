import QtQuick
import Takeback

// A card over the lower part of the screen; what lies under it waits.
FocusScope {
    id: sheet

    property bool open: false
    default property alias content: holder.data
    property real innerHeight: 0
    readonly property bool overlay: true

    visible: open
    enabled: open
    Accessible.role: Accessible.Dialog

    Rectangle {
        anchors.fill: parent
        color: "#8C06171C"

        MouseArea {
            anchors.fill: parent
            Accessible.ignored: true
        }
    }

    Rectangle {
        id: holder
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottomMargin: Theme.landscape ? 24 : -Theme.radius
        width: Theme.landscape ? Math.min(parent.width - 48, 1400) : parent.width
        height: sheet.innerHeight + 2 * Theme.margin + (Theme.landscape ? 0 : Theme.radius)
        radius: 56
        color: Theme.surface
        border.width: Theme.highContrast ? Theme.stroke : 0
        border.color: Theme.outline
    }
}
