import QtQuick
import QtQuick.Layouts
import Takeback

// Takes the last act back; the ring counts how long it is good for.
Key {
    id: key

    property var told: ({})
    readonly property int seconds: told.seconds ?? 0

    visible: seconds > 0
    label: told.label ?? ""
    implicitWidth: row.implicitWidth + 64
    ground: Theme.card
    edge: Theme.accent
    edgeWidth: 5
    onActivated: Core.send(told.action, told.value)

    RowLayout {
        id: row
        anchors.centerIn: parent
        spacing: 18

        Icon {
            size: 52
            drawing: "undo"
            turns: true
            role: "accent"
        }

        Copy {
            text: key.label
            strong: true
            leading: 1
            color: Theme.accent
            font.pixelSize: Theme.small
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }

        Text {
            text: key.seconds
            color: Theme.accent
            font.pixelSize: Theme.small
            font.weight: Font.Bold
            font.features: {
                "tnum": 1
            }
            Accessible.ignored: true
        }
    }
}
