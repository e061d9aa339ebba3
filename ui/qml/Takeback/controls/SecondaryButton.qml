import QtQuick
import QtQuick.Layouts
import Takeback

// A way beside the main one: outlined, calm, still a full target.
Key {
    id: button

    property string icon: ""
    property bool on: false
    property bool iconOnly: false

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
            id: sign
            visible: button.icon !== ""
            drawing: button.icon
        }

        KeyLabel {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            text: button.label
            visible: !button.iconOnly
            size: Theme.small
            room: button.width - 40 - (button.icon !== "" ? sign.width + row.spacing : 0)
        }
    }
}
