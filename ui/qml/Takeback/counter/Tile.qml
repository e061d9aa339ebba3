import QtQuick
import QtQuick.Layouts
import Takeback

// What waits: a number to be read from afar, and the list behind it.
Key {
    id: tile

    property var told: ({})
    readonly property int count: told.count ?? 0
    readonly property bool care: told.care ?? false

    label: (told.label ?? "") + ", " + count
    ground: care ? Theme.role("cautionSoft") : Theme.card
    edge: care ? Theme.role("caution") : Theme.hairline
    edgeWidth: care ? 5 : Theme.stroke
    onActivated: Core.send(told.action, told.value)

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 36
        anchors.rightMargin: 36
        spacing: 24

        Text {
            text: tile.count
            color: tile.care ? Theme.role("caution") : tile.count > 0 ? Theme.accent : Theme.muted
            font.pixelSize: 104
            font.weight: Font.Bold
            Accessible.ignored: true
        }

        KeyLabel {
            Layout.fillWidth: true
            text: tile.told.label ?? ""
            horizontalAlignment: Text.AlignLeft
            size: Theme.small
            room: width
        }

        Icon {
            size: 60
            drawing: tile.told.icon ?? ""
            role: tile.care ? "caution" : "muted"
        }
    }
}
