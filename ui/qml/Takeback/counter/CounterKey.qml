import QtQuick
import QtQuick.Layouts
import Takeback

// A key as ui/counter/frame tells it: main, quiet, or a switch that is on.
Key {
    id: button

    property var told: ({})
    property int size: Theme.small
    readonly property bool main: told.main ?? false
    readonly property bool on: told.on ?? false
    readonly property string ink: main ? "inkOnAccent" : on ? "inkOnSoft" : "ink"

    label: told.label ?? ""
    enabled: told.enabled ?? true
    // Not from the row: its words grow smaller with the key, and would pull it along.
    implicitWidth: metrics.advanceWidth + (sign.visible ? sign.width + row.spacing : 0) + 72
    implicitHeight: Math.max(Theme.target + 8, row.implicitHeight + 28)
    ground: main ? Theme.accent : on ? Theme.soft : Theme.card
    edge: main ? "transparent" : on ? Theme.accent : Theme.outline
    edgeWidth: on ? 5 : Theme.stroke
    Accessible.checkable: on
    Accessible.checked: on
    onActivated: Core.send(told.action, told.value)

    TextMetrics {
        id: metrics
        text: button.label
        font.pixelSize: button.size
        font.weight: Font.DemiBold
    }

    RowLayout {
        id: row
        anchors.centerIn: parent
        width: Math.min(parent.width - 48, implicitWidth)
        spacing: 18

        Icon {
            id: sign
            size: 44
            visible: (button.told.icon ?? "") !== ""
            drawing: button.told.icon ?? ""
            role: button.ink
        }

        KeyLabel {
            Layout.fillWidth: true
            Layout.maximumWidth: implicitWidth + 1
            text: button.label
            color: Theme.role(button.ink)
            size: button.size
            room: button.width - 56 - (sign.visible ? sign.width + row.spacing : 0)
        }
    }
}
