import QtQuick
import QtQuick.Layouts
import Takeback

// One container of a list: whose it is, its plate, what it is doing, how full it is.
Key {
    id: row

    property var told: ({})

    label: [told.label, told.number, told.state, told.meter?.text].filter(part => part).join(", ")
    implicitHeight: Math.max(Theme.target, inside.implicitHeight + 16)
    ground: Theme.card
    edge: Theme.outline
    faded: false
    onActivated: Core.send(told.action, told.value)

    RowLayout {
        id: inside
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: 24
        spacing: 24

        Icon {
            size: 52
            drawing: row.told.icon ?? "tote"
            role: "accent"
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Copy {
                Layout.fillWidth: true
                text: row.told.label ?? ""
                strong: true
                leading: 1
                font.pixelSize: Math.max(28, Theme.small * 0.9)
                Accessible.ignored: true
            }

            Copy {
                Layout.fillWidth: true
                text: row.told.state ?? ""
                color: Theme.muted
                leading: 1
                font.pixelSize: Math.max(28, Theme.small * 0.85)
                Accessible.ignored: true
            }
        }

        // A plate is read from left to right in every language.
        Text {
            text: row.told.number ?? ""
            color: Theme.ink
            textFormat: Text.PlainText
            font.pixelSize: Math.max(28, Theme.small * 0.9)
            font.weight: Font.Medium
            font.features: {
                "tnum": 1
            }
            Accessible.ignored: true
        }

        Meter {
            Layout.preferredWidth: 240
            told: row.told.meter ?? ({})
            Accessible.ignored: true
        }
    }
}
