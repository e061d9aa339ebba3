import QtQuick
import QtQuick.Layouts
import Takeback

// A way beside the main one: outlined, calm, still a full target.
Key {
    id: button

    property string icon: ""
    property bool on: false

    implicitWidth: row.implicitWidth + 40
    implicitHeight: Math.max(Theme.target + 8, row.implicitHeight + 32)
    ground: on ? Theme.soft : Theme.card
    edge: Theme.outline

    RowLayout {
        id: row
        anchors.centerIn: parent
        width: Math.min(parent.width - 40, implicitWidth)
        spacing: 14

        Icon {
            visible: button.icon !== ""
            drawing: button.icon
        }

        Copy {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            text: button.label
            font.pixelSize: Theme.small
            font.weight: Font.DemiBold
            lineHeight: 1
            Accessible.ignored: true
        }
    }
}
