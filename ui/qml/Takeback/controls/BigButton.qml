import QtQuick
import QtQuick.Layouts
import Takeback

// The screen's one main action.
Key {
    id: button

    property string icon: ""
    property bool quiet: false
    readonly property color inkHere: quiet ? Theme.inkOnSoft : Theme.inkOnAccent

    implicitHeight: Math.max(144, row.implicitHeight + 48)
    ground: quiet ? Theme.soft : Theme.accent
    edge: quiet && Theme.highContrast ? Theme.outline : "transparent"

    RowLayout {
        id: row
        anchors.centerIn: parent
        width: Math.min(parent.width - 64, implicitWidth)
        spacing: 24

        Icon {
            id: sign
            size: 56 * (Theme.largeText ? 1.25 : 1)
            visible: button.icon !== ""
            drawing: button.icon
            role: button.quiet ? "inkOnSoft" : "inkOnAccent"
        }

        KeyLabel {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            text: button.label
            color: button.inkHere
            size: 48 * Theme.enlarged
            room: button.width - 64 - (button.icon !== "" ? sign.width + row.spacing : 0)
        }
    }
}
